"""What of a page stands in no ruled table: lines to paragraphs, two columns side by side to a grid
of two cells, as a Word file has its letterhead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sources.grids import Grid, Paragraph, PictureReading
from sources.readers.scans.engines import Engines
from sources.readers.scans.flat_pages import FlatPage
from sources.readers.scans.ink import ink_of, pieces
from sources.readers.scans.line_boxes import TextLine, segments_on_page
from sources.readers.scans.misreadings import corrected, corrected_heading
from sources.readers.scans.numbers import digit_groups
from sources.readers.scans.pixels import Box, Pixels
from sources.readers.scans.refusals import too_much_ink
from sources.readers.scans.ruled_tables import RuledTable

_MIN_LINE_HEIGHT, _MAX_LINE_HEIGHT = 12, 130
_MAX_LINES = 250  # of a page, columns apart
_STARTS_PARAGRAPH = re.compile(
    r"[-–+*•●]|\(?[0-9]{1,2}[.)]|\(?[a-zđ][.)]\s|[IVX]{1,5}[.)]|Biểu|Phụ lục|PHỤ LỤC"
)
_PAGE_NUMBER = re.compile(r"[-–]?\s*(?:Trang\s+)?\d{1,2}(?:\s*/\s*\d{1,2})?\s*[-–]?")
_MIN_WORD_CONFIDENCE = 60
_SPACE = 18  # pixels between two words


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of the page, read: `is_sure` that all its digits are."""

    text: str
    confidence: int
    is_sure: bool
    box: Box
    first_word: int  # pixels that its first word needs


@dataclass(frozen=True, slots=True)
class Placed:
    """A block with the height on the page at which it begins; of a ruled table also where its rules
    stand."""

    top: int
    block: Grid | Paragraph
    ruled: RuledTable | None = None


def read_prose(
    page: FlatPage, grey: Pixels, tables: Sequence[RuledTable], engines: Engines
) -> list[Placed]:
    """The paragraphs and the grids of two columns outside of the tables, from the top; they bear no
    numbers yet."""
    rest = grey.copy()
    for table in tables:
        table.box.grown(6, 6, rest).of(rest)[:] = 255
    found = pieces(ink_of(rest))
    segments = [
        line
        for line in segments_on_page(found)
        if line.letters and _MIN_LINE_HEIGHT <= line.box.height <= _MAX_LINE_HEIGHT
    ]
    if len(segments) > _MAX_LINES:
        raise too_much_ink(page.number)
    rows = _rows(segments)
    placed: list[Placed] = []
    start = 0
    while start < len(rows):
        end, gutter = _columns_end(rows, start, grey.shape[1])
        if end > start:
            placed.append(_two_columns(page, rows[start:end], gutter, grey, engines))
            start = end
            continue
        end = start + 1
        while end < len(rows) and _columns_end(rows, end, grey.shape[1])[0] == end:
            end += 1
        read = [line for row in rows[start:end] for line in _read_row(row, grey, engines)]
        placed += _paragraphs(page, read, tables, grey.shape[1])
        start = end
    return [p for p in placed if not _is_page_number(p, page, rows)]


def _rows(segments: list[TextLine]) -> list[list[TextLine]]:
    rows: list[list[TextLine]] = []
    for line in segments:
        if rows and abs(line.middle - rows[-1][0].middle) < 0.5 * min(
            line.box.height, rows[-1][0].box.height
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box.left) for row in rows]


def _columns_end(rows: list[list[TextLine]], start: int, width: int) -> tuple[int, int]:
    """How far a passage in two columns goes that begins in this row, and where they part; `start`
    itself where none begins."""
    if len(rows[start]) != 2 or not _parts(rows[start], width):
        return start, 0
    left, right = rows[start][0].box, rows[start][1].box
    end, last = start + 1, start + 1
    for row in rows[start + 1 :]:
        if row[0].box.top - rows[end - 1][0].box.bottom > 2.5 * row[0].box.height:
            break
        sides = [_side(line.box, left, right) for line in row]
        if 0 in sides or len(row) > 2 or (len(row) == 2 and sides != [1, 2]):
            break
        end += 1
        for line, side in zip(row, sides, strict=True):
            left, right = (
                (left.around(line.box), right) if side == 1 else (left, right.around(line.box))
            )
        last = end
    return last, (left.right + right.left) // 2


def _parts(row: list[TextLine], width: int) -> bool:
    left, right = row[0].box, row[1].box
    return (
        right.left - left.right > 60
        and left.right < 0.6 * width
        and right.left > 0.4 * width
        and left.left < 0.45 * width
    )


def _side(box: Box, left: Box, right: Box) -> int:
    """1 where the line belongs to the left column, 2 to the right, 0 to neither surely."""
    if box.right < right.left - 20 and box.left < left.right:
        return 1
    if box.left > left.right + 20 and box.right > right.left:
        return 2
    return 0


