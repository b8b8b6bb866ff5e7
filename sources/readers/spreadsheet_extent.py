"""How far a sheet of an xlsx reaches, and the places of its cells."""

from __future__ import annotations

import re

from sources.campaigns import Limits
from sources.grids import column_letters
from sources.readers.cell_corrections import MAX_PLACES
from sources.readers.refusals import too_far, too_much
from sources.readers.safe_xml import refuse_doctype

CELL_REF = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,10})["']""")
_FAR = re.compile(rb"""\br\s*=\s*["'](?:[A-Z]{2,}\d+|[A-Z]?\d{4,})["']""")
# a literal first: the search flies
_FAR_OR_ODD = re.compile(rb' r(?:="(?:[A-Z]{2,}\d|[A-Z]?\d{4})|=[^"]|\s)')
_ODD_SPACES = (b"\t", b"\n", b"\r")  # between cells, where no Office program writes any
# what holds nothing is only styled
_TAG = re.compile(rb"<(?:\w+:)?(?:(row)\b[^<>]*|c\b[^<>]*[^/>])>(?!\s*</)")


def check_extent(sheet: bytes, limits: Limits) -> None:
    """Raises RefusedFile (unreadable) where a sheet holds too much, or a cell so far out that the
    rectangle would."""
    refuse_doctype(sheet)
    if not _may_reach_far(sheet) or not _FAR.search(sheet):
        return
    row = column = bottom = right = filled_row = rows = cells = 0
    for tag in _TAG.finditer(sheet):
        ref = CELL_REF.search(tag[0])
        if tag[1]:
            row, column = int(ref[2]) if ref else row + 1, 0
            continue
        column = column_number(ref[1]) if ref and ref[1] else column + 1
        row = int(ref[2]) if ref and ref[1] else row
        cells, rows, filled_row = cells + 1, rows + (row != filled_row), row
        bottom, right = max(bottom, row), max(right, column)
        if rows > limits.rows or cells > limits.cells:
            raise too_much(limits)
    if bottom * right > MAX_PLACES:
        raise too_far(f"{column_letters(right - 1)}{bottom}")


def _may_reach_far(sheet: bytes) -> bool:
    """A cheap look before the thorough one: a ref that reaches far, or any that is written as no
    program writes it."""
    cells = max(sheet.find(b"sheetData"), 0)
    return bool(_FAR_OR_ODD.search(sheet, cells)) or any(
        sheet.find(odd, cells) >= 0 for odd in _ODD_SPACES
    )


def column_number(letters: bytes) -> int:
    """The column of these letters, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
