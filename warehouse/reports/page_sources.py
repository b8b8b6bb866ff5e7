"""The sources of the page's numbers: each unit's values, and the file, sheet, ref and raw text of
each.

They are one JSON value in the page, which its script reads when a number is opened. At the size of a
country not every unit has its sources there: MAX_ROWS bounds them, and each figure has the sum of
the units left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import duckdb
from markupsafe import Markup

from sources.campaigns import Campaign
from sources.form import FormField
from warehouse.reports import wording
from warehouse.reports.contributions import Contributions
from warehouse.reports.queries import query
from warehouse.reports.totals import PageFigure, Total
from warehouse.schema import pair_fields

MAX_ROWS = 8_000  # of all units together
MAX_ROWS_PER_UNIT = 300  # rows of one table
MAX_TEXT_LENGTH = 200  # characters of one raw text
_IN_SCRIPT = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


class _KeySource(NamedTuple):
    """A key of unit_summary that rows give: their table and its columns."""

    table: str
    fields: list[str]


class _TextPool:
    """Texts that occur often, stored once; `position` gives a text's place in `texts`."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def position(self, text: str | None) -> int:
        return self.places.setdefault(text or "", len(self.places))

    @property
    def texts(self) -> list[str]:
        return list(self.places)


def page_sources(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    figures: Mapping[str, PageFigure],
    page_totals: Iterable[Total],
    parts: Mapping[str, Contributions],
) -> Markup:
    """The sources of the figures in `parts` and of all units' own values, as JSON that is safe
    inside a script element.

    texts    file names and sheets, named by their place in this list
    units    the codes of the units whose sources are here
    figures  by name: label, number, whole and share; `by`: what each unit gave; `rest`: number and
    sum of the others;
             `rows`: of a figure that not all rows count for, those that do, by unit
    keys     by key of `info`: label, and of a key that rows may give their table and columns
    values   by unit and key: the number, and where the unit gave it itself text, sheet, ref and raw text
    tables   columns; rows by unit: name, file, sheet, then ref and raw text of each column; `more`: rows left out
    """
    keys = {
        key: _KeySource(table, fields)
        for key, table, fields in con.execute(query("keys_of_rows")).fetchall()
    }
    columns = _columns(keys, parts)
    traced = _traced(con, campaign, list(columns))
    con.execute(
        query("page_places"),
        {"traced": traced, "tables": ["unit_summary", *columns], "longest": MAX_TEXT_LENGTH},
    )
    pool, names = _TextPool(), {t.figure: t for t in page_totals}
    tables = {
        table: _table(con, campaign, table, fields, traced, pool)
        for table, fields in columns.items()
    }
    fields = [field for section, field in pair_fields(campaign.form) if section == "info"]
    data = {
        "units": traced,
        "figures": {
            name: _figure(
                figures[name], names.get(name), part, columns.get(part.table, []), set(traced)
            )
            | _rows_that_count(con, part, tables.get(part.table), traced)
            for name, part in parts.items()
        },
        "keys": {f.key: {"label": f.label} | _made_from(keys.get(f.key), columns) for f in fields},
        "values": _values(con, campaign, fields, traced, pool),
        "tables": tables,
        "texts": pool.texts,
    }
    for table in tables.values():
        del table["names"]
    return Markup(json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT))


def _columns(
    keys: Mapping[str, _KeySource], parts: Mapping[str, Contributions]
) -> dict[str, list[str]]:
    """By table of rows: the columns that the keys and figures are made from."""
    columns: dict[str, list[str]] = {}
    named = [(key.table, field) for key in keys.values() for field in key.fields]
    for table, field in [
        *named,
        *((p.table, p.field) for p in parts.values() if p.table != "unit_summary"),
    ]:
        if field not in columns.setdefault(table, []):
            columns[table].append(field)
    return columns


def _traced(con: duckdb.DuckDBPyConnection, campaign: Campaign, tables: list[str]) -> list[str]:
    """The units whose sources the page has: in the order of the registry, as many as MAX_ROWS rows
    allow."""
    rows = dict.fromkeys(
        (code for (code,) in con.execute("SELECT unit_code FROM unit_summary").fetchall()), 1
    )
    for table in tables:
        for code, number in con.execute(
            f"SELECT unit_code, count(*) FROM {table} GROUP BY unit_code"
        ).fetchall():
            rows[code] = rows.get(code, 0) + min(number, MAX_ROWS_PER_UNIT)
    traced, left = [], MAX_ROWS
    for unit in campaign.registry.units:
        if unit.code in rows:
            left -= rows[unit.code]
            if left < 0:
                break
            traced.append(unit.code)
    return traced


