"""A unit's workbook rewritten, each wrong cell coloured and commented, and the list of them as
its first sheet.

The copy is a workbook of our own into which values, the looks of cells, merged ranges and sizes are
put, and nothing else of the unit's: formulas become the results that the file holds, and what
begins like a formula is marked as text. So no macro, link, object, chart, picture, table,
connection, name, validation, comment or header comes along.
"""

from __future__ import annotations

import copy
import datetime as dt
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from sources.extraction.people import hide_names
from sources.extraction.text_classes import ClassRun
from warehouse.reports.feedback.class_fills import FILLS, fills_by_place
from warehouse.reports.feedback.list_workbook import (
    COLUMNS,
    COPY_NOTE,
    ERROR_FILL,
    LIST_SHEET,
    WARNING_FILL,
    line_height,
    list_line,
    list_title,
)
from warehouse.reports.feedback.refs import row_and_column
from warehouse.reports.feedback.returned_files import FeedbackItem

_ERROR = PatternFill("solid", fgColor=ERROR_FILL[1:])
_WARNING = PatternFill("solid", fgColor=WARNING_FILL[1:])
_HEAD = PatternFill("solid", fgColor="1F4E79")
_SIDE = Side(style="thin", color="7F7F7F")
_BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_RUN_BY_SPREADSHEETS = tuple("=+-@\t\r＝＋－＠")  # OWASP's list, and the wide forms
_MAX_TITLE_LENGTH = 31
_MAX_NUMBER = 1e300  # what is larger, or no number at all, Excel takes for damage
_PLACE_COLUMN = 3


def mark_workbook(
    original: Path,
    target: Path,
    file_name: str,
    findings: Sequence[FeedbackItem],
    office: str,
    titles: tuple[str, ...] = (),
    account: Sequence[ClassRun] = (),
) -> None:
    """Writes the marked copy to `target` (.xlsx). Raises whatever openpyxl does on a workbook that
    it cannot read.

    `titles` are those of the form: a sheet called after a person is known by its name as reading
    has hidden it. The other cells are coloured by what they were understood as (`account`).
    """
    # openpyxl judges a path by its extension, and an original has none
    with original.open("rb") as file:
        book = _fresh_copy(load_workbook(file, data_only=True, keep_vba=False, keep_links=False))
    book.properties = DocumentProperties(creator=office)
    _colour(book, account, titles)
    places = {item: _place(book, item, titles) for item in findings}
    by_place: dict[tuple[str, str], list[FeedbackItem]] = {}
    for item in findings:
        if place := places[item]:
            by_place.setdefault(place, []).append(item)
    for (sheet, ref), here in by_place.items():
        _mark(book[sheet], ref, here, office)
    _write_list(book, file_name, findings, places)
    book.save(target)


def _fresh_copy(source: Workbook) -> Workbook:
    """A new workbook of the same sheets, with their values and looks."""
    book = Workbook()
    book.remove(book.worksheets[0])
    styles: dict[int, StyleArray] = {}  # of the copy, by the style's number in the source
    for sheet in source.worksheets:
        fresh = book.create_sheet(sheet.title)
        # those that are there: a far one would have `iter_rows` make all before it
        for cell in sheet._cells.values():
            if isinstance(cell, Cell) and (cell.value is not None or cell.has_style):
                _copy_cell(cell, fresh.cell(cell.row, cell.column), styles)
        for merged in sheet.merged_cells.ranges:
            fresh.merge_cells(merged.coord)
        for letter, column in sheet.column_dimensions.items():
            fresh.column_dimensions[letter] = ColumnDimension(
                fresh, index=letter, width=column.width, min=column.min, max=column.max
            )
        for number, row in sheet.row_dimensions.items():
            fresh.row_dimensions[number].height = row.height
        fresh.freeze_panes = sheet.freeze_panes
    return book


def _copy_cell(cell: Cell, fresh: Cell, styles: dict[int, StyleArray]) -> None:
    """Value and looks of a cell; a text stays a text, and what is no number of a spreadsheet
    becomes one."""
    if _is_number(cell.value) or isinstance(cell.value, dt.date | dt.time | dt.timedelta):
        fresh.value = cell.value
    elif cell.value is not None:
        fresh.value, fresh.data_type = _printable(str(cell.value)), "s"
    if cell.has_style and cell.style_id not in styles:
        for name in ("font", "fill", "border", "alignment"):
            setattr(fresh, name, copy.copy(getattr(cell, name)))
        fresh.number_format = cell.number_format
        # openpyxl has no other name for all of a cell's looks, and its stubs none at all.
        styles[cell.style_id] = copy.copy(fresh._style)  # type: ignore[attr-defined]
    elif cell.has_style:
        fresh._style = copy.copy(styles[cell.style_id])  # type: ignore[attr-defined]
    if fresh.data_type == "s":
        fresh.quotePrefix = str(fresh.value).startswith(_RUN_BY_SPREADSHEETS)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) < _MAX_NUMBER


