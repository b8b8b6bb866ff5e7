"""The process that writes documents beside the night's own: started by `flows.writing.writer` and
by nobody else.

It answers `{"stage": …, "night": […]}` with `{"result": …}` or `{"problem": …, "traceback": …}`
(sources/children/line_child.py). Prefect is not imported here.
"""

from __future__ import annotations

import importlib
import sys
import traceback

from flows import stages
from flows.logs.night_log import log_unraisable
from flows.night import Night
from sources.children.line_child import answer_lines
from sources.children.orphans import end_with

PRELOADED_MODULES = (
    "warehouse.reports.consolidated",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "warehouse.reports.progress_page",
)


def main() -> None:
    """Imports what the report needs, then writes what it is asked to."""
    end_with(int(sys.argv[1]))
    sys.unraisablehook = log_unraisable
    answer_lines(lambda question: _answer(**question), prepare=_preload)


def _preload() -> None:
    for module in PRELOADED_MODULES:
        importlib.import_module(module)


def _answer(stage: str, night: list[str]) -> dict[str, object]:
    try:
        return {"result": getattr(stages, stage)(Night(*night))}
    except Exception as error:  # noqa: BLE001 - it is told to the night, which fails with it
        return {"problem": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


if __name__ == "__main__":
    main()
