"""What a correction may leave out: the day of a meeting that another file of its unit gives."""

from __future__ import annotations

import duckdb

from expectations.pivots import ROW_KEY, batch_table
from sources.campaigns import Campaign
from sources.form import Section


def allow_days_given_elsewhere(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Takes back from `finding_placed` that a correction's row lacks its day where a sound file gives it."""
    for section in campaign.form.tables:
        for key in section.window.fields if section.window else ():
            con.execute(_given_elsewhere_sql(section, key))


def _given_elsewhere_sql(section: Section, key: str) -> str:
    day, table = section.by_key[key].column_name, batch_table(section)
    return f"""
DELETE FROM finding_placed
WHERE rule = 'required_missing' AND section = '{section.key}' AND field = '{key}' AND (submission_id, row) IN (
    SELECT (b.submission_id, b.row)
    FROM {table} b
    JOIN submission_draft own ON own.submission_id = b.submission_id AND own.declares = 'correction'
    JOIN {table} o ON o.unit_code = b.unit_code AND o.{ROW_KEY} = b.{ROW_KEY} AND o.submission_id <> b.submission_id
    JOIN submission_draft other ON other.submission_id = o.submission_id AND other.read AND other.may_count
    WHERE b.{day} IS NULL AND o.{day} IS NOT NULL AND o.submission_id NOT IN (
        SELECT submission_id FROM finding_placed JOIN severity USING (rule)
        WHERE severity = 'error' AND decision_id IS NULL))"""
