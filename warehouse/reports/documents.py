"""The documents that a night writes. To add one: its module, and its entry in `DOCUMENTS`; the
night then writes it, publishes it, and lists it in its progress and in its summary.

Nothing is imported here before a document is written: Word, charts and workbooks take seconds and
tens of megabytes, and each process imports what its own documents need.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any


class WrittenIn(Enum):
    """Where a document is written. Those of one process are written one after another, in the order
    of the list; the processes work side by side."""

    WRITER = "the second process of the night, which imports while the warehouse is built"
    NIGHT = "the night's own process"
    THREAD = "a thread of the night's own process: its work is done in children of its own"


@dataclass(frozen=True)
class Document:
    """One document, or one folder of them.

    name         of its stage: the task of Prefect, the log, the timings
    function     that writes it, as `module:function`, called with the open warehouse, the campaign,
                 `as_of` (in the campaign's zone) and the path. The same warehouse gives the same bytes
    file_name    in the night's folder of reports; of a folder in the home
    sources      what else it is called with, by name: `originals`, `previous`, `accounts` (see
                 `write_feedback`), `issued` (see `write_addendum`)
    label        what the summary calls it, before its path
    progress     what the terminal shows while it is written
    is_issued    whether it is frozen with the report when that is issued
    notice       what the terminal says where a night has it: of a document that most nights do not write
    preloaded    modules that its module imports only when it writes; the writer imports them early
    """

    name: str
    function: str
    file_name: str
    label: str
    progress: str
    written_in: WrittenIn = WrittenIn.NIGHT
    is_folder: bool = False
    sources: tuple[str, ...] = ()
    is_issued: bool = False
    notice: str = ""
    preloaded: tuple[str, ...] = ()

    @property
    def module(self) -> str:
        """The module that writes it."""
        return self.function.partition(":")[0]

    def load(self) -> Callable[..., Any]:
        """The function that writes it, its module imported now."""
        function: Callable[..., Any] = pkgutil.resolve_name(self.function)
        return function


REPORT = Document(
    name="report",
    function="warehouse.reports.consolidated:write_report",
    file_name="bao-cao-tong-hop.docx",
    label="Báo cáo",
    progress="Viết báo cáo tổng hợp",
    written_in=WrittenIn.WRITER,
    is_issued=True,
    preloaded=("matplotlib.figure", "matplotlib.backends.backend_agg"),
)
ANNEX = Document(
    name="annex",
    function="warehouse.reports.annex:write_annex",
    file_name="phu-luc.xlsx",
    label="Phụ lục",
    progress="Viết phụ lục",
    is_issued=True,
)
ADDENDUM = Document(
    name="addendum",
    function="warehouse.reports.addendum:write_addendum",
    file_name="bao-cao-bo-sung.docx",
    label="Báo cáo bổ sung",
    progress="So với báo cáo đã phát hành",
    written_in=WrittenIn.WRITER,
    sources=("issued",),
    notice=(
        "số liệu đã khác báo cáo đã phát hành, xem báo cáo bổ sung (numbers differ from those of the issued "
        "report)"
    ),
)
WORKING_FILE = Document(
    name="working-file",
    function="warehouse.reports.working_file:write_working_file",
    file_name="so-lieu-lam-viec.xlsx",
    label="Số liệu làm việc",
    progress="Viết số liệu làm việc",
)
PAGE = Document(
    name="page",
    function="warehouse.reports.progress_page:write_page",
    file_name="tien-do.html",
    label="Tiến độ",
    progress="Viết trang tiến độ",
    written_in=WrittenIn.WRITER,
)
FEEDBACK = Document(
    name="feedback",
    function="warehouse.reports.feedback:write_feedback",
    file_name="feedback",
    label="Phản hồi cho đơn vị",
    progress="Viết phản hồi cho đơn vị",
    written_in=WrittenIn.THREAD,
    is_folder=True,
    sources=("originals", "previous", "accounts"),
)

DOCUMENTS = (REPORT, ANNEX, WORKING_FILE, PAGE, FEEDBACK, ADDENDUM)  # in the order of the summary


def document_named(name: str) -> Document:
    """The document of that name. Raises KeyError where there is none."""
    return {document.name: document for document in DOCUMENTS}[name]
