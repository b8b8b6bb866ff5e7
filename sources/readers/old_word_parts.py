"""The parts of an old Word file (.doc) that a reader of Word files wants, made of its streams: body,
page headers, styles, comments."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from doc2docx.errors import Doc2DocxError
from doc2docx.model import StyleDefinition, StyleSheet
from doc2docx.msdoc import FileInformationBlock
from doc2docx.msdoc.fib import FcLcb
from lxml import etree

from sources.readers.old_word_runs import RunWriter
from sources.readers.old_word_streams import Streams
from sources.readers.old_word_tables import story
from sources.readers.old_word_text import OldText, plain_text
from sources.readers.refusals import broken
from sources.readers.word import WordParts
from sources.readers.word_styles import Style, Styles, is_heading_name

_HEADERS = (10, 7, 6)  # of the first section, among the stories of headers: first page, odd, even
_SECTION, _ANCHOR, _BOX, _COMMENT = 12, 26, 22, 30  # bytes of a record beside its positions
_SHAPE_OF_BOX = 14  # where a box's record names its shape
_MAX_STYLE_DEPTH = 20
_BODY_LEVEL = 9  # the level of text that is no heading


def parts_of(streams: Streams) -> WordParts:
    """The parts. Raises RefusedFile (unreadable) where the file is broken."""
    try:
        fib = FileInformationBlock.parse(streams.text)
        return _Parts(streams, fib, OldText(streams, fib)).read()
    except (Doc2DocxError, struct.error, IndexError, RecursionError) as error:
        raise broken() from error


@dataclass(slots=True)
class _Parts:
    streams: Streams
    fib: FileInformationBlock
    text: OldText

    def read(self) -> WordParts:
        comments = dict(self._comments())
        marks = {cp: str(cp) for cp in comments}
        boxes = _Boxes(
            self, self.fib.plc_spa_mom, self.fib.plcf_txbx_txt, 0, self.fib.textbox_story_cp_start
        )
        writer = RunWriter(self.streams.data, marks, boxes.at)
        sections, _ = self.streams.positions(self.fib.plcf_sed, _SECTION)
        main = self.text.paragraphs(0, self.fib.ccp_text, frozenset(sections))
        body = story("body", main, writer)
        for box in boxes.left():
            etree.SubElement(etree.SubElement(body, "p"), "r").append(box)
        return WordParts(
            body,
            tuple(self._headers()),
            _styles(self.text.styles),
            {str(cp): text for cp, text in comments.items()},
        )

    def _headers(self) -> Iterator[etree._Element]:
        start = self.fib.header_story_cp_start
        table = self.streams.table(self.fib.plcf_hdd)
        ends = struct.unpack_from(f"<{len(table) // 4}I", table)
        boxes = _Boxes(
            self,
            self.fib.plc_spa_hdr,
            self.fib.plcf_hdr_txbx_txt,
            start,
            self.fib.header_textbox_story_cp_start,
        )
        for number in _HEADERS:
            if number + 1 < len(ends) and ends[number] < ends[number + 1] <= self.fib.ccp_headers:
                paragraphs = self.text.paragraphs(start + ends[number], start + ends[number + 1])
                yield story("hdr", paragraphs, RunWriter(self.streams.data, {}, boxes.at))

    def _comments(self) -> Iterator[tuple[int, str]]:
        """The texts of comments by the positions of their marks."""
        marks, _ = self.streams.positions(self.fib.plcf_and_ref, _COMMENT)
        texts, _ = self.streams.positions(self.fib.plcf_and_txt, 0)
        start = self.fib.comment_story_cp_start
        for mark, (first, last) in zip(marks, pairwise(texts), strict=False):
            if last > self.fib.ccp_comments:
                return
            paragraphs = self.text.paragraphs(start + first, start + last)
            lines = (
                "".join(plain_text(run.text) for run in p.runs if not run.looks.special)
                for p in paragraphs
            )
            yield mark, "\n".join(lines).strip()


class _Boxes:
    """The text boxes of the main text or of the page headers, which hang on shapes."""

    def __init__(
        self, parts: _Parts, anchors: FcLcb, texts: FcLcb, anchor_start: int, text_start: int
    ) -> None:
        self._parts = parts
        places, records = parts.streams.positions(anchors, _ANCHOR)
        self._shape_at = {
            anchor_start + cp: struct.unpack_from("<i", records, number * _ANCHOR)[0]
            for number, cp in enumerate(places[:-1])
        }
        ends, records = parts.streams.positions(texts, _BOX)
        self._stories: dict[int, tuple[int, int]] = {}
        for number, (first, last) in enumerate(list(pairwise(ends))[:-1]):
            shape = struct.unpack_from("<i", records, number * _BOX + _SHAPE_OF_BOX)[0]
            if first < last:
                self._stories[shape] = text_start + first, text_start + last

    def at(self, cp: int) -> Iterator[etree._Element]:
        """The box that hangs on the shape at a position."""
        shape = self._shape_at.get(cp)
        if shape is not None and shape in self._stories:
            yield self._box(*self._stories.pop(shape))

    def left(self) -> Iterator[etree._Element]:
        """The boxes of which nothing tells where they stand, as those in a group of shapes."""
        for place in self._stories.values():
            yield self._box(*place)

    def _box(self, start: int, end: int) -> etree._Element:
        paragraphs = self._parts.text.paragraphs(start, end)
        box = story("txbxContent", paragraphs, RunWriter(self._parts.streams.data))
        box.set("fillcolor", "")  # of which nothing is read here
        return box


def _styles(sheet: StyleSheet) -> Styles:
    """Which styles are headings: of all else each run tells by itself."""
    return {
        str(style.index): Style(heading=_is_heading(style, sheet))
        for style in sheet.styles
        if style is not None
    }


def _is_heading(style: StyleDefinition | None, sheet: StyleSheet) -> bool:
    for _ in range(_MAX_STYLE_DEPTH):
        if style is None:
            return False
        level = style.paragraph_properties.outline_level
        if is_heading_name(style.name) or (level is not None and level < _BODY_LEVEL):
            return True
        style = sheet.style_at(style.based_on)
    return False
