"""Many contents read in processes of their own, so that no file can harm or halt the night.

Of a few files each has a reader of its own (`sources.children.reading_server`); of many a reader
reads up to `_FILES` of one origin, a sender or a folder. A file that takes long is put aside at
first: such files are read last, one at a time, and what one origin's may take together is bounded
(`ReadingBudget`). When a reader dies, the file it was at is tried once more by itself.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources.campaigns import Limits, load_campaign
from sources.children.answers import OUT_OF_MEMORY, PUT_OFF, ROWS, STRANGE, TOO_COSTLY, refusal
from sources.children.reading_server import (
    Content,
    Reader,
    ReaderServer,
    ReadingError,
    ServerEndedError,
    readable,
)
from sources.decisions import NAMING, Decision

__all__ = ["ChunkResult", "ReadingBudget", "ReadingError", "read_contents", "start_readers"]

EXTRACT = "sources.extraction:extract"

_logger = logging.getLogger(__name__)
_AHEAD = 8  # files given to a reader at a time, so that it need not wait for the parent
_FEW = 100  # files: as many as a district sends in a night are read by a reader each, at 12 ms more a file
_FILES = 250  # of one origin, by one reader, where there are more: a reader each would cost five times as much
_STAGE_BYTES = 8 << 20  # of answers that are held in memory until they are staged together
_MOST_WORKERS = 4
_QUICK_SECONDS, _HURRIED_SECONDS = (
    5,
    1,
)  # after which a file is put aside; the same where its origin sent such a one
_SLOW_SECONDS = 1  # what a file takes beyond this counts against its origin
_MOST_RESTARTS = 3
_SPENT = (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL)  # native code aborts where it gets none


@dataclass(slots=True)
class ChunkResult:
    """What was read from some contents: of each its `content` row, and its facts, findings and
    account by column.

    put_off  SHA-256 and reason (Vietnamese) of contents that were not read, as their origin's
    budget is spent
    """

    contents: list[dict[str, object]] = field(default_factory=list)
    facts: list[tuple[str, list[list[object]]]] = field(default_factory=list)
    findings: list[tuple[str, list[list[object]]]] = field(default_factory=list)
    account: list[tuple[str, list[list[object]]]] = field(default_factory=list)
    put_off: list[tuple[str, str]] = field(default_factory=list)

    def add(self, answer: dict[str, Any]) -> None:
        """Add what a reader answered about one content."""
        sha256 = answer["sha256"]
        content = {
            "sha256": sha256,
            "outcome": answer["outcome"],
            "reason": answer.get("reason"),
            "macros": False,
        }
        self.contents.append(content | answer.get("content", {}))
        for name in ROWS:
            getattr(self, name).append((sha256, answer.get(name, [])))


@dataclass(slots=True)
class ReadingBudget:
    """What slow files may cost in one night: seconds of one origin, and of all; `spent` by origin
    so far."""

    per_origin: float
    per_night: float
    spent: dict[str, float] = field(default_factory=dict)

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


def start_readers(
    campaign_folder: Path, decisions: Sequence[Decision] = (), extract: str = EXTRACT
) -> ReaderServer:
    """Starts the process that forks readers, and does not wait for it: its imports take most of a
    second."""
    names = [d.model_dump(mode="json") for d in decisions if d.kind in (*NAMING, "undo")]
    return ReaderServer({"campaign": str(campaign_folder), "extract": extract, "decisions": names})


def read_contents(
    contents: Iterable[tuple[str, str]],
    campaign_folder: Path,
    on_done: Callable[[int], None] | None = None,
    *,
    extract: str = EXTRACT,
    workers: int | None = None,
    chunk: int = 100,
    decisions: Sequence[Decision] = (),
    origins: Mapping[str, str] | None = None,
    budget: ReadingBudget | None = None,
    server: ReaderServer | None = None,
) -> Iterator[ChunkResult]:
    """Results of all contents in the order in which they are done, `chunk` at a time, or fewer that
    say much.

    contents: SHA-256 and path of each; on_done: called with how many are done; extract:
    "module:function" that makes an Extract of a Document and a Campaign; decisions: what officers
    decided, of which the units' names are read by; origins: by SHA-256 who sent it, or the folder
    it lay in; budget: what slow files may cost, without end if left out; server: one started by
    `start_readers` for the same campaign and decisions, which goes on after them. Raises
    ReadingError where readers do not start.
    """
    limits = load_campaign(campaign_folder).limits
    todo = [Content(sha256, path, (origins or {}).get(sha256, "")) for sha256, path in contents]
    result, size, done = ChunkResult(), 0, 0
    if not todo:
        return
    with contextlib.ExitStack() as stack:
        server = server or stack.enter_context(start_readers(campaign_folder, decisions, extract))
        crew = stack.enter_context(
            _Crew(
                todo,
                server,
                limits,
                workers or _cores(),
                budget or ReadingBudget(float("inf"), float("inf")),
            )
        )
        for answer, answer_bytes in crew.answers():
            if answer["outcome"] == "put_off":
                result.put_off.append((answer["sha256"], answer["reason"]))
            else:
                result.add(answer)
            size += answer_bytes
            done += 1
            if on_done is not None:
                on_done(done)
            if len(result.contents) >= chunk or size >= _STAGE_BYTES:
                yield result
                result, size = ChunkResult(), 0
    if result.contents or result.put_off:
        yield result


Answer = tuple[dict[str, Any], int]  # and how many bytes it took


class _Crew:
    """The readers at work on the contents, each replaced when it has read its files, or fails."""

    def __init__(
        self,
        contents: Sequence[Content],
        server: ReaderServer,
        limits: Limits,
        workers: int,
        budget: ReadingBudget,
    ) -> None:
        by_origin: dict[str, list[Content]] = {}
        for content in contents:
            by_origin.setdefault(content.origin, []).append(content)
        self._todo = deque(content for group in by_origin.values() for content in group)
        self._slow, self._aside = list[Content](), set[str]()
        self._server, self._limits, self._budget = server, limits, budget
        self._hurried, self._died = set[str](), set[str]()  # origins; contents
        self._workers, self._restarts = workers, 0
        self._readers: list[Reader] = []
        self._files_of_a_reader = 1 if len(contents) <= _FEW else _FILES

    def __enter__(self) -> _Crew:
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
        found: list[Answer] = []
        try:
            self._hand_out(found)
            for reader in readable(self._readers, seconds=0 if found else 0.25):
                self._hear(reader, found)
            for reader in self._readers[:]:
                if reader.pending and time.monotonic() - reader.since > self._allowed(
                    reader.pending[0]
                ):
                    self._overdue(reader, found)
        except ServerEndedError:
            self._restart()
        return found

    def _hand_out(self, found: list[Answer]) -> None:
        """First all files that take no time, then those that were put aside, one at a time."""
        if self._todo:
            for reader in self._readers[:]:
                if not reader.pending and not self._is_for(
                    reader, self._todo[0]
                ):  # its files are read
                    self._dismiss(reader)
            while len(self._readers) < min(self._workers, len(self._todo) + len(self._readers)):
                self._readers.append(self._server.fork())
            for reader in self._readers:
                while (
                    self._todo
                    and len(reader.pending) < _AHEAD
                    and self._is_for(reader, self._todo[0])
                ):
                    self._give(reader, self._todo.popleft(), found)
        elif self._slow and not any(reader.pending for reader in self._readers):
            for reader in self._readers[:]:
                self._dismiss(reader)
            content = min(self._slow, key=lambda one: self._budget.spent.get(one.origin, 0.0))
            self._slow.remove(content)
            if self._budget.is_spent(content.origin):
                found.append(
                    ({"sha256": content.sha256, "outcome": "put_off", "reason": PUT_OFF}, 0)
                )
            else:
                self._readers.append(self._server.fork())
                self._give(self._readers[0], content, found)

    def _is_for(self, reader: Reader, content: Content) -> bool:
        return reader.origin in (None, content.origin) and reader.given < self._files_of_a_reader

    def _give(self, reader: Reader, content: Content, found: list[Answer]) -> None:
        try:
            reader.give(content)
        except OSError as error:
            _logger.warning("content %s cannot be opened: %s", content.sha256, error.strerror)
            found.append((refusal(content.sha256, STRANGE), 0))

    def _hear(self, reader: Reader, found: list[Answer]) -> None:
        origin, begun = reader.origin or "", reader.since
        answers = reader.hear()
        if answers is None:
            self._ended(reader, found)
            return
        if answers:
            self._budget.charge(origin, (reader.since - begun) / len(answers))
        for answer, size in answers:
            if answer.get("defect"):
                _logger.warning(
                    "content %s is refused for a defect of ours, please report it: %s",
                    answer["sha256"],
                    answer["defect"],
                )
            found.append((answer, size))
        if reader.problem is not None and reader.pending:
            content = reader.pending.popleft()
            _logger.warning(
                "content %s is refused: its reader answered what it was not asked (%s)",
                content.sha256,
                reader.problem,
            )
            found.append((refusal(content.sha256, STRANGE), 0))
        if reader.problem is not None:
            self._replace(reader)

    def _allowed(self, content: Content) -> float:
        """The seconds that a file may take: all of the campaign's once it is read by itself."""
        if content.sha256 in self._aside:
            return self._limits.seconds
        return min(
            self._limits.seconds,
            _HURRIED_SECONDS if content.origin in self._hurried else _QUICK_SECONDS,
        )

    def _overdue(self, reader: Reader, found: list[Answer]) -> None:
        content = reader.pending.popleft()
        self._budget.charge(content.origin, time.monotonic() - reader.since)
        if self._allowed(content) < self._limits.seconds:
            self._put_aside(content)
        else:
            found.append((refusal(content.sha256, TOO_COSTLY.format(what="thời gian")), 0))
        self._replace(reader)

    def _ended(self, reader: Reader, found: list[Answer]) -> None:
        """A reader that ended by itself: its file is tried once more, as what was read before may
        have worn it out."""
        code = self._server.exit_code(reader)
        if reader.pending:
            content = reader.pending.popleft()
            if content.sha256 in self._died:
                reason = TOO_COSTLY.format(what="bộ nhớ") if code in _SPENT else STRANGE
                found.append((refusal(content.sha256, reason), 0))
            else:
                self._died.add(content.sha256)
                self._put_aside(content)
        self._replace(reader)

    def _put_aside(self, content: Content) -> None:
        self._slow.append(content)
        self._aside.add(content.sha256)
        self._hurried.add(content.origin)

    def _replace(self, reader: Reader) -> None:
        """Kill a reader; what it has not begun is read by another, origins that made no trouble
        first."""
        self._todo.extendleft(reversed(reader.pending))
        self._todo = deque(sorted(self._todo, key=lambda content: content.origin in self._hurried))
        self._server.kill(reader)
        self._dismiss(reader)

    def _dismiss(self, reader: Reader) -> None:
        self._readers.remove(reader)
        reader.close()

    def _restart(self) -> None:
        """Another server in the place of one that the system has ended; its readers ended with
        it."""
        self._restarts += 1
        if self._restarts > _MOST_RESTARTS:
            raise ReadingError(f"the reading process ended {self._restarts} times")
        for reader in self._readers[:]:
            again = [content for content in reader.pending if content.sha256 in self._aside]
            self._slow += again
            self._todo.extendleft(
                content for content in reversed(reader.pending) if content not in again
            )
            self._dismiss(reader)
        self._server.restart()


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)), _MOST_WORKERS)
