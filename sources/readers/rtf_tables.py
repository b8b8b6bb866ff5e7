"""The tables of an rtf: each row says by itself where its cells end, and the grid's columns are all
such places of the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from sources.readers.ink import WHITE, Ground
from sources.readers.refusals import broken
from sources.readers.running_text import MAX_COLUMNS, TextCell, TextParagraph, TextTable
from sources.readers.word_text import Text

MAX_LEVELS = 20  # tables within tables
_NEAR = 40  # twentieths of a point: edges as near as this are one
_SEEN_HEIGHT = 40  # a row of exactly less shows no text


@dataclass(slots=True)
class CellEnd:
    """Where a cell ends, and whether it begins or continues a merged one."""

    right: int
    across: str = ""  # first, or merged into the one before
    down: str = ""
    ground: Ground = None


@dataclass(slots=True)
class RowDefinition:
    """What `\\trowd` and the words after it say of a row."""

    left: int = 0
    height: int = 0
    ends: list[CellEnd] = field(default_factory=list)
    across: str = ""
    down: str = ""
    ground: Ground = None

    def end_cell(self, right: int) -> None:
        """One more cell. Raises RefusedFile past what any table has."""
        if len(self.ends) >= MAX_COLUMNS:
            raise broken()
        self.ends.append(CellEnd(right, self.across, self.down, self.ground))
        self.across = self.down = ""
        self.ground = None


class _OpenTable:
    def __init__(self) -> None:
        self.rows: list[tuple[list[TextCell], RowDefinition]] = []
        self.row: list[TextCell] = []
        self.cell = TextCell()

    def end_cell(self) -> None:
        self.row.append(self.cell)
        self.cell = TextCell()

    def end_row(self, definition: RowDefinition) -> None:
        if any(text.runs for text in self.cell.paragraphs) or self.cell.nested:
            self.end_cell()  # text after the last cell's end: nothing of it may be lost
        self.cell = TextCell()
        if self.row:
            self.rows.append((self.row, definition))
        self.row = []


class Flow:
    """What is gathered of a body, a header, a text box or a comment, paragraph by paragraph."""

    def __init__(self, is_comment: bool = False, ground: Ground = WHITE) -> None:
        self.items: list[TextParagraph | TextTable] = []
        self.text = Text()
        self.boxed: list[TextTable] = []  # of the text boxes in the paragraph
        self.is_comment, self.in_row = is_comment, False
        self.ground = ground  # of all that no cell fills
        self._rows: dict[int, RowDefinition] = {}
        self._open: list[_OpenTable] = []

    def begin_row(self, level: int) -> None:
        """A row's definition begins; those of the body's own tables say that a row is open."""
        self._rows[level] = RowDefinition()
        self.in_row = self.in_row or level == 1

    def row(self, level: int) -> RowDefinition:
        """The definition that rows of that level follow."""
        return self._rows.setdefault(level, RowDefinition())

    def ground_at(self, level: int) -> Ground:
        """What the cell that is being gathered at that level is filled with, as far as its row has
        been defined before it."""
        number = len(self._open[level - 1].row) if 0 < level <= len(self._open) else 0
        ends = self._rows[level].ends if level in self._rows else ()
        ground = ends[number].ground if number < len(ends) else None
        return self.ground if ground is None else ground

    def end_paragraph(self, level: int, heading: bool) -> None:
        """The paragraph ends, of the body (level 0) or of a table's cell."""
        self._set_level(level)
        if level == 0:
            self.items += [TextParagraph(self.text, heading), *self.boxed]
        else:
            cell = self._open[-1].cell
            cell.paragraphs.append(self.text)
            cell.nested += self.boxed
        self.text, self.boxed = Text(), []

    def end_cell(self, level: int) -> None:
        """The paragraph and its cell end."""
        self.end_paragraph(level, False)
        self._open[-1].end_cell()

    def end_row(self, level: int) -> None:
        """A row ends, whose cells have ended."""
        if self.text.runs or self.boxed:
            self.end_paragraph(level, False)
        self._set_level(level)
        self._open[-1].end_row(self.row(level))
        self.in_row = self.in_row and level != 1

    def end(self) -> None:
        """All that is still open ends."""
        if self.text.runs or self.boxed:
            self.end_paragraph(len(self._open), False)
        self._set_level(0)

    def put_box(self, box: Flow) -> None:
        """What a text box in the paragraph holds, after the paragraph's own text."""
        for item in box.items:
            if isinstance(item, TextTable):
                self.boxed.append(item)
            else:
                self.text.add("\n", "\n", True)
                for run in item.text.runs:
                    self.text.add_run(run, item.text.bold)

    def said(self) -> list[str]:
        """The lines of a comment."""
        texts = [item.text for item in self.items if isinstance(item, TextParagraph)]
        shown = "\n".join(text.seen_text().shown for text in texts).strip()
        return [shown] if shown else []

    def _set_level(self, level: int) -> None:
        while len(self._open) < level:
            self._open.append(_OpenTable())
        while len(self._open) > level:
            closed = self._open.pop()
            closed.end_row(self.row(len(self._open) + 1))
            if closed.rows:
                table = _table(closed.rows)
                if self._open:
                    self._open[-1].cell.nested.append(table)
                else:
                    self.items.append(table)


