"""A unit's made-up report, the same for the same seed whoever asks and in whatever order.

A commune and a district organisation speak of the same line in the same numbers, since a line's
numbers depend on the seed, the organisation and the commune alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

import duckdb
import pyarrow as pa

from sources.blank_form.values import (
    Canonical,
    FormValues,
    Row,
    asked_fields,
    asked_sections,
    prefilled_rows,
)
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.registry import Unit
from sources.samples.names import cell_names, village_names
from sources.samples.plausible import plausible_pairs, plausible_row

_ARROW = {"count": pa.int64(), "date": pa.date32(), "mark": pa.bool_()}


def make_reports(units: Sequence[Unit], campaign: Campaign, seed: int) -> list[FormValues]:
    """The reports of these units, each unit's own totals added up from its rows by the form's own
    SQL."""
    rows = [_rows(unit, campaign, seed) for unit in units]
    totals = _totals(rows, campaign)
    return [
        FormValues(_pairs(unit, campaign, seed, totals[i]), rows[i]) for i, unit in enumerate(units)
    ]


def _rows(unit: Unit, campaign: Campaign, seed: int) -> dict[str, list[dict[str, Canonical]]]:
    """Rows per table section; party cells and villages share the villages' names."""
    villages = village_names(
        Random(f"{seed}/{unit.code}").randint(6, 14), Random(f"{seed}/{unit.code}/villages")
    )
    rows: dict[str, list[dict[str, Canonical]]] = {}
    for section in asked_sections(unit, campaign):
        if section.layout == "table":
            known = prefilled_rows(section, unit, campaign) or _named(section, villages, unit)
            rows[section.key] = [
                plausible_row(
                    section,
                    row,
                    campaign,
                    Random(f"{seed}/{section.key}/{_key(section, row, unit)}"),
                )
                for row in known
            ]
    return rows


def _key(section: Section, row: Row, unit: Unit) -> str:
    owner = "" if any(f.type == "commune" for f in section.fields) else f"{unit.code}/"
    return owner + "/".join(str(row[k]) for k in section.row_key)


def _named(section: Section, villages: list[str], unit: Unit) -> list[Row]:
    """The names of a section's rows, with their kind where the section declares one."""
    name = section.row_key[0]
    kind = next((f for f in section.fields if f.type == "choice" and f.key == "kind"), None)
    if kind is None:
        return [{name: village} for village in villages]
    return [{name: cell, kind.key: code} for cell, code in cell_names(villages, unit, kind)]


def _pairs(
    unit: Unit, campaign: Campaign, seed: int, totals: Row
) -> dict[str, dict[str, Canonical]]:
    pairs = {}
    for section in asked_sections(unit, campaign):
        if section.layout != "pairs":
            continue
        rng = Random(f"{seed}/{unit.code}/{section.key}")
        fields = asked_fields(section, unit)
        known = {f.key: totals.get(f"{section.key}.{f.key}") for f in fields if f.from_rows}
        known |= {
            f.key: _own(f, unit, rng)
            for f in fields
            if f.type == "unit" or f.key == "document_number"
        }
        pairs[section.key] = plausible_pairs(section, fields, known, campaign, rng)
    return pairs


def _own(field: FormField, unit: Unit, rng: Random) -> str:
    if field.type == "unit":
        return unit.code
    return f"{rng.randint(10, 180)}-BC/{'ĐU' if unit.reporter == 'commune' else unit.code.split('-')[-1]}"


def _totals(
    reports: Sequence[dict[str, list[dict[str, Canonical]]]], campaign: Campaign
) -> list[dict[str, Canonical]]:
    """Per report: `section.key` to the value of the field's `from_rows` SQL over the report's
    rows."""
    totals: list[dict[str, Canonical]] = [{} for _ in reports]
    asked = [(s.key, f.key, r) for s in campaign.form.sections for f, r in s.fields_from_rows]
    with duckdb.connect() as con:
        for table in campaign.form.tables:
            fields = [(s, f, rows) for s, f, rows in asked if rows.section == table.key]
            if not fields:
                continue
            con.register("reported", _arrow(table, [r.get(table.key, []) for r in reports]))
            sql = ", ".join(f"CAST({rows.value} AS BIGINT)" for _, _, rows in fields)
            for report, *values in con.execute(
                f"SELECT report, {sql} FROM reported GROUP BY report"
            ).fetchall():
                totals[report] |= {
                    f"{s}.{f}": v for (s, f, _), v in zip(fields, values, strict=True)
                }
    return totals


def _arrow(section: Section, reports: Sequence[list[dict[str, Canonical]]]) -> pa.Table:
    """All rows of a section, each with the number of its report."""
    columns: dict[str, pa.Array] = {
        "report": pa.array([i for i, rows in enumerate(reports) for _ in rows], pa.int32())
    }
    for field in section.fields:
        values: list[str | int | bool | dt.date | None] = [
            row.get(field.key) for rows in reports for row in rows
        ]
        columns[field.key] = pa.array(values, _ARROW.get(field.type, pa.string()))
    return pa.table(columns)
