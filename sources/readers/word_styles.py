"""The styles of a Word file as far as they change what is read: headings, fonts, what is not seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from sources.readers.ink import NO_INK, Ink
from sources.readers.refusals import broken
from sources.readers.safe_xml import attribute, parse_xml, properties_of
from sources.readers.text_effects import TextEffect
from sources.readers.word_ink import WHOLE_TABLE, Fills, ground_in, ink_of

_MAX_STYLE_DEPTH = 20  # styles based on each other: Word itself allows a dozen
_MAX_STYLES = 10_000  # and some four thousand of them
_EFFECTS: dict[str, TextEffect] = {
    "strike": "struck",
    "dstrike": "struck",
    "vanish": "hidden",
    "vertAlign": "plain",
}
_HIDES: tuple[TextEffect, ...] = ("plain", "raised", "hidden", "struck")  # what counts of several
_OFF = {"0", "false", "off", "none"}
_HEADING_STYLE = re.compile(r"^(heading|title|tiêu đề|đầu đề|đề mục|mục)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says that matters here; `fills` is what one of tables fills."""

    heading: bool = False
    bold: bool = False
    font: str = ""
    effect: TextEffect = "plain"
    ink: Ink = NO_INK
    fills: Fills = ()


Styles = dict[str, Style]


def is_heading_name(style: str) -> bool:
    """Whether a style of that name is one of headings."""
    return _HEADING_STYLE.match(style) is not None


@lru_cache(maxsize=32)
def styles_of(xml: bytes) -> Styles:
    """The styles by their ids, the default under ""; kept, since most offices use their program's
    own."""
    return styles_in(parse_xml(xml))


def styles_in(root: etree._Element) -> Styles:
    """The styles of an element that holds them. Raises RefusedFile where they are too many."""
    found: dict[str, etree._Element] = {}
    resolved: Styles = {}
    for element in root.findall("{*}style"):
        found[attribute(element, "styleId") or ""] = element
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in (
            "1",
            "true",
            "on",
        ):
            found[""] = element
    default = font_in(properties_of(root.find("{*}docDefaults/{*}rPrDefault"), "rPr"))
    if len(found) > _MAX_STYLES:
        raise broken()
    for name in found:
        resolved[name] = _resolved(name, found, default)
    return resolved


def _resolved(name: str, found: dict[str, etree._Element], default: str) -> Style:
    heading, font, ink = False, "", NO_INK
    bold: bool | None = None
    effect: TextEffect | None = None
    fills: Fills = ()
    seen: set[str] = set()
    while name in found and name not in seen and len(seen) < _MAX_STYLE_DEPTH:
        seen.add(name)
        element = found[name]
        heading = heading or is_heading_name(value_of(element.find("{*}name")) or "")
        heading = heading or element.find("{*}pPr/{*}outlineLvl") is not None
        marks = properties_of(element, "rPr")
        bold = bold_in(marks) if bold is None else bold
        font = font or font_in(marks)
        effect = effect or effect_in(marks)
        ink = ink.over(ink_of(marks)).over(Ink(ground=ground_in(properties_of(element, "pPr"))))
        fills = fills or _fills(element)
        name = value_of(element.find("{*}basedOn")) or "\0"
    return Style(heading, bool(bold), font or default, effect or "plain", ink, fills)


def _fills(style: etree._Element) -> Fills:
    parts = [(WHOLE_TABLE, style)]
    parts += [(attribute(part, "type") or "", part) for part in style.findall("{*}tblStylePr")]
    grounds = ((name, ground_in(properties_of(part, "tcPr"))) for name, part in parts)
    return tuple((name, ground) for name, ground in grounds if ground is not None)


def effect_in(marks: dict[str, etree._Element]) -> TextEffect | None:
    """How a run looks by its own properties; None where they do not tell."""
    found: TextEffect | None = None
    for name in _EFFECTS.keys() & marks.keys():
        mark = marks[name]
        raised = name == "vertAlign" and value_of(mark) in ("superscript", "subscript")
        effect = "raised" if raised else _EFFECTS[name] if is_on(mark) else "plain"
        found = effect if found is None or _HIDES.index(effect) > _HIDES.index(found) else found
    return found


def bold_in(marks: dict[str, etree._Element]) -> bool | None:
    """Whether a run is bold by its own properties; None where they do not tell."""
    return is_on(marks["b"]) if "b" in marks else None


def font_in(marks: dict[str, etree._Element]) -> str:
    """The font of a run's own properties; "" where they name none."""
    fonts = marks.get("rFonts")
    return "" if fonts is None else attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or ""


def is_on(mark: etree._Element | None) -> bool:
    """Whether a property that is there is on."""
    return mark is not None and (value_of(mark) or "1").lower() not in _OFF


def value_of(element: etree._Element | None) -> str | None:
    """The `val` of a property."""
    return None if element is None else attribute(element, "val")
