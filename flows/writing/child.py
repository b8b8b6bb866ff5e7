"""The process that writes documents beside the night's own: started by `flows.writing.writer` and
by nobody else.

It answers `{"document": …, "night": […]}` with `{"result": …}` or `{"problem": …, "traceback": …}`
(sources/children/line_child.py). Prefect is not imported here.
"""

from __future__ import annotations

import importlib
import sys
import traceback

from flows.logs.night_log import log_unraisable
from flows.night import Night
from flows.stages import write_document
from sources.children.line_child import answer_lines
from sources.children.orphans import end_with
from warehouse.reports.documents import DOCUMENTS, WrittenIn


def main() -> None:
    """Imports what its documents need, then writes what it is asked to."""
    end_with(int(sys.argv[1]))
    sys.unraisablehook = log_unraisable
    answer_lines(lambda question: _answer(**question), prepare=_preload)


def _preload() -> None:
    for document in DOCUMENTS:
        if document.written_in is WrittenIn.WRITER:
            for module in (document.module, *document.preloaded):
                importlib.import_module(module)


def _answer(document: str, night: list[str]) -> dict[str, object]:
    try:
        return {"result": write_document(Night(*night), document)}
    except Exception as error:  # noqa: BLE001 - it is answered to the night, which fails with it
        return {"problem": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


if __name__ == "__main__":
    main()
