"""Lines of delimited text with more cells than their header: a separator within a value has moved
all that follows."""

from __future__ import annotations

from collections import Counter

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.facts import Fact
from sources.form import Form
from sources.grids import Document, Grid


def blank_shifted_rows(document: Document, form: Form, builder: ExtractBuilder) -> None:
    """Makes the values of shifted rows untyped, as their columns are unclear; each row is a
    finding.

    A row is shifted where it is longer than the table and holds a value that does not fit its
    column. Its name stays.
    """
    grids = {
        block.sheet: block
        for block in document.blocks
        if isinstance(block, Grid) and block.source == "delimited"
    }
    if not grids:
        return
    rows: dict[tuple[str, str, int], list[int]] = {}
    facts = builder.extract.facts
    for index, fact in enumerate(facts):
        if fact.row and fact.sheet in grids:
            rows.setdefault((fact.sheet, fact.section, fact.row), []).append(index)
    usual_length = {
        sheet: _usual_length(
            grid, {_row_of(facts[indexes[0]]) for key, indexes in rows.items() if key[0] == sheet}
        )
        for sheet, grid in grids.items()
    }
    for (sheet, section, number), indexes in rows.items():
        cells = grids[sheet].rows[_row_of(facts[indexes[0]])]
        is_longer = usual_length[sheet] and any(
            value is not None for value in cells[usual_length[sheet] :]
        )
        if is_longer and any(facts[i].raw and facts[i].value is None for i in indexes):
            _blank_row(
                builder,
                indexes,
                form.by_key[section].row_key,
                (section, number),
                usual_length[sheet],
                len(cells),
            )


def _blank_row(
    builder: ExtractBuilder,
    indexes: list[int],
    row_key: tuple[str, ...],
    row: tuple[str, int],
    usual_length: int,
    length: int,
) -> None:
    facts = builder.extract.facts
    name = next((facts[i].raw for i in indexes if facts[i].field in row_key), "")
    for i in indexes:
        if facts[i].field not in row_key and facts[i].raw:
            facts[i] = facts[i]._replace(value=None)
    section, number = row
    builder.add_finding(
        "row_shifted",
        facts[indexes[0]].sheet,
        facts[indexes[0]].cell,
        section=section,
        row=number,
        row_name=name or None,
        value=shorten(name),
        length=length,
        columns=usual_length,
    )


def _usual_length(grid: Grid, rows: set[int]) -> int:
    """The length of most of the rows and of the header right above them; 0 where no length is that
    of most."""
    if not rows:
        return 0
    above = next((row for row in range(min(rows) - 1, -1, -1) if any(grid.rows[row])), None)
    lengths = Counter(len(grid.rows[row]) for row in rows)
    if above is not None:
        lengths[len(grid.rows[above])] += 1
    [(length, count)] = lengths.most_common(1)
    return length if count > 1 else 0


def _row_of(fact: Fact) -> int:
    return int("".join(c for c in fact.cell if c.isdigit())) - 1
