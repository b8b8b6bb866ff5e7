"""The numbers that a consolidated report and its annexes print, and a digest that tells one set of
them from another.

Counts of files and findings are the office's own work, not results: a file that is sent twice
changes no report.
"""

from __future__ import annotations

import hashlib
import json

import duckdb

from warehouse.queries import query
from warehouse.unit_values import unit_values_digests

OWN_WORK_TABLES = ("submission", "finding")


def printed_numbers(con: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """The figures of a built warehouse that are results of the campaign, as the report prints them,
    by name in the report's order."""
    rows = con.execute(query("printed_numbers"), {"own_work": list(OWN_WORK_TABLES)}).fetchall()
    return dict(rows)


def numbers_digest(con: duckdb.DuckDBPyConnection) -> str:
    """A SHA-256 over the printed numbers, the state of each unit and its values: the same exactly
    where report and annexes say the same of them."""
    return _sha256([printed_numbers(con), _states(con), unit_values_digests(con)])


def has_same_numbers(con: duckdb.DuckDBPyConnection, digest: str) -> bool:
    """Whether a warehouse has the numbers that the digest stands for.

    Reports that an earlier version issued keep a digest of totals and states alone: only these are
    then compared.
    """
    return digest in (numbers_digest(con), totals_digest(con))


def totals_digest(con: duckdb.DuckDBPyConnection) -> str:
    """The digest of earlier versions: of the printed numbers and the state of each unit."""
    return _sha256([printed_numbers(con), _states(con)])


def _states(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "SELECT unit_code, status, on_time FROM unit_status ORDER BY unit_code"
    ).fetchall()


def _sha256(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
