"""A child process that answers lines: the protocol of every process that a night starts.

A question is one line of JSON on the child's standard input, its answer one line of JSON on the
output, one after another. The child is `python -m MODULE PARENT …` and ends with its parent.
JSON, and no pickle: what a child that was taken over by a file says is parsed, never executed. That
is why neither multiprocessing nor a library above it is used; these also import the parent's main
module into each child, which under a Prefect worker is Prefect.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_BLOCK_BYTES = 1 << 16
_MAX_LINE_BYTES = 16 << 20  # of an answer; a child that writes more is ended


@dataclass
class LineChild:
    """A child of that module, started by its first question, and again where it has ended.

    environment  all that it knows of the parent's
    arguments    of its command, behind the parent's number
    pass_fds     descriptors that it inherits
    """

    module: str
    environment: Mapping[str, str]
    arguments: Sequence[str] = ()
    pass_fds: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    _read: bytearray = field(default_factory=bytearray)

    def start(self) -> subprocess.Popen[bytes]:
        """Starts it, if it does not run; returns at once."""
        if self.process is None:
            command = [sys.executable, "-P", "-m", self.module, str(os.getpid()), *self.arguments]
            self._read.clear()
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env=dict(self.environment),
                pass_fds=self.pass_fds,
            )
        return self.process

    def ask(self, question: object, seconds: float | None = None) -> Any:
        """Its answer; None where it has ended, or is ended for an answer that is none.

        Raises TimeoutError where it has not answered within `seconds`, which ends it too.
        """
        process = self.start()
        assert process.stdin is not None
        rest = memoryview(json.dumps(question).encode() + b"\n")
        with contextlib.suppress(BrokenPipeError):  # it has ended, which its answer tells
            while rest:
                rest = rest[os.write(process.stdin.fileno(), rest) :]
        try:
            return json.loads(self._line(process, seconds))
        except TimeoutError:
            self.close()
            raise
        except (EOFError, ValueError, RecursionError):
            self.close()
            return None

    def close(self) -> None:
        """Ends it."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def _line(self, process: subprocess.Popen[bytes], seconds: float | None) -> bytes:
        assert process.stdout is not None
        until = None if seconds is None else time.monotonic() + seconds
        while b"\n" not in self._read:
            left = None if until is None else max(0.0, until - time.monotonic())
            if not select.select([process.stdout], [], [], left)[0]:
                raise TimeoutError(f"{self.module} did not answer within {seconds} s")
            block = os.read(process.stdout.fileno(), _BLOCK_BYTES)
            if not block or len(self._read) > _MAX_LINE_BYTES:
                raise EOFError
            self._read += block
        line, _, rest = bytes(self._read).partition(b"\n")
        self._read[:] = rest
        return line


def answer_lines(
    answer: Callable[[Any], object], prepare: Callable[[], object] | None = None
) -> None:
    """In the child: answers each question until there are no more, after a call of `prepare`.

    What a library prints goes to the standard error, not among the answers.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    if prepare is not None:
        prepare()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)
