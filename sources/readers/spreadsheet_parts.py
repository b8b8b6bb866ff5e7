"""The parts of an xlsx that bear on its values: which parts its sheets are, its styles, its shared
strings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from sources.legacy_encodings import decoder_of_font
from sources.readers.ink import NO_INK, WHITE, Ground, Ink
from sources.readers.packages import Package
from sources.readers.parts import main_part, part_of_kind, plain_relations, relations
from sources.readers.refusals import broken
from sources.readers.safe_xml import attribute, local_name, parse_xml, whole
from sources.readers.spreadsheet_ink import ground_of, ink_of, shows_no_numbers
from sources.readers.text_effects import TextEffect

_SHEET_KINDS = ("worksheet", "chartsheet", "dialogsheet")
LEGACY_FONT = re.compile(rb"""["'](?:\.vn|vni-|wingdings|symbol["'])""", re.IGNORECASE)
# runs that are struck out, raised, of a light colour, or of next to no size
UNLIKE_OTHERS = re.compile(
    rb"""<(?:\w+:)?(?:strike\b|vertAlign\b[^>]*["']su[bp]|sz\b[^>]*["'][0-3](?:\.\d+)?["']"""
    rb"""|color\b[^>]*(?:rgb=["'](?:\w\w)?(?:[c-fC-F]\w){3}["']|theme=["']0["']|indexed=["'][19]["']))"""
)
_QUOTED_OR_ESCAPED = re.compile(r'"[^"]*"|\\.')
_BUILT_IN_SHARES = {9, 10}
_MAX_STYLES = 65_536  # Excel itself stops a little below


class StringRun(NamedTuple):
    """A stretch of a string; font and looks are the cell's own where they are None."""

    font: str | None
    text: str
    effect: TextEffect | None
    ink: Ink = NO_INK


@dataclass(frozen=True, slots=True)
class Styles:
    """Of the cell styles by number: which show a share (%), which are struck out or not seen, which
    are in a legacy font, and which fill the cell."""

    shares: frozenset[int] = frozenset()
    effects: tuple[tuple[int, TextEffect], ...] = ()
    no_numbers: frozenset[int] = frozenset()
    fonts: tuple[tuple[int, str], ...] = ()
    grounds: tuple[tuple[int, Ground], ...] = ()
    used: re.Pattern[bytes] | None = None


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
        or styles.effects
        or LEGACY_FONT.search(strings)
        or UNLIKE_OTHERS.search(strings)
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
    unseen_formats = {
        whole(f.get("numFmtId"), 0)
        for f in root.iter("{*}numFmt")
        if shows_no_numbers(f.get("formatCode", ""))
    }
    fonts = [
        next((n.get("val", "") for n in font if local_name(n) in ("name", "rFont")), "")
        for font in root.findall("{*}fonts/{*}font")
    ]
    looks = [
        (any(_is_on(n) for n in font.findall("{*}strike")), ink_of(font))
        for font in root.findall("{*}fonts/{*}font")
    ]
    fills = [ground_of(fill) for fill in root.findall("{*}fills/{*}fill")]
    shares, no_numbers, legacy = set[int](), set[int](), list[tuple[int, str]]()
    effects, grounds = list[tuple[int, TextEffect]](), list[tuple[int, Ground]]()
    for number, style in enumerate(root.findall("{*}cellXfs/{*}xf")):
        if whole(style.get("numFmtId"), 0) in unseen_formats:
            no_numbers.add(number)
        fill = whole(style.get("fillId"), 0)
        ground = fills[fill] if 0 <= fill < len(fills) else None
        if ground is not None:
            grounds.append((number, ground))
        if whole(style.get("numFmtId"), 0) in formats:
            shares.add(number)
        font = whole(style.get("fontId"), 0)
        if font < len(fonts) and decoder_of_font(fonts[font]):
            legacy.append((number, fonts[font]))
        is_struck, ink = looks[font] if font < len(looks) else (False, NO_INK)
        if is_struck or ink.is_unseen_on(ground or WHITE):
            effects.append((number, "struck" if is_struck else "hidden"))
    numbers = sorted(shares | no_numbers | {number for number, _ in (*legacy, *effects)})
    used = (
        re.compile(rf"""\bs\s*=\s*["'](?:{"|".join(map(str, numbers))})["']""".encode())
        if numbers
        else None
    )
    return Styles(
        frozenset(shares),
        tuple(effects),
        frozenset(no_numbers),
        tuple(legacy),
        tuple(grounds),
        used,
    )


def _runs_of_strings(xml: bytes) -> tuple[tuple[StringRun, ...], ...]:
    return tuple(runs_of(item) for item in parse_xml(xml)) if xml else ()


def runs_of(item: etree._Element | None) -> tuple[StringRun, ...]:
    """The runs of a string with their own fonts; phonetic guides are no text."""
    runs: list[StringRun] = []
    for part in item if item is not None else ():
        if local_name(part) == "t":
            runs.append(StringRun(None, part.text or "", None))
        elif local_name(part) == "r":
            font = part.find("{*}rPr/{*}rFont")
            name = font.get("val") if font is not None else None
            looks = part.find("{*}rPr")
            ink = NO_INK if looks is None else ink_of(looks)
            runs.append(StringRun(name, part.findtext("{*}t") or "", _effect(part), ink))
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
