"""Why a number is what it is: its query, the rows behind it, and for each value the file, sheet,
ref and raw text.

All of it is read from the warehouse itself (`figure_source`, `lineage`), so the answer is that of
the night that built it. What is not a figure, such as a cell of an annex, is explained from a
`Source` of its own (`explain`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import duckdb
from rapidfuzz import process

from warehouse.counted import COUNTED_QUERIES, counted_sql
from warehouse.numbers_vi import printed
from warehouse.places import Place, place_of_columns
from warehouse.queries import query


class NotTraceableError(ValueError):
    """The name asked about is not in this warehouse; the message lists, in Vietnamese, names that
    are."""


class UnknownFigureError(NotTraceableError):
    """A figure that this warehouse does not have, with the names that come nearest."""

    def __init__(self, figure: str, nearest: list[str]) -> None:
        super().__init__(
            f"Không có số liệu nào tên “{figure}”. Tên gần nhất: {', '.join(nearest)}."
        )
        self.figure, self.nearest = figure, nearest


class UnknownUnitError(NotTraceableError):
    """A unit that the registry of this warehouse does not have, with the units that come
    nearest."""

    def __init__(self, unit_code: str, nearest: list[str]) -> None:
        super().__init__(f"Không có đơn vị nào mã “{unit_code}”. Gần nhất: {', '.join(nearest)}.")
        self.unit_code, self.nearest = unit_code, nearest


@dataclass(frozen=True)
class Part:
    """A value behind the figure: its unit, row and column, and where it was read.

    computed  the SQL over the unit's rows where these give the value; `places` are then those of
              the rows' values
    """

    unit_code: str | None
    unit_name: str | None
    row_name: str | None
    field: str | None
    value: str | None
    computed: str | None
    places: tuple[Place, ...]
    label: str | None = None


class UnitWithoutValue(NamedTuple):
    """A unit that has to report the value and did not; its status is accepted if only the value is
    missing."""

    unit_code: str
    unit_name: str
    status: str


@dataclass(frozen=True)
class Explanation:
    """The answer: the figure with its query and value, the parts behind it, and the units without a
    value.

    table  empty where the value comes from no report, such as a unit's name; `description` then
           names the source
    """

    figure: str
    description: str
    query: str
    value: float | None
    printed: str
    table: str
    condition: str | None
    unit_code: str | None
    parts: tuple[Part, ...]
    lacking: tuple[UnitWithoutValue, ...] = ()


class Source(NamedTuple):
    """What a number is made from, as in a row of `figure_source`.

    asked  who has to report it; None: the same units as for the table or the key
    """

    figure: str
    kind: str
    description: str
    query: str | None
    table: str
    fields: list[str]
    condition: str | None
    asked: list[str] | None = None


def why(con: duckdb.DuckDBPyConnection, figure: str, unit_code: str | None = None) -> Explanation:
    """Where a figure, or a key of unit_summary, comes from; with `unit_code`, only what that unit
    gave to it.

    Parts are in the order of unit, row and field. Raises UnknownFigureError, UnknownUnitError.
    """
    source = _source(con, figure)
    if unit_code is not None:
        check_unit(con, unit_code)
    if source.kind != "key":
        return explain(con, source, *_value(con, source), unit_code)
    sql = f"SELECT unit_code, {figure} FROM unit_summary"
    source = source._replace(table="unit_summary", fields=[figure], query=sql, condition=None)
    return explain(con, source, None, "", unit_code)


def explain(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    value: float | None,
    text: str,
    unit_code: str | None = None,
) -> Explanation:
    """The answer for the number `value`, shown as `text` and made from `source`."""
    read = bool(source.fields)
    parts = _read_parts(con, source, unit_code) if read else _counted_parts(con, source, unit_code)
    lacking = _lacking(con, source, unit_code, {p.unit_code for p in parts}) if read else []
    return Explanation(
        source.figure,
        source.description,
        source.query or "",
        value,
        text,
        source.table,
        source.condition,
        unit_code,
        tuple(parts),
        tuple(lacking),
    )


def check_unit(con: duckdb.DuckDBPyConnection, unit_code: str) -> None:
    """Raises UnknownUnitError for a code that the registry of this warehouse does not have."""
    units = dict(
        con.execute("SELECT unit_code, unit_code || ' ' || unit_name FROM unit_status").fetchall()
    )
    if unit_code not in units:
        raise UnknownUnitError(
            unit_code, [near for near, *_ in process.extract(unit_code, units.values(), limit=3)]
        )


def _source(con: duckdb.DuckDBPyConnection, figure: str) -> Source:
    rows = con.execute(query("figure_source"), {"figure": figure}).fetchall()
    if not rows:
        sql = "SELECT DISTINCT figure FROM figure_source WHERE kind IN ('figure', 'key') ORDER BY 1"
        names = [name for (name,) in con.execute(sql).fetchall()]
        raise UnknownFigureError(
            figure, [name for name, *_ in process.extract(figure, names, limit=3)]
        )
    return Source(*rows[0])


def _value(con: duckdb.DuckDBPyConnection, source: Source) -> tuple[float | None, str]:
    printed_value = con.execute(
        "SELECT value, printed FROM report_figure WHERE figure = $figure", {"figure": source.figure}
    ).fetchall()
    if printed_value:
        return printed_value[0]
    rows = con.execute(source.query or "").fetchall()
    value = float(rows[0][0]) if rows and rows[0][0] is not None else None
    return value, printed(value, "decimal" if value is not None and value % 1 else "count")


def _read_parts(
    con: duckdb.DuckDBPyConnection, source: Source, unit_code: str | None
) -> list[Part]:
    """The parts that were read from files: a mart's values, each with its places."""
    part = _parts_sql(con, source)
    found = con.execute(
        query("part_places", part=part), {"table": source.table, "unit": unit_code}
    ).fetchall()
    of_rows = source.table == "unit_summary" and any(row[8] is None for row in found)
    by_rows = _places_of_rows(con, part, unit_code) if of_rows else {}
    parts = []
    for (unit, name, row, field, value, label), rows in groupby(found, key=lambda row: row[:6]):
        places = tuple(place_of_columns(*row[6:]) for row in rows if row[8] is not None)
        computed, row_places = (None, ()) if places else by_rows.get((unit, field), (None, ()))
        parts.append(Part(unit, name, row, field, value, computed, places or row_places, label))
    return parts


