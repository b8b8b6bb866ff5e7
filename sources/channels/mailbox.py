"""A folder of a mail server as an inbox: the files in each message came when the server received it (INTERNALDATE).

A file is named by its message and its own name, `thư kbdfhmcaqe/Báo cáo.xlsx`: the letters stand for the Message-ID, so
that the name is the same whatever UIDs the server gives, and no subject or name of a person is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sources.campaigns import Campaign
from sources.channels import LARGEST, Holds, Incoming, LeftAlone, Look
from sources.channels.mail_account import Account, MailboxRefusedError
from sources.channels.mail_memory import (
    LandedMessage,
    MailMemory,
    digest_of_head,
    digest_of_message,
)
from sources.channels.mail_opening import MessageOpener, NotOpenedError, OpenedMessage, PutOffError
from sources.channels.mail_server import Head, MailServer, NotGivenError
from sources.grids import NOT_OPENED_NOTE

MARGIN = dt.timedelta(
    days=30
)  # before the campaign's first day of meetings: no report of it can be older
LOOK_BYTES = 1 << 25  # of files shown at a time, all of which are held in memory
LOOK_MESSAGES = 100
NOT_OPENED = "thư không mở"  # stands for a message that is too large, has too many files, or cannot be opened

_logger = logging.getLogger(__name__)
_LETTERS = str.maketrans("0123456789", "ghjkmnpqrs")  # no digits, which may be a unit's code


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
        with (
            MailServer(self.account) as server,
            MessageOpener(self.home / "landed", self.campaign.limits) as opener,
        ):
            known, new, left = self._sorted_out(server, memory, as_of)
            yield Look(
                [],
                left,
                partial(self._settle, server, memory, known),
                sum(len(k.files) for k in known),
            )
            letters: list[_Letter] = []
            size = 0
            for head in new:
                letters.append(self._letter_alone(server, opener, memory, head, letters))
                size += head.size
                if size > LOOK_BYTES or len(letters) == LOOK_MESSAGES:
                    yield self._look(server, memory, letters)
                    letters, size = [], 0
            if letters:
                yield self._look(server, memory, letters)

    def _sorted_out(
        self, server: MailServer, memory: MailMemory, as_of: dt.datetime
    ) -> tuple[list[LandedMessage], list[Head], list[LeftAlone]]:
        """The messages that have landed, the heads of those that have not, and what the server does not tell of."""
        validity = server.validity
        since = self.account.since or self._first_day()
        uids = server.uids(since)
        heads = server.heads(uids)
        known = {head.uid: landed for head in heads if (landed := memory.find(validity, head))}
        left = [
            LeftAlone(
                f"message {uid} of {self.account.name}", "gone, or the server does not tell of it"
            )
            for uid in sorted(set(uids) - {head.uid for head in heads})
        ]
        if since and (older := len(server.uids(None)) - len(uids)):
            left.append(
                LeftAlone(
                    f"{older} messages of {self.account.name}",
                    f"received before {since}, too early for this campaign; ?since=DAY looks at them",
                )
            )
        new = [head for head in heads if head.uid not in known and head.received_at <= as_of]
        return (
            list(known.values()),
            sorted(new, key=lambda head: (head.received_at, head.uid)),
            left,
        )

    def _first_day(self) -> dt.date | None:
        first = min((window.first for window in self.campaign.windows.values()), default=None)
        return first - MARGIN if first else None

    def _letter_alone(
        self,
        server: MailServer,
        opener: MessageOpener,
        memory: MailMemory,
        head: Head,
        before: list[_Letter],
    ) -> _Letter:
        """The message, downloaded. One that is not given, or that we fail on, is left there and costs no other."""
        try:
            return self._letter(server, opener, memory, head, before)
        except (OSError, MailboxRefusedError):
            raise
        except (NotGivenError, PutOffError) as error:
            why = str(error)
        except Exception as error:
            _logger.exception(
                "message %s of %s fails, please report it", head.uid, self.account.name
            )
            why = f"a defect of ours, {type(error).__name__}; it stays on the server and is tried again"
        return _Letter([], [LeftAlone(f"message {head.uid} of {self.account.name}", why)], None)

    def _letter(
        self,
        server: MailServer,
        opener: MessageOpener,
        memory: MailMemory,
        head: Head,
        before: list[_Letter],
    ) -> _Letter:
        """The message's files. One that landed before under another UID or time keeps its first time of receipt."""
        message = self._downloaded(server, opener, head)
        key = _key(message, head)
        folder = f"thư {hashlib.sha256(key).hexdigest()[:10].translate(_LETTERS)}"
        named = [(f"{folder}/{name}", data) for name, data in message.files]
        files = tuple((name, hashlib.sha256(data).hexdigest()) for name, data in named)
        digest = digest_of_message(key, files)
        first = memory.by_message(digest) or next(
            (b.landed for b in before if b.landed and b.landed.message == digest), None
        )
        received_at = first.received_at if first else head.received_at
        incoming = [
            Incoming(
                name, received_at, "mailbox", partial(io.BytesIO, data), _is_kept, message.sender
            )
            for name, data in named
        ]
        left = [LeftAlone(f"{folder}/{part.file_name}", part.reason) for part in message.left]
        if not files:
            left.append(
                LeftAlone(
                    folder,
                    f"a message without a file, from {message.sender} at "
                    f"{head.received_at.isoformat()}",
                )
            )
        landed = LandedMessage(
            server.validity, head.uid, digest_of_head(head), digest, received_at, files
        )
        return _Letter(incoming, left, landed)

    def _downloaded(self, server: MailServer, opener: MessageOpener, head: Head) -> OpenedMessage:
        """The message, opened; of one that cannot be its headers, and all of it under a note that its reader refuses.

        One that is too large is not downloaded: of it there is the note alone.
        """
        most = LARGEST * self.campaign.limits.file_bytes
        try:
            if head.size > most:
                raise _TooLargeError
            opener.take(_at_most(most, server.download(head)))
        except _TooLargeError:
            opener.take(itertools.islice(server.download(head), 1))
            return self._not_opened(opener, head, b"")
        try:
            return opener.opened()
        except NotOpenedError as error:
            _logger.warning(
                "message %s of %s is kept and refused: %s", head.uid, self.account.name, error
            )
            return self._not_opened(opener, head, b"\n" + opener.taken())

    def _not_opened(self, opener: MessageOpener, head: Head, raw: bytes) -> OpenedMessage:
        """What stands for a message that is not opened, from the sender that its headers tell."""
        try:
            told = opener.headers()
        except NotOpenedError:
            told = OpenedMessage(None, hashlib.sha256(opener.taken()).hexdigest(), [], [])
        note = {"message": hashlib.sha256(_key(told, head)).hexdigest(), "bytes": head.size}
        return replace(
            told, files=[(NOT_OPENED, NOT_OPENED_NOTE + json.dumps(note).encode() + raw)]
        )

    def _look(self, server: MailServer, memory: MailMemory, letters: list[_Letter]) -> Look:
        landed = [letter.landed for letter in letters if letter.landed]
        return Look(
            [file for letter in letters for file in letter.incoming],
            [file for letter in letters for file in letter.left],
            partial(self._settle, server, memory, landed),
        )

    def _settle(
        self,
        server: MailServer,
        memory: MailMemory,
        shown: list[LandedMessage],
        left_alone: list[LeftAlone],
    ) -> None:
        """Remembers the messages all of whose files have landed, and moves those with files where that is asked for."""
        missing = {file.file_name for file in left_alone}
        landed = [
            message
            for message in shown
            if not missing.intersection(name for name, _ in message.files)
        ]
        memory.add(landed)
        moved = [
            message.uid
            for message in landed
            if message.files and not message.files[0][0].endswith(NOT_OPENED)
        ]
        if self.account.move_to and moved:
            server.move(moved, self.account.move_to)


class _TooLargeError(Exception):
    """A message of more bytes than are downloaded."""


def _at_most(most: float, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks, though the server told a size that is too small. Raises _TooLargeError past `most` bytes."""
    size = 0
    for block in blocks:
        size += len(block)
        if size > most:
            raise _TooLargeError
        yield block


def _key(message: OpenedMessage, head: Head) -> bytes:
    """What tells a message from all others, wherever it lies: its Message-ID, else who wrote what and when."""
    return head.message_id or message.key.encode("utf-8", "backslashreplace")


def _is_kept() -> bool:
    """A message on a server never changes."""
    return True
