"""Why a number is what it is: its query, the rows behind it, and for each value the file, sheet, ref and raw text.

All of it is read from the warehouse itself (`figure_source`, `lineage`), so that a night is explained as it was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import duckdb
from rapidfuzz import process

from warehouse.numbers_vi import printed


class UnknownFigureError(ValueError):
    """A figure that this warehouse does not have, with the names that come nearest."""

    def __init__(self, figure: str, nearest: list[str]) -> None:
        super().__init__(f"Không có số liệu nào tên “{figure}”. Tên gần nhất: {', '.join(nearest)}.")
        self.figure, self.nearest = figure, nearest


class UnknownUnitError(ValueError):
    """A unit that the registry of this warehouse does not have, with the units that come nearest."""

    def __init__(self, unit_code: str, nearest: list[str]) -> None:
        super().__init__(f"Không có đơn vị nào mã “{unit_code}”. Gần nhất: {', '.join(nearest)}.")
        self.unit_code, self.nearest = unit_code, nearest


class Place(NamedTuple):
    """Where a value stands in a file; `raw_text` None where the place is blank, as of a mark that is not set."""

    row_name: str | None
    field: str
    file_name: str | None
    sheet: str | None
    cell: str | None
    raw_text: str | None


@dataclass(frozen=True)
class Part:
    """A value behind the figure: of which unit, row and column, and where it was read.

    `computed` is the SQL over the unit's rows where these give the value; the places are then the rows' values.
    """

    unit_code: str | None
    unit_name: str | None
    row_name: str | None
    field: str | None
    value: str | None
    computed: str | None
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Why:
    """The answer: the figure, what it counts, its query and value, the table and condition, and the parts."""

    figure: str
    description: str
    query: str
    value: float | None
    printed: str
    table: str
    condition: str | None
    unit_code: str | None
    parts: tuple[Part, ...]


class _Source(NamedTuple):
    figure: str
    kind: str
    description: str
    query: str | None
    table: str
    fields: list[str]
    condition: str | None


def why(con: duckdb.DuckDBPyConnection, figure: str, unit_code: str | None = None) -> Why:
    """Where a figure, or a key of unit_summary, comes from; with `unit_code`, only what that unit gave to it.

    Parts are in the order of unit, row and field. Raises UnknownFigureError, UnknownUnitError.
    """
    source = _source(con, figure)
    if unit_code is not None:
        _check_unit(con, unit_code)
    if source.kind == "key":
        query = f"SELECT unit_code, {figure} FROM unit_summary"
        source = source._replace(table="unit_summary", fields=[figure], query=query, condition=None)
        value, text = None, ""
    else:
        value, text = _value(con, source)
    parts = _read_parts(con, source, unit_code) if source.fields else _listed_parts(con, source, unit_code)
    return Why(figure, source.description, source.query or "", value, text, source.table, source.condition, unit_code,
               tuple(parts))


def _source(con: duckdb.DuckDBPyConnection, figure: str) -> _Source:
    rows = con.execute("SELECT figure, kind, description, query, table_name, fields, condition FROM figure_source "
                       "WHERE figure = ? ORDER BY kind", [figure]).fetchall()
    if not rows:
        names = [name for name, in con.execute("SELECT DISTINCT figure FROM figure_source ORDER BY 1").fetchall()]
        raise UnknownFigureError(figure, [name for name, *_ in process.extract(figure, names, limit=3)])
    return _Source(*rows[0])


def _check_unit(con: duckdb.DuckDBPyConnection, unit_code: str) -> None:
    units = dict(con.execute("SELECT unit_code, unit_code || ' ' || unit_name FROM unit_status").fetchall())
    if unit_code not in units:
        raise UnknownUnitError(unit_code, [near for near, *_ in process.extract(unit_code, units.values(), limit=3)])


def _value(con: duckdb.DuckDBPyConnection, source: _Source) -> tuple[float | None, str]:
    told = con.execute("SELECT value, printed FROM report_figure WHERE figure = ?", [source.figure]).fetchall()
    if told:
        return told[0]
    rows = con.execute(source.query or "").fetchall()
    value = float(rows[0][0]) if rows and rows[0][0] is not None else None
    return value, printed(value, "decimal" if value is not None and value % 1 else "count")


def _read_parts(con: duckdb.DuckDBPyConnection, source: _Source, unit_code: str | None) -> list[Part]:
    """The parts that were read from files: a mart's values, each with its places."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE part AS {_parts_sql(source)}", _unit_parameter(unit_code))
    found = con.execute("""
        SELECT part.unit_code, status.unit_name, part.row_name, part.field, part.value,
               own.row_name, own.field, file.file_name, own.sheet, own.cell, own.raw_text
        FROM part
        JOIN unit_status AS status USING (unit_code)
        LEFT JOIN lineage AS own
          ON own.table_name = $table AND own.unit_code = part.unit_code AND own.field = part.field
         AND own.row_name IS NOT DISTINCT FROM part.row_name
        LEFT JOIN submission AS file ON file.submission_id = own.submission_id
        ORDER BY part.unit_code, part.row_name, part.field
        """, {"table": source.table}).fetchall()
    by_rows = _places_of_rows(con) if source.table == "unit_summary" else {}
    return [_part(row, by_rows) for row in found]


