"""Units, files and findings as parts of a figure that counts them, each with its files.

`counted_sql` yields: a number that keeps parts apart, unit_code, unit_name, row_name, field, value;
then a place's row_name, field, file_name, sheet, cell, raw_text, label, note, submission_id
and picture (see `warehouse.places`).
"""

from __future__ import annotations

from warehouse.queries import query

COUNTED_QUERIES = {
    "unit_status": "counted_unit_status",
    "submission": "counted_submission",
    "finding": "counted_finding",
}


def counted_sql(table: str, condition: str | None) -> str:
    """The query for the rows of that table under that condition; it has the parameter $unit, NULL
    for all."""
    return query(COUNTED_QUERIES[table], condition=condition or "true")


def deciding_sql() -> str:
    """The query for the files that decide a unit's status, with the columns of `submission`."""
    return query("deciding_file")
