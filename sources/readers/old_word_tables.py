"""The paragraphs and tables of an old Word file (.doc) as Word XML.

A .doc has no tables: its paragraphs say how deep in tables they stand, and marks end cells and
rows. The end of a row says where its cells begin and end, to a twentieth of a point, and each row
for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from doc2docx.model import TableCellDefinition, TableRowProperties
from lxml import etree

from sources.readers.old_word_runs import RunWriter, add_ground
from sources.readers.old_word_text import OldParagraph
from sources.readers.refusals import broken

_CELL_END = "\x07"
_MAX_TABLE_DEPTH = 20
_SAME_EDGE = 100  # twentieths of a point, 1.8 mm: edges of cells that are seen as one line

Blocks = list[etree._Element]


@dataclass(slots=True)
class _Row:
    cells: list[Blocks]
    properties: TableRowProperties

    @property
    def edges(self) -> tuple[int, ...]:
        """Where its cells begin and end, as far as it has cells."""
        return tuple(self.properties.cell_boundaries_twips[: len(self.cells) + 1])


@dataclass(slots=True)
class _Table:
    """A table that is being gathered: its rows, and of the row that is not at its end the cells."""

    rows: list[_Row] = field(default_factory=list)
    cells: list[Blocks] = field(default_factory=list)
    content: Blocks = field(default_factory=list)


def story(tag: str, paragraphs: Iterable[OldParagraph], writer: RunWriter) -> etree._Element:
    """An element of that name with the story's paragraphs and tables. Raises RefusedFile."""
    element = etree.Element(tag)
    open_tables: list[_Table] = []
    for paragraph in paragraphs:
        depth = paragraph.properties.effective_table_depth
        if depth > _MAX_TABLE_DEPTH:
            raise broken()
        _close(open_tables, depth, element)
        while len(open_tables) < depth:
            open_tables.append(_Table())
        if not depth:
            element.append(writer.paragraph(paragraph))
        else:
            _gather(open_tables[-1], paragraph, writer.paragraph(paragraph), depth)
    _close(open_tables, 0, element)
    writer.finish()
    return element


def _gather(table: _Table, paragraph: OldParagraph, element: etree._Element, depth: int) -> None:
    about, mark = paragraph.properties, paragraph.mark
    ends_row = about.inner_table_row if depth > 1 else about.table_terminating
    if ends_row:
        if element.find("r") is not None or table.content or not table.cells:
            raise broken()
        table.rows.append(_Row(table.cells, about.table_row or TableRowProperties()))
        table.cells = []
        return
    table.content.append(element)
    if about.inner_table_cell if depth > 1 else mark == _CELL_END:
        table.cells.append(table.content)
        table.content = []


def _close(open_tables: list[_Table], depth: int, element: etree._Element) -> None:
    """Puts the tables that are deeper into the cell, or else the story, that they stand in."""
    while len(open_tables) > depth:
        table = open_tables.pop()
        if table.cells or table.content or not table.rows:
            raise broken()
        target = open_tables[-1].content if open_tables else element
        target.append(_table(table.rows))


def _table(rows: list[_Row]) -> etree._Element:
    element = etree.Element("tbl")
    columns = _columns({row.edges for row in rows})
    for row in rows:
        written = etree.SubElement(element, "tr")
        properties = etree.SubElement(written, "trPr")
        about, edges = row.properties, row.edges
        if about.height_twips is not None:
            height = etree.SubElement(properties, "trHeight", hRule=about.height_rule or "auto")
            height.set("val", str(abs(about.height_twips)))
        if len(edges) != len(row.cells) + 1:
            if edges or (len(rows) > 1 and columns):
                raise broken()
            edges = tuple(range(len(row.cells) + 1))
            columns = {edge: edge for edge in edges} | columns
        _value(properties, "gridBefore", str(columns[edges[0]]))
        _add_cells(written, row, [columns[edge] for edge in edges])
    return element


def _add_cells(parent: etree._Element, row: _Row, columns: list[int]) -> None:
    definitions = row.properties.cell_definitions
    span: etree._Element | None = None
    is_merging = False
    for number, (left, right) in enumerate(pairwise(columns)):
        about = definitions[number] if number < len(definitions) else TableCellDefinition()
        if right == left:
            if any(block.find(".//t") is not None for block in row.cells[number]):
                raise broken()
            continue
        if about.horizontal_merge == "continue" and is_merging and span is not None:
            span.set("val", str(int(span.get("val", "1")) + right - left))
            continue
        is_merging = about.horizontal_merge is not None
        cell = etree.SubElement(parent, "tc")
        properties = etree.SubElement(cell, "tcPr")
        span = _value(properties, "gridSpan", str(right - left))
        if about.vertical_merge:
            _value(properties, "vMerge", about.vertical_merge)
        if number < len(row.properties.cell_shadings):
            add_ground(properties, row.properties.cell_shadings[number])
        cell.extend(row.cells[number])


def _value(parent: etree._Element, name: str, value: str) -> etree._Element:
    element = etree.SubElement(parent, name)
    element.set("val", value)
    return element


def _columns(shapes: set[tuple[int, ...]]) -> dict[int, int]:
    """The number of the column that begins at an edge, of all edges of a table's rows.

    Edges of different rows that nearly meet are one; those of one row never are, but for a cell
    without any width.
    """
    shapes_at: dict[int, set[int]] = {}
    for number, shape in enumerate(shapes):
        for edge in shape:
            shapes_at.setdefault(edge, set()).add(number)
    found: dict[int, int] = {}
    first, taken = 0, set[int]()
    column = -1
    for edge in sorted(shapes_at):
        if column < 0 or edge - first > _SAME_EDGE or taken & shapes_at[edge]:
            first, taken, column = edge, set(), column + 1
        taken |= shapes_at[edge]
        found[edge] = column
    return found
