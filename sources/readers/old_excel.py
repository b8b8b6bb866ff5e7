"""Excel 97–2003 workbooks (xls): calamine for the values, the records themselves for what it does
not tell.

Old offices keep old files: this is where texts in .VnTime and VNI fonts still come from.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import olefile

from sources.campaigns import Limits
from sources.grids import Document, ErrorValue, Grid, Uncached, Value
from sources.legacy_encodings import decoder_of_font
from sources.readers.cell_corrections import CellCorrection, apply_correction, styled, trim
from sources.readers.comments import without_author
from sources.readers.hidden import conceal
from sources.readers.ink import WHITE, Colour, Ground, Ink
from sources.readers.old_excel_records import (
    RichText,
    fill_in,
    filter_range,
    palette_of,
    rich_texts,
    unseen_in,
)
from sources.readers.refusals import broken, encrypted
from sources.readers.spreadsheet_ink import INDEXED, as_text, filled, shows_no_numbers
from sources.readers.text_effects import TextEffect, runs_of, seen_text
from sources.readers.workbooks import read_workbook

_EOF, _FILEPASS, _BOUNDSHEET, _FONT, _FORMAT, _XF, _BOF = 0x0A, 0x2F, 0x85, 0x31, 0x41E, 0xE0, 0x809
_PALETTE = 0x92
_STRINGS, _CONTINUE, _NAME, _SHARED_TEXT = 0xFC, 0x3C, 0x18, 0xFD
_FORMULA, _BOOLERR, _MULRK = 0x06, 0x205, 0xBD
_CELLS = {0x203, 0x27E, 0xFD, 0x204, 0xD6}  # number, packed number, shared, plain and rich text
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BUILT_IN_SHARES = {9, 10}
_LAST_COLUMN = 255  # of the format
_EMPTY_TEXT = b"\x17\x00\x00"  # as a constant within a formula


@dataclass(slots=True)
class _Globals:
    """What the workbook's first stream says of all sheets."""

    sheets: list[tuple[str, int]] = field(default_factory=list)
    fonts: list[tuple[str, TextEffect]] = field(default_factory=list)
    shares: set[int] = field(default_factory=lambda: set(_BUILT_IN_SHARES))
    styles: list[tuple[int, int]] = field(default_factory=list)
    unseen_formats: set[int] = field(default_factory=set)
    # of each font its height, in twentieths of a point, and its colour
    font_colours: list[tuple[int, int]] = field(default_factory=list)
    fills: list[tuple[int, int]] = field(default_factory=list)  # of each style: pattern, colour
    palette: dict[int, Colour] = field(default_factory=lambda: dict(INDEXED))

    rich: dict[int, RichText] = field(default_factory=dict)
    filters: dict[int, range] = field(default_factory=dict)

    def font(self, style: int) -> tuple[str, TextEffect]:
        """The name and looks of a style's font."""
        return self.font_of(self.styles[style][0] if style < len(self.styles) else 0, style)

    def font_of(self, number: int, style: int) -> tuple[str, TextEffect]:
        """The name and looks of a font in a cell of that style; number 4 is left out by the
        format."""
        number -= number > 4
        if number >= len(self.fonts):
            return "", "plain"
        name, effect = self.fonts[number]
        is_unseen = effect != "struck" and self.ink(number).is_unseen_on(self.ground(style))
        return name, "hidden" if is_unseen else effect

    def ink(self, number: int) -> Ink:
        """What a font writes with."""
        height, colour = self.font_colours[number]
        return Ink(as_text(self.palette.get(colour)), height / 20)

    def ground(self, style: int) -> Ground:
        """What a style fills its cells with, white where nothing."""
        pattern, colour = self.fills[style] if style < len(self.fills) else (0, 0)
        return filled(pattern, self.palette.get(colour)) or WHITE

    def shows_no_numbers(self, style: int) -> bool:
        """Whether a style shows nothing of a number."""
        return style < len(self.styles) and self.styles[style][1] in self.unseen_formats

    def is_share(self, style: int) -> bool:
        """Whether a style shows its number as a share (%)."""
        return style < len(self.styles) and self.styles[style][1] in self.shares


def read_old_excel(data: bytes, container: olefile.OleFileIO[str], limits: Limits) -> Document:
    """The sheets of an xls, with its errors, uncomputed formulas, shares and legacy fonts. Raises
    RefusedFile."""
    stream = container.openstream("Workbook" if container.exists("Workbook") else "Book").read()
    try:
        about = _globals(stream)
    except (struct.error, IndexError) as error:
        raise broken() from error
    grids = {grid.sheet: grid for grid in read_workbook(data, "xls", None, limits)}
    for number, (name, offset) in enumerate(about.sheets):
        grid = grids.get(name) or Grid(sheet=name, rows=[])
        records = list(_records(stream, offset))
        for correction in list(_corrections(records, about, grid)):
            apply_correction(grid, correction)
        trim(grid.rows, limits)
        _add_unseen(grid, records, about.filters.get(number))
        if grid.rows or grid.left_out:
            grids[name] = grid
    macros = container.exists("_VBA_PROJECT_CUR") or container.exists("VBA")
    return Document("xls", list(grids.values()), macros=macros)


def _add_unseen(grid: Grid, records: list[tuple[int, bytes]], filter_rows: range | None) -> None:
    try:
        unseen = unseen_in(records)
    except (struct.error, IndexError) as error:
        raise broken() from error
    grid.comments = {place: without_author(text) for place, text in unseen.comments.items()}
    filtered = unseen.rows if unseen.is_filtered else set()
    conceal(
        grid,
        unseen.rows,
        unseen.columns,
        filtered & set(filter_rows) if filter_rows is not None else filtered,
    )


