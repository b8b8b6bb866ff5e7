"""The text of an old Word file (.doc) by paragraphs, each run with its looks.

A .doc keeps its text in pieces, and beside it, by places in the file, which looks the text of these
places has. The files' structures are read by the extra `doc` (msdoc2docx), which this module
imports: it is itself only imported where a .doc is read. That library's own way from places to
looks is not taken: its time grows with the square of a table's cells.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from doc2docx.diagnostics import ConversionReport
from doc2docx.model import CharacterProperties, ParagraphProperties, StyleSheet
from doc2docx.msdoc import FileInformationBlock, read_font_table, read_piece_table, read_style_sheet
from doc2docx.msdoc.pieces import Piece
from doc2docx.msdoc.sprm import (
    PropertyModifier,
    apply_character_modifiers,
    apply_paragraph_modifiers,
    merge_character_properties,
    parse_grpprl,
)

from sources.readers.old_word_streams import Entries, Streams, letter_entries, paragraph_entries
from sources.readers.refusals import broken

_PIECE = 12  # bytes that describe one
_MAX_STYLE_DEPTH = 20
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SECTION_END = "\x0c"
_MARKS = re.compile("[\r\x07\x0c]")  # ends of paragraphs and cells, of pages and sections
# What Word shows of some bytes; all others are Latin-1.
_BYTES = {n: bytes([n]).decode("cp1252") for n in (*range(0x82, 0x8D), *range(0x91, 0x9D), 0x9F)}
# Only what matters here is applied: a lie about a border refuses no file.
_OF_CHARACTERS = {
    0x0800,  # deleted, by a tracked change
    0x0806,  # stands for data of a form's field
    0x0835,  # bold
    0x0837,  # struck out
    0x083C,  # hidden
    0x0855,  # a special character
    0x2A0C,  # highlighted
    0x2A33,  # without direct looks
    0x2A42,  # colour, of sixteen
    0x2A48,  # raised
    0x2A53,  # struck out twice
    0x4866,  # ground, of sixteen colours
    0x4A30,  # style
    0x4A43,  # size
    0x4A4F,  # font of ASCII
    0x4A51,  # font of other letters
    0x6A03,  # place of that data
    0x6870,  # colour
    0x6A09,  # symbol
    0xCA71,  # ground
}
_OF_PARAGRAPHS = {
    0x2416,  # in a table
    0x2417,  # end of a row
    0x244B,  # end of a cell of a table in a table
    0x244C,  # end of a row of such a table
    0x2640,  # level of a heading
    0x442D,  # ground, of sixteen colours
    0x4600,  # style
    0x5622,  # cells removed
    0x5624,  # cells merged
    0x5625,  # cells split
    0x6649,  # depth of tables
    0x664A,  # depth, more or less
    0x7621,  # cells added
    0x7623,  # width of columns
    0x9407,  # height of a row
    0xC64D,  # ground
    0xD608,  # the cells of a row
    0xD609,  # grounds of cells, of sixteen colours
    0xD60C,  # grounds of cells from the 44th on
    0xD612,  # grounds of cells
    0xD616,  # grounds of cells from the 22nd on
    0xD62B,  # cell merged with that above
}
_ELSEWHERE = {0x6645, 0x6646, 0x646B}  # properties that are kept in the Data stream
# The short form of a piece's own properties, of those above that it may have.
_SHORT = {
    0x18: 0x2416,
    0x19: 0x2417,
    0x41: 0x0800,
    0x47: 0x0806,
    0x53: 0x2A33,
    0x55: 0x0835,
    0x57: 0x0837,
    0x5C: 0x083C,
    0x68: 0x2A48,
    0x73: 0x2A53,
    0x75: 0x0855,
    0x78: 0x2640,
}


@dataclass(frozen=True, slots=True)
class OldRun:
    """Text of one look, its n-th letter at position `cp` + n; a letter beyond 16 bits is two."""

    cp: int
    text: str
    looks: CharacterProperties


@dataclass(frozen=True, slots=True)
class OldParagraph:
    """A paragraph with the mark that ends it; "" where the text ends without one."""

    runs: list[OldRun]
    mark: str
    properties: ParagraphProperties


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Text of one piece and one entry of looks: where it stands in the stream, and its properties
    as the file holds them."""

    cp: int
    place: int
    text: str
    looks: bytes
    piece: Piece


