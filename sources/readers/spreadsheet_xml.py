"""What calamine does not tell of an xlsx: errors, formulas never computed, shares, legacy fonts,
how far it reaches.

Most sheets hold none of these, which a search over the sheet's bytes tells at once; only the others
are parsed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from sources.campaigns import Limits
from sources.grids import ErrorValue, Uncached, column_letters
from sources.legacy_encodings import decoder_of_font
from sources.readers.cell_corrections import MAX_PLACES, CellCorrection, percent
from sources.readers.packages import Package
from sources.readers.parts import main_part, part_of_kind, plain_relations, relations
from sources.readers.refusals import broken, too_far, too_much
from sources.readers.safe_xml import attribute, local_name, parse_xml, refuse_doctype, whole
from sources.readers.text_effects import Run, TextEffect, seen_text

_SHEET_KINDS = ("worksheet", "chartsheet", "dialogsheet")
_HEAD = 65_536  # within these first bytes a sheet names its elements

_FAR = re.compile(rb"""\br\s*=\s*["'](?:[A-Z]{2,}\d+|[A-Z]?\d{4,})["']""")
# a literal first: the search flies
_FAR_OR_ODD = re.compile(rb' r(?:="(?:[A-Z]{2,}\d|[A-Z]?\d{4})|=[^"]|\s)')
_ODD_SPACES = (b"\t", b"\n", b"\r")  # between cells, where no Office program writes any
# what holds nothing is only styled
_TAG = re.compile(rb"<(?:\w+:)?(?:(row)\b[^<>]*|c\b[^<>]*[^/>])>(?!\s*</)")
_REF = re.compile(rb"""\br\s*=\s*["']([A-Z]{0,3})(\d{1,10})["']""")
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
_LEGACY_FONT = re.compile(rb"""["'](?:\.vn|vni-|wingdings|symbol["'])""", re.IGNORECASE)
_STRUCK_OR_RAISED = re.compile(rb"""<(?:\w+:)?(?:strike\b|vertAlign\b[^>]*["']su[bp])""")
_QUOTED_OR_ESCAPED = re.compile(r'"[^"]*"|\\.')
_BUILT_IN_SHARES = {9, 10}
_MAX_STYLES = 65_536  # Excel itself stops a little below


class StringRun(NamedTuple):
    """A stretch of a string; font and looks are the cell's own where they are None."""

    font: str | None
    text: str
    effect: TextEffect | None


@dataclass(frozen=True, slots=True)
class Styles:
    """Of the cell styles by number: which show a share (%), which are struck out, and which are in
    a legacy font."""

    shares: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()
    fonts: tuple[tuple[int, str], ...] = ()
    used: re.Pattern[bytes] | None = None


class _CellStyle(NamedTuple):
    is_share: bool
    is_struck: bool
    font: str | None


@dataclass(frozen=True, slots=True)
class Book:
    """The parts of a workbook: the sheets' parts in their order, styles, and shared strings as runs
    if looks matter.

    `replaced` holds the parts that calamine would not read as they stand, in a way in which it
    does.
    """

    sheets: tuple[str, ...]
    styles: Styles
    strings: tuple[tuple[StringRun, ...], ...] = ()
    replaced: tuple[tuple[str, bytes], ...] = ()


def book_of(package: Package) -> Book:
    """The parts of an xlsx or xlsm. Raises RefusedFile where they do not fit together."""
    main = main_part(package, "xl/workbook.xml")
    targets = relations(package, main)
    try:
        workbook = parse_xml(package.read(main))
    except KeyError as error:
        raise broken() from error
    sheets = {
        sheet: targets.get(attribute(sheet, "id") or "", ("", ""))
        for sheet in workbook.iter("{*}sheet")
    }
    replaced: list[tuple[str, bytes]] = []
    for sheet, (kind, _) in sheets.items():
        if kind not in _SHEET_KINDS:  # a module or macros of old: it holds no cells
            parent = sheet.getparent()
            if parent is None:
                raise broken()
            parent.remove(sheet)
            replaced = [(main, etree.tostring(workbook))]
    replaced += plain_relations(package, main)
    parts = tuple(part for kind, part in sheets.values() if kind in _SHEET_KINDS)
    if not parts and sheets:
        raise broken()
    styles_part, strings_part = (
        part_of_kind(targets, "styles"),
        part_of_kind(targets, "sharedStrings"),
    )
    styles = cell_styles(package.read(styles_part)) if styles_part in package else Styles()
    strings = package.read(strings_part) if strings_part in package else b""
    if (
        styles.fonts
        or styles.struck
        or _LEGACY_FONT.search(strings)
        or _STRUCK_OR_RAISED.search(strings)
    ):
        return Book(parts, styles, _runs_of_strings(strings), tuple(replaced))
    return Book(parts, styles, (), tuple(replaced))


@lru_cache(maxsize=64)
def cell_styles(xml: bytes) -> Styles:
    """The styles of a styles.xml; kept, since the offices of one campaign fill in the same form."""
    root = parse_xml(xml)
    if len(root.findall("{*}cellXfs/{*}xf")) > _MAX_STYLES:
        raise broken()
    formats = {
        whole(f.get("numFmtId"), 0)
        for f in root.iter("{*}numFmt")
        if "%" in _QUOTED_OR_ESCAPED.sub("", f.get("formatCode", ""))
    } | _BUILT_IN_SHARES
    fonts = [
        next((n.get("val", "") for n in font if local_name(n) in ("name", "rFont")), "")
        for font in root.findall("{*}fonts/{*}font")
    ]
    crossed = [
        any(_is_on(n) for n in font.findall("{*}strike"))
        for font in root.findall("{*}fonts/{*}font")
    ]
    shares, struck, legacy = set(), set(), []
    for number, style in enumerate(root.findall("{*}cellXfs/{*}xf")):
        if whole(style.get("numFmtId"), 0) in formats:
            shares.add(number)
        font = whole(style.get("fontId"), 0)
        if font < len(fonts) and decoder_of_font(fonts[font]):
            legacy.append((number, fonts[font]))
        if font < len(crossed) and crossed[font]:
            struck.add(number)
    numbers = sorted(shares | struck | {number for number, _ in legacy})
    used = (
        re.compile(rf"""\bs\s*=\s*["'](?:{"|".join(map(str, numbers))})["']""".encode())
        if numbers
        else None
    )
    return Styles(frozenset(shares), frozenset(struck), tuple(legacy), used)


def corrections_of(sheet: bytes, book: Book) -> Iterator[CellCorrection]:
    """The sheet's errors, formulas without a result, shares (as text, "85,5%") and texts of legacy
    fonts, converted."""
    if not _needs_corrections(sheet, book):
        return
    fonts = dict(book.styles.fonts)
    for row, column, cell in _cells(sheet):
        style = whole(cell.get("s"), 0)
        correction = _correction(
            row,
            column,
            cell,
            _CellStyle(style in book.styles.shares, style in book.styles.struck, fonts.get(style)),
            book,
        )
        if correction is not None:
            yield correction


def check_extent(sheet: bytes, limits: Limits) -> None:
    """Raises RefusedFile (unreadable) where a sheet holds too much, or a cell so far out that the
    rectangle would."""
    refuse_doctype(sheet)
    if not _may_reach_far(sheet) or not _FAR.search(sheet):
        return
    row = column = bottom = right = filled_row = rows = cells = 0
    for tag in _TAG.finditer(sheet):
        ref = _REF.search(tag[0])
        if tag[1]:
            row, column = int(ref[2]) if ref else row + 1, 0
            continue
        column = _column_number(ref[1]) if ref and ref[1] else column + 1
        row = int(ref[2]) if ref and ref[1] else row
        cells, rows, filled_row = cells + 1, rows + (row != filled_row), row
        bottom, right = max(bottom, row), max(right, column)
        if rows > limits.rows or cells > limits.cells:
            raise too_much(limits)
    if bottom * right > MAX_PLACES:
        raise too_far(f"{column_letters(right - 1)}{bottom}")


def _may_reach_far(sheet: bytes) -> bool:
    """A cheap look before the thorough one: a ref that reaches far, or any that is written as no
    program writes it."""
    cells = max(sheet.find(b"sheetData"), 0)
    return bool(_FAR_OR_ODD.search(sheet, cells)) or any(
        sheet.find(odd, cells) >= 0 for odd in _ODD_SPACES
    )


def _needs_corrections(sheet: bytes, book: Book) -> bool:
    """Each of these is looked for in the cheap way first, and in the exact one where that finds
    anything."""
    prefixed = sheet.find(b":sheetData", 0, _HEAD) >= 0 or sheet.find(b":worksheet", 0, _HEAD) >= 0
    error = _MAYBE_ERROR.search(sheet) or (b"'" in sheet and b"'e'" in sheet)
    inline = b"inlineStr" in sheet and (
        _STRUCK_OR_RAISED.search(sheet) or _LEGACY_FONT.search(sheet)
    )
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
                ref = _REF.match(b'r="%s"' % cell.get("r", "").encode())
                column = _column_number(ref[1]) - 1 if ref and ref[1] else column + 1
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
        return _correction_of_runs(row, column, runs, style)
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
            CellCorrection(row, column, percent(text), text)
            if style.is_share and kind == "n" and text
            else None
        )
    if style.is_struck and text:
        return CellCorrection(row, column, found.value if found else None, struck=True)
    return found


