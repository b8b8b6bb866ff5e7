"""The log of a night: everything to a file in the home, and the errors of a night that ended well
printed at its end."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOGGERS = ("tonghop", "flows", "warehouse", "expectations", "sources", "prefect")


@dataclass
class NightLog:
    """Where the log is, and the lines at ERROR or above that came into it."""

    path: Path
    errors: list[str] = field(default_factory=list)


@contextlib.contextmanager
def night_log(path: Path) -> Iterator[NightLog]:
    """Writes what this process and Prefect log into `path` until the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    log = NightLog(path)
    file = _File(log)
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handlers: list[logging.Handler] = [file, _Errors(log)]
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.setLevel(min(logger.level or logging.INFO, logging.INFO))
        for handler in handlers:
            logger.addHandler(handler)
    before, sys.unraisablehook = sys.unraisablehook, log_unraisable
    try:
        yield log
    finally:
        sys.unraisablehook = before
        for logger in loggers:
            for handler in handlers:
                logger.removeHandler(handler)
        file.close()


def log_unraisable(found: Any) -> None:
    """Logs what an object could not do as it went, as a library's half-written file on a full disk,
    in a line.

    Why the night stopped is said by the error itself; its last words are not to drown in
    tracebacks.
    """
    logging.getLogger("tonghop").info(
        "%s: %r (%s)", found.err_msg or "ignored", found.object, found.exc_value
    )


class _File(logging.FileHandler):
    """The log's file. A full disk must not hide why the night stopped under tracebacks of its
    logging."""

    def __init__(self, log: NightLog) -> None:
        super().__init__(log.path, encoding="utf-8")
        self._night_log = log

    def handleError(self, record: logging.LogRecord) -> None:
        """Records once that the log is not whole."""
        complaint = f"the log {self._night_log.path} could not be written whole"
        if complaint not in self._night_log.errors:
            self._night_log.errors.append(complaint)

    def close(self) -> None:
        """Closes the file, though what it still holds may not fit on the disk."""
        try:
            super().close()
        except OSError:
            self.handleError(logging.makeLogRecord({}))


class _Errors(logging.Handler):
    def __init__(self, log: NightLog) -> None:
        super().__init__(logging.ERROR)
        self._night_log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._night_log.errors.append(f"{record.levelname} {record.name}: {record.getMessage()}")
