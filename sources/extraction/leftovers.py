"""What a grid holds that neither a table nor a pair has taken: said where it looks like numbers of a report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sources.extraction.cell_types import raw_text, type_date, type_mark
from sources.extraction.collected import Collected, shorten
from sources.extraction.dictionary import Dictionary
from sources.extraction.headers import Header
from sources.extraction.view import GridView
from sources.grids import Value

_FEWEST_CELLS, _FEWEST_VALUES = 3, 2   # of a row that looks like one of a table


def report_unread_rows(view: GridView, rows: Iterable[int], words: Dictionary, collected: Collected) -> None:
    """One finding for the rows of a table whose header nobody knows."""
    unread = [row for row in rows if _looks_like_data(view, row, words)]
    if not unread:
        return
    first = unread[0]
    columns = view.filled_columns(first)
    text = shorten(" ".join(view.own_text(first, c) for c in columns))
    collected.finding(
        "not_read", view.sheet, view.ref(first, columns[0]), value=text,
        message=f"{len(unread)} dòng có số liệu, từ dòng “{text}”, không thuộc bảng hay mục nào của mẫu nên không được "
                f"đọc. Nếu là số liệu của báo cáo, đề nghị ghi tên cột theo mẫu.")


def report_beside(view: GridView, rows: Iterable[int], headers: list[Header], words: Dictionary,
                  collected: Collected) -> None:
    """A value beside a table, in a column that no header spans, is a finding at its cell."""
    outside = [c for c in range(view.width) if not any(h.left <= c <= h.right for h in headers)]
    if not outside:
        return
    for row in sorted(rows):
        for column in outside:
            value = view.own(row, column)
            if _tells(value, words):
                collected.finding(
                    "value_outside_table", view.sheet, view.ref(row, column), section=headers[0].section.key,
                    value=shorten(raw_text(value)))


def _looks_like_data(view: GridView, row: int, words: Dictionary) -> bool:
    cells = view.rows[row]
    if len(cells) - cells.count(None) < _FEWEST_CELLS:
        return False
    return sum(_tells(value, words) for value in cells) >= _FEWEST_VALUES


def _tells(value: Value, words: Dictionary) -> bool:
    """Whether a value is a number, a day or a mark, and no word."""
    if isinstance(value, str):
        return (len(value) < 8 and (value.strip().isdigit() or type_mark(value, words) == "true")) or (
            len(value) < 12 and isinstance(type_date(value, words.campaign.campaign.year), str))
    return isinstance(value, int | float | dt.date) and not isinstance(value, bool)
