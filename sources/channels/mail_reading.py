"""A message of a mailbox read into the files to land.

A file is named by its message and its own name, `thư kbdfhmcaqe/Báo cáo.xlsx`: the letters stand
for the Message-ID, so that the name is the same whatever UIDs the server gives, and no subject or
name of a person is kept.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sources.campaigns import Limits
from sources.channels import MAX_SIZE_FACTOR, IncomingFile, SkippedFile
from sources.channels.mail_account import MailboxRefusedError
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

NOT_OPENED_NAME = "thư không mở"  # stands for a message that is too large, has too many files, or cannot be opened

_logger = logging.getLogger(__name__)
_LETTERS = str.maketrans("0123456789", "ghjkmnpqrs")  # no digits, which may be a unit's code


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message as it was read: the files to land, and the record for the memory once they have
    landed; None where the server did not give the message."""

    to_land: list[IncomingFile]
    skipped: list[SkippedFile]
    landed: LandedMessage | None


class MessageReader:
    """Reads messages of a mailbox, which logs call `mailbox`."""

    def __init__(
        self,
        server: MailServer,
        opener: MessageOpener,
        memory: MailMemory,
        mailbox: str,
        limits: Limits,
    ) -> None:
        self._server, self._opener, self._memory = server, opener, memory
        self._mailbox, self._limits = mailbox, limits

    def read(self, head: Head, earlier: Sequence[ReadMessage]) -> ReadMessage:
        """The message of that head; `earlier` are the messages read before it that have not landed.

        One that the server does not give, or on which our code fails, is skipped and stays there.
        Raises OSError and MailboxRefusedError.
        """
        try:
            return self._read(head, earlier)
        except (OSError, MailboxRefusedError):
            raise
        except (MessageUnavailableError, DeferredError) as error:
            why = str(error)
        except Exception as error:
            _logger.exception("message %s of %s fails, please report it", head.uid, self._mailbox)
            why = f"a defect of ours, {type(error).__name__}; it stays on the server and is tried again"
        return ReadMessage([], [SkippedFile(f"message {head.uid} of {self._mailbox}", why)], None)

    def _read(self, head: Head, earlier: Sequence[ReadMessage]) -> ReadMessage:
        """The message's files. One that landed before under another UID or time keeps its first
        time of receipt."""
        message = self._download(head)
        key = _key(message, head)
        folder = f"thư {hashlib.sha256(key).hexdigest()[:10].translate(_LETTERS)}"
        named = [(f"{folder}/{name}", data) for name, data in message.files]
        files = tuple((name, hashlib.sha256(data).hexdigest()) for name, data in named)
        digest = digest_of_message(key, files)
        first = self._memory.by_message(digest) or next(
            (m.landed for m in earlier if m.landed and m.landed.message == digest), None
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
            self._server.validity, head.uid, digest_of_head(head), digest, received_at, files
        )
        return ReadMessage(to_land, skipped, landed)

    def _download(self, head: Head) -> OpenedMessage:
        """The message, opened.

        One that cannot be opened has one file: a note, which the reader refuses, followed by the
        whole message; by nothing where the message is too large to be downloaded.
        """
        max_bytes = MAX_SIZE_FACTOR * self._limits.file_bytes
        try:
            if head.size > max_bytes:
                raise _TooLargeError
            self._opener.store(_limited(max_bytes, self._server.download(head)))
        except _TooLargeError:
            self._opener.store(itertools.islice(self._server.download(head), 1))
            return self._not_opened(head, b"")
        try:
            return self._opener.open_message()
        except NotOpenedError as error:
            _logger.warning(
                "message %s of %s is kept and refused: %s", head.uid, self._mailbox, error
            )
            return self._not_opened(head, b"\n" + self._opener.stored_bytes())

    def _not_opened(self, head: Head, raw: bytes) -> OpenedMessage:
        """The note that stands for a message that is not opened, with the sender of its headers."""
        try:
            opened = self._opener.read_headers()
        except NotOpenedError:
            opened = OpenedMessage(
                None, hashlib.sha256(self._opener.stored_bytes()).hexdigest(), [], []
            )
        note = {"message": hashlib.sha256(_key(opened, head)).hexdigest(), "bytes": head.size}
        return replace(
            opened, files=[(NOT_OPENED_NAME, NOT_OPENED_NOTE + json.dumps(note).encode() + raw)]
        )


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
