"""Which rows and columns of an xlsx sheet are hidden, and which of the rows by a filter, found in
the sheet's bytes.

Most sheets hide nothing, which a search for one word tells at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_MAY_HIDE = re.compile(rb' h(?:idden="|t="0)')  # a literal first: the search flies
_MAY_HIDE_IN_OTHER_QUOTES = re.compile(rb"\b(?:hidden|ht|width)\s*=\s*'")
_FIRST_ROW = 200  # bytes, that tell by which quotes a sheet is written
_LAST_COLUMN = 16_384
_YES = rb"""["'](?:1|true)["']"""
_ZERO = rb"""["']0*(?:\.0*)?["']"""
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_HIDDEN_ROW = re.compile(rb"\bhidden\s*=\s*" + _YES + rb"|\sht\s*=\s*" + _ZERO)
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]*)>")
_HIDDEN_COLUMN = re.compile(rb"\bhidden\s*=\s*" + _YES + rb"|\bwidth\s*=\s*" + _ZERO)
_NUMBER = {
    name: re.compile(rb"\b" + name + rb"""\s*=\s*["'](\d{1,7})["']""")
    for name in (b"r", b"min", b"max")
}
_FILTER = re.compile(
    rb"""<(?:\w+:)?autoFilter\b[^<>]*\bref\s*=\s*["']"""
    rb"""\$?[A-Z]+\$?(\d{1,7})(?::\$?[A-Z]+\$?(\d{1,7}))?"""
    rb"""["'][^<>]*>(?:\s*<(?:\w+:)?filterColumn\b[^<>]*/>)*\s*"""
    rb"(<(?:\w+:)?filterColumn\b[^<>]*[^/<>]>)?"
)
_FILTERED_SHEET = re.compile(rb"\bfilterMode\s*=\s*" + _YES)


class Layout(NamedTuple):
    """The zero-based rows and columns that a sheet does not show; the `filtered` rows are no hidden
    ones."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()
    filtered: frozenset[int] = frozenset()


def hides_anything(sheet: bytes) -> bool:
    """A cheap look before the thorough one."""
    if _MAY_HIDE.search(sheet):
        return True
    start = max(sheet.find(b"sheetData"), 0)
    head = sheet[: start + _FIRST_ROW]
    return b'width="0' in head or (
        b"='" in head and _MAY_HIDE_IN_OTHER_QUOTES.search(sheet) is not None
    )


def layout_of(sheet: bytes, tables: Iterable[bytes] = ()) -> Layout:
    """What the sheet hides; `tables` are the parts of the tables on it, whose filters hide rows as
    the sheet's own."""
    start = max(sheet.find(b"sheetData"), 0)
    end = max(sheet.rfind(b"sheetData"), start)
    rows = _hidden_rows(sheet)
    if not rows:
        return Layout(columns=_hidden_columns(sheet[:start]))
    after = sheet[end:]
    views = after.find(b"customSheetViews")  # each keeps a filter of its own, which need not be on
    filtered = _filtered(
        rows,
        [after[:views] if views >= 0 else after, *tables],
        _FILTERED_SHEET.search(sheet, 0, start) is not None,
    )
    return Layout(rows - filtered, _hidden_columns(sheet[:start]), filtered)


def _filtered(rows: frozenset[int], parts: Iterable[bytes], whole_sheet: bool) -> frozenset[int]:
    found = [match for part in parts for match in _FILTER.finditer(part)]
    ranges = [
        (int(match[1]), int(match[2] or match[1])) for match in found if match[3] or whole_sheet
    ]
    if whole_sheet and not ranges:
        return rows  # a filter by criteria of another range says nowhere on the sheet how far it reaches
    # below the header
    return frozenset(row for row in rows if any(top <= row < bottom for top, bottom in ranges))


def _hidden_rows(sheet: bytes) -> frozenset[int]:
    rows, number = set(), 0
    for tag in _ROW.finditer(sheet):
        ref = _NUMBER[b"r"].search(tag[1])
        number = int(ref[1]) if ref else number + 1
        if _HIDDEN_ROW.search(tag[1]):
            rows.add(number - 1)
    return frozenset(rows)


def _hidden_columns(head: bytes) -> frozenset[int]:
    columns: set[int] = set()
    for tag in _COLUMN.finditer(head):
        first, last = (_NUMBER[name].search(tag[1]) for name in (b"min", b"max"))
        if first and last and _HIDDEN_COLUMN.search(tag[1]):
            columns.update(range(int(first[1]) - 1, min(int(last[1]), _LAST_COLUMN)))
    return frozenset(columns)
