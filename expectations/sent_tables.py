"""The tables of the files of units that have several, read from the night's working database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import duckdb

from expectations.frames import has_content_sql, row_name_sql, totals_from_rows_sql
from expectations.pivots import batch_table
from expectations.queries import query
from expectations.sent_rows import SentRow, SentTable
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.text import fold

SentTables = dict[str, dict[str, SentTable]]  # by section and submission


def sent_tables(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> SentTables:
    """The table of each file of `several_files`, by section and submission."""
    columns_of, with_days = _filled_columns(con), _meeting_day_fields(con, campaign)
    sums = {
        (submission, section)
        for submission, sections in con.execute(
            "SELECT submission_id, whole_sections FROM several_files WHERE whole_sections <> ''"
        ).fetchall()
        for section in sections.split(",")
    }
    tables: SentTables = {}
    for section in campaign.form.tables:
        whole = _whole_by_totals(con, section, campaign)
        generic = campaign.form.words.generic_name_words if _has_names_as_keys(section) else None
        tables[section.key] = {
            submission: SentTable(
                tuple(rows),
                submission in whole,
                (submission, section.key) in sums,
                columns_of.get((submission, section.key), {}),
                with_days.get((submission, section.key)),
            )
            for submission, rows in _sent_rows(con, section, generic)
        }
    return tables


@lru_cache(maxsize=16384)
def loose_key(name: str, generic: tuple[str, ...]) -> str:
    """A row's name without accents and leading generic words: `CB thôn Cầu Cao` and `Thôn Cầu Cao`
    have the same."""
    words = fold(name).split()
    prefixes = [fold(word).split() for word in generic]
    while longest := max(
        (len(p) for p in prefixes if p == words[: len(p)] and len(p) < len(words)), default=0
    ):
        words = words[longest:]
    return " ".join(words)


def _sent_rows(
    con: duckdb.DuckDBPyConnection, section: Section, generic: tuple[str, ...] | None
) -> Iterator[tuple[str, list[SentRow]]]:
    has_content = " OR ".join(filter(None, map(_counts_as_content_sql, section.fields))) or "true"
    filled = [f for f in section.fields if f.type != "mark" and f.key not in section.row_key]
    shows_held = (
        " OR ".join(
            has_content_sql(f, "b")
            for f in section.fields
            if f.shows_held or f.key in _days(section)
        )
        or "false"
    )
    sql = query(
        "sent_rows",
        section=section.key,
        table=batch_table(section),
        has_content=has_content,
        filled=filled,
        shows_held=shows_held,
        row_names=row_name_sql(section),
    )
    found = con.execute(sql).fetchall()
    rows: dict[str, list[SentRow]] = defaultdict(list)
    for submission, row, key, name, row_has_content, fields, row_shows_held, is_not_held in found:
        loose = loose_key(name, generic) if generic is not None and name else None
        rows[submission].append(
            SentRow(
                row,
                key,
                loose or None,
                name,
                bool(row_has_content),
                frozenset(filter(None, fields)),
                bool(row_shows_held),
                bool(is_not_held),
            )
        )
    yield from rows.items()


def _days(section: Section) -> tuple[str, ...]:
    return section.window.fields if section.window else ()


def _meeting_day_fields(
    con: duckdb.DuckDBPyConnection, campaign: Campaign
) -> dict[tuple[str, str], str]:
    """By submission and section: the first field of the meeting's days that the table has a column
    for."""
    days = [(s.key, key) for s in campaign.form.tables for key in _days(s)]
    if not days:
        return {}
    found = con.execute(query("columns_of_days", days=days)).fetchall()
    return {
        (submission, section): key
        for section, key in reversed(days)
        for submission, own, column in found
        if (own, column) == (section, key)
    }


def _counts_as_content_sql(field: FormField) -> str | None:
    column = f"b.{field.column_name}"
    return {
        "count": f"coalesce({column} > 0, false)",
        "mark": f"coalesce({column}, false)",
        "date": f"{column} IS NOT NULL",
    }.get(field.type)


def _has_names_as_keys(section: Section) -> bool:
    """Whether its rows are identified by names, which people spell in several ways, not by codes."""
    return len(section.row_key) == 1 and section.by_key[section.row_key[0]].type == "text"


def _filled_columns(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, int]]:
    """By submission and section: the fields that are filled anywhere, each with the number of rows
    where it is not zero or no."""
    filled: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for submission, section, key, count in con.execute(query("filled_columns")).fetchall():
        filled[submission, section][key] = count
    return filled


def _whole_by_totals(
    con: duckdb.DuckDBPyConnection, section: Section, campaign: Campaign
) -> set[str]:
    """The submissions whose table is complete by their own totals: the number of rows, else all sums
    that are given."""
    pairs, totals = next(
        (
            (s, own)
            for s in campaign.form.sections
            if (own := [f for f in s.fields if f.from_rows and f.from_rows.section == section.key])
        ),
        (None, []),
    )
    if pairs is None:
        return set()
    sql = query(
        "whole_by_totals",
        table=batch_table(pairs),
        totals_query=totals_from_rows_sql(section, totals),
        totals=[f.column_name for f in totals],
        counts=[f.column_name for f in totals if f.from_rows and f.from_rows.value == "count(*)"],
    )
    return {submission for (submission,) in con.execute(sql).fetchall()}
