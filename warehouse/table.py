"""A table and its columns as they are declared, and the statements that create it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sources.sql_files import literal

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
    "VARCHAR[]": pa.list_(pa.string()),
}


@dataclass(frozen=True)
class Column:
    """A column: its name, its DuckDB type and what it means."""

    name: str
    sql_type: str
    comment: str


@dataclass(frozen=True)
class Table:
    """A table: what one row of it is, and its columns in order."""

    name: str
    comment: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(c.name for c in self.columns)

    @property
    def arrow_schema(self) -> pa.Schema:
        """The table as an Arrow schema; times are in UTC."""
        return pa.schema([(c.name, ARROW_TYPES[c.sql_type]) for c in self.columns])


def ddl(table: Table) -> list[str]:
    """The statements that create an empty table with its comments."""
    columns = ",\n  ".join(f"{c.name} {c.sql_type}" for c in table.columns)
    comments = [
        f"COMMENT ON COLUMN {table.name}.{c.name} IS {quoted(c.comment)}" for c in table.columns
    ]
    return [
        f"CREATE TABLE {table.name} (\n  {columns}\n)",
        f"COMMENT ON TABLE {table.name} IS {quoted(table.comment)}",
        *comments,
    ]


def quoted(text: str) -> str:
    """The text as an SQL literal."""
    return str(literal(text))
