"""The mails sent to units and officers: an append-only record in the home, so that none is sent
twice."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime

from sources.declared_model import Declared
from sources.ledger import Ledger

NoticeKind = Literal["reminder", "night", "failure"]
NoticeState = Literal["sending", "sent", "failed"]


class Notice(Declared):
    """One message to one address; its last record has its outcome.

    notice_id    the same for the same message: kind, address and occasion (of a reminder unit and
    day)
    as_of        the as_of of the night or reminder that it is about
    recorded_at  the time by the clock
    state        sending: given to the server, whose answer is not known · sent: the server has taken it · failed
    """

    notice_id: str
    kind: NoticeKind
    unit_code: str | None = None
    recipient: str
    subject: str
    as_of: AwareDatetime
    recorded_at: AwareDatetime
    state: NoticeState
    problem: str | None = None


class NoticeLog:
    """The record of a home, `notices.jsonl`. Raises LedgerError where it is damaged."""

    def __init__(self, home: Path) -> None:
        self._ledger, self._lock = Ledger(home / "notices.jsonl"), home / "notices.lock"

    def latest(self, before: dt.datetime | None = None) -> dict[str, Notice]:
        """The last record of each message, by notice_id; only those with an `as_of` before
        `before`, if given."""
        notices = (Notice.model_validate(record) for record in self._ledger.records())
        return {n.notice_id: n for n in notices if before is None or n.as_of < before}

    def add(self, notice: Notice) -> None:
        """Adds a record; returns when it is on the disk."""
        # a night, its reminders and the service's watch may all be writing
        from filelock import FileLock

        with FileLock(self._lock):
            self._ledger.append([notice.model_dump(mode="json", exclude_none=True)])


def notice_id(kind: NoticeKind, recipient: str, occasion: str) -> str:
    """Sixteen hex digits that are the same for the same message."""
    return hashlib.sha256(f"{kind}|{recipient}|{occasion}".encode()).hexdigest()[:16]
