"""Numbers read twice: by the digit engine each alone, by Tesseract many in a row, since it reads a
single digit badly; which of them are sure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sources.readers.scans.engines import Engines, LineText
from sources.readers.scans.line_boxes import TextLine, crop_of
from sources.readers.scans.pixels import Pixels

_IN_A_ROW = 12
_GAP = 40  # pixels between two numbers of a row
_MIN_CONFIDENCE = 70
_MIN_CONFIDENCE_ZERO = 35  # which looks like the letter, and nothing else
_MIN_CONFIDENCE_TOUCHING = 90  # where two digits are one piece of ink
_ENDS = ".,-: "
_NUMERIC = re.compile(r"[0-9][0-9/.,\-: ]*")


@dataclass(frozen=True, slots=True)
class SureText:
    """A text with the confidence of its least sure character, and whether it is sure."""

    text: str
    confidence: int
    is_sure: bool


def is_numeric(text: str) -> bool:
    """Whether nothing but digits and what separates them stands in the text."""
    return _NUMERIC.fullmatch(text) is not None


def zeros_among_digits(lines: Sequence[LineText]) -> list[LineText]:
    """The lines of a cell; where another line is a number, a line of the letter O alone is a zero
    that a narrow cell cut off."""
    if not any(is_numeric(line.text) for line in lines):
        return list(lines)
    return [LineText("0", line.confidence) if line.text in ("O", "o") else line for line in lines]


def digit_groups(text: str) -> list[str]:
    """The numbers that stand in a text, and what separates digits directly."""
    return re.findall(r"\d+(?:[/.,:\-]\d+)*", text.replace(" ", ""))


def read_again(lines: Sequence[TextLine], grey: Pixels, engines: Engines) -> list[LineText]:
    """The digits of each line, as Tesseract reads them in rows of a dozen."""
    texts: list[LineText] = []
    for start in range(0, len(lines), _IN_A_ROW):
        crops = [crop_of(line, grey, 3) for line in lines[start : start + _IN_A_ROW]]
        row, places = _row_of(crops)
        symbols = engines.words.read_digit_symbols(row)
        for left, right in places:
            mine = [s for s in symbols if left <= (s.box.left + s.box.right) / 2 < right]
            texts.append(
                LineText(
                    "".join(s.text for s in mine),
                    min((s.confidence for s in mine), default=0),
                )
            )
    return texts


def agreed(line: TextLine, first: LineText, second: LineText) -> SureText:
    """The digit engine's text, sure where Tesseract read the same digits and each is a piece of
    ink.

    Tesseract drops a slash between digits now and then: what separates them is the digit engine's
    word alone, and holds where it makes a date (`wrapped_lines`).
    """
    text = first.text.replace(" ", "")
    digits = _digits_of(text)
    same = digits == _digits_of(second.text)
    if "." in text or "," in text:
        same = text == second.text.replace(" ", "").strip(_ENDS)
    touching = len(line.letters) < len(digits)
    enough = (
        _MIN_CONFIDENCE_ZERO
        if text == "0"
        else _MIN_CONFIDENCE_TOUCHING
        if touching
        else _MIN_CONFIDENCE
    )
    sure = (
        same
        and " " not in first.text
        and first.confidence >= enough
        and len(line.letters) <= len(text)
    )
    return SureText(text, first.confidence if same else min(first.confidence, 50), sure)


def _digits_of(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _row_of(crops: Sequence[Pixels]) -> tuple[Pixels, list[tuple[int, int]]]:
    height = max(crop.shape[0] for crop in crops) + 30
    width = sum(crop.shape[1] + _GAP for crop in crops) + _GAP
    row = np.full((height, width), 255, np.uint8)
    places, left = [], _GAP
    for crop in crops:
        top = height - 15 - crop.shape[0]
        row[top : top + crop.shape[0], left : left + crop.shape[1]] = crop
        places.append((left - _GAP // 2, left + crop.shape[1] + _GAP // 2))
        left += crop.shape[1] + _GAP
    return row, places
