"""What was read of one file before a night counts it, in the words of the form: each value as it was
understood, beside its raw text and its place."""

from __future__ import annotations

from pathlib import Path

import duckdb

from sources.campaigns import Campaign
from sources.form import Section
from sources.sql_files import SqlFiles
from warehouse.reports.typed_values import TypedTable, TypedValue, typed_words

MAX_VALUES = 5_000  # of one file: more than 35 units' tables have together
MAX_LETTERS = 300  # of one value
NOT_UNDERSTOOD = "(chưa hiểu được)"
query = SqlFiles(Path(__file__).parent / "sql").query

_Fact = tuple[str, int, str, str | None, str | None, str | None, str | None]


def values_read(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, submission_id: str
) -> list[TypedTable]:
    """A table for each section of the form of which the file says something, in the order of the form.

    `con` has the submissions of a night and what was read of them (expectations/batches.py).
    """
    asked = {"submission": submission_id, "most": MAX_VALUES, "letters": MAX_LETTERS}
    facts: list[_Fact] = con.execute(query("values_read"), asked).fetchall()
    tables = [
        TypedTable(
            section.title,
            tuple(_values(campaign, section, [f for f in facts if f[0] == section.key])),
        )
        for section in campaign.form.sections
    ]
    return [table for table in tables if table.values]


def _values(campaign: Campaign, section: Section, facts: list[_Fact]) -> list[TypedValue]:
    """The values of a section; a blank place of the file is none."""
    names: dict[int, list[str]] = {}
    for _, row, field, value, raw, _, _ in facts:
        if field in section.row_key and (value or raw):
            names.setdefault(row, []).append(
                _understood(campaign, section, field, value) or raw or ""
            )
    return [
        TypedValue(
            ", ".join(names.get(row, [])),
            section.by_key[field].label,
            _understood(campaign, section, field, value) or NOT_UNDERSTOOD,
            raw,
            sheet,
            cell,
        )
        for _, row, field, value, raw, sheet, cell in facts
        if raw or value
    ]


def _understood(campaign: Campaign, section: Section, field: str, value: str | None) -> str:
    if value is None:
        return ""
    return typed_words(campaign, section.key, section.by_key[field], value)[:MAX_LETTERS]
