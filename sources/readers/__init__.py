"""Readers turn the bytes of one file into a document of grids and paragraphs. Pure: no disk, no
network, no engine.

A reader may import the campaign's limits, the grids and libraries that parse; nothing that knows of
units or labels.
"""

from __future__ import annotations

import zlib

from lxml import etree

from sources.campaigns import Limits
from sources.grids import NOT_OPENED_NOTE, TOO_LARGE_NOTE, Document, Grid
from sources.readers.archives import read_archive
from sources.readers.binary_excel import read_binary_excel
from sources.readers.delimited import read_delimited
from sources.readers.kinds import (
    OLE_MAGIC,
    ZIP_MAGICS,
    kind_of_package,
    open_old_workbook,
    refuse_other_kinds,
)
from sources.readers.old_excel import read_old_excel
from sources.readers.opendocument import read_opendocument
from sources.readers.packages import Budget, Package
from sources.readers.refusals import broken, empty, message_too_much, too_large, too_much_merged
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
        if data.startswith(ZIP_MAGICS):
            return _read_package(data, budget, depth)
        if data.startswith(OLE_MAGIC):
            return read_old_excel(data, open_old_workbook(data), budget.limits)
    except (etree.XMLSyntaxError, zlib.error, UnicodeDecodeError) as error:
        raise broken() from error
    refuse_other_kinds(data)
    return Document("csv", [read_delimited(data, budget.limits)])


def _read_package(data: bytes, budget: Budget, depth: int) -> Document:
    package = Package(data, budget)
    kind = kind_of_package(package)
    if kind == "zip":
        return read_archive(package, budget, depth, _read)
    if kind in ("docx", "docm"):
        return read_word(package, kind, budget.limits)
    if kind == "ods":
        return Document(kind, list(read_opendocument(package, budget.limits)))
    macros = any(
        name.endswith("vbaProject.bin") or "/macrosheets/" in name for name in package.members
    )
    if kind == "xlsb":
        return Document(kind, list(read_binary_excel(data, package, budget.limits)), macros=macros)
    return Document(kind, list(read_workbook(data, kind, package, budget.limits)), macros=macros)
