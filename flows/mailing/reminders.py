"""Reminders: whom the last night found without a report that counts, and what each is sent
(III.3)."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.clock import TOLERANCE
from flows.home.layout import Home
from flows.home.places import places_of_night
from flows.mailing.post import Draft, send_once, write_files
from flows.mailing.server import ADDRESS, ADDRESS_FORM, MailServerError, mail_server
from sources.blank_form import write_form
from sources.campaigns import Campaign
from sources.notices import NoticeLog
from sources.registry import Unit
from warehouse.reports.feedback import LETTER, feedback_of
from warehouse.reports.notices import reminder, subject
from warehouse.reports.queries import query


@dataclass(frozen=True)
class ReminderResult:
    """What became of the reminders: how many were sent now and how many earlier that day, whose
    failed and why, whose answer of the mail server was lost, and, of a dry run, the files written.
    """

    sent: int = 0
    earlier: int = 0
    failed: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def reason_not_to_remind(
    home: Home, as_of: dt.datetime, now: dt.datetime | None = None
) -> str | None:
    """Why nobody is reminded of what was missing at `as_of`, in the campaign's zone; None where all
    may be.

    It must be the newest moment of the home and, with `now`, not be past by more than two clocks may
    differ: whoever has reported since would be reminded.
    """
    if places_of_night(home, as_of).is_newest and (now is None or as_of >= now - TOLERANCE):
        return None
    return (
        f"thời điểm {as_of:%H:%M ngày %d/%m/%Y} đã qua, đơn vị có thể đã báo cáo sau đó (as of a past moment "
        "nobody is reminded); hãy bỏ --as-of"
    )


def remind_units(
    home: Home, campaign: Campaign, clock: Callable[[], dt.datetime], dry_run: bool = False
) -> ReminderResult:
    """Sends a message to each unit without a report that counts, once a unit and day; `dry_run`
    writes files instead.

    Whom, the published warehouse says: run a night first. Whoever calls holds the home. Raises
    MailServerError where no mail server is named or it is not to be had.
    """
    if campaign.notices is None:
        raise MailServerError("campaign.toml has no [notices]: say there who sends the reminders")
    server, scratch = mail_server(), home.work / "reminders"
    if server is None and not dry_run:
        raise MailServerError(
            f"{ADDRESS} is not set: name the mail server in it ({ADDRESS_FORM}), or give --dry-run"
        )
    try:
        drafts = _drafts(home, campaign, scratch)
        if dry_run or server is None:
            files = write_files(drafts, home.notices, campaign.notices.sender, clock())
            return ReminderResult(files=[str(path) for path in files])
        before = NoticeLog(home.folder).latest()
        told = send_once(drafts, home.folder, campaign.notices.sender, server, clock)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    new = [notice for notice in told if notice != before.get(notice.notice_id)]
    return ReminderResult(
        sum(n.state == "sent" for n in new),
        len(told) - len(new),
        [f"{n.unit_code}: {n.problem}" for n in new if n.state == "failed"],
        [str(n.unit_code) for n in told if n.state == "sending"],
    )


def _drafts(home: Home, campaign: Campaign, scratch: Path) -> list[Draft]:
    """A message per unit that has not reported, or whose report was returned; writes their forms
    into `scratch`."""
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        as_of = con.execute("SELECT as_of FROM night").fetchall()[0][0].astimezone(campaign.zone)
        owing = con.execute(
            "SELECT unit_code, status FROM unit_status WHERE status <> 'accepted'"
        ).fetchall()
        scans = dict(con.execute(query("scans_on_hold")).fetchall())
    scratch.mkdir(parents=True, exist_ok=True)
    units = campaign.registry.by_code
    return [
        _reminder(units[code], status, home, campaign, as_of, scratch, scans.get(code, []))
        for code, status in owing
        if code in units
    ]


def _reminder(
    unit: Unit,
    status: str,
    home: Home,
    campaign: Campaign,
    as_of: dt.datetime,
    scratch: Path,
    scans: list[str],
) -> Draft:
    form = scratch / f"{unit.code}.xlsx"
    write_form(unit, campaign, form)
    returned = feedback_of(home.feedback, unit.code)
    letter = returned.pop(LETTER, None)
    attached = [*returned.items(), (f"Biểu mẫu báo cáo - {unit.name}.xlsx", form)]
    text = (
        letter.read_text(encoding="utf-8")
        if letter
        else reminder(unit, [n for n, _ in attached], campaign, as_of, scans)
    )
    return Draft(
        "reminder",
        f"{as_of:%Y-%m-%d}",
        unit.email,
        subject(status, campaign, as_of),
        text,
        as_of,
        unit.code,
        attached,
    )
