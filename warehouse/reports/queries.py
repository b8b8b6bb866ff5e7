"""The reports' queries, each in a file of its own under `sql/`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from sources.sql_files import SqlFiles

query = SqlFiles(Path(__file__).parent / "sql").query


def records(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows that a query found, each value by the name of its column."""
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
