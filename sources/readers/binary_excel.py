"""Binary workbooks (xlsb): errors, merged cells, shares and legacy fonts, which calamine does not
tell of this format.

Only Excel writes it, and Excel computes its formulas: there are none without a result.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sources.campaigns import Limits
from sources.grids import ErrorValue, Grid, Span, column_letters
from sources.readers.cell_corrections import (
    MAX_PLACES,
    CellCorrection,
    apply_correction,
    styled,
    trim,
)
from sources.readers.comments import without_author
from sources.readers.hidden import conceal
from sources.readers.ink import WHITE, Ground, Ink
from sources.readers.old_excel import ERRORS
from sources.readers.packages import Package
from sources.readers.parts import main_part, part_of_kind, relations
from sources.readers.refusals import broken, too_far
from sources.readers.spreadsheet_ink import as_text, binary_colour, filled, shows_no_numbers
from sources.readers.text_effects import TextEffect, runs_of, seen_text
from sources.readers.workbooks import read_workbook

_ROW, _BLANK, _ERROR, _FORMULA_ERROR, _LAST_CELL = 0, 1, 3, 11, 11
_NUMBERS = (2, 5, 9)  # packed, plain, and of a formula
_FILL = 45
_FONT, _FORMAT, _XF, _BEGIN_CELL_XFS, _END_CELL_XFS = 43, 44, 47, 617, 618
_SHEET, _MERGED, _COLUMN, _SHARED_TEXT, _RICH_TEXT, _STRING = 156, 176, 60, 7, 62, 19
_FILTER, _FILTER_COLUMN, _COMMENT, _COMMENT_TEXT = 161, 163, 635, 637
_ROW_IS_HIDDEN, _FONT_IS_STRUCK = 0x10, 0x08
_BUILT_IN_SHARES = {9, 10}
_LAST_COLUMN = 16_383


# the text, and from which letters on it is in which font
_RichText = tuple[str, tuple[tuple[int, int], ...]]


@dataclass(slots=True)
class _Styles:
    """Of each cell style its font and number format, by number."""

    fonts: list[tuple[str, TextEffect]] = field(default_factory=list)
    inks: list[Ink] = field(default_factory=list)  # of the fonts
    fills: list[Ground] = field(default_factory=list)
    unseen_formats: set[int] = field(default_factory=set)
    shares: set[int] = field(default_factory=lambda: set(_BUILT_IN_SHARES))
    styles: list[tuple[int, int, int]] = field(default_factory=list)

    rich: dict[int, _RichText] = field(default_factory=dict)

    def font(self, style: int) -> tuple[str, TextEffect]:
        """The name and looks of a style's font."""
        number = self.styles[style][1] if style < len(self.styles) else len(self.fonts)
        return self.font_of(number, style)

    def font_of(self, number: int, style: int) -> tuple[str, TextEffect]:
        """The name and looks of a font in a cell of that style."""
        if number >= len(self.fonts):
            return "", "plain"
        name, effect = self.fonts[number]
        fill = self.styles[style][2] if style < len(self.styles) else len(self.fills)
        ground = self.fills[fill] if fill < len(self.fills) else None
        is_unseen = effect != "struck" and self.inks[number].is_unseen_on(ground or WHITE)
        return name, "hidden" if is_unseen else effect

    def shows_no_numbers(self, style: int) -> bool:
        """Whether a style shows nothing of a number."""
        return style < len(self.styles) and self.styles[style][0] in self.unseen_formats

    def is_share(self, style: int) -> bool:
        """Whether a style shows its number as a share (%)."""
        return style < len(self.styles) and self.styles[style][0] in self.shares


