"""Marks by their ink: a cross, a tick, a dash."""

from __future__ import annotations

import itertools

import numpy as np

from sources.readers.scans.engines import LineText
from sources.readers.scans.ink import ink_of
from sources.readers.scans.line_boxes import DUST, TextLine
from sources.readers.scans.numbers import SureText
from sources.readers.scans.pixels import Pixels

_CROSSES = frozenset("xX×хХ✗✘")
_TICKS = frozenset("✓✔√")
_LIKE_TICKS = frozenset("JjVvⅤ/")  # what the engine takes a tick for: a tick perhaps
_MIN_CONFIDENCE = 75
_MIN_CONFIDENCE_TICK = 35  # nothing else looks like a tick: measured on made scans
_MIN_CONFIDENCE_DIGIT = 70  # a digit that has a tick's shape is neither surely
_BANDS = 5  # of a tick's long arm, from the top


def mark_of(line: TextLine, read: LineText, grey: Pixels) -> SureText | None:
    """The mark that a line of a single piece of ink is, by the digit engine and by its shape; None
    for any other."""
    if len(line.letters) == 1 and len(read.text) <= 1 and _has_tick_shape(line, grey):
        is_digit = read.text.isdigit() and read.confidence >= _MIN_CONFIDENCE_DIGIT
        return SureText("✓", 50 if is_digit else 95, not is_digit)
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


def _has_tick_shape(line: TextLine, grey: Pixels) -> bool:
    """Whether the ink is a short stroke down from the left and a long one up to the right, and
    nothing else: no J (its arm stands upright), V, 1, 4 or slash."""
    ink = ink_of(line.letters[0].of(grey)) > 0
    height, width = ink.shape
    if not 0.6 <= width / height <= 1.6 or min(ink.shape) < 2 * _BANDS:
        return False
    upper_left = ink[: int(0.35 * height), : int(0.45 * width)]
    lower_right = ink[int(0.6 * height) :, int(0.75 * width) :]
    if upper_left.any() or lower_right.any():
        return False
    lowest = np.flatnonzero(ink[-2:].any(axis=0)).mean() / width
    start = np.flatnonzero(ink[:, :2].any(axis=1)).mean() / height
    if not (0.12 <= lowest <= 0.55 and 0.4 <= start <= 0.85):
        return False
    bands = np.array_split(ink[: int(0.7 * height)], _BANDS)
    if not all(band.any() for band in bands):
        return False
    arm = [np.nonzero(band)[1].mean() for band in bands]
    return all(a - b > 0.04 * width for a, b in itertools.pairwise(arm))
