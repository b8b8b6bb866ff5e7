"""Tables of a unit whose rows are another unit's: the same names with the same numbers, as when a
commune's table is pasted into another commune's report.

Compared are the tables that count and whose rows have a name in words. An organisation's lines have
none: each commune has the same organisations, often with one branch per village, so that their rows
may well be equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from expectations.checks import Check, RuleEntry
from expectations.entry_checks import check_of_entry
from expectations.pivots import counted_table, key_sql
from expectations.queries import query
from sources.campaigns import Campaign
from sources.form import Form, FormField, Section

COMPARED_TYPES = ("count", "date", "mark", "choice")
JOINED_COUNTS = 2  # of a row, that must be equal for it to be compared in full at all


def copied_rows(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """The tables that are compared between units, over the frame `copies`."""
    for section in compared_tables(campaign.form):
        yield check_of_entry(
            entry,
            "copies",
            section,
            section.by_key[section.row_key[0]],
            names={"column": f"chk_unit_{section.key}"},
            placeholders={"table": section.title},
            shows={
                shown: f"chk_{shown}_{section.key}" for shown in ("same", "rows", "unit", "file")
            },
            at=f"chk_at_{section.key}",
            place_row=f"chk_row_{section.key}",
            of_row=False,
        )


def find_copied_tables(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, numbers: Mapping[str, int]
) -> None:
    """Makes `copied_table`: section and unit_code of each table with the rows of another unit's,
    other_code of the unit with the most of them, how many are the `same` of `rows`, and submission
    and row of the first.

    `numbers` are those of the rule. Needs what counts (later_files.settle_later_files).
    """
    con.execute(query("copied_table"))
    for section in compared_tables(campaign.form):
        counts = [f for f in section.fields if f.type == "count"]
        joined = counts[:JOINED_COUNTS]
        sql = query(
            "copied_rows",
            table=counted_table(section),
            key=key_sql(section, "counted"),
            joined=[f.column_name for f in joined],
            counts=[f.column_name for f in counts],
            compared=[f.column_name for f in _compared_fields(section)],
        )
        con.execute(sql, {"section": section.key, **numbers})


def copies_frame_sql(form: Form) -> str:
    """One row per unit with rows that count: of each compared table the unit that has the same
    rows, NULL where none has (see the .sql)."""
    return query("copies_frame", sections=[s.key for s in compared_tables(form)])


def compared_tables(form: Form) -> tuple[Section, ...]:
    """The tables whose rows are named in words and have counts."""
    return tuple(
        s
        for s in form.tables
        if s.row_key
        and all(s.by_key[key].type == "text" for key in s.row_key)
        and any(f.type == "count" for f in s.fields)
    )


def _compared_fields(section: Section) -> tuple[FormField, ...]:
    return tuple(f for f in section.fields if f.type in COMPARED_TYPES)
