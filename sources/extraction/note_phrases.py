"""Notes that contradict the row beside them: a meeting that was not held, a number to correct."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Protocol

from sources.extraction.word_patterns import whole_words
from sources.text import clean, fold


class NotePhrases:
    """Phrases that are looked for as whole words: with their accents, or without in a text that has
    none."""

    def __init__(self, phrases: Iterable[str]) -> None:
        written = [clean(p).casefold() for p in phrases]
        self._accented = whole_words(filter(None, written))
        self._plain = whole_words(filter(None, map(fold, written)))

    def occur_in(self, text: str) -> bool:
        """Whether one of the phrases stands anywhere in the text."""
        pattern, compared = self._for(text)
        return pattern.search(compared) is not None

    def begin(self, text: str) -> bool:
        """Whether the text begins with one of the phrases."""
        pattern, compared = self._for(text)
        return pattern.match(compared) is not None

    def _for(self, text: str) -> tuple[re.Pattern[str], str]:
        compared = clean(unicodedata.normalize("NFKC", text)).casefold()
        return (self._plain, fold(text)) if compared.isascii() else (self._accented, compared)


class NoteVocabulary(Protocol):
    """The phrases of the campaign, each list declared in form.toml."""

    correcting_notes: NotePhrases
    not_held_notes: NotePhrases
    held_notes: NotePhrases


def contradicts(note: str, took_place: bool | None, vocabulary: NoteVocabulary) -> bool:
    """Whether a note contradicts the row beside which it stands: `Hoãn sang 20/4` beside a day, `Số
    đúng: 21`.

    `row_is_held` is None for rows that are about no meeting, as those of villages are.
    """
    if vocabulary.correcting_notes.occur_in(note):
        return True
    if took_place is None:
        return False
    if took_place:
        return vocabulary.not_held_notes.occur_in(note)
    return vocabulary.held_notes.occur_in(note) and not vocabulary.not_held_notes.occur_in(note)
