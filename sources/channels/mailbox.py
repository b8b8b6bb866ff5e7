"""A folder of a mail server as an inbox: the time of receipt of a message's files is its
INTERNALDATE.

A file is named by its message and its own name, `thư kbdfhmcaqe/Báo cáo.xlsx`: the letters stand
for the Message-ID, so that the name is the same whatever UIDs the server gives, and no subject or
name of a person is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import itertools
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from sources.campaigns import Campaign
from sources.channels import MAX_SIZE_FACTOR, Delivery, HasLanded, IncomingFile, SkippedFile
from sources.channels.mail_account import (
    Account,
    MailboxRefusedError,
    check_together,
    parse_account,
)
from sources.channels.mail_memory import (
    LandedMessage,
    MailMemory,
    digest_of_head,
    digest_of_message,
)
from sources.channels.mail_opening import (
    DeferredError,
    MessageOpener,
    NotOpenedError,
    OpenedMessage,
)
from sources.channels.mail_server import Head, MailServer, MessageUnavailableError
from sources.grids import NOT_OPENED_NOTE

# before the campaign's first day of meetings: no report of it can be older
MARGIN_BEFORE_CAMPAIGN = dt.timedelta(days=30)
MAX_DELIVERY_BYTES = 1 << 25  # of the files of a delivery, which are all in memory
MAX_DELIVERY_MESSAGES = 100
NOT_OPENED_NAME = "thư không mở"  # stands for a message that is too large, has too many files, or cannot be opened

_logger = logging.getLogger(__name__)
_LETTERS = str.maketrans("0123456789", "ghjkmnpqrs")  # no digits, which may be a unit's code


def open_inbox(inbox: str, home: Path, campaign: Campaign, has_landed: HasLanded) -> MailboxChannel:
    """The channel of a mailbox's address. Raises AccountError where it cannot be used."""
    return MailboxChannel(parse_account(inbox), home, campaign, has_landed)


def canonical(inboxes: Sequence[str]) -> list[str]:
    """The addresses. Raises AccountError where one cannot be used, or not beside the others."""
    check_together([parse_account(inbox) for inbox in inboxes])
    return list(inboxes)


@dataclass(frozen=True, slots=True)
class _ReadMessage:
    """A message as it was read: the files to land, and the record for the memory once they have
    landed; None where the server did not give the message."""

    to_land: list[IncomingFile]
    skipped: list[SkippedFile]
    landed: LandedMessage | None


