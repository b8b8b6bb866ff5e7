"""The numbers that a consolidated report prints, and a digest that tells one set of them from
another.

Counts of files and findings are the office's own work, not results: a file that is sent twice
changes no report.
"""

from __future__ import annotations

import hashlib
import json

import duckdb

from warehouse.queries import query

OWN_WORK_TABLES = ("submission", "finding")


def printed_numbers(con: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """The figures of a built warehouse that are results of the campaign, as the report prints them,
    by name in the report's order."""
    rows = con.execute(query("printed_numbers"), {"own_work": list(OWN_WORK_TABLES)}).fetchall()
    return dict(rows)


def numbers_digest(con: duckdb.DuckDBPyConnection) -> str:
    """A SHA-256 over the printed numbers and over the state of each unit: the same exactly where a
    report says the same of them."""
    states = con.execute(
        "SELECT unit_code, status, on_time FROM unit_status ORDER BY unit_code"
    ).fetchall()
    content = json.dumps([printed_numbers(con), states], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
