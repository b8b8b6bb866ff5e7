"""The SQL that turns facts into one wide table per section of the form: one row per submission (and row of a table)."""

from __future__ import annotations

from sources.form import FormField, Section

UNTYPED = "chk_untyped_"
ROW_KEY = "chk_row_key"
FIXED = ("submission_id", "unit_code", "reporter", "received_at", "row")


def batch_table(section: Section) -> str:
    """The name of the section's table."""
    return f"batch_{section.key}"


def columns(section: Section) -> tuple[str, ...]:
    """The section's columns, in the form's order."""
    return tuple(f.column_name for f in section.fields)


def may_be_untyped(field: FormField) -> bool:
    """Whether a filled place of the field can fail to be a value of its type: any but free text, and the unit."""
    return field.type not in ("text", "unit")


def untyped_columns(section: Section) -> tuple[str, ...]:
    """The columns that hold the raw text of places that could not be typed."""
    return tuple(UNTYPED + f.key for f in section.fields if may_be_untyped(f))


def pivot_sql(section: Section) -> str:
    """CREATE TABLE of the section's rows, each value typed, before identical rows are reduced to one.

    Pairs sections have a row for every submission that was read, whether or not it says anything there.
    """
    values = ",\n    ".join([_typed(f) for f in section.fields]
                            + [_untyped(f) for f in section.fields if may_be_untyped(f)])
    join = "LEFT JOIN" if section.layout == "pairs" else "JOIN"
    return f"""
CREATE OR REPLACE TABLE {batch_table(section)} AS
SELECT d.submission_id, d.unit_code, d.reporter, d.received_at, coalesce(f.row, 0) AS row,
    {values}
FROM submission_draft d {join} fact f ON f.sha256 = d.sha256 AND f.section = '{section.key}'
WHERE d.read AND d.duplicate_of IS NULL
GROUP BY ALL"""


def fill_sql(section: Section) -> list[str]:
    """UPDATEs for what a report leaves out because who reports says it: its own commune, its own organisation."""
    updates = []
    for field in section.fields:
        own = {"commune": ("commune", "u.unit_code"), "organisation": ("district_org", "u.kind")}.get(field.type)
        if own:
            column = field.column_name
            updates.append(f"UPDATE {batch_table(section)} b SET {column} = {own[1]} FROM unit u "
                           f"WHERE u.unit_code = b.unit_code AND u.reporter = '{own[0]}' "
                           f"AND b.{column} IS NULL AND b.{UNTYPED}{field.key} IS NULL")
    return updates


def reduce_sql(section: Section) -> str:
    """CREATE TABLE of the rows that remain when rows the same in every value count once (DOMAIN.md, errors).

    `chk_row_key` is the row's key as compared: NFC, case and spaces folded, trailing dots dropped; NULL where a part
    of it is not known.
    """
    key = " || chr(31) || ".join(_folded(section.by_key[k].column_name) for k in section.row_key)
    named = {section.by_key[k].column_name for k in section.row_key if section.by_key[k].type == "text"}
    same = ", ".join(["submission_id", ROW_KEY]
                     + [c for c in (*columns(section), *untyped_columns(section)) if c not in named])
    table = batch_table(section)
    return f"""
CREATE OR REPLACE TABLE {table} AS
SELECT *, row_number() OVER (PARTITION BY {same} ORDER BY row) AS chk_time
FROM (SELECT *, {key} AS {ROW_KEY} FROM {table})"""


def _typed(field: FormField) -> str:
    value = f"max(f.value) FILTER (WHERE f.field = '{field.key}')"
    if field.sql_type == "VARCHAR":
        return f"nullif(trim({value}), '') AS {field.column_name}"
    return f"TRY_CAST({value} AS {field.sql_type}) AS {field.column_name}"


def _untyped(field: FormField) -> str:
    no_value = "f.value IS NULL" if field.sql_type == "VARCHAR" else f"TRY_CAST(f.value AS {field.sql_type}) IS NULL"
    return (f"max(f.raw) FILTER (WHERE f.field = '{field.key}' AND f.raw <> '' AND {no_value}) "
            f"AS {UNTYPED}{field.key}")


def _folded(column: str) -> str:
    return rf"nullif(rtrim(trim(regexp_replace(lower(nfc_normalize({column})), '\s+', ' ', 'g')), '. '), '')"
