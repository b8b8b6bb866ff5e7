"""Where things lie in a home: the folder that `tonghop --home` names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from warehouse.reports.documents import FEEDBACK


@dataclass(frozen=True)
class Home:
    """The paths of a home. Only what is under `landed` and `decisions.jsonl` cannot be made
    again."""

    folder: Path

    @property
    def landed(self) -> Path:
        """What arrived: the bytes by SHA-256, and a record of each arrival."""
        return self.folder / "landed"

    @property
    def nights(self) -> Path:
        """One JSON line for each night that ran: its `as_of` and when it started."""
        return self.folder / "nights.jsonl"

    @property
    def clock(self) -> Path:
        """What the clock showed when the last night began (flows/clock.py)."""
        return self.folder / "clock.json"

    @property
    def staged(self) -> Path:
        """What was read from contents, as Parquet: why a repeat night is fast."""
        return self.folder / "staged"

    @property
    def warehouse(self) -> Path:
        """The published warehouse."""
        return self.folder / "warehouse.duckdb"

    @property
    def feedback(self) -> Path:
        """A folder per unit with what to correct."""
        return self.folder / FEEDBACK.file_name

    @property
    def engine(self) -> Path:
        """Prefect's own home, where no other server is named."""
        return self.folder / "prefect"

    @property
    def running(self) -> Path:
        """A locked file per flow run that a living process is at (flows/home/running.py)."""
        return self.folder / "running"

    @property
    def service(self) -> Path:
        """Who serves the home, on which port, and its credentials."""
        return self.folder / "service"

    @property
    def desk(self) -> Path:
        """Of the desk: its accounts, who did what, the units' links, its certificate."""
        return self.folder / "desk"

    @property
    def issued(self) -> Path:
        """A folder per report that was issued: frozen, with what it was made from."""
        return self.folder / "issued"

    @property
    def notices(self) -> Path:
        """Reports of nights that failed, and messages written as files instead of sent."""
        return self.folder / "notices"

    @property
    def logs(self) -> Path:
        """A log and a table of timings per night."""
        return self.folder / "logs"

    @property
    def work(self) -> Path:
        """Scratch of running nights; what is here is never what counts."""
        return self.folder / "work"

    def reports(self, as_of: dt.datetime) -> Path:
        """The folder of the reports of a night, named by the date of `as_of` in its own zone."""
        return self.folder / "reports" / as_of.date().isoformat()
