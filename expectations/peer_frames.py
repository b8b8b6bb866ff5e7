"""What is usual of each count, and the frames that say which values are far from it.

Peers are the values of the same field in the rows that count of all units (of lines of one
organisation only), so that a night's verdict does not depend on the order of arrival, and a file
that is returned is compared as well. The numbers that say what is far are the rules'
(rules.toml). All of it is SQL: a night of a whole country has a million rows.
"""

from __future__ import annotations

import duckdb

from expectations.checks import Over
from expectations.frames import totals_from_rows_sql
from expectations.peer_scopes import (
    free_counts,
    limited_counts,
    registered_counts,
)
from expectations.pivots import batch_table, counted_table, organisation_lines
from expectations.queries import query
from expectations.rules import load_rules
from sources.campaigns import Campaign
from sources.form import Form, FormField, Section
from sources.sql_files import identifier


def find_far_values(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Makes `far_value`: section, position, row and field of each value that is far from the usual
    one, with kind (peers, own, share, all), usual, measure (the value, or its share in percent) and
    row_count.

    Needs `submission` (verdicts.judge) and what counts (later_files.settle_later_files).
    """
    con.execute(query("far_value"))
    for section in compared_sections(campaign.form):
        con.execute(
            query(
                "peer_value",
                table=batch_table(section),
                alike=_alike_sql(section),
                counted=_counted_sql(section),
                free=free_counts(section),
                limited=limited_counts(section),
                limits=[whole.key for _, whole in limited_counts(section)],
            )
        )
        con.execute(query("usual"))
        kinds: tuple[tuple[str, Over], ...] = (("far_from_peers", "peers"),)
        if section.layout == "table":
            kinds += (("far_from_own_rows", "own_rows"), ("all_of_limit", "all_of_limit"))
        for name, over in (*kinds, ("far_share", "peer_shares")):
            con.execute(query(name), {"section": section.key, **numbers_of_rule(over)})


def peers_frame_sql(section: Section) -> str:
    """The section's rows, with the columns that the checks of peer_scopes name."""
    counts = [(kind, f) for f in free_counts(section) for kind in ("peers", "own")]
    shares = [
        (kind, f)
        for f, _ in limited_counts(section)
        for kind in ("share", *(("all",) if f.share_compared else ()))
    ]
    fields = dict.fromkeys(
        f.column_name
        for f in (
            *free_counts(section),
            *(one for limited in limited_counts(section) for one in limited),
        )
    )
    return query(
        "peers_frame",
        section=section.key,
        table=batch_table(section),
        columns=list(fields),
        far=[
            (f"chk_{kind}_{f.column_name}", f.key, kind, f.column_name)
            for kind, f in (*counts, *shares)
            if section.layout == "table" or kind in ("peers", "share")
        ],
    )


def register_frame_sql(campaign: Campaign) -> str:
    """One row per unit with an accepted report: what it gives of what the register knows, and the
    register's number (see the .sql).

    Of counts in `info` that is the total; of an organisation's lines their sum, where the unit
    has all of them.
    """
    pairs, lines = [], []
    for section, field in registered_counts(campaign):
        if section.layout == "pairs":
            pairs.append(
                {
                    "field": field,
                    "table": batch_table(section),
                    "rows": _rows_total_sql(field, campaign.form),
                }
            )
        elif found := organisation_lines(campaign.form):
            _, organisation, commune = found
            choices = next(f.choice for f in section.fields if f.type == "organisation")
            lines.append(
                {
                    "field": field,
                    "table": counted_table(section),
                    "organisation": organisation,
                    "commune": commune,
                    "organisations": len(choices),
                    "communes": len(campaign.registry.communes),
                }
            )
    return query("register_frame", pairs=pairs, lines=lines)


def compared_sections(form: Form) -> tuple[Section, ...]:
    """The sections with counts."""
    return tuple(s for s in form.sections if free_counts(s) or limited_counts(s))


def numbers_of_rule(over: Over) -> dict[str, int]:
    """The numbers in rules.toml of the rule that is checked over that."""
    return next(entry.numbers for entry in load_rules().check if entry.over == over)


def _rows_total_sql(field: FormField, form: Form) -> str | None:
    """SQL for the total that a unit's rows that count give; None where rows give none."""
    if field.from_rows is None:
        return None
    rows = form.by_key[field.from_rows.section]
    return totals_from_rows_sql(rows, [field], counted_table(rows), "unit_code")


def _alike_sql(section: Section) -> str:
    """SQL for what rows must have in common to be peers: the choices among what names them, such as
    the organisation."""
    choices = [section.by_key[k] for k in section.row_key if section.by_key[k].choice]
    named = [f"coalesce(b.{identifier(f.column_name)}, '')" for f in choices]
    return " || ' ' || ".join(named) or "''"


def _counted_sql(section: Section) -> str:
    """SQL for submission_id and row of the rows that count, with their unit."""
    if section.layout == "pairs":
        return query("latest_pairs")
    return f"SELECT unit_code, submission_id, row FROM {identifier(counted_table(section))}"
