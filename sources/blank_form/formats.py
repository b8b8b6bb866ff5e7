"""How the form looks: the formats of its cells and the page on which a sheet is printed."""

from __future__ import annotations

import datetime as dt

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sources.form import FormField

FONT = "Times New Roman"
DATE_FORMAT = "dd/mm/yyyy"
_A4 = 9
_HEADER_FILL, _LOCKED_FILL, _INPUT_FILL, _LINE = "#1F4E79", "#EDEDED", "#FFFDF2", "#7F7F7F"
_PROTECTION = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "sort": True,
    "autofilter": True,
}


class FormFormats:
    """The formats of one workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        self.title = self._format(bold=True, font_size=14, font_color=_HEADER_FILL)
        self.note = self._format(italic=True, font_color="#404040")
        self.line = self._format(text_wrap=True, valign="top")
        self.head = self._format(
            bold=True,
            font_color="white",
            bg_color=_HEADER_FILL,
            align="center",
            valign="vcenter",
            text_wrap=True,
            border=1,
            border_color=_LINE,
        )
        self.label = self._boxed(bg_color=_LOCKED_FILL, text_wrap=True, indent=1)
        self.number = self._boxed(bg_color=_LOCKED_FILL, align="center")
        self.check = self._boxed(font_color="#C00000", bold=True, text_wrap=True)
        self.total = self._boxed(bold=True, bg_color="#DDEBF7", num_format="#,##0")
        self.wrong = self._format(bg_color="#F8CBAD", font_color="#9C0006")
        self.doubtful = self._format(bg_color="#FFE699")
        self.part = self._format(
            bold=True, font_color=_HEADER_FILL, valign="vcenter", border=1, border_color=_LINE
        )
        self.prose = self._boxed(text_wrap=True, bg_color=_INPUT_FILL, locked=False, valign="top")

    def input(self, field: FormField) -> Format:
        """The format of a place that the unit fills in."""
        return self._boxed(bg_color=_INPUT_FILL, locked=False, **_by_type(field))

    def fixed(self, field: FormField) -> Format:
        """The format of a place that is filled in for the unit."""
        return self._boxed(bg_color=_LOCKED_FILL, **_by_type(field))

    def _boxed(self, **properties: object) -> Format:
        return self._format(
            **{"border": 1, "border_color": _LINE, "valign": "vcenter", **properties}
        )

    def _format(self, **properties: object) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]


def _by_type(field: FormField) -> dict[str, object]:
    if field.type == "count":
        return {"num_format": "#,##0", "align": "right"}
    if field.type == "date":
        return {"num_format": DATE_FORMAT, "align": "center"}
    if field.type == "mark":
        return {"align": "center"}
    return {"shrink": True} if field.choice else {"text_wrap": True}


def width(field: FormField, first: bool) -> float:
    """The width of a table's column, in characters."""
    if first:
        return 44
    return {
        "count": 11,
        "date": 13,
        "mark": 11,
        "choice": 25,
        "commune": 20,
        "organisation": 26,
    }.get(field.type, 24)


def prepare_page(sheet: Worksheet, *, landscape: bool, header_row: int | None = None) -> None:
    """A4, the sheet's width on one page, page numbers, the header on each page, and locked but for
    the input cells."""
    sheet.set_landscape() if landscape else sheet.set_portrait()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer('&C&"Times New Roman"&9Trang &P/&N')
    sheet.hide_gridlines(2)
    if header_row is not None:
        sheet.repeat_rows(header_row)
    sheet.protect("", _PROTECTION)


def write_value(
    sheet: Worksheet, row: int, column: int, value: str | int | dt.date, cell_format: Format
) -> None:
    """Writes a count as a number, a date as a date, all else as a string: a text is never taken for
    a formula."""
    if value == "":
        sheet.write_blank(row, column, None, cell_format)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, column, value, cell_format)
    elif isinstance(value, int):
        sheet.write_number(row, column, value, cell_format)
    else:
        sheet.write_string(row, column, value, cell_format)
