"""Many contents read in child processes, so that no file can harm or halt the night.

Each child answers file by file. When one dies or exceeds its time, the file it was at is tried once more in a fresh
child, then refused; the files behind it go to the next child. We start the children ourselves: `multiprocessing` would
import the parent's main module into each of them, which under a Prefect worker is Prefect.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources.campaigns import Limits, load_campaign
from sources.confined import confined_environment
from sources.decisions import NAMING, Decision

EXTRACT = "sources.extraction:extract"
OUT_OF_MEMORY = 77  # exit code of a child whose memory is spent
STRANGE = ("Tệp có cấu trúc lạ nên không đọc được; đề nghị mở tệp, lưu lại dạng Excel (.xlsx) hoặc Word (.docx) "
           "rồi gửi lại.")
TOO_COSTLY = ("Đọc tệp tốn quá nhiều {what} nên phải dừng; đề nghị bỏ phần thừa, lưu lại dạng Excel (.xlsx) "
              "hoặc Word (.docx) rồi gửi lại.")

_logger = logging.getLogger(__name__)
_AHEAD = 8  # files given to a child at a time, so that it need not wait for the parent
_PIPE_BYTES = 1 << 20  # and room for their answers
_MOST_WORKERS = 4
_START_SECONDS = 60
_SPENT = (OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGKILL)  # native code aborts where it gets none

Content = tuple[str, str]  # SHA-256, path of the bytes


class ReadingError(Exception):
    """The children do not start: nothing can be read, whatever the files. The log has the child's own words."""


@dataclass(slots=True)
class ChunkResult:
    """What was read from some contents: of each its `content` row, and its facts and findings as lists by column."""

    contents: list[dict[str, object]] = field(default_factory=list)
    facts: list[tuple[str, list[list[object]]]] = field(default_factory=list)
    findings: list[tuple[str, list[list[object]]]] = field(default_factory=list)


def read_contents(contents: Iterable[Content], campaign_folder: Path, on_done: Callable[[int], None] | None = None, *,
                  extract: str = EXTRACT, workers: int | None = None, chunk: int = 100,
                  decisions: Sequence[Decision] = ()) -> Iterator[ChunkResult]:
    """Results of all contents, `chunk` at a time, in the order in which they are done.

    contents: SHA-256 and path of each; on_done: called with how many are done; extract: "module:function" that makes an
    Extract of a Document and a Campaign; decisions: what officers decided, of which the units' names are read by.
    Raises ReadingError where children do not start.
    """
    limits = load_campaign(campaign_folder).limits
    names = [d.model_dump(mode="json") for d in decisions if d.kind in (*NAMING, "undo")]
    setup = json.dumps({"campaign": str(campaign_folder), "extract": extract, "decisions": names})
    result, done = ChunkResult(), 0
    with _Crew(contents, setup, limits, workers or _cores()) as crew:
        for answer in crew.answers():
            _add(result, answer)
            done += 1
            if on_done is not None:
                on_done(done)
            if len(result.contents) >= chunk:
                yield result
                result = ChunkResult()
    if result.contents:
        yield result


