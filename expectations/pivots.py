"""The SQL that turns facts into one wide table per section of the form: one row per submission (and row of a table)."""

from __future__ import annotations

from expectations.row_keys import MACRO
from sources.form import Form, FormField, Section

ROW_KEY = "chk_row_key"


def batch_table(section: Section) -> str:
    """The name of the section's table."""
    return f"batch_{section.key}"


def counted_table(section: Section) -> str:
    """The name of the view of its rows that count (later_files.settle_later_files)."""
    return f"counted_{section.key}"


def columns(section: Section) -> tuple[str, ...]:
    """The section's columns, in the form's order."""
    return tuple(f.column_name for f in section.fields)


def organisation_lines(form: Form) -> tuple[Section, str, str] | None:
    """The section whose rows are about an organisation in a commune, and the columns of these; None where none is."""
    return next(
        (
            (s, o.column_name, c.column_name)
            for s in form.tables
            for o in s.fields
            if o.type == "organisation"
            for c in s.fields
            if c.type == "commune"
        ),
        None,
    )


def typed_types(section: Section) -> tuple[str, ...]:
    """The types of the section's fields that a filled place can fail to be: all but free text, and the unit."""
    return tuple(dict.fromkeys(f.type for f in section.fields if f.type not in ("text", "unit")))


def untyped_column(field_type: str) -> str:
    """The column that lists, separated by commas, the row's fields of that type whose place could not be typed."""
    return f"chk_untyped_{field_type}"


def key_sql(section: Section, alias: str) -> str:
    """SQL for a row's key as compared (row_keys.py, whose macro must be defined); NULL where a part is."""
    return " || chr(31) || ".join(
        f"{MACRO}({alias}.{section.by_key[k].column_name})" for k in section.row_key
    )


def pivot_sql(section: Section) -> str:
    """CREATE TABLE of the section's rows, each value typed, before identical rows are reduced to one.

    Pairs sections have a row for every submission that was read, whether or not it says anything there.
    """
    values = ",\n    ".join(
        [_typed(f) for f in section.fields] + [_untyped(section, t) for t in typed_types(section)]
    )
    join = "LEFT JOIN" if section.layout == "pairs" else "JOIN"
    return f"""
CREATE OR REPLACE TABLE {batch_table(section)} AS
WITH told AS (
    SELECT d.position, coalesce(f.row, 0) AS row,
    {values}
    FROM submission_draft d {join} fact f ON f.sha256 = d.sha256 AND f.section = '{section.key}'
    WHERE d.read AND d.duplicate_of IS NULL
    GROUP BY d.position, f.row
)
SELECT d.submission_id, d.unit_code, d.reporter, d.received_at, told.* EXCLUDE (position)
FROM told JOIN submission_draft d USING (position)"""


def fill_sql(section: Section) -> list[str]:
    """UPDATEs for what a report leaves out because who reports says it: its own commune, its own organisation."""
    updates = []
    for field in section.fields:
        own = {
            "commune": ("commune", "u.unit_code"),
            "organisation": ("district_org", "u.kind"),
        }.get(field.type)
        if own:
            column = field.column_name
            updates.append(
                f"UPDATE {batch_table(section)} b SET {column} = {own[1]} FROM unit u "
                f"WHERE u.unit_code = b.unit_code AND u.reporter = '{own[0]}' "
                f"AND b.{column} IS NULL AND b.{untyped_column(field.type)} IS NULL"
            )
    return updates


def reduce_sql(section: Section) -> str:
    """CREATE TABLE of the rows with `chk_row_key` and `chk_time`: 2 and more where a row the same in every value
    stands above it. Such rows count once (docs/domain.md, "What makes a number wrong").
    """
    named = {
        section.by_key[k].column_name for k in section.row_key if section.by_key[k].type == "text"
    }
    same = ", ".join(
        [
            "submission_id",
            ROW_KEY,
            *(c for c in columns(section) if c not in named),
            *map(untyped_column, typed_types(section)),
        ]
    )
    table = batch_table(section)
    return f"""
CREATE OR REPLACE TABLE {table} AS
SELECT *, row_number() OVER (PARTITION BY {same} ORDER BY row) AS chk_time
FROM (SELECT b.*, {key_sql(section, "b")} AS {ROW_KEY} FROM {table} b)"""


def _typed(field: FormField) -> str:
    if field.sql_type == "VARCHAR":
        return f"nullif(trim(max(f.value) FILTER (WHERE f.field = '{field.key}')), '') AS {field.column_name}"
    return f"max(TRY_CAST(f.value AS {field.sql_type})) FILTER (WHERE f.field = '{field.key}') AS {field.column_name}"


def _untyped(section: Section, field_type: str) -> str:
    fields = [f for f in section.fields if f.type == field_type]
    asked = "f.raw <> '' AND f.field IN (" + ", ".join(f"'{f.key}'" for f in fields) + ")"
    sql_type = fields[0].sql_type
    no_value = (
        "f.value IS NULL" if sql_type == "VARCHAR" else f"TRY_CAST(f.value AS {sql_type}) IS NULL"
    )
    return (
        f"string_agg(f.field, ',' ORDER BY f.field) FILTER (WHERE {no_value} AND {asked})"
        f" AS {untyped_column(field_type)}"
    )
