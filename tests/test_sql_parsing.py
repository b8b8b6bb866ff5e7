"""What an expression of a campaign names and counts: asked of DuckDB's parser."""

from __future__ import annotations

import duckdb
import pytest

from sources.sql_parsing import (
    UNREPEATABLE,
    averages_selected,
    columns_named,
    counts_selected,
    lone_column,
    unrepeatable_parts,
)


@pytest.mark.parametrize(
    ("expression", "columns"),
    [
        ("count(*)", set()),
        ("held_on", {"held_on"}),
        ("count(held_on)", {"held_on"}),
        ("count(*) FILTER (WHERE held_on IS NOT NULL AND mode = 'combined')", {"held_on", "mode"}),
        ("sum(line.members_total)", {"members_total"}),
        ('"order" > 0', {"order"}),
        ("name = 'held_on'", {"name"}),  # a text that reads like a column is none
        ("name || ' -- ' || 'mode'", {"name"}),
        ("CASE WHEN a THEN b ELSE greatest(c, d) END", {"a", "b", "c", "d"}),
        ("held_on BETWEEN DATE '2022-04-01' AND ended_on", {"held_on", "ended_on"}),
        ("count(", set()),
        ("", set()),
        ("a; DROP TABLE b", set()),
    ],
)
def test_columns_named(expression, columns):
    assert columns_named(expression) == columns


@pytest.mark.parametrize(
    ("expression", "column"),
    [
        ("held_on", "held_on"),
        (" held_on ", "held_on"),
        ('"held_on"', "held_on"),
        ("held_on IS NOT NULL", None),
        ("branches_held > 0", None),
        ("true", None),
        ("held_on, mode", None),
        ("(", None),
    ],
)
def test_lone_column(expression, column):
    assert lone_column(expression) == column


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("SELECT count(*) FROM t WHERE a", ("count(*)",)),
        ("select  COUNT( * ) FROM t", ("COUNT( * )",)),
        ("SELECT count(DISTINCT (a, b)) FROM t", ("count(DISTINCT (a, b))",)),
        (
            "SELECT count(*) FILTER (trim(a) = 'đã (nộp)') / count(*) FROM t",
            ("count(*) FILTER (trim(a) = 'đã (nộp)')", "count(*)"),
        ),
        ("SELECT count(a) FROM t", ()),
        ("SELECT count(*) FILTER (a) FROM t", ()),
        ("SELECT sum(a) / sum(b) FROM t", ()),
        ("SELECT count(*), 1 FROM t", ()),
        ("SELECT CASE WHEN count(*) = 0 THEN 0 ELSE sum(a) END FROM t", ()),
        ("SELECT", ()),
    ],
)
def test_counts_selected(query, counts):
    assert counts_selected(query) == counts


@pytest.mark.parametrize(
    ("query", "averages"),
    [
        ("SELECT avg(a) FROM t", ("(a)",)),
        (
            "SELECT AVG(CAST(a IS NOT NULL AS INTEGER)) FROM t",
            ("(CAST(a IS NOT NULL AS INTEGER))",),
        ),
        ("SELECT 100 * (avg(a) - avg(b)) FROM t", ("(a)", "(b)")),
        ("SELECT count(*) FROM t WHERE a > (SELECT avg(a) FROM t)", ()),
        ("SELECT sum(a) / sum(b) FROM t", ()),
        ("SELECT", ()),
    ],
)
def test_averages_selected(query, averages):
    assert averages_selected(query) == averages


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("SELECT held_on <= now()", ("now()",)),
        ("SELECT main.NOW(), today()", ("now()", "today()")),
        ("SELECT held_on <= CURRENT_DATE", ("current_date",)),
        ("FROM t SELECT localtime", ("localtime",)),
        ("WITH x AS (SELECT random() AS r) SELECT sum(r) FROM x", ("random()",)),
        ("SELECT (SELECT count(*) FROM t WHERE d > ago(INTERVAL 3 DAY))", ("ago()",)),
        ("SELECT list_transform(a, x -> x + random())", ("random()",)),
        ("SELECT age(held_on)", ("age()",)),  # from the day to today
        ("SELECT age(held_on, received_on)", ()),
        ("SELECT count(*) FROM t USING SAMPLE 10%", ("a sample",)),
        ("SELECT count(*) FROM t TABLESAMPLE 10%", ("a sample",)),
        ("SELECT t.current_date FROM t", ()),
        ("SELECT name = 'now()' -- today()", ()),
        ("SELECT held_on < DATE '2022-04-15'", ()),
        ("SELECT now(", ()),
    ],
)
def test_unrepeatable_parts(query, parts):
    assert unrepeatable_parts(query) == parts


def test_every_function_that_duckdb_calls_unrepeatable_is_known():
    harmless = {  # the same database and session settings on every run, or nothing that is a value
        *("current_database", "current_schema", "current_schemas", "in_search_path"),
        *("current_query", "error", "sleep_ms", "stats", "vector_type", "write_log"),
    }
    with duckdb.connect() as con:
        names = con.execute(
            "SELECT DISTINCT function_name FROM duckdb_functions() "
            "WHERE stability IN ('VOLATILE', 'CONSISTENT_WITHIN_QUERY')"
        ).fetchall()
    assert {name for (name,) in names} - harmless <= UNREPEATABLE
