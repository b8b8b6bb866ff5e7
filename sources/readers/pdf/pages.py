"""One page of a PDF: its tables and the lines beside them, or that it must be read as a picture."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import Any

import numpy as np

from sources.readers.pdf.annotations import show_annotations
from sources.readers.pdf.content import Box, Font, Glyph, PageContent, Rule
from sources.readers.pdf.drawings import read_drawings
from sources.readers.pdf.engine import opened_page
from sources.readers.pdf.frame import frame_of
from sources.readers.pdf.glyphs import SLANTED, common_turn, read_glyphs
from sources.readers.pdf.letter_shapes import LetterShapes
from sources.readers.pdf.lines import TextLine, is_overlapping, lines_of
from sources.readers.pdf.rendered import DPI, Grey, PageOnScreen, hide_unseen
from sources.readers.pdf.ruled import RuledTable, ruled_tables
from sources.readers.pdf.table_cells import TableCells, read_cells
from sources.readers.refusals import overflowing_text, table_without_rules

_LARGE_PICTURE = 0.12  # of the page: more than any stamp, signature or emblem takes
_MAX_HIDDEN = 0.3  # of the letters: more of them unseen, and the text is not the page's
_MAX_UNKNOWN = 0.01  # of the letters that nobody can name
_MAX_CURVES = 40  # small shapes, as letters are when they are drawn as outlines
_LETTER_HEIGHT = 40  # points
_MIN_INK = 150  # dots of a cell's picture that belong to no letter and no rule
_DARK = 140
_BULLETS = (0xF0A7, 0xF0B7, 0xF0D8, 0xF076, 0xF0E8)


class Trust(Enum):
    """What a page's text is worth."""

    TEXT = "text"
    PICTURE = "picture"  # there is none, or it lies over a picture
    DOUBTFUL = "doubtful"  # it is not what is seen
    BLANK = "blank"


@dataclass(slots=True)
class PageText:
    """A page as read. `column` is where its text begins and ends."""

    number: int
    width: float
    height: float
    trust: Trust
    turns: int = 0
    picture_dpi: int = 0
    fonts: list[Font] = field(default_factory=list)
    tables: list[TableCells] = field(default_factory=list)
    lines: list[TextLine] = field(default_factory=list)
    column: tuple[float, float] = (0, 0)
    notes: list[tuple[float, float, str]] = field(default_factory=list)


def read_page(document: Any, number: int, shapes: LetterShapes) -> PageText:
    """The page of that number, from 1. Raises RefusedFile where it holds a table that cannot be
    read for certain."""
    with opened_page(document, number - 1) as page:
        notes = show_annotations(document, page, number)
    with opened_page(document, number - 1) as page:
        frame, turns = frame_of(page), 0
        content = PageContent(number, *frame.size)
        content.glyphs, content.fonts = read_glyphs(page, frame)
        if turns := common_turn(content.glyphs):
            frame = frame_of(page, turns)
            content = PageContent(number, *frame.size)
            content.glyphs, content.fonts = read_glyphs(page, frame)
        read_drawings(page, frame, content)
        screen = PageOnScreen(page, frame, turns)
        has_text = any(not glyph.is_space for glyph in content.glyphs)
        if has_text:
            hide_unseen(content, screen.grey)
        trust = _trust(content, screen, shapes)
    result = PageText(
        number,
        content.width,
        content.height,
        trust,
        turns,
        _dpi(content),
        content.fonts,
        notes=[(*frame.point(x, y), text) for x, y, text in notes],
    )
    if trust is Trust.TEXT:
        _read_text(result, content, screen.grey)
    return result


def _trust(content: PageContent, screen: PageOnScreen, shapes: LetterShapes) -> Trust:
    letters = [glyph for glyph in content.glyphs if not glyph.is_space]
    seen = [glyph for glyph in letters if glyph.effect != "hidden"]
    large = [
        picture.box
        for picture in content.pictures
        if _on_page(picture.box, content) > _LARGE_PICTURE * content.width * content.height
    ]
    if not letters:
        return Trust.PICTURE if (screen.grey < _DARK).sum() > _MIN_INK else Trust.BLANK
    if large or not seen:
        return Trust.PICTURE
    small = [curve for curve in content.curves if curve.bottom - curve.top < _LETTER_HEIGHT]
    if len(small) > max(_MAX_CURVES, len(seen)):
        return Trust.PICTURE
    if len(letters) - len(seen) > _MAX_HIDDEN * len(letters):
        return Trust.DOUBTFUL
    unknown = sum(_is_unknown(glyph, content.fonts) for glyph in seen)
    if unknown > _MAX_UNKNOWN * len(seen) or _overlap(seen):
        return Trust.DOUBTFUL
    return Trust.DOUBTFUL if shapes.wrong_fonts(screen, content) else Trust.TEXT


def _on_page(box: Box, content: PageContent) -> float:
    left, top = max(box.left, 0), max(box.top, 0)
    right, bottom = min(box.right, content.width), min(box.bottom, content.height)
    return Box(left, top, right, bottom).area


def _is_unknown(glyph: Glyph, fonts: list[Font]) -> bool:
    letter = glyph.text[0]
    if letter == "\ufffd" or ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0:
        return True
    decode = fonts[glyph.font].decode
    shown = decode(letter) if decode else letter
    return any(0xE000 <= ord(c) < 0xF900 and not _is_bullet(ord(c)) for c in shown)