def _part(row: tuple, by_rows: dict[tuple[str, str], tuple[str, tuple[Place, ...]]]) -> Part:
    unit_code, unit_name, row_name, field, value, *place = row
    if place[1] is not None:
        return Part(unit_code, unit_name, row_name, field, value, None, (Place(*place),))
    computed, places = by_rows.get((unit_code, field), (None, ()))
    return Part(unit_code, unit_name, row_name, field, value, computed, places)


def _parts_sql(source: _Source) -> str:
    values = ", ".join(f"struct_pack(field := '{f}', value := CAST({f} AS VARCHAR))" for f in source.fields)
    return f"""
        SELECT * FROM (
          SELECT unit_code, {row_name_sql(source.table)} AS row_name, unnest([{values}], recursive := true)
          FROM {source.table}
          WHERE ({source.condition or 'true'}) AND ($unit IS NULL OR unit_code = $unit)
        ) WHERE value IS NOT NULL"""


def row_name_sql(table: str) -> str:
    """The SQL over `table`, a mart with a row per unit or a row per line, for a row's name as lineage has it."""
    if table == "unit_summary":
        return "NULL"
    if not table.startswith("org_meeting"):
        return "name"
    commune = f"(SELECT unit_name FROM unit_status AS u WHERE u.unit_code = {table}.commune_code)"
    reporter = f"(SELECT unit_type FROM unit_status AS u WHERE u.unit_code = {table}.unit_code)"
    return f"CASE WHEN {reporter} = 'district_org' THEN {commune} ELSE organisation END"


def _places_of_rows(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[str, tuple[Place, ...]]]:
    """By unit and key that rows give: the SQL over the unit's rows, and the places of the rows' values."""
    found = con.execute("""
        SELECT part.unit_code, part.field, key.query, l.row_name, l.field, file.file_name, l.sheet, l.cell, l.raw_text
        FROM part
        JOIN figure_source AS key ON key.kind = 'key' AND key.figure = part.field AND key.table_name <> 'unit_summary'
        JOIN lineage AS l ON l.table_name = key.table_name AND l.unit_code = part.unit_code
                         AND list_contains(key.fields, l.field)
        JOIN submission AS file ON file.submission_id = l.submission_id
        ORDER BY part.unit_code, part.field, l.sheet, length(l.cell), l.cell
        """).fetchall()
    return {(unit, field): (query, tuple(Place(*row[3:]) for row in rows))
            for (unit, field, query), rows in groupby(found, key=lambda row: row[:3])}


_LISTED = {
    "unit_status": """
        SELECT unit.unit_code, unit_name, NULL, 'status', unit.status, NULL, 'status', file_name, NULL, NULL, NULL
        FROM (SELECT * FROM unit_status WHERE {condition}) AS unit LEFT JOIN submission USING (submission_id)
        WHERE $unit IS NULL OR unit.unit_code = $unit ORDER BY unit.unit_code""",
    "submission": """
        SELECT file.unit_code, unit_name, NULL, 'status', file.status, NULL, 'status', file_name, NULL, NULL, reason
        FROM (SELECT * FROM submission WHERE {condition}) AS file
        LEFT JOIN unit_status ON unit_status.unit_code = file.unit_code
        WHERE $unit IS NULL OR file.unit_code = $unit ORDER BY file.received_at, file_name""",
    "finding": """
        SELECT file.unit_code, unit_name, row_name, field, rule, row_name, field, file_name, sheet, cell, value
        FROM (SELECT * FROM finding WHERE {condition}) LEFT JOIN submission AS file USING (submission_id)
        LEFT JOIN unit_status ON unit_status.unit_code = file.unit_code
        WHERE $unit IS NULL OR file.unit_code = $unit ORDER BY file_name, sheet, length(cell), cell, rule""",
}


def _listed_parts(con: duckdb.DuckDBPyConnection, source: _Source, unit_code: str | None) -> list[Part]:
    """The parts that are counted, not read: units, files or findings, each with its file."""
    sql = _LISTED[source.table].format(condition=source.condition or "true")
    return [Part(*row[:5], None, (Place(*row[5:]),) if row[7] else ())
            for row in con.execute(sql, _unit_parameter(unit_code)).fetchall()]


def _unit_parameter(unit_code: str | None) -> dict[str, str | None]:
    return {"unit": unit_code}
