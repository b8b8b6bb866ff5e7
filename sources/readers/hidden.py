"""Hidden rows and columns: what stands in them is taken out of a grid's rows, and kept beside."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from sources.grids import Grid, Span

T = TypeVar("T")


def conceal(
    grid: Grid, rows: Collection[int], columns: Collection[int], filtered: Collection[int] = ()
) -> None:
    """Empties the hidden rows and columns of the grid into its `concealed`; rows that a filter
    hides stay.

    What a merged range shows in a place that is not hidden stays, at the first such place.
    """
    if not (rows or columns or filtered):
        return
    height, width = len(grid.rows), max(map(len, grid.rows), default=0)
    grid.filtered_rows = frozenset(row for row in filtered if row < height)
    grid.hidden_rows = frozenset(row for row in rows if row < height) - grid.filtered_rows
    grid.hidden_columns = frozenset(column for column in columns if column < width)
    if grid.hidden_rows or grid.hidden_columns:
        grid.merged = tuple(_shrunk(grid, span) for span in grid.merged)
        for number, row in enumerate(grid.rows):
            hidden = range(len(row)) if number in grid.hidden_rows else grid.hidden_columns
            for column in hidden:
                if column < len(row) and row[column] is not None:
                    grid.concealed[number, column] = row[column]
                    row[column] = None


def _shrunk(grid: Grid, span: Span) -> Span:
    """The part of a merged range that is not hidden, its value moved there; the range itself where
    all of it is."""
    top = next(
        (row for row in range(span.top, span.bottom + 1) if row not in grid.hidden_rows), None
    )
    left = next(
        (
            column
            for column in range(span.left, span.right + 1)
            if column not in grid.hidden_columns
        ),
        None,
    )
    if top is None or left is None or (top, left) == (span.top, span.left):
        return span
    row = grid.rows[span.top] if span.top < len(grid.rows) else []
    if span.left < len(row) and row[span.left] is not None and top < len(grid.rows):
        grid.rows[top].extend([None] * (left + 1 - len(grid.rows[top])))
        grid.rows[top][left], row[span.left] = row[span.left], None
        _move(grid.raw, (span.top, span.left), (top, left))
        _move(grid.left_out, (span.top, span.left), (top, left))
        _move(grid.comments, (span.top, span.left), (top, left))
    return Span(top, left, span.bottom, span.right)


def _move(
    by_place: dict[tuple[int, int], T], place: tuple[int, int], other: tuple[int, int]
) -> None:
    if place in by_place:
        by_place[other] = by_place.pop(place)