def _is_bullet(code: int) -> bool:
    """Whether a symbol font's letter is one that lists begin with."""
    return code in _BULLETS


def _overlap(seen: list[Glyph]) -> bool:
    """Whether letters are drawn one over another, other than to make them bold: what is seen is
    neither of them."""
    count = 0
    ordered = sorted(
        (g for g in seen if g.text.isdigit() and g.turn == 0), key=lambda g: (round(g.base), g.left)
    )
    for one, other in pairwise(ordered):
        shared = min(one.right, other.right) - max(one.left, other.left)
        if (
            abs(one.base - other.base) < 0.3 * one.size
            and shared > 0.5 * (one.right - one.left)
            and one.text != other.text
        ):
            count += 1
    return count > 0


def _dpi(content: PageContent) -> int:
    """How finely the largest picture was scanned; 300 where letters are drawn."""
    largest = max(content.pictures, key=lambda p: p.box.area, default=None)
    return largest.dpi if largest and largest.dpi else 300


def _read_text(result: PageText, content: PageContent, grey: Grey) -> None:
    tables, rest = ruled_tables(content.rules, content.number)
    upright = [glyph for glyph in content.glyphs if glyph.turn != SLANTED]
    inside: dict[int, list[Glyph]] = defaultdict(list)
    outside: list[Glyph] = []
    by_size = sorted(range(len(tables)), key=lambda index: tables[index].box.area)
    for glyph in upright:
        home = next((i for i in by_size if tables[i].box.contains(glyph.across, glyph.down)), None)
        if home is None:
            outside.append(glyph)
        else:
            inside[home].append(glyph)
    _strike_out(content.glyphs, rest)
    for index, table in enumerate(tables):
        if inside[index]:
            _check_ink(table, inside[index], content, grey)
            result.tables.append(read_cells(table, inside[index], content.fonts))
    _check_beside(outside, [cells.table for cells in result.tables], content.number)
    flat = [glyph for glyph in outside if glyph.turn == 0]
    result.lines = lines_of(flat, content.fonts)
    for turn in (1, 2, 3):
        result.lines += lines_of((g for g in outside if g.turn == turn), content.fonts)
    result.lines += lines_of((g for g in content.glyphs if g.turn == SLANTED), content.fonts)
    result.lines = [line for line in result.lines if line.text.strip()]
    if any(is_overlapping(line) for line in result.lines):
        raise overflowing_text(content.number)
    ends = [(line.left, line.right) for line in lines_of(flat, content.fonts) if line.text.strip()]
    result.column = (
        min((left for left, _ in ends), default=0),
        max((right for _, right in ends), default=content.width),
    )


def _strike_out(glyphs: list[Glyph], rules: list[Rule]) -> None:
    """Marks the letters that a line goes through."""
    for rule in rules:
        if not rule.horizontal:
            continue
        for glyph in glyphs:
            if (
                glyph.turn == 0
                and rule.start - 1 <= glyph.across <= rule.end + 1
                and 0.12 * glyph.size <= glyph.base - rule.at <= 0.48 * glyph.size
                and glyph.effect == "plain"
            ):
                glyph.effect = "struck"


def _check_beside(outside: list[Glyph], tables: list[RuledTable], page: int) -> None:
    """Raises RefusedFile where text stands beside a table, as in a column that was not ruled."""
    for table in tables:
        if any(
            glyph.text.isalnum()
            and glyph.effect != "hidden"
            and glyph.turn == 0
            and table.ys[0] + 2 < glyph.down < table.ys[-1] - 2
            for glyph in outside
            if not any(t.box.contains(glyph.across, glyph.down) for t in tables)
        ):
            raise table_without_rules(page)


def _check_ink(table: RuledTable, glyphs: list[Glyph], content: PageContent, grey: Grey) -> None:
    """Raises RefusedFile where a cell shows something that is neither letter nor rule: a picture of
    a number, or letters drawn as outlines."""
    scale = DPI / 72
    picture = grey.copy()
    for glyph in glyphs:
        if glyph.effect != "hidden":
            left, top = int(min(glyph.left, glyph.right) * scale) - 2, int(glyph.top * scale) - 3
            right, bottom = int(glyph.right * scale) + 4, int(glyph.bottom * scale) + 4
            picture[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = 255
    for rule in content.rules:
        at, start, end = int(rule.at * scale), int(rule.start * scale), int(rule.end * scale)
        across, along = slice(max(at - 4, 0), at + 5), slice(max(start - 4, 0), end + 5)
        if rule.horizontal:
            picture[across, along] = 255
        else:
            picture[along, across] = 255
    for cell in set(table.cells.values()):
        box = table.cell_box(cell)
        inner = picture[
            int(box.top * scale) + 3 : int(box.bottom * scale) - 2,
            int(box.left * scale) + 3 : int(box.right * scale) - 2,
        ]
        if inner.size:
            ink = np.count_nonzero(inner < _DARK)
            if ink > _MIN_INK / 4 and ink < inner.size / 2:  # more: the cell's ground is dark
                raise table_without_rules(table.page)
