"""Web pages (html), as programs save them under any name: paragraphs and tables in reading order.

lxml reads the marks, by no network and with a bounded depth; how a page looks is taken from its own
style sheets (`html_styles`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from sources.campaigns import Limits
from sources.grids import Document, FileKind
from sources.legacy_encodings import decoder_of_font
from sources.readers.html_styles import Style, StyleSheet
from sources.readers.html_tables import TableReader
from sources.readers.html_tree import parse_page
from sources.readers.html_words import BLOCKS, BOLD, HEADINGS, NO_TEXT, NOTES, RAISED, STRUCK
from sources.readers.ink import ON_PAPER, Ink, parse_colour
from sources.readers.refusals import broken, other_format
from sources.readers.running_text import TextParagraph, TextTable, document_of
from sources.readers.text_effects import TextEffect
from sources.readers.word_text import Text

_MAX_DEPTH = 250
_NOTHING = re.compile(r"0+(?:\.0+)?(?:pt|px|em|rem|%)?")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(pt|px)", re.IGNORECASE)
_POINTS = {"pt": 1.0, "px": 0.75}
_NO_GROUND = ("none", "transparent", "inherit", "initial")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_TICKED, _UNTICKED = "☑", "☐"


class Look(NamedTuple):
    """How letters look where an element stands."""

    effect: TextEffect = "plain"
    font: str = ""
    bold: bool = False
    is_pre: bool = False
    ink: Ink = ON_PAPER

    @property
    def seen_effect(self) -> TextEffect:
        """The effect, hidden where the ink is not seen on its ground."""
        is_unseen = self.effect in ("plain", "raised") and self.ink.is_unseen_on(None)
        return "hidden" if is_unseen else self.effect


def read_html(data: bytes, limits: Limits, kind: FileKind = "html") -> Document:
    """Paragraphs with any text and tables, as of a Word file. Raises RefusedFile."""
    return document_of(kind, (), items_of(data, limits), limits)


def items_of(
    data: bytes, limits: Limits, sheets: Sequence[str] = ()
) -> list[TextParagraph | TextTable]:
    """The paragraphs and tables of a page that is also styled by `sheets`. Raises RefusedFile."""
    root = parse_page(data)
    if root is None:
        return []
    if root.find(".//frameset") is not None:
        raise other_format("trang web chỉ có khung, nội dung nằm ở tệp khác")
    own = ["".join(style.itertext()) for style in root.iter("style")]
    return PageReader(StyleSheet([*sheets, *own]), limits).items(root)


class PageReader:
    """Reads the elements of a page."""

    def __init__(self, sheet: StyleSheet, limits: Limits) -> None:
        self.sheet, self.limits = sheet, limits
        self.tables = TableReader(self)

    def items(self, root: etree._Element) -> list[TextParagraph | TextTable]:
        """The paragraphs and tables below an element."""
        return self.items_within([root], Look(), 0)

    def items_within(
        self, elements: Sequence[etree._Element], look: Look, depth: int
    ) -> list[TextParagraph | TextTable]:
        """The paragraphs and tables that the elements hold."""
        gathered = _Gathered()
        for element in elements:
            self._walk(element, look, gathered, depth)
        gathered.end_line()
        return gathered.items

    def style_of(self, element: etree._Element) -> Style:
        """The element's style."""
        return self.sheet.style_of(element, element.get("style") or "")

    def look_of(self, element: etree._Element, style: Style, around: Look) -> Look:
        """How the letters of the element look."""
        tag = element.tag if isinstance(element.tag, str) else ""
        font = style.get("font-family") or _font_of_shorthand(style.get("font", ""))
        font = font or (element.get("face") if tag == "font" else "") or ""
        weight = style.get("font-weight", "")
        bold = (
            weight in ("bold", "bolder", "600", "700", "800", "900")
            if weight
            else (around.bold or tag in BOLD)
        )
        return Look(
            _effect(element, tag, style, around.effect),
            font.split(",")[0].strip(" '\"") or around.font,
            bold,
            around.is_pre or tag in ("pre", "textarea") or style.get("white-space") == "pre",
            _ink_of(element, style).over(around.ink),
        )

    def _walk(self, element: etree._Element, around: Look, gathered: _Gathered, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise broken()
        tag = element.tag
        if not isinstance(tag, str) or tag in NO_TEXT:
            return
        style = self.style_of(element)
        if _is_note(element, style):
            return
        look = self.look_of(element, style, around)
        if tag == "comment":  # as LibreOffice notes on a cell
            gathered.text.comments += [" ".join("".join(element.itertext()).split())]
        elif tag == "table":
            gathered.end_line()
            gathered.items += self.tables.read(element, look, depth)
        elif tag == "br":
            gathered.break_line()
        elif tag in ("input", "select"):
            gathered.add(_shown_by_control(element), look)
        else:
            self._content(element, tag, look, gathered, depth)

    def _content(
        self, element: etree._Element, tag: str, look: Look, gathered: _Gathered, depth: int
    ) -> None:
        if tag in BLOCKS:
            gathered.end_line()
            gathered.heading = tag in HEADINGS
        gathered.add(element.text or "", look)
        for child in element:
            self._walk(child, look, gathered, depth + 1)
            gathered.add(child.tail or "", look)
        if tag in BLOCKS:
            gathered.end_line()

    @staticmethod
    def shown(text: str, font: str) -> str:
        """The text as its font shows it."""
        decode = decoder_of_font(font)
        return decode(text) if decode else text


class _Gathered:
    """Lines that are being gathered, blanks of the source made one."""

    def __init__(self) -> None:
        self.items: list[TextParagraph | TextTable] = []
        self.text, self.heading, self._ends_blank = Text(), False, True

    def add(self, text: str, look: Look) -> None:
        """Some letters."""
        if not look.is_pre:
            text = _BLANKS.sub(" ", text)
            if self._ends_blank:
                text = text.removeprefix(" ")
        if text:
            self._ends_blank = text.endswith((" ", "\n"))
            shown = PageReader.shown(text, look.font)
            self.text.add(shown, text, look.bold, look.seen_effect, look.font)

    def break_line(self) -> None:
        """The line breaks within its paragraph."""
        self._trim()
        self.text.add("\n", "\n", True)
        self._ends_blank = True

    def end_line(self) -> None:
        """The paragraph ends, where there is any."""
        self._trim()
        if self.text.runs or self.text.comments:
            self.items.append(TextParagraph(self.text, self.heading))
        self.text, self.heading, self._ends_blank = Text(), False, True

    def _trim(self) -> None:
        runs = self.text.runs
        if runs and runs[-1].raw.endswith(" "):
            last = runs.pop()
            if last.raw != " ":
                runs.append(last._replace(shown=last.shown[:-1], raw=last.raw[:-1]))


def _effect(element: etree._Element, tag: str, style: Style, around: TextEffect) -> TextEffect:
    lines = style.get("text-decoration", "") + style.get("text-decoration-line", "")
    if around == "struck" or tag in STRUCK or "line-through" in lines:
        return "struck"
    if hides(element, style) or (around == "hidden" and style.get("visibility") != "visible"):
        return "hidden"
    aligned = style.get("vertical-align", "")
    raised = tag in RAISED if aligned in ("", "baseline") else aligned in ("super", "sub")
    return "raised" if raised or around == "raised" else "plain"


def _ink_of(element: etree._Element, style: Style) -> Ink:
    ground = style.get("background-color") or style.get("background") or element.get("bgcolor")
    size = _SIZE.fullmatch(style.get("font-size", ""))
    return Ink(
        style.get("color") or element.get("color") or element.get("text") or "",
        float(size[1]) * _POINTS[size[2].lower()] if size else 0,
        None if (ground or "none").lower() in _NO_GROUND else parse_colour(ground) or "unknown",
    )


def hides(element: etree._Element, style: Style) -> bool:
    """Whether the element is not shown."""
    return (
        style.get("display") == "none"
        or _NOTHING.fullmatch(style.get("font-size", "")) is not None
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("mso-hide") == "all"
        or element.get("hidden") is not None
    )


def _is_note(element: etree._Element, style: Style) -> bool:
    """Whether it is a note or the mark of one, which are not read of Word files either."""
    return (
        style.get("mso-element") in NOTES
        or style.get("mso-special-character") in ("comment", "footnote")
        or "mso-footnote-id" in style
        or "mso-endnote-id" in style
        or (element.get("class") or "") in ("MsoFootnoteReference", "MsoCommentReference")
    )


def _font_of_shorthand(font: str) -> str:
    """The font of `12pt/14pt ".VnTime", serif`."""
    first = font.split(",")[0]
    quoted = re.search(r"""["']([^"']+)["']""", first)
    return quoted[1] if quoted else first.rpartition(" ")[2]


def _shown_by_control(element: etree._Element) -> str:
    """What a field of a form shows: its text, the chosen line, whether it is ticked."""
    if element.tag == "select":
        options: list[etree._Element] = list(element.iter("option"))
        chosen = next((o for o in options if o.get("selected") is not None), None)
        chosen = chosen if chosen is not None else next(iter(options), None)
        return "" if chosen is None else "".join(chosen.itertext())
    kind = (element.get("type") or "text").lower()
    if kind in ("checkbox", "radio"):
        return _TICKED if element.get("checked") is not None else _UNTICKED
    hidden_kinds = ("hidden", "password", "button", "submit", "reset", "image", "file")
    return "" if kind in hidden_kinds else element.get("value") or ""
