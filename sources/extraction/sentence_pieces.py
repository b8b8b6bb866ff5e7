"""The sentences and parts of enumerations that a text is made of, and those of a cell that state
counts."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.extraction.labelled import pair_in_text
from sources.extraction.numerals import holds_number, normalize, with_digits
from sources.extraction.phrases import phrases_of
from sources.extraction.vocabulary import Vocabulary

_ENDS = re.compile(r";(?![^()\n]{0,120}\))|\n|(?<=[^\d])\.\s+|(?<=\d)\.\s+(?=\D)")


# what is left of `1. Tổng số …`
_ORDINAL = re.compile(r"\s*\(?(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})\)?\s*")


def pieces_of(text: str) -> list[str]:
    """The sentences and parts of an enumeration that a text is made of."""
    return [piece for piece in _ENDS.split(text) if piece.strip() and not _ORDINAL.fullmatch(piece)]


@lru_cache(maxsize=4096)  # the same few titles and notes stand in all reports
def pieces_with_counts(text: str, vocabulary: Vocabulary) -> tuple[tuple[str, ...], frozenset[str]]:
    """The pieces of a cell's text that are no pairs, and what its pairs count.

    No pieces where no phrase of the form stands in one and no pair beside them: a title, a note.
    """
    lines = [
        line
        for line in text.split("\n")
        if not ((pair := pair_in_text(line, vocabulary)) and pair[0].key == "text")
    ]
    pieces = [piece for line in lines for piece in pieces_of(line)]
    pairs = [pair for piece in pieces if (pair := pair_in_text(piece, vocabulary))]
    others = tuple(
        piece for piece in pieces if not pair_in_text(piece, vocabulary) and holds_number(piece)
    )
    normalized = [normalize(with_digits(piece, vocabulary)) for piece in others]
    has_phrase = any(
        True
        for piece in normalized
        for phrase in phrases_of(vocabulary)
        if not phrase.follows
        for _ in phrase.matches(piece)
    )
    return others if has_phrase or pairs else (), frozenset(
        field.unit_word for _, field, _ in pairs if field.unit_word
    )
