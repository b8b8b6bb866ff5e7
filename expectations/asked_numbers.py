"""The numbers that the guideline asks of each unit: which they are, and whether one of the unit's
accepted files gives them, as a total or in rows.

A number that could not be read, or waits for an officer, has a finding of its own already and is
not reported as missing; attendance is asked where a meeting was held.
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.checks import Check, RuleEntry
from expectations.entry_checks import check_of_entry
from expectations.frames import held_count, keys_read, totals_from_rows_sql
from expectations.pivots import batch_table
from expectations.queries import query
from sources.campaigns import Campaign
from sources.form import FormField, Section


def asked(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """The counts that are `asked`, over the section's frame of units."""
    for section in campaign.form.sections:
        for field in section.fields:
            for reporter in field.asked:
                yield check_of_entry(
                    entry,
                    units_frame(section),
                    section,
                    field,
                    names={"column": f"chk_given_{field.column_name}"},
                    where=f"chk_is_{reporter}",
                    of_row=False,
                )


def units_frame(section: Section) -> str:
    """The name of the section's frame of whole units."""
    return f"units_{section.key}"


def sections_asked(campaign: Campaign) -> tuple[Section, ...]:
    """The sections with counts that are `asked`."""
    return tuple(s for s in campaign.form.sections if any(f.asked for f in s.fields))


def units_frame_sql(section: Section, campaign: Campaign) -> str:
    """One row per unit with an accepted report: whether each count of the section that is asked is
    given (see the .sql)."""
    form = campaign.form
    fields = [f for f in section.fields if f.asked]
    held = {f.key: held_count(section, f) for f in fields if f.share_compared}
    needed = {f.key: f for f in (*fields, *held.values()) if f}
    tables = {f.from_rows.section for f in needed.values() if f.from_rows}
    return query(
        "units_frame",
        table=batch_table(section),
        asked=[
            {
                "field": field,
                "held": held.get(field.key),
                "places": [f"{section.key}.{field.key}", *_places_in_rows(field, campaign)],
            }
            for field in fields
        ],
        days=[f.column_name for f in section.fields if f.type == "date"],
        totals={
            rows.key: totals_from_rows_sql(
                rows,
                [f for f in needed.values() if f.from_rows and f.from_rows.section == rows.key],
            )
            for rows in form.tables
            if rows.key in tables
        },
    )


def _places_in_rows(field: FormField, campaign: Campaign) -> list[str]:
    """The fields of rows that the total is made from, such as `cells.members_attended`."""
    if field.from_rows is None:
        return []
    rows = campaign.form.by_key[field.from_rows.section]
    return [f"{rows.key}.{key}" for key in keys_read(field.from_rows.value, rows)]
