"""Rich text (rtf) of Word, LibreOffice and WPS: paragraphs and tables in reading order.

Read here and not by a library: the one there is (striprtf) knows no tables. Groups lie in a list
and not in calls, so that no depth of them harms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sources.campaigns import Limits
from sources.grids import Document
from sources.readers.ink import WHITE
from sources.readers.refusals import broken, too_much
from sources.readers.rtf_colours import Colours
from sources.readers.rtf_groups import Field, GroupState
from sources.readers.rtf_tables import MAX_LEVELS, Flow, RowDefinition
from sources.readers.rtf_text import Fonts, Token, tokens_of
from sources.readers.rtf_words import (
    BOXES,
    CHARACTERS,
    COMMENT,
    HEADERS,
    IGNORED,
    LOOKS,
    READ_THOUGH_OPTIONAL,
    TARGETS,
)
from sources.readers.running_text import document_of
from sources.readers.word_styles import is_heading_name

_MAX_DEPTH = 1_000
_MAX_FALLBACK = 32
_BODY_OUTLINE = 9


def read_rtf(data: bytes, limits: Limits) -> Document:
    """Paragraphs and tables as of a Word file; page headers of the first section come first.

    Raises RefusedFile, also where the file ends before its groups do: what is cut off is missed.
    """
    reader = _Reader(limits)
    for token in tokens_of(data):
        reader.take(token)
        if not reader.stack:
            break
    if reader.stack:
        raise broken()
    reader.body.end()
    headers = [item for flow in reader.headers for item in flow.items]
    return document_of("rtf", headers, reader.body.items, limits)


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self.limits, self.fonts, self.colours = limits, Fonts(), Colours()
        self.state, self.stack = GroupState(), list[GroupState]()
        self.body, self.headers = Flow(), list[Flow]()
        self.flows = [self.body]
        self.sections = self.default_font = 0
        self.bytes, self.units, self.to_skip = bytearray(), list[int](), 0
        self.field = Field()
        self.heading_styles, self.style_number = set[int](), 0
        self.cells = 0

    @property
    def flow(self) -> Flow:
        """What the text is gathered into."""
        return self.flows[-1]

    def take(self, token: Token) -> None:
        """One more token."""
        if token.text:
            self._text(token.text)
            return
        self._flush()
        if token.word != "u":
            self._flush_units()
        if token.symbol:
            self._symbol(token.symbol)
        else:
            self._word(token.word, token.number)

    # letters

    def _text(self, text: bytes) -> None:
        state = self.state
        state.is_fresh = False
        skipped = min(self.to_skip, len(text))
        self.to_skip -= skipped
        text = text[skipped:]
        if not text:
            return
        if state.target == "fonts":
            self.fonts.add_to_name(text)
        elif state.target == "styles":
            if is_heading_name(text.decode("latin-1").strip()):
                self.heading_styles.add(self.style_number)
        elif state.target == "colours":
            self.colours.end(text.count(b";"))
        elif state.target == "instruction":
            self.field.add(text)
        elif not state.target:
            self._flush_units()
            self.bytes += text

    def _flush(self) -> None:
        if self.bytes:
            data, self.bytes = bytes(self.bytes), bytearray()
            self._add(self.fonts.text_of(data, self.state.font))

    def _flush_units(self) -> None:
        if self.units:
            packed = b"".join(unit.to_bytes(2, "little") for unit in self.units)
            self.units = []
            self._add(packed.decode("utf-16-le", errors="replace").replace("\0", ""))

    def _add(self, raw: str) -> None:
        state = self.state
        if state.is_read:
            shown = self.fonts.shown(raw, state.font)
            font = self.fonts.names.get(state.font, "")
            effect = state.effect_on(self.flow.ground_at(self._level()))
            self.flow.text.add(shown, raw, state.bold, effect, font)

    def _mark(self, mark: str) -> None:
        """A letter that is the same in every font."""
        if self.state.is_read:
            effect = self.state.effect_on(self.flow.ground_at(self._level()))
            self.flow.text.add(mark, mark, True, effect)

    # control symbols and groups

    def _symbol(self, symbol: str) -> None:
        if symbol == "{":
            if len(self.stack) >= _MAX_DEPTH:
                raise broken()
            self.to_skip = 0
            self.stack.append(self.state)
            self.state = replace(self.state, is_fresh=True, is_optional=False, flow=None)
        elif symbol == "}":
            self._end_group()
        elif symbol == "*":
            self.state.is_optional = True
        elif self.to_skip:
            self.to_skip -= 1
        else:
            self._letter(symbol)

    def _letter(self, symbol: str) -> None:
        if symbol in "\r\n":
            self._end_paragraph()
        elif symbol == "-":  # a place to part a word; in a font of TCVN3 the letter ư
            if self.fonts.is_tcvn3(self.state.font):
                self._add("\u00ad")
        elif symbol in "~_":
            self._mark("\u00a0" if symbol == "~" else "-")

    def _end_group(self) -> None:
        self.to_skip = 0
        if not self.stack:
            return
        ended, self.state = self.state, self.stack.pop()
        if ended.flow is not None:
            ended.flow.end()
            self.flows.pop()
            if ended.flow.is_comment:
                self.flow.text.comments += ended.flow.said()
            elif ended.flow not in self.headers:
                self.flow.put_box(ended.flow)
        if ended.target == "instruction" and self.state.target != "instruction":
            if shown := self.field.shown():
                self._mark(shown)
            self.field = Field()

    # control words

    def _word(self, word: str, number: int | None) -> None:
        state = self.state
        if state.is_fresh and self._enters(word):
            state.is_fresh = False
            return
        state.is_fresh = False
        if state.target in ("skip", "upr"):
            return
        if word in CHARACTERS:
            if self.to_skip:
                self.to_skip -= 1
            else:
                self._mark(CHARACTERS[word])
            return
        if word != "u":
            self.to_skip = 0
        if state.target in ("fonts", "styles", "colours"):
            self._table_word(word, number)
        elif word in LOOKS:
            state.set_look(LOOKS[word], number != 0)
        elif act := _WORDS.get(word):
            act(self, number)

    def _enters(self, word: str) -> bool:
        """Whether the word begins a group of a kind of its own."""
        state = self.state
        if state.target == "skip":
            return True
        if word in IGNORED or (state.is_optional and word not in READ_THOUGH_OPTIONAL):
            state.target = "skip"
        elif word == "ud" and state.target == "upr":
            state.target = ""
        elif state.target not in ("", "instruction"):
            return False
        elif word in TARGETS:
            state.target = TARGETS[word]
        elif word in HEADERS and self.sections:
            state.target = "skip"  # docx files have those of the first section read
        elif word in HEADERS or word in BOXES or word == COMMENT:
            self._begin_flow(word)
        else:
            return False
        return True

    def _begin_flow(self, word: str) -> None:
        # how a shape is filled is not looked for
        flow = Flow(word == COMMENT, "unknown" if word in BOXES else WHITE)
        self.state = GroupState(self.default_font, fallback=self.state.fallback, flow=flow)
        self.flows.append(flow)
        if word in HEADERS:
            self.headers.append(flow)

    def _table_word(self, word: str, number: int | None) -> None:
        """A word of the table of fonts, colours or styles."""
        if self.state.target == "styles":
            if word == "s":
                self.style_number = number or 0
        elif word in ("red", "green", "blue"):
            self.colours.set(word, number or 0)
        elif word == "f":
            self.fonts.begin(number or 0)
        elif word == "fcharset":
            self.fonts.set_charset(number or 0)

    def _set_ink(self, number: int | None) -> None:
        self.state.ink = replace(self.state.ink, colour=self.colours.text_of(number or 0))

    def _set_size(self, number: int | None) -> None:
        self.state.ink = replace(self.state.ink, points=max(number or 0, 0) / 2)

    def _set_ground(self, number: int | None) -> None:
        self.state.ink = replace(self.state.ink, ground=self.colours.ground_of(number or 0))

    def _set_default_font(self, number: int | None) -> None:
        self.default_font = self.state.font = number or 0

    def _unit(self, number: int | None) -> None:
        """A letter by its number; one beyond 65535 is written as two halves."""
        if number is not None and not self.state.target:
            self.units.append(number & 0xFFFF)
        self.to_skip = self.state.fallback

    def _end_paragraph(self, _: int | None = None) -> None:
        if not self.state.target:
            self.flow.end_paragraph(
                self._level(), self.state.outline or self.state.style in self.heading_styles
            )

    def _end_section(self, _: int | None) -> None:
        self._end_paragraph()
        self.sections += 1

    def _end_cell(self, number: int | None, level: int = 1) -> None:
        self.flow.end_cell(level)
        self.cells += 1
        if self.cells > self.limits.cells:
            raise too_much(self.limits)

    def _end_row(self, level: int = 1) -> None:
        self.flow.end_row(level)

    def _level(self) -> int:
        return self.state.level or int(self.flow.in_row)

    def _nested_level(self) -> int:
        return max(self.state.level, 2)

    def _row(self) -> RowDefinition:
        """The row that words are about."""
        return self.flow.row(self._nested_level() if self.state.target == "nested" else 1)

    def _begin_row(self, _: int | None) -> None:
        nested = self.state.target == "nested"
        self.flow.begin_row(self._nested_level() if nested else 1)


def _set(name: str, of: Callable[[int | None], object]) -> Callable[[_Reader, int | None], None]:
    return lambda reader, number: setattr(reader.state, name, of(number))


def _set_of_row(name: str, value: str) -> Callable[[_Reader, int | None], None]:
    return lambda reader, number: setattr(reader._row(), name, value)


_WORDS: dict[str, Callable[[_Reader, int | None], None]] = {
    "u": _Reader._unit,
    "uc": _set("fallback", lambda n: min(max(1 if n is None else n, 0), _MAX_FALLBACK)),
    "f": _set("font", lambda n: n or 0),
    "b": _set("bold", lambda n: n != 0),
    "cf": _Reader._set_ink,
    "fs": _Reader._set_size,
    "highlight": _Reader._set_ground,
    "chcbpat": _Reader._set_ground,
    "cb": _Reader._set_ground,
    "cbpat": lambda reader, n: setattr(
        reader.state, "paragraph_ground", reader.colours.ground_of(n or 0)
    ),
    "clcbpat": lambda reader, n: setattr(reader._row(), "ground", reader.colours.ground_of(n or 0)),
    "plain": lambda reader, _: reader.state.clear_looks(reader.default_font),
    "nosupersub": lambda reader, _: reader.state.set_look("raised", False),
    "deff": _Reader._set_default_font,
    "ansicpg": lambda reader, n: reader.fonts.set_code_page(n or 0),
    "mac": lambda reader, _: reader.fonts.set_code_page(10000),
    "pard": lambda reader, _: reader.state.clear_paragraph(),
    "s": _set("style", lambda n: n or 0),
    "outlinelevel": _set("outline", lambda n: n is not None and 0 <= n < _BODY_OUTLINE),
    "intbl": lambda reader, _: setattr(reader.state, "level", max(reader.state.level, 1)),
    "itap": _set("level", lambda n: min(max(n or 0, 0), MAX_LEVELS)),
    "par": _Reader._end_paragraph,
    "sect": _Reader._end_section,
    "cell": _Reader._end_cell,
    "nestcell": lambda reader, n: reader._end_cell(n, reader._nested_level()),
    "row": lambda reader, _: reader._end_row(),
    "nestrow": lambda reader, _: reader._end_row(reader._nested_level()),
    "trowd": _Reader._begin_row,
    "trleft": lambda reader, n: setattr(reader._row(), "left", n or 0),
    "trrh": lambda reader, n: setattr(reader._row(), "height", n or 0),
    "clmgf": _set_of_row("across", "first"),
    "clmrg": _set_of_row("across", "merged"),
    "clvmgf": _set_of_row("down", "first"),
    "clvmrg": _set_of_row("down", "merged"),
    "cellx": lambda reader, n: reader._row().end_cell(n or 0),
    "ffres": lambda reader, n: setattr(reader.field, "box", n or 0),
    "ffdefres": lambda reader, n: setattr(reader.field, "box_default", n or 0),
}
