"""The second pass of a night: compares accepted files where two of them report the same fact, and
every file with what is usual.

A district organisation and a commune both report the organisation in that commune
(`sources_differ`); a unit's totals and the rows that count may come from two of its files
(`totals_differ`). Neither is decided here: the organisation's own line and the rows count
(docs/domain.md). Which files count is known before: a finding of this pass returns none, whatever
its severity, so `implausible` and `copied_table` can only be warnings (rules.rule_mistakes).
"""

from __future__ import annotations

import duckdb

from expectations.copied_tables import copies_frame_sql, find_copied_tables
from expectations.decisions import mark_decided
from expectations.findings import add_breaches, place_findings
from expectations.frames import totals_from_rows_sql
from expectations.peer_frames import (
    compared_sections,
    find_far_values,
    numbers_of_rule,
    peers_frame_sql,
    register_frame_sql,
)
from expectations.peer_scopes import peers_frame
from expectations.pivots import batch_table, counted_table, organisation_lines
from expectations.queries import query
from expectations.rules import load_rules
from expectations.suites import ValidatedFrame, checks_by_frame, run_suite
from sources.campaigns import Campaign


def compare_sources(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[ValidatedFrame]:
    """Adds to `finding_placed` where accepted files differ, what is far from the usual or from the
    register, and tables that are another unit's; returns the validated frames.

    Needs `submission` (verdicts.judge) and what counts (later_files.settle_later_files).
    """
    _drop_totals_of_parts(con, campaign)
    find_far_values(con, campaign)
    find_copied_tables(con, campaign, numbers_of_rule("copied_rows"))
    done, made = [], checks_by_frame(campaign)
    for frame, sql in (
        ("sources", sources_frame_sql(campaign)),
        ("files", files_frame_sql(campaign)),
        *((peers_frame(s), peers_frame_sql(s)) for s in compared_sections(campaign.form)),
        ("register", register_frame_sql(campaign)),
        ("copies", copies_frame_sql(campaign.form)),
    ):
        if sql and frame in made:
            done.append(run_suite(con, frame, sql, made[frame], campaign))
            add_breaches(con, done[-1])
    place_findings(con, campaign)
    mark_decided(con, "settle")
    return done


def _drop_totals_of_parts(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Drops findings that compare a file's totals with its own rows, where its rows are only a part
    of those that count: the latest total is compared with all of them instead.
    """
    if not con.execute("SELECT 1 FROM counted_section WHERE NOT is_whole LIMIT 1").fetchall():
        return
    rules = sorted({entry.rule for entry in load_rules().check if entry.over == "from_rows"})
    totals = ((s.key, *total) for s in campaign.form.sections for total in s.fields_from_rows)
    for pairs, field, from_rows in totals:
        con.execute(
            query("totals_of_parts"),
            {
                "rules": rules,
                "pairs": pairs,
                "field": field.key,
                "rows": from_rows.section,
            },
        )


def sources_frame_sql(campaign: Campaign) -> str | None:
    """One row per line that a district organisation and a commune both report, at the
    organisation's place.

    The organisation's counts stand under their names, the commune's under `chk_other_<column>`.
    None where the form has no section with an organisation, a commune and counts to compare.
    """
    found = organisation_lines(campaign.form)
    if found is None or not any(f.compared for f in found[0].fields):
        return None
    section, organisation, commune = found
    return query(
        "sources_frame",
        table=counted_table(section),
        organisation=organisation,
        commune=commune,
        compared=[f.column_name for f in section.fields if f.compared],
    )


def files_frame_sql(campaign: Campaign) -> str | None:
    """One row per unit: its latest accepted total of each kind, where the rows that count are from
    another file.

    `chk_at_<column>` is the position of the file with the total, `chk_rows_<column>` the total from
    the rows. Rows from several files are always compared with it.
    """
    pairs = next((s for s in campaign.form.sections if s.fields_from_rows), None)
    if pairs is None:
        return None
    totals = pairs.fields_from_rows
    sections = []
    for section in campaign.form.tables:
        own = [field for field, from_rows in totals if from_rows.section == section.key]
        if own:
            totals_query = totals_from_rows_sql(section, own, counted_table(section), "unit_code")
            sections.append((section.key, totals_query))
    fields = [field for field, _ in totals]
    return query("files_frame", table=batch_table(pairs), fields=fields, sections=sections)
