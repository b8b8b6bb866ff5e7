"""Where lines of text stand in a cell or on a page: pieces of ink to lines, accents to the letters
below or above them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sources.readers.scans.pixels import Box, Pixels

_LETTER_HEIGHTS = (10, 110)  # pixels at 300 dpi: 4 to 30 points
DUST = 40  # square pixels: a full stop of small print, or less
_MOST = 6  # times a letter's height: taller is the sheet's edge or a drawing, no letter
_WORD_GAP = 2.2  # letters' heights: a wider gap parts two columns


@dataclass(slots=True)
class TextLine:
    """A line's box and the boxes of its pieces of ink, letters and what is too small for one."""

    box: Box
    letters: list[Box]
    small: list[Box] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """The height of its middle on the page."""
        return (self.box.top + self.box.bottom) / 2


def letter_height(found: list[Box]) -> float:
    """The usual height of a small letter, 0 where nothing is a letter."""
    heights = [
        box.height for box in found if _LETTER_HEIGHTS[0] <= box.height <= _LETTER_HEIGHTS[1]
    ]
    return float(np.median(heights)) if heights else 0.0


def lines_in_cell(found: list[Box]) -> list[TextLine]:
    """The lines of a cell from the top, each over its whole width."""
    return _lines(found, joins_columns=True)


def segments_on_page(found: list[Box]) -> list[TextLine]:
    """The lines of a page, those of columns that stand side by side apart, in order of their
    middles."""
    return _lines(found, joins_columns=False)


def _lines(found: list[Box], joins_columns: bool) -> list[TextLine]:
    usual = letter_height(found)
    if not usual or not any(0.62 * usual <= b.height <= _MOST * usual for b in found):
        return [TextLine(around(found), [], list(found))] if found else []
    least = 0.62 * usual
    letters = [box for box in found if least <= box.height <= _MOST * usual]
    small = [box for box in found if box.height < least]
    lines = [TextLine(around(line), line) for line in _rows(letters, usual)]
    if not joins_columns:
        lines = [piece for line in lines for piece in _columns(line, usual)]
    lines.sort(key=lambda line: (line.middle, line.box.left))
    cores = [line.box for line in lines]
    for box in small:
        nearest = min(range(len(lines)), key=lambda n: _distance(box, cores[n]))
        if _distance(box, cores[nearest]) > 1.5 * usual:
            continue
        lines[nearest].small.append(box)
        lines[nearest].box = lines[nearest].box.around(box)
    return lines


def _rows(letters: list[Box], usual: float) -> list[list[Box]]:
    """Letters whose heights overlap by more than a little stand in one row, wherever they are."""
    rows: list[list[Box]] = []
    spans: list[tuple[float, float]] = []
    for box in sorted(letters, key=lambda b: (b.left, b.top)):
        best, overlap = -1, 0.0
        for n, (top, bottom) in enumerate(spans):
            shared = min(bottom, box.bottom) - max(top, box.top)
            if shared > overlap:
                best, overlap = n, shared
        if best < 0 or overlap < 0.45 * min(box.height, usual):
            rows.append([box])
            spans.append((box.top, box.bottom))
            continue
        rows[best].append(box)
        recent = rows[best][-12:]
        spans[best] = (
            float(np.median([b.top for b in recent])),
            float(np.median([b.bottom for b in recent])),
        )
    return rows


def _columns(line: TextLine, usual: float) -> list[TextLine]:
    parts: list[list[Box]] = []
    right = 0
    for box in sorted(line.letters, key=lambda b: b.left):
        if parts and box.left - right <= _WORD_GAP * max(usual, 20):
            parts[-1].append(box)
        else:
            parts.append([box])
        right = max(right, box.right) if len(parts[-1]) > 1 or len(parts) > 1 else box.right
    return [TextLine(around(part), part) for part in parts]


def _distance(box: Box, line: Box) -> float:
    down = max(line.top - box.bottom, box.top - line.bottom, 0)
    across = max(line.left - box.right, box.left - line.right, 0)
    return down + across / 3


def around(found: list[Box]) -> Box:
    """The smallest box that holds all of these."""
    whole = found[0]
    for box in found[1:]:
        whole = whole.around(box)
    return whole


def crop_of(line: TextLine, grey: Pixels, margin: int = 6) -> Pixels:
    """The line's picture with a little paper around it."""
    return line.box.grown(margin, margin, grey).of(grey)
