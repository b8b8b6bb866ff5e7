"""Tables that go on over pages, put together: repeated headers left out, rows and merged cells that
a page's end cuts made whole. What may be read in two ways is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sources.grids import Grid, Span, Value
from sources.readers.pdf.ruled import RuledTable
from sources.readers.pdf.table_cells import CellText, TableCells
from sources.readers.refusals import columns_over_pages, row_over_pages
from sources.readers.text_effects import seen_text
from sources.text import fold

_SAME_COLUMN = 3.0  # points
_SAME_ROW = 1.5
_MIN_ROWS = 3
_COLUMN_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[A-H])\)?$")
_MIN_LEFT_OUT = 2
_MIN_CUT_HEADER = 4  # letters that are left of a header
_OFTEN = 0.6  # of the rows: a column so often filled is hardly left out
_TOTAL = re.compile(r"\b(?:cong|tong|tong so)\b")  # folded


@dataclass(slots=True)
class WholeTable:
    """A table over all its pages: the texts of its cells by their ranges."""

    width: int
    height: int
    cells: dict[Span, CellText]
    parts: list[RuledTable]
    first: TableCells
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    header_rows: int = 0

    @classmethod
    def of(cls, found: TableCells) -> WholeTable:
        """The table of one page."""
        table = found.table
        cells = {span: found.texts.get(span, CellText()) for span in set(table.cells.values())}
        return cls(len(table.xs) - 1, len(table.ys) - 1, cells, [table], found)

    def row(self, row: int) -> dict[tuple[int, int], CellText]:
        """The cells that begin in a row, by their columns."""
        return {
            (span.left, span.right): text for span, text in self.cells.items() if span.top == row
        }

    def ends_in(self, row: int) -> dict[tuple[int, int], Span]:
        """The cells that end in a row."""
        return {(span.left, span.right): span for span in self.cells if span.bottom == row}

    def grid(self, sheet: str) -> Grid:
        """The table as readers yield tables."""
        rows: list[list[Value]] = [[None] * self.width for _ in range(self.height)]
        grid = Grid(sheet, rows, source="table", comments=self.comments)
        merged: list[Span] = []
        for span, text in sorted(self.cells.items(), key=lambda item: item[0].top):
            if (span.top, span.left) != (span.bottom, span.right):
                merged.append(span)
            shown, raw, left_out = seen_text(text.runs())
            place = span.top, span.left
            rows[span.top][span.left] = shown.strip() or None
            if shown != raw and shown.strip():
                grid.raw[place] = raw.strip()
            if left_out:
                grid.left_out[place] = left_out
        grid.merged = tuple(sorted(merged, key=lambda s: (s.top, s.left)))
        return grid


def goes_on(table: WholeTable, found: TableCells) -> bool:
    """Whether a page's first table has the columns of the last one on the page before."""
    xs, others = table.parts[-1].xs, found.table.xs
    return len(xs) == len(others) and all(
        abs((a - xs[0]) - (b - others[0])) <= _SAME_COLUMN for a, b in zip(xs, others, strict=True)
    )


def check_columns(tables: list[WholeTable], found: TableCells) -> None:
    """Raises RefusedFile where a table has the very rows of one on another page: it holds that
    one's further columns."""
    ys = found.table.ys
    for table in tables:
        for part in table.parts:
            if (
                part.page != found.table.page
                and len(part.ys) == len(ys) > _MIN_ROWS
                and all(abs(a - b) <= _SAME_ROW for a, b in zip(part.ys, ys, strict=True))
                and len(set(part.cells.values())) != len(set(found.table.cells.values()))
            ):
                raise columns_over_pages(part.page, found.table.page)


def append(table: WholeTable, found: TableCells) -> None:
    """Puts the rows of a page's table below those of the pages before. Raises RefusedFile where
    nobody can say what goes on."""
    more = WholeTable.of(found)
    dropped = _repeated_rows(WholeTable.of(table.first), more)
    table.header_rows = max(table.header_rows, dropped)
    table.parts.append(found.table)
    if dropped >= more.height:
        return
    last = table.height - 1
    is_one_row = _is_rest_of_row(table, last, more, dropped)
    shift = last + 1 - dropped - is_one_row
    above = table.ends_in(last)
    for span, text in sorted(more.cells.items(), key=lambda item: item[0].top):
        if span.top < dropped:
            continue
        moved = Span(span.top + shift, span.left, span.bottom + shift, span.right)
        upper = above.get((span.left, span.right)) if span.top == dropped else None
        if upper is not None and (
            is_one_row or _is_one_cell(table, upper, moved, text, found.table.page)
        ):
            joined = _joined(table.cells.pop(upper), text)
            moved = Span(upper.top, span.left, moved.bottom, span.right)
            table.cells[moved] = joined
        else:
            table.cells[moved] = text
    table.height = max(span.bottom for span in table.cells) + 1


def _repeated_rows(first: WholeTable, more: WholeTable) -> int:
    """How many rows at the top of a page repeat the table's header."""
    repeated = 0
    for row in range(min(first.height, more.height)):
        one, other = _texts(first, row), _texts(more, row)
        if not _is_same_header(one, other) or _is_data(list(one.values())):
            break
        if not any(span.top <= row < span.bottom for span in more.cells):
            repeated = row + 1
    return repeated


