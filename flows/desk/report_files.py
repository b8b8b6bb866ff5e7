"""The documents that nights wrote and officers issued, and which of them may be downloaded: those
that the list of documents, or the record of the folder, names; never a path that a browser sends."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

from flows.home.layout import Home
from sources.decisions import DecisionLog, DecisionState, decision_states
from warehouse.issued import MANIFEST, NUMBERS, WAREHOUSE, changed_files
from warehouse.published_folder import PublishedFolder
from warehouse.reports.documents import DOCUMENTS

CAN_BE_SHOWN = ".docx"
ISSUED_LABELS = {NUMBERS: "Số liệu đã in (JSON)", MANIFEST: "Bản kê"}


@dataclass(frozen=True)
class ReportFile:
    """A file that can be downloaded.

    name       below its folder, with `/`
    is_edited  whether a person has changed it since a night wrote it, or put it there
    """

    name: str
    label: str
    path: Path
    is_edited: bool = False

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size

    @property
    def can_be_shown(self) -> bool:
        """Whether the desk can show its pages."""
        return self.path.suffix == CAN_BE_SHOWN


@dataclass(frozen=True)
class ReportDay:
    """The folder of a day's reports."""

    day: dt.date
    files: tuple[ReportFile, ...]


@dataclass(frozen=True)
class IssuedFolder:
    """A report that was issued; `changed` names files that are no longer as they were frozen."""

    name: str
    number: int
    state: DecisionState
    files: tuple[ReportFile, ...]
    changed: tuple[str, ...]


def report_days(home: Home) -> list[ReportDay]:
    """The days that have reports, the newest first."""
    folder = home.folder / "reports"
    days = [day for path in folder.glob("*") if (day := _day_of(path.name))]
    found = [ReportDay(day, tuple(_documents(_folder(home, day)))) for day in sorted(days)]
    return [one for one in reversed(found) if one.files]


def report_file(home: Home, day: str, name: str) -> ReportFile | None:
    """The file of that day and name; None where there is none that may be downloaded."""
    when = _day_of(day)
    if when is None:
        return None
    folder = _folder(home, when)
    known = {file.name: file for file in _documents(folder)}
    if name in known:
        return known[name]
    published = PublishedFolder(folder)
    path = published.current(name) if name in published.names() else None
    return ReportFile(name, name, path) if path and _is_below(folder, path) else None


def issued_folders(home: Home) -> list[IssuedFolder]:
    """The reports that were issued, the newest first."""
    return [
        IssuedFolder(
            str(decision.name),
            decision.decision_id,
            state,
            tuple(_issued_files(home, str(decision.name))),
            tuple(changed_files(home.issued / str(decision.name), str(decision.sha256))),
        )
        for decision, state in reversed(decision_states(DecisionLog(home.folder).recorded()))
        if decision.kind == "issue"
    ]


def issued_file(home: Home, folder: str, name: str) -> ReportFile | None:
    """The file of an issued report; None where there is none of that name in its manifest."""
    known = {d.name for d in DecisionLog(home.folder).recorded() if d.kind == "issue"}
    if folder not in known:
        return None
    return next((file for file in _issued_files(home, folder) if file.name == name), None)


def _documents(folder: Path) -> list[ReportFile]:
    """Each document in its place, and the night's own beside it where a person has changed that."""
    published = PublishedFolder(folder)
    found = []
    for document in DOCUMENTS:
        if document.is_folder:
            continue
        place, own = folder / document.file_name, published.current(document.file_name)
        if _is_below(folder, place):
            is_edited = not published.is_unchanged(document.file_name)
            found.append(ReportFile(document.file_name, document.label, place, is_edited))
        if own is not None and own != place and _is_below(folder, own):
            label = f"{document.label} (bản mới của phần mềm)"
            found.append(ReportFile(own.relative_to(folder).as_posix(), label, own))
    return found


def _issued_files(home: Home, name: str) -> list[ReportFile]:
    folder = home.issued / name
    try:
        names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return []
    labels = {document.file_name: document.label for document in DOCUMENTS} | ISSUED_LABELS
    return [
        ReportFile(file, labels[file], folder / file)
        for file in (*names, MANIFEST)
        if file != WAREHOUSE and file in labels and _is_below(folder, folder / file)
    ]


def _folder(home: Home, day: dt.date) -> Path:
    return home.reports(dt.datetime.combine(day, dt.time()))


def _day_of(name: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(name)
    except ValueError:
        return None
    return day if day.isoformat() == name else None


def _is_below(folder: Path, path: Path) -> bool:
    """Whether it is a file of the folder, and no link out of it."""
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())
