"""Marks by their ink: a cross, a tick, a dash."""

from __future__ import annotations

from sources.readers.scans.engines import LineText
from sources.readers.scans.line_boxes import TextLine
from sources.readers.scans.numbers import SureText
from sources.readers.scans.pixels import Pixels

_CROSSES = frozenset("xX×хХ✗✘")
_TICKS = frozenset("✓✔√")
_MIN_CONFIDENCE = 75


def mark_of(line: TextLine, read: LineText, grey: Pixels) -> SureText | None:
    """The mark that a line of a single piece of ink is, by the digit engine and by its shape; None
    for any other."""
    found = [*line.letters, *line.small]
    if len(found) == 1 and _is_dash(line):
        return SureText("-", 95, True)
    if len(found) > 2 or len(read.text) != 1:
        return None
    if read.text in _CROSSES:
        squarish = 0.55 <= line.box.width / line.box.height <= 1.8
        return SureText("x", read.confidence, squarish and read.confidence >= _MIN_CONFIDENCE)
    if read.text in _TICKS:
        return SureText("✓", read.confidence, read.confidence >= _MIN_CONFIDENCE)
    return None


def _is_dash(line: TextLine) -> bool:
    return line.box.height <= 12 and line.box.width >= 2 * line.box.height and line.box.width <= 80
