"""A crew of readers at work on many contents: who reads what, what takes long, and what is tried again.

A file that takes long is deferred: such files are read last, one at a time, and what one origin's
may take together is bounded (`ReadingBudget`). When a reader dies, the file it was at is tried once
more by itself.
"""

from __future__ import annotations

import logging
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sources.campaigns import Limits
from sources.children.answers import DEFERRED, OUT_OF_MEMORY, STRANGE, TOO_COSTLY, refusal
from sources.children.reading_server import (
    Content,
    Reader,
    ReaderServer,
    ReadingError,
    ServerEndedError,
    readable,
)

__all__ = [
    "MAX_FILES_WITH_OWN_READER",
    "Answer",
    "Content",
    "Crew",
    "ReaderPool",
    "ReadingBudget",
    "ReadingError",
]

_logger = logging.getLogger(__name__)
_FILES_AHEAD = 8  # given to a reader at a time, so that it need not wait for the parent
# As many as a district sends in a night have a reader each, at 12 ms more a file. Of more files one
# reader reads several of one origin: a reader each would make reading cost three times as much.
MAX_FILES_WITH_OWN_READER = 100
_MAX_FILES_PER_READER = 250
_FIRST_TRY_SECONDS = 5  # a file that takes longer is read again at the end
_FIRST_TRY_SECONDS_OF_SLOW_ORIGIN = 1  # the same, where the origin has sent such a file
_SLOW_SECONDS = 1  # what a file takes beyond this counts against its origin
_MAX_RESTARTS = 3
# Native code aborts where it gets no memory.
_OUT_OF_MEMORY_CODES = (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL)


@dataclass(slots=True)
class ReadingBudget:
    """What slow files may cost in one night: seconds of one origin, and of all; `spent` by origin
    so far."""

    per_origin: float
    per_night: float
    spent: dict[str, float] = field(default_factory=dict)

    @staticmethod
    def without_end() -> ReadingBudget:
        """A budget that is never spent."""
        return ReadingBudget(float("inf"), float("inf"))

    def charge(self, origin: str, seconds: float) -> None:
        """A file of that origin took so long."""
        if seconds > _SLOW_SECONDS:
            self.spent[origin] = self.spent.get(origin, 0.0) + seconds

    def is_spent(self, origin: str) -> bool:
        """Whether no slow file of that origin is to be read any more."""
        return (
            self.spent.get(origin, 0.0) >= self.per_origin
            or sum(self.spent.values()) >= self.per_night
        )


Answer = tuple[dict[str, Any], int]  # and how many bytes it took


@dataclass(frozen=True, slots=True)
class Crew:
    """Readers of one kind: the server that forks them, how many at a time, and what slow files may
    cost."""

    server: ReaderServer
    workers: int
    budget: ReadingBudget
    reads_pages: bool = False


