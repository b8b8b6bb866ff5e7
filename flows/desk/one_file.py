"""One file that has landed: what a night, or before it the checker, says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.desk.desk import Desk
from flows.desk.guard import Refusal
from flows.desk.judged_files import judged_files
from sources.arrivals import Arrival
from sources.campaigns import Campaign
from sources.extraction.facts import ReadFinding
from sources.landing import Landing
from warehouse.reports import wording
from warehouse.reports.confirm_page import WaitingValue, waiting_values

NO_FILE = "Không có tệp này."


@dataclass(frozen=True)
class FileFinding:
    """A finding in a file: `row` and `field` are words."""

    severity: str
    rule: str
    row: str
    field: str
    value: str
    sheet: str | None
    cell: str | None
    message: str


@dataclass(frozen=True)
class OneFile:
    """A file that has landed.

    is_counted  whether the last night has judged it; else the verdict is the checker's
    status      a key of wording.FILE_STATES; None while it is not known
    problem     why it could not be checked at once
    breaches    the findings as the reader of files has them, for the page of the file
    read        what was read of it before a night counted it, as tables of typed_values.py
    waiting     the values that wait for an officer, of a scan
    """

    arrival: Arrival
    path: Path
    is_counted: bool
    status: str | None
    reason: str
    problem: str
    unit_code: str | None
    findings: Sequence[FileFinding]
    breaches: Sequence[ReadFinding]
    read: Sequence[dict[str, Any]]
    waiting: Sequence[WaitingValue]

    @property
    def errors(self) -> int:
        """How many findings stand in the way."""
        return sum(f.severity == "error" for f in self.findings)

    @property
    def has_original(self) -> bool:
        """Whether its bytes are still there: they may have been purged."""
        return self.path.is_file()


def arrival_of(desk: Desk, submission_id: str) -> tuple[Arrival, Path]:
    """The arrival and the path of its bytes. Raises Refusal where none of that id has landed."""
    landing = Landing(desk.home.folder)
    for arrival in landing.known():
        if arrival.submission_id == submission_id:
            return arrival, landing.original(arrival.sha256)
    raise Refusal(NO_FILE)


def one_file(desk: Desk, campaign: Campaign, submission_id: str) -> OneFile:
    """The file of that id, with all that is known of it. Raises Refusal where there is none."""
    arrival, path = arrival_of(desk, submission_id)
    judged = judged_files(desk, [submission_id]).get(submission_id)
    is_counted = judged is not None
    if not is_counted:
        desk.checker.check([arrival])
    verdict = judged or desk.checker.verdict(submission_id) or {}
    rows: list[dict[str, Any]] = verdict.get("findings", [])
    return OneFile(
        arrival,
        path,
        is_counted,
        verdict.get("status"),
        verdict.get("reason") or "",
        verdict.get("problem") or "",
        verdict.get("unit_code"),
        [_finding(campaign, row) for row in rows],
        [_breach(row) for row in rows],
        desk.checker.values_read(submission_id),
        _waiting(desk, submission_id) if is_counted else (),
    )


def _waiting(desk: Desk, submission_id: str) -> list[WaitingValue]:
    with desk.warehouse() as con:
        return waiting_values(con, submission_id)


def _finding(campaign: Campaign, row: dict[str, Any]) -> FileFinding:
    form = campaign.form
    return FileFinding(
        row["severity"],
        row["rule"],
        wording.row_label(form, row["section"], row["row_name"]),
        wording.field_label(form, row["section"], row["field"]),
        row["value"] or "",
        row["sheet"],
        row["cell"],
        row["message"] or "",
    )


def _breach(row: dict[str, Any]) -> ReadFinding:
    return ReadFinding(
        row["rule"],
        row["section"],
        None,
        row["row_name"],
        row["field"],
        row["value"],
        row["sheet"],
        row["cell"],
        row["message"] or "",
    )
