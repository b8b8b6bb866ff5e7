"""The flow of a reminder: a night first, so that nobody who has reported since is reminded; then a
message a unit."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.runtime import flow_run

from flows.home.lock import lock_home
from flows.home.running import mark_running
from flows.logs.progress import log
from flows.mailing.reminders import ReminderResult, reason_not_to_remind, remind_units
from flows.night import Night, parse_night
from flows.nightly import WAIT_FOR_HOME, nightly


@task(name="send-reminders", task_run_name="send-reminders")
def send_reminders(night: Night, is_moment_given: bool) -> dict[str, Any]:
    """`remind_units` of the night's home, as a dictionary; of a past moment none, and why on the
    log."""
    with lock_home(night.home.folder, wait=WAIT_FOR_HOME):
        # a run that is tried again after hours was not asked for a past moment
        now = dt.datetime.now(dt.UTC) if is_moment_given else None
        if why := reason_not_to_remind(night.home, night.as_of, now):
            log.warning("không gửi thư nhắc (no reminder was sent): %s", why)
            return asdict(ReminderResult())
        return asdict(remind_units(night.home, night.campaign, lambda: dt.datetime.now(dt.UTC)))


@flow(name="remind", persist_result=False)
def remind(
    inbox: str | list[str], home: str, as_of: str | None = None, campaign: str | None = None
) -> dict[str, Any]:
    """Runs a night (now, when `as_of` is left out) and reminds whom it found without a report that
    counts (III.3).

    Returns what `nightly` does, and `reminders`, what became of them. Raises MailServerError; what
    a night raises.
    """
    os.umask(0o077)
    with mark_running(Path(home), str(flow_run.get_id())):
        night_result = nightly(inbox, home, as_of, campaign)
        night = parse_night(
            inbox, home, night_result["as_of"], campaign, "remind", dt.datetime.now(dt.UTC)
        )
        return {**night_result, "reminders": send_reminders(night, as_of is not None)}
