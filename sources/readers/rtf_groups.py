"""What holds within a group of a rich text until it ends, and what its fields show."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sources.readers.ink import NO_INK, Ground, Ink
from sources.readers.rtf_tables import Flow
from sources.readers.text_effects import TextEffect
from sources.symbol_fonts import SYMBOLS

_MAX_INSTRUCTION = 500
_SYMBOL = re.compile(r'\s*SYMBOL\s+(0x[0-9a-f]+|\d+)\b.*?\\f\s*"?([\w ]+?)"?\s*(?:\\|$)', re.I)
_TICKED, _UNTICKED = "☑", "☐"
_AS_DEFAULT = 25  # of a box to tick: neither ticked nor unticked by hand


@dataclass(slots=True)
class GroupState:
    """What holds within a group until it ends."""

    font: int = 0
    bold: bool = False
    ink: Ink = NO_INK
    paragraph_ground: Ground = None
    looks: frozenset[str] = frozenset()
    fallback: int = 1  # letters after a \\u for programs that do not know it
    level: int = 0  # of the table that the paragraph lies in
    style: int = 0
    outline: bool = False
    target: str = ""  # where its text goes; "" into the document
    is_fresh: bool = True
    is_optional: bool = False
    flow: Flow | None = None  # that begins and ends with the group

    def effect_on(self, ground: Ground) -> TextEffect:
        """How its text looks in a cell, or on paper, of that ground."""
        if self.paragraph_ground is not None:
            ground = self.paragraph_ground
        for look in ("struck", "hidden"):
            if look in self.looks:
                return look
        if self.ink.is_unseen_on(ground):
            return "hidden"
        return "raised" if "raised" in self.looks else "plain"

    @property
    def is_read(self) -> bool:
        """Whether its text is the document's."""
        return not self.target and "deleted" not in self.looks

    def set_look(self, look: str, is_on: bool) -> None:
        """From now on the text has this look, or has it no more."""
        self.looks = self.looks | {look} if is_on else self.looks - {look}

    def clear_looks(self, font: int) -> None:
        """From now on the text is plain, in this font."""
        self.font, self.bold, self.ink, self.looks = font, False, NO_INK, frozenset()

    def clear_paragraph(self) -> None:
        """From now on paragraphs are plain."""
        self.level, self.style, self.outline, self.paragraph_ground = 0, 0, False, None


@dataclass(slots=True)
class Field:
    """A field that keeps no result: its instruction, and the state of a box to tick (-1: none is
    given)."""

    instruction: str = ""
    box: int = -1
    box_default: int = 0

    def add(self, text: bytes) -> None:
        """More of its instruction."""
        if len(self.instruction) < _MAX_INSTRUCTION:
            self.instruction += text.decode("latin-1")

    def shown(self) -> str:
        """What it shows: a symbol, a box to tick, or nothing."""
        symbol = _SYMBOL.match(self.instruction)
        if symbol:
            code = int(symbol[1], 16 if symbol[1][:2] in ("0x", "0X") else 10)
            return SYMBOLS.get(symbol[2].lower(), {}).get(code & 0xFF, "\ufffd")
        if self.instruction.strip().startswith("FORMCHECKBOX"):
            ticked = self.box_default if self.box in (-1, _AS_DEFAULT) else self.box
            return _TICKED if ticked else _UNTICKED
        return ""