def _table(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    table: str,
    fields: list[str],
    traced: list[str],
    pool: _TextPool,
) -> dict[str, Any]:
    """A table's rows by unit, as described at `page_sources`; `names`: each row's place among its
    unit's rows, by its name."""
    section = next(s for s in campaign.form.tables if s.table in (table, f"{table}_reported"))
    places = con.execute(
        query("page_rows"), {"table": table, "fields": fields, "most": MAX_ROWS_PER_UNIT}
    ).fetchall()
    rows: dict[str, list[list[Any]]] = {}
    names: dict[tuple[str, str], int] = {}
    for code, row_name, field, file_name, sheet, cell, raw in places:
        own = rows.setdefault(code, [])
        if (code, row_name) not in names:
            names[code, row_name] = len(own)
            label = wording.row_label(campaign.form, section.key, row_name)
            own.append(
                [label, pool.position(file_name), pool.position(sheet), *[0] * (2 * len(fields))]
            )
        at = 3 + 2 * fields.index(field)
        own[names[code, row_name]][at : at + 2] = [cell or "", raw or ""]
    numbers = con.execute(query("rows_of_units", table=table), {"traced": traced}).fetchall()
    labels = [
        next((f.label for f in section.fields if f.column_name == field), field) for field in fields
    ]
    return {
        "columns": labels,
        "rows": rows,
        "names": names,
        "more": {
            code: number - MAX_ROWS_PER_UNIT
            for code, number in numbers
            if number > MAX_ROWS_PER_UNIT
        },
    }


def _figure(
    figure: PageFigure,
    total: Total | None,
    part: Contributions,
    columns: list[str],
    traced: set[str],
) -> dict[str, Any]:
    by = {code: value for code, value in part.by_unit.items() if code in traced}
    left = [value for code, value in part.by_unit.items() if code not in traced]
    made = (
        {"table": part.table, "columns": [columns.index(part.field)]}
        if part.table != "unit_summary"
        else {"key": part.field}
    )
    whole = (
        {"whole": total.whole_figure, "share": total.share} if total and total.whole_figure else {}
    )
    return (
        {"label": figure.description, "printed": figure.printed, "by": by}
        | made
        | whole
        | ({"rest": [len(left), sum(left)]} if left else {})
    )


def _rows_that_count(
    con: duckdb.DuckDBPyConnection,
    part: Contributions,
    table: dict[str, Any] | None,
    traced: list[str],
) -> dict[str, dict[str, list[int]]]:
    """Of a figure with a condition on a table's rows: the places of those that meet it, by unit."""
    if table is None or part.condition is None:
        return {}
    counted: dict[str, list[int]] = {}
    (name,) = con.execute(
        "SELECT query FROM figure_source WHERE kind = 'row' AND figure = $table",
        {"table": part.table},
    ).fetchone() or ("NULL",)
    sql = query(
        "rows_that_count",
        row_name=name,
        table=part.table,
        condition=part.condition,
        field=part.field,
    )
    for code, row_name in con.execute(sql, {"traced": traced}).fetchall():
        if (code, row_name) in table["names"]:
            counted.setdefault(code, []).append(table["names"][code, row_name])
    return {"rows": {code: sorted(places) for code, places in sorted(counted.items())}}


def _made_from(key: _KeySource | None, columns: Mapping[str, list[str]]) -> dict[str, Any]:
    return (
        {"table": key.table, "columns": [columns[key.table].index(f) for f in key.fields]}
        if key
        else {}
    )


def _values(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    fields: list[FormField],
    traced: list[str],
    pool: _TextPool,
) -> dict[str, dict[str, list[Any]]]:
    """By unit and key of `info` the value of unit_summary, and where the unit itself gave it, its
    place."""
    keys = [f.key for f in fields]
    places: dict[tuple[str, str], list[Any]] = {}
    for code, _, key, file_name, sheet, cell, raw in con.execute(
        query("page_rows"), {"table": "unit_summary", "fields": keys, "most": MAX_ROWS_PER_UNIT}
    ).fetchall():
        places[code, key] = [pool.position(file_name), pool.position(sheet), cell or "", raw or ""]
    rows = con.execute(query("summary_values", keys=keys), {"traced": traced}).fetchall()
    return {
        code: {
            field.key: [
                wording.value_label(campaign.form, "info", field.key, str(value))[:MAX_TEXT_LENGTH],
                *places.get((code, field.key), ()),
            ]
            for field, value in zip(fields, values, strict=True)
            if value is not None
        }
        for code, *values in rows
    }
