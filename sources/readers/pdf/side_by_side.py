"""Lines that stand side by side without a rule between: a letterhead's or a signature's two halves,
as Word holds them in a table without borders; else a table that nobody ruled."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sources.readers.pdf.lines import TextLine
from sources.text import fold

_APART = 1.6  # of the letters' size: what is so far from the text before it stands beside it
_GUTTER = 6.0  # points that stay free between two halves
_AXIS, _EDGE, _CENTRED = 9.0, 2.5, 5.0
_MAX_LINE_GAP = 4.0  # of the letters' size, between lines of one half: room for a signature

_NUMBER = re.compile(r"^\s*Số\s*[:.]?\s*\d", re.IGNORECASE)
_TITLE = re.compile(r"^(?:bao cao|to trinh|bieu|phu luc|cong van|thong bao)\b")  # folded


@dataclass(slots=True)
class Halves:
    """The left and the right of a letterhead or signature."""

    left: list[TextLine]
    right: list[TextLine]

    @property
    def top(self) -> float:
        """Where it begins."""
        return min(line.base - line.size for line in (*self.left, *self.right))

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return max(line.base for line in (*self.left, *self.right))


@dataclass(slots=True)
class Row:
    """A line of the page in the parts that stand apart from each other."""

    parts: list[TextLine]

    @property
    def base(self) -> float:
        """Its baseline."""
        return self.parts[0].base


def row_of(line: TextLine) -> Row:
    """The line's parts."""
    parts = [[line.glyphs[0]]]
    free_from = line.glyphs[0].x1
    for glyph in line.glyphs[1:]:
        if not glyph.is_space and glyph.x0 - free_from > _APART * glyph.size:
            parts.append([])
        parts[-1].append(glyph)
        if not glyph.is_space:
            free_from = glyph.x1
    return Row([TextLine(part, line.fonts) for part in parts])


def halves_from(rows: list[Row], first: int, middle: float) -> tuple[Halves, int] | None:
    """The halves that begin at a row of two parts, and the row after them; None where there are
    none. What is centred on the page's middle is in neither half."""
    if len(rows[first].parts) != 2:
        return None
    left, right = [rows[first].parts[0]], [rows[first].parts[1]]
    end = first + 1
    while end < len(rows):
        last = max(left[-1].base, right[-1].base)
        row = rows[end]
        if len(row.parts) == 1 and (
            _is_title(row.parts[0], left, right, middle) or _ends_letterhead(left, row.parts[0])
        ):
            break
        if row.base - last > _MAX_LINE_GAP * row.parts[0].size:
            break
        is_pair = len(row.parts) == 2
        sides = [_side(part, left, right, is_pair) for part in row.parts]
        if sides not in ([0], [1], [0, 1]):
            break
        for side, part in zip(sides, row.parts, strict=True):
            (left, right)[side or 0].append(part)
        end += 1
    return Halves(left, right), end


def _side(part: TextLine, left: list[TextLine], right: list[TextLine], is_pair: bool) -> int | None:
    """0 or 1: the half that a part goes on; None where it may belong to neither."""
    if part.right < min(line.left for line in right) - _GUTTER and (
        is_pair or _is_aligned(part, left)
    ):
        return 0
    if part.left > max(line.right for line in left) + _GUTTER and (
        is_pair or _is_aligned(part, right)
    ):
        return 1
    return None


def _ends_letterhead(left: list[TextLine], part: TextLine) -> bool:
    """Whether a line stands below a letterhead: its left half ends with the paper's number."""
    return _TITLE.match(fold(part.shown)) is not None or (
        _NUMBER.match(left[-1].shown) is not None and part.left < left[-1].right
    )


def _is_title(part: TextLine, left: list[TextLine], right: list[TextLine], middle: float) -> bool:
    own = (part.left + part.right) / 2
    axes = [(line.left + line.right) / 2 for line in (*left, *right)]
    return abs(own - middle) < _CENTRED < min(abs(own - axis) for axis in axes)


def _is_aligned(part: TextLine, half: list[TextLine]) -> bool:
    middle = (part.left + part.right) / 2
    return any(
        abs(middle - (line.left + line.right) / 2) <= _AXIS or abs(part.left - line.left) <= _EDGE
        for line in half
    )
