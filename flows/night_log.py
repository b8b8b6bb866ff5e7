"""The log of a night: everything to a file in the home, and the errors of a night that ended well told at its end."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

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
    told = NightLog(path)
    file = logging.FileHandler(path, encoding="utf-8")
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handlers: list[logging.Handler] = [file, _Errors(told)]
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.setLevel(min(logger.level or logging.INFO, logging.INFO))
        for handler in handlers:
            logger.addHandler(handler)
    try:
        yield told
    finally:
        for logger in loggers:
            for handler in handlers:
                logger.removeHandler(handler)
        file.close()


class _Errors(logging.Handler):
    def __init__(self, told: NightLog) -> None:
        super().__init__(logging.ERROR)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        self._told.errors.append(f"{record.levelname} {record.name}: {record.getMessage()}")
