"""Channels: where reports come in. Each looks at one place and says what came, when and from whom.

A folder (`folder.py`) is only ever read; so is a folder of a mail server (`mailbox.py`), unless it
is told to move messages away once they have landed. A channel may import the grids' and campaign's
types, never a reader: what a file holds is not its business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from sources.campaigns import Campaign

MAX_SIZE_FACTOR = (
    2  # times a file's limit: of what is larger, nothing is kept but a note that its reader refuses
)

# file name, time of receipt, SHA-256: whether that arrival has landed
HasLanded = Callable[[str, dt.datetime, str], bool]


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that lies in a channel.

    file_name    its name there, with the folders below the inbox, separated by /
    received_at  when it came, with a time zone
    open         opens its bytes for reading; raises OSError where it has gone
    unchanged    whether it is still what it was when it was seen
    sender       the address that sent it, where the channel tells; never a person's name
    size         how many bytes it had when it was seen, where the channel tells: no more of it is copied
    """

    file_name: str
    received_at: dt.datetime
    channel: str
    open: Callable[[], BinaryIO]
    unchanged: Callable[[], bool]
    sender: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not taken, and why, for the log."""

    file_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a channel shows at one time: a folder all of it, a mailbox some messages after others.

    settle  to be called when `incoming` has landed, with what could not; the channel may then
    remember what it showed
    known   how many files it did not show, as an earlier night has landed them
    """

    files: list[IncomingFile]
    skipped: list[SkippedFile]
    confirm: Callable[[list[SkippedFile]], None]
    landed_before: int = 0


class Channel(Protocol):
    """A place that reports come into."""

    def deliveries(self, as_of: dt.datetime) -> Iterator[Delivery]:
        """What had been received by `as_of`. Each look has landed and is settled before the next is
        asked for.

        Raises OSError where trying again may help.
        """


def is_mailbox(inbox: str) -> bool:
    """Whether an inbox is a folder of a mail server, and not one of this machine."""
    return inbox.lower().startswith(("imaps://", "imap://"))


def open_channel(inbox: str, home: Path, campaign: Campaign, has_landed: HasLanded) -> Channel:
    """The channel of an inbox: the path of a folder, or `imaps://user@host/FOLDER`
    (`mail_account.py`).

    Raises AccountError where the address of a mailbox cannot be used.
    """
    if not is_mailbox(inbox):
        from sources.channels.folder import FolderChannel

        return FolderChannel(Path(inbox), max_bytes=MAX_SIZE_FACTOR * campaign.limits.file_bytes)
    from sources.channels.mail_account import parse_account
    from sources.channels.mailbox import MailboxChannel

    return MailboxChannel(parse_account(inbox), home, campaign, has_landed)
