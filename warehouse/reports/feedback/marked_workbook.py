"""A unit's workbook with each wrong cell coloured and commented, and the list of them as its first sheet.

The copy holds values only: formulas become the results that the file holds, so nothing of a stranger's runs where the
copy is opened. Macros, links, objects, charts, pictures, pivot tables, names, validations and conditional colours are
left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.packaging.core import DocumentProperties
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from sources.extraction.people import hide_names
from warehouse.reports.feedback.list_workbook import (
    COLUMNS,
    ERROR_FILL,
    LIST_SHEET,
    WARNING_FILL,
    line_height,
    list_line,
    list_title,
)
from warehouse.reports.feedback.refs import row_and_column
from warehouse.reports.feedback.told import Told

_ERROR = PatternFill("solid", fgColor=ERROR_FILL[1:])
_WARNING = PatternFill("solid", fgColor=WARNING_FILL[1:])
_HEAD = PatternFill("solid", fgColor="1F4E79")
_SIDE = Side(style="thin", color="7F7F7F")
_BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_NOTE = "Tệp này là bản sao để xem chỗ sai (ô tô màu, có ghi chú). Đề nghị sửa trên tệp gốc của đơn vị rồi gửi lại."
_LONGEST_TITLE = 31
_PLACE_COLUMN = 3


def mark_workbook(original: Path, target: Path, file_name: str, findings: Sequence[Told], office: str,
                  titles: tuple[str, ...] = ()) -> None:
    """Writes the marked copy to `target` (.xlsx). Raises whatever openpyxl does on a workbook that it cannot read.

    `titles` are those of the form: a sheet called after a person is known by its name as reading has hidden it.
    """
    with original.open("rb") as file:     # openpyxl judges a path by its extension, and an original has none
        book = load_workbook(file, data_only=True, keep_vba=False, keep_links=False)
    for sheet in book.worksheets:
        _disarm(sheet)
    for sheet in book.chartsheets:
        book.remove(sheet)
    book.defined_names.clear()
    book.custom_doc_props.props.clear()
    book.properties = DocumentProperties(creator=office)
    places = {id(told): _place(book, told, titles) for told in findings}
    by_place: dict[tuple[str, str], list[Told]] = {}
    for told in findings:
        if place := places[id(told)]:
            by_place.setdefault(place, []).append(told)
    for (sheet, ref), here in by_place.items():
        _mark(book[sheet], ref, here, office)
    _write_list(book, file_name, findings, places)
    book.save(target)


def _disarm(sheet: Worksheet) -> None:
    sheet.conditional_formatting = ConditionalFormattingList()
    sheet.data_validations = DataValidationList()
    sheet.protection.disable()
    sheet.sheet_state = "visible"
    sheet.legacy_drawing = None
    sheet.defined_names.clear()
    sheet._charts, sheet._images, sheet._pivots = [], [], []     # openpyxl has no other name for them
    for row in sheet.iter_rows():
        for cell in row:
            if getattr(cell, "hyperlink", None):
                cell.hyperlink = None


def _place(book: Workbook, told: Told, titles: tuple[str, ...]) -> tuple[str, str] | None:
    """The sheet's title in this workbook and the ref to colour, of a merged range its first cell; None if not found."""
    title = next((t for t in book.sheetnames if _same(t, told.sheet)), None)
    if title is None and len(hidden := [t for t in book.sheetnames if hide_names(t, titles, True) == told.sheet]) == 1:
        title = hidden[0]
    if title is None or (at := row_and_column(told.cell)) is None or not isinstance(book[title], Worksheet):
        return None
    row, column = at
    for merged in book[title].merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return title, f"{get_column_letter(merged.min_col)}{merged.min_row}"
    return title, f"{get_column_letter(column)}{row}"


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one) == unicodedata.normalize("NFC", other)


def _mark(sheet: Worksheet, ref: str, findings: Sequence[Told], office: str) -> None:
    cell = sheet[ref]
    cell.fill = _ERROR if any(t.is_error for t in findings) else _WARNING
    text = "\n".join(f"{'Sai' if t.is_error else 'Xem lại'}: {t.message}" for t in findings)
    cell.comment = Comment(text, office, width=320, height=60 + 18 * (len(text) // 40))


def _write_list(book: Workbook, file_name: str, findings: Sequence[Told],
                places: dict[int, tuple[str, str] | None]) -> None:
    sheet = book.create_sheet(_free_title(book), 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    _put(sheet, 1, 1, list_title(file_name)).font = _font(size=14, bold=True)
    _put(sheet, 2, 1, _NOTE).font = _font(italic=True)
    for column, (title, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        head = _put(sheet, 4, column, title)
        head.font, head.fill, head.border = _font(bold=True, color="FFFFFF"), _HEAD, _BOX
    for number, told in enumerate(findings, 1):
        line = list_line(number, told)
        sheet.row_dimensions[4 + number].height = line_height(line)
        for column, text in enumerate(line, 1):
            cell = _put(sheet, 4 + number, column, text)
            cell.font, cell.border, cell.alignment = _font(), _BOX, _WRAPPED
            if column == 2:
                cell.fill = _ERROR if told.is_error else _WARNING
            if column == _PLACE_COLUMN and (place := places[id(told)]):
                _link(cell, place)
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _link(cell: Cell, place: tuple[str, str]) -> None:
    quoted = place[0].replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{place[1]}")
    cell.font = _font(color="0563C1", underline="single")


def _font(size: int = 12, **properties: object) -> Font:
    return Font(name="Times New Roman", size=size, **properties)


def _put(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Writes the text as a string, whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.value = _printable(text)
    cell.data_type = "s"
    return cell


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")


def _free_title(book: Workbook) -> str:
    taken = {t.casefold() for t in book.sheetnames}
    title, number = LIST_SHEET, 1
    while title.casefold() in taken:
        number += 1
        title = f"{LIST_SHEET} ({number})"[:_LONGEST_TITLE]
    return title