def _place(book: Workbook, item: FeedbackItem, titles: tuple[str, ...]) -> tuple[str, str] | None:
    """The sheet's title in this workbook and the ref to colour, of a merged range its first cell;
    None if not found."""
    title = _title(book, item.sheet, titles)
    if (
        title is None
        or (at := row_and_column(item.cell)) is None
        or not isinstance(book[title], Worksheet)
    ):
        return None
    row, column = at
    for merged in book[title].merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return title, f"{get_column_letter(merged.min_col)}{merged.min_row}"
    return title, f"{get_column_letter(column)}{row}"


def _title(book: Workbook, sheet: str, titles: tuple[str, ...]) -> str | None:
    """The title of the sheet that reading calls so."""
    title = next((t for t in book.sheetnames if _same_text(t, sheet)), None)
    hidden = (
        [t for t in book.sheetnames if hide_names(t, titles, True) == sheet]
        if title is None
        else []
    )
    return hidden[0] if len(hidden) == 1 else title


def _colour(book: Workbook, account: Sequence[ClassRun], titles: tuple[str, ...]) -> None:
    for (sheet, ref), fill in fills_by_place(account).items():
        title = _title(book, sheet, titles)
        if title is not None and book[title][ref].value is not None:
            book[title][ref].fill = PatternFill("solid", fgColor=fill)


def _same_text(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def _mark(sheet: Worksheet, ref: str, findings: Sequence[FeedbackItem], office: str) -> None:
    cell = sheet[ref]
    cell.fill = _ERROR if any(t.is_error for t in findings) else _WARNING
    text = "\n".join(f"{'Sai' if t.is_error else 'Xem lại'}: {t.message}" for t in findings)
    cell.comment = Comment(text, office, width=320, height=60 + 18 * (len(text) // 40))


def _write_list(
    book: Workbook,
    file_name: str,
    findings: Sequence[FeedbackItem],
    places: dict[FeedbackItem, tuple[str, str] | None],
) -> None:
    sheet = book.create_sheet(_free_title(book), 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    _put(sheet, 1, 1, list_title(file_name)).font = _font(size=14, bold=True)
    _put(sheet, 2, 1, COPY_NOTE).font = _font(italic=True)
    for column, (fill, words) in enumerate(FILLS.values(), 3):
        cell = _put(sheet, 3, column, words)
        cell.font, cell.fill, cell.border = _font(), PatternFill("solid", fgColor=fill), _BOX
    for column, (title, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        head = _put(sheet, 4, column, title)
        head.font, head.fill, head.border = _font(bold=True, color="FFFFFF"), _HEAD, _BOX
    for number, item in enumerate(findings, 1):
        line = list_line(number, item)
        sheet.row_dimensions[4 + number].height = line_height(line)
        for column, text in enumerate(line, 1):
            cell = _put(sheet, 4 + number, column, text)
            cell.font, cell.border, cell.alignment = _font(), _BOX, _WRAPPED
            if column == 2:
                cell.fill = _ERROR if item.is_error else _WARNING
            if column == _PLACE_COLUMN and (place := places[item]):
                _link(cell, place)
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _link(cell: Cell, place: tuple[str, str]) -> None:
    quoted = place[0].replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{place[1]}")
    cell.font = _font(color="0563C1", underline="single")


def _font(
    size: int = 12,
    *,
    bold: bool | None = None,
    italic: bool | None = None,
    color: str | None = None,
    underline: Literal["single"] | None = None,
) -> Font:
    return Font(
        name="Times New Roman",
        size=size,
        bold=bold,
        italic=italic,
        color=color,
        underline=underline,
    )


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Writes the text as a string, whatever it begins with."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # nothing is merged on the sheet of the list
    cell.value = _printable(text)
    cell.data_type = "s"
    cell.quotePrefix = cell.value.startswith(_RUN_BY_SPREADSHEETS)
    return cell


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def _free_title(book: Workbook) -> str:
    used = {t.casefold() for t in book.sheetnames}
    title, number = LIST_SHEET, 1
    while title.casefold() in used:
        number += 1
        title = f"{LIST_SHEET} ({number})"[:_MAX_TITLE_LENGTH]
    return title
