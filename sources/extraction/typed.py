"""What a value becomes when it is typed: its canonical text, BLANK where it is empty, else
UNTYPED."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from sources.text import clean

BLANK: Final = None


@dataclass(frozen=True, slots=True)
class Untyped:
    """A value that the field's type does not allow; its raw text goes with a finding."""


UNTYPED: Final = Untyped()
Typed = str | Untyped | None

DASHES = frozenset("-–—−‐‑‒")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹①-⑳"
_FOOTNOTE = re.compile(rf"(?<=[^\W_])\s?(?:\(?[{_RAISED}]+\)?|\([1-9*]\)|\*+)(?=$|[\s,;.)])")


def without_footnotes(text: str) -> str:
    """The text without marks of footnotes behind its words: 25¹, 345(²), 25*, 25(1), x*.

    A raised digit that stands elsewhere stays, and no type knows it.
    """
    if text.isascii() and "*" not in text and "(" not in text:
        return text
    return _FOOTNOTE.sub("", text)


def holds_raised_digits(text: str) -> bool:
    """Whether a digit such as ² or ① stands in the text: next to a number it would pass for one of
    its digits."""
    return not text.isascii() and any(unicodedata.category(letter) == "No" for letter in text)


def compatible(text: str) -> str:
    """The text cleaned, with wide letters, odd spaces and the like as those that they stand for."""
    return unicodedata.normalize("NFKC", clean(text)).replace("\u2010", "-")  # that of U+2011 too
