"""Files that no night has counted yet, each with what is known of it by now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flows.desk.desk import Desk
from sources.arrivals import Arrival

MAX_CELLS_NAMED = 5
PART_OF_ANOTHER = "line_of_another"


@dataclass(frozen=True)
class BroughtFile:
    """A file that has landed, and its provisional verdict; None while it is being checked.

    unit_name  of the unit that the verdict names; "" where it names none
    """

    arrival: Arrival
    verdict: dict[str, Any] | None
    unit_name: str

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The findings that stand in the way."""
        return [f for f in self._findings if f["severity"] == "error"]

    @property
    def warnings(self) -> list[dict[str, Any]]:
        """The other findings."""
        return [f for f in self._findings if f["severity"] != "error"]

    @property
    def parts_of_others(self) -> list[str]:
        """What the findings say of parts that another unit reports, as a member of an archive:
        such a part counts for nobody."""
        found = [f for f in self._findings if f["rule"] == PART_OF_ANOTHER]
        return [f["message"] for f in found if f["section"] == "info"]

    @property
    def wrong_cells(self) -> list[str]:
        """Where the first errors stand: `Biểu 1, C7`."""
        places = [", ".join(filter(None, (f["sheet"], f["cell"]))) for f in self.errors]
        return [p for p in dict.fromkeys(places) if p][:MAX_CELLS_NAMED]

    @property
    def _findings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (self.verdict or {}).get("findings", [])
        return found


def brought_files(desk: Desk) -> list[BroughtFile]:
    """All files that no published night has counted, the newest first; those that a desk which
    ended had not checked are checked now."""
    files = [brought_file(desk, arrival) for arrival in desk.new_files()]
    desk.checker.warm()
    desk.checker.check([f.arrival for f in files if f.verdict is None])
    return files


def brought_file(desk: Desk, arrival: Arrival) -> BroughtFile:
    """One file with its provisional verdict, if there is one by now."""
    verdict = desk.checker.verdict(arrival.submission_id)
    unit = (verdict or {}).get("unit_code")
    known = desk.campaign.registry.by_code.get(unit) if unit else None
    return BroughtFile(arrival, verdict, known.name if known else "")
