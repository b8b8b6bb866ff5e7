"""A second process that writes some of the documents while the night's own writes the others: both
cores are used.

It is started when the warehouse is built: its imports (matplotlib alone takes as long as the drawing)
are done by the time the warehouse is there. It ends with the night.
"""

from __future__ import annotations

import threading
from typing import Any

from flows.night import Night
from sources.children.line_child import LineChild
from sources.secrets import environment_without_secrets


class WritingError(Exception):
    """A document was not written: the error of the writing process, or that this has ended."""


class Writer:
    """Writes documents in a child process, one at a time; whoever asks for a second one waits."""

    def __init__(self) -> None:
        self._child = LineChild("flows.writing.child", environment_without_secrets())
        self._turn = threading.Lock()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.close()

    def start(self) -> None:
        """Starts the child, which then imports what it needs; returns at once."""
        self._child.start()

    def write(self, name: str, night: Night) -> Any:
        """What `flows.stages.write_document` returns for the document of that name. Raises
        WritingError where it failed."""
        with self._turn:
            answer = self._child.ask({"document": name, "night": night.__reduce__()[1]})
        if answer is None:
            raise WritingError(
                f"{name}: the process that writes documents has ended; is there memory enough?"
            )
        if "problem" in answer:
            error = WritingError(answer["problem"])
            error.add_note(answer["traceback"])  # for the night's log
            raise error
        return answer["result"]
