"""What each line of the night does: functions over a `Night` that run without Prefect.

Each reads what the one before left in the home or in the night's scratch folder, and returns a few
counts for the record. What people read is written into the scratch folder; only `publish` puts it
where they look.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from flows.dated_ahead import check_clock_against_files, warn_of_files_dated_ahead
from flows.deferred import DeferredContents
from flows.failing_contents import quarantine_failing_contents
from flows.home.campaign import check_campaign
from flows.home.layout import ANNEX, PAGE, REPORT
from flows.home.places import clear_places_of_past, places_of_night
from flows.home.rights import make_private
from flows.logs.progress import log, log_progress
from flows.night import Night
from sources.arrivals import Arrival
from sources.campaigns import DEFAULT_CAMPAIGN
from sources.channels import Delivery, open_channel
from sources.children.kernel_lock import kernel_locks
from sources.children.reading import ReadingBudget, read_contents, start_reading_server
from sources.children.reading_server import ReaderServer
from sources.landing import HOME_ERRNOS, Landing
from sources.notices import NoticeLog
from sources.purged import stage_purged
from sources.quarantine import Quarantine
from sources.staged import StagedStore, staged_version
from sources.text import visible
from warehouse.build import build_warehouse
from warehouse.campaign_check import refuse_mistakes
from warehouse.publish import publish as publish_warehouse
from warehouse.publish import publish_folder

CONTENTS_PER_TASK = 1000  # a task costs Prefect some milliseconds
CONTENTS_PER_STAGED_FILE = 250  # what was read of them is held in memory until then
PROGRESS_EVERY = 200  # contents
MAX_ARRIVALS_SHOWN = 500  # on the engine's page; the warehouse has all
MAX_NAMES_IN_WARNING = 5
DATA_DOCS_FOLDER = "kiem-tra"  # beside the reports
# Of the working database. The rest of a night's gibibyte is Prefect's and pandas'; files of many
# long texts need more than any report, and the night goes on.
DATABASE_MEMORY = "200MB"
DATABASE_MEMORY_ON_RETRY = "2GB"

DOCUMENTS = {"report": REPORT, "annex": ANNEX, "page": PAGE}  # by the stage that writes each
T = TypeVar("T")


def open_work(night: Night) -> bool:
    """Closes the home to others, makes the scratch folder, clears those that killed nights left;
    one night at a time.

    Returns whether it is new: so it is when a run begins, and when one is tried again after another
    night cleared it. Raises HomeTakenError where the home is another campaign's, CampaignError
    where its rules or its SQL cannot be used.
    """
    check_campaign(night.home, night.campaign)
    if night.campaign_folder != DEFAULT_CAMPAIGN:
        refuse_mistakes(night.campaign)
    night.home.work.mkdir(parents=True, exist_ok=True)
    make_private(night.home.folder)
    for left in night.home.work.iterdir():
        if left != night.work:
            shutil.rmtree(left)
    new = not night.work.exists()
    night.work.mkdir(exist_ok=True)
    return new


def collect(night: Night) -> dict[str, int]:
    """Lands what the inboxes had received by the night's `as_of`; how many files were new, known,
    and left alone.

    Raises OSError where an inbox cannot be read: trying again may help (`may_succeed_later`). One
    that is down stops the night, since its numbers would lack that inbox's files. Lands nothing
    twice; what had landed is kept.
    """
    landing = Landing(night.home.folder)
    counts = {"new": 0, "known": 0, "left_alone": 0}
    for inbox in night.inboxes:
        channel = open_channel(inbox, night.home.folder, night.campaign, landing.has_landed)
        for delivery in channel.deliveries(night.as_of):
            _land(delivery, landing, night.as_of, counts)
    landing.record_night(night.as_of, night.started)
    if not any(counts.values()) and landing.arrivals(night.as_of):
        log.warning(
            "hộp nhận báo cáo đang trống, tuy trước đó đã có tệp: đề nghị kiểm tra thư mục hoặc ổ đĩa mạng "
            "(nothing is in %s, though files have come before: is it mounted?)",
            ", ".join(night.inboxes),
        )
    return counts


def _land(delivery: Delivery, landing: Landing, as_of: dt.datetime, counts: dict[str, int]) -> None:
    check_clock_against_files(delivery.files, landing.known(), as_of)
    landed = landing.land(delivery.files, as_of)
    for file in (*delivery.skipped, *landed.skipped):
        log.info(
            "collect: left alone %s: %s",
            *(visible(t, line_breaks=False) for t in (file.file_name, file.reason)),
        )
    _warn_of_late_arrivals(landed.new, as_of)
    warn_of_files_dated_ahead(landed.new, as_of.tzinfo)
    delivery.confirm(landed.skipped)
    counts["new"] += len(landed.new)
    counts["known"] += landed.known + delivery.landed_before
    counts["left_alone"] += len(delivery.skipped) + len(landed.skipped)


def _warn_of_late_arrivals(new: list[Arrival], as_of: dt.datetime) -> None:
    """Warns of files that arrived too late for this night: its moment is before one that was
    published without them."""
    later = [arrival for arrival in new if arrival.known_since > as_of]
    if later:
        since = max(arrival.known_since for arrival in later).astimezone(as_of.tzinfo)
        log.warning(
            "%d tệp mới đưa vào chưa được tính ở thời điểm này, vì số liệu đến %s đã được tổng hợp khi chưa có "
            "các tệp đó; muốn tính thì chạy với thời điểm ấy hoặc muộn hơn (copied in after a later night was "
            "told: they count from that night on): %s",
            len(later),
            f"{since:%H:%M ngày %d/%m/%Y}",
            ", ".join(sorted(arrival.file_name for arrival in later)[:MAX_NAMES_IN_WARNING]),
        )


def may_succeed_later(task: object, run: object, state: Any) -> bool:
    """Whether a failed `collect` is worth another try: an inbox may be there again in a while, a
    full home is not."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError) and error.errno not in HOME_ERRNOS


