"""How the styles of an OpenDocument file make text look, and what they hide: struck out, raised, of
no height."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from sources.readers.ink import NO_INK, ON_PAPER, Ink, parse_colour
from sources.readers.packages import Package
from sources.readers.safe_xml import attribute, local_name, parse_xml
from sources.readers.text_effects import TextEffect
from sources.readers.word_styles import is_heading_name

_MAX_STYLE_DEPTH = 20  # styles based on each other
_EFFECT_ATTRIBUTES = (
    b"line-through",
    b"text-position",
    b"display",
    b"row-height",
    b"color",
    b"column-width",
    b"font-",
)
_FAMILIES = {"span": "text", "a": "text", "p": "paragraph", "h": "paragraph"}
_FAMILIES |= {"table": "table", "table-row": "table-row"}
_BOLD = ("bold", "600", "700", "800", "900")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)pt")
_NOTHING = re.compile(r"0*(?:\.0*)?(?:cm|mm|in|pt|pc|px)?")


class Look(NamedTuple):
    """How letters look; font and bold are those around them where a style does not say."""

    effect: TextEffect = "plain"
    font: str = ""
    bold: bool = False
    ink: Ink = ON_PAPER

    @property
    def seen_effect(self) -> TextEffect:
        """The effect, hidden where the ink is not seen on its ground."""
        is_unseen = self.effect in ("plain", "raised") and self.ink.is_unseen_on(None)
        return "hidden" if is_unseen else self.effect


class Styles:
    """The looks of texts and cells by the names of their styles, and the names of rows and columns
    of no size."""

    def __init__(self, package: Package, content: etree._Element) -> None:
        self.effect: dict[tuple[str, str], TextEffect] = {}
        self.sizeless: set[str] = set()
        parts = [content]
        if "styles.xml" in package and any(
            mark in package.read("styles.xml") for mark in _EFFECT_ATTRIBUTES
        ):
            parts.append(parse_xml(package.read("styles.xml")))
        styles = {
            (attribute(style, "family") or "", attribute(style, "name") or ""): style
            for part in reversed(parts)
            for style in part.iter("{*}style", "{*}default-style")
        }
        faces = {
            attribute(face, "name") or "": (attribute(face, "font-family") or "").strip("'\"")
            for part in parts
            for face in part.iter("{*}font-face")
        }
        self.fonts: dict[tuple[str, str], str] = {}
        self.bold: dict[tuple[str, str], bool] = {}
        self.headings: set[str] = set()
        self.inks: dict[tuple[str, str], Ink] = {}
        for (family, name), style in styles.items():
            self._add_letters(family, name, style, styles, faces)
            effect = _effect(style, family, styles)
            if effect != "plain":
                self.effect[family, name] = effect
            for kind, size in (("row", "row-height"), ("column", "column-width")):
                properties = style.find(f"{{*}}table-{kind}-properties")
                if properties is not None and _NOTHING.fullmatch(
                    attribute(properties, size) or "none"
                ):
                    self.sizeless.add(name)

    def of(self, element: etree._Element) -> TextEffect | None:
        """How the element's own style makes its text look; None where it names none that
        matters."""
        if not self.effect:
            return None
        family = _FAMILIES.get(local_name(element), "table-cell")
        return self.effect.get((family, attribute(element, "style-name") or ""))

    def look_of(self, element: etree._Element, around: Look) -> Look:
        """How the element's letters look, within others that look as those `around`."""
        family = _FAMILIES.get(local_name(element), "table-cell")
        key = family, attribute(element, "style-name") or ""
        ink = self.inks.get(key, NO_INK).over(around.ink)
        if family != "text" and key not in self.fonts:
            key = family, ""  # the default of its kind
        return Look(
            self.of(element) or around.effect,
            self.fonts.get(key, around.font),
            self.bold.get(key, around.bold),
            ink,
        )

    def _add_letters(
        self,
        family: str,
        name: str,
        style: etree._Element,
        styles: dict[tuple[str, str], etree._Element],
        faces: dict[str, str],
    ) -> None:
        """The font and weight that the style, or the nearest of those that it is based on, sets."""
        font: str | None = None
        bold: bool | None = None
        ink = NO_INK
        for _ in range(_MAX_STYLE_DEPTH):
            for properties in style.iterchildren("{*}text-properties"):
                own = attribute(properties, "font-name")
                own = faces.get(own, own) if own else attribute(properties, "font-family")
                font = font if font is not None or own is None else own.strip("'\"")
                weight = attribute(properties, "font-weight")
                bold = bold if bold is not None or weight is None else weight in _BOLD
            ink = ink.over(_own_ink(style))
            titles = (attribute(style, "display-name") or "", attribute(style, "name") or "")
            if family == "paragraph" and any(
                is_heading_name(t.replace("_20_", " ")) for t in titles
            ):
                self.headings.add(name)
            parent = styles.get((family, attribute(style, "parent-style-name") or ""))
            if parent is None or parent is style:
                break
            style = parent
        self.inks[family, name] = ink
        if font is not None:
            self.fonts[family, name] = font
        if bold is not None:
            self.bold[family, name] = bold


def _effect(
    style: etree._Element, family: str, styles: dict[tuple[str, str], etree._Element]
) -> TextEffect:
    """The looks that the style, or the nearest of those that it is based on, sets."""
    for _ in range(_MAX_STYLE_DEPTH):
        found = _own_effect(style)
        parent = styles.get((family, attribute(style, "parent-style-name") or ""))
        if found is not None or parent is None:
            return found or "plain"
        style = parent
    return "plain"


def _own_ink(style: etree._Element) -> Ink:
    """The ink that the style itself sets: what letters are written with, and on."""
    found = NO_INK
    for properties in style:
        ground = attribute(properties, "background-color")
        ink = (
            Ink(ground=parse_colour(ground) or ("unknown" if ground != "transparent" else None))
            if ground
            else NO_INK
        )
        if local_name(properties) == "text-properties":
            own = attribute(properties, "color") or ""
            is_automatic = attribute(properties, "use-window-font-color") == "true"
            size = _POINTS.fullmatch(attribute(properties, "font-size") or "")
            ink = Ink("auto" if is_automatic else own, float(size[1]) if size else 0, ink.ground)
        found = found.over(ink)
    return found


def _own_effect(style: etree._Element) -> TextEffect | None:
    found: TextEffect | None = None
    for properties in style:
        if local_name(properties) != "text-properties":
            continue
        lines = [attribute(properties, f"text-line-through-{part}") for part in ("style", "type")]
        position = attribute(properties, "text-position")
        if any(line not in (None, "none") for line in lines):
            return "struck"
        if attribute(properties, "display") == "none":
            return "hidden"
        if position is not None:
            found = "raised" if _is_raised(position) else "plain"
        elif any(line is not None for line in lines):
            found = "plain"
    return found


def _is_raised(position: str) -> bool:
    """Whether a text position (`super 58%`, `33% 58%`, `0% 100%`) is off the line."""
    place = position.split()[0] if position.split() else ""
    return place in ("super", "sub") or (
        place.endswith("%") and place.strip("-%").strip("0.") != ""
    )
