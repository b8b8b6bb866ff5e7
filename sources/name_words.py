"""The words of names as they are compared: `Quí Sơn` and `Quý Sơn`, `Hoà` and `Hòa` are one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from sources.text import clean, fold

WORD = re.compile(r"[^\W_]+")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")


class Word(NamedTuple):
    """A word as it is compared.

    written  in lower case, its tone behind it: `hòa` and `hoà` are one
    sounded  the same for i and y, and for s and x at its beginning
    plain    `sounded` without accents
    """

    written: str
    sounded: str
    plain: str
    has_accents: bool


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text as they are compared."""
    return tuple(map(word_of, WORD.findall(clean(text).casefold())))


def plain_words(words: Iterable[Word]) -> tuple[str, ...]:
    """The words without accents."""
    return tuple(word.plain for word in words)


@lru_cache(maxsize=65536)
def word_of(word: str) -> Word:
    """A word in lower case, as it is compared."""
    letters = unicodedata.normalize("NFD", word)
    written = unicodedata.normalize("NFC", _TONES.sub("", letters)) + "".join(
        _TONES.findall(letters)
    )
    sounded = written.replace("y", "i")
    sounded = f"x{sounded[1:]}" if sounded.startswith("s") else sounded
    return Word(written, sounded, fold(sounded), not word.isascii())
