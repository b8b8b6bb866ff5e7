"""The data dictionary, made from the declared tables: `python -m warehouse.dictionary` writes
docs/data-dictionary.md.

With `--check` nothing is written; the exit code is 1 if the page does not match the form and the
schema.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sources.campaigns import load_campaign
from sources.form import Form
from warehouse.generated_page import write_or_check_page
from warehouse.schema import tables
from warehouse.table import Table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"

_HEAD = """# Data dictionary

Made from `sources/campaign/form.toml` and `warehouse/schema.py` by `python -m warehouse.dictionary`; do not edit.
The same texts stand in `warehouse.duckdb` as comments (`SELECT * FROM duckdb_columns()`). Times are
moments (TIMESTAMPTZ).
"""


def dictionary(form: Form) -> str:
    """The page in Markdown: a section per table of the warehouse, a line per column."""
    return "\n".join([_HEAD, *(_section(t) for t in tables(form))])


def main(arguments: list[str]) -> int:
    """Writes the page; with `--check`, only checks whether it is up to date. The exit code: 0, or 1 where
    it is not."""
    return write_or_check_page(
        dictionary(load_campaign().form), PAGE, "warehouse.dictionary", arguments
    )


def _section(table: Table) -> str:
    lines = [
        f"## {table.name}",
        "",
        f"{table.comment}.",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{c.name}` | {c.sql_type} | {c.comment.replace('|', chr(92) + '|')} |"
        for c in table.columns
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
