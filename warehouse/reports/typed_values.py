"""The values that one file gave: each as typed, beside its raw text and its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.form import FormField
from warehouse.reports import wording
from warehouse.schema import pair_fields
from warehouse.why import Source, explain

SUMMARY_TITLE = "Thông tin chung"


@dataclass(frozen=True)
class TypedValue:
    """One value as people read it: the name of its row (empty of a pair), its label, its place.

    raw  None or empty where the place is blank, as for a mark that is not set
    """

    row: str
    label: str
    value: str
    raw: str | None
    sheet: str | None
    cell: str | None


@dataclass(frozen=True)
class TypedTable:
    """The values of one table that come from the file, in the order of its rows."""

    title: str
    values: tuple[TypedValue, ...]


def typed_values(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, submission_id: str, unit_code: str
) -> list[TypedTable]:
    """The values that count and that this file of the unit gave, table by table; none of a file that
    does not count."""
    tables = [
        TypedTable(table.title, tuple(_values(con, campaign, table, submission_id, unit_code)))
        for table in _tables(campaign)
    ]
    return [table for table in tables if table.values]


class _Table(NamedTuple):
    """A table that files give values to: its title, its name, and by column the section and field of
    the form."""

    title: str
    name: str
    fields: dict[str, tuple[str, FormField]]


def _tables(campaign: Campaign) -> list[_Table]:
    pairs = {field.key: (section, field) for section, field in pair_fields(campaign.form)}
    return [
        _Table(SUMMARY_TITLE, "unit_summary", pairs),
        *(
            _Table(s.title, s.table, {f.column_name: (s.key, f) for f in s.fields})
            for s in campaign.form.tables
        ),
    ]


def _values(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    table: _Table,
    submission_id: str,
    unit_code: str,
) -> Iterator[TypedValue]:
    # nobody is asked to report it: who lacks a value is not wanted here
    source = Source(table.name, "table", "", None, table.name, list(table.fields), None, [])
    for part in explain(con, source, None, "", unit_code).parts:
        section, field = table.fields[part.field or ""]
        for place in part.places:
            if part.computed is None and place.submission_id == submission_id and place.sheet:
                yield TypedValue(
                    wording.row_label(campaign.form, section, part.row_name),
                    field.label,
                    typed_words(campaign, section, field, part.value or ""),
                    place.raw_text,
                    place.sheet,
                    place.cell,
                )


def typed_words(campaign: Campaign, section: str, field: FormField, value: str) -> str:
    """A value as people read it; of a unit its name."""
    known = campaign.registry.by_code.get(value)
    if known and field.type in ("commune", "unit"):
        return known.name
    return wording.value_label(campaign.form, section, field.key, value)
