"""A folder of a mail server as an inbox: the files in each message came when the server received it (INTERNALDATE).

A file is named by its message and its own name, `thư kbdfhmcaqe/Báo cáo.xlsx`: the letters stand for the Message-ID, so
that the name is the same whatever UIDs the server gives, and no subject or name of a person is kept.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from functools import partial
from pathlib import Path

from sources.campaigns import Campaign
from sources.channels import Holds, Incoming, LeftAlone, Look
from sources.channels.mail_account import Account, MailboxRefusedError
from sources.channels.mail_memory import LandedMessage, MailMemory, digest_of_head, digest_of_message
from sources.channels.mail_names import address, header
from sources.channels.mail_parsing import TooMuchError, parsed
from sources.channels.mail_parts import Parts, parts_of
from sources.channels.mail_server import Head, MailboxDownError, MailServer, NotGivenError
from sources.grids import NOT_OPENED_NOTE

MARGIN = dt.timedelta(days=30)   # before the campaign's first day of meetings: no report of it can be older
LOOK_BYTES = 1 << 25             # of files shown at a time, all of which are held in memory
LOOK_MESSAGES = 100
LARGEST = 2                      # a message of more bytes than this times a file's limit is not downloaded
NOT_OPENED = "thư không mở"      # stands for a message that is too large, or has too many files

_logger = logging.getLogger(__name__)
_LETTERS = str.maketrans("0123456789", "ghjkmnpqrs")   # no digits, which may be a unit's code


@dataclass(frozen=True, slots=True)
class _Letter:
    """A message as it was read: what to land of it, and what to remember of it then; None where it was not given."""

    incoming: list[Incoming]
    left: list[LeftAlone]
    landed: LandedMessage | None


@dataclass(frozen=True, slots=True)
class MailboxChannel:
    """The inbox of an account; `home` keeps the memory of what has landed of it."""

    account: Account
    home: Path
    campaign: Campaign
    holds: Holds

    def looks(self, as_of: dt.datetime) -> Iterator[Look]:
        """The files of the messages received by `as_of` that have not landed, some messages at a time, oldest first.

        Raises MailboxDownError (an OSError) where the server does not answer, MailboxRefusedError where it will not.
        """
        memory = MailMemory(self.home, self.account.name, self.holds)
        with MailServer(self.account) as server:
            known, new, left = self._sorted_out(server, memory, as_of)
            yield Look([], left, partial(self._settle, server, memory, known), sum(len(k.files) for k in known))
            letters: list[_Letter] = []
            size = 0
            for head in new:
                letters.append(self._letter(server, memory, head, letters))
                size += head.size
                if size > LOOK_BYTES or len(letters) == LOOK_MESSAGES:
                    yield self._look(server, memory, letters)
                    letters, size = [], 0
            if letters:
                yield self._look(server, memory, letters)

    def _sorted_out(self, server: MailServer, memory: MailMemory,
                    as_of: dt.datetime) -> tuple[list[LandedMessage], list[Head], list[LeftAlone]]:
        """The messages that have landed, the heads of those that have not, and what the server does not tell of."""
        validity = server.validity
        since = self.account.since or self._first_day()
        uids = server.uids(since)
        heads = server.heads(uids)
        known = {head.uid: landed for head in heads if (landed := memory.find(validity, head))}
        left = [LeftAlone(f"message {uid} of {self.account.name}", "gone, or the server does not tell of it")
                for uid in sorted(set(uids) - {head.uid for head in heads})]
        if since and (older := len(server.uids(None)) - len(uids)):
            left.append(LeftAlone(f"{older} messages of {self.account.name}",
                                  f"received before {since}, too early for this campaign; ?since=DAY looks at them"))
        new = [head for head in heads if head.uid not in known and head.received_at <= as_of]
        return list(known.values()), sorted(new, key=lambda head: (head.received_at, head.uid)), left

    def _first_day(self) -> dt.date | None:
        first = min((window.first for window in self.campaign.windows.values()), default=None)
        return first - MARGIN if first else None

    def _letter(self, server: MailServer, memory: MailMemory, head: Head, before: list[_Letter]) -> _Letter:
        """The message, downloaded. One that landed before under another UID or time keeps its first time of receipt."""
        try:
            message, parts = self._downloaded(server, head)
        except NotGivenError as error:
            return _Letter([], [LeftAlone(f"message {head.uid} of {self.account.name}", str(error))], None)
        key = _key(message, head)
        folder = f"thư {hashlib.sha256(key).hexdigest()[:10].translate(_LETTERS)}"
        named = [(f"{folder}/{name}", data) for name, data in parts.files]
        files = tuple((name, hashlib.sha256(data).hexdigest()) for name, data in named)
        digest, sender = digest_of_message(key, files), address(message)
        first = memory.by_message(digest) or next((b.landed for b in before if b.landed and b.landed.message == digest),
                                                  None)
        received_at = first.received_at if first else head.received_at
        incoming = [Incoming(name, received_at, "mailbox", partial(io.BytesIO, data), _is_kept, sender)
                    for name, data in named]
        left = [LeftAlone(f"{folder}/{part.file_name}", part.reason) for part in parts.left]
        if not files:
            left.append(LeftAlone(folder, f"a message without a file, from {sender} at {head.received_at.isoformat()}"))
        landed = LandedMessage(server.validity, head.uid, digest_of_head(head), digest, received_at, files)
        return _Letter(incoming, left, landed)

    def _downloaded(self, server: MailServer, head: Head) -> tuple[Message, Parts]:
        """The message and its files; of one that is too much its headers, and a note that its reader refuses."""
        most = LARGEST * self.campaign.limits.file_bytes
        with contextlib.suppress(TooMuchError):
            if head.size <= most:
                return _opened(_at_most(most, server.download(head)))
        message = BytesHeaderParser().parsebytes(next(server.download(head), b""))
        note = {"message": hashlib.sha256(_key(message, head)).hexdigest(), "bytes": head.size}
        return message, Parts([(NOT_OPENED, NOT_OPENED_NOTE + json.dumps(note).encode())])

    def _look(self, server: MailServer, memory: MailMemory, letters: list[_Letter]) -> Look:
        landed = [letter.landed for letter in letters if letter.landed]
        return Look([file for letter in letters for file in letter.incoming],
                    [file for letter in letters for file in letter.left],
                    partial(self._settle, server, memory, landed))

    def _settle(self, server: MailServer, memory: MailMemory, shown: list[LandedMessage],
                left_alone: list[LeftAlone]) -> None:
        """Remembers the messages all of whose files have landed, and moves those with files where that is asked for."""
        missing = {file.file_name for file in left_alone}
        landed = [message for message in shown if not missing.intersection(name for name, _ in message.files)]
        memory.add(landed)
        moved = [message.uid for message in landed if message.files and not message.files[0][0].endswith(NOT_OPENED)]
        if self.account.move_to and moved:
            server.move(moved, self.account.move_to)


def _opened(blocks: Iterable[bytes]) -> tuple[Message, Parts]:
    """The message of these bytes and its files. What fails on a message is its end, not the night's: TooMuchError."""
    try:
        message = parsed(blocks)
        return message, parts_of(message)
    except (TooMuchError, NotGivenError, MailboxDownError, MailboxRefusedError):
        raise
    except Exception as error:
        _logger.warning("a message is not opened, please report it: %s: %s", type(error).__name__, error)
        raise TooMuchError from error


def _at_most(most: float, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks, though the server told a size that is too small. Raises TooMuchError past `most` bytes."""
    size = 0
    for block in blocks:
        size += len(block)
        if size > most:
            raise TooMuchError
        yield block


def _key(message: Message, head: Head) -> bytes:
    """What tells a message from all others, wherever it lies: its Message-ID, else who wrote what and when."""
    if head.message_id:
        return head.message_id
    return "\n".join(header(message, name) for name in ("date", "from", "to", "subject")).encode()


def _is_kept() -> bool:
    """A message on a server never changes."""
    return True
