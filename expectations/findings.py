"""From failing rows to findings: what is wrong, in the unit's words, at its sheet and cell.

`broken` gathers what the suites found; `place_findings` moves it to `finding_placed`, where sheet,
cell, raw text and the row's name are known; `publish_findings` makes the contract's table `finding`
of it, in a fixed order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import duckdb
import pandas as pd
import pyarrow as pa

from expectations.checks import Check
from expectations.decisions import mark_decided
from expectations.frames import row_name_sql
from expectations.queries import query
from expectations.rules import redundant_rules
from expectations.suites import ValidatedFrame
from expectations.tables import load_table
from sources.campaigns import Campaign

BREACH_SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        ("rule", pa.string()),
        ("section", pa.string()),
        ("row", pa.int32()),
        ("place_row", pa.int32()),
        ("field", pa.string()),
        ("value", pa.string()),
        ("sheet", pa.string()),
        ("cell", pa.string()),
        ("message", pa.string()),
    ]
)
SEVERITY_SCHEMA = pa.schema([("rule", pa.string()), ("severity", pa.string())])
FORM_FIELD_SCHEMA = pa.schema(
    [
        ("section", pa.string()),
        ("field", pa.string()),
        ("type", pa.string()),
        ("section_no", pa.int32()),
        ("field_no", pa.int32()),
    ]
)
REPEATED_ROW_MESSAGE = (
    "Dòng này trùng hoàn toàn với một dòng ở trên; số liệu chỉ được tính một lần."
)
ROWS_PER_INSERT = 20_000


def start_findings(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Makes `severity`, `form_field`, `broken`, `finding_placed`, with what is known before any
    check is made."""
    load_table(con, "severity", SEVERITY_SCHEMA, list(campaign.severity.items()))
    load_table(
        con,
        "form_field",
        FORM_FIELD_SCHEMA,
        [
            (s.key, f.key, f.type, i, j)
            for i, s in enumerate(campaign.form.sections)
            for j, f in enumerate(s.fields)
        ],
    )
    load_table(con, "broken", BREACH_SCHEMA, [])
    con.execute(query("finding_placed"))
    con.execute(query("finding_ordered"))
    _add_read_findings(con, campaign)


def add_breaches(con: duckdb.DuckDBPyConnection, validated: ValidatedFrame) -> None:
    """Adds the failing rows of a validated frame to `broken`, each with its message, and lets the
    frame go."""
    for check, positions in validated.failing:
        for start in range(0, len(positions), ROWS_PER_INSERT):
            rows = list(
                _breaches(check, validated.frame.iloc[positions[start : start + ROWS_PER_INSERT]])
            )
            con.register(
                "rows",
                pa.Table.from_pydict(
                    dict(zip(BREACH_SCHEMA.names, map(list, zip(*rows, strict=True)), strict=True)),
                    schema=BREACH_SCHEMA,
                ),
            )
            con.execute("INSERT INTO broken SELECT * FROM rows")
            con.unregister("rows")
    validated.frame = validated.frame.iloc[:0].copy()
    _drop_redundant(con, {check.rule for check, _ in validated.failing})


def place_findings(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Moves all of `broken` to `finding_placed`, with sheet, cell, value and row name; `broken` is
    empty then."""
    row_names = [row_name_sql(s) for s in campaign.form.tables]
    con.execute(query("findings", row_names_of_tables=row_names))
    con.execute("DELETE FROM broken")
    mark_decided(con, "accept")
    mark_decided(con, "received")


def publish_findings(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the contract's table `finding`: submissions in order of receipt, errors first, then in
    the form's order."""
    con.execute(query("finding"))


def _add_read_findings(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """What was found while reading, and the rows that repeat another, of submissions that are no
    duplicates."""
    row_names = [row_name_sql(s) for s in campaign.form.tables]
    con.execute(query("read_findings", row_names_of_tables=row_names))
    for section in campaign.form.tables:
        if section.row_key:
            con.execute(
                query("repeated_row_breach"),
                {
                    "field": section.row_key[0],
                    "message": REPEATED_ROW_MESSAGE,
                    "section": section.key,
                },
            )


def _breaches(check: Check, failing: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """A row of BROKEN per failing row, or per field that it lists."""
    shown_values = {
        name: [_as_text(v) for v in failing[column]] for name, column in check.shows.items()
    }
    positions = [int(p) for p in failing[check.at]]
    places = (
        [None if pd.isna(r) else int(r) for r in failing[check.place_row]]
        if check.place_row
        else [None] * len(positions)
    )
    places_in_file = [
        [None if pd.isna(v) else str(v) for v in failing[c]] if c else [None] * len(positions)
        for c in (check.value, check.sheet, check.cell)
    ]
    fields = (
        [str(v).split(",") for v in failing[check.column]]
        if check.column
        else [[check.field]] * len(positions)
    )
    for n, position in enumerate(positions):
        placeholders = {
            "raw": "{raw}",
            **check.placeholders,
            **{name: values[n] for name, values in shown_values.items()},
        }
        row = places[n] if check.of_row else None
        for field in fields[n]:
            message = check.message.format(
                **{**placeholders, **check.by_field.get(field or "", {})}
            )
            yield (
                position,
                check.rule,
                check.section,
                row,
                places[n],
                field,
                *(o[n] for o in places_in_file),
                message,
            )


def _as_text(value: object) -> str:
    """A value as the unit reads it: dates day first, thousands with dots."""
    # A cell of a frame, of which the stubs do not know that any kind may be asked about.
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return "(trống)"
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y}"
    return f"{value:,.0f}".replace(",", ".") if isinstance(value, int | float) else str(value)


def _drop_redundant(con: duckdb.DuckDBPyConnection, added: set[str]) -> None:
    """Drops what is moot since breaches of the rules `added` are among those known."""
    for rule, other_rule in redundant_rules():
        if not added & {rule, other_rule}:
            continue
        con.execute(query("moot_breach"), {"rule": rule, "other": other_rule})
