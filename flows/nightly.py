"""The night, as a table of contents: from inboxes of report files to a warehouse and a consolidated
report.

Each line is a task over a function of `flows/stages`; only the one that touches the outside is
tried again. Files are read in chunks, one task a chunk: a task costs Prefect some milliseconds, and
a night may have 10,000 files. Finished tasks keep their results, so `prefect flow-run retry ID`
goes on where a run stopped; what makes a new run fast is `staged/`.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from prefect import Task, flow, task
from prefect.artifacts import (
    create_link_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.cache_policies import DEFAULT
from prefect.futures import PrefectFuture
from prefect.runtime import flow_run

from flows import stages
from flows.clock import check_clock, read_clock
from flows.failing_contents import may_be_caused_by_content
from flows.home.lock import lock_home
from flows.home.places import places_of_night
from flows.home.running import mark_running
from flows.logs.progress import log_progress
from flows.logs.timings import Timings
from flows.mailing.bulletins import notify_of_night
from flows.mailing.pending import PendingFiles
from flows.night import Night, parse_night
from flows.writing.writer import Writer
from sources.children.reading_server import ReaderServer
from warehouse.reports.documents import (
    DOCUMENTS,
    REPORT,
    Document,
    WrittenIn,
    document_named,
)

P = ParamSpec("P")
R = TypeVar("R")

WAIT_FOR_HOME = (
    3600  # seconds: a deployment queues its runs, but a person may be running a night by hand
)


@task(name="begin", task_run_name="begin", persist_result=True)
def begin(
    inbox: str | list[str], home: str, as_of: str | None, campaign: str | None, run: str
) -> Night:
    """Which night this is. Its result is kept, so that a retried run stays at the moment as of
    which it began."""
    return parse_night(inbox, home, as_of, campaign, run, now=dt.datetime.now(dt.UTC))


def _stage(function: Callable[P, R], name: str, **options: Any) -> Task[P, R]:
    """A task whose run bears its own name, and whose result is kept so that a retry skips it."""
    own: dict[str, Any] = {"name": name, "task_run_name": name, "persist_result": True, **options}
    made: Task[P, R] = task(function, **own)
    return made


collect = _stage(
    stages.collect,
    "collect",
    retries=3,
    retry_delay_seconds=[2, 10, 30],
    retry_condition_fn=stages.may_succeed_later,
)
list_unread = _stage(stages.list_unread, "list-unread")
read = _stage(stages.read, "read", task_run_name="read-{number}", cache_policy=DEFAULT - "server")
validate = _stage(stages.validate, "validate")
build = _stage(stages.build, "build")
publish = _stage(stages.publish, "publish")


def _write(night: Night, name: str, writer: Writer) -> str | int:
    """Writes the document of that name in the process that the list names."""
    if document_named(name).written_in is WrittenIn.WRITER:
        written: str | int = writer.write(name, night)
        return written
    return stages.write_document(night, name)


def _writing(document: Document, new: bool) -> Task[[Night, str, Writer], str | int]:
    """The task that writes the document, named as it is."""
    return _rerun_if(_stage(_write, document.name, cache_policy=DEFAULT - "writer"), new)


@flow(name="nightly", persist_result=False)
def nightly(
    inbox: str | list[str], home: str, as_of: str | None = None, campaign: str | None = None
) -> dict[str, Any]:
    """Collects what `inbox` had received by `as_of` (now, when left out) and publishes that night
    in `home`, beside the newest one where it is of an earlier moment.

    An inbox is a folder, or a mailbox `imaps://user@host/FOLDER`, whose password is never a
    parameter; or several. Returns `as_of`, `reports` (the folder), `warehouse`, `timings` (the
    file) and `task_runs` (how many were made). Raises HomeBusyError where another night holds the
    home for an hour; WrongTimeError where `as_of` or the clock cannot be right; DocumentsNotWrittenError
    where a document could not be written and all else was published; what a stage raises otherwise.
    """
    os.umask(0o077)
    timings = Timings()
    with timings.of("begin", task=True):
        night = begin(inbox, home, as_of, campaign, str(flow_run.get_id()))
    with (
        mark_running(night.home.folder, str(flow_run.get_id())),
        lock_home(night.home.folder, wait=WAIT_FOR_HOME),
        Writer() as writer,
    ):
        check_clock(night, read_clock())
        new = stages.open_work(night)
        with stages.start_reading(night) as server:  # its imports run while files are collected
            _run(collect, night, timings)
            _read_all(night, server, timings)
        _run(_rerun_if(validate, new), night, timings)
        writer.start()  # its imports run during the build; earlier, and a country's checks would pass a gibibyte
        _run(_rerun_if(build, new), night, timings)
        failed = _write_all(night, writer, timings, new)
        if failed and stages.rebuilt_without_failing_contents(night, next(iter(failed.values()))):
            failed = _write_all(night, writer, timings, new=True)
        with timings.of("record"):
            _record_artifacts(night)
        _run(_rerun_if(publish, new), night, timings, list(failed))
        stages.clear_work(night)
        _refresh_reminders(night)
    if failed:
        raise DocumentsNotWrittenError(failed) from next(iter(failed.values()))
    places = places_of_night(night.home, night.as_of)
    if places.is_newest:
        notify_of_night(night.home, night.campaign, night.as_of, lambda: dt.datetime.now(dt.UTC))
    return {
        "as_of": night.as_of.isoformat(),
        "reports": str(places.reports),
        "warehouse": str(places.warehouse),
        "task_runs": timings.tasks,
        "timings": str(timings.write(night.home.logs, night.as_of)),
    }


def _refresh_reminders(night: Night) -> None:
    """Brings reminders that wait as files up to this night, where there are any."""
    if PendingFiles(night.home.notices).names():
        from flows.mailing.reminders import (
            refresh_written,
        )  # what writes forms, which few nights need

        refresh_written(night.home, night.campaign, dt.datetime.now(dt.UTC))


class DocumentsNotWrittenError(Exception):
    """Documents that could not be written, by the name of their stage, and why; all else was
    published."""

    def __init__(self, failed: dict[str, Exception]) -> None:
        reasons = "; ".join(
            f"{name}: {type(error).__name__}: {error}" for name, error in failed.items()
        )
        super().__init__(
            f"không viết được (not written): {reasons}. Kho số liệu và các văn bản khác đã được công bố "
            "(the warehouse and the other documents are published)"
        )
        self.failed = failed


def _run(stage: Task[..., Any], night: Night, timings: Timings, *arguments: object) -> None:
    log_progress(stage.name, "begins")
    with timings.of(stage.name, task=True):
        result = stage(night, *arguments)
    log_progress(stage.name, f"done: {result}", 1, 1)


def _rerun_if(stage: Task[P, R], new: bool) -> Task[P, R]:
    """The stage, made again even where it had finished, if its scratch folder is `new` and what it
    made is gone."""
    return stage.with_options(refresh_cache=new)


def _write_all(night: Night, writer: Writer, timings: Timings, new: bool) -> dict[str, Exception]:
    """Writes the documents, each where the list says, side by side.

    Returns those that could not be written, with their errors; raises the machine's own.
    """
    begun = [
        _begin(_writing(document, new), timings, night, document.name, writer)
        for document in _in_order_of_turns(DOCUMENTS)
    ]
    failed: dict[str, Exception] = {}
    try:
        for document in DOCUMENTS:
            if document.written_in is WrittenIn.NIGHT:
                try:
                    _run(_writing(document, new), night, timings, document.name, writer)
                except Exception as error:  # noqa: BLE001 - the other documents do not depend on it
                    failed[document.name] = error
    finally:
        for _, future in begun:  # none may be at work on what is built again
            future.wait()
    for stage, future in begun:
        try:
            log_progress(stage, f"done: {future.result()}", 1, 1)
        except Exception as error:  # noqa: BLE001 - as above
            failed[stage] = error
    if of_the_machine := next(
        (error for error in failed.values() if not may_be_caused_by_content(error)), None
    ):
        raise of_the_machine
    return failed


def _in_order_of_turns(documents: Iterable[Document]) -> list[Document]:
    """Those that are written beside the night's own: the first of each process, then the second of
    each, as their turns come."""
    turns: list[tuple[int, Document]] = []
    before: Counter[WrittenIn] = Counter()
    for document in documents:
        if document.written_in is not WrittenIn.NIGHT:
            turns.append((before[document.written_in], document))
            before[document.written_in] += 1
    return [document for _, document in sorted(turns, key=lambda turn: turn[0])]


def _begin(
    stage: Task[..., Any], timings: Timings, *arguments: object
) -> tuple[str, PrefectFuture[Any]]:
    """The stage's name, and what it will have returned: it runs in a thread of Prefect's."""
    log_progress(stage.name, "begins")
    begun = time.perf_counter()
    future = stage.submit(*arguments)
    future.add_done_callback(lambda _: timings.add(stage.name, time.perf_counter() - begun))
    timings.tasks += 1
    return stage.name, future


def _read_all(night: Night, server: ReaderServer, timings: Timings) -> None:
    """Reads the contents that no earlier night has read, with a progress artifact moved once a
    chunk."""
    with timings.of("list-unread", task=True):
        chunks = list_unread(night)
    if not chunks:
        return
    progress = create_progress_artifact(
        progress=0.0, key="read", description="Đọc tệp (reading files)"
    )
    total, done = sum(map(len, chunks)), 0
    assert isinstance(progress, UUID)  # as in every flow that is not async
    for number, chunk in enumerate(chunks, start=1):
        with timings.of("read", task=True):
            done += read(night, number, chunk, total, server)
        update_progress_artifact(progress, progress=100.0 * done / total)


def _record_artifacts(night: Night) -> None:
    """Leaves on the engine's record the arrivals, and the way to the report."""
    create_table_artifact(
        key="what-came", table=stages.arrivals_table(night), description="Tệp đã nhận (what came)"
    )
    report = places_of_night(night.home, night.as_of).place_of(REPORT)
    create_link_artifact(
        key="report", link=report.as_uri(), link_text=str(report), description="Báo cáo tổng hợp"
    )