def read_binary_excel(data: bytes, package: Package, limits: Limits) -> list[Grid]:
    """The sheets of an xlsb that hold anything, in the workbook's order. Raises RefusedFile."""
    main = main_part(package, "xl/workbook.bin")
    targets = relations(package, main)
    try:
        styles = _styles(package.read(part_of_kind(targets, "styles")))
        strings = part_of_kind(targets, "sharedStrings")
        if strings in package and (
            any(effect != "plain" for _, effect in styles.fonts)
            or any(ink.is_unseen_on(WHITE) for ink in styles.inks)
        ):
            styles.rich = _rich_texts(package.read(strings))
        parts = {
            name: targets[relation][1] for name, relation in _sheets(package.read(main)) if relation
        }
        sheets = {name: package.read(part) for name, part in parts.items() if "worksheets/" in part}
        for sheet in sheets.values():
            _check_extent(sheet)
        grids = {grid.sheet: grid for grid in read_workbook(data, "xlsb", package, limits)}
        for name, sheet in sheets.items():
            grid = grids.setdefault(name, Grid(sheet=name, rows=[]))
            _complete(grid, sheet, styles)
            trim(grid.rows, limits)
            _add_unseen(
                grid,
                sheet,
                [
                    (kind, package.read(part))
                    for kind, part in relations(package, parts[name]).values()
                    if kind in ("table", "comments") and part in package
                ],
            )
    except (KeyError, IndexError, struct.error) as error:
        raise broken() from error
    return [grid for grid in grids.values() if grid.rows or grid.left_out]


def _check_extent(sheet: bytes) -> None:
    """Raises RefusedFile where a cell lies so far out that the sheet's rectangle would fill the
    memory."""
    row = bottom = right = 0
    for kind, body in _records(sheet):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0]
        elif _BLANK < kind <= _LAST_CELL:
            bottom, right = max(bottom, row), max(right, struct.unpack_from("<I", body)[0])
    if (bottom + 1) * (right + 1) > MAX_PLACES:
        raise too_far(f"{column_letters(right)}{bottom + 1}")


def _complete(grid: Grid, sheet: bytes, styles: _Styles) -> None:
    row, spans = 0, []
    for kind, body in _records(sheet):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0]
        elif kind == _MERGED:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            spans.append(Span(top, left, bottom, right))
        elif kind <= _LAST_CELL:
            column, style = struct.unpack_from("<II", body)
            if kind in (_ERROR, _FORMULA_ERROR):
                apply_correction(
                    grid, CellCorrection(row, column, ErrorValue(ERRORS.get(body[8], "#N/A")))
                )
                continue
            style &= 0xFFFFFF
            rich = (
                styles.rich.get(struct.unpack_from("<I", body, 8)[0])
                if kind == _SHARED_TEXT
                else None
            )
            font, effect = styles.font(style)
            if rich is not None:
                apply_correction(grid, _correction_of(row, column, rich, style, styles))
                continue
            if kind in _NUMBERS and styles.shows_no_numbers(style):
                effect = "hidden"
            for correction in styled(grid, row, column, font, styles.is_share(style), effect):
                apply_correction(grid, correction)
        elif kind == _RICH_TEXT:
            column, style = struct.unpack_from("<II", body)
            apply_correction(
                grid, _correction_of(row, column, _rich_text(body, 8), style & 0xFFFFFF, styles)
            )
    grid.merged = tuple(spans)


def _correction_of(
    row: int, column: int, rich: _RichText, style: int, styles: _Styles
) -> CellCorrection:
    text, starts = rich
    seen = seen_text(
        runs_of(
            text,
            styles.font(style),
            [(start, styles.font_of(number, style)) for start, number in starts],
        )
    )
    value = seen.shown if seen.shown.strip() else None
    return CellCorrection(
        row, column, value, seen.raw if seen.raw != seen.shown else None, seen.left_out
    )


def _add_unseen(grid: Grid, sheet: bytes, related: list[tuple[str, bytes]]) -> None:
    """Takes hidden rows and columns out of the grid, and adds the comments, which are a part of
    their own."""
    rows, columns = set[int](), set[int]()
    for kind, body in _records(sheet):
        if kind == _ROW and body[11] & _ROW_IS_HIDDEN:
            rows.add(struct.unpack_from("<I", body)[0])
        elif kind == _COLUMN:
            first, last, width, _, flags = struct.unpack_from("<4IH", body)
            if flags & 1 or not width:
                columns.update(range(first, min(last, _LAST_COLUMN) + 1))
    filtered: set[int] = set()
    for part in (sheet, *(part for kind, part in related if kind == "table")) if rows else ():
        filtered |= rows & set(_filtered(part))
    for relation, part in related:
        if relation == "comments":
            grid.comments.update(_comments(part))
    conceal(grid, rows, columns, filtered)


