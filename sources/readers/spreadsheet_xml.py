"""What calamine does not give of the cells of an xlsx: errors, formulas never computed, shares,
legacy fonts, what is struck out or raised.

Most sheets hold none of these, which a search over the sheet's bytes shows at once; only the others
are parsed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from sources.grids import ErrorValue, Uncached
from sources.legacy_encodings import decoder_of_font
from sources.readers.cell_corrections import CellCorrection, percent
from sources.readers.ink import WHITE, Ground
from sources.readers.refusals import broken
from sources.readers.safe_xml import whole
from sources.readers.spreadsheet_extent import CELL_REF, column_number
from sources.readers.spreadsheet_parts import (
    LEGACY_FONT,
    UNLIKE_OTHERS,
    Book,
    StringRun,
    runs_of,
)
from sources.readers.text_effects import Run, TextEffect, seen_text

_HEAD = 65_536  # within these first bytes a sheet names its elements

# which finds it four times as fast as a search over the bytes does
_MAYBE_ERROR = re.compile(rb'"e"')
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_UNCACHED = re.compile(rb"<f\b[^<>]*(?:/>|>[^<]*</f>)(?!\s*<v\b)")
_EMPTY_RESULT = re.compile(
    rb"""<c\b(?![^<>]*\bt\s*=\s*["']str)[^<>]*>\s*<f\b[^<>]*(?:/>|>[^<]*</f>)"""
    rb"""\s*<v\b[^<>]*(?:/>|>\s*<)"""
)
# either of the two
_NO_RESULT = re.compile(rb"<f\b[^<>]*(?:/>|>[^<]*</f>)(?!\s*<v\b[^<>]*(?<!/)>\s*[^<\s])")
# a formula of numbers alone, as people add up in a cell
_SUM = re.compile(r"\+?\d{1,6}(?:[+-]\d{1,6}){1,20}")
_SUM_IN_SHEET = re.compile(rb"<f>\+?\d{1,6}[+-]\d")
_PREFIXED = re.compile(rb"<\w+:(?:worksheet|sheetData)\b")


class _CellStyle(NamedTuple):
    is_share: bool
    effect: TextEffect
    shows_no_numbers: bool
    font: str | None
    ground: Ground


def corrections_of(sheet: bytes, book: Book) -> Iterator[CellCorrection]:
    """The sheet's errors, formulas without a result, shares (as text, "85,5%") and texts of legacy
    fonts, converted."""
    if not _needs_corrections(sheet, book):
        return
    fonts, effects = dict(book.styles.fonts), dict(book.styles.effects)
    grounds = dict(book.styles.grounds)
    for row, column, cell in _cells(sheet):
        style = whole(cell.get("s"), 0)
        correction = _correction(
            row,
            column,
            cell,
            _CellStyle(
                style in book.styles.shares,
                effects.get(style, "plain"),
                style in book.styles.no_numbers,
                fonts.get(style),
                grounds.get(style, WHITE),
            ),
            book,
        )
        if correction is not None:
            yield correction


def _needs_corrections(sheet: bytes, book: Book) -> bool:
    """Each of these is looked for in the cheap way first, and in the exact one where that finds
    anything."""
    prefixed = sheet.find(b":sheetData", 0, _HEAD) >= 0 or sheet.find(b":worksheet", 0, _HEAD) >= 0
    error = _MAYBE_ERROR.search(sheet) or (b"'" in sheet and b"'e'" in sheet)
    inline = b"inlineStr" in sheet and (UNLIKE_OTHERS.search(sheet) or LEGACY_FONT.search(sheet))
    return bool(
        book.strings
        or inline
        or (prefixed and _PREFIXED.search(sheet, 0, _HEAD))
        or (error and _ERROR.search(sheet))
        or _SUM_IN_SHEET.search(sheet)
        or (_NO_RESULT.search(sheet) and (_UNCACHED.search(sheet) or _EMPTY_RESULT.search(sheet)))
        or (book.styles.used and book.styles.used.search(sheet))
    )


def _cells(sheet: bytes) -> Iterator[tuple[int, int, etree._Element]]:
    """The cells with their zero-based places, the tree let go row by row."""
    row = -1
    try:
        for _, element in etree.iterparse(
            io.BytesIO(sheet),
            tag="{*}row",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        ):
            row = whole(element.get("r"), row + 2) - 1
            column = -1
            for cell in element.iterchildren("{*}c"):
                ref = CELL_REF.match(b'r="%s"' % cell.get("r", "").encode())
                column = column_number(ref[1]) - 1 if ref and ref[1] else column + 1
                yield (int(ref[2]) - 1 if ref else row), column, cell
            element.clear()
    except etree.XMLSyntaxError as error:
        raise broken() from error


def _correction(
    row: int, column: int, cell: etree._Element, style: _CellStyle, book: Book
) -> CellCorrection | None:
    kind, value, formula = cell.get("t", "n"), cell.find("{*}v"), cell.find("{*}f")
    text = value.text if value is not None else None
    runs = _runs_of_cell(cell, kind, text, book)
    if runs is not None:
        return _correction_ofruns_of(row, column, runs, style)
    if kind == "e":
        found: CellCorrection | None = CellCorrection(row, column, ErrorValue(text or "#N/A"))
    elif formula is not None and not text and not (kind == "str" and value is not None):
        found = _sum_of(row, column, formula.text or "") or CellCorrection(
            row, column, Uncached(formula.text or "")
        )
    elif (
        formula is not None and kind == "n" and (total := _sum_of(row, column, formula.text or ""))
    ):
        # the file keeps an old result, and Excel shows the new
        found = total if str(total.value) != text else None
    else:
        found = (
            CellCorrection(row, column, percent(text))
            if style.is_share and kind == "n" and text
            else None
        )
    effect = "hidden" if style.shows_no_numbers and kind == "n" else style.effect
    if effect != "plain" and text:
        return CellCorrection(row, column, found.value if found else None, effect=effect)
    return found


def _sum_of(row: int, column: int, formula: str) -> CellCorrection | None:
    """The result of a formula that adds up plain numbers (`=20+3`), which needs no program to
    compute it."""
    if not _SUM.fullmatch(formula):
        return None
    return CellCorrection(
        row, column, sum(map(int, re.findall(r"[+-]?\d+", formula))), f"={formula}"
    )


def _correction_ofruns_of(
    row: int, column: int, runs: tuple[StringRun, ...], style: _CellStyle
) -> CellCorrection | None:
    """What a text shows beyond its letters: another font's letters, or that parts of it are struck
    out or raised."""
    parts = []
    for font, text, effect, ink in runs:
        decode = decoder_of_font(font or style.font)
        if effect in ("plain", "raised") and ink.is_unseen_on(style.ground):
            effect = "hidden"
        parts.append(Run(decode(text) if decode else text, text, effect or style.effect))
    shown, raw, left_out = seen_text(parts)
    if left_out is None and shown == raw and all(part.effect == "plain" for part in parts):
        return None
    value = shown if shown.strip() else None
    return CellCorrection(row, column, value, raw if shown != raw else None, left_out)


def _runs_of_cell(
    cell: etree._Element, kind: str, text: str | None, book: Book
) -> tuple[StringRun, ...] | None:
    """The runs of a cell's text; None where it holds no text, or its looks do not matter."""
    if kind == "s" and text and book.strings:
        number = whole(text, 0)
        return book.strings[number] if 0 <= number < len(book.strings) else ()
    if kind == "inlineStr":
        return runs_of(cell.find("{*}is"))
    return (StringRun(None, text, None),) if kind == "str" and text else None
