"""Binary workbooks (xlsb): errors, merged cells, shares and legacy fonts, which calamine does not tell of this format.

Only Excel writes it, and Excel computes its formulas: there are none without a result.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from sources.campaigns import Limits
from sources.grids import ErrorValue, Grid, Span, column_letters
from sources.readers.notes import MOST_PLACES, Note, put, styled, trim
from sources.readers.old_excel import ERRORS
from sources.readers.packages import Package
from sources.readers.parts import main_part, part_of_kind, relations
from sources.readers.refusals import broken, too_far
from sources.readers.workbooks import read_workbook

_ROW, _BLANK, _ERROR, _FORMULA_ERROR, _LAST_CELL = 0, 1, 3, 11, 11
_FONT, _FORMAT, _XF, _BEGIN_CELL_XFS, _END_CELL_XFS = 43, 44, 47, 617, 618
_SHEET, _MERGED = 156, 176
_BUILT_IN_SHARES = {9, 10}


@dataclass(slots=True)
class _Styles:
    """Of each cell style its font and number format, by number."""

    fonts: list[str] = field(default_factory=list)
    shares: set[int] = field(default_factory=lambda: set(_BUILT_IN_SHARES))
    styles: list[tuple[int, int]] = field(default_factory=list)

    def font(self, style: int) -> str:
        """The name of a style's font."""
        number = self.styles[style][1] if style < len(self.styles) else len(self.fonts)
        return self.fonts[number] if number < len(self.fonts) else ""

    def is_share(self, style: int) -> bool:
        """Whether a style shows its number as a share (%)."""
        return style < len(self.styles) and self.styles[style][0] in self.shares


def read_binary_excel(data: bytes, package: Package, limits: Limits) -> list[Grid]:
    """The sheets of an xlsb that hold anything, in the workbook's order. Raises RefusedFile."""
    main = main_part(package, "xl/workbook.bin")
    targets = relations(package, main)
    try:
        styles = _styles(package.read(part_of_kind(targets, "styles")))
        parts = {name: targets[relation][1] for name, relation in _sheets(package.read(main)) if relation}
        sheets = {name: package.read(part) for name, part in parts.items() if "worksheets/" in part}
        for sheet in sheets.values():
            _check_extent(sheet)
        grids = {grid.sheet: grid for grid in read_workbook(data, "xlsb", package, limits)}
        for name, sheet in sheets.items():
            grid = grids.setdefault(name, Grid(sheet=name, rows=[]))
            _complete(grid, sheet, styles)
            trim(grid.rows, limits)
    except (KeyError, IndexError, struct.error) as error:
        raise broken() from error
    return [grid for grid in grids.values() if grid.rows]


def _check_extent(sheet: bytes) -> None:
    """Raises RefusedFile where a cell lies so far out that the sheet's rectangle would fill the memory."""
    row = bottom = right = 0
    for kind, body in _records(sheet):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0]
        elif _BLANK < kind <= _LAST_CELL:
            bottom, right = max(bottom, row), max(right, struct.unpack_from("<I", body)[0])
    if (bottom + 1) * (right + 1) > MOST_PLACES:
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
                put(grid, Note(row, column, ErrorValue(ERRORS.get(body[8], "#N/A"))))
                continue
            for note in styled(grid, row, column, styles.font(style & 0xFFFFFF), styles.is_share(style & 0xFFFFFF)):
                put(grid, note)
    grid.merged = tuple(spans)


def _styles(part: bytes) -> _Styles:
    styles, in_cells = _Styles(), False
    for kind, body in _records(part):
        if kind == _FONT:
            styles.fonts.append(_text(body, 21)[0])
        elif kind == _FORMAT and "%" in _text(body, 2)[0]:
            styles.shares.add(struct.unpack_from("<H", body)[0])
        elif kind in (_BEGIN_CELL_XFS, _END_CELL_XFS):
            in_cells = kind == _BEGIN_CELL_XFS
        elif kind == _XF and in_cells:
            styles.styles.append(struct.unpack_from("<HH", body, 2))
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
        yield kind, part[place:place + length]
        place += length


def _number(part: bytes, place: int, longest: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and the place behind it."""
    value = 0
    for group in range(longest):
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
    return body[start + 4:end].decode("utf-16-le", errors="replace"), end
