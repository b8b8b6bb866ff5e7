"""What stands on a sheet of phu-luc.xlsx: an `Annex`, its lines in their order, and what each place is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal, NamedTuple

Kind = Literal["text", "count", "share", "decimal", "date", "moment", "mark"]
Style = Literal["row", "group", "total"]
Spans = list[tuple[int, int]]  # first and last row of what a total is over

HEADER_ROW = 5  # below title, source and measure; rows are counted from 0
FIRST_ROW = HEADER_ROW + 1


class Column(NamedTuple):
    """A column: what stands above it, what it holds, and how wide it is in characters."""

    label: str
    kind: Kind
    width: float


class Shown(NamedTuple):
    """A value shown otherwise than its column says."""

    value: float | None
    kind: Kind


class Group(NamedTuple):
    """Rows under a heading with subtotals; without a label they stand alone. Totals as in `Annex`.

    `keys` says of each row, and `key` of the group, what it is of: whatever the annex's `origin` needs to know.
    """

    rows: Sequence[Sequence[Any]]
    label: str = ""
    totals: Sequence[float | None] = ()
    keys: Sequence[Any] = ()
    key: Any = None


class Cell(NamedTuple):
    """A place of an annex: on which sort of line, its row's or group's key and name, in which column, its value."""

    style: Style
    key: Any
    name: str
    column: int
    value: Any


class Origin(NamedTuple):
    """What a place's value is, in Vietnamese, and the rows of the warehouse that it is made from, or the figure it is.

    `unit` is the unit that it is of, where it is of one alone. Neither table nor figure: no report is behind it, as of
    a unit's name.
    """

    said: str
    table: str = ""
    fields: tuple[str, ...] = ()
    condition: str | None = None
    unit: str | None = None
    figure: str | None = None


class Chart(NamedTuple):
    """A bar chart over the first `rows` rows from `first`: names and shares by the index of their columns."""

    title: str
    names: int
    shares: int
    first: int
    rows: int


@dataclass(frozen=True)
class Annex:
    """A sheet: its rows, numbered, each with a value per column; None is not known and stays blank.

    `totals` are the warehouse's, one per column, and so are a group's: a count or a mark is written as a formula over
    the rows with that value kept beside it, any other number as it is, as are the sums of a group whose rows are left
    out. None leaves the place blank; the first column is the name's. `origin` says what any place is made from: it is
    asked for one place by `tonghop why`, and never while the annex is written.
    """

    number: int
    name: str
    title: str
    measure: str
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    origin: Callable[[Cell], Origin]
    totals: tuple[float | None, ...] = ()
    notes: tuple[str, ...] = ()
    chart: Chart | None = None
    frozen: int = 2


class Line(NamedTuple):
    """A line of an annex: its row in the sheet from 0, its values; of headings and totals also the rows they sum."""

    row: int
    style: Style
    values: Sequence[Any]
    key: Any
    label: str = ""
    spans: Spans | None = None


def lines(annex: Annex) -> Iterator[Line]:
    """The lines of an annex below its header, in their order: headings of groups, rows, the totals."""
    row, headings = FIRST_ROW, []
    for group in annex.groups:
        if group.label:
            headings.append(row)
            yield Line(
                row,
                "group",
                group.totals,
                group.key,
                group.label,
                [(row + 1, row + len(group.rows))],
            )
            row += 1
        for values, key in zip_longest(group.rows, group.keys):
            yield Line(row, "row", values, key)
            row += 1
    if annex.totals and row > FIRST_ROW:
        spans = [(at, at) for at in headings] or [(FIRST_ROW, row - 1)]
        yield Line(row, "total", annex.totals, None, "Tổng cộng", spans)
