"""A second process that writes the consolidated report while the night's own writes the annexes:
both cores are used.

It is started when checking begins: its imports (matplotlib alone takes as long as the drawing) are
done by the time there is a warehouse to tell of. It ends with the night.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from types import TracebackType
from typing import Any

from flows.night import Night
from sources.secrets import environment_without_secrets


class WritingError(Exception):
    """A document was not written: what the writing process says, or that it has ended."""


class Writer:
    """Runs stages of `flows.stages` in a child process, one at a time; whoever asks for a second
    one waits."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._turn = threading.Lock()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()

    def start(self) -> None:
        """Starts the child, which then imports what it needs; returns at once."""
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "flows.writing.child", str(os.getpid())],
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment_without_secrets(),
        )

    def run(self, stage: str, night: Night) -> Any:
        """What the function `stage` of `flows.stages` returns for the night. Raises WritingError
        where it failed."""
        with self._turn:
            line = self._ask(json.dumps({"stage": stage, "night": night.__reduce__()[1]}))
        if not line:
            raise WritingError(
                f"{stage}: the process that writes documents has ended; is there memory enough?"
            )
        answer = json.loads(line)
        if "problem" in answer:
            error = WritingError(answer["problem"])
            error.add_note(answer["traceback"])  # for the night's log
            raise error
        return answer["result"]

    def _ask(self, question: str) -> str:
        """The child's line of answer; none where it has ended."""
        if self._child is None:
            self.start()
        assert (
            self._child is not None
            and self._child.stdin is not None
            and self._child.stdout is not None
        )
        try:
            self._child.stdin.write(question + "\n")
            self._child.stdin.flush()
            return self._child.stdout.readline()
        except BrokenPipeError:
            return ""
