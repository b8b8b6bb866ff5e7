"""How a sheet of phu-luc.xlsx looks: title, header, rows, totals and notes, ready to print on A4
landscape.

What stands on it is an `Annex` (annex_content.py); this module knows nothing of the campaign. Text
is always written as text, whatever it begins with, so that nothing a unit wrote becomes a formula
or a link. Rows are written in order and then let go.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

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
)

FONT, SIZE = "Times New Roman", 11
YES, NO = "x", "–"
MARKS_NOTE = f"{YES}: có; {NO}: không; ô trống: không có số liệu."
MAX_CELL_LENGTH = 2000  # characters of a cell; Excel takes 32,767, nobody reads them
LINE_POINTS = 15  # points
WIDTH_FACTOR = 1.1  # letters are narrower than the digits that widths are counted in
_NUMBERS = {
    "count": "#,##0",
    "mark": "#,##0",
    "share": "0.0%",
    "decimal": "#,##0.0",
    "date": "dd/mm/yyyy",
    "moment": "dd/mm/yyyy hh:mm",
}
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
    """The workbook that the annexes are written into, one sheet each, with the formats that they
    share."""

    def __init__(self, book: Workbook, source: str) -> None:
        self._book, self._source = book, source
        self._formats: dict[tuple[str, str], Format] = {}

    def add(self, annex: Annex) -> None:
        """Writes the annex as the next sheet."""
        sheet = self._book.add_worksheet(annex.name)
        columns = (AnnexColumn("number", "STT", "count", 6), *annex.columns)
        _set_page(sheet, columns, annex)
        self._head(sheet, annex, columns)
        row = self._rows(sheet, annex, FIRST_ROW)
        for note in annex.notes:
            row += 1
            sheet.merge_range(
                row,
                0,
                row,
                len(columns) - 1,
                note,
                self._book.add_format({"italic": True, "text_wrap": True, "valign": "top"}),
            )
        if annex.chart:
            _add_chart(self._book, sheet, annex)

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
            (f"Phụ lục {annex.number}", bold),
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

    def _rows(self, sheet: Worksheet, annex: Annex, row: int) -> int:
        """Writes groups and totals; the row after the last."""
        number, grouped = 0, any(group.label for group in annex.groups)
        for line in lines(annex):
            if line.style == "row":
                number += 1
                self._write_row(sheet, line.row, annex, number, line.values)
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
        sheet.write_blank(row, 0, None, self._format("text", style))
        sheet.write_string(row, 1, line.label, self._format("text", style))
        for n, column in enumerate(annex.columns[1:], 2):
            total = line.values.get(column.key)
            cell_format = self._format(column.kind, style)
            summed = column.kind in ("count", "mark") and spans[0][0] <= spans[0][1]
            if total is None:
                sheet.write_blank(row, n, None, cell_format)
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
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.7)
    sheet.center_horizontally()
    sheet.repeat_rows(HEADER_ROW)
    sheet.freeze_panes(HEADER_ROW + 1, annex.frozen)
    sheet.set_footer(f'&C&"{FONT}"&10Phụ lục {annex.number} - trang &P/&N')
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


def _add_chart(book: Workbook, sheet: Worksheet, annex: Annex) -> None:
    """A bar per row, the first on top, right of the table; it keeps the values for programs that do
    not compute."""
    chart, rows = annex.chart, annex.groups[0].rows
    if chart is None or not chart.rows:
        return
    names, shares = annex.place(chart.names), annex.place(chart.shares)
    first, last = FIRST_ROW + chart.first, HEADER_ROW + chart.first + chart.rows
    drawn_rows = rows[chart.first : chart.first + chart.rows]
    bars = book.add_chart({"type": "bar"})
    bars.add_series(
        {
            "name": annex.columns[shares].label,
            "categories": [annex.name, first, names + 1, last, names + 1],
            "values": [annex.name, first, shares + 1, last, shares + 1],
            "categories_data": [r[chart.names] for r in drawn_rows],
            "values_data": [r[chart.shares] for r in drawn_rows],
            "gap": 45,
            "fill": {"color": "#35618F"},
            "data_labels": {"value": True, "num_format": "0.0%", "font": {"name": FONT, "size": 9}},
        }
    )
    bars.set_title({"name": chart.title, "name_font": {"name": FONT, "size": 13}, "overlay": False})
    bars.set_legend({"none": True})
    bars.set_y_axis(
        {
            "reverse": True,
            "num_font": {"name": FONT, "size": 9},
            "major_gridlines": {"visible": False},
        }
    )
    bars.set_x_axis(
        {
            "min": 0,
            "max": 1,
            "num_format": "0%",
            "num_font": {"name": FONT, "size": 9},
            "major_gridlines": {"visible": True, "line": {"color": "#D0D0D0"}},
        }
    )
    bars.set_size({"width": 620, "height": 90 + 20 * chart.rows})
    column = len(annex.columns) + 1
    sheet.set_column(column, column, 2)
    sheet.insert_chart(
        HEADER_ROW, column + 1, bars, {"description": chart.title, "object_position": 3}
    )
