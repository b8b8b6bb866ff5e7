"""Colours of cells as workbooks name them, and formats of numbers that show nothing."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping

from lxml import etree

from sources.readers.ink import WHITE, Colour, Ground, Ink, parse_colour
from sources.readers.safe_xml import whole

_BLACK: Colour = (0, 0, 0)
# Of the palette and the theme what every workbook has; what others are need not be known, since
# text in them is taken as seen.
INDEXED: Mapping[int, Colour] = {0: _BLACK, 1: WHITE, 8: _BLACK, 9: WHITE, 64: _BLACK, 65: WHITE}
_THEME: Mapping[int, Colour] = {0: WHITE, 1: _BLACK}
_QUOTED_OR_ESCAPED = re.compile(r'"[^"]*"|\\.')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?")
_AUTO, _INDEXED, _RGB, _OF_THEME = range(4)  # kinds of a colour in an xlsb
_TINTS = 32_767


def of_theme(number: int, tint: float) -> Colour | None:
    """A colour of the theme, lighter (tint up to 1) or darker (down to -1); None where it is
    not known."""
    colour = _THEME.get(number)
    if colour is None:
        return None
    if tint < 0:
        red, green, blue = (round(channel * (1 + max(tint, -1))) for channel in colour)
    else:
        red, green, blue = (round(255 - (255 - c) * (1 - min(tint, 1))) for c in colour)
    return red, green, blue


def as_text(colour: Colour | None) -> str:
    """The colour as an ink has it; `auto` where it is not known."""
    return "auto" if colour is None else "{:02X}{:02X}{:02X}".format(*colour)


def filled(pattern: int, colour: Colour | None) -> Ground:
    """The ground of a cell whose fill has that pattern (0 none, 1 solid) and colour."""
    if pattern == 0:
        return None
    return "unknown" if pattern != 1 or colour is None else colour


def ink_of(font: etree._Element) -> Ink:
    """The ink of an xlsx's font, or of a run of a text."""
    colour, size = font.find("{*}color"), font.find("{*}sz")
    points = size.get("val", "") if size is not None else ""
    return Ink(
        "" if colour is None else as_text(_colour(colour)),
        float(points) if _NUMBER.fullmatch(points) else 0,
    )


def ground_of(fill: etree._Element) -> Ground:
    """The ground that an xlsx's fill gives; a gradient is not known."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return "unknown" if len(fill) else None
    kind, colour = pattern.get("patternType", "none"), pattern.find("{*}fgColor")
    number = {"none": 0, "solid": 1}.get(kind, 2)
    return filled(number, None if colour is None else _colour(colour))


def _colour(element: etree._Element) -> Colour | None:
    if rgb := element.get("rgb"):
        return parse_colour(rgb[-6:])  # before it stands how opaque it is
    if theme := element.get("theme"):
        tint = element.get("tint", "0")
        return of_theme(whole(theme, 0), float(tint) if _NUMBER.fullmatch(tint) else 0)
    return INDEXED.get(whole(element.get("indexed"), -1))


def binary_colour(body: bytes, start: int) -> Colour | None:
    """A colour of an xlsb's fonts and fills; None where it is the program's or not known."""
    kind, number, tint, red, green, blue = struct.unpack_from("<BBhBBB", body, start)
    kind >>= 1
    if kind == _INDEXED:
        return INDEXED.get(number)
    if kind == _OF_THEME:
        return of_theme(number, tint / _TINTS)
    return (red, green, blue) if kind == _RGB else None


def shows_no_numbers(number_format: str) -> bool:
    """Whether a cell of that format shows nothing where a number stands (`;;;`)."""
    first, *others = _QUOTED_OR_ESCAPED.sub("x", number_format).split(";")
    return bool(others) and not first.strip()
