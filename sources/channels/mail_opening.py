"""Messages opened in a child process with limits: a message that breaks Python's parser harms
neither this process nor other messages.

The message goes there in a file without a name, and its files come back in another: nothing is
written that a crash could leave behind, and nothing of the message is parsed here.
"""

from __future__ import annotations

import logging
import os
import signal
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, ValidationError

from sources.campaigns import Limits
from sources.channels import MAX_SIZE_FACTOR, SkippedFile
from sources.channels.mail_child import MAX_ADDRESS_LENGTH, OUT_OF_MEMORY
from sources.channels.mail_parts import MAX_FILES
from sources.children.confined import confined_environment
from sources.children.line_child import LineChild
from sources.declared_model import Declared
from sources.text import visible

MAX_ANSWER_BYTES = 4 << 20  # bytes of the child's answer about a message, without its files
MAX_NAME_LENGTH = 4_000  # letters of a name, with those of the messages that it lay in
_GRACE_SECONDS = 15  # seconds past the limit, in which the child itself ends what takes too long
_QUICK_SECONDS = 1  # what a message takes beyond this counts against all messages' budget
_HURRIED_SECONDS = 5  # that a message has where the budget is spent
_OUT_OF_MEMORY_CODES = (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL)

_logger = logging.getLogger(__name__)


class NotOpenedError(Exception):
    """A message that cannot be opened within the limits, and why, for the log."""


class DeferredError(Exception):
    """A message that takes long, after others had used up the time for slow ones: it is opened in
    a later night."""


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """What a message holds.

    sender   the address in From; None where there is none, or more than one
    key      date, from, to and subject: identifies it where it has no Message-ID
    files    name and bytes of each, each with a name of its own
    skipped  the parts that are no report, and why
    """

    sender: str | None
    key: str
    files: list[tuple[str, bytes]]
    skipped: list[SkippedFile]


class _Answer(Declared):
    """The child's answer about a message, validated before it is used."""

    sender: str | None = Field(default=None, max_length=MAX_ADDRESS_LENGTH)
    key: str = Field(default="", max_length=MAX_ANSWER_BYTES)
    files: tuple[tuple[str, int], ...] = Field(default=(), max_length=MAX_FILES)
    skipped: tuple[tuple[str, str], ...] = ()
    why: str | None = None
    defect: bool = False


class MessageOpener:
    """Opens messages one after another, in a child that is started with the first and again when it
    has died.

    Slow messages share a budget of `seconds_per_sender`; after that each has a few seconds
    (DeferredError).

    scratch  a folder on whose disk a message may lie while it is opened; no name appears in it
    """

    def __init__(self, scratch: Path, limits: Limits) -> None:
        self._limits = limits
        scratch.mkdir(parents=True, exist_ok=True)
        self._message = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed by __exit__, as the next
        self._answer = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115
        # What the child may read of it and no more.
        message = f"/proc/self/fd/{self._message.fileno()}"
        self._read_only = os.open(message, os.O_RDONLY | os.O_CLOEXEC)
        descriptors = self._read_only, self._answer.fileno()
        written = MAX_SIZE_FACTOR * limits.file_bytes + MAX_ANSWER_BYTES
        arguments = [str(number) for number in (*descriptors, limits.memory_bytes, written)]
        self._child = LineChild(
            "sources.channels.mail_child", confined_environment(), arguments, descriptors
        )
        self._seconds_spent = 0.0

    def __enter__(self) -> MessageOpener:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.close()
        os.close(self._read_only)
        self._message.close()
        self._answer.close()

    def store(self, blocks: Iterable[bytes]) -> None:
        """Stores the bytes of a message until the next one. Raises what iterating over `blocks`
        raises."""
        self._message.seek(0)
        self._message.truncate()
        for block in blocks:
            self._message.write(block)
        self._message.flush()

    def open_message(self) -> OpenedMessage:
        """What the stored message holds. Raises NotOpenedError, DeferredError."""
        return self._ask(whole=True)

    def read_headers(self) -> OpenedMessage:
        """The sender and key of the stored message, from its headers alone. Raises
        NotOpenedError."""
        return self._ask(whole=False)

    def stored_bytes(self) -> bytes:
        """The bytes of the stored message."""
        self._message.seek(0)
        return self._message.read()

    def _ask(self, whole: bool) -> OpenedMessage:
        is_budget_spent = self._seconds_spent >= self._limits.seconds_per_sender
        seconds = (
            min(_HURRIED_SECONDS, self._limits.seconds) if is_budget_spent else self._limits.seconds
        )
        code = self._exit_code_of(whole, seconds)
        if code == -signal.SIGALRM and is_budget_spent:
            raise DeferredError("it takes long, and other messages had taken too much time already")
        # once more: it may have been the machine's state, and the answer is permanent
        if code != 0:
            code = self._exit_code_of(whole, seconds)
        if code != 0:
            raise NotOpenedError(
                "it takes too much memory"
                if code in _OUT_OF_MEMORY_CODES
                else "it takes too long"
                if code == -signal.SIGALRM
                else f"opening it ended with {code}"
            )
        self._answer.seek(0)
        try:
            answer = _Answer.model_validate_json(self._answer.readline(MAX_ANSWER_BYTES))
        except ValidationError:
            raise NotOpenedError("the answer about it cannot be trusted") from None
        if answer.why:
            if answer.defect:
                _logger.warning(
                    "a message is not opened for a defect of ours, please report it: %s",
                    _line(answer.why),
                )
            raise NotOpenedError(_line(answer.why))
        return self._checked(answer)

    def _checked(self, answer: _Answer) -> OpenedMessage:
        """The answer with the files' bytes. Raises NotOpenedError where the sizes in it are
        wrong."""
        files = [
            (_line(name), self._answer.read(size) if size > 0 else b"")
            for name, size in answer.files
        ]
        if any(len(data) != size for (_, data), (_, size) in zip(files, answer.files, strict=True)):
            raise NotOpenedError("the answer about it cannot be trusted")
        sender = _line(answer.sender) if answer.sender else None
        return OpenedMessage(
            sender,
            answer.key,
            files,
            [SkippedFile(_line(n), _line(why)) for n, why in answer.skipped],
        )

    def _exit_code_of(self, whole: bool, seconds: int) -> int:
        """The exit code of the process that opened the message; that of its parent where it has
        died itself."""
        begun = time.monotonic()
        try:
            return self._exit_code({"whole": whole, "seconds": seconds}, seconds)
        finally:
            elapsed = time.monotonic() - begun
            self._seconds_spent += elapsed if elapsed > _QUICK_SECONDS else 0.0

    def _exit_code(self, question: dict[str, object], seconds: int) -> int:
        os.ftruncate(self._answer.fileno(), 0)
        try:
            code = self._child.ask(question, seconds + _GRACE_SECONDS)
        except TimeoutError:
            return -signal.SIGALRM
        return code if isinstance(code, int) else -signal.SIGKILL


def _line(text: str) -> str:
    return visible(text[:MAX_NAME_LENGTH], line_breaks=False)