def _sum_of(row: int, column: int, formula: str) -> CellCorrection | None:
    """The result of a formula that adds up plain numbers (`=20+3`), which needs no program to
    compute it."""
    if not _SUM.fullmatch(formula):
        return None
    return CellCorrection(
        row, column, sum(map(int, re.findall(r"[+-]?\d+", formula))), f"={formula}"
    )


def _correction_of_runs(
    row: int, column: int, runs: tuple[StringRun, ...], style: _CellStyle
) -> CellCorrection | None:
    """What a text shows beyond its letters: another font's letters, or that parts of it are struck
    out or raised."""
    own: TextEffect = "struck" if style.is_struck else "plain"
    parts = []
    for font, text, effect in runs:
        decode = decoder_of_font(font or style.font)
        parts.append(Run(decode(text) if decode else text, text, effect or own))
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
        return _runs(cell.find("{*}is"))
    return (StringRun(None, text, None),) if kind == "str" and text else None


def _runs_of_strings(xml: bytes) -> tuple[tuple[StringRun, ...], ...]:
    return tuple(_runs(item) for item in parse_xml(xml)) if xml else ()


def _runs(item: etree._Element | None) -> tuple[StringRun, ...]:
    """The runs of a string with their own fonts; phonetic guides are no text."""
    runs: list[StringRun] = []
    for part in item if item is not None else ():
        if local_name(part) == "t":
            runs.append(StringRun(None, part.text or "", None))
        elif local_name(part) == "r":
            font = part.find("{*}rPr/{*}rFont")
            name = font.get("val") if font is not None else None
            runs.append(StringRun(name, part.findtext("{*}t") or "", _effect(part)))
    return tuple(runs)


def _effect(run: etree._Element) -> TextEffect | None:
    if run.find("{*}rPr") is None:
        return None
    raised = run.find("{*}rPr/{*}vertAlign")
    if any(_is_on(mark) for mark in run.findall("{*}rPr/{*}strike")):
        return "struck"
    return "raised" if raised is not None and raised.get("val", "").startswith("su") else "plain"


def _is_on(mark: etree._Element) -> bool:
    return mark.get("val", "1") not in ("0", "false")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
