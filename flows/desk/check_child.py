"""The process that checks brought files at once: started by `flows.desk.checker` and by nobody else.

It answers `{"submissions": [ids]}` with `{"verdicts": [...]}`, `{"decisions": [...]}` with
`{"before": {...}, "after": {...}}`, both with `{"problem": …}` where it failed
(sources/children/line_child.py). It reads with the readers of a night and judges by its rules, on
the new files and the earlier ones of their units alone; nothing of it is kept. Great Expectations is
imported before the first question.
"""

from __future__ import annotations

import gc
import importlib
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flows.desk.instant import InstantNight
from sources.children.line_child import answer_lines
from sources.children.orphans import end_with


def main() -> None:
    """Imports what checking needs, then checks what it is asked to."""
    end_with(int(sys.argv[1]))
    home, campaign = Path(sys.argv[2]), Path(sys.argv[3])
    with tempfile.TemporaryDirectory(prefix="tonghop-desk-") as scratch:
        night = InstantNight(home, campaign, Path(scratch))
        answer_lines(lambda question: _answer(night, question), prepare=lambda: _preload(night))


def _preload(night: InstantNight) -> None:
    importlib.import_module("great_expectations")
    night.start_reading()
    gc.freeze()  # what was imported stays


@contextmanager
def _without_collection() -> Iterator[None]:
    """Garbage is collected after an answer, not while somebody waits for it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _answer(night: InstantNight, question: dict[str, Any]) -> dict[str, Any]:
    try:
        if "submissions" in question:
            with _without_collection():
                return {"verdicts": night.verdicts(question["submissions"])}
        return dict(night.effect(question["decisions"]))
    except Exception as error:  # noqa: BLE001 - it is answered: the next night will say what is wrong
        return {"problem": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


if __name__ == "__main__":
    main()
