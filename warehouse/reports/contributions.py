"""Each unit's part of a number of the report, where the parts add up to it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

import duckdb

from warehouse.reports.queries import query
from warehouse.reports.totals import PageFigure


class Contributions(NamedTuple):
    """A figure's units: the column of `table` that it is made from, the SQL condition on its rows,
    each unit's part."""

    table: str
    field: str
    condition: str | None
    by_unit: dict[str, int]


def contributions(
    con: duckdb.DuckDBPyConnection, figures: Mapping[str, PageFigure], names: Set[str]
) -> dict[str, Contributions]:
    """By figure of `names`, what each unit gave: the sum of its whole numbers, of other values
    their count.

    A figure that is not the sum of its units' parts, such as a share, is left out.
    """
    sources = [
        source
        for source in con.execute(query("figures_of_one_field")).fetchall()
        if source[0] in names & figures.keys()
    ]
    found: dict[str, Contributions] = {}
    for table in sorted({table for _, table, *_ in sources}):
        found |= _of_table(con, table, [source for source in sources if source[1] == table])
    return {
        name: contribution
        for name, contribution in found.items()
        if sum(contribution.by_unit.values()) == figures[name].value
    }


def _of_table(
    con: duckdb.DuckDBPyConnection, table: str, sources: list[tuple[str, str, str, str | None]]
) -> dict[str, Contributions]:
    """The units' parts of all figures that are made from one table, read in one go."""
    types = {name: sql_type for name, sql_type, *_ in con.execute(f"DESCRIBE {table}").fetchall()}
    summed = {name for name, sql_type in types.items() if sql_type in ("INTEGER", "BIGINT")}
    parts = [
        ("sum" if field in summed else "count", field, condition or "true")
        for _, _, field, condition in sources
    ]
    rows = con.execute(query("parts_of_units", table=table, parts=parts)).fetchall()
    return {
        figure: Contributions(
            table,
            field,
            condition,
            {code: int(values[n]) for code, *values in rows if values[n] is not None},
        )
        for n, (figure, _, field, condition) in enumerate(sources)
    }
