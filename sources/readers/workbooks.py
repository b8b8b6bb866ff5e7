"""Workbooks (xlsx, xlsm, xlsb, xls): python-calamine for the values, and our own look for what it
does not give."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from sources.campaigns import Limits
from sources.grids import FileKind, Grid, Span, Value
from sources.readers.cell_corrections import CellCorrection, apply_correction, trim
from sources.readers.comments import comments_on
from sources.readers.hidden import conceal
from sources.readers.packages import Package
from sources.readers.parts import relations
from sources.readers.refusals import broken, encrypted, too_many_sheets
from sources.readers.safe_xml import refuse_other_encodings
from sources.readers.sheet_layout import hides_anything, layout_of
from sources.readers.spreadsheet_extent import check_extent
from sources.readers.spreadsheet_parts import Book, book_of
from sources.readers.spreadsheet_xml import corrections_of

_CALAMINE_READS = re.compile(
    r"(?:.*/)?(?:_rels/[^/]*|(?:workbook|styles|sharedstrings)\.(?:xml|bin)|worksheets/[^/]*)",
    re.IGNORECASE,
)


def read_workbook(
    data: bytes, kind: FileKind, package: Package | None, limits: Limits
) -> list[Grid]:
    """The sheets that hold anything, hidden ones too, in the workbook's order; chart sheets hold no
    cells.

    Whole numbers are int, other numbers float, a day without a time a date. Raises RefusedFile.
    """
    book = book_of(package) if package is not None and kind != "xlsb" else None
    if package is not None:
        package.verify(_CALAMINE_READS, refuse_other_encodings)
        data = package.for_other_readers(dict(book.replaced) if book else {})
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return list(_grids(workbook, book, package, limits))
    except PasswordError as error:
        raise encrypted() from error
    except (
        CalamineError,
        OSError,
        OverflowError,
    ) as error:  # a sheet that ends too early, a day that never comes
        raise broken() from error


def _grids(
    workbook: CalamineWorkbook, book: Book | None, package: Package | None, limits: Limits
) -> Iterable[Grid]:
    sheets = workbook.sheets_metadata
    if len(sheets) > limits.sheets:
        raise too_many_sheets(limits)
    cells = 0
    for number, about in enumerate(sheets):
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        corrections: list[CellCorrection] = []
        if book is not None and package is not None:
            if number >= len(book.sheets) or book.sheets[number] not in package:
                raise broken()
            xml = package.read(book.sheets[number])
            if not _CALAMINE_READS.fullmatch(book.sheets[number]):  # else it has been checked
                refuse_other_encodings(xml)
            check_extent(xml, limits)
            corrections = list(corrections_of(xml, book))
        grid, cells = _grid(
            about.name, workbook.get_sheet_by_index(number), corrections, limits, cells
        )
        if book is not None and package is not None and grid.rows:
            _add_unseen(grid, xml, package, book.sheets[number])
        grid.hidden = about.visible is not SheetVisibleEnum.Visible
        if grid.rows or grid.left_out:
            yield grid


def _grid(
    name: str, sheet: CalamineSheet, corrections: list[CellCorrection], limits: Limits, before: int
) -> tuple[Grid, int]:
    """The sheet's grid, and how many cells hold something in it and in the sheets `before`."""
    rows = [
        [None if v == "" else _value(v) for v in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    grid = Grid(sheet=name, rows=rows)
    for correction in corrections:
        apply_correction(grid, correction)
    cells = trim(grid.rows, limits, before)
    grid.merged = tuple(
        Span(top, left, bottom, right)  # those below all rows hold nothing, and may be a million
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if top < len(grid.rows)
    )
    return grid, cells


def _add_unseen(grid: Grid, xml: bytes, package: Package, part: str) -> None:
    """Takes hidden rows and columns out of the sheet's grid, and adds the comments on its cells."""
    targets = relations(package, part)
    if targets:
        grid.comments = comments_on(package, targets)
    if hides_anything(xml):
        tables = [
            package.read(table)
            for kind, table in targets.values()
            if kind == "table" and table in package
        ]
        conceal(grid, *layout_of(xml, tables))


def _value(value: Value) -> Value:
    """Calamine's value in the words of a grid: it has "" for an empty cell, and floats for all
    numbers of an xlsx."""
    if isinstance(value, str):
        return None if value.isspace() else value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value
