"""Marks by their ink: a cross, a tick, a dash."""

from __future__ import annotations

from sources.readers.scans.engines import LineText
from sources.readers.scans.line_boxes import DUST, TextLine
from sources.readers.scans.numbers import SureText

_CROSSES = frozenset("xX×хХ✗✘")
_TICKS = frozenset("✓✔√")
_LIKE_TICKS = frozenset("JjVvⅤ/⁄")  # what the engine takes a tick for: a tick perhaps
_MIN_CONFIDENCE = 75
_MIN_CONFIDENCE_TICK = 35  # nothing else looks like a tick: measured on made scans


def mark_of(line: TextLine, read: LineText) -> SureText | None:
    """The mark that a line of a single piece of ink is, by the digit engine and by its shape; None
    for any other."""
    found = [box for box in (*line.letters, *line.small) if box.width * box.height > DUST]
    if len(found) == 1 and _is_dash(line):
        return SureText("-", 95, True)
    if len(found) > 2 or len(read.text) != 1:
        return None
    if read.text in _CROSSES:
        squarish = 0.55 <= line.box.width / line.box.height <= 1.8
        return SureText("x", read.confidence, squarish and read.confidence >= _MIN_CONFIDENCE)
    if read.text in _TICKS:
        return SureText("✓", read.confidence, read.confidence >= _MIN_CONFIDENCE_TICK)
    if read.text in _LIKE_TICKS:
        return SureText("✓", min(read.confidence, 50), False)
    return None


def _is_dash(line: TextLine) -> bool:
    return line.box.height <= 12 and line.box.width >= 2 * line.box.height and line.box.width <= 80
