"""Phrases that are data, looked for among the words of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sources.name_words import Word, words_of


class Phrases:
    """Phrases that are looked for among the words of a text, with their accents where the text has
    any.

    Of a phrase of less than `min_words` words the accents always count: without them `bản` is `ban`
    as well.
    """

    def __init__(self, phrases: Iterable[str], min_words: int = 2) -> None:
        self._known: set[tuple[str, ...]] = set()
        self._plain: set[tuple[str, ...]] = set()
        self._begin: set[str] = set()  # the plain words with which one begins
        for words in map(words_of, phrases):
            self._begin.update(w.plain for w in words[:1])
            self._known.add(tuple(w.written for w in words))
            if len(words) >= min_words:
                self._plain.add(tuple(w.plain for w in words))
        self._max_words = max(map(len, self._known), default=0)

    def at(self, words: tuple[Word, ...], start: int) -> int:
        """The word behind the longest phrase that begins at the word `start`; `start` itself where
        none does."""
        if start >= len(words) or words[start].plain not in self._begin:
            return start
        for length in range(min(self._max_words, len(words) - start), 0, -1):
            part = words[start : start + length]
            if tuple(w.written for w in part) in self._known:
                return start + length
            if tuple(w.plain for w in part) in self._plain and not any(
                w.has_accents for w in words
            ):
                return start + length
        return start

    def ends_at(self, words: tuple[Word, ...], end: int) -> bool:
        """Whether a phrase ends before the word `end`."""
        return any(
            self.at(words, start) == end for start in range(max(end - self._max_words, 0), end)
        )

    def starts(
        self, words: tuple[Word, ...], first: int = 0, last: int | None = None
    ) -> Iterator[int]:
        """Where among the words from `first` up to `last` a phrase begins."""
        for start in range(first, len(words) if last is None else last):
            if self.at(words, start) > start:
                yield start
