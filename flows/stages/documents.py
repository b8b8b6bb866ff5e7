"""From the warehouse to its documents, and all of it to where people look."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flows.failing_contents import quarantine_failing_contents
from flows.night import Night
from flows.stages.reading import staged_store
from flows.stages.working_database import (
    DATA_DOCS_FOLDER,
    open_database,
    retry_with_more_memory,
    validate_and_build,
)
from sources.landing import Landing
from warehouse.publish import publish as publish_warehouse
from warehouse.publish import publish_folder
from warehouse.reports.documents import DOCUMENTS, document_named


def write_document(night: Night, name: str) -> str | int:
    """Writes the document of that name into the scratch folder; its path, of a folder the number of
    its files."""
    document = document_named(name)
    write = document.load()
    target = night.work / document.file_name
    more = _sources_of_folder(night, document.file_name) if document.is_folder else {}

    def make(memory: str) -> str | int:
        with open_database(night.draft, memory, read_only=True) as con:
            con.execute("SET TimeZone = $zone", {"zone": night.campaign.campaign.time_zone})
            written = write(con, night.campaign, night.as_of, target, **more)
        return len(written) if document.is_folder else str(target)

    return retry_with_more_memory(make)


def _sources_of_folder(night: Night, name: str) -> dict[str, Any]:
    """What a folder of documents is made from besides the warehouse."""
    return {
        "originals": Landing(night.home.folder).original,
        "previous": night.home.folder / name,
        "accounts": staged_store(night).accounts,
    }


def rebuilt_without_failing_contents(night: Night, error: Exception) -> bool:
    """After a document could not be written: quarantines the contents on which that fails, and
    builds without them.

    Whether the documents are to be written again.
    """

    def attempt(night: Night, contents: Collection[str]) -> None:
        validate_and_build(night, contents)
        for document in DOCUMENTS:
            write_document(night, document.name)

    if not quarantine_failing_contents(night, error, attempt):
        return False
    validate_and_build(night)
    return True


def publish(night: Night, failed: Collection[str] = ()) -> None:
    """Puts the night where people look: the warehouse first, then its documents.

    `failed` names documents that could not be written: one of an earlier night of that day is taken
    away, since its numbers are no longer those of the warehouse; a folder stays as it was. Each
    file is renamed into place whole. A crash between two of them leaves an older report beside a
    newer warehouse; the next night, or this one again, puts it right.
    """
    reports = night.home.reports(night.as_of)
    reports.mkdir(parents=True, exist_ok=True)
    if night.draft.exists():  # not so where a run is tried again after this very line
        publish_warehouse(night.draft, night.home.warehouse)
    for document in DOCUMENTS:
        written, target = (
            night.work / document.file_name,
            night.home.place_of(document, night.as_of),
        )
        if document.name in failed:
            if not document.is_folder:
                target.unlink(missing_ok=True)
        elif document.is_folder:
            publish_folder(written, target)
        elif written.exists():
            written.replace(target)
    publish_folder(night.work / DATA_DOCS_FOLDER, reports / DATA_DOCS_FOLDER)
