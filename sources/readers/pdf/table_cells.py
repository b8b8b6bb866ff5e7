"""What stands in the cells of a ruled table: each letter belongs to the cell that its middle lies
in, a text that runs over a rule to the cell that it begins or ends in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from statistics import quantiles

from sources.grids import Span
from sources.readers.pdf.content import Font, Glyph
from sources.readers.pdf.lines import TextLine, is_overlapping, lines_of
from sources.readers.pdf.ruled import RuledTable
from sources.readers.pdf.wrapping import joined_runs
from sources.readers.refusals import overflowing_text, table_without_rules
from sources.readers.text_effects import Run

_PADDING = 8.5  # points between a rule and the text beside it, at most
_NO_PADDING = -1.5
_CENTRED = 2.5
_X_HEIGHT, _THROUGH = 0.45, 0.1  # of the letters' size
# Numbers one below the other in so many cells of a row: the rules between rows are missing
_LOOSE_LINES = ((3, 2), (2, 3))  # lines, cells


@dataclass(slots=True)
class CellText:
    """What is written in a cell: its lines, in groups that are turned alike, each with the room for
    a line."""

    groups: list[tuple[float, list[TextLine]]] = field(default_factory=list)

    def runs(self) -> list[Run]:
        """The lines' text, joined as it belongs together."""
        runs: list[Run] = []
        for width, lines in self.groups:
            runs += [Run("\n", "\n")] * bool(runs) + joined_runs(lines, width)
        return runs

    @property
    def raw(self) -> str:
        """What is written, whether or not it is seen."""
        return "".join(run.raw for run in self.runs()).strip()

    @property
    def is_filled(self) -> bool:
        """Whether anything is written."""
        return bool(self.groups)


@dataclass(slots=True)
class TableCells:
    """A table with the texts of its cells, by their ranges."""

    table: RuledTable
    texts: dict[Span, CellText] = field(default_factory=dict)


def read_cells(table: RuledTable, glyphs: list[Glyph], fonts: list[Font]) -> TableCells:
    """The cells' texts. Raises RefusedFile where a text lies over several cells and may belong to
    any of them, or rules between rows are missing."""
    by_cell: dict[Span, list[Glyph]] = defaultdict(list)
    for drawn in _texts(glyphs):
        cell = _cell_of(drawn, table)
        if cell is not None:
            _check_height(drawn, cell, table)
            by_cell[cell] += drawn
    lines = {cell: _lines(found, fonts) for cell, found in by_cell.items()}
    if any(is_overlapping(x) for groups in lines.values() for _, group in groups for x in group):
        raise overflowing_text(table.page)
    _check_rules_between_rows(table, lines)
    padding = _padding(table, lines)
    found = TableCells(table)
    for cell, groups in lines.items():
        box = table.cell_box(cell)
        text = CellText()
        for turn, group in groups:
            side = box.bottom - box.top if turn % 2 else box.right - box.left
            text.groups.append((side - 2 * padding, group))
        if text.groups:
            found.texts[cell] = text
    return found


def _texts(glyphs: list[Glyph]) -> Iterator[list[Glyph]]:
    """Letters drawn together and next to each other: what a program wrote as one text of a line."""
    text: list[Glyph] = []
    for glyph in sorted(glyphs, key=attrgetter("order", "base", "x0")):
        if text and not _goes_on(text[-1], glyph):
            yield text
            text = []
        text.append(glyph)
    if text:
        yield text


def _goes_on(last: Glyph, glyph: Glyph) -> bool:
    if abs(glyph.base - last.base) > 0.5 * glyph.size or glyph.turn != last.turn:
        return False
    free = (glyph.x0 - last.x1) / max(glyph.size, 1)
    if glyph.order == last.order:
        return -1 < free < 0.6
    return -0.3 < free < (0.3 if last.is_space else 0.08)


def _cell_of(text: list[Glyph], table: RuledTable) -> Span | None:
    """The cell that a text belongs to."""
    seen = [glyph for glyph in text if not glyph.is_space]
    if not seen:
        return table.place(text[0].across, text[0].down)
    cells = {table.place(glyph.across, glyph.down) for glyph in seen}
    if len(cells) == 1:
        return cells.pop()
    if text[0].turn != 0:
        raise overflowing_text(table.page)
    first = table.place(seen[0].across, seen[0].down)
    last = table.place(seen[-1].across, seen[-1].down)
    starts = first and (_NO_PADDING <= seen[0].x0 - table.cell_box(first).left <= _PADDING)
    ends = last and _NO_PADDING <= table.cell_box(last).right - seen[-1].x1 <= _PADDING
    if bool(starts) != bool(ends):
        return first if starts else last
    middle = (seen[0].x0 + seen[-1].x1) / 2
    cell = table.place(middle, seen[0].down)
    if cell is not None and not starts:
        box = table.cell_box(cell)
        if abs((box.left + box.right) / 2 - middle) <= _CENTRED:
            return cell
    raise overflowing_text(table.page)


def _check_height(text: list[Glyph], cell: Span, table: RuledTable) -> None:
    """Raises RefusedFile where a rule goes through a text, as where its row is too low for it."""
    box = table.cell_box(cell)
    seen = [g for g in text if g.turn == 0 and g.effect != "hidden" and g.text.isalnum()]
    if any(
        glyph.base > box.bottom + _THROUGH * glyph.size
        or glyph.base - _X_HEIGHT * glyph.size < box.top - _THROUGH * glyph.size
        for glyph in seen
    ):
        raise overflowing_text(table.page)


def _lines(glyphs: list[Glyph], fonts: list[Font]) -> list[tuple[int, list[TextLine]]]:
    """The lines of a cell's letters, by how they are turned."""
    by_turn: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        by_turn[glyph.turn].append(glyph)
    grouped = [(turn, lines_of(found, fonts)) for turn, found in sorted(by_turn.items())]
    written = ((turn, [line for line in lines if line.text.strip()]) for turn, lines in grouped)
    return [(turn, lines) for turn, lines in written if lines]


def _padding(table: RuledTable, lines: dict[Span, list[tuple[int, list[TextLine]]]]) -> float:
    """How far texts keep from the rules at their left, of most cells whose text is left-aligned."""
    gaps = [
        line.left - table.cell_box(cell).left
        for cell, groups in lines.items()
        for turn, group in groups
        if turn == 0
        for line in group
    ]
    near = [gap for gap in gaps if 0 <= gap <= _PADDING]
    if not near:
        return 5.4  # Word's own
    return quantiles(near, n=10)[0] if len(near) > 1 else near[0]


def _check_rules_between_rows(
    table: RuledTable, lines: dict[Span, list[tuple[int, list[TextLine]]]]
) -> None:
    """Raises RefusedFile where several cells of a row hold columns of numbers, also below a header:
    the rows were not ruled."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for cell, groups in lines.items():
        texts = [line.text.strip() for _, group in groups for line in group]
        numbers[cell.top].append(sum(text.isdigit() for text in texts))
    for counts in numbers.values():
        if any(sum(n >= most for n in counts) >= cells for most, cells in _LOOSE_LINES):
            raise table_without_rules(table.page)