@dataclass(slots=True)
class OldText:
    """All text of the file, the main one and that of headers, text boxes and comments, at one count
    of positions."""

    streams: Streams
    fib: FileInformationBlock
    styles: StyleSheet = field(init=False)
    _fonts: dict[int, str] = field(init=False)
    _pieces: tuple[Piece, ...] = field(init=False)
    _prcs: tuple[tuple[PropertyModifier, ...], ...] = field(init=False)
    _letters: Entries = field(init=False)
    _paragraphs: Entries = field(init=False)
    _looks: dict[tuple[bytes, int, int | None], CharacterProperties] = field(default_factory=dict)
    _kept: dict[tuple[bytes, int], ParagraphProperties] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tables, report = self.streams.tables, ConversionReport("", "")
        place, fib = self.fib.sttbf_ffn, self.fib
        fonts = read_font_table(tables, offset=place.fc, size=place.lcb, report=report)
        self._fonts = {font.index: font.name for font in fonts}
        place = fib.stshf
        self.styles = read_style_sheet(
            tables, offset=place.fc, size=place.lcb, fonts=fonts, report=report
        )
        place = fib.clx
        if place.lcb > len(self.streams.text) * _PIECE:  # a piece holds a letter at least
            raise broken()
        pieces = read_piece_table(
            tables, self.streams.text, fc_clx=place.fc, lcb_clx=place.lcb, report=report
        )
        if not fib.total_story_cp_count <= pieces.cp_end <= len(self.streams.text):
            raise broken()
        self._pieces, self._prcs = pieces.pieces, pieces.prcs
        self._letters = letter_entries(self.streams, fib.plcf_bte_chpx)
        self._paragraphs = paragraph_entries(self.streams, fib.plcf_bte_papx)

    def paragraphs(
        self, start: int, end: int, section_ends: Collection[int] = ()
    ) -> Iterator[OldParagraph]:
        """The paragraphs from one position to another."""
        waiting: list[_Stretch] = []
        for stretch in self._stretches(start, end):
            at = 0
            for match in _MARKS.finditer(stretch.text):
                if match[0] == _SECTION_END and stretch.cp + match.end() not in section_ends:
                    continue
                waiting.append(_part(stretch, at, match.start()))
                yield self._paragraph(waiting, match[0], _part(stretch, match.start(), match.end()))
                waiting, at = [], match.end()
            if at < len(stretch.text):
                waiting.append(_part(stretch, at, len(stretch.text)))
        if waiting:
            yield self._paragraph(waiting, "", waiting[-1])

    def _paragraph(self, stretches: list[_Stretch], mark: str, last: _Stretch) -> OldParagraph:
        """A paragraph is as its mark says."""
        properties = self._paragraph_properties(last)
        style = properties.style_id
        runs = [OldRun(s.cp, s.text, self._looks_of(s, style)) for s in stretches if s.text]
        return OldParagraph(runs, mark, properties)

    def _stretches(self, start: int, end: int) -> Iterator[_Stretch]:
        first = bisect_right(self._pieces, start, key=lambda piece: piece.cp_end)
        for piece in self._pieces[first:]:
            if piece.cp_start >= end:
                return
            width = 1 if piece.compressed else 2
            cp, last_cp = max(start, piece.cp_start), min(end, piece.cp_end)
            place = piece.file_offset + (cp - piece.cp_start) * width
            stop = place + (last_cp - cp) * width
            if stop > len(self.streams.text):
                raise broken()
            while place < stop:
                looks, upto = self._letters.at(place, stop)
                if (upto - place) % width:
                    raise broken()
                text = _letters(self.streams.text[place:upto], piece.compressed)
                yield _Stretch(cp, place, text, looks, piece)
                cp, place = cp + len(text), upto

    def _looks_of(self, stretch: _Stretch, style: int | None) -> CharacterProperties:
        key = stretch.looks, stretch.piece.prm, style
        if key not in self._looks:
            modifiers = parse_grpprl(stretch.looks, label="") + self._of_piece(stretch.piece)
            base = self.styles.effective_character_at(style)
            own, _, _ = apply_character_modifiers(
                tuple(m for m in modifiers if m.opcode in _OF_CHARACTERS),
                base_properties=base,
                font_names=self._fonts,
                style_properties_at=self._of_character_style,
            )
            if own.style_id is not None:
                base = merge_character_properties(base, self._of_character_style(own.style_id))
            self._looks[key] = merge_character_properties(base, own)
        return self._looks[key]

    def _of_character_style(self, number: int) -> CharacterProperties:
        """What a style of letters says itself, and those it is based on: no default font."""
        chain: list[CharacterProperties] = []
        style = self.styles.style_at(number)
        while style is not None and style.kind == "character" and len(chain) < _MAX_STYLE_DEPTH:
            chain.append(style.character_properties)
            style = self.styles.style_at(style.based_on)
        found = CharacterProperties()
        for properties in reversed(chain):
            found = merge_character_properties(found, properties)
        return found

    def _paragraph_properties(self, mark: _Stretch) -> ParagraphProperties:
        entry, _ = self._paragraphs.at(mark.place, mark.place + 1)
        key = entry, mark.piece.prm
        if key not in self._kept:
            style = struct.unpack_from("<H", entry)[0] if len(entry) >= 2 else 0
            modifiers = _unpadded_modifiers(entry[2:]) + self._of_piece(mark.piece)
            found, _ = apply_paragraph_modifiers(
                tuple(m for m in self._expanded(modifiers) if m.opcode in _OF_PARAGRAPHS),
                style_id=style,
            )
            self._kept[key] = found
        return self._kept[key]

    def _of_piece(self, piece: Piece) -> tuple[PropertyModifier, ...]:
        """What a file that was saved fast says of a whole piece."""
        if piece.prm & 1:
            return self._prcs[piece.prm >> 1]
        opcode = _SHORT.get((piece.prm >> 1) & 0x7F)
        return (PropertyModifier(opcode, bytes((piece.prm >> 8,))),) if opcode else ()

    def _expanded(
        self, modifiers: tuple[PropertyModifier, ...], depth: int = 0
    ) -> Iterator[PropertyModifier]:
        for modifier in modifiers:
            if modifier.opcode not in _ELSEWHERE:
                yield modifier
                continue
            place = struct.unpack("<I", modifier.operand)[0]
            if depth > 1 or place + 2 > len(self.streams.data):
                raise broken()
            size = struct.unpack_from("<H", self.streams.data, place)[0]
            content = self.streams.data[place + 2 : place + 2 + size]
            yield from self._expanded(_unpadded_modifiers(content), depth + 1)
            return  # what stands elsewhere is all there is


def plain_text(text: str) -> str:
    """The text with its letters beyond 16 bits whole, and without what no text has."""
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _NO_TEXT.sub("\ufffd", text)


def _part(stretch: _Stretch, start: int, end: int) -> _Stretch:
    width = 1 if stretch.piece.compressed else 2
    return replace(
        stretch,
        cp=stretch.cp + start,
        place=stretch.place + start * width,
        text=stretch.text[start:end],
    )


def _letters(raw: bytes, compressed: bool) -> str:
    """As many letters as there are positions: one beyond 16 bits stays in its two halves."""
    if compressed:
        return raw.decode("latin-1").translate(_BYTES)
    text = raw.decode("utf-16-le", "surrogatepass")
    if 2 * len(text) == len(raw):
        return text
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def _unpadded_modifiers(properties: bytes) -> tuple[PropertyModifier, ...]:
    modifiers: tuple[PropertyModifier, ...] = parse_grpprl(
        properties, label="", allow_trailing_zero_padding=True
    )
    return modifiers
