"""Readers turn the bytes of one file into a document of grids and paragraphs. Pure: no disk, no
network, no engine.

A reader is a module, a line in `READERS`, and what tells its kind of file from others (`kinds.py`).
How a message is taken apart is shared with the mailbox (`sources.channels.mail_parts`).
It may import the campaign's limits, the grids and libraries that parse; nothing that knows of units
or labels.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import olefile
from lxml import etree

from sources.campaigns import Limits
from sources.grids import (
    ARCHIVE_KINDS,
    NOT_OPENED_NOTE,
    TOO_LARGE_NOTE,
    Document,
    FileKind,
    Grid,
)
from sources.readers.archives import read_archive
from sources.readers.binary_excel import read_binary_excel
from sources.readers.delimited import read_delimited
from sources.readers.excel_xml import read_excel_xml
from sources.readers.html import read_html
from sources.readers.kinds import Opened, has_macros, kind_of
from sources.readers.messages import read_message
from sources.readers.old_excel import read_old_excel
from sources.readers.old_word import read_old_word
from sources.readers.opendocument import read_opendocument
from sources.readers.opendocument_text import read_opendocument_text
from sources.readers.packages import Budget, Package
from sources.readers.page_engines import PAGE_KINDS, check_reads_pages
from sources.readers.pdf import read_pdf
from sources.readers.refusals import (
    broken,
    empty,
    message_too_much,
    scan_in_archive,
    too_large,
    too_much_merged,
)
from sources.readers.rtf import read_rtf
from sources.readers.scans import read_scan
from sources.readers.unnamed_legacy import decode_unnamed_legacy
from sources.readers.web_archive import read_web_archive
from sources.readers.word import read_word
from sources.readers.word_xml import read_word_xml
from sources.readers.workbooks import read_workbook


def read(data: bytes, limits: Limits) -> Document:
    """What the file holds. Raises RefusedFile with the rule (unreadable, unsafe) and a Vietnamese
    reason to act on, and NeedsPageEnginesError in a process that reads no pages."""
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
        kind, opened = kind_of(data, budget)
        if kind in PAGE_KINDS:
            check_reads_pages()
        document = READERS[kind](_File(data, kind, opened, budget, depth))
    except (etree.XMLSyntaxError, zlib.error, UnicodeDecodeError) as error:
        raise broken() from error
    if kind not in ARCHIVE_KINDS and kind != "scan":  # each member is decided on its own
        decode_unnamed_legacy(document)
    return document


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a known kind; `depth` counts the archives that it lies in."""

    data: bytes
    kind: FileKind
    opened: Opened
    budget: Budget
    depth: int

    @property
    def zip(self) -> Package:
        """Its package; all kinds have one but xls, doc, pdf and csv."""
        assert isinstance(self.opened, Package)
        return self.opened

    @property
    def container(self) -> olefile.OleFileIO[str]:
        """The container that an xls or doc is."""
        assert isinstance(self.opened, olefile.OleFileIO)
        return self.opened

    def of_grids(self, grids: Iterable[Grid]) -> Document:
        """The document of these grids."""
        return Document(self.kind, list(grids), macros=has_macros(self.opened))


def _workbook(file: _File) -> Document:
    return file.of_grids(read_workbook(file.data, file.kind, file.zip, file.budget.limits))


def _message(file: _File) -> Document:
    return read_message(file.data, file.kind, file.budget, file.depth, _read)


def _word(file: _File) -> Document:
    return read_word(file.zip, file.kind, file.budget.limits)


def _scan(file: _File) -> Document:
    if file.depth:  # its values are confirmed by their place in the file that has landed
        raise scan_in_archive()
    return read_scan(file.data, file.budget.limits)


READERS: dict[FileKind, Callable[[_File], Document]] = {
    "xlsx": _workbook,
    "xlsm": _workbook,
    "xlsb": lambda f: f.of_grids(read_binary_excel(f.data, f.zip, f.budget.limits)),
    "xls": lambda f: read_old_excel(f.data, f.container, f.budget.limits),
    "ods": lambda f: f.of_grids(read_opendocument(f.zip, f.budget.limits)),
    "docx": _word,
    "docm": _word,
    "doc": lambda f: read_old_word(f.container, f.budget.limits),
    "odt": lambda f: read_opendocument_text(f.zip, f.budget.limits),
    "rtf": lambda f: read_rtf(f.data, f.budget.limits),
    "html": lambda f: read_html(f.data, f.budget.limits),
    "pdf": lambda f: read_pdf(f.data, f.budget.limits, reads_scans=not f.depth),
    "xml": lambda f: f.of_grids(read_excel_xml(f.data, f.budget.limits)),
    "wordxml": lambda f: read_word_xml(f.data, f.budget),
    "csv": lambda f: f.of_grids([read_delimited(f.data, f.budget.limits)]),
    "scan": _scan,
    "zip": lambda f: read_archive(f.zip, f.budget, f.depth, _read),
    "mht": lambda f: read_web_archive(f.data, f.budget.limits),
    "eml": _message,
    "msg": _message,
}
