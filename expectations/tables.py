"""How rows that Python made become a table of the night's working database."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa


def load_table(
    con: duckdb.DuckDBPyConnection,
    table: str,
    schema: pa.Schema,
    rows: Sequence[tuple[object, ...]],
) -> None:
    """Makes `table` of the rows, all at once: row by row they cost a millisecond each."""
    con.register(
        "rows",
        pa.Table.from_pylist(
            [dict(zip(schema.names, r, strict=True)) for r in rows], schema=schema
        ),
    )
    con.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM rows")
    con.unregister("rows")