def list_unread(night: Night) -> list[list[str]]:
    """The SHA-256 of the contents that no night has read with these readers and this campaign, in
    chunks of CONTENTS_PER_TASK."""
    staged, landing = _staged(night), Landing(night.home.folder)
    stage_purged(landing, staged, night.home.folder)
    known = staged.known()
    unread = [
        sha256
        for sha256, _ in landing.contents(landing.arrivals(night.as_of))
        if sha256 not in known
    ]
    return [
        unread[start : start + CONTENTS_PER_TASK]
        for start in range(0, len(unread), CONTENTS_PER_TASK)
    ]


def start_reading(night: Night) -> ReaderServer:
    """The process that forks the night's readers, on its way."""
    return start_reading_server(night.campaign_folder, night.decisions)


def read(
    night: Night, number: int, chunk: list[str], total: int, server: ReaderServer | None = None
) -> int:
    """Reads chunk `number` (from 1) of `total` contents in child processes and stages it; how many
    it were."""
    landing, staged = Landing(night.home.folder), _staged(night)
    contents = [(sha256, str(landing.original(sha256))) for sha256 in chunk]
    if number == 1 and (missing := kernel_locks().missing):
        log.warning(
            "tiến trình đọc tệp chưa được khóa hết: nhân hệ điều hành không có %s (readers are not locked)",
            ", ".join(missing),
        )
    deferred = DeferredContents(night.work)
    limits = night.campaign.limits
    budget = ReadingBudget(limits.seconds_per_sender, limits.seconds_per_night, deferred.spent)
    before = (number - 1) * CONTENTS_PER_TASK

    def log_read_contents(done: int) -> None:
        if done % PROGRESS_EVERY == 0 or done == len(contents):
            log_progress("read", f"{before + done} of {total} contents", before + done, total)

    for result in read_contents(
        contents,
        night.campaign_folder,
        log_read_contents,
        chunk=CONTENTS_PER_STAGED_FILE,
        decisions=night.decisions,
        origins=landing.origins(landing.arrivals(night.as_of)),
        budget=budget,
        server=server,
    ):
        staged.write(result)
        deferred.add(result.deferred, budget.spent)
    return len(contents)


def validate(night: Night) -> dict[str, int]:
    """Makes the working database: the batches of all reports, findings by Great Expectations,
    verdicts.

    Returns the number of submissions by status. Data Docs go to the scratch folder. Contents on
    which this fails are quarantined, and it is done without them.
    """
    return _quarantine_and_retry(night, _validate, _validate)


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
        with _open(night.database, memory) as con:
            load_inputs(con, arrivals, _staged(night).paths(), refused)
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

    counts = _retry_with_more_memory(make)
    gc.collect()  # what was validated hangs together in cycles: 80 MB of a whole country, during all that follows
    pa.default_memory_pool().release_unused()
    return counts


def build(night: Night) -> int:
    """Builds the warehouse in the scratch folder; its size in bytes.

    Contents on which this fails are quarantined; it is then checked and built without them.
    """

    def rebuild(night: Night, contents: Collection[str] | None = None) -> int:
        _validate(night, contents)
        return _build(night)

    return _quarantine_and_retry(night, _build, rebuild)


def rebuilt_without_failing_contents(night: Night, error: Exception) -> bool:
    """After a document could not be written: quarantines the contents on which that fails, and
    builds without them.

    Whether the documents are to be written again.
    """

    def rebuild(night: Night, contents: Collection[str] | None = None) -> None:
        _validate(night, contents)
        _build(night)
        for write in (write_report, write_page, write_annex, write_feedback):
            write(night)

    if not quarantine_failing_contents(night, error, rebuild):
        return False
    _validate(night)
    _build(night)
    return True


