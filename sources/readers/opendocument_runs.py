"""The letters of an OpenDocument paragraph, run by run."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from sources.legacy_encodings import decoder_of_font, has_loose_accents
from sources.readers.opendocument_styles import Look, Styles
from sources.readers.safe_xml import attribute, local_name, whole
from sources.readers.text_effects import Run

_NO_TEXT = (
    "annotation",
    "frame",
    "custom-shape",
    "rect",
    "line",
    "ellipse",
    "tracked-changes",
    "ruby-text",
    "note",
    "g",
)
_MARKS = {"tab": "\t", "line-break": "\n"}
_HIDDEN_IF = ("hidden-text", "hidden-paragraph")
_TICKED, _UNTICKED = "☑", "☐"


def runs_of(element: etree._Element, around: Look, styles: Styles) -> Iterator[tuple[Run, bool]]:
    """The element's runs, and of each whether it is bold; notes, comments and shapes are no text of
    it."""
    look = styles.look_of(element, around)
    if local_name(element) in _HIDDEN_IF and attribute(element, "is-hidden") == "true":
        look = look._replace(effect="hidden")
    if element.text:
        yield _run(element.text, look), look.bold
    for child in element:
        name = local_name(child)
        if name == "s":
            spaces = " " * min(whole(attribute(child, "c"), 1), 100)
            yield Run(spaces, spaces, look.seen_effect), True
        elif name in _MARKS:
            yield Run(_MARKS[name], _MARKS[name], look.seen_effect), True
        elif (box := _box(child, name)) is not None:
            yield Run(box, box, look.seen_effect), True
        elif name not in _NO_TEXT:
            yield from runs_of(child, look, styles)
        if child.tail:
            yield _run(child.tail, look), look.bold


def _run(text: str, look: Look) -> Run:
    decode = decoder_of_font(look.font)
    shown = decode(text) if decode else text
    return Run(shown, text, look.seen_effect, has_loose_accents(look.font))


def _box(element: etree._Element, name: str) -> str | None:
    """Whether a box to tick is ticked; None where the element is none."""
    if name == "content-control" and attribute(element, "checkbox") == "true":
        return _TICKED if attribute(element, "checked") == "true" else _UNTICKED
    if name == "fieldmark" and (attribute(element, "type") or "").endswith("CHECKBOX"):
        ticked = any(
            attribute(p, "name") == "Checkbox_Checked" and attribute(p, "value") == "true"
            for p in element
        )
        return _TICKED if ticked else _UNTICKED
    return None
