"""Channels: the places that reports come in by. Each yields what was received, when, and by whom.

A channel is a module, and a line in `CHANNELS`; nothing else knows its name. What differs between
channels, such as whether a sender has to be checked, travels with each file (`IncomingFile`). A
folder (`folder.py`) is only read. So is a folder of a mail server (`mailbox.py`), unless it is asked
to move messages once they have landed. A channel may import the types of grids and campaign, never a
reader: what a file holds is not its business.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

if TYPE_CHECKING:
    from sources.campaigns import Campaign

# By the scheme of an inbox's address, the module of its channel (`ChannelModule`).
CHANNELS = {
    "": "sources.channels.folder",  # the path of a folder
    "imap": "sources.channels.mailbox",
    "imaps": "sources.channels.mailbox",
    "desk": "sources.channels.desk",  # what was brought through the desk
}
# Of a file larger than this many times a file's limit nothing lands but a note, which readers refuse.
MAX_SIZE_FACTOR = 2
CLOCK_TOLERANCE_SECONDS = 300  # by which clocks that are set over a network may differ

# file name, time of receipt, SHA-256: whether that arrival has landed
HasLanded = Callable[[str, dt.datetime, str], bool]


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file that lies in a channel.

    file_name    its name there, with the folders below the inbox, separated by /
    received_at  its time of receipt as the channel has it, with a time zone; it may not have come yet
    open         opens its bytes for reading; raises OSError where it has gone
    unchanged    whether it is still what it was when it was listed
    sender       the address that sent it, where the channel knows it; never a person's name
    size         its bytes when it was listed, where the channel knows them: no more of it is copied
    is_trusted   whether only an office's own people can put files there: no sender is checked
    link_unit_code  the unit whose own link brought it
    """

    file_name: str
    received_at: dt.datetime
    channel: str
    open: Callable[[], BinaryIO]
    unchanged: Callable[[], bool]
    sender: str | None = None
    size: int | None = None
    is_trusted: bool = False
    link_unit_code: str | None = None


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was not taken, and why, for the log."""

    file_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """Files that a channel hands over together: a folder all at once, a mailbox a few messages at
    a time.

    confirm        to be called once `files` have landed, with those that could not; the channel may
    then remember them
    landed_before  how many files are not in `files`, as an earlier night has landed them
    """

    files: list[IncomingFile]
    skipped: list[SkippedFile]
    confirm: Callable[[list[SkippedFile]], None]
    landed_before: int = 0


class Channel(Protocol):
    """A place that reports come into."""

    def deliveries(self, as_of: dt.datetime) -> Iterator[Delivery]:
        """What had been received by `as_of`. Each delivery is landed and confirmed before the next is
        asked for.

        Raises OSError where trying again may help.
        """


class InboxAddressError(Exception):
    """An inbox's address that cannot be used, and how to write it; never repeats a password."""


class ChannelModule(Protocol):
    """What the module of a channel offers."""

    def open_inbox(
        self, inbox: str, home: Path, campaign: Campaign, has_landed: HasLanded
    ) -> Channel:
        """The channel of that inbox. Raises InboxAddressError."""

    def canonical(self, inboxes: Sequence[str]) -> list[str]:
        """The addresses as they are kept. Raises InboxAddressError."""


def has_not_come(moment: dt.datetime, clock: Callable[[], float]) -> bool:
    """Whether a time of receipt is later than the clock (seconds since 1970), beyond what two clocks
    may differ: what bears it is there, so the time is wrong."""
    return moment.timestamp() > clock() + CLOCK_TOLERANCE_SECONDS


def is_folder(inbox: str) -> bool:
    """Whether an inbox is a folder of this machine."""
    return _scheme(inbox) == ""


def canonical_inboxes(inboxes: Sequence[str]) -> list[str]:
    """Each inbox once, its address as it is kept: a folder by its whole path.

    Raises InboxAddressError where an address cannot be used, or not beside the others.
    """
    by_module: dict[str, list[str]] = {}
    for inbox in inboxes:
        by_module.setdefault(CHANNELS[_scheme(inbox)], []).append(inbox)
    kept: dict[str, str] = {}
    for name, addresses in by_module.items():
        kept |= dict(zip(addresses, _module(name).canonical(addresses), strict=True))
    return list(dict.fromkeys(kept[inbox] for inbox in inboxes))


def open_channel(inbox: str, home: Path, campaign: Campaign, has_landed: HasLanded) -> Channel:
    """The channel of an inbox: the path of a folder, or `imaps://user@host/FOLDER`
    (`mail_account.py`). Raises InboxAddressError where its address cannot be used.
    """
    module = _module(CHANNELS[_scheme(inbox)])
    return module.open_inbox(inbox, home, campaign, has_landed)


def _scheme(inbox: str) -> str:
    """The scheme of an address that `CHANNELS` lists; "" for a path, whatever it looks like."""
    scheme, separator, _ = inbox.partition("://")
    return scheme.lower() if separator and scheme.lower() in CHANNELS else ""


def _module(name: str) -> ChannelModule:
    return cast("ChannelModule", importlib.import_module(name))
