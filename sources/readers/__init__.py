"""Readers turn the bytes of one file into a document of grids and paragraphs. Pure: no disk, no
network, no engine.

A reader is a module, a line in `READERS`, and what tells its kind of file from others (`kinds.py`).
It may import the campaign's limits, the grids and libraries that parse; nothing that knows of units
or labels.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lxml import etree

from sources.campaigns import Limits
from sources.grids import NOT_OPENED_NOTE, TOO_LARGE_NOTE, Document, FileKind, Grid
from sources.readers.archives import read_archive
from sources.readers.binary_excel import read_binary_excel
from sources.readers.delimited import read_delimited
from sources.readers.kinds import has_macros, kind_of, open_old_workbook
from sources.readers.old_excel import read_old_excel
from sources.readers.opendocument import read_opendocument
from sources.readers.packages import Budget, Package
from sources.readers.refusals import broken, empty, message_too_much, too_large, too_much_merged
from sources.readers.scans import read_scan
from sources.readers.word import read_word
from sources.readers.workbooks import read_workbook


def read(data: bytes, limits: Limits) -> Document:
    """What the file holds. Raises RefusedFile with the rule (unreadable, unsafe) and a Vietnamese
    reason to act on."""
    if data.startswith(NOT_OPENED_NOTE):
        raise message_too_much(limits)
    if len(data) > limits.file_bytes or data.startswith(TOO_LARGE_NOTE):
        raise too_large(limits)
    document = _read(data, Budget(limits), 0)
    if not document.blocks:
        raise empty()
    if (
        sum(_merged_places(block) for block in document.blocks if isinstance(block, Grid))
        > limits.cells
    ):
        raise too_much_merged(limits)
    return document


def _merged_places(grid: Grid) -> int:
    """How many places of the grid its merged ranges cover, one that several cover counted as
    often."""
    width = max(map(len, grid.rows), default=0)
    return sum(
        (min(span.bottom, len(grid.rows) - 1) - span.top + 1)
        * (min(span.right, width - 1) - span.left + 1)
        for span in grid.merged
        if span.top < len(grid.rows) and span.left < width
    )


def _read(data: bytes, budget: Budget, depth: int) -> Document:
    try:
        kind, package = kind_of(data, budget)
        return READERS[kind](_File(data, kind, package, budget, depth))
    except (etree.XMLSyntaxError, zlib.error, UnicodeDecodeError) as error:
        raise broken() from error


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a known kind; `depth` counts the archives that it lies in."""

    data: bytes
    kind: FileKind
    package: Package | None
    budget: Budget
    depth: int

    @property
    def zip(self) -> Package:
        """Its package; all kinds have one but xls and csv."""
        assert self.package is not None
        return self.package

    def of_grids(self, grids: Iterable[Grid]) -> Document:
        """The document of these grids."""
        return Document(self.kind, list(grids), macros=has_macros(self.package))


def _workbook(file: _File) -> Document:
    return file.of_grids(read_workbook(file.data, file.kind, file.package, file.budget.limits))


def _word(file: _File) -> Document:
    return read_word(file.zip, file.kind, file.budget.limits)


READERS: dict[FileKind, Callable[[_File], Document]] = {
    "xlsx": _workbook,
    "xlsm": _workbook,
    "xlsb": lambda f: f.of_grids(read_binary_excel(f.data, f.zip, f.budget.limits)),
    "xls": lambda f: read_old_excel(f.data, open_old_workbook(f.data), f.budget.limits),
    "ods": lambda f: f.of_grids(read_opendocument(f.zip, f.budget.limits)),
    "docx": _word,
    "docm": _word,
    "csv": lambda f: f.of_grids([read_delimited(f.data, f.budget.limits)]),
    "scan": lambda f: read_scan(f.data, f.budget.limits),
    "zip": lambda f: read_archive(f.zip, f.budget, f.depth, _read),
}
