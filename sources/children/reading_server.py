"""The processes that read, as their parent sees them: a server that forks readers, and the readers.

We start the server ourselves: `multiprocessing` would import the parent's main module into it,
which under a Prefect worker is Prefect. It imports and loads all once; a reader forked from it is
ready in some milliseconds.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources.children.answers import ANSWER_BYTES, NotAnAnswerError, parse_answer
from sources.children.confined import confined_environment

_PIPE_BYTES = 1 << 20  # room for the answers to what a reader was given ahead
_START_SECONDS = 60
_END_SECONDS = 10  # within which the server tells of an end that was seen
_MESSAGE_BYTES = 1 << 10


class ReadingError(Exception):
    """The readers do not start: nothing can be read, whatever the files. The log has the child's
    own words."""


class ServerEndedError(ReadingError):
    """The server had started, and has ended since: another one may be started."""


@dataclass(frozen=True, slots=True)
class Content:
    """A content to read: its SHA-256, the path of its bytes, and where it came from (one sender, or
    one folder)."""

    sha256: str
    path: str
    origin: str = ""


class ReaderServer:
    """The process that forks readers; made, it is on its way, and whoever asks for the first reader
    waits for it.

    setup: the campaign's folder, which function extracts, and the decisions that name units. Raises
    ReadingError where it does not start, ServerEndedError where it ends.
    """

    def __init__(self, setup: dict[str, Any]) -> None:
        self._setup = setup
        self._start()

    def __enter__(self) -> ReaderServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "sources.children.reading_child",
                    str(os.getpid()),
                    str(theirs.fileno()),
                ],
                env=confined_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._numbers, self._exit_codes, self._is_ready = (
            itertools.count(1),
            dict[str, int](),
            False,
        )
        self._control.settimeout(_START_SECONDS)
        message = json.dumps(self._setup).encode()
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * len(message) + 65_536)
        self._send(message)

    def _await_ready(self) -> None:
        if self._receive() != b"ready":
            raise ReadingError(
                f"the reading process ended with exit code {self.end()} before its first file"
            )
        self._control.settimeout(_END_SECONDS)
        self._is_ready = True

    def restart(self) -> None:
        """Start another process in the place of one that has ended; its readers ended with it."""
        self.end()
        self._start()

    def fork(self) -> Reader:
        """A fresh reader."""
        if not self._is_ready:
            self._await_ready()
        self._receive_exits()
        number = str(next(self._numbers))
        questions, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        answers, written = os.pipe()
        with contextlib.suppress(OSError):  # a smaller pipe is only slower
            fcntl.fcntl(answers, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        try:
            self._send(f"fork {number}".encode(), theirs.fileno(), written)
        finally:
            theirs.close()
            os.close(written)
        return Reader(number, questions, answers)

    def kill(self, reader: Reader) -> None:
        """End the reader at once; of one that has ended already nothing is left to do."""
        self._send(f"kill {reader.number}".encode())

    def exit_code(self, reader: Reader) -> int:
        """The exit code of a reader whose answers have ended."""
        while reader.number not in self._exit_codes:
            self._receive_exit()
        return self._exit_codes.pop(reader.number)

    def end(self) -> int:
        """Kill it, and with it all its readers; its exit code."""
        self._control.close()
        if self._is_ready:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return self._process.wait(timeout=1)
        self._process.kill()
        return self._process.wait()

    def _receive_exits(self) -> None:
        """Take what it has answered by now: untaken, it would in the end wait for us while we wait for
        it."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        while poll.poll(0):
            self._receive_exit()

    def _receive_exit(self) -> None:
        message = self._receive()
        if not message:
            raise ServerEndedError(f"the reading process ended with exit code {self.end()}")
        number, code = message.decode().split()
        self._exit_codes[number] = int(code)

    def _send(self, message: bytes, *descriptors: int) -> None:
        # it has died, which is seen where it answers
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self._control, [message], list(descriptors))

    def _receive(self) -> bytes:
        try:
            return self._control.recv(_MESSAGE_BYTES)
        except ConnectionResetError:
            return b""
        except TimeoutError:
            seconds = self._control.gettimeout()
            raise ReadingError(f"the reading process did not answer within {seconds} s") from None


@dataclass(slots=True)
class Reader:
    """One reader: the contents that it was given and has not answered, and since when it is at the
    first of them."""

    number: str
    questions: socket.socket
    answers: int
    pending: deque[Content] = field(default_factory=deque)
    given: int = 0
    origin: str | None = None
    since: float = 0.0
    problem: NotAnAnswerError | None = None
    _part: bytearray = field(default_factory=bytearray)

    def send(self, content: Content) -> None:
        """Ask for one content more. Raises OSError where its bytes cannot be opened."""
        with Path(content.path).open("rb") as original:
            if not self.pending:
                self.since = time.monotonic()
            self.pending.append(content)
            self.given, self.origin = self.given + 1, content.origin
            # it has died, as its answers tell
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                socket.send_fds(self.questions, [content.sha256.encode()], [original.fileno()])

    def receive(self) -> list[tuple[dict[str, Any], int]] | None:
        """The answers that it has written by now, each with the bytes it took; None where it has
        ended.

        `problem` is set where it writes what is no answer to what it was asked: nothing more of it
        is to be believed. A part of an answer does not set back the time that its file may take.
        """
        read = os.read(self.answers, _PIPE_BYTES)
        if not read:
            return None
        self._part += read
        lines = self._part.split(b"\n") if b"\n" in read else [self._part]
        self._part = lines.pop()
        answers: list[tuple[dict[str, Any], int]] = []
        try:
            for line in lines:
                self._check_asked()
                answers.append((parse_answer(bytes(line), self.pending[0].sha256), len(line)))
                self.pending.popleft()
                self.since = time.monotonic()
            if self._part:
                self._check_asked()
        except NotAnAnswerError as problem:
            self.problem = problem
        return answers

    def _check_asked(self) -> None:
        if not self.pending or len(self._part) > ANSWER_BYTES:
            raise NotAnAnswerError("more than it was asked for")

    def close(self) -> None:
        """Let it go: it ends where it has nothing left to answer."""
        self.questions.close()
        os.close(self.answers)


def readable(readers: list[Reader], seconds: float) -> list[Reader]:
    """Those of the readers that have written something, or ended, within that time."""
    poll = select.poll()
    for reader in readers:
        poll.register(reader.answers, select.POLLIN)
    ready = {descriptor for descriptor, _ in poll.poll(seconds * 1000)}
    return [reader for reader in readers if reader.answers in ready]
