"""The text outside tables: lines joined to paragraphs as a person reads them, letterhead and
signature as tables of two cells, as Word has them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from sources.grids import Grid, Paragraph, Value
from sources.readers.pdf.lines import TextLine, runs_of_line
from sources.readers.pdf.side_by_side import Halves, Row, halves_from, row_of
from sources.readers.pdf.wrapping import joined_runs, separator, starts_item
from sources.readers.refusals import table_without_rules
from sources.readers.text_effects import Run, seen_text
from sources.text import fold

_INDENT = 6.0  # points: a line that begins so much further right begins a paragraph
_LOOSE = 1.35  # lines so many times further apart than those above belong to two paragraphs
_MAX_SPACING = 2.6  # of the letters' size, between the lines of one paragraph
_MIN_ROWS, _MIN_WIDE_ROWS = 2, 1  # so many rows of two, or of more, parts are a table
_MIN_WORDS = 3  # letters: a shorter text may be a mark
_SIGNS = re.compile(
    r"^(?:noi nhan|t ?m\b|t ?l\b|k ?t\b|nguoi (?:lap|tong hop|bao cao)|(?:pho )?bi thu|thu truong)"
)  # folded

# drawn before an item, which Word does not hold as text
_BULLET = re.compile(r"^\s*[•●▪◦‣➢❖\uf0a7\uf0b7\uf0d8\uf076\uf0e8]\s+")
_NUMBER_OR_DATE = re.compile(r"^\s*Số\s*[:.]?\s*\d|ngày .{0,30}\d{4}\s*$", re.IGNORECASE)
_OFFICE = re.compile(  # folded
    r"^(?:dang (?:bo|uy|cong)|huyen uy|cong hoa|uy ban|ubnd|ubmttq|mttq|hoi |doan |lien doan|ban |chi bo |truong )"
)


@dataclass(slots=True)
class TextBlock:
    """A paragraph being made: its lines, or the parts of the one line."""

    page: int
    lines: list[TextLine]
    width: float
    parts: list[TextLine] = field(default_factory=list)
    continues: list[TextBlock] = field(default_factory=list)  # on the next pages
    comment: str = ""

    @property
    def top(self) -> float:
        """Where it begins."""
        return self.lines[0].base - self.lines[0].size

    def runs(self) -> list[Run]:
        """Its runs, with what goes on on the next pages."""
        if len(self.parts) > 1:
            runs: list[Run] = []
            for part in self.parts:
                runs += [Run("\t", "\t")] * bool(runs) + runs_of_line(part)
        else:
            runs = joined_runs(self.lines, self.width)
        for block in self.continues:
            runs += [Run(" ", " "), *block.runs()]
        return runs

    def paragraph(self, number: int) -> Paragraph:
        """The paragraph, of such a number."""
        shown, _, left_out = seen_text(self.runs())
        shown = _BULLET.sub("", shown) if shown.strip() else ""
        bold = all(line.bold for line in self.lines) and bool(shown)
        return Paragraph(number, shown.strip("\n"), bold, left_out=left_out, comment=self.comment)


@dataclass(slots=True)
class HalvesBlock:
    """A letterhead or signature of two halves."""

    page: int
    halves: Halves

    @property
    def top(self) -> float:
        """Where it begins."""
        return self.halves.top

    def grid(self, sheet: str) -> Grid:
        """A table of one row and two cells."""
        row: list[Value] = []
        grid = Grid(sheet, [row], source="table")
        for column, lines in enumerate((self.halves.left, self.halves.right)):
            shown, raw, left_out = seen_text(_runs_of_half(lines))
            row.append(shown.strip() or None)
            if shown != raw:
                grid.raw[0, column] = raw
            if left_out:
                grid.left_out[0, column] = left_out
        return grid


def text_blocks(
    lines: list[TextLine], page: int, column: tuple[float, float], is_front: bool
) -> Iterator[TextBlock | HalvesBlock]:
    """The blocks of lines that no table parts; `column` is where the page's text begins and ends.
    Raises RefusedFile for a table without rules."""
    rows = [row_of(line) for line in lines]
    index = 0
    pending: list[TextLine] = []
    width = column[1] - column[0]
    while index < len(rows):
        row = rows[index]
        if len(row.parts) == 1:
            pending.append(row.parts[0])
            index += 1
            continue
        yield from _paragraphs(pending, page, column)
        pending = []
        found = halves_from(rows, index, (column[0] + column[1]) / 2)
        if found and (_is_letterhead(found[0], is_front) or _is_without_numbers(found[0])):
            yield HalvesBlock(page, found[0])
            index = found[1]
            continue
        _check_is_no_table(rows[index:], page)
        whole = TextLine([glyph for part in row.parts for glyph in part.glyphs], row.parts[0].fonts)
        yield TextBlock(page, [whole], width, row.parts)
        index += 1
    yield from _paragraphs(pending, page, column)


def goes_on(last: TextBlock, first: TextBlock) -> bool:
    """Whether a page's first paragraph goes on with the last of the page before."""
    line, following = last.lines[-1], first.lines[0]
    return (
        len(last.parts) < 2
        and len(first.parts) < 2
        and line.bold == following.bold
        and abs(following.left - last.lines[-1].left) < _INDENT
        and following.left <= min(line.left for line in first.lines) + 1
        and not starts_item(following)
        and following.text.strip()[:1].islower()
        and separator(line, following, last.width) != "\n"
    )


