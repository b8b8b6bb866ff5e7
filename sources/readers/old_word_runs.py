"""Paragraphs of an old Word file (.doc) as Word XML: runs, the results of fields, boxes to tick,
text boxes."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from doc2docx.model import CharacterProperties, ShadingProperties
from lxml import etree

from sources.readers.old_word_text import OldParagraph, OldRun, plain_text
from sources.readers.refusals import broken

_FIELD_START, _FIELD_RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_COMMENT, _DRAWING, _FORM_DATA, _SOFT_HYPHEN = "\x05", "\x08", "\x01", "\x1f"
_SHOWN = {"\x0b": "\n", "\x0c": "\n", "\x0e": "\n", "\x1e": "-"}
_SPECIAL = "\x00\x01\x02\x03\x04\x05\x06\x08"  # pictures, marks of notes, numbers of pages
_SYMBOL = "("  # stands for a symbol that the run's looks name
_CONTROL = re.compile("([\x00-\x08\x0b-\x1f])")
_UNREADABLE = "\ufffd"
_SHOWN_BY_ITS_CODE = (
    "SYMBOL",
    "EQ",
    "MACROBUTTON",
    "GOTOBUTTON",
)  # fields whose text is in no result
_MAX_FIELD_DEPTH = 50
_FORM_HEADER = 68  # bytes before the data of a form's field
_AS_DEFAULT = 25  # the state of a field that nobody has touched
_CHECK_BOX, _LIST = 1, 2
_TEXTS_BEFORE_LIST = 5  # format, help, status, two macros


@dataclass(slots=True)
class _Field:
    code: str = ""
    has_result: bool = False


@dataclass(slots=True)
class RunWriter:
    """Writes paragraphs of one story as Word XML. A field may go on over several paragraphs.

    data       the Data stream, where form fields keep their state
    comments   ids of comments, by the position of their mark
    boxes      the content of text boxes, by the position of their anchor
    """

    data: bytes
    comments: dict[int, str] = field(default_factory=dict)
    boxes: Callable[[int], Iterator[etree._Element]] = lambda cp: iter(())
    _fields: list[_Field] = field(default_factory=list)

    def paragraph(self, paragraph: OldParagraph) -> etree._Element:
        """The paragraph as a `p`, without what a tracked change deleted."""
        element = etree.Element("p")
        properties = etree.SubElement(element, "pPr")
        _mark(properties, "pStyle", str(paragraph.properties.style_id or 0))
        level = paragraph.properties.outline_level
        if level is not None and level < 9:
            _mark(properties, "outlineLvl", str(level))
        add_ground(properties, paragraph.properties.shading)
        for run in paragraph.runs:
            self._add_run(element, run)
        return element

    def finish(self) -> None:
        """Raises RefusedFile where a field has no end, which would hide all text after it."""
        if self._fields:
            raise broken()

    def _add_run(self, parent: etree._Element, run: OldRun) -> None:
        cp = run.cp
        for part in _CONTROL.split(run.text):
            if part in (_FIELD_START, _FIELD_RESULT, _FIELD_END):
                self._change_field(parent, part, run.looks)
            elif not all(f.has_result for f in self._fields):
                self._read_code(parent, part, run.looks)
            elif part and not run.looks.revision_deleted:
                self._add_text(parent, part, cp, run.looks)
            cp += len(part)

    def _change_field(self, parent: etree._Element, mark: str, looks: CharacterProperties) -> None:
        if mark == _FIELD_START:
            self._fields.append(_Field())
            if len(self._fields) > _MAX_FIELD_DEPTH:
                raise broken()
        elif not self._fields:
            return  # it ends nothing, and hides nothing
        elif mark == _FIELD_RESULT:
            self._fields[-1].has_result = True
        else:
            ended = self._fields.pop()
            name = (ended.code.split() or [""])[0].upper()
            hidden = looks.revision_deleted or not all(f.has_result for f in self._fields)
            if name in _SHOWN_BY_ITS_CODE and not ended.has_result and not hidden:
                _add(parent, looks, _text(_UNREADABLE))

    def _read_code(self, parent: etree._Element, part: str, looks: CharacterProperties) -> None:
        inner = next(f for f in reversed(self._fields) if not f.has_result)
        if part == _FORM_DATA and looks.picture_is_binary and not looks.revision_deleted:
            for shown in self._form_field(inner.code, looks):
                _add(parent, looks, shown)
        else:
            inner.code += part

    def _form_field(self, code: str, looks: CharacterProperties) -> Iterator[etree._Element]:
        name = code.strip().upper()
        if name not in ("FORMCHECKBOX", "FORMDROPDOWN"):
            return
        try:
            kind, chosen, items = _form_data(self.data, looks.picture_location or 0)
            if name == "FORMCHECKBOX" and kind == _CHECK_BOX:
                mark = etree.Element("fldChar")
                box = etree.SubElement(etree.SubElement(mark, "ffData"), "checkBox")
                _mark(box, "checked", str(chosen))
                yield mark
                return
            yield _text(plain_text(items[chosen]) if items else "")
        except (struct.error, IndexError, UnicodeDecodeError):
            yield _text(_UNREADABLE)

    def _add_text(
        self, parent: etree._Element, part: str, cp: int, looks: CharacterProperties
    ) -> None:
        if part == _SOFT_HYPHEN:
            _add(parent, looks, etree.Element("softHyphen"))
        elif part in _SHOWN:
            _add(parent, looks, _text(_SHOWN[part]))
        elif looks.special and part in _SPECIAL:
            self._add_special(parent, part, cp, looks)
        elif (
            looks.special is not False  # a symbol is special by itself
            and looks.symbol_font
            and looks.symbol_character_code is not None
        ):
            for _ in part:
                symbol = etree.Element("sym", font=looks.symbol_font)
                symbol.set("char", f"{looks.symbol_character_code:04X}")
                _add(parent, looks, symbol)
        elif looks.special and part == _SYMBOL:
            _add(parent, looks, _text(_UNREADABLE))
        else:
            _add(parent, looks, _text(plain_text(part)))

    def _add_special(
        self, parent: etree._Element, part: str, cp: int, looks: CharacterProperties
    ) -> None:
        if part == _COMMENT and cp in self.comments:
            reference = etree.Element("commentReference", id=self.comments[cp])
            _add(parent, looks, reference)
        elif part == _DRAWING:
            for box in self.boxes(cp):
                _add(parent, looks, box)


def _add(parent: etree._Element, looks: CharacterProperties, content: etree._Element) -> None:
    run = etree.SubElement(parent, "r")
    properties = etree.SubElement(run, "rPr")
    text = content.text or ""
    font = looks.ascii_font if text.isascii() and content.tag == "t" else looks.high_ansi_font
    font = font or looks.ascii_font
    if font:
        etree.SubElement(properties, "rFonts", ascii=font)
    for name, is_on in (
        ("b", looks.bold),
        ("strike", looks.strike or looks.double_strike),
        ("vanish", looks.hidden),
    ):
        if is_on:
            etree.SubElement(properties, name)
    for name, value in (
        ("vertAlign", looks.vertical_align),
        ("color", looks.color),
        ("sz", looks.size_half_points),
        ("highlight", looks.highlight),
    ):
        if value:
            _mark(properties, name, str(value))
    add_ground(properties, looks.shading)
    run.append(content)


def add_ground(properties: etree._Element, shading: ShadingProperties | None) -> None:
    """Write what a run, paragraph or cell fills, where it says so."""
    if shading is not None:
        ground = etree.SubElement(
            properties, "shd", fill=shading.background, color=shading.foreground
        )
        ground.set("val", shading.pattern)


def _text(text: str) -> etree._Element:
    element = etree.Element("t")
    element.text = text
    return element


def _mark(parent: etree._Element, name: str, value: str) -> None:
    etree.SubElement(parent, name).set("val", value)


def _form_data(data: bytes, place: int) -> tuple[int, int, list[str]]:
    """A form field's kind, the state or item that is chosen, and the items of a list."""
    version, flags = struct.unpack_from("<IH", data, place + _FORM_HEADER)
    kind, chosen = flags & 3, flags >> 2 & 31
    at = place + _FORM_HEADER + 10
    if version != 0xFFFFFFFF or kind not in (_CHECK_BOX, _LIST):
        raise IndexError
    at = _after_text(data, at)
    if chosen == _AS_DEFAULT:
        chosen = struct.unpack_from("<H", data, at)[0]
    at += 2
    if kind == _CHECK_BOX:
        return kind, chosen, []
    for _ in range(_TEXTS_BEFORE_LIST):
        at = _after_text(data, at)
    count = struct.unpack_from("<H", data, at + 2)[0]
    at += 6
    items = []
    for _ in range(count):
        size = struct.unpack_from("<H", data, at)[0]
        items.append(data[at + 2 : at + 2 + 2 * size].decode("utf-16-le"))
        at += 2 + 2 * size
    return kind, chosen, items


def _after_text(data: bytes, at: int) -> int:
    return at + 4 + 2 * int(struct.unpack_from("<H", data, at)[0])
