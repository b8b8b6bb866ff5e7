"""The text of Word's paragraphs: what a tracked change struck out is gone, what stands in a text
box is there once."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from sources.legacy_encodings import decoder_of_font, has_loose_accents
from sources.readers.safe_xml import attribute, local_name, properties_of
from sources.readers.text_effects import Run, SeenText, TextEffect, seen_text
from sources.readers.word_ink import ink_of, is_unseen
from sources.readers.word_styles import (
    Style,
    Styles,
    bold_in,
    effect_in,
    font_in,
    is_on,
    value_of,
)
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
_TICKED, _UNTICKED = "☑", "☐"

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
    style = styles.get(value_of(named) or "") or styles.get("") or _NO_STYLE
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


def _gather(element: etree._Element, style: Style, styles: Styles, text: Text) -> None:
    for child in element:
        name = local_name(child)
        if name == "r":
            _run(child, style, styles, text)
        elif name in _WRAPPERS:
            _gather(child, style, styles, text)


def _run(run: etree._Element, style: Style, styles: Styles, text: Text) -> None:
    marks = properties_of(run, "rPr")
    own = styles.get(value_of(marks.get("rStyle")) or "\0", _NO_STYLE)
    bold = bold_in(marks)
    if bold is None:
        bold = style.bold or own.bold
    font = font_in(marks) or own.font or style.font
    effect = _effect(run, marks, own, style, styles)
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
            symbol = _symbol_of_box(box)
            text.add(symbol, symbol, True)


def _symbol_of_box(box: etree._Element) -> str:
    state = box.find("{*}checked")
    return _TICKED if is_on(state if state is not None else box.find("{*}default")) else _UNTICKED


def _effect(
    run: etree._Element, marks: dict[str, etree._Element], own: Style, around: Style, styles: Styles
) -> TextEffect:
    """How a run looks by its properties, its own style and that of its paragraph."""
    effect = effect_in(marks) or (own.effect if own.effect != "plain" else around.effect)
    ink = ink_of(marks).over(own.ink).over(around.ink)
    if effect in ("plain", "raised") and is_unseen(
        run, ink, lambda table: styles.get(table, _NO_STYLE).fills
    ):
        return "hidden"
    return effect


def _ticked_box(run: etree._Element) -> str | None:
    """Whether a box to tick is ticked, whatever its symbol: Word's own for yes is ☒; None where
    there is no box."""
    control = next(run.iterancestors("{*}sdt"), None)
    state = None if control is None else control.find("{*}sdtPr/{*}checkbox")
    if state is None:
        return None
    return _TICKED if is_on(state.find("{*}checked")) else _UNTICKED


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