def _is_same_header(
    one: dict[tuple[int, int, int], str], other: dict[tuple[int, int, int], str]
) -> bool:
    """Whether a row repeats another. Where a header is repeated, what is too high for its row may
    be cut off."""
    if one.keys() != other.keys() or not any(one.values()):
        return False
    cut = [place for place in one if one[place] != other[place]]
    return len(cut) <= len(one) / 2 and all(
        len(other[place]) >= _MIN_CUT_HEADER and one[place].startswith(other[place])
        for place in cut
    )


def _texts(table: WholeTable, row: int) -> dict[tuple[int, int, int], str]:
    """A row's texts, without the spaces: a page's other columns may have broken them otherwise."""
    return {
        (span.left, span.right, span.bottom): "".join(text.raw.split())
        for span, text in table.cells.items()
        if span.top == row
    }


def _is_data(texts: list[str]) -> bool:
    """Whether a row holds numbers, other than those of the columns."""
    filled = [text for text in texts if text]
    numbers = [text for text in filled if text.isdigit()]
    return bool(numbers) and not all(_COLUMN_NUMBER.match(text) for text in filled)


def _is_rest_of_row(table: WholeTable, last: int, more: WholeTable, first: int) -> bool:
    """Whether a page's first row is the rest of the last one on the page before. Raises
    RefusedFile where that is not certain."""
    above = {columns: table.cells[span] for columns, span in table.ends_in(last).items()}
    below = more.row(first)
    filled = {columns for columns, text in below.items() if text.is_filled}
    if set(above) != set(below) or not filled:
        return False
    words = " ".join(fold(text.raw) for text in below.values() if text.is_filled)
    if _TOTAL.search(words[:40]):
        return False
    left_out = [
        columns
        for columns in below
        if columns not in filled
        and _is_often_filled((table, more), columns)
        and above[columns].is_filled
    ]
    if not left_out:
        if _is_only_rest_of_words(above, below, (table, more)):
            return True
        missing_above = [
            columns
            for columns in filled
            if not above[columns].is_filled and _is_often_filled((table, more), columns)
        ]
        if len(missing_above) > 1 and any(text.is_filled for text in above.values()):
            raise row_over_pages(table.parts[-2].page)
        return False
    numbers = sum(
        above[columns].raw.isdigit() and below[columns].raw.isdigit() for columns in filled
    )
    is_full = (
        len(filled) > len(below) / 2
        or len(filled) > sum(text.is_filled for text in above.values()) / 2
    )
    if numbers and is_full:
        return False  # it counts on: a row of its own
    if numbers or is_full:
        raise row_over_pages(table.parts[-2].page)
    return True


def _is_only_rest_of_words(
    above: dict[tuple[int, int], CellText],
    below: dict[tuple[int, int], CellText],
    tables: tuple[WholeTable, WholeTable],
) -> bool:
    """Whether a row of words alone goes on with those of the row above, which has nothing else
    either. Raises RefusedFile where it may as well be a row of its own."""
    filled = {columns: text for columns, text in below.items() if text.is_filled}
    empty = [columns for columns in below if columns not in filled]
    if (
        any(not above[columns].is_filled for columns in filled)
        or any(above[columns].is_filled for columns in empty)
        or any(c.isdigit() for text in filled.values() for c in text.raw)
        or sum(_is_often_filled(tables, columns) for columns in empty) < _MIN_LEFT_OUT
    ):
        return False
    if all(text.raw[:1].islower() for text in filled.values()):
        return True
    raise row_over_pages(tables[0].parts[-2].page)


def _is_often_filled(tables: tuple[WholeTable, WholeTable], columns: tuple[int, int]) -> bool:
    """Whether the table's rows, those above and those on the next page, mostly fill a column."""
    texts = [
        text.is_filled
        for table in tables
        for span, text in table.cells.items()
        if (span.left, span.right) == columns and span.top >= table.header_rows
    ]
    return len(texts) >= _MIN_ROWS and sum(texts) >= _OFTEN * len(texts)


def _is_one_cell(table: WholeTable, upper: Span, lower: Span, text: CellText, page: int) -> bool:
    """Whether a merged cell goes on below a page's end. Raises RefusedFile where an empty cell may
    be its rest, or not."""
    is_tall_above, is_tall_below = upper.bottom > upper.top, lower.bottom > lower.top
    if not is_tall_above and not is_tall_below:
        return False
    if upper.top < table.header_rows:
        return False
    filled_above = table.cells[upper].is_filled
    if text.is_filled:
        if not filled_above and is_tall_below:
            raise row_over_pages(page - 1)
        return False
    if filled_above and is_tall_below:
        return True
    if filled_above and is_tall_above:
        raise row_over_pages(page - 1)
    return False


def _joined(above: CellText, below: CellText) -> CellText:
    """The text of a cell that a page's end cut."""
    if len(above.groups) == len(below.groups) == 1:
        (width, lines), (_, more) = above.groups[0], below.groups[0]
        return CellText([(width, [*lines, *more])])
    return CellText([*above.groups, *below.groups])
