"""Files as they were understood, read again when somebody looks at one; the last ones are kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flows.commands.understood_file import TEXTS, UnderstoodFile, understood_file
from sources.children.reading import ReadingError, start_reading_server
from sources.children.reading_server import ReaderServer
from sources.decisions import Decision, naming_decisions

MAX_KEPT = 8
MAX_TEXTS_KEPT = 20_000  # of a file; one with more is read each time
READ_SECONDS = 120  # that a look may take; a scan takes seconds a page, and waits for one before it


class UnderstoodFiles:
    """What reading said of the contents that were looked at last.

    Its readers start when a page is shown that leads to files, and are kept, for their start takes
    most of a look's time.
    """

    def __init__(self, campaign_folder: Path) -> None:
        self._campaign_folder = campaign_folder
        self._kept: OrderedDict[tuple[str, ...], UnderstoodFile] = OrderedDict()
        self._lock = threading.Lock()
        # one thread for as long as the desk: the readers end with the thread that started them
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="understood")
        self._server: ReaderServer | None = None
        self._names: tuple[str, ...] = ()  # that the readers know units by

    def start_reading(self, decisions: Sequence[Decision]) -> None:
        """Has the readers started, or started again with the units' names as decided by now; returns
        at once."""
        self._worker.submit(self._start, decisions, _names(decisions))

    def of(self, sha256: str, path: Path, decisions: Sequence[Decision]) -> UnderstoodFile:
        """The content at that path, as it is read now. Raises NotUnderstoodError, ReadingError, and
        TimeoutError where it takes too long."""
        names = _names(decisions)
        with self._lock:
            if found := self._kept.get((sha256, *names)):
                self._kept.move_to_end((sha256, *names))
                return found
        reading = self._worker.submit(self._read, sha256, path, decisions, names)
        try:
            found = reading.result(timeout=READ_SECONDS)
        finally:
            reading.cancel()
        if len(found.texts) <= MAX_TEXTS_KEPT:
            with self._lock:
                self._kept[sha256, *names] = found
                while len(self._kept) > MAX_KEPT:
                    self._kept.popitem(last=False)
        return found

    def close(self) -> None:
        """Ends the readers."""
        self._worker.submit(self._end_server)
        self._worker.shutdown(wait=False, cancel_futures=False)

    def _read(
        self, sha256: str, path: Path, decisions: Sequence[Decision], names: tuple[str, ...]
    ) -> UnderstoodFile:
        server = self._start(decisions, names)
        try:
            return understood_file(sha256, path, self._campaign_folder, decisions, server)
        except (ReadingError, OSError):
            self._end_server()  # the next look starts others
            raise

    def _start(self, decisions: Sequence[Decision], names: tuple[str, ...]) -> ReaderServer:
        if self._server is None or names != self._names:
            self._end_server()
            self._server = start_reading_server(self._campaign_folder, decisions, TEXTS)
            self._names = names
        return self._server

    def _end_server(self) -> None:
        if self._server is not None:
            self._server.end()
            self._server = None


def _names(decisions: Sequence[Decision]) -> tuple[str, ...]:
    """The decisions that readers know units by."""
    return tuple(d.model_dump_json() for d in naming_decisions(decisions))
