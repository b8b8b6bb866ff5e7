"""Tables with a group of columns per organisation, turned into the form's: a line per organisation
and commune."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sources.extraction.cell_types import raw_text
from sources.extraction.derived_grids import DerivedGrid
from sources.extraction.section_labels import SectionLabels
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField
from sources.grids import Grid, Value
from sources.text import fold

_MIN_GROUPS = 2
_MAX_HEADER_ROWS = 3
_MAX_NAME_LETTERS = 80


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Where a matrix stands: the row of organisations, that of the labels under them, and each
    one's columns."""

    top: int
    bottom: int
    groups: tuple[range, ...]


def without_matrix(grid: Grid, vocabulary: Vocabulary) -> Iterator[Grid]:
    """The grid; if it holds such a table, followed by one with its lines, whose refs are those of
    the file.

    The cells that were moved are empty in the first of the two.
    """
    if grid.hidden or not (found := _find_matrix(grid, vocabulary)):
        yield grid
    else:
        yield from _split_matrix(grid, *found, vocabulary)


def _find_matrix(
    grid: Grid, vocabulary: Vocabulary
) -> tuple[_Matrix, GridView, SectionLabels] | None:
    """The first matrix of a grid."""
    for labels in vocabulary.table_labels:
        fields = [f for f in labels.section.fields if f.type == "organisation"]
        for row, cells in enumerate(grid.rows) if fields else ():
            if cells and (
                isinstance(cells[0], int | float)
                or (isinstance(cells[0], str) and cells[0].isdigit())
            ):
                continue  # a line with its ordinal, as most are
            if len(cells) - cells.count(None) < _MIN_GROUPS:
                continue
            texts = [
                (c, v)
                for c, v in enumerate(cells)
                if isinstance(v, str) and len(v) <= _MAX_NAME_LETTERS
            ]
            if len(texts) < _MIN_GROUPS:
                continue
            named = [c for c, text in texts if fold(text) in vocabulary.organisation_names]
            if len(named) >= _MIN_GROUPS:
                view = GridView(grid)
                if matrix := _matrix(view, row, named, fields[0], labels, vocabulary):
                    return matrix, view, labels
    return None


def _matrix(
    view: GridView,
    row: int,
    named: list[int],
    field: FormField,
    labels: SectionLabels,
    vocabulary: Vocabulary,
) -> _Matrix | None:
    """The matrix whose organisations stand on a row, each once, over labels of the section's
    fields."""
    codes = [vocabulary.choices.code(field, view.own_text(row, c)) for c in named]
    if len(set(codes)) < len(codes) or named[0] == 0:
        return None
    groups = tuple(_group(view, row, column) for column in named)
    for bottom in range(row + 1, min(row + 1 + _MAX_HEADER_ROWS, view.height)):
        texts = [view.own_text(bottom, c) for group in groups for c in group]
        if all(texts) and all(_labels_of(view, bottom, group, labels) for group in groups):
            return _Matrix(row, bottom, groups)
    return None


def _group(view: GridView, row: int, column: int) -> range:
    """The columns under an organisation: those that its cell spans, else up to the next text of its
    row."""
    if span := view.span(row, column):
        return range(column, span.right + 1)
    after = next((c for c in range(column + 1, view.width) if view.own_text(row, c)), view.width)
    while after - 1 > column and not view.own_text(row + 1, after - 1):
        after -= 1
    return range(column, after)


def _labels_of(view: GridView, row: int, group: range, labels: SectionLabels) -> list[str]:
    """The labels under an organisation, those that need a header above them with the one that all
    of them have.

    `Tổng số` beside `Đã sinh hoạt` counts branches, beside `Dự` members. None where one is no
    label.
    """
    texts = [view.own_text(row, c) for c in group]
    if all(labels.find(text) for text in texts):
        return texts
    for field in labels.section.fields:
        for above in field.group if field.type == "count" else ():
            keys = [labels.under(above, text) or labels.find(text) for text in texts]
            if None not in keys and len(set(keys)) == len(keys):
                return [labels.section.by_key[key].label for key in keys if key]
    return []


def _split_matrix(
    grid: Grid, matrix: _Matrix, view: GridView, labels: SectionLabels, vocabulary: Vocabulary
) -> Iterator[Grid]:
    """The grid without the matrix, and the lines of the matrix: a table for each organisation, one
    below another."""
    first = matrix.groups[0].start
    columns = {c for group in matrix.groups for c in group}
    lines = [
        r
        for r in range(matrix.bottom + 1, view.height)
        if any(view.own(r, c) not in (None, "") for c in columns)
    ]
    field = next(f for f in labels.section.fields if f.type == "organisation")
    yield replace(
        grid,
        rows=[
            _without_moved_cells(cells, row, matrix, lines, columns, first)
            for row, cells in enumerate(grid.rows)
        ],
    )
    for group in matrix.groups:
        yield _of_organisation(grid, matrix, group, lines, view, labels, field, vocabulary)


def _of_organisation(
    grid: Grid,
    matrix: _Matrix,
    group: range,
    lines: list[int],
    view: GridView,
    labels: SectionLabels,
    field: FormField,
    vocabulary: Vocabulary,
) -> DerivedGrid:
    """The lines of one organisation under a header of their own."""
    derived = DerivedGrid(grid.sheet, [], (), False, grid.source, base=grid)
    left, name = range(matrix.groups[0].start), (matrix.top, group.start)
    under = _labels_of(view, matrix.bottom, group, labels)
    _add_row(
        derived,
        [*(_head(view, matrix, c) for c in left), field.label, *under],
        [*((matrix.bottom, c) for c in left), name, *((matrix.bottom, c) for c in group)],
    )
    for row in lines:
        if any(view.own(row, c) not in (None, "") for c in group):
            organisation = (
                None if _is_total(view, row, left.stop, vocabulary) else view.own_text(*name)
            )
            _add_row(
                derived,
                [
                    *(view.own(row, c) for c in left),
                    organisation,
                    *(view.own(row, c) for c in group),
                ],
                [*((row, c) for c in left), name, *((row, c) for c in group)],
            )
    return derived


def _head(view: GridView, matrix: _Matrix, column: int) -> Value:
    """The header of a column left of the organisations, on whichever of the header's rows it
    stands."""
    texts = [view.own_text(row, column) for row in range(matrix.top, matrix.bottom + 1)]
    return next((text for text in texts if text), None)


def _is_total(view: GridView, row: int, first: int, vocabulary: Vocabulary) -> bool:
    return any(vocabulary.lines.is_total(raw_text(view.own(row, c))) for c in range(first))


def _add_row(derived: DerivedGrid, values: list[Value], places: list[tuple[int, int]]) -> None:
    derived.places.update(
        {(len(derived.rows), column): place for column, place in enumerate(places)}
    )
    derived.rows.append(values)


def _without_moved_cells(
    cells: list[Value], row: int, matrix: _Matrix, lines: list[int], columns: set[int], first: int
) -> list[Value]:
    """A row without the cells that were moved into lines."""
    if row not in lines and not matrix.top <= row <= matrix.bottom:
        return cells
    return [
        None if column in columns or column < first else value for column, value in enumerate(cells)
    ]
