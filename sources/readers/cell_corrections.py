"""Notes: what a file says of a cell beyond calamine's value, set right in the grid afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from sources.campaigns import Limits
from sources.grids import Grid, LeftOut, Value
from sources.legacy_encodings import decoder_of_font
from sources.readers.refusals import too_much
from sources.readers.text_effects import TextEffect

MAX_PLACES = (
    4_000_000  # places of a sheet's rectangle: more and a single stray cell would fill the memory
)


class CellCorrection(NamedTuple):
    """A place whose value is other than calamine says; `raw` is what the file holds where the value
    was converted.

    `left_out` tells what was taken out of the value. A cell that is `struck` out or `hidden` as a
    whole becomes empty, and the value (calamine's, where the note has none) goes into the grid's
    `left_out`.
    """

    row: int
    column: int
    value: Value
    raw: str | None = None
    left_out: LeftOut | None = None
    effect: TextEffect = "plain"


def apply_correction(grid: Grid, correction: CellCorrection) -> None:
    """Set a place of the grid to what the note says, the grid grown as needed."""
    while len(grid.rows) <= correction.row:
        grid.rows.append([])
    row = grid.rows[correction.row]
    row.extend([None] * (correction.column + 1 - len(row)))
    place = correction.row, correction.column
    if correction.effect in ("struck", "hidden"):
        value = row[correction.column] if correction.value is None else correction.value
        row[correction.column] = None
        if value is not None:
            grid.left_out[place] = LeftOut(**{correction.effect: _text(value)})
        return
    row[correction.column] = correction.value
    if correction.raw is not None:
        grid.raw[place] = correction.raw
    if correction.left_out is not None:
        grid.left_out[place] = correction.left_out


def trim(rows: list[list[Value]], limits: Limits, before: int = 0) -> int:
    """Cut what is empty at the end of rows and sheet; how many cells hold something, with the
    `before` of other sheets.

    Raises RefusedFile where there is more than the limits allow.
    """
    filled, cells = 0, before
    for row in rows:
        while row and row[-1] is None:
            row.pop()
        filled += bool(row)
        cells += len(row) - row.count(None)
    if filled > limits.rows or cells > limits.cells:
        raise too_much(limits)
    while rows and not rows[-1]:
        rows.pop()
    return cells


def percent(number: str) -> str | None:
    """A share as it is shown, 0.855 as "85,5%", with two decimals at most: as a bare number, 100%
    would pass for a count of one."""
    try:
        return f"{round(float(number) * 100, 2):.10g}%".replace(".", ",")
    except ValueError:
        return number or None


def styled(
    grid: Grid,
    row: int,
    column: int,
    font: str,
    is_share: bool,
    effect: TextEffect = "plain",
) -> Iterator[CellCorrection]:
    """What a cell's style makes of its value in the grid: struck out or hidden, a share, text of a
    legacy font; else nothing."""
    value = (
        grid.rows[row][column] if row < len(grid.rows) and column < len(grid.rows[row]) else None
    )
    if value is not None and effect in ("struck", "hidden"):
        decode = decoder_of_font(font)
        yield CellCorrection(
            row,
            column,
            decode(value) if decode and isinstance(value, str) else value,
            effect=effect,
        )
    elif isinstance(value, str):
        decode = decoder_of_font(font)
        if decode and (shown := decode(value)) != value:
            yield CellCorrection(row, column, shown, value)
    elif is_share and isinstance(value, int | float) and not isinstance(value, bool):
        yield CellCorrection(row, column, percent(str(value)))


def _text(value: Value) -> str:
    return value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else str(value).strip()
