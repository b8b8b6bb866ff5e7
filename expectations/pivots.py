"""Facts turned into one wide table per section of the form: one row per submission (and row of a
table)."""

from __future__ import annotations

import duckdb

from expectations.queries import query
from expectations.row_keys import MACRO
from sources.form import Form, Section


def batch_table(section: Section) -> str:
    """The name of the section's table."""
    return f"batch_{section.key}"


def counted_table(section: Section) -> str:
    """The name of the view of its rows that count (later_files.settle_later_files)."""
    return f"counted_{section.key}"


def columns(section: Section) -> tuple[str, ...]:
    """The section's columns, in the form's order."""
    return tuple(f.column_name for f in section.fields)


def row_keys(form: Form) -> list[tuple[str, str]]:
    """Section and key of each field that names rows."""
    return [(section.key, key) for section in form.tables for key in section.row_key]


def organisation_lines(form: Form) -> tuple[Section, str, str] | None:
    """The section whose rows are about an organisation in a commune, and the columns of these; None
    where none is."""
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
    """The types of the section's fields that a filled place can fail to be: all but free text, and
    the unit."""
    return tuple(dict.fromkeys(f.type for f in section.fields if f.type not in ("text", "unit")))


def untyped_column(field_type: str) -> str:
    """The column that lists, separated by commas, the row's fields of that type whose place could
    not be typed."""
    return f"chk_untyped_{field_type}"


def key_sql(section: Section, alias: str) -> str:
    """SQL for a row's key as compared (row_keys.py, whose macro must be defined); NULL where a part
    is."""
    return " || chr(31) || ".join(
        f"{MACRO}({alias}.{section.by_key[k].column_name})" for k in section.row_key
    )


def fill_batch(con: duckdb.DuckDBPyConnection, section: Section) -> None:
    """Makes the section's table of the facts, before identical rows are reduced to one.

    The reporter's own commune or organisation is filled in where the report leaves it out.
    """
    untyped = {kind: untyped_column(kind) for kind in typed_types(section)}
    con.execute(query("batch", section=section, untyped=untyped))
    for field in section.fields:
        if field.type in _OWN:
            reporter, own = _OWN[field.type]
            sql = query(
                "own_commune_or_organisation",
                table=batch_table(section),
                column=field.column_name,
                own=own,
                untyped=untyped_column(field.type),
            )
            con.execute(sql, {"reporter": reporter})


def add_row_keys(con: duckdb.DuckDBPyConnection, section: Section) -> None:
    """Adds `chk_row_key` and `chk_time` to the section's table: 2 and more where a row the same in
    every value stands above it. Such rows count once (docs/domain.md, "What makes a number wrong").
    """
    named = {
        section.by_key[k].column_name for k in section.row_key if section.by_key[k].type == "text"
    }
    same = [
        *(c for c in columns(section) if c not in named),
        *map(untyped_column, typed_types(section)),
    ]
    key = key_sql(section, "b")
    con.execute(query("rows_with_keys", table=batch_table(section), same=same, key=key))


# By the type of a field who leaves it out, and the column of the registry that has it.
_OWN = {"commune": ("commune", "unit_code"), "organisation": ("district_org", "kind")}
