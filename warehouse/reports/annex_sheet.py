"""How a sheet of phu-luc.xlsx or so-lieu-lam-viec.xlsx looks: title, header, rows, totals and notes,
ready to print on A4 landscape.

What stands on it is an `Annex` (annex_content.py); this module knows nothing of the campaign. Text
is always written as text, whatever it begins with, so that nothing a unit wrote becomes a formula
or a link. Counts and dates stay numbers, under formats that name their dots and slashes; shares and
decimals are written as texts: the comma of a number format is the reader's locale's. Rows are
written in order and then let go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from warehouse.reports.annex_chart import add_chart, write_chart_value
from warehouse.reports.annex_content import (
    FIRST_ROW,
    HEADER_ROW,
    Annex,
    AnnexColumn,
    ColumnKind,
    FormattedValue,
    Line,
    LineStyle,
    Row,
    Spans,
    lines,
    printed_number,
)
from warehouse.reports.annex_pages import FONT_POINTS, NUMBER, SIDE_MARGINS, divided

FONT = "Times New Roman"
YES, NO = "x", "–"
MARKS_NOTE = f"{YES}: có; {NO}: không; ô trống: không có số liệu."
MAX_CELL_LENGTH = 2000  # characters of a cell; Excel takes 32,767, nobody reads them
LINE_POINTS = 15  # points
WIDTH_FACTOR = 1.1  # letters are narrower than the digits that widths are counted in
_COUNT = r"[>=1000000]0\.000\.000;[>=1000]0\.000;0"
_NUMBERS = {
    "count": _COUNT,
    "mark": _COUNT,
    "date": r"dd\/mm\/yyyy",
    "moment": r"dd\/mm\/yyyy hh:mm",
}
_PRINTED = ("share", "decimal", "points")  # kinds that are written as texts
_ALIGNED = {
    "text": "left",
    "date": "center",
    "moment": "center",
    "mark": "center",
    "number": "center",
}
_STYLES: dict[str, dict[str, Any]] = {
    "row": {},
    "group": {"bold": True, "bg_color": "#EDEDED"},
    "total": {"bold": True, "top": 2},
}


class AnnexBook:
    """The workbook that annexes are written into, one sheet each or several, with the formats that
    they share. `source` stands below each title."""

    def __init__(self, book: Workbook, source: str) -> None:
        self._book, self._source = book, source
        self._formats: dict[tuple[str, str], Format] = {}

    def add(self, annex: Annex) -> None:
        """Writes the annex as the next sheet, or sheets, where it has to be divided."""
        for part in divided(annex):
            self._add_sheet(part)

    def _add_sheet(self, annex: Annex) -> None:
        sheet = self._book.add_worksheet(annex.sheet_name)
        columns = (NUMBER, *annex.columns)
        _set_page(sheet, columns, annex)
        self._head(sheet, annex, columns)
        row = self._rows(sheet, annex, FIRST_ROW)
        row = self._notes(sheet, annex, row)
        sheet.print_area(0, 0, row, len(columns) - 1)
        sheet.ignore_errors({"number_stored_as_text": xl_range(0, 0, row, len(columns) - 1)})
        if annex.chart:
            add_chart(self._book, sheet, annex, annex.chart)

    def _head(self, sheet: Worksheet, annex: Annex, columns: tuple[AnnexColumn, ...]) -> None:
        last = len(columns) - 1
        bold = {
            "bold": True,
            "font_size": 13,
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
        }
        quiet = {"italic": True, "align": "center", "valign": "vcenter", "text_wrap": True}
        texts = (
            (annex.heading, bold),
            (annex.title.upper(), bold),
            (self._source, quiet),
            (annex.measure and f"Đơn vị tính: {annex.measure}", {"italic": True, "align": "right"}),
        )
        for row, (text, cell_format) in enumerate(texts):
            if row in (1, 2):
                sheet.set_row(
                    row,
                    20 * _lines(text, sum(c.width for c in columns) * (0.6 if row == 1 else 0.9)),
                )
            sheet.merge_range(row, 0, row, last, text, self._book.add_format(cell_format))
        cell_format = self._book.add_format(
            {
                "bold": True,
                "border": 1,
                "align": "center",
                "valign": "vcenter",
                "text_wrap": True,
                "bg_color": "#E2E2E2",
            }
        )
        sheet.set_row(HEADER_ROW, 15 * max(_lines(c.label, c.width * 0.95) for c in columns) + 4)
        for n, column in enumerate(columns):
            sheet.write_string(HEADER_ROW, n, column.label, cell_format)

    def _notes(self, sheet: Worksheet, annex: Annex, row: int) -> int:
        """Writes the notes below the table; the row of the last."""
        cell_format = self._book.add_format({"italic": True, "text_wrap": True, "valign": "top"})
        marks = (MARKS_NOTE,) if any(c.kind == "mark" for c in annex.columns) else ()
        width = sum(c.width for c in (NUMBER, *annex.columns))
        for note in (*marks, *annex.shown_notes):
            row += 1
            sheet.set_row(row, LINE_POINTS * _lines(note, width))
            sheet.merge_range(row, 0, row, len(annex.columns), note, cell_format)
        return row

    def _rows(self, sheet: Worksheet, annex: Annex, row: int) -> int:
        """Writes groups and totals; the row after the last."""
        number, grouped = 0, any(group.label for group in annex.groups)
        for line in lines(annex):
            if line.style == "row":
                number += 1
                self._write_row(sheet, line.row, annex, number, line.values)
                if annex.chart:
                    write_chart_value(sheet, line.row, annex, annex.chart, line.values)
            else:
                self._write_totals(sheet, line, annex, of_groups=grouped and line.style == "total")
            row = line.row + 1
        if row == FIRST_ROW:
            sheet.merge_range(
                row, 0, row, len(annex.columns), "Không có.", self._format("text", "row")
            )
            row += 1
        return row

    def _write_row(
        self, sheet: Worksheet, row: int, annex: Annex, number: int, values: Row
    ) -> None:
        _fit_height(sheet, row, annex.columns, values)
        sheet.write_number(row, 0, number, self._format("number", "row"))
        for n, column in enumerate(annex.columns, 1):
            value = values[column.key]
            value, kind = value if isinstance(value, FormattedValue) else (value, column.kind)
            cell_format = self._format(kind, "row")
            if value is None or value == "":
                sheet.write_blank(row, n, None, cell_format)
            elif kind in _PRINTED:
                sheet.write_string(row, n, printed_number(value, kind), cell_format)
            elif kind == "text":
                text = str(value)
                sheet.write_string(
                    row,
                    n,
                    text if len(text) <= MAX_CELL_LENGTH else text[:MAX_CELL_LENGTH] + "…",
                    cell_format,
                )
            elif kind == "mark":
                sheet.write_string(row, n, YES if value else NO, cell_format)
            elif isinstance(value, (dt.date, dt.datetime)):
                sheet.write_datetime(row, n, value, cell_format)
            else:
                sheet.write_number(row, n, value, cell_format)

    def _write_totals(self, sheet: Worksheet, line: Line, annex: Annex, of_groups: bool) -> None:
        row, style, spans = line.row, line.style, line.spans or []
        _fit_height(sheet, row, annex.columns[:1], {annex.name_key: line.label})
        sheet.write_blank(row, 0, None, self._format("text", style))
        sheet.write_string(row, 1, line.label, self._format("text", style))
        for n, column in enumerate(annex.columns[1:], 2):
            total = line.values.get(column.key)
            cell_format = self._format(column.kind, style)
            summed = column.kind in ("count", "mark") and spans[0][0] <= spans[0][1]
            if total is None:
                sheet.write_blank(row, n, None, cell_format)
            elif column.kind in _PRINTED:
                sheet.write_string(row, n, printed_number(total, column.kind), cell_format)
            elif not summed:
                sheet.write_number(row, n, total, cell_format)
            else:
                sheet.write_formula(
                    row, n, _formula(column.kind, n, spans, of_groups), cell_format, total
                )

    def _format(self, kind: ColumnKind | Literal["number"], style: LineStyle) -> Format:
        if (kind, style) not in self._formats:
            align = _ALIGNED.get(kind, "right")
            cell_format: dict[str, Any] = {
                "border": 1,
                "valign": "vcenter",
                "align": align,
                "text_wrap": kind == "text",
            }
            cell_format |= {"indent": 1} if align == "right" else {}
            cell_format |= _STYLES[style]
            if kind in _NUMBERS:
                cell_format["num_format"] = _NUMBERS[kind]
            self._formats[kind, style] = self._book.add_format(cell_format)
        return self._formats[kind, style]


def _formula(kind: ColumnKind, column: int, spans: Spans, of_groups: bool) -> str:
    """The sum over the spans of rows; of marks, how many are set; over headings of groups, the sum
    of their numbers."""
    if of_groups:
        return f"=SUM({','.join(xl_rowcol_to_cell(first, column) for first, _ in spans)})"
    first, last = spans[0]
    cells = xl_range(first, column, last, column)
    return f'=COUNTIF({cells},"{YES}")' if kind == "mark" else f"=SUM({cells})"


def _set_page(sheet: Worksheet, columns: tuple[AnnexColumn, ...], annex: Annex) -> None:
    for n, column in enumerate(columns):
        sheet.set_column(n, n, column.width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    left, right = SIDE_MARGINS
    sheet.set_margins(left=left, right=right, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.repeat_rows(HEADER_ROW)
    sheet.freeze_panes(HEADER_ROW + 1, annex.frozen)
    sheet.set_footer(f'&C&"{FONT}"&{FONT_POINTS}{annex.heading} - trang &P/&N')
    sheet.hide_gridlines(2)


def _fit_height(sheet: Worksheet, row: int, columns: Sequence[AnnexColumn], values: Row) -> None:
    """Makes a row as high as its longest text: not every program does so by itself."""
    lines = max(
        (
            _lines(value, column.width * WIDTH_FACTOR)
            for column in columns
            if column.kind == "text" and (value := values[column.key]) and len(value) > column.width
        ),
        default=1,
    )
    if lines > 1:
        sheet.set_row(row, min(LINE_POINTS * lines + 1, 400))


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of that many characters, broken between words and
    within long ones."""
    lines, used = 1, 0.0
    for word in text.split():
        if used and used + 1 + len(word) > width:
            lines, used = lines + 1, 0.0
        used += len(word) + bool(used)
        while used > width:
            lines, used = lines + 1, used - width
    return lines
