"""Documents of running text (rtf, odt, html): what their readers gather, made into numbered
paragraphs and grids called "Bảng N", as a Word file's."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sources.campaigns import Limits
from sources.grids import Document, FileKind, Grid, Paragraph, Span, Value
from sources.readers.cell_corrections import MAX_PLACES
from sources.readers.hidden import conceal
from sources.readers.refusals import broken, too_much
from sources.readers.text_effects import Run, seen_text
from sources.readers.word_text import Text

MAX_COLUMNS = 1024  # Word itself allows 63
IN_HEADER = "Đầu trang › "


@dataclass(slots=True)
class TextParagraph:
    """A paragraph as it was gathered, an empty one too: the numbers count them."""

    text: Text
    heading: bool = False


@dataclass(slots=True)
class TextCell:
    """A cell as it was gathered.

    left          its first column, from zero
    value         what the file keeps behind the shown text, where a person means that by it
    """

    left: int = 0
    columns: int = 1
    rows: int = 1
    paragraphs: list[Text] = field(default_factory=list)
    nested: list[TextTable] = field(default_factory=list)
    value: Value = None


@dataclass(slots=True)
class TextTable:
    """A table as it was gathered: of each row the cells that begin in it."""

    rows: list[list[TextCell]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


Items = Iterable[TextParagraph | TextTable]


def document_of(
    kind: FileKind, headers: Items, body: Items, limits: Limits, macros: bool = False
) -> Document:
    """The document of a body, what stands in the page headers before it. Raises RefusedFile where a
    table is too large."""
    blocks = itertools.chain(in_header(blocks_of(headers)), blocks_of(body))
    return document_of_blocks(kind, blocks, limits, macros)


def document_of_blocks(
    kind: FileKind, blocks: Iterable[Grid | Paragraph], limits: Limits, macros: bool = False
) -> Document:
    """The document of these blocks; paragraphs without any text that is seen are its `unseen`. Raises
    RefusedFile where the tables are too large."""
    document = Document(kind, macros=macros)
    cells = 0
    for block in blocks:
        if isinstance(block, Grid):
            cells += sum(map(len, block.rows))
            if len(block.rows) > limits.rows or cells > limits.cells:
                raise too_much(limits)
        if isinstance(block, Grid) or block.text:
            document.blocks.append(block)
        else:
            document.unseen.append(block)
    return document


def blocks_of(items: Items) -> Iterator[Grid | Paragraph]:
    """The paragraphs with any text and the tables with any, numbered as they stand."""
    numbers, tables = itertools.count(1), itertools.count(1)
    for item in items:
        if isinstance(item, TextTable):
            yield from _grids(item, tables)
            continue
        number = next(numbers)
        shown, _, left_out = item.text.seen_text()
        if shown.strip() or left_out:
            is_heading = bool(shown.strip()) and (item.heading or item.text.bold)
            yield Paragraph(
                number,
                shown if shown.strip() else "",
                is_heading,
                left_out=left_out,
                comment="\n".join(item.text.comments),
            )


def in_header(blocks: Iterable[Grid | Paragraph]) -> Iterator[Grid | Paragraph]:
    """The blocks of a page header, which lineage says of their places."""
    for block in blocks:
        if isinstance(block, Grid):
            block.sheet = f"{IN_HEADER}{block.sheet}"
        else:
            block.part = IN_HEADER
        yield block


def _grids(table: TextTable, tables: Iterator[int]) -> Iterator[Grid]:
    """The table's grid, then those of the tables within it."""
    waiting = [table]
    while waiting:
        table = waiting.pop()
        grid = Grid(sheet=f"Bảng {next(tables)}", rows=[], source="table")
        spans: list[Span] = []
        places = 0
        for number, cells in enumerate(table.rows):
            width = max((cell.left + cell.columns for cell in cells), default=0)
            places += width
            if width > MAX_COLUMNS or places > MAX_PLACES:
                raise broken()
            values: list[Value] = [None] * width
            for cell in cells:
                bottom = min(number + cell.rows, len(table.rows)) - 1
                if bottom > number or cell.columns > 1:
                    spans.append(Span(number, cell.left, bottom, cell.left + cell.columns - 1))
                values[cell.left] = _value(cell, grid, number)
            grid.rows.append(values)
        grid.merged = tuple(spans)
        if any(value is not None for row in grid.rows for value in row) or grid.left_out:
            conceal(grid, table.hidden_rows, table.hidden_columns)
            yield grid
        nested = [inner for cells in table.rows for cell in cells for inner in cell.nested]
        waiting += reversed(nested)


def _value(cell: TextCell, grid: Grid, row: int) -> Value:
    """The cell's value as it is seen; what is not seen of it, and comments on it, go into the
    grid."""
    runs: list[Run] = []
    comments: list[str] = []
    for text in cell.paragraphs:
        runs += [Run("\n", "\n")] * bool(runs) + text.runs
        comments += text.comments
    shown, raw, left_out = seen_text(runs)
    shown, raw = shown.strip("\n"), raw.strip("\n")
    place = row, cell.left
    if left_out:
        grid.left_out[place] = left_out
    if comments:
        grid.comments[place] = "\n".join(comments)
    if cell.value is not None and left_out is None:
        if str(cell.value) != shown:
            grid.raw[place] = shown
        return cell.value
    if shown != raw:
        grid.raw[place] = raw
    return shown if shown.strip() else None
