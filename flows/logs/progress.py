"""What a night logs while it runs: one line a stage on the logger `tonghop`, drawn where a person
watches.

Stages log in English to the night's log; the terminal shows the officer's words for them.
"""

from __future__ import annotations

import logging
import sys

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from warehouse.reports.documents import DOCUMENTS

log = logging.getLogger("tonghop")

STAGES = {
    "engine": "Khởi động Prefect",
    "collect": "Thu nhận tệp báo cáo",
    "read": "Đọc tệp",
    "prepare": "Lập bảng số liệu",
    "validate": "Kiểm tra số liệu",
    "build": "Dựng kho số liệu",
    **{document.name: document.progress for document in DOCUMENTS},
    "publish": "Công bố",
    "again": "Dựng lại số liệu đã qua",
}


def log_progress(
    stage: str, message: str, done: int | None = None, total: int | None = None
) -> None:
    """Reports that `stage` goes on: to the log, and to a terminal that shows progress (`done` of
    `total` steps)."""
    log.info("%s: %s", stage, message, extra={"stage": stage, "done": done, "total": total})


class Terminal(logging.Handler):
    """Draws the lines of `log_progress`: a moving bar on a terminal, a plain line a stage where
    output goes to a file."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        console = Console(stderr=True)
        self._bar = (
            Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )
            if console.is_terminal
            else None
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Terminal:
        if self._bar:
            self._bar.start()
        log.addHandler(self)
        log.setLevel(min(log.level or logging.INFO, logging.INFO))
        return self

    def __exit__(self, *_: object) -> None:
        log.removeHandler(self)
        if self._bar:
            self._bar.stop()

    def emit(self, record: logging.LogRecord) -> None:
        """Draws one record, if a stage logged it; a warning stands in its own words, what stopped the
        night not yet: the command ends with it.
        """
        stage = getattr(record, "stage", None)
        if stage is None:
            if record.levelno >= logging.WARNING and not record.exc_info:
                self._print(record.getMessage())
            return
        done, total = getattr(record, "done", None), getattr(record, "total", None)
        words = STAGES.get(stage, stage)
        if self._bar is None:
            self._print(f"{words} … {done}/{total}" if total else f"{words} …")
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(words, total=total or 1)
        self._bar.update(self._tasks[stage], completed=done or 0, total=total or 1)

    def _print(self, line: str) -> None:
        if self._bar is None:
            print(line, file=sys.stderr, flush=True)
        else:
            self._bar.console.print(line, markup=False, highlight=False)
