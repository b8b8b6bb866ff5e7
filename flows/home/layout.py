"""Where things lie in a home: the folder that `tonghop --home` names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from warehouse.reports.documents import FEEDBACK, Document


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

    def place_of(self, document: Document, as_of: dt.datetime) -> Path:
        """Where a document of a night is published: a folder in the home, a file among the reports of
        that day."""
        folder = self.folder if document.is_folder else self.reports(as_of)
        return folder / document.file_name
