"""The campaign with what officers have named by now, read again only where a file of it has changed."""

from __future__ import annotations

from pathlib import Path

from sources.campaigns import Campaign, load_campaign
from sources.decisions import Decision, DecisionLog, with_names


class CurrentCampaign:
    """The campaign of that folder in that home."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder, self._home = folder, home
        self._state: object = None  # of the files, as of which `_read` is
        self._read: tuple[Campaign, list[Decision]] | None = None

    def campaign(self) -> Campaign:
        """The campaign, with the recorded names of units."""
        return self.with_decisions()[0]

    def with_decisions(self) -> tuple[Campaign, list[Decision]]:
        """The campaign, and all recorded decisions."""
        paths = [*sorted(self._folder.iterdir()), self._home / "decisions.jsonl"]
        state = tuple((path.name, *change_of(path)) for path in paths)
        if self._read is None or self._state != state:
            decisions = DecisionLog(self._home).recorded()
            self._read = with_names(load_campaign(self._folder), decisions), decisions
            self._state = state
        return self._read


def change_of(path: Path) -> tuple[int, int]:
    """What shows that a file has changed; zeros where it is not there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
