"""The differences between two nights: whose status changed, which figures, and because of which file.

A unit's share in a figure is what `figure_source` traces to it: the sum of its values, or the number
of its rows that count. A file is named for a change if it arrived or changed its status between the
two nights, and `submission_change` or `lineage` shows that it gives what the figure is made from.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.form import Form
from sources.sql_parsing import averages_selected, counts_selected
from warehouse.queries import query
from warehouse.schema import pair_fields

# tables whose rows any file moves, not accepted ones alone
_COUNTED_TABLES = (
    "unit_status",
    "submission",
    "finding",
)

MAX_SUMMED = 3  # sums that are shown of a unit


class MovedFile(NamedTuple):
    """A file that came, or counts otherwise than before; `status` in the later night, None where it
    is not there."""

    submission_id: str
    unit_code: str | None
    file_name: str
    received_at: dt.datetime
    status: str | None


@dataclass(frozen=True)
class UnitMove:
    """A unit whose state changed: (status, on_time) as in unit_status, before and after, and its
    files that moved."""

    unit_code: str
    unit_name: str
    old: tuple[str, bool | None]
    new: tuple[str, bool | None]
    files: tuple[MovedFile, ...]


@dataclass(frozen=True)
class ShareChange:
    """What a unit gave to a figure before and after, such as 17 or 17/20; None: nothing. Unit None:
    not known."""

    unit_code: str | None
    unit_name: str | None
    old: str | None
    new: str | None
    files: tuple[MovedFile, ...]


@dataclass(frozen=True)
class FigureChange:
    """A figure that the report prints otherwise: as printed before and after, and the units whose
    share changed.

    is_total  whether it is one of the sums of campaign_summary, which an officer asks about first
    """

    figure: str
    description: str
    old: str | None
    new: str | None
    shares: tuple[ShareChange, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Differences:
    """All that differs between two nights, units in the order of the registry, figures in that of
    the report."""

    old_as_of: dt.datetime
    new_as_of: dt.datetime
    units: tuple[UnitMove, ...]
    figures: tuple[FigureChange, ...]


class _Source(NamedTuple):
    query: str
    table: str
    fields: list[str]
    condition: str | None
    is_share: bool


def differences(old: Path, new: Path, campaign: Campaign) -> Differences:
    """What changed from the warehouse `old` to `new`, both built by this code for this campaign;
    times in its zone."""
    with duckdb.connect() as con:
        con.execute("SET TimeZone = $zone", {"zone": campaign.campaign.time_zone})
        for name, path in (("old", old), ("new", new)):
            con.execute(f"ATTACH $file AS {name} (READ_ONLY)", {"file": str(path)})
        con.execute(query("differences"))
        if "orgs" in campaign.form.by_key:
            con.execute(query("lines_taken_over"))
        files = con.execute("SELECT * EXCLUDE (counted) FROM moved_file").fetchall()
        moved = {row[0]: MovedFile(*row) for row in files}
        old_as_of, new_as_of = (
            con.execute(f"SELECT as_of FROM {side}.night").fetchall()[0][0]
            for side in ("old", "new")
        )
        return Differences(
            old_as_of.astimezone(campaign.zone),
            new_as_of.astimezone(campaign.zone),
            tuple(_units(con, moved)),
            tuple(_figures(con, moved, campaign.form)),
        )


def _units(con: duckdb.DuckDBPyConnection, moved: dict[str, MovedFile]) -> Iterator[UnitMove]:
    for code, name, *states in con.execute("FROM moved_unit").fetchall():
        yield UnitMove(
            code,
            name,
            tuple(states[:2]),
            tuple(states[2:]),
            tuple(f for f in moved.values() if f.unit_code == code),
        )


def _figures(
    con: duckdb.DuckDBPyConnection, moved: dict[str, MovedFile], form: Form
) -> Iterator[FigureChange]:
    moved_figures = con.execute("FROM moved_figure").fetchall()
    totals = {name for name, *_ in con.execute("DESCRIBE new.campaign_summary").fetchall()}
    for figure, description, old, new, sql, table, fields, condition in moved_figures:
        is_share = (new or old or "").endswith("%")
        source = _Source(sql, table, fields, condition, is_share)
        answering = _answering(con, source, form)
        shares = (
            ShareChange(code, name, before, after, tuple(moved[i] for i in answering.get(code, ())))
            for code, name, before, after in _shares(con, source)
        )
        yield FigureChange(figure, description, old, new, tuple(shares), figure in totals)


def _shares(con: duckdb.DuckDBPyConnection, source: _Source) -> list[tuple[str | None, ...]]:
    """The units whose share differs: code, name, share before and after."""
    for side in ("old", "new"):
        con.execute(f"USE {side}")  # the condition names tables of its own night
        con.execute(
            query(
                "unit_share",
                side=side,
                share=_share_sql(con, source),
                table=source.table,
                condition=source.condition or "true",
                fields=source.fields,
                is_count=len(counts_selected(source.query)) == 1,
            )
        )
    return con.execute(query("moved_share")).fetchall()


def _share_sql(con: duckdb.DuckDBPyConnection, source: _Source) -> str:
    types = [
        con.execute(f"SELECT typeof({field}) FROM {source.table} LIMIT 1").fetchall()
        for field in source.fields
    ]
    return _share_of(source, [found[0][0] if found else "" for found in types])


def _share_of(source: _Source, types: list[str]) -> str:
    """The SQL of a unit's share: what the figure's query counts or averages, else sums.

    Of marks that are averaged these are the ones that are set and those that are known, as 17/20. In
    a share of units, a unit's own share is 0/1 or 1/1.
    """
    if counted := counts_selected(source.query):
        return " || '/' || ".join(counted)
    if averaged := averages_selected(source.query):
        sums = [f"coalesce(CAST(sum{marks} AS VARCHAR), '–')" for marks in averaged]
        return " || '/' || ".join([*sums, f"count{averaged[-1]}"])
    if types and all("INT" in sql_type for sql_type in types):
        # part and whole; what follows only decides which rows have both
        fields = source.fields[:2] if source.is_share else source.fields[:MAX_SUMMED]
        return " || '/' || ".join(
            f"coalesce(CAST(sum({field}) AS VARCHAR), '–')" for field in fields
        )
    return "count(*)"


def _answering(
    con: duckdb.DuckDBPyConnection, source: _Source, form: Form
) -> dict[str | None, list[str]]:
    """By unit the files that answer for its share, in the order of receipt."""
    con.execute("DELETE FROM made_from")
    for row in _made_from(con, source, form):
        con.execute("INSERT INTO made_from VALUES (?, ?, ?, ?)", row)
    found: dict[str | None, list[str]] = {}
    for unit, submission in con.execute(
        "SELECT unit_code, submission_id FROM answers WHERE counted OR $any_file",
        {"any_file": source.table in _COUNTED_TABLES},
    ).fetchall():
        found.setdefault(unit, []).append(submission)
    return found


def _made_from(
    con: duckdb.DuckDBPyConnection, source: _Source, form: Form
) -> Iterator[tuple[str, str, str, str]]:
    """What the figure is made from: section and key of the form, table and column of the
    warehouse."""
    sections = {s.table: s for s in form.tables} | {"org_meeting": form.by_key.get("orgs")}
    columns = [(source.table, field) for field in source.fields]
    if source.table == "unit_summary":
        for table, fields in con.execute(query("key_columns"), {"keys": source.fields}).fetchall():
            columns += [(table, field) for field in fields]
    for table, field in dict.fromkeys(columns):
        if table == "unit_summary":
            yield from (
                (key, field, table, field) for key, f in pair_fields(form) if f.key == field
            )
        elif section := sections.get(table):
            yield from (
                (section.key, f.key, table, field) for f in section.fields if f.column_name == field
            )