def _build(night: Night) -> int:
    sent = NoticeLog(night.home.folder).latest(before=night.as_of)

    def make(memory: str) -> int:
        night.draft.unlink(missing_ok=True)
        build_warehouse(
            night.database, night.draft, night.campaign, night.as_of, sent.values(), memory
        )
        return night.draft.stat().st_size

    return _retry_with_more_memory(make)


def write_report(night: Night) -> str:
    """Writes the consolidated report into the scratch folder; its path."""
    from warehouse.reports.consolidated import write_report as write

    return _write_document(night, REPORT, write)


def write_annex(night: Night) -> str:
    """Writes the annexes into the scratch folder; their path."""
    from warehouse.reports.annex import write_annex as write

    return _write_document(night, ANNEX, write)


def write_page(night: Night) -> str:
    """Writes the progress page into the scratch folder; its path."""
    from warehouse.reports.progress_page import write_page as write

    return _write_document(night, PAGE, write)


def write_feedback(night: Night) -> int:
    """Writes a folder of feedback per unit with a returned file into the scratch folder; how many
    files."""
    from warehouse.reports.feedback import write_feedback as write

    landing = Landing(night.home.folder)

    def make(memory: str) -> int:
        with _open(night.draft, memory, read_only=True) as con:
            return len(
                write(
                    con,
                    landing.original,
                    night.campaign,
                    night.as_of,
                    night.work / "feedback",
                    previous=night.home.feedback,
                    accounts=_staged(night).accounts,
                )
            )

    return _retry_with_more_memory(make)


def publish(night: Night, failed: Collection[str] = ()) -> None:
    """Puts the night where people look: the warehouse first, then its reports, then the feedback.

    A night that is not the home's newest is put beside the newest (`places_of_night`). `failed`
    names documents, by their stage, that could not be written: one of an earlier night of that day
    is taken away, since its numbers are no longer those of the warehouse. Each file is renamed into
    place whole. A crash between two of them leaves an older report beside a newer warehouse; the
    next night, or this one again, puts it right.
    """
    places = places_of_night(night.home, night.as_of)
    target = places.reports
    target.mkdir(parents=True, exist_ok=True)
    if night.draft.exists():  # not so where a run is tried again after this very line
        publish_warehouse(night.draft, places.warehouse)
    for stage, name in DOCUMENTS.items():
        if stage in failed:
            (target / name).unlink(missing_ok=True)
        elif (night.work / name).exists():
            (night.work / name).replace(target / name)
    publish_folder(night.work / DATA_DOCS_FOLDER, target / DATA_DOCS_FOLDER)
    if "feedback" not in failed:
        publish_folder(night.work / "feedback", places.feedback)
    clear_places_of_past(places, night.home)


def arrivals_table(night: Night) -> list[dict[str, Any]]:
    """File, unit, status and reason of each arrival, for the engine's record: what does not count
    first, at most MAX_ARRIVALS_SHOWN.

    The engine's pages take texts for Markdown, so all punctuation in them is escaped: a file's name
    makes no link.
    """
    # Not of the draft: a run that is retried may have published it.
    with _open(night.database, DATABASE_MEMORY, read_only=True) as con:
        rows = con.execute(
            "select file_name, unit_code, status, reason from submission "
            "order by status = 'accepted', file_name, submission_id limit ?",
            [MAX_ARRIVALS_SHOWN],
        ).fetchall()
    return [
        dict(zip(("file", "unit", "status", "reason"), map(_as_it_stands, row), strict=True))
        for row in rows
    ]


def clear_work(night: Night) -> None:
    """Removes the scratch folder of a night that ended well."""
    shutil.rmtree(night.work)


def _as_it_stands(text: str | None) -> str | None:
    return text and re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def _write_document(night: Night, name: str, write: Callable[..., object]) -> str:
    target = night.work / name

    def make(memory: str) -> str:
        with _open(night.draft, memory, read_only=True) as con:
            con.execute("SET TimeZone = $zone", {"zone": night.campaign.campaign.time_zone})
            write(con, night.campaign, night.as_of, target)
        return str(target)

    return _retry_with_more_memory(make)


def _quarantine_and_retry(night: Night, make: Callable[[Night], T], attempt: Callable[..., T]) -> T:
    """What `make` returns of the night; where it fails on contents, what `attempt` does once these
    are quarantined."""
    try:
        return make(night)
    except Exception as error:
        if not quarantine_failing_contents(night, error, attempt):
            raise
    return attempt(night)


def _retry_with_more_memory(make: Callable[[str], T]) -> T:
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


def _staged(night: Night) -> StagedStore:
    return StagedStore(night.home.folder, staged_version(night.campaign))


@contextlib.contextmanager
def _open(path: Path, memory: str, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(path), read_only=read_only) as con:
        con.execute("SET memory_limit = $memory", {"memory": memory})
        con.execute("SET threads = 2")
        yield con


def _emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
