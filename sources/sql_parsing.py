"""What an SQL expression of a campaign names and counts, as DuckDB parses it: `json_serialize_sql`.

Expressions are those of `from_rows` and `held_when` in form.toml and of figures.toml. Nothing is
run. A text that is no SQL names nothing; `tonghop campaign check` reports where one stands.
"""

from __future__ import annotations

import atexit
import json
import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb

from sources.form import FormField, Section

Node = dict[str, Any]  # a part of an expression, as DuckDB's parser has it

# What gives another value on another run over the same rows: a clock, chance, the session.
CLOCK_WORDS = frozenset(  # written without brackets
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"}
)
UNREPEATABLE = CLOCK_WORDS.union(
    ("now", "today", "ago", "get_current_time", "get_current_timestamp", "transaction_timestamp"),
    ("current_localtime", "current_localtimestamp", "pg_conf_load_time"),
    ("pg_postmaster_start_time", "random", "setseed", "uuid", "uuidv4", "uuidv7"),
    ("gen_random_uuid", "nextval", "currval", "setval", "current_connection_id"),
    ("current_query_id", "current_transaction_id", "txid_current", "current_setting"),
    ("getvariable",),
)


def parse(expression: str) -> Node | None:
    """The expression as DuckDB's parser has it; None where the text is not one expression."""
    selected = _select_list(f"SELECT {expression}")
    return selected[0] if len(selected) == 1 else None


@cache
def columns_named(expression: str) -> frozenset[str]:
    """The columns that the expression reads, wherever they stand in it."""
    node = parse(expression)
    return frozenset(column for part in _parts(node) if (column := column_of(part)))


def lone_column(expression: str) -> str | None:
    """The column, where the expression is nothing but its name."""
    return column_of(parse(expression))


def column_of(node: Node | None) -> str | None:
    """The name of the column that the part of an expression is; None where it is no column."""
    if node is None or node.get("class") != "COLUMN_REF":
        return None
    return str(node["column_names"][-1])


def field_when_held(section: Section) -> FormField | None:
    """The field that is filled in where a row's meeting took place; None where `held_when` is a
    condition, or none."""
    column = lone_column(section.held_when) if section.held_when else None
    return next((f for f in section.fields if column in (f.key, f.column_name)), None)


def unrepeatable_parts(query: str) -> tuple[str, ...]:
    """What in the query asks for the time, for chance or for the session: `now()`, `current_date`,
    `age()` of one day, a sample. Nothing of a text that is not one SELECT.
    """
    parts = _parts(_statement(query))
    return tuple(dict.fromkeys(name for part in parts if (name := _unrepeatable(part))))


def _unrepeatable(node: Node) -> str | None:
    if node.get("class") == "FUNCTION":
        name = str(node["function_name"]).lower()
        asks_for_today = name == "age" and len(arguments(node)) == 1
        return f"{name}()" if name in UNREPEATABLE or asks_for_today else None
    if node.get("class") == "COLUMN_REF" and len(node["column_names"]) == 1:
        name = str(node["column_names"][0]).lower()
        return name if name in CLOCK_WORDS else None
    return "a sample" if node.get("sample") else None


def arguments(node: Node) -> list[Node]:
    """The arguments of a function or an operator."""
    return [argument["expression"] for argument in node.get("arguments", ())]


def counts_selected(query: str) -> tuple[str, ...]:
    """The SQL of what the query counts: of `SELECT count(*) …` or of distinct values that count, of
    a share such as `SELECT count(*) FILTER (…) / count(*) …` both; of any other query nothing.
    """
    selected = _select_list(query)
    if len(selected) != 1:
        return ()
    found = selected[0]
    if _counts_rows(found) and not found["filter"]:
        return (_text(found, query),)
    both = arguments(found) if found.get("function_name") == "/" else []
    if len(both) == 2 and all(map(_counts_rows, both)) and both[0]["filter"]:
        return (_text(both[0], query), _text(both[1], query))
    return ()


def averages_selected(query: str) -> tuple[str, ...]:
    """What the query averages, each in its brackets: of `SELECT avg(a) - avg(b) …` `(a)` and `(b)`."""
    return tuple(
        _text(part, query)[len("avg") :]
        for found in _select_list(query)
        for part in _parts(found)
        if part.get("function_name") == "avg"
    )


def _counts_rows(node: Node) -> bool:
    """Whether the part is `count(*)` or `count(DISTINCT …)`."""
    name = node.get("function_name")
    return name == "count_star" or (name == "count" and bool(node["distinct"]))


def _text(node: Node, query: str) -> str:
    """The part of the query as it is written; places in it are counted in bytes."""
    first = node["query_location"]
    return query.encode()[first : first + node["query_location_length"]].decode()


def _select_list(query: str) -> list[Node]:
    """What the query selects; nothing of a text that is not one SELECT."""
    return list(_statement(query).get("select_list", ()))


def _statement(query: str) -> Node:
    """The query as DuckDB's parser has it; empty where the text is not one SELECT."""
    connection = _parser(os.getpid()).cursor()  # a cursor: several threads may ask at once
    rows = connection.execute("SELECT json_serialize_sql($query)", {"query": query}).fetchall()
    parsed = json.loads(rows[0][0])
    if parsed["error"] or len(parsed["statements"]) != 1:
        return {}
    return dict(parsed["statements"][0]["node"])


@cache
def _parser(process: int) -> duckdb.DuckDBPyConnection:
    """A connection of this process, for its parser: opening one takes longer than parsing.

    Dropped before the interpreter ends: DuckDB's binding complains of what is left then.
    """
    atexit.register(_parser.cache_clear)
    return duckdb.connect(config={"enable_external_access": "false", "threads": 1})


def _parts(node: object) -> Iterator[Node]:
    """All parts of an expression, itself first."""
    if isinstance(node, dict):
        yield node
        for value in node.values():
            yield from _parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _parts(value)