def _paragraphs(
    lines: list[TextLine], page: int, column: tuple[float, float]
) -> Iterator[TextBlock]:
    current: list[TextLine] = []
    for line in lines:
        if current and not _belongs(current, line, column):
            yield TextBlock(page, current, column[1] - current[-1].left)
            current = []
        current.append(line)
    if current:
        yield TextBlock(page, current, column[1] - current[-1].left)


def _belongs(current: list[TextLine], line: TextLine, column: tuple[float, float]) -> bool:
    last = current[-1]
    step = line.base - last.base
    usual = current[1].base - current[0].base if len(current) > 1 else step
    if (
        step > _MAX_SPACING * max(line.size, last.size)
        or step > _LOOSE * usual
        or line.bold != last.bold
        or abs(line.size - last.size) > 1
    ):
        return False
    is_centred = _is_centred(line, column) and _is_balanced(last, column)
    if not is_centred and line.left > min(a.left for a in current) + _INDENT:
        return False
    # what is left free on both sides of a centred line could have been used
    room = column[1] - column[0] if is_centred else column[1] - last.left
    return separator(last, line, room) != "\n"


def _is_centred(line: TextLine, column: tuple[float, float]) -> bool:
    return _is_balanced(line, column) and line.left - column[0] > 10


def _is_balanced(line: TextLine, column: tuple[float, float]) -> bool:
    return abs((line.left - column[0]) - (column[1] - line.right)) < 8


def _is_letterhead(halves: Halves, is_front: bool) -> bool:
    """Whether the halves begin as an office's papers do: with its name, or on the first page with a
    number or date."""
    first = halves.left[0].shown, halves.right[0].shown
    if any(_OFFICE.match(fold(text)) for text in first):
        return True
    return is_front and any(_NUMBER_OR_DATE.search(text) for text in first)


def _is_without_numbers(halves: Halves) -> bool:
    """Whether the halves are a signature, or say no number that might be put wrongly."""
    lines = (*halves.left, *halves.right)
    return any(
        _SIGNS.match(fold(line.shown)) for line in (*halves.left[:2], *halves.right[:2])
    ) or (
        not any(c.isdigit() for line in lines for c in line.text)
        and all(len(line.text.strip()) > _MIN_WORDS for line in lines)
    )


def _check_is_no_table(rows: list[Row], page: int) -> None:
    several = list(takewhile(lambda row: len(row.parts) > 1, rows))
    wide = list(takewhile(lambda row: len(row.parts) > 2, rows))
    if len(several) >= _MIN_ROWS or len(wide) >= _MIN_WIDE_ROWS:
        raise table_without_rules(page)


def _runs_of_half(lines: list[TextLine]) -> list[Run]:
    """The half's lines, each its own but where one plainly goes on."""
    runs: list[Run] = []
    for index, line in enumerate(lines):
        if index:
            last = lines[index - 1]
            begins = line.text.strip()[:1]
            is_rest = (
                (begins.islower() or begins.isdigit())
                and line.bold == last.bold
                and not starts_item(line)
                and line.base - last.base < 1.6 * line.size
                and last.text.strip()[-1:].isalnum()
            )
            between = " " if is_rest else "\n"
            runs.append(Run(between, between))
        runs += runs_of_line(line)
    return runs
