"""The numbers that a consolidated report and its annexes print, and a digest that tells one set of
them from another.

How many files came is none of them: a file that is sent twice changes no report.
"""

from __future__ import annotations

import hashlib
import json

import duckdb

from warehouse.queries import query
from warehouse.unit_values import unit_values_digests


def printed_numbers(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The figures of a built warehouse as the report prints them, by name in the report's order."""
    return dict(con.execute(query("printed_numbers")).fetchall())


def numbers_digest(con: duckdb.DuckDBPyConnection) -> str:
    """A SHA-256 over the printed numbers, the state of each unit and its values: the same exactly
    where report and annexes say the same of them."""
    return _sha256([printed_numbers(con), _states(con), unit_values_digests(con)])


def has_same_numbers(con: duckdb.DuckDBPyConnection, digest: str) -> bool:
    """Whether a warehouse has the numbers that the digest stands for."""
    return digest == numbers_digest(con)


def _states(con: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    return con.execute(
        "SELECT unit_code, status, on_time FROM unit_status ORDER BY unit_code"
    ).fetchall()


def _sha256(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