def _parts_sql(con: duckdb.DuckDBPyConnection, source: Source) -> str:
    sql = "SELECT query FROM figure_source WHERE kind = 'row' AND figure = $table"
    named = con.execute(sql, {"table": source.table}).fetchone()
    return query(
        "part",
        table=source.table,
        fields=source.fields,
        row_name=named[0] if named else "NULL",
        condition=source.condition or "true",
    )


def _places_of_rows(
    con: duckdb.DuckDBPyConnection, part: str, unit_code: str | None
) -> dict[tuple[str, str], tuple[str, tuple[Place, ...]]]:
    """By unit and key that rows give: the SQL over the unit's rows, and the places of the rows'
    values.

    Where these are all blank, because no meeting took place, the places of the rows' names.
    """
    found = con.execute(query("places_of_rows", part=part), {"unit": unit_code}).fetchall()
    return {
        (unit, field): (sql, tuple(place_of_columns(*row[3:]) for row in rows))
        for (unit, field, sql), rows in groupby(found, key=lambda row: row[:3])
    }


def _counted_parts(
    con: duckdb.DuckDBPyConnection, source: Source, unit_code: str | None
) -> list[Part]:
    """The parts that are counted, not read: units, files or findings, each with its files."""
    if source.table not in COUNTED_QUERIES:
        return []
    found = con.execute(counted_sql(source.table, source.condition), {"unit": unit_code}).fetchall()
    return [
        Part(
            unit,
            name,
            row_name,
            field,
            value,
            None,
            tuple(place_of_columns(*r[6:]) for r in rows if r[8]),
        )
        for (_, unit, name, row_name, field, value), rows in groupby(found, key=lambda r: r[:6])
    ]


def _lacking(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    unit_code: str | None,
    giving: Iterable[str | None],
) -> list[UnitWithoutValue]:
    """The units that have to report it, and of which no row of the table has all columns of the
    figure."""
    asked = _asked(con, source) if source.asked is None else source.asked
    if not asked:
        return []
    found = con.execute(
        query("lacking_unit", table=source.table, fields=source.fields),
        {"asked": asked, "unit": unit_code},
    ).fetchall()
    return [UnitWithoutValue(*row) for row in found if row[0] not in set(giving)]


def _asked(con: duckdb.DuckDBPyConnection, source: Source) -> list[str]:
    about = {"table": source.table, "field": source.fields[0]}
    found = con.execute(query("asked"), about).fetchone()
    return found[0] if found and found[0] else []
