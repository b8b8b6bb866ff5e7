"""What was read of one file, in the words of the form: its answers, and how many rows its tables have."""

from __future__ import annotations

from typing import Any

import duckdb

from expectations.pivots import batch_table
from sources.campaigns import Campaign
from sources.form import Section
from sources.sql_files import identifier
from warehouse.reports import wording

MAX_LETTERS = 300  # of one value


def values_read(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, submission_id: str
) -> list[dict[str, Any]]:
    """Of each section of the form of which the file says something its `title`, and `values` (pairs
    of label and value) or, of a table, `rows`, their number.

    `con` has the batches of a night (expectations/batches.py); nothing of a file that was not read.
    """
    found = []
    for section in campaign.form.sections:
        table = identifier(batch_table(section))
        if section.layout == "table":
            sql = f"SELECT count(*) FROM {table} WHERE submission_id = $id"
            ((rows,),) = con.execute(sql, {"id": submission_id}).fetchall()
            if rows:
                found.append({"title": section.title, "rows": rows})
        elif values := _values(con, campaign, section, table, submission_id):
            found.append({"title": section.title, "values": values})
    return found


def _values(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    section: Section,
    table: str,
    submission_id: str,
) -> list[tuple[str, str]]:
    columns = ", ".join(f"{identifier(f.column_name)}::VARCHAR" for f in section.fields)
    sql = f"SELECT {columns} FROM {table} WHERE submission_id = $id"
    row = con.execute(sql, {"id": submission_id}).fetchone()
    if row is None:
        return []
    return [
        (
            field.label,
            wording.value_label(campaign.form, section.key, field.key, value)[:MAX_LETTERS],
        )
        for field, value in zip(section.fields, row, strict=True)
        if value is not None and field.type != "unit"
    ]
