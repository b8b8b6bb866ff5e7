"""Messages sent once each and kept on record, or written as files instead."""

from __future__ import annotations

import datetime as dt
import mimetypes
import smtplib
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from pathlib import Path

from flows.mailing.server import MailServer, MailServerError, Send, sending
from sources.notices import Notice, NoticeKind, NoticeLog, notice_id

MAX_CONNECTIONS = 4  # of one call: a server may hang up now and then
MAX_ATTACHED_BYTES = 8 << 20  # bytes; many servers take ten megabytes, and base64 adds a third


@dataclass(frozen=True)
class Draft:
    """A message to be sent: once for its kind, recipient and occasion.

    `as_of` is the moment of its numbers; `attached` are files, given by name and path.
    """

    kind: NoticeKind
    occasion: str
    recipient: str | None
    subject: str
    text: str
    as_of: dt.datetime
    unit_code: str | None = None
    attached: Sequence[tuple[str, Path]] = ()

    @property
    def notice_id(self) -> str:
        """The same for the same message."""
        return notice_id(self.kind, self.unit_code or self.recipient or "", self.occasion)


def send_once(
    drafts: Iterable[Draft],
    home: Path,
    sender: str,
    server: MailServer,
    clock: Callable[[], dt.datetime],
) -> list[Notice]:
    """Sends the messages that are not yet on record as sent; what became of each message asked for.

    A message is on record before it is given to the server: one whose answer was lost in a crash is
    not sent again, and stays `sending`. One that failed is tried again by the next call. Raises
    MailServerError where the server is not to be had; what it took before that is on record as
    sent.
    """
    log, drafts = NoticeLog(home), list({d.notice_id: d for d in drafts}.values())
    known = log.latest()
    new = [d for d in drafts if d.notice_id not in known or known[d.notice_id].state == "failed"]
    for draft in (d for d in new if not d.recipient):
        _record(log, known, draft, "failed", clock(), "no address: add one to units.csv")
    waiting = deque(d for d in new if d.recipient)
    for _ in range(MAX_CONNECTIONS):
        if waiting:
            with sending(server) as send:
                _send_waiting(waiting, send, log, known, sender, clock)
    if waiting:
        raise MailServerError(
            f"{server.host} hangs up again and again; {len(waiting)} messages are still to be sent"
        )
    return [known[d.notice_id] for d in drafts]


def _send_waiting(
    waiting: deque[Draft],
    send: Send,
    log: NoticeLog,
    known: dict[str, Notice],
    sender: str,
    clock: Callable[[], dt.datetime],
) -> None:
    """Sends until none is waiting, or until the connection is lost: that message then stays
    `sending`."""
    while waiting:
        draft = waiting.popleft()
        # what cannot be made has not been sent, and may be later
        mail = message(draft, sender, clock())
        _record(log, known, draft, "sending", clock())
        try:
            send(mail)
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError):
            return
        except smtplib.SMTPException as error:
            _record(log, known, draft, "failed", clock(), " ".join(str(error).split()))
            # the server takes leave: the next message needs a connection of its own
            if "(421," in str(error):
                return
        else:
            _record(log, known, draft, "sent", clock())


def message(draft: Draft, sender: str, now: dt.datetime) -> EmailMessage:
    """The message, its attachments as far as they fit; what was left out is said in its text."""
    fitting, left = _fitting(draft.attached)
    text = draft.text
    if left:
        text += (
            "\nTệp quá lớn nên không gửi kèm thư này: "
            + "; ".join(left)
            + ". Đề nghị liên hệ để nhận trực tiếp.\n"
        )
    mail = EmailMessage(policy=_MailPolicy(linesep="\r\n"))
    mail["From"], mail["To"], mail["Subject"] = sender, draft.recipient or "", _line(draft.subject)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{draft.notice_id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text, cte="base64")
    for name, path in fitting:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        mail.add_attachment(path.read_bytes(), maintype=main, subtype=sub, filename=_line(name))
    return mail


class _MailPolicy(EmailPolicy):
    """As `email.policy.SMTP`, but a long subject keeps all of its spaces: Python 3.11 loses the one
    at which it breaks the line."""

    def fold(self, name: str, value: str) -> str:
        """The header as lines."""
        if name.lower() != "subject" or value.isascii():
            folded: str = super().fold(name, value)
            return folded
        encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
        return f"{name}: {encoded}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """The same as bytes."""
        if name.lower() != "subject" or value.isascii():
            return super().fold_binary(name, value)
        return self.fold(name, value).encode("ascii")


def _line(text: str) -> str:
    """The text on one line: a break in a header would begin another one."""
    return " ".join(text.split())


def _fitting(attached: Sequence[tuple[str, Path]]) -> tuple[list[tuple[str, Path]], list[str]]:
    fitting, left, size = [], [], 0
    for name, path in attached:
        size += path.stat().st_size
        if size <= MAX_ATTACHED_BYTES:
            fitting.append((name, path))
        else:
            left.append(name)
            size -= path.stat().st_size
    return fitting, left


def _record(
    log: NoticeLog,
    known: dict[str, Notice],
    draft: Draft,
    state: str,
    now: dt.datetime,
    problem: str | None = None,
) -> None:
    notice = Notice.model_validate(
        {
            "notice_id": draft.notice_id,
            "kind": draft.kind,
            "unit_code": draft.unit_code,
            "recipient": draft.recipient or "",
            "subject": draft.subject,
            "as_of": draft.as_of,
            "recorded_at": now,
            "state": state,
            "problem": problem,
        }
    )
    log.add(notice)
    known[draft.notice_id] = notice
