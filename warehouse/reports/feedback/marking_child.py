"""The child process that opens units' files again to mark them, one answer a line. A file that
kills it kills only it.

Started by `marking` as `python -m warehouse.reports.feedback.marking_child PARENT`, with which it
ends.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import zipfile
from pathlib import Path
from typing import Any

from sources.campaigns import Limits
from sources.children.confined import confine
from sources.children.line_child import answer_lines
from sources.children.orphans import end_with
from sources.extraction.text_classes import ClassRun
from warehouse.reports.feedback.returned_files import FeedbackItem
from warehouse.reports.feedback.timeless import forget_times

SECONDS_PER_FILE = 20
_MEMORY_BYTES = 768 << 20
_WRITTEN_BYTES = 64 << 20
_UNPACKED_BYTES = 64 << 20


def main() -> None:
    """Answer each line of the input, a job as `marking` writes it, with the name of the copy's
    extension or null."""
    end_with(int(sys.argv[1]))
    # Such as for a copy cut off by a full disk: the answer gives the reason.
    sys.unraisablehook = lambda _: None
    answer_lines(_answer, prepare=_restrict)


def _restrict() -> None:
    """Give up what marking does not need: memory and files past the limit, network, processes."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_WRITTEN_BYTES, _WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    confine()


def _answer(job: dict[str, Any]) -> dict[str, str | None]:
    signal.alarm(SECONDS_PER_FILE)
    answer = _marked(job)
    signal.alarm(0)
    return answer


def _marked(job: dict[str, Any]) -> dict[str, str | None]:
    original, target = Path(str(job["original"])), str(job["target"])
    findings = [FeedbackItem(**item) for item in job["findings"]]
    account = [ClassRun(*run) for run in job["account"]]
    try:
        extension = _extension(original)
        if extension == "xlsx":
            from warehouse.reports.feedback.marked_workbook import mark_workbook

            mark_workbook(
                original,
                Path(f"{target}.xlsx"),
                str(job["file_name"]),
                findings,
                str(job["office"]),
                tuple(job["titles"]),
                account,
            )
        elif extension == "docx":
            from warehouse.reports.feedback.marked_word import mark_word

            mark_word(
                original,
                Path(f"{target}.docx"),
                findings,
                str(job["office"]),
                Limits.model_validate(job["limits"]),
                account,
            )
        if extension:
            forget_times(Path(f"{target}.{extension}"))
    except MemoryError:
        os._exit(1)  # what is left of the memory would fail the next file too
    except Exception as error:  # noqa: BLE001 - an untrusted file may break a library in any way; the list then goes out
        return {"extension": None, "why": f"{type(error).__name__}: {error}"}
    return {
        "extension": extension,
        "why": None if extension else "no kind of file that can be marked",
    }


def _extension(original: Path) -> str | None:
    """Which copy can be made of it, by its content; None for another kind, or one too large."""
    if not zipfile.is_zipfile(original):
        return None
    with zipfile.ZipFile(original) as archive:
        if sum(member.file_size for member in archive.infolist()) > _UNPACKED_BYTES:
            return None
        names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    return "docx" if "word/document.xml" in names else None


if __name__ == "__main__":
    main()
