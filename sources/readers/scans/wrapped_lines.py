"""Lines that a cell or a page broke, joined again: a word with a space, a number or a syllable cut
in two without."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.readers.scans.line_boxes import TextLine
from sources.readers.scans.numbers import SureText
from sources.readers.scans.pixels import Box
from sources.text import fold

_CELL_MARGINS = 60  # pixels: Word leaves 0.08 inch on both sides
_DIGIT_WIDTH = 0.75  # of a digit's height, with the space around it; alike for all digits
_DATE = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(?:19|20)\d\d")
_COUNT = re.compile(r"\d+|\d{1,3}(?:[.,]\d{3})+")
_VOWEL = re.compile(r"[aeiouy]")


def joined_number(parts: Sequence[SureText], lines: Sequence[TextLine], cell: Box) -> SureText:
    """The number of a cell of several lines: a date or a count that was cut where no digit more had
    room, else the lines as they stand, which are not sure."""
    together = "".join(part.text for part in parts)
    confidence = min(part.confidence for part in parts)
    sure = all(part.is_sure for part in parts)
    full = all(_has_no_room_for_digit(line, cell) for line in lines[:-1])
    is_count = _COUNT.fullmatch(together) is not None
    if full and (is_count or _is_date(together)):
        return SureText(together, confidence, sure)
    return SureText("\n".join(part.text for part in parts), confidence, False)


def _is_date(text: str) -> bool:
    found = _DATE.fullmatch(text)
    return found is not None and 1 <= int(found[1]) <= 31 and 1 <= int(found[3]) <= 12


def joined_words(texts: Sequence[str], lines: Sequence[TextLine], cell: Box) -> str:
    """The text of a cell; a line break stands where the next word would still have had room."""
    text = ""
    for n, part in enumerate(texts):
        if not part:
            continue
        if not text:
            text = part
        elif _cuts_word(text, part) and _is_full(lines[n - 1], cell):
            text += part
        else:
            text += " " + part
    return text


def _cuts_word(before: str, after: str) -> bool:
    """Whether what follows can be no word of its own: letters without a vowel, a closing sign."""
    first = after.split()[0]
    if not before[-1].isalnum() and before[-1] not in "-/":
        return False
    if first[0] in "-)/.,;:":
        return True
    letters = fold(first)
    return letters.isalpha() and not _VOWEL.search(letters)


def _is_full(line: TextLine, cell: Box) -> bool:
    """Whether not even one more letter would have had room."""
    widest = max((box.width for box in line.letters), default=line.box.height)
    return line.box.width + widest + _CELL_MARGINS > cell.width


def _has_no_room_for_digit(line: TextLine, cell: Box) -> bool:
    """As `_is_full`, where the narrow ink of a 1 takes as much room as any digit."""
    height = max((box.height for box in line.letters), default=line.box.height)
    width = max(line.box.width, _DIGIT_WIDTH * height * len(line.letters))
    return width + _DIGIT_WIDTH * height + _CELL_MARGINS > cell.width