class ReaderPool:
    """The readers at work on the contents, each replaced when it has read its files, or fails."""

    def __init__(
        self,
        contents: Sequence[Content],
        limits: Limits,
        crew: Crew,
    ) -> None:
        by_origin: dict[str, list[Content]] = {}
        for content in contents:
            by_origin.setdefault(content.origin, []).append(content)
        self._todo = deque(content for group in by_origin.values() for content in group)
        self._slow, self._read_alone = list[Content](), set[str]()
        self._server, self._budget = crew.server, crew.budget
        self._seconds = limits.seconds_of_pages if crew.reads_pages else limits.seconds
        self._first_try_seconds = self._seconds if crew.reads_pages else _FIRST_TRY_SECONDS
        self._slow_origins, self._crashed_once = set[str](), set[str]()  # origins; contents
        self._workers, self._restarts = crew.workers, 0
        self._readers: list[Reader] = []
        self._max_files_per_reader = (
            1
            if crew.reads_pages or len(contents) <= MAX_FILES_WITH_OWN_READER
            else _MAX_FILES_PER_READER
        )

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(self, *_: object) -> None:
        for reader in self._readers:
            reader.close()

    def answers(self) -> Iterator[Answer]:
        """One answer per content, as they come, whatever becomes of the readers."""
        while self._todo or self._slow or any(reader.pending for reader in self._readers):
            for answer in self._round():
                begun = time.monotonic()
                yield answer
                for reader in self._readers:  # it may have waited for us to take its answers
                    reader.since += time.monotonic() - begun

    def _round(self) -> list[Answer]:
        answers: list[Answer] = []
        try:
            self._assign(answers)
            for reader in readable(self._readers, seconds=0 if answers else 0.25):
                self._receive_from(reader, answers)
            for reader in self._readers[:]:
                if reader.pending and time.monotonic() - reader.since > self._allowed(
                    reader.pending[0]
                ):
                    self._handle_timeout(reader, answers)
        except ServerEndedError:
            self._restart()
        return answers

    def _assign(self, answers: list[Answer]) -> None:
        """First all files that take no time, then those that took too long, one at a time."""
        if self._todo:
            for reader in self._readers[:]:
                # its files are read
                if not reader.pending and not self._may_take(reader, self._todo[0]):
                    self._dismiss(reader)
            while len(self._readers) < min(self._workers, len(self._todo) + len(self._readers)):
                self._readers.append(self._server.fork())
            for reader in self._readers:
                while (
                    self._todo
                    and len(reader.pending) < _FILES_AHEAD
                    and self._may_take(reader, self._todo[0])
                ):
                    self._send_to(reader, self._todo.popleft(), answers)
        elif self._slow and not any(reader.pending for reader in self._readers):
            for reader in self._readers[:]:
                self._dismiss(reader)
            content = min(self._slow, key=lambda one: self._budget.spent.get(one.origin, 0.0))
            self._slow.remove(content)
            if self._budget.is_spent(content.origin):
                answers.append(
                    ({"sha256": content.sha256, "outcome": "deferred", "reason": DEFERRED}, 0)
                )
            else:
                self._readers.append(self._server.fork())
                self._send_to(self._readers[0], content, answers)

    def _may_take(self, reader: Reader, content: Content) -> bool:
        return reader.origin in (None, content.origin) and reader.given < self._max_files_per_reader

    def _send_to(self, reader: Reader, content: Content, answers: list[Answer]) -> None:
        try:
            reader.send(content)
        except OSError as error:
            _logger.warning("content %s cannot be opened: %s", content.sha256, error.strerror)
            answers.append((refusal(content.sha256, STRANGE), 0))

    def _receive_from(self, reader: Reader, answers: list[Answer]) -> None:
        origin, begun = reader.origin or "", reader.since
        received = reader.receive()
        if received is None:
            self._handle_exit(reader, answers)
            return
        if received:
            self._budget.charge(origin, (reader.since - begun) / len(received))
        for answer, size in received:
            if answer.get("defect"):
                _logger.warning(
                    "content %s is refused for a defect of ours, please report it: %s",
                    answer["sha256"],
                    answer["defect"],
                )
            answers.append((answer, size))
        if reader.problem is not None and reader.pending:
            content = reader.pending.popleft()
            _logger.warning(
                "content %s is refused: its reader answered what it was not asked (%s)",
                content.sha256,
                reader.problem,
            )
            answers.append((refusal(content.sha256, STRANGE), 0))
        if reader.problem is not None:
            self._replace(reader)

    def _allowed(self, content: Content) -> float:
        """The seconds that a file may take: all of the campaign's once it is read by itself."""
        if content.sha256 in self._read_alone:
            return self._seconds
        return min(
            self._seconds,
            _FIRST_TRY_SECONDS_OF_SLOW_ORIGIN
            if content.origin in self._slow_origins
            else self._first_try_seconds,
        )

    def _handle_timeout(self, reader: Reader, answers: list[Answer]) -> None:
        content = reader.pending.popleft()
        self._budget.charge(content.origin, time.monotonic() - reader.since)
        if self._allowed(content) < self._seconds:
            self._defer_to_end(content)
        else:
            answers.append((refusal(content.sha256, TOO_COSTLY.format(what="thời gian")), 0))
        self._replace(reader)

    def _handle_exit(self, reader: Reader, answers: list[Answer]) -> None:
        """A reader that ended by itself: its file is tried once more, as what was read before may
        have worn it out."""
        code = self._server.exit_code(reader)
        if reader.pending:
            content = reader.pending.popleft()
            if content.sha256 in self._crashed_once:
                reason = (
                    TOO_COSTLY.format(what="bộ nhớ") if code in _OUT_OF_MEMORY_CODES else STRANGE
                )
                answers.append((refusal(content.sha256, reason), 0))
            else:
                self._crashed_once.add(content.sha256)
                self._defer_to_end(content)
        self._replace(reader)

    def _defer_to_end(self, content: Content) -> None:
        self._slow.append(content)
        self._read_alone.add(content.sha256)
        self._slow_origins.add(content.origin)

    def _replace(self, reader: Reader) -> None:
        """Kill a reader; what it has not begun is read by another, origins that made no trouble
        first."""
        self._todo.extendleft(reversed(reader.pending))
        self._todo = deque(
            sorted(self._todo, key=lambda content: content.origin in self._slow_origins)
        )
        self._server.kill(reader)
        self._dismiss(reader)

    def _dismiss(self, reader: Reader) -> None:
        self._readers.remove(reader)
        reader.close()

    def _restart(self) -> None:
        """Another server in the place of one that the system has ended; its readers ended with
        it."""
        self._restarts += 1
        if self._restarts > _MAX_RESTARTS:
            raise ReadingError(f"the reading process ended {self._restarts} times")
        for reader in self._readers[:]:
            again = [content for content in reader.pending if content.sha256 in self._read_alone]
            self._slow += again
            self._todo.extendleft(
                content for content in reversed(reader.pending) if content not in again
            )
            self._dismiss(reader)
        self._server.restart()
