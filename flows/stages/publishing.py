"""All of a night to where people look: the warehouse, then its documents, and never over what a
person has changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

import duckdb

from flows.home.places import NightPlaces, clear_places_of_past, places_of_night
from flows.logs.progress import log
from flows.night import Night
from flows.stages.working_database import DATA_DOCS_FOLDER
from warehouse.issued import changed_files
from warehouse.printed_numbers import has_same_numbers, numbers_digest
from warehouse.publish import publish as publish_warehouse
from warehouse.published_folder import KeptFile, PublishedFolder
from warehouse.reports.documents import DOCUMENTS

MAX_KEPT_SHOWN = 5  # files that a warning lists
REASONS = {
    "edited": "đã được sửa hoặc không phải của phần mềm, nên giữ nguyên (changed by a person)",
    "open": "đang mở trên máy khác hoặc còn tệp khóa ~$, nên chưa thay (open elsewhere)",
}


def publish(night: Night, failed: Collection[str] = ()) -> None:
    """Puts the night where people look: the warehouse first, then its documents. A night that is not
    the home's newest is put beside the newest (`places_of_night`).

    `failed` names documents that could not be written: one of an earlier night of that day is taken
    away, since its numbers are no longer those of the warehouse; a folder stays as it was. So is
    one that this night does not have. What a person has changed or has open stays, the night's own
    stands beside it, and both are logged. A crash between two files leaves an older report beside a
    newer warehouse; the next night, or this one again, puts it right.
    """
    places = places_of_night(night.home, night.as_of)
    places.folder.mkdir(parents=True, exist_ok=True)
    if night.draft.exists():  # not so where a run is tried again after this very line
        publish_warehouse(night.draft, places.warehouse)
    kept = _publish_reports(night, places, failed)
    for document in DOCUMENTS:
        if document.is_folder and document.name not in failed:
            files = _files_below(night.work / document.file_name)
            folder = PublishedFolder(places.place_of(document))
            kept += folder.publish(files, [n for n in folder.names() if n not in files])
    clear_places_of_past(places)
    _warn_of_kept(kept)
    _warn_of_changed_issue(night)


def _publish_reports(night: Night, places: NightPlaces, failed: Collection[str]) -> list[KeptFile]:
    """The files of the day's folder, with what tells the night that they are of."""
    files = {
        document.file_name: night.work / document.file_name
        for document in DOCUMENTS
        if not document.is_folder
        and document.name not in failed
        and (night.work / document.file_name).exists()
    }
    checks = _files_below(night.work / DATA_DOCS_FOLDER, f"{DATA_DOCS_FOLDER}/")
    folder = PublishedFolder(places.reports)
    for document in DOCUMENTS:
        if document.notice and document.file_name in files:
            log.warning("%s: %s", document.notice, places.place_of(document))
    gone = [name for name in folder.names() if name not in {*files, *checks}]
    return folder.publish(files | checks, gone, night_facts(places.warehouse))


def night_facts(warehouse: Path) -> dict[str, str]:
    """What is recorded with the reports of a warehouse: its moment, and a digest of its numbers."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        ((as_of,),) = con.execute("SELECT as_of FROM night").fetchall()
        return {"as_of": as_of.isoformat(), "numbers": numbers_digest(con)}


def is_of_numbers(warehouse: Path, digest: str) -> bool:
    """Whether a warehouse has the numbers that the digest stands for, as night_facts records it."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return has_same_numbers(con, digest)


def _files_below(folder: Path, prefix: str = "") -> dict[str, Path]:
    return {
        f"{prefix}{path.relative_to(folder).as_posix()}": path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _warn_of_kept(kept: Iterable[KeptFile]) -> None:
    """A line for each file that stayed, and where the night's own stands; of many the first."""
    kept = list(kept)
    for file in kept[:MAX_KEPT_SHOWN]:
        where = f"bản mới: {file.beside}" if file.beside else "lần này không có tệp ấy"
        log.warning("%s %s; %s", file.path, REASONS[file.why], where)
    if len(kept) > MAX_KEPT_SHOWN:
        others = len(kept) - MAX_KEPT_SHOWN
        log.warning("và %d tệp khác được giữ nguyên như vậy (others kept)", others)


def _warn_of_changed_issue(night: Night) -> None:
    """Warns where files of the issued report are not as they were frozen: nothing is compared with
    them."""
    report = night.campaign.officers_part.issued
    if report is None:
        return
    folder = night.home.issued / report.folder
    if changed := changed_files(folder, report.manifest_sha256):
        log.warning(
            "%s: %s đã bị sửa hoặc mất từ khi phát hành, nên không so được số liệu; hãy khôi phục từ bản sao "
            "lưu (changed since the report was issued)",
            folder,
            ", ".join(changed),
        )
