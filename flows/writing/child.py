"""The process that writes documents beside the night's own: started by `flows.writing.writer` and
by nobody else.

It answers each line of its input, `{"stage": …, "night": […]}`, with a line `{"result": …}` or
`{"problem": …, "traceback": …}`, until there is none, and ends with the process that started it,
however that ends. Prefect is not imported here.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from typing import TextIO

from flows import stages
from flows.logs.night_log import log_unraisable
from flows.night import Night
from sources.children.orphans import end_with

PRELOADED_MODULES = (
    "warehouse.reports.consolidated",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "warehouse.reports.progress_page",
)


def main() -> None:
    """Imports what the report needs, then writes what it is told to."""
    end_with(int(sys.argv[1]))
    sys.unraisablehook = log_unraisable
    questions, answers = sys.stdin, _answers_only()
    for module in PRELOADED_MODULES:
        importlib.import_module(module)
    for line in questions:
        print(json.dumps(_answer(**json.loads(line)), ensure_ascii=False), file=answers, flush=True)


def _answer(stage: str, night: list[str]) -> dict[str, object]:
    try:
        return {"result": getattr(stages, stage)(Night(*night))}
    except Exception as error:  # noqa: BLE001 - it is told to the night, which fails with it
        return {"problem": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


def _answers_only() -> TextIO:
    """The standard output kept for answers: what a library prints goes to the standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()
