"""SQL in files: what may be filled in, and that every file is asked for somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import jinja2
import pytest

from sources.sql_files import SqlFiles, Unquoted

ROOT = Path(__file__).parent.parent
FILES = sorted(
    path for room in ("expectations", "warehouse", "flows") for path in (ROOT / room).rglob("*.sql")
)


def rendered(tmp_path: Path, template: str, /, **parts: object) -> str:
    (tmp_path / "answer.sql").write_text(template, encoding="utf-8")
    return SqlFiles(tmp_path).query("answer", **parts)


@pytest.mark.parametrize(
    ("template", "parts", "expected"),
    [
        ("{{ x | identifier }}", {"x": "order"}, '"order"'),
        ("{{ x | identifier }}", {"x": 'a"b'}, '"a""b"'),
        ("{{ x | identifiers }}", {"x": ["a", "b"]}, '"a", "b"'),
        ("{{ x | literal }}", {"x": "it's <b>"}, "'it''s <b>'"),
        ("{{ x | literals }}", {"x": ["a", "b"]}, "'a', 'b'"),
        ("{{ x | literals }}", {"x": [("a", "b"), ("c", "d")]}, "('a', 'b'), ('c', 'd')"),
        ("{{ x | sql }}", {"x": "a < 'b'"}, "a < 'b'"),
        ("{{ x }}", {"x": 7}, "7"),
        ("{{ 'a' | sql if x }}", {"x": False}, ""),
        ("{% macro m() %}{{ x | identifier }}{% endmacro %}{{ m() }}", {"x": "a"}, '"a"'),
    ],
)
def test_filled_in_quoted(tmp_path, template, parts, expected):
    assert rendered(tmp_path, template, **parts) == expected


def test_value_without_filter_refused(tmp_path):
    with pytest.raises(Unquoted, match="no filter"):
        rendered(tmp_path, "SELECT * FROM {{ table }}", table="t; DROP TABLE t")


def test_missing_part_refused(tmp_path):
    with pytest.raises(jinja2.UndefinedError):
        rendered(tmp_path, "SELECT * FROM {{ table | identifier }}")


def test_quoted_names_and_texts_are_duckdbs(tmp_path):
    sql = rendered(
        tmp_path,
        "SELECT {{ text | literal }} AS {{ name | identifier }}",
        text="it's\n“a”",
        name='a "b" c',
    )
    answer = duckdb.sql(sql)
    assert answer.columns == ['a "b" c']
    assert answer.fetchall() == [("it's\n“a”",)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_file_begins_with_what_it_returns(path):
    assert path.read_text(encoding="utf-8").startswith(("-- ", "{# "))


def test_every_file_is_asked_for():
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for room in ("expectations", "warehouse", "flows")
        for path in (ROOT / room).rglob("*.py")
    )
    asked = set(re.findall(r'"([a-z_]+)"', code)) | {"macros"}
    tables = {p.stem for p in FILES if p.parent.name == "marts"}  # asked for by their tables
    assert {p.stem for p in FILES} - asked - tables == set()
