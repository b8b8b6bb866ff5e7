"""What an expression of a campaign names and counts: asked of DuckDB's parser."""

from __future__ import annotations

import pytest

from sources.sql_parsing import columns_named, counts_selected, lone_column


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
