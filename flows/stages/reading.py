"""From landed files to staged contents, which later nights use again."""

from __future__ import annotations

from flows.deferred import DeferredContents
from flows.logs.progress import log, log_progress
from flows.night import Night
from sources.children.kernel_lock import kernel_locks
from sources.children.reading import ReadingBudget, read_contents, start_reading_server
from sources.children.reading_server import ReaderServer
from sources.landing import Landing
from sources.purged import stage_purged
from sources.staged import StagedStore, staged_version

CONTENTS_PER_TASK = 1000  # a task costs Prefect some milliseconds
CONTENTS_PER_STAGED_FILE = 250  # what was read of them is held in memory until then
PROGRESS_EVERY = 200  # contents


def list_unread(night: Night) -> list[list[str]]:
    """The SHA-256 of the contents that no night has read with these readers and this campaign, in
    chunks of CONTENTS_PER_TASK."""
    staged, landing = staged_store(night), Landing(night.home.folder)
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
    landing, staged = Landing(night.home.folder), staged_store(night)
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


def staged_store(night: Night) -> StagedStore:
    """What was read of contents with these readers and this campaign."""
    return StagedStore(night.home.folder, staged_version(night.campaign))
