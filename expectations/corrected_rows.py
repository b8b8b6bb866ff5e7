"""What a correction may leave out: the day of a meeting that another file of its unit gives."""

from __future__ import annotations

import duckdb

from expectations.pivots import batch_table
from expectations.queries import query
from sources.campaigns import Campaign


def allow_days_given_elsewhere(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    """Takes back from `finding_placed` that a correction's row lacks its day where a sound file
    gives it."""
    for section in campaign.form.tables:
        for key in section.window.fields if section.window else ():
            sql = query(
                "day_given_elsewhere",
                table=batch_table(section),
                day=section.by_key[key].column_name,
            )
            con.execute(sql, {"section": section.key, "field": key})