def _two_columns(
    page: FlatPage, rows: list[list[TextLine]], gutter: int, grey: Pixels, engines: Engines
) -> Placed:
    sides: tuple[list[ReadLine], list[ReadLine]] = ([], [])
    for row in rows:
        for line in row:
            read = _read_line(line, grey, engines)
            if read.text:
                sides[line.box.left >= gutter].append(read)
    grid = Grid("", [[None, None]], source="table")
    for column, lines in enumerate(sides):
        if lines:
            grid.rows[0][column] = "\n".join(corrected(line.text) for line in lines)
            grid.readings[0, column] = _reading(page, lines)
    return Placed(rows[0][0].box.top, grid)


def _read_row(row: list[TextLine], grey: Pixels, engines: Engines) -> list[ReadLine]:
    if len(row) > 1:
        whole = row[0]
        for line in row[1:]:
            whole = TextLine(
                whole.box.around(line.box),
                [*whole.letters, *line.letters],
                [*whole.small, *line.small],
            )
        row = [whole]
    return [read for line in row if (read := _read_line(line, grey, engines)).text]


def _read_line(line: TextLine, grey: Pixels, engines: Engines) -> ReadLine:
    crop = line.box.grown(10, 10, grey)
    words = engines.words.read_words(crop.of(grey), is_one_line=True)
    sure = True
    for word in words:
        if any(c.isdigit() for c in word.text):
            part = Box(word.box.left, 0, word.box.right, crop.height).grown(4, 0, crop.of(grey))
            inked = pieces(ink_of(part.of(crop.of(grey))))
            again = engines.digits.read(_trimmed(part.of(crop.of(grey)), inked))
            sure &= digit_groups(again.text) == digit_groups(word.text) and again.confidence >= 60
        elif word.confidence < _MIN_WORD_CONFIDENCE:
            sure = False  # a number may have been read as a word
    return ReadLine(
        " ".join(word.text for word in words),
        min((word.confidence for word in words), default=0),
        sure,
        line.box,
        words[0].box.width if words else 0,
    )


def _trimmed(part: Pixels, inked: list[Box]) -> Pixels:
    if not inked:
        return part
    top, bottom = min(box.top for box in inked), max(box.bottom for box in inked)
    return part[max(top - 5, 0) : bottom + 5]


def _paragraphs(
    page: FlatPage, lines: list[ReadLine], tables: Sequence[RuledTable], width: int
) -> list[Placed]:
    if not lines:
        return []
    margin = max(int(np.percentile([line.box.right for line in lines], 95)), round(0.7 * width))
    placed = []
    group: list[ReadLine] = []
    for line in lines:
        if group and not _continues(group[-1], line, margin, tables):
            placed.append(_paragraph(page, group))
            group = []
        group.append(line)
    return [*placed, _paragraph(page, group)]


def _continues(before: ReadLine, line: ReadLine, margin: int, tables: Sequence[RuledTable]) -> bool:
    """Whether a line goes on with the paragraph: its first word had no room on the line before."""
    if _STARTS_PARAGRAPH.match(line.text):
        return False
    if any(before.box.bottom <= table.box.top <= line.box.top for table in tables):
        return False
    if line.box.top - before.box.bottom > 1.2 * before.box.height:
        return False
    return before.box.right + _SPACE + line.first_word > margin - 6


def _paragraph(page: FlatPage, lines: list[ReadLine]) -> Placed:
    text = corrected_heading(corrected(" ".join(line.text for line in lines)))
    return Placed(lines[0].box.top, Paragraph(0, text, reading=_reading(page, lines)))


def _reading(page: FlatPage, lines: list[ReadLine]) -> PictureReading:
    box = lines[0].box
    for line in lines[1:]:
        box = box.around(line.box)
    stamped = bool(box.of(page.stamped).any()) and any(
        line.box.of(page.stamped).any() and any(c.isdigit() for c in line.text) for line in lines
    )
    return PictureReading(
        page.number,
        page.shown_box(box),
        min(line.confidence for line in lines),
        all(line.is_sure for line in lines) and not stamped,
    )


def _is_page_number(placed: Placed, page: FlatPage, rows: list[list[TextLine]]) -> bool:
    """Whether the block is surely the page's own number: alone in the first or last line, in the
    margin."""
    block = placed.block
    if isinstance(block, Grid) or not _PAGE_NUMBER.fullmatch(block.text):
        return False
    height = page.grey.shape[0]
    outside = placed.top < 0.07 * height or placed.top > 0.92 * height
    at_end = placed.top in (rows[0][0].box.top, rows[-1][0].box.top)
    return outside and at_end