def _filtered(part: bytes) -> range:
    """The rows below the header of a filter that is on."""
    rows = range(0)
    for kind, body in _records(part):
        if kind == _FILTER:
            top, bottom = struct.unpack_from("<II", body)
            rows = range(top + 1, bottom + 1)
        elif kind == _FILTER_COLUMN:
            return rows
    return range(0)


def _comments(part: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    place = 0, 0
    for kind, body in _records(part):
        if kind == _COMMENT:
            row, _, column = struct.unpack_from("<III", body, 4)
            place = row, column
        elif kind == _COMMENT_TEXT and (text := without_author(_rich_text(body, 0)[0])):
            yield place, text


def _rich_texts(part: bytes) -> dict[int, _RichText]:
    """The shared strings that are set in several fonts, by number."""
    texts = (_rich_text(body, 0) for kind, body in _records(part) if kind == _STRING)
    return {number: rich for number, rich in enumerate(texts) if rich[1]}


def _rich_text(body: bytes, start: int) -> _RichText:
    text, end = _text(body, start + 1)
    if not body[start] & 1:
        return text, ()
    count = min(struct.unpack_from("<I", body, end)[0], (len(body) - end - 4) // 4)
    return text, tuple(struct.unpack_from("<HH", body, end + 4 + 4 * n) for n in range(count))


def _styles(part: bytes) -> _Styles:
    styles, in_cells = _Styles(), False
    for kind, body in _records(part):
        if kind == _FONT:
            effect: TextEffect = (
                "struck"
                if body[2] & _FONT_IS_STRUCK
                else "raised"
                if body[6] in (1, 2)
                else "plain"
            )
            styles.fonts.append((_text(body, 21)[0], effect))
            points = struct.unpack_from("<H", body)[0] / 20
            styles.inks.append(Ink(as_text(binary_colour(body, 12)), points))
        elif kind == _FILL:
            pattern = struct.unpack_from("<I", body)[0]
            styles.fills.append(filled(pattern, binary_colour(body, 4)))
        elif kind == _FORMAT:
            number, shown = struct.unpack_from("<H", body)[0], _text(body, 2)[0]
            if "%" in shown:
                styles.shares.add(number)
            if shows_no_numbers(shown):
                styles.unseen_formats.add(number)
        elif kind in (_BEGIN_CELL_XFS, _END_CELL_XFS):
            in_cells = kind == _BEGIN_CELL_XFS
        elif kind == _XF and in_cells:
            styles.styles.append(struct.unpack_from("<HHH", body, 2))
    return styles


def _sheets(workbook: bytes) -> Iterator[tuple[str, str]]:
    """The sheets' names and the ids of their relations."""
    for kind, body in _records(workbook):
        if kind == _SHEET:
            relation, end = _text(body, 8)
            yield _text(body, end)[0], relation


def _records(part: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(part):
        kind, place = _number(part, place, 2)
        length, place = _number(part, place, 4)
        yield kind, part[place : place + length]
        place += length


def _number(part: bytes, place: int, max_bytes: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and the place behind it."""
    value = 0
    for group in range(max_bytes):
        byte = part[place]
        place += 1
        value |= (byte & 0x7F) << 7 * group
        if byte < 0x80:
            break
    return value, place


def _text(body: bytes, start: int) -> tuple[str, int]:
    """A text of UTF-16, and the place behind it; one that is absent has the length of all ones."""
    length = struct.unpack_from("<I", body, start)[0]
    length = 0 if length == 0xFFFFFFFF else length
    end = start + 4 + 2 * length
    return body[start + 4 : end].decode("utf-16-le", errors="replace"), end
