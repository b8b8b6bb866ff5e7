"""Reminders: whom the last night found without a report that counts, and what each is sent
(III.3)."""

from __future__ import annotations

import datetime as dt
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.clock import TOLERANCE
from flows.home.layout import Home
from flows.home.places import places_of_night
from flows.mailing.pending import PendingFiles
from flows.mailing.post import Draft, message, send_once
from flows.mailing.server import ADDRESS, ADDRESS_FORM, MailServerError, mail_server
from sources.blank_form import write_form
from sources.campaigns import Campaign
from sources.ledger import LedgerError
from sources.moments import moment_text
from sources.notices import NoticeLog
from sources.registry import Unit
from sources.secrets import SecretError
from sources.unit_links import printed_link
from warehouse.reports.feedback import LETTER, blank_form_name, feedback_of
from warehouse.reports.notices import (
    SCANNED,
    WITHDRAWN,
    reminder,
    short_text,
    short_text_for_all,
    subject,
)
from warehouse.reports.queries import query

TEXT_FOR_ALL = "zalo-tat-ca.txt"

log = logging.getLogger("tonghop")


@dataclass(frozen=True)
class ReminderResult:
    """What became of the reminders: how many were sent now and how many earlier that day, whose
    failed and why, whose answer of the mail server was lost, and, of a dry run, the messages and
    the short texts written as files.
    """

    sent: int = 0
    earlier: int = 0
    failed: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class OwingUnit:
    """A unit without a report that counts: its status in unit_status, its scans that wait for an
    officer, and its files that one has withdrawn."""

    unit: Unit
    status: str
    scans: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """Its group in the text for all units."""
        if self.status != "missing":
            return self.status
        return SCANNED if self.scans else WITHDRAWN if self.withdrawn else "missing"

    @property
    def mail_name(self) -> str:
        """The name of its reminder as a file."""
        return f"reminder-{self.unit.code}.eml"

    @property
    def text_name(self) -> str:
        """The name of its short text as a file."""
        return f"zalo-{self.unit.code}.txt"


@dataclass(frozen=True)
class OwingUnits:
    """The units that owe a report, in the order of the registry, and the moment as of which they
    do."""

    as_of: dt.datetime
    units: tuple[OwingUnit, ...]


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
        f"thời điểm {moment_text(as_of)} đã qua, đơn vị có thể đã báo cáo sau đó (as of a past moment "
        "nobody is reminded); hãy bỏ --as-of"
    )


def remind_units(
    home: Home, campaign: Campaign, clock: Callable[[], dt.datetime], dry_run: bool = False
) -> ReminderResult:
    """Sends a message to each unit without a report that counts, once a unit and day; `dry_run`
    writes files instead, with a short text for each unit and one for all.

    Whom, the published warehouse says: run a night first. Whoever calls holds the home. Raises
    MailServerError where no mail server is named or it is not to be had.
    """
    if campaign.notices is None:
        raise MailServerError(
            "campaign.toml has no [notices]: name there the sender of the reminders"
        )
    server = mail_server()
    if server is None and not dry_run:
        raise MailServerError(
            f"{ADDRESS} is not set: name the mail server in it ({ADDRESS_FORM}), or give --dry-run"
        )
    owing = owing_units(home, campaign)
    if dry_run or server is None:
        return _write_all(home, campaign, owing, clock())
    before = NoticeLog(home.folder).latest()
    with _scratch(home) as scratch:
        drafts = [reminder_draft(o, home, campaign, owing.as_of, scratch) for o in owing.units]
        notices = send_once(drafts, home.folder, campaign.notices.sender, server, clock)
    pending = PendingFiles(home.notices)
    for unit, notice in zip(owing.units, notices, strict=True):
        if notice.state == "sent":  # its file needs nobody to send it any more
            pending.withdraw(unit.mail_name)
    new = [notice for notice in notices if notice != before.get(notice.notice_id)]
    return ReminderResult(
        sum(n.state == "sent" for n in new),
        len(notices) - len(new),
        [f"{n.unit_code}: {n.problem}" for n in new if n.state == "failed"],
        [str(n.unit_code) for n in notices if n.state == "sending"],
    )