def _globals(stream: bytes) -> _Globals:
    about, wide = _Globals(), False
    for kind, body in _records(stream, 0):
        if kind == _BOF:
            wide = struct.unpack_from("<H", body)[0] >= 0x600
        elif kind == _FILEPASS:
            raise encrypted()
        elif kind == _BOUNDSHEET:
            about.sheets.append((_text(body, 6, wide), struct.unpack_from("<I", body)[0]))
        elif kind == _PALETTE:
            about.palette |= palette_of(body)
        elif kind in (_FONT, _FORMAT, _XF):
            _add_style(about, kind, body, wide)
    _add_texts_and_filters(about, stream)
    return about


def _add_style(about: _Globals, kind: int, body: bytes, wide: bool) -> None:
    """One more font, number format or style of cells."""
    if kind == _FONT:
        about.fonts.append((_text(body, 14, wide), _effect(body)))
        about.font_colours.append(struct.unpack_from("<HxxH", body))
    elif kind == _FORMAT:
        number = struct.unpack_from("<H", body)[0]
        if b"%" in body[3:]:
            about.shares.add(number)
        if shows_no_numbers(_format(body, wide)):
            about.unseen_formats.add(number)
    else:
        about.styles.append(struct.unpack_from("<HH", body))
        about.fills.append(fill_in(body))


def _add_texts_and_filters(about: _Globals, stream: bytes) -> None:
    """The shared strings matter where a font is struck out, raised or a legacy one: most workbooks
    have none."""
    strings, before = list[bytes](), 0
    for kind, body in _records(stream, 0):
        if kind == _NAME and (found := filter_range(body)):
            about.filters[found[0]] = found[1]
        elif kind == _STRINGS:
            strings.append(body)
        elif kind == _CONTINUE and before == _STRINGS:
            strings.append(body)
            continue
        before = kind
    if strings and (
        any(effect != "plain" or decoder_of_font(name) for name, effect in about.fonts)
        or any(about.ink(number).is_unseen_on(WHITE) for number in range(len(about.fonts)))
    ):
        about.rich = rich_texts(strings)


def _format(body: bytes, wide: bool) -> str:
    """The text of a number's format."""
    return _text(body[:2] + body[2:3] + body[4:], 2, wide) if wide else _text(body, 2, wide)


def _value_at(grid: Grid, row: int, column: int) -> Value:
    values = grid.rows[row] if row < len(grid.rows) else []
    return values[column] if column < len(values) else None


def _effect(font: bytes) -> TextEffect:
    if font[2] & 8:
        return "struck"
    return "raised" if struct.unpack_from("<H", font, 8)[0] in (1, 2) else "plain"


def _corrections(
    records: list[tuple[int, bytes]], about: _Globals, grid: Grid
) -> Iterator[CellCorrection]:
    computed = not all(_is_empty_result(body) for kind, body in records if kind == _FORMULA)
    for kind, body in records:
        if kind == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            for place in range(4, len(body) - 2, 6):
                style = struct.unpack_from("<H", body, place)[0]
                yield from _styled(grid, row, first + place // 6, style, about)
        elif kind in (_FORMULA, _BOOLERR) or kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", body)
            if column > _LAST_COLUMN:
                raise broken()
            special = _special(kind, body, computed)
            if special is not None:
                yield CellCorrection(row, column, special)
            elif kind == _SHARED_TEXT and (
                rich := about.rich.get(struct.unpack_from("<I", body, 6)[0])
            ):
                yield _correction_of(row, column, rich, style, about)
            else:
                yield from _styled(grid, row, column, style, about)


def _styled(
    grid: Grid, row: int, column: int, style: int, about: _Globals
) -> Iterator[CellCorrection]:
    font, effect = about.font(style)
    if about.shows_no_numbers(style) and not isinstance(_value_at(grid, row, column), str):
        effect = "hidden"
    yield from styled(grid, row, column, font, about.is_share(style), effect)


def _correction_of(
    row: int, column: int, rich: RichText, style: int, about: _Globals
) -> CellCorrection:
    """A text of several fonts, of which the letters before the first run are in the cell's own."""
    text, starts = rich
    shown, raw, left_out = seen_text(
        runs_of(text, about.font(style), [(n, about.font_of(font, style)) for n, font in starts])
    )
    return CellCorrection(
        row, column, shown if shown.strip() else None, raw if raw != shown else None, left_out
    )


def _special(kind: int, body: bytes, computed: bool) -> ErrorValue | Uncached | None:
    if kind == _BOOLERR and body[7]:
        return ErrorValue(ERRORS.get(body[6], "#N/A"))
    if kind == _FORMULA and body[12:14] == b"\xff\xff":
        if body[6] == 2:
            return ErrorValue(ERRORS.get(body[8], "#N/A"))
        if not computed and _EMPTY_TEXT not in body[22:]:
            return Uncached("")
    return None


def _is_empty_result(formula: bytes) -> bool:
    """Whether the formula's result is an empty text: where all of a sheet's are, its program never
    computed them."""
    return formula[12:14] == b"\xff\xff" and formula[6] == 3


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, up to its end; an embedded chart is a substream within, and
    left out."""
    depth = 0
    while offset + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, offset)
        body = stream[offset + 4 : offset + 4 + length]
        offset += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, body


def _text(body: bytes, start: int, wide: bool) -> str:
    length = body[start]
    if not wide:
        return body[start + 1 : start + 1 + length].decode("cp1252", errors="replace")
    if body[start + 1] & 1:
        return body[start + 2 : start + 2 + 2 * length].decode("utf-16-le", errors="replace")
    return body[start + 2 : start + 2 + length].decode("latin-1")
