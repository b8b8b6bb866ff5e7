"""The cells of a ruled table: empty, a mark, a number or words, each with how sure it is and where
it stands."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from sources.grids import Grid, PictureReading, Value
from sources.readers.scans.engines import Engines, LineText
from sources.readers.scans.flat_pages import FlatPage
from sources.readers.scans.ink import faint_ink, ink_of, noise_of, pieces
from sources.readers.scans.line_boxes import DUST, TextLine, around, crop_of, lines_in_cell
from sources.readers.scans.marks import mark_of
from sources.readers.scans.misreadings import corrected
from sources.readers.scans.numbers import (
    SureText,
    agreed,
    digit_groups,
    is_numeric,
    read_again,
    zeros_among_digits,
)
from sources.readers.scans.pixels import Box, Pixels
from sources.readers.scans.ruled_tables import RuledCell, RuledTable
from sources.readers.scans.wrapped_lines import joined_number, joined_words

_MAX_LETTERS = 16  # of a line that may be a number with words around it
_MIN_WORD_CONFIDENCE = 70
_MIN_ZERO_CONFIDENCE = 85  # of Tesseract, where the digit engine read the letter
_MIN_PEOPLE_CONFIDENCE = 50  # of the digit engine, which knows no đ
_MIN_CROSS_CONFIDENCE = 40  # of the digit engine, where Tesseract read the cross as well
_SHORT_WORD = 7  # letters that the digit engine is asked about as well
_LETTERS_AROUND_DIGITS = 4  # in a text of several lines; with fewer it may be a number cut in two
_PEOPLE = re.compile(r"(\d{1,5}) ?[dđ]/c")  # as the digit engine reads `17 đ/c`
_OVER = 7  # pixels by which ink of a cell may stand over its rules and still be its own
_NEAR_STAMP = 20  # pixels, less than a digit
_FAINT = 40  # pixels of faint ink that may be a digit
_RULE_REST = 6  # pixels: what is so thin and lies along a side is left of the rule


@dataclass(slots=True)
class _Cell:
    ruled: RuledCell
    lines: list[TextLine]
    is_clear: bool  # no red ink taken out, nothing over its rules, all its sides ruled
    is_blank: bool  # not even faint ink
    first: list[LineText] = field(default_factory=list)
    again: list[LineText] = field(default_factory=list)

    @property
    def may_be_number(self) -> bool:
        """Whether all its lines are short and bear no accents."""
        return bool(self.lines) and all(_is_short(line) for line in self.lines)

    @property
    def is_number(self) -> bool:
        """Whether the digit engine read nothing but a number in all its lines."""
        return bool(self.first) and all(is_numeric(line.text) for line in self.first)


def read_table(
    page: FlatPage, grey: Pixels, table: RuledTable, engines: Engines, sheet: str
) -> Grid:
    """The table as a grid, `grey` being the page without rules; a reading for each cell, empty ones
    too."""
    cells = _inked(page, grey, table)
    for cell in cells:
        if cell.may_be_number:
            read = [engines.digits.read(crop_of(line, grey)) for line in cell.lines]
            cell.first = zeros_among_digits(read)
    numbers = [cell for cell in cells if cell.is_number]
    second = iter(read_again([line for cell in numbers for line in cell.lines], grey, engines))
    for cell in numbers:
        cell.again = [next(second) for _ in cell.lines]
    grid = Grid(
        sheet, [[None] * table.column_count for _ in range(table.row_count)], source="table"
    )
    merged = []
    for cell in cells:
        span = cell.ruled.span
        value, confidence, is_sure = _value(cell, grey, engines)
        grid.rows[span.top][span.left] = value
        reading = PictureReading(page.number, page.shown_box(cell.ruled.box), confidence, is_sure)
        for row in range(span.top, span.bottom + 1):
            for column in range(span.left, span.right + 1):
                grid.readings[row, column] = reading
        if span.bottom > span.top or span.right > span.left:
            merged.append(span)
    grid.merged = tuple(merged)
    return grid


def _inked(page: FlatPage, grey: Pixels, table: RuledTable) -> list[_Cell]:
    inside = table.box.grown(2, 2, grey)
    part = inside.of(grey)
    owners = np.full(part.shape, -1, np.int32)
    for n, cell in enumerate(table.cells):
        _moved(cell.box, -inside.left, -inside.top).of(owners)[:] = n
    mine: list[list[Box]] = [[] for _ in table.cells]
    over: set[int] = set()
    for box in pieces(ink_of(part)):
        n = int(owners[(box.top + box.bottom) // 2, (box.left + box.right) // 2])
        if n < 0:
            continue
        place = _moved(box, inside.left, inside.top)
        if _is_rest_of_rule(place, table.cells[n].box):
            continue
        mine[n].append(place)
        if _is_over(place, table.cells[n].box):
            corners = ((box.top, box.left), (box.bottom - 1, box.right - 1))
            over |= {n, *(int(owners[y, x]) for y, x in corners)}
    faint = _faint_cells(part, owners, len(table.cells))
    return [
        _Cell(
            cell,
            lines_in_cell(mine[n]),
            cell.is_whole and n not in over and not _is_stamped(page, cell.box, mine[n]),
            n not in faint,
        )
        for n, cell in enumerate(table.cells)
    ]


def _is_stamped(page: FlatPage, cell: Box, inked: list[Box]) -> bool:
    """Whether red ink was taken from the cell's writing or near it, or from an empty cell at all:
    red digits are digits."""
    if not inked:
        return bool(cell.of(page.stamped).any())
    place = around(inked)
    near = place.grown(_NEAR_STAMP, _NEAR_STAMP, page.stamped)
    return bool(near.of(page.stamped).any())


def _faint_cells(part: Pixels, owners: Pixels, count: int) -> set[int]:
    """The cells in which something is darker than paper, beside their rules."""
    found = set()
    for box in pieces(faint_ink(part, noise_of(part)), _FAINT):
        n = int(owners[(box.top + box.bottom) // 2, (box.left + box.right) // 2])
        if 0 <= n < count and min(box.width, box.height) > 4:
            found.add(n)
    return found


def _moved(box: Box, across: int, down: int) -> Box:
    return Box(box.left + across, box.top + down, box.right + across, box.bottom + down)


def _is_rest_of_rule(piece: Box, cell: Box) -> bool:
    along_side = (
        piece.left - cell.left < _RULE_REST + 4 or cell.right - piece.right < _RULE_REST + 4
    )
    along_top = piece.top - cell.top < _RULE_REST + 4 or cell.bottom - piece.bottom < _RULE_REST + 4
    return (along_side and piece.width <= _RULE_REST) or (along_top and piece.height <= _RULE_REST)


def _is_over(piece: Box, cell: Box) -> bool:
    return (
        cell.left - piece.left > _OVER
        or piece.right - cell.right > _OVER
        or cell.top - piece.top > _OVER
        or piece.bottom - cell.bottom > _OVER
    )


def _is_short(line: TextLine) -> bool:
    usual = line.box.height
    accents = [
        box
        for box in line.small
        if box.bottom < line.box.bottom - 0.6 * usual and box.width * box.height > DUST
    ]
    return len(line.letters) + len(line.small) <= _MAX_LETTERS and not accents


def _value(cell: _Cell, grey: Pixels, engines: Engines) -> tuple[Value, int, bool]:
    if not cell.lines:
        return None, 99 if cell.is_blank else 0, cell.is_blank and cell.is_clear
    if cell.first and len(cell.lines) == 1:
        mark = mark_of(cell.lines[0], cell.first[0], grey)
        if mark is not None and mark.text == "x" and not mark.is_sure:
            again = engines.words.read_line(crop_of(cell.lines[0], grey, 10))
            both = again.text.casefold() == "x"
            mark = replace(mark, is_sure=both and mark.confidence >= _MIN_CROSS_CONFIDENCE)
        if mark is not None:
            return mark.text, mark.confidence, mark.is_sure and cell.is_clear
    if cell.is_number:
        parts = list(map(agreed, cell.lines, cell.first, cell.again))
        number = joined_number(parts, cell.lines, cell.ruled.box)
        sure = number.is_sure and cell.is_clear and not _overlap(cell.lines)
        return number.text, number.confidence, sure
    first: Sequence[LineText | None] = cell.first or [None] * len(cell.lines)
    read = [_words(line, one, grey, engines) for line, one in zip(cell.lines, first, strict=True)]
    text = corrected(joined_words([line.text for line in read], cell.lines, cell.ruled.box))
    if not text:
        return None, 0, False
    confidence = min(line.confidence for line in read)
    sure = all(line.is_sure for line in read) and cell.is_clear and not _overlap(cell.lines)
    if len(read) > 1 and any(c.isdigit() for c in text):
        people = _PEOPLE.fullmatch(text) and read[0].text.isdigit()
        sure = sure and (bool(people) or sum(map(str.isalpha, text)) >= _LETTERS_AROUND_DIGITS)
    return text, confidence, sure


def _overlap(lines: list[TextLine]) -> bool:
    """Whether letters of one line were taken for two, which then stand side by side."""
    return any(
        min(a.box.bottom, b.box.bottom) - max(a.box.top, b.box.top)
        > 0.5 * min(a.box.height, b.box.height)
        for a, b in itertools.pairwise(lines)
    )


def _is_seen_twice(line: TextLine, text: str, grey: Pixels, engines: Engines) -> bool:
    """Whether a second look reads the same words, or the digit engine does where they are short."""
    if engines.words.read_line(_larger(crop_of(line, grey, 10))).text == text:
        return True
    return (
        len(text) <= _SHORT_WORD
        and engines.digits.read(crop_of(line, grey)).text.casefold() == text.casefold()
    )


def _larger(line: Pixels) -> Pixels:
    """The line for a second look: what a stroke more or less turns into another accent is read
    otherwise."""
    return cv2.GaussianBlur(
        cv2.resize(line, None, fx=1.4, fy=1.4, interpolation=cv2.INTER_CUBIC), (0, 0), 1.2
    )


def _words(line: TextLine, first: LineText | None, grey: Pixels, engines: Engines) -> SureText:
    """A line of words; the numbers in it are sure where the digit engine read them as well."""
    read = engines.words.read_line(crop_of(line, grey, 10))
    sure = (
        read.confidence >= _MIN_WORD_CONFIDENCE
        and sum(c.isalpha() for c in read.text) > 1
        and _is_seen_twice(line, read.text, grey, engines)
    )
    if first is None and any(c.isdigit() for c in read.text):
        first = engines.digits.read(crop_of(line, grey))
    if first is None:
        return SureText(read.text, read.confidence, sure)
    if first.text in ("d/c", "đ/c"):
        return SureText("đ/c", first.confidence, first.confidence >= _MIN_PEOPLE_CONFIDENCE)
    if first.text in ("O", "o") and read.text == "0":
        return SureText("0", read.confidence, read.confidence >= _MIN_ZERO_CONFIDENCE)
    if is_numeric(first.text):
        same = digit_groups(first.text) == digit_groups(read.text)
        return SureText(first.text, first.confidence, same and first.confidence >= 90)
    people = _PEOPLE.fullmatch(first.text)
    if people:
        same = digit_groups(read.text)[:1] == [people[1]]
        return SureText(
            f"{people[1]} đ/c",
            first.confidence,
            same and first.confidence >= _MIN_PEOPLE_CONFIDENCE,
        )
    sure = sure and digit_groups(first.text) == digit_groups(read.text)
    return SureText(read.text, read.confidence, sure)


def all_readings(grids: Iterable[Grid]) -> Iterator[PictureReading]:
    """Every reading of these grids."""
    for grid in grids:
        yield from grid.readings.values()