def refresh_written(home: Home, campaign: Campaign, now: dt.datetime) -> None:
    """Brings the messages that an earlier call wrote as files up to the published night.

    What a unit that has reported since would have got is gone; what is still due says what that
    night found, unless a person has changed it. A folder that cannot be written is logged:
    the night itself went well.
    """
    try:
        pending = PendingFiles(home.notices)
        owing = owing_units(home, campaign)
        by_name = {name: o for o in owing.units for name in (o.mail_name, o.text_name)}
        for name in pending.names() - by_name.keys() - {TEXT_FOR_ALL}:
            pending.withdraw(name)
        with _scratch(home) as scratch:
            for name in sorted(pending.names()):
                if not pending.is_unchanged(name):
                    continue
                if unit := by_name.get(name):
                    pending.write(name, _content(name, unit, home, campaign, owing, now, scratch))
                elif name == TEXT_FOR_ALL and not owing.units:
                    pending.withdraw(name)
                elif name == TEXT_FOR_ALL:
                    pending.write(name, text_for_all(owing, campaign).encode())
    except (OSError, ValueError, duckdb.Error, LedgerError, SecretError) as error:
        log.error("%s: the reminders written there are not up to date: %s", home.notices, error)


def _write_all(
    home: Home, campaign: Campaign, owing: OwingUnits, now: dt.datetime
) -> ReminderResult:
    """Makes the folder hold the messages and texts of these units, and no other of ours."""
    pending = PendingFiles(home.notices)
    files: list[str] = []
    texts: list[str] = []
    with _scratch(home) as scratch:
        for unit in owing.units:
            for name, written in ((unit.mail_name, files), (unit.text_name, texts)):
                content = _content(name, unit, home, campaign, owing, now, scratch)
                written.append(str(pending.write(name, content)))
    if owing.units:
        texts.append(str(pending.write(TEXT_FOR_ALL, text_for_all(owing, campaign).encode())))
    for name in pending.names() - {Path(path).name for path in (*files, *texts)}:
        pending.withdraw(name)
    return ReminderResult(files=files, texts=texts)


def _content(
    name: str,
    owing: OwingUnit,
    home: Home,
    campaign: Campaign,
    all_owing: OwingUnits,
    now: dt.datetime,
    scratch: Path,
) -> bytes:
    """What the unit's file of that name holds: its message, or its short text."""
    if name == owing.text_name:
        text = short_text(
            owing.unit, owing.status, campaign, all_owing.as_of, owing.scans, owing.withdrawn
        )
        return text.encode()
    sender = campaign.notices.sender if campaign.notices else ""
    draft = reminder_draft(owing, home, campaign, all_owing.as_of, scratch)
    return message(draft, sender, now).as_bytes()


def text_for_all(owing: OwingUnits, campaign: Campaign) -> str:
    """The text that names all units that owe a report."""
    groups = {o.unit: o.group for o in owing.units}
    return short_text_for_all(groups, campaign, owing.as_of)


@contextmanager
def _scratch(home: Home) -> Iterator[Path]:
    """A folder for the forms that are attached, gone after the block."""
    scratch = home.work / "reminders"
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def owing_units(home: Home, campaign: Campaign) -> OwingUnits:
    """Who has not reported, or whose report was returned, in the published night."""
    with duckdb.connect(str(home.warehouse), read_only=True) as con:
        as_of = con.execute("SELECT as_of FROM night").fetchall()[0][0].astimezone(campaign.zone)
        found = con.execute(
            "SELECT unit_code, status FROM unit_status WHERE status <> 'accepted'"
        ).fetchall()
        scans = dict(con.execute(query("scans_on_hold")).fetchall())
        withdrawn = dict(con.execute(query("withdrawn_files")).fetchall())
    units = campaign.registry.by_code
    return OwingUnits(
        as_of,
        tuple(
            OwingUnit(
                units[code], status, tuple(scans.get(code, ())), tuple(withdrawn.get(code, ()))
            )
            for code, status in found
            if code in units
        ),
    )


def reminder_draft(
    owing: OwingUnit, home: Home, campaign: Campaign, as_of: dt.datetime, scratch: Path
) -> Draft:
    """The message to a unit: the letter about the files that went back, with them; else the
    reminder, with the blank form (written into `scratch`) where nothing of the unit waits."""
    unit, link = owing.unit, printed_link(home.desk, campaign, owing.unit.code)
    returned = feedback_of(home.feedback, unit.code)
    if letter := returned.pop(LETTER, None):
        attached, text = list(returned.items()), letter.read_text(encoding="utf-8")
    else:
        attached = []
        if not owing.scans:  # of a scan the report is written already
            form = scratch / f"{unit.code}.xlsx"
            write_form(unit, campaign, form, link)
            attached = [(blank_form_name(unit), form)]
        names = [name for name, _ in attached]
        text = reminder(unit, names, campaign, as_of, owing.scans, link, owing.withdrawn)
    return Draft(
        "reminder",
        f"{as_of:%Y-%m-%d}",
        unit.email,
        subject(owing.status, campaign),
        text,
        as_of,
        unit.code,
        attached,
    )
