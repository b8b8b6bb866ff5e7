"""The chart of an annex: native, beside its table, and outside what is printed.

The table writes shares as texts (annex_sheet.py), so the chart reads numbers of its own, which lie
under it.
"""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from warehouse.reports.annex_content import (
    FIRST_ROW,
    HEADER_ROW,
    Annex,
    Chart,
    Row,
    printed_number,
)

_FONT = {"name": "Times New Roman", "size": 11}
_WIDTH, _BAR_HEIGHT, _HEIGHT_WITHOUT_BARS = 620, 20, 90  # pixels


def write_chart_value(sheet: Worksheet, row: int, annex: Annex, chart: Chart, values: Row) -> None:
    """Writes the number that the chart draws of the line at `row`, where it draws one."""
    if 0 <= row - FIRST_ROW - chart.first < chart.rows:
        sheet.write_number(row, _first_column(annex), values[chart.shares])


def add_chart(book: Workbook, sheet: Worksheet, annex: Annex, chart: Chart) -> None:
    """A bar per row, the first on top, right of the table; it keeps the values for programs that do
    not compute."""
    if not chart.rows:
        return
    names = annex.place(chart.names) + 1
    column = _first_column(annex)
    first, last = FIRST_ROW + chart.first, FIRST_ROW + chart.first + chart.rows - 1
    drawn_rows = annex.groups[0].rows[chart.first : chart.first + chart.rows]
    bars = book.add_chart({"type": "bar"})
    bars.add_series(
        {
            "name": annex.column(chart.shares).label,
            "categories": [annex.sheet_name, first, names, last, names],
            "values": [annex.sheet_name, first, column, last, column],
            "categories_data": [row[chart.names] for row in drawn_rows],
            "values_data": [row[chart.shares] for row in drawn_rows],
            "gap": 45,
            "fill": {"color": "#35618F"},
            "data_labels": {
                "value": True,
                "font": _FONT,
                "custom": [
                    {"value": printed_number(row[chart.shares], "share")} for row in drawn_rows
                ],
            },
        }
    )
    bars.set_title({"name": chart.title, "name_font": {**_FONT, "size": 13}, "overlay": False})
    bars.set_legend({"none": True})
    bars.set_y_axis({"reverse": True, "num_font": _FONT, "major_gridlines": {"visible": False}})
    bars.set_x_axis(
        {
            "min": 0,
            "max": 1,
            "num_format": "0%",
            "num_font": _FONT,
            "major_gridlines": {"visible": True, "line": {"color": "#D0D0D0"}},
        }
    )
    bars.set_size({"width": _WIDTH, "height": _HEIGHT_WITHOUT_BARS + _BAR_HEIGHT * chart.rows})
    sheet.set_column(column - 1, column - 1, 2)
    sheet.insert_chart(HEADER_ROW, column, bars, {"description": chart.title, "object_position": 3})


def _first_column(annex: Annex) -> int:
    """Where the chart begins: right of the table and a narrow column."""
    return len(annex.columns) + 2
