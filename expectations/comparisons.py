"""The second pass of a night: what counts, compared between files, since two of them may speak of the same fact.

A district organisation and a commune both report the organisation in that commune (`sources_differ`); a unit's totals
and the rows that count may come from two of its files (`totals_differ`). Neither is decided here: the organisation's
own line and the rows count (docs/domain.md).
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from expectations.decisions import mark_decided
from expectations.findings import add_broken, place_findings
from expectations.frames import rows_tell_sql
from expectations.pivots import batch_table, counted_table, organisation_lines
from expectations.rules import load_rules
from expectations.suites import Validated, frame_checks, run_suite
from sources.campaigns import Campaign
from sources.form import FormField, FromRows, Section


def compare_sources(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[Validated]:
    """Adds to `finding_placed` where accepted files differ; returns the validated frames.

    Needs `submission` (verdicts.judge) and what counts (later_files.settle_later_files).
    """
    _drop_totals_of_parts(con, campaign)
    done = []
    for frame, sql in (
        ("sources", sources_frame_sql(campaign)),
        ("files", files_frame_sql(campaign)),
    ):
        if sql and frame_checks(frame, campaign):
            done.append(run_suite(con, frame, sql, campaign))
            add_broken(con, done[-1])
    place_findings(con, campaign)
    mark_decided(con, "settle")
    return done


def _drop_totals_of_parts(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Where rows come from several files, the totals of each are not held against its own rows, which are a part: the
    latest is held against all that count.
    """
    if not con.execute("SELECT 1 FROM counted_section WHERE NOT is_whole LIMIT 1").fetchall():
        return
    rules = sorted({entry.rule for entry in load_rules().check if entry.over == "from_rows"})
    totals = ((s.key, *total) for s in campaign.form.sections for total in s.fields_from_rows)
    for pairs, field, from_rows in totals:
        con.execute(
            "DELETE FROM finding_placed p WHERE list_contains($rules, rule) AND section = $pairs "
            "AND field = $field AND submission_id IN (SELECT submission_id FROM counted_section "
            "WHERE section = $rows AND NOT is_whole) AND NOT EXISTS (SELECT 1 FROM read_finding r JOIN "
            "submission s USING (sha256) WHERE s.submission_id = p.submission_id AND r.message = p.message)",
            {
                "rules": rules,
                "pairs": pairs,
                "field": field.key,
                "rows": from_rows.section,
            },
        )


def sources_frame_sql(campaign: Campaign) -> str | None:
    """One row per line that a district organisation and a commune both report, at the organisation's place.

    The organisation's counts stand under their names, the commune's under `chk_other_<column>`. None where the form
    has no section with an organisation, a commune and counts to compare.
    """
    found = organisation_lines(campaign.form)
    if found is None or not any(f.compared for f in found[0].fields):
        return None
    section, org, place = found
    table = counted_table(section)
    values = ", ".join(
        f"o.{f.column_name}, c.{f.column_name} AS chk_other_{f.column_name}"
        for f in section.fields
        if f.compared
    )
    return f"""
SELECT d.position, o.row, {values}, cu.unit_name AS chk_unit, cd.file_name AS chk_file
FROM {table} o
JOIN unit ou ON ou.unit_code = o.unit_code AND ou.kind = o.{org}
JOIN {table} c ON c.{org} = o.{org} AND c.{place} = o.{place} AND c.unit_code = c.{place}
JOIN unit cu ON cu.unit_code = c.unit_code
JOIN submission_draft d ON d.submission_id = o.submission_id
JOIN submission_draft cd ON cd.submission_id = c.submission_id
ORDER BY d.position, o.row"""


def files_frame_sql(campaign: Campaign) -> str | None:
    """One row per unit: its latest accepted total of each kind, where the rows that count are from another file.

    `chk_at_<column>` is the position of the file with the total, `chk_rows_<column>` what the rows tell. Rows from
    several files are always held against it.
    """
    pairs = next((s for s in campaign.form.sections if s.fields_from_rows), None)
    if pairs is None:
        return None
    totals = pairs.fields_from_rows
    sections = [s for s in campaign.form.tables if any(r.section == s.key for _, r in totals)]
    latest = "(t.set_back IS NULL, coalesce(t.turn, 0))"
    told = ",\n           ".join(
        f"arg_max(b.{c}, {latest}) FILTER (WHERE b.{c} IS NOT NULL) AS {c}, "
        f"arg_max(d.position, {latest}) FILTER (WHERE b.{c} IS NOT NULL) AS chk_at_{c}"
        for c in (f.column_name for f, _ in totals)
    )
    return f"""
WITH told AS (
    SELECT b.unit_code, {told}
    FROM {batch_table(pairs)} b
    JOIN submission s ON s.submission_id = b.submission_id AND s.status = 'accepted'
    JOIN submission_draft d ON d.submission_id = b.submission_id
    LEFT JOIN file_turn t ON t.submission_id = b.submission_id
    GROUP BY b.unit_code
)
SELECT 0 AS row, {", ".join(_other_files_total(*t) for t in totals)}, {", ".join(f"chk_file_{s.key}" for s in sections)}
FROM told
{"".join(_rows_that_count(s, totals) for s in sections)}
ORDER BY told.unit_code"""


def _other_files_total(field: FormField, from_rows: FromRows) -> str:
    column, at = field.column_name, f"rows_{from_rows.section}.at"
    return f"CASE WHEN chk_at_{column} <> {at} THEN {column} END AS {column}, chk_at_{column}, chk_rows_{column}"


def _rows_that_count(section: Section, totals: Iterable[tuple[FormField, FromRows]]) -> str:
    """A join of the unit's rows that count: `at` (their file's position, 0 of several), its name, what they tell."""
    own = [field for field, from_rows in totals if from_rows.section == section.key]
    return f"""
LEFT JOIN (
    SELECT * FROM (
        SELECT k.unit_code, CASE WHEN bool_and(k.is_whole) THEN max(d.position) ELSE 0 END AS at,
               max_by(d.file_name, d.position) AS chk_file_{section.key}
        FROM counted_section k
        JOIN submission_draft d USING (submission_id)
        WHERE k.section = '{section.key}'
        GROUP BY k.unit_code)
    JOIN ({rows_tell_sql(section, own, counted_table(section), "unit_code")}) USING (unit_code)
) rows_{section.key} ON rows_{section.key}.unit_code = told.unit_code"""
