"""The words of the form that may stand beside a count: units, shares, what a number includes or
leaves out."""

from __future__ import annotations

import re

from sources.extraction.note_phrases import NotePhrases
from sources.extraction.word_patterns import any_of
from sources.form import Words
from sources.text import fold


class CountWords:
    """Folded words, and phrases, around the number of a count.

    units     what is counted, or how it is measured: `đ/c`, `chi bộ`
    leads     words that say how many came: `dự`, `có mặt`
    presence  the same with their accents
    kinds_of_whole  the kinds that add up to a whole: `nam`, `nữ`; `kinds` are all of them
    aside     a remark on others than those counted: `vắng 02`
    including, other_people  phrases of a part of the number, and phrases that make it a number of
    others
    """

    def __init__(self, words: Words) -> None:
        self.units = frozenset(fold(w) for w in words.count_words)
        self.shares = frozenset(fold(w) for w in words.share_words if fold(w))
        self.zero = frozenset(fold(w) for w in words.zero_words)
        self.not_yet = frozenset(fold(w) for w in words.not_yet_words)
        self.nothing = self.zero | self.not_yet
        self.measures = self.units | frozenset(fold(w) for w in words.measure_words)
        self.leads = frozenset(fold(w) for w in words.count_leads)
        self.presence = frozenset(w.casefold() for w in words.count_leads)
        self.kinds_of_whole = frozenset(
            tuple(sorted(fold(kind) for kind in kinds)) for kinds in words.kinds_of_whole
        )
        self.kinds = frozenset(kind for kinds in self.kinds_of_whole for kind in kinds)
        self.including = NotePhrases(words.including_words)
        self.other_people = NotePhrases(words.other_people_words)
        unit, aside = any_of(map(fold, words.count_words)), any_of(map(fold, words.aside_words))
        self.aside = re.compile(rf"(?:co )?(?:\d{{1,4}} )?(?:(?:{unit}) )?(?:{aside})(?: .*)?$")

    def without_presence(self, folded: str) -> str:
        """A folded text without `dự`, `có mặt` at its end."""
        lead = max(
            (w for w in self.leads if folded == w or folded.endswith(f" {w}")),
            key=len,
            default="",
        )
        return folded.removesuffix(lead).strip()