@dataclass(frozen=True, slots=True)
class MailboxChannel:
    """The inbox of an account; `home` keeps the memory of what has landed of it."""

    account: Account
    home: Path
    campaign: Campaign
    has_landed: HasLanded

    def deliveries(self, as_of: dt.datetime) -> Iterator[Delivery]:
        """The files of the messages received by `as_of` that have not landed, a few messages per
        delivery, oldest first.

        Raises MailboxDownError (an OSError) where the server does not answer, MailboxRefusedError
        where it will not.
        """
        memory = MailMemory(self.home, self.account.name, self.has_landed)
        with (
            MailServer(self.account) as server,
            MessageOpener(self.home / "landed", self.campaign.limits) as opener,
        ):
            known, new, skipped = self._partition(server, memory, as_of)
            yield Delivery(
                [],
                skipped,
                partial(self._confirm, server, memory, known),
                sum(len(k.files) for k in known),
            )
            messages: list[_ReadMessage] = []
            size = 0
            for head in new:
                messages.append(self._read_or_skip(server, opener, memory, head, messages))
                size += head.size
                if size > MAX_DELIVERY_BYTES or len(messages) == MAX_DELIVERY_MESSAGES:
                    yield self._delivery(server, memory, messages)
                    messages, size = [], 0
            if messages:
                yield self._delivery(server, memory, messages)

    def _partition(
        self, server: MailServer, memory: MailMemory, as_of: dt.datetime
    ) -> tuple[list[LandedMessage], list[Head], list[SkippedFile]]:
        """The messages that have landed, the heads of those that have not, and the messages that
        are skipped."""
        validity = server.validity
        since = self.account.since or self._first_day()
        uids = server.uids(since)
        heads = server.heads(uids)
        known = {head.uid: landed for head in heads if (landed := memory.find(validity, head))}
        skipped = [
            SkippedFile(
                f"message {uid} of {self.account.name}", "gone, or the server does not tell of it"
            )
            for uid in sorted(set(uids) - {head.uid for head in heads})
        ]
        if since and (older := len(server.uids(None)) - len(uids)):
            skipped.append(
                SkippedFile(
                    f"{older} messages of {self.account.name}",
                    f"received before {since}, too early for this campaign; ?since=DAY looks at them",
                )
            )
        new = [head for head in heads if head.uid not in known and head.received_at <= as_of]
        return (
            list(known.values()),
            sorted(new, key=lambda head: (head.received_at, head.uid)),
            skipped,
        )

    def _first_day(self) -> dt.date | None:
        first = min((window.first for window in self.campaign.windows.values()), default=None)
        return first - MARGIN_BEFORE_CAMPAIGN if first else None

    def _read_or_skip(
        self,
        server: MailServer,
        opener: MessageOpener,
        memory: MailMemory,
        head: Head,
        before: list[_ReadMessage],
    ) -> _ReadMessage:
        """The message, downloaded. One that the server does not give, or on which our code fails,
        stays there; the others are read."""
        try:
            return self._read_message(server, opener, memory, head, before)
        except (OSError, MailboxRefusedError):
            raise
        except (MessageUnavailableError, DeferredError) as error:
            why = str(error)
        except Exception as error:
            _logger.exception(
                "message %s of %s fails, please report it", head.uid, self.account.name
            )
            why = f"a defect of ours, {type(error).__name__}; it stays on the server and is tried again"
        return _ReadMessage(
            [], [SkippedFile(f"message {head.uid} of {self.account.name}", why)], None
        )

    def _read_message(
        self,
        server: MailServer,
        opener: MessageOpener,
        memory: MailMemory,
        head: Head,
        before: list[_ReadMessage],
    ) -> _ReadMessage:
        """The message's files. One that landed before under another UID or time keeps its first
        time of receipt."""
        message = self._download(server, opener, head)
        key = _key(message, head)
        folder = f"thư {hashlib.sha256(key).hexdigest()[:10].translate(_LETTERS)}"
        named = [(f"{folder}/{name}", data) for name, data in message.files]
        files = tuple((name, hashlib.sha256(data).hexdigest()) for name, data in named)
        digest = digest_of_message(key, files)
        first = memory.by_message(digest) or next(
            (b.landed for b in before if b.landed and b.landed.message == digest), None
        )
        received_at = first.received_at if first else head.received_at
        to_land = [
            IncomingFile(
                name,
                received_at,
                "mailbox",
                partial(io.BytesIO, data),
                _never_changes,
                message.sender,
            )
            for name, data in named
        ]
        skipped = [
            SkippedFile(f"{folder}/{part.file_name}", part.reason) for part in message.skipped
        ]
        if not files:
            skipped.append(
                SkippedFile(
                    folder,
                    f"a message without a file, from {message.sender} at "
                    f"{head.received_at.isoformat()}",
                )
            )
        landed = LandedMessage(
            server.validity, head.uid, digest_of_head(head), digest, received_at, files
        )
        return _ReadMessage(to_land, skipped, landed)

    def _download(self, server: MailServer, opener: MessageOpener, head: Head) -> OpenedMessage:
        """The message, opened.

        One that cannot be opened has one file: a note, which the reader refuses, followed by the
        whole message; by nothing where the message is too large to be downloaded.
        """
        max_bytes = MAX_SIZE_FACTOR * self.campaign.limits.file_bytes
        try:
            if head.size > max_bytes:
                raise _TooLargeError
            opener.store(_limited(max_bytes, server.download(head)))
        except _TooLargeError:
            opener.store(itertools.islice(server.download(head), 1))
            return self._not_opened(opener, head, b"")
        try:
            return opener.open_message()
        except NotOpenedError as error:
            _logger.warning(
                "message %s of %s is kept and refused: %s", head.uid, self.account.name, error
            )
            return self._not_opened(opener, head, b"\n" + opener.stored_bytes())

    def _not_opened(self, opener: MessageOpener, head: Head, raw: bytes) -> OpenedMessage:
        """The note that stands for a message that is not opened, with the sender of its headers."""
        try:
            opened = opener.read_headers()
        except NotOpenedError:
            opened = OpenedMessage(None, hashlib.sha256(opener.stored_bytes()).hexdigest(), [], [])
        note = {"message": hashlib.sha256(_key(opened, head)).hexdigest(), "bytes": head.size}
        return replace(
            opened, files=[(NOT_OPENED_NAME, NOT_OPENED_NOTE + json.dumps(note).encode() + raw)]
        )

    def _delivery(
        self, server: MailServer, memory: MailMemory, messages: list[_ReadMessage]
    ) -> Delivery:
        landed = [message.landed for message in messages if message.landed]
        return Delivery(
            [file for message in messages for file in message.to_land],
            [file for message in messages for file in message.skipped],
            partial(self._confirm, server, memory, landed),
        )

    def _confirm(
        self,
        server: MailServer,
        memory: MailMemory,
        delivered: list[LandedMessage],
        skipped_files: list[SkippedFile],
    ) -> None:
        """Remembers the messages all of whose files have landed, and moves those with files where
        the account asks for it."""
        missing = {file.file_name for file in skipped_files}
        landed = [
            message
            for message in delivered
            if not missing.intersection(name for name, _ in message.files)
        ]
        memory.add(landed)
        moved = [
            message.uid
            for message in landed
            if message.files and not message.files[0][0].endswith(NOT_OPENED_NAME)
        ]
        if self.account.move_to and moved:
            server.move(moved, self.account.move_to)


class _TooLargeError(Exception):
    """A message of more bytes than are downloaded."""


def _limited(max_bytes: float, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks. Raises _TooLargeError past `max_bytes`, whatever size the server listed."""
    size = 0
    for block in blocks:
        size += len(block)
        if size > max_bytes:
            raise _TooLargeError
        yield block


def _key(message: OpenedMessage, head: Head) -> bytes:
    """Identifies a message wherever it lies: its Message-ID, else its date, from, to and
    subject."""
    return head.message_id or message.key.encode("utf-8", "backslashreplace")


def _never_changes() -> bool:
    """A message on a server never changes."""
    return True
