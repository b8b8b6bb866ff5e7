"""From the warehouse to its documents, in the scratch folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import duckdb

from flows.failing_contents import quarantine_failing_contents
from flows.home.places import places_of_night
from flows.night import Night
from flows.stages.reading import staged_store
from flows.stages.working_database import (
    open_database,
    retry_with_more_memory,
    validate_and_build,
)
from sources.landing import Landing
from warehouse.issued import changed_files
from warehouse.reports.document_head import is_issued
from warehouse.reports.documents import DOCUMENTS, Document, document_named


def write_document(night: Night, name: str) -> str | int:
    """Writes the document of that name into the scratch folder; its path, of a folder the number of
    its files. A document that the night does not have is not there afterwards.

    While a report that was issued says what this night says, the night has that very document.
    """
    document = document_named(name)
    write = document.load()
    target = night.work / document.file_name
    more = {name: _source(night, name, document) for name in document.sources}

    def make(memory: str) -> str | int:
        with open_database(night.draft, memory, read_only=True) as con:
            con.execute("SET TimeZone = $zone", {"zone": night.campaign.campaign.time_zone})
            if document.is_issued and (issued := _issued_document(night, con, document)):
                return str(shutil.copyfile(issued, target))
            written = write(con, night.campaign, night.as_of, target, **more)
        return len(written) if document.is_folder else str(target)

    return retry_with_more_memory(make)


def _issued_document(
    night: Night, con: duckdb.DuckDBPyConnection, document: Document
) -> Path | None:
    """The frozen document, where the report of this warehouse is issued and its folder is whole."""
    report = night.campaign.officers_part.issued
    if report is None or not is_issued(con, night.campaign):
        return None
    frozen = night.home.issued / report.folder / document.file_name
    is_whole = not changed_files(frozen.parent, report.manifest_sha256)
    return frozen if is_whole and frozen.exists() else None


def _source(night: Night, name: str, document: Document) -> Any:
    """What a document is made from besides the warehouse, by the name of the list of documents."""
    sources: dict[str, Callable[[], Any]] = {
        "originals": lambda: Landing(night.home.folder).original,
        "previous": lambda: places_of_night(night.home, night.as_of).place_of(document),
        "accounts": lambda: staged_store(night).accounts,
        "issued": lambda: night.home.issued,
    }
    return sources[name]()


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