def _table(rows: list[tuple[list[TextCell], RowDefinition]]) -> TextTable:
    columns = _columns([definition for _, definition in rows], _NEAR) or _columns(
        [definition for _, definition in rows], 0
    )
    if any(len(cells) > len(definition.ends) for cells, definition in rows):
        columns = None
    table = TextTable()
    open_spans: dict[int, TextCell] = {}
    for number, (cells, definition) in enumerate(rows):
        if -_SEEN_HEIGHT < definition.height < 0:  # exactly, where it is below zero
            table.hidden_rows.add(number)
        table.rows.append(_placed(cells, definition, columns, open_spans))
    return table


def _columns(definitions: list[RowDefinition], near: int) -> dict[int, int] | None:
    """By each edge the number of its column; None where the edges do not grow, or would be one."""
    edges = sorted({e for d in definitions for e in (d.left, *(end.right for end in d.ends))})
    columns: dict[int, int] = {}
    start, number = None, -1
    for edge in edges:
        if start is None or edge - start > near:
            start, number = edge, number + 1
        columns[edge] = number
    for definition in definitions:
        places = [columns[e] for e in (definition.left, *(end.right for end in definition.ends))]
        if any(a >= b for a, b in pairwise(places)):
            return None
    return columns if number <= MAX_COLUMNS else None


def _placed(
    cells: list[TextCell],
    definition: RowDefinition,
    columns: dict[int, int] | None,
    open_spans: dict[int, TextCell],
) -> list[TextCell]:
    """The row's cells at their columns; those that continue a merged one are part of it."""
    placed: list[TextCell] = []
    for cell, down in _merged_across(cells, definition, columns):
        above = open_spans.get(cell.left)
        if down == "merged" and above is not None and above.columns == cell.columns:
            above.rows += 1
            placed.append(TextCell(cell.left + cell.columns - 1))  # a place without a value
            continue
        open_spans.pop(cell.left, None)
        if down:
            open_spans[cell.left] = cell
        placed.append(cell)
    return placed


def _merged_across(
    cells: list[TextCell], definition: RowDefinition, columns: dict[int, int] | None
) -> list[tuple[TextCell, str]]:
    """The row's cells, each with its mark of merging down; those merged into one before are part of
    it."""
    found: list[tuple[TextCell, str]] = []
    for number, cell in enumerate(cells):
        end = definition.ends[number] if number < len(definition.ends) else CellEnd(0)
        cell.left = number
        if columns is not None:
            before = definition.ends[number - 1].right if number else definition.left
            cell.left, cell.columns = columns[before], columns[end.right] - columns[before]
        if end.across == "merged" and found:
            first = found[-1][0]
            first.columns += cell.columns
            first.paragraphs += [text for text in cell.paragraphs if text.runs]
            first.nested += cell.nested
        else:
            found.append((cell, end.down))
    return found
