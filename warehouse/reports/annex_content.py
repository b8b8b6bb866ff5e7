"""What stands on a sheet of phu-luc.xlsx or so-lieu-lam-viec.xlsx: an `Annex`, its lines in their
order, and what each place is made from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from warehouse.numbers_vi import decimal, printed

ColumnKind = Literal["text", "count", "share", "decimal", "points", "date", "moment", "mark"]
LineStyle = Literal["row", "group", "total"]
Row = Mapping[str, Any]  # values by the keys of their columns
Spans = list[tuple[int, int]]  # first and last row of what a total is over

# What a code begins with, and what the sheet is called: the official annexes, the office's own file.
SERIES = {"PL": "Phụ lục", "LV": "Biểu làm việc"}
HEADER_ROW = 5  # below title, source and measure; rows are counted from 0
FIRST_ROW = HEADER_ROW + 1


class AnnexColumn(NamedTuple):
    """A column: the key of its values, what stands above it, what it holds, its width in
    characters.

    The key of a column that is a field of the form is `section.field`; it has no dot otherwise.
    `part` names the part of the annex that begins with this column, where the annex has to be
    divided to be readable in print (annex_pages.py).
    """

    key: str
    label: str
    kind: ColumnKind
    width: float
    part: str = ""


class FormattedValue(NamedTuple):
    """A value shown in another format than its column's."""

    value: float | None
    kind: ColumnKind


class Group(NamedTuple):
    """Rows under a heading with subtotals; without a label they stand alone. Rows and totals as in
    `Annex`.

    `keys` (one per row) and `key` (of the group) identify them for the annex's `origin`.
    """

    rows: Sequence[Row]
    label: str = ""
    totals: Row = MappingProxyType({})
    keys: Sequence[Any] = ()
    key: Any = None


class AnnexCell(NamedTuple):
    """A place of an annex: the kind of its line, the key and name of its row or group, the key of its
    column, its value."""

    style: LineStyle
    key: Any
    name: str
    column: str
    value: Any


class Origin(NamedTuple):
    """What a place's value is, in Vietnamese, and the rows of the warehouse that it is made from,
    or the figure it is.

    `unit` is set where it belongs to one unit. With neither table nor figure it comes from no report,
    such as a unit's name.
    """

    description: str
    table: str = ""
    fields: tuple[str, ...] = ()
    condition: str | None = None
    unit: str | None = None
    figure: str | None = None


class ColumnWithoutOriginError(LookupError):
    """A column of which its annex does not say what it is made from; a case of another column would
    explain it by other rows."""

    def __init__(self, column: str) -> None:
        super().__init__(
            f"the column {column} has no origin; add its case to the annex's _…_origin"
        )


class Chart(NamedTuple):
    """A bar chart over the first `rows` rows from `first`: names and shares by the keys of their
    columns."""

    title: str
    names: str
    shares: str
    first: int
    rows: int


class ColumnNote(NamedTuple):
    """A note about columns, by their keys: it stands below a sheet that has one of them."""

    text: str
    columns: frozenset[str]


@dataclass(frozen=True)
class Annex:
    """A sheet: its rows, numbered, each with a value per column, by its key; None is not known and
    stays blank.

    `code` is what `tonghop why` calls it: PL1, or PL1a for a part of it; `tab` says what it is about.
    `totals` are the warehouse's, by column, and so are a group's: a count or a mark is written as a
    formula over the rows with that value kept beside it, any other number as it is, as are the sums
    of a group whose rows are left out. One that is None or not there leaves the place blank;
    without `totals` there is no such line. The first column is the name's. `origin` returns what a
    place is made from; `tonghop why` calls it for one place, writing the annex never does.
    """

    code: str
    tab: str
    title: str
    measure: str
    columns: tuple[AnnexColumn, ...]
    groups: tuple[Group, ...]
    origin: Callable[[AnnexCell], Origin]
    totals: Row | None = None
    notes: tuple[str, ...] = ()
    column_notes: tuple[ColumnNote, ...] = ()
    chart: Chart | None = None
    frozen: int = 2

    @property
    def heading(self) -> str:
        """What stands above the title: `Phụ lục số 1a`."""
        return f"{SERIES[self.code[:2]]} số {self.code[2:]}"

    @property
    def sheet_name(self) -> str:
        """The name of its sheet: `PL1a Đơn vị`."""
        return f"{self.code} {self.tab}"

    @property
    def shown_notes(self) -> list[str]:
        """The notes that stand below it."""
        keys = {column.key for column in self.columns}
        return [*self.notes, *(note.text for note in self.column_notes if note.columns & keys)]

    @property
    def name_key(self) -> str:
        """The key of the first column, in which a line's name stands."""
        return self.columns[0].key

    def column(self, key: str) -> AnnexColumn:
        """The column of that key."""
        return self.columns[self.place(key)]

    def place(self, key: str) -> int:
        """Which column has that key, from 0."""
        return next(n for n, column in enumerate(self.columns) if column.key == key)


def printed_number(value: float, kind: ColumnKind) -> str:
    """A number as the report prints it, whatever the reader's locale: a count 1.234, a share 94,4%, a
    decimal 2,5, a change in points +13,1."""
    if kind == "points":
        return ("+" if value > 0 else "") + decimal(value)
    return printed(
        value, "percent" if kind == "share" else "decimal" if kind == "decimal" else "count"
    )


class Line(NamedTuple):
    """A line of an annex: its row in the sheet from 0, its values; of headings and totals also the
    rows they sum."""

    row: int
    style: LineStyle
    values: Row
    key: Any
    label: str = ""
    spans: Spans | None = None


def lines(annex: Annex) -> Iterator[Line]:
    """The lines of an annex below its header, in their order: headings of groups, rows, the
    totals."""
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
    if annex.totals is not None and row > FIRST_ROW:
        spans = [(at, at) for at in headings] or [(FIRST_ROW, row - 1)]
        yield Line(row, "total", annex.totals, None, "Tổng cộng", spans)