class _Child:
    """A child process, the contents it was given and has not answered, and since when it is at the first of them."""

    def __init__(self, setup: str) -> None:
        self.process = subprocess.Popen([sys.executable, "-P", "-m", "sources.reading_child", str(os.getpid())],
                                        env=confined_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        bufsize=0)
        assert self.process.stdin is not None and self.process.stdout is not None
        self._questions, self.answers = self.process.stdin, self.process.stdout
        with contextlib.suppress(OSError):  # a smaller pipe is only slower
            fcntl.fcntl(self.answers, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self.ready, self.pending = False, deque[Content]()
        self.since, self._part = time.monotonic(), b""
        self._send(setup)

    def give(self, content: Content) -> None:
        """Ask for one content more."""
        if not self.pending:
            self.since = time.monotonic()
        self.pending.append(content)
        self._send(json.dumps(content))

    def hear(self) -> list[dict[str, object]] | None:
        """The answers that it has written by now; None where it has ended."""
        read = os.read(self.answers.fileno(), _PIPE_BYTES)
        if not read:
            return None
        self.since = time.monotonic()
        *lines, self._part = (self._part + read).split(b"\n")
        if lines and not self.ready:
            self.ready = lines.pop(0) == b"ready"
        for _ in lines:
            self.pending.popleft()
        return [json.loads(line) for line in lines]

    def end(self) -> int:
        """Kill it and wait for its end; its exit code."""
        self.process.kill()
        self._questions.close()
        self.answers.close()
        return self.process.wait()

    def _send(self, line: str) -> None:
        with contextlib.suppress(BrokenPipeError):  # it has died, which is seen where its answers end
            self._questions.write(line.encode() + b"\n")


class _Crew:
    """The children at work on the contents, each replaced when it fails."""

    def __init__(self, contents: Iterable[Content], setup: str, limits: Limits, workers: int) -> None:
        self._todo, self._setup, self._limits = deque(contents), setup, limits
        self._tried: set[Content] = set()
        self._selector = selectors.DefaultSelector()
        self._children = [self._start() for _ in range(min(workers, len(self._todo)))]

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.end()
        self._selector.close()

    def answers(self) -> Iterator[dict[str, object]]:
        """One answer per content, as they come, whatever becomes of the children."""
        while self._todo or any(child.pending for child in self._children):
            self._hand_out()
            heard = [key.data for key, _ in self._selector.select(timeout=1)]
            for child in heard:
                answers = child.hear()
                yield from self._ended(child) if answers is None else answers
            for child in self._children:
                if child not in heard and self._is_overdue(child):
                    yield from self._overdue(child)

    def _hand_out(self) -> None:
        for child in self._children:
            while self._todo and child.ready and len(child.pending) < _AHEAD:
                child.give(self._todo.popleft())

    def _is_overdue(self, child: _Child) -> bool:
        allowed = self._limits.seconds if child.ready else _START_SECONDS
        return bool(child.pending or not child.ready) and time.monotonic() - child.since > allowed

    def _overdue(self, child: _Child) -> Iterator[dict[str, object]]:
        if not child.ready:
            raise ReadingError(f"a reading process did not start within {_START_SECONDS} s")
        yield _refusal(child.pending.popleft(), TOO_COSTLY.format(what="thời gian"))
        self._replace(child)

    def _ended(self, child: _Child) -> Iterator[dict[str, object]]:
        """A child that ended by itself: its file is tried once more, as what was read before may have worn it out."""
        code = child.process.wait()
        if not child.ready:
            raise ReadingError(f"a reading process ended with exit code {code} before its first file")
        if child.pending:
            content = child.pending.popleft()
            if content in self._tried:
                yield _refusal(content, TOO_COSTLY.format(what="bộ nhớ") if code in _SPENT else STRANGE)
            else:
                self._tried.add(content)
                child.pending.appendleft(content)
        self._replace(child)

    def _replace(self, child: _Child) -> None:
        self._todo.extendleft(reversed(child.pending))
        self._selector.unregister(child.answers)
        child.end()
        self._children[self._children.index(child)] = self._start()

    def _start(self) -> _Child:
        child = _Child(self._setup)
        self._selector.register(child.answers, selectors.EVENT_READ, child)
        return child


def _add(result: ChunkResult, answer: dict[str, Any]) -> None:
    sha256 = answer["sha256"]
    if answer.get("defect"):
        _logger.warning("content %s is refused for a defect of ours, please report it: %s", sha256, answer["defect"])
    content = {"sha256": sha256, "outcome": answer["outcome"], "reason": answer.get("reason"), "macros": False}
    result.contents.append(content | answer.get("content", {}))
    result.facts.append((sha256, answer.get("facts", [])))
    result.findings.append((sha256, answer.get("findings", [])))


def _refusal(content: Content, reason: str) -> dict[str, object]:
    return {"sha256": content[0], "outcome": "unreadable", "reason": reason}


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)), _MOST_WORKERS)
