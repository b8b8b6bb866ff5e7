"""The text of Word's paragraphs: what a tracked change struck out is gone, what stands in a text
box is there once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from sources.legacy_encodings import decoder_of_font, has_loose_accents
from sources.readers.refusals import broken
from sources.readers.safe_xml import attribute, local_name, parse_xml, properties_of
from sources.readers.text_effects import Run, SeenText, TextEffect, seen_text
from sources.symbol_fonts import SYMBOLS

_WRAPPERS = {
    "sdt",
    "sdtContent",
    "customXml",
    "smartTag",
    "ins",
    "moveTo",
    "hyperlink",
    "fldSimple",
    "AlternateContent",
    "Choice",
    "oMath",
    "oMathPara",
    "dir",
    "bdo",
}
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SOFT_HYPHEN = "\xad"
_MAX_STYLE_DEPTH = 20  # styles based on each other: Word itself allows a dozen
_MAX_STYLES = 10_000  # and some four thousand of them
_TICKED, _UNTICKED = "☑", "☐"
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
    """What a paragraph or run style says that matters here."""

    heading: bool = False
    bold: bool = False
    font: str = ""
    effect: TextEffect = "plain"


Styles = dict[str, Style]
_NO_STYLE = Style()


class Text:
    """A text being gathered, run by run, and whether all of it that is seen is bold."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.comments: list[str] = []  # the ids of those that hang on it
        self.bold = True

    def add(
        self, shown: str, raw: str, bold: bool, effect: TextEffect = "plain", font: str = ""
    ) -> None:
        """Append a run's text; `font` is the one that it is set in."""
        self.add_run(Run(shown, raw, effect, has_loose_accents(font)), bold)

    def add_run(self, run: Run, bold: bool) -> None:
        """Append a run."""
        self.runs.append(run)
        is_unseen = run.effect in ("struck", "hidden") or not run.shown.strip()
        self.bold = self.bold and (bold or is_unseen)

    def seen_text(self) -> SeenText:
        """The text as shown, as it stands in the file, and what of it is not seen."""
        return seen_text(self.runs)


def paragraph_text(paragraph: etree._Element, styles: Styles) -> tuple[Text, Style]:
    """The paragraph's text with that of its text boxes after it, and the style it is set in."""
    named = properties_of(paragraph, "pPr").get("pStyle")
    style = styles.get(_value(named) or "") or styles.get("") or _NO_STYLE
    text = Text()
    _gather(paragraph, style, styles, text)
    for box in text_boxes(paragraph):
        for inner in blocks(box):
            if local_name(inner) == "p":
                text.add("\n", "\n", True)
                _gather(inner, style, styles, text)
    return text, style


def is_heading(paragraph: etree._Element, text: Text, style: Style) -> bool:
    """Whether the paragraph is a heading: by its style, its outline level, or all of it being
    bold."""
    return style.heading or paragraph.find("{*}pPr/{*}outlineLvl") is not None or text.bold


def is_heading_name(style: str) -> bool:
    """Whether a style of that name is one of headings."""
    return _HEADING_STYLE.match(style) is not None


