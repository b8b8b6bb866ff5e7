"""What a warehouse says of each unit by itself: its own values, its shares, and its rows that count.

The annexes print them, and the report names the highest and the lowest of them; totals may stay as
they are while these change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import duckdb

from warehouse.queries import query

REPORTED = "org_meeting_reported"  # org_meeting has those of its lines that count


class ValuePlace(NamedTuple):
    """Whose value it is: of a row its key and its number among rows of the same key, else empty.

    `field` is a column, or of unit_figure the figure; empty for a row itself.
    """

    table: str
    unit_code: str
    row: tuple[object, ...]
    field: str


def unit_values(con: duckdb.DuckDBPyConnection) -> dict[ValuePlace, object]:
    """All values of units by their places, in the order of the tables and rows; without submissions."""
    values: dict[ValuePlace, object] = {}
    for table, keys, fields in _tables(con):
        rows = con.execute(
            query("values_of_units", table=table, keys=keys, fields=fields)
        ).fetchall()
        seen: Counter[tuple[object, ...]] = Counter()
        for unit, *found in rows:
            row = tuple(found[: len(keys)])
            seen[unit, *row] += 1
            if keys:
                row = (*row, seen[unit, *row])
                values[ValuePlace(table, unit, row, "")] = True
            for field, value in zip(fields, found[len(keys) :], strict=True):
                values[ValuePlace(table, unit, row, field)] = value
    for unit, figure, printed in con.execute(
        "SELECT unit_code, figure, printed FROM unit_figure ORDER BY ALL"
    ).fetchall():
        values[ValuePlace("unit_figure", unit, (), figure)] = printed
    return values


def unit_values_digests(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """By table a SHA-256 of what `unit_values` reads: the same where no unit's value differs. DuckDB
    computes it, since every night asks."""
    read = [(table, [*keys, *fields]) for table, keys, fields in _tables(con)]
    return {
        table: con.execute(query("digest_of_units", table=table, fields=fields)).fetchall()[0][0]
        for table, fields in (*read, ("unit_figure", ["figure", "printed"]))
    }


def _tables(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, list[str], list[str]]]:
    """The tables with values of units: name, the columns that name a row, the other columns."""
    for table, keys, columns in con.execute(
        query("tables_of_units"), {"left": REPORTED}
    ).fetchall():
        yield table, keys, [column for column in columns if column not in keys]
