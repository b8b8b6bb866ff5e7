"""From staged contents to the warehouse, by way of the working database of the night."""

from __future__ import annotations

import contextlib
import gc
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from flows.deferred import DeferredContents
from flows.failing_contents import quarantine_failing_contents
from flows.logs.progress import log
from flows.night import Night
from flows.stages.reading import staged_store
from sources.landing import Landing
from sources.notices import NoticeLog
from sources.quarantine import Quarantine
from warehouse.build import build_warehouse

MAX_ARRIVALS_SHOWN = 500  # on the engine's page; the warehouse has all
DATA_DOCS_FOLDER = "kiem-tra"  # beside the reports
# Of the working database. The rest of a night's gibibyte is Prefect's and pandas'; files of many
# long texts need more than any report, and the night goes on.
DATABASE_MEMORY = "200MB"
DATABASE_MEMORY_ON_RETRY = "2GB"

T = TypeVar("T")


def validate(night: Night) -> dict[str, int]:
    """Makes the working database: the batches of all reports, findings by Great Expectations,
    verdicts.

    Returns the number of submissions by status. Data Docs go to the scratch folder. Contents on
    which this fails are quarantined, and it is done without them.
    """
    return _quarantine_and_retry(night, _validate, _validate)


def build(night: Night) -> int:
    """Builds the warehouse in the scratch folder; its size in bytes.

    Contents on which this fails are quarantined; it is then checked and built without them.
    """
    return _quarantine_and_retry(night, _build, validate_and_build)


def validate_and_build(night: Night, contents: Collection[str] | None = None) -> int:
    """Both of all contents, or of these alone, without a search for what fails; the warehouse's size
    in bytes."""
    _validate(night, contents)
    return _build(night)


def arrivals_table(night: Night) -> list[dict[str, Any]]:
    """File, unit, status and reason of each arrival, for the engine's record: what does not count
    first, at most MAX_ARRIVALS_SHOWN.

    The engine's pages take texts for Markdown, so all punctuation in them is escaped: a file's name
    makes no link.
    """
    # Not of the draft: a run that is retried may have published it.
    with open_database(night.database, DATABASE_MEMORY, read_only=True) as con:
        rows = con.execute(
            "select file_name, unit_code, status, reason from submission "
            "order by status = 'accepted', file_name, submission_id limit ?",
            [MAX_ARRIVALS_SHOWN],
        ).fetchall()
    return [
        dict(zip(("file", "unit", "status", "reason"), map(_as_it_stands, row), strict=True))
        for row in rows
    ]


def retry_with_more_memory(make: Callable[[str], T]) -> T:
    """What it makes within the usual memory of the database; where that is too little, made again
    with plenty."""
    try:
        return make(DATABASE_MEMORY)
    except duckdb.OutOfMemoryException as error:
        text = str(error).split("\n")[0]
        log.warning(
            "the database's %s are not enough (%s): once more with %s",
            DATABASE_MEMORY,
            text,
            DATABASE_MEMORY_ON_RETRY,
        )
        return make(DATABASE_MEMORY_ON_RETRY)


@contextlib.contextmanager
def open_database(
    path: Path, memory: str, read_only: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The database at `path` with that much memory and both cores, until the block ends."""
    with duckdb.connect(str(path), read_only=read_only) as con:
        con.execute("SET memory_limit = $memory", {"memory": memory})
        con.execute("SET threads = 2")
        yield con


def _validate(night: Night, contents: Collection[str] | None = None) -> dict[str, int]:
    """The same of all contents, or of these alone."""
    from expectations.batches import load_inputs
    from expectations.night import run

    refused = (
        DeferredContents(night.work).reasons
        | Quarantine(night.home.folder, night.campaign.digest).reasons()
    )

    def make(memory: str) -> dict[str, int]:
        night.database.unlink(missing_ok=True)
        arrivals = [
            arrival
            for arrival in Landing(night.home.folder).arrivals(night.as_of)
            if contents is None or arrival.sha256 in contents
        ]
        with open_database(night.database, memory) as con:
            load_inputs(con, arrivals, staged_store(night).paths(), refused)
            run(
                con,
                night.campaign,
                night.as_of,
                _emptied(night.work / DATA_DOCS_FOLDER),
                night.decisions,
            )
            return dict(
                con.execute(
                    "select status, count(*) from submission group by all order by all"
                ).fetchall()
            )

    counts = retry_with_more_memory(make)
    gc.collect()  # what was validated hangs together in cycles: 80 MB of a whole country, during all that follows
    pa.default_memory_pool().release_unused()
    return counts


def _build(night: Night) -> int:
    sent = NoticeLog(night.home.folder).latest(before=night.as_of)

    def make(memory: str) -> int:
        night.draft.unlink(missing_ok=True)
        build_warehouse(
            night.database, night.draft, night.campaign, night.as_of, sent.values(), memory
        )
        return night.draft.stat().st_size

    return retry_with_more_memory(make)


def _quarantine_and_retry(night: Night, make: Callable[[Night], T], attempt: Callable[..., T]) -> T:
    """What `make` returns of the night; where it fails on contents, what `attempt` does once these
    are quarantined."""
    try:
        return make(night)
    except Exception as error:
        if not quarantine_failing_contents(night, error, attempt):
            raise
    return attempt(night)


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _as_it_stands(text: str | None) -> str | None:
    return text and re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