def blocks(container: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables (`p`, `tbl`) of a body, cell or text box in their order, through
    all wrappers."""
    for child in container:
        name = local_name(child)
        if name in ("p", "tbl"):
            yield child
        elif name in _WRAPPERS:
            yield from blocks(child)


def text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The text boxes anchored in a paragraph, once each: Word keeps an old form beside the new one
    as a fallback."""
    for box in paragraph.iter("{*}txbxContent"):
        outer = {local_name(a) for a in box.iterancestors()}
        if "Fallback" not in outer or box.getparent() is None:
            yield box


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
    default = _font(properties_of(root.find("{*}docDefaults/{*}rPrDefault"), "rPr"))
    if len(found) > _MAX_STYLES:
        raise broken()
    for name in found:
        resolved[name] = _resolved(name, found, default)
    return resolved


def _resolved(name: str, found: dict[str, etree._Element], default: str) -> Style:
    heading, font = False, ""
    bold: bool | None = None
    effect: TextEffect | None = None
    seen: set[str] = set()
    while name in found and name not in seen and len(seen) < _MAX_STYLE_DEPTH:
        seen.add(name)
        element = found[name]
        heading = heading or is_heading_name(_value(element.find("{*}name")) or "")
        heading = heading or element.find("{*}pPr/{*}outlineLvl") is not None
        marks = properties_of(element, "rPr")
        bold = _bold(marks) if bold is None else bold
        font = font or _font(marks)
        effect = effect or _effect(marks)
        name = _value(element.find("{*}basedOn")) or "\0"
    return Style(heading, bool(bold), font or default, effect or "plain")


def _gather(element: etree._Element, style: Style, styles: Styles, text: Text) -> None:
    for child in element:
        name = local_name(child)
        if name == "r":
            _run(child, style, styles, text)
        elif name in _WRAPPERS:
            _gather(child, style, styles, text)


def _run(run: etree._Element, style: Style, styles: Styles, text: Text) -> None:
    marks = properties_of(run, "rPr")
    own = styles.get(_value(marks["rStyle"]) or "\0") if "rStyle" in marks else None
    bold = _bold(marks)
    if bold is None:
        bold = style.bold or (own is not None and own.bold)
    font = _font(marks) or (own.font if own else "") or style.font
    effect = _effect(marks) or ((own and own.effect != "plain" and own.effect) or style.effect)
    for part in run:
        name = local_name(part)
        if name == "t":
            raw = part.text or ""
            shown = (
                _ticked_box(run) or _shown(raw, font)
                if len(raw) == 1 and not raw.isalnum()
                else _shown(raw, font)
            )
            text.add(shown, raw, bold, effect, font)
        elif name == "softHyphen":  # the byte that is "ư" in a TCVN3 font
            letter = _shown(_SOFT_HYPHEN, font)
            if letter != _SOFT_HYPHEN:
                text.add(letter, _SOFT_HYPHEN, bold, effect)
        elif name in _MARKS:
            text.add(_MARKS[name], _MARKS[name], True)
        elif name == "commentReference":
            text.comments.append(attribute(part, "id") or "")
        elif name == "sym":
            symbol = _symbol(part)
            text.add(symbol, symbol, bold, effect if effect in ("struck", "hidden") else "plain")
        elif name == "fldChar" and (box := part.find("{*}ffData/{*}checkBox")) is not None:
            state = box.find("{*}checked")
            symbol = (
                _TICKED
                if _is_on(state if state is not None else box.find("{*}default"))
                else _UNTICKED
            )
            text.add(symbol, symbol, True)


def _ticked_box(run: etree._Element) -> str | None:
    """Whether a box to tick is ticked, whatever its symbol: Word's own for yes is ☒; None where
    there is no box."""
    control = next(run.iterancestors("{*}sdt"), None)
    state = None if control is None else control.find("{*}sdtPr/{*}checkbox")
    if state is None:
        return None
    return _TICKED if _is_on(state.find("{*}checked")) else _UNTICKED


def _effect(marks: dict[str, etree._Element]) -> TextEffect | None:
    """How a run looks by its own properties; None where they do not tell."""
    found: TextEffect | None = None
    for name in _EFFECTS.keys() & marks.keys():
        mark = marks[name]
        raised = name == "vertAlign" and _value(mark) in ("superscript", "subscript")
        effect = "raised" if raised else _EFFECTS[name] if _is_on(mark) else "plain"
        found = effect if found is None or _HIDES.index(effect) > _HIDES.index(found) else found
    return found


def _is_on(mark: etree._Element | None) -> bool:
    return mark is not None and (_value(mark) or "1").lower() not in _OFF


def _shown(raw: str, font: str) -> str:
    symbols = SYMBOLS.get(font.lower())
    if symbols is not None:
        return "".join(symbols.get(ord(letter) & 0xFF, letter) for letter in raw)
    decode = decoder_of_font(font)
    return decode(raw) if decode else raw


def _symbol(element: etree._Element) -> str:
    try:
        code = int(attribute(element, "char") or "", 16) & 0xFF
    except ValueError:
        return "\ufffd"
    return SYMBOLS.get((attribute(element, "font") or "").lower(), {}).get(code, "\ufffd")


def _bold(marks: dict[str, etree._Element]) -> bool | None:
    return _is_on(marks["b"]) if "b" in marks else None


def _font(marks: dict[str, etree._Element]) -> str:
    fonts = marks.get("rFonts")
    return "" if fonts is None else attribute(fonts, "ascii") or attribute(fonts, "hAnsi") or ""


def _value(element: etree._Element | None) -> str | None:
    return None if element is None else attribute(element, "val")
