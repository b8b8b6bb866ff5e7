"""Reading as in a night, with the cost of each file: seconds, and peak memory of child and
parent."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources.campaigns import DEFAULT_CAMPAIGN
from sources.children.reading import read_contents

_LOOK_SECONDS = 0.005
_MOST = re.compile(r"VmHWM:\s*(\d+) kB")


@dataclass(frozen=True)
class Cost:
    """Of one file: seconds from the answer before to its own, and peaks of resident memory in
    bytes."""

    seconds: float
    child: int
    parent: int


def read_measured(contents: list[tuple[str, str]]) -> Iterator[tuple[dict[str, Any], Cost]]:
    """What `read_contents` says of each content, by one child after another, and what it cost."""
    costs: list[Cost] = []
    with _Meter() as meter:
        begun = [time.monotonic()]

        def answered(_: int) -> None:
            costs.append(Cost(time.monotonic() - begun[-1], meter.child(), meter.parent()))
            begun.append(time.monotonic())

        for result in read_contents(contents, DEFAULT_CAMPAIGN, answered, workers=1, chunk=1):
            facts = sum(len(columns[0]) for _, columns in result.facts if columns)
            yield {**result.contents[0], "facts": facts}, costs[-1]


class _Meter:
    """Looks at the peak of resident memory of our children all the while, and sets it back when
    asked (Linux)."""

    def __init__(self) -> None:
        self._peaks: dict[str, int] = {}
        self._ended, self._before = threading.Event(), 0
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> _Meter:
        _reset("self")
        self._before = _peak("self")  # of a process that has run many tests much of it is theirs
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def child(self) -> int:
        """The most that any child has held since the last time."""
        self._look()
        most = max(self._peaks.values(), default=0)
        for pid in list(self._peaks):
            _reset(pid)
        self._peaks.clear()
        return most

    def parent(self) -> int:
        """The most that this process has held since the last time, beyond what it held at first."""
        most = _peak("self")
        _reset("self")
        return max(0, most - self._before)

    def _look_on(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self._look()

    def _look(self) -> None:
        for pid in _children():
            self._peaks[pid] = max(self._peaks.get(pid, 0), _peak(pid))


def _children() -> set[str]:
    """Our children and theirs: the process that forks readers, and the readers."""
    found, look = set[str](), {str(os.getpid())}
    while look:
        children = set[str]()
        for parent in look:
            with contextlib.suppress(OSError):  # a process that has ended since
                for path in Path(f"/proc/{parent}/task").glob("*/children"):
                    with contextlib.suppress(OSError):
                        children.update(path.read_text().split())
        look = children - found
        found |= children
    return found


def _peak(pid: str) -> int:
    with contextlib.suppress(OSError):
        if match := _MOST.search(Path(f"/proc/{pid}/status").read_text()):
            return int(match[1]) << 10
    return 0


def _reset(pid: str) -> None:
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5")
