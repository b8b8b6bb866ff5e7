"""What kind of line a text is by the words of the form: a total, an example, a note, a caption, a
signature."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from sources.campaigns import Campaign
from sources.extraction.label_forms import IN_BRACKETS, strip_numbering
from sources.extraction.note_phrases import NotePhrases
from sources.form import Section
from sources.text import clean, fold

_NOTE_MARK = re.compile(r"\W*\*")  # `* Chi bộ A …`, `(*) …`
_MAX_WORDS_OF_NAME = 8  # of a row's name behind the word for such a row; more are a sentence


class LineKinds:
    """Questions about single texts; `choice_labels` are the folded labels of all choices."""

    def __init__(self, campaign: Campaign, choice_labels: frozenset[str]) -> None:
        words = campaign.form.words
        self._choice_labels = choice_labels
        self._notes = NotePhrases(words.note_openers)
        self._footers = tuple(f"{fold(w)} " for w in words.footer_words)
        self._captions = tuple(f"{fold(w)} " for w in words.caption_words)
        self._examples = frozenset(fold(w) for w in words.example_words)
        self._example_starts = tuple(f"{w} " for w in self._examples if " " in w)
        self._totals = frozenset(fold(w) for w in words.total_words)
        self._totals_written = frozenset(clean(w).casefold() for w in words.total_words)
        self._total_starts = tuple(
            f"{unicodedata.normalize('NFC', w).casefold()}{end}"
            for w in words.total_words
            for end in " :"
            if end == ":" or " " in w or fold(w) == "cong"
        )
        self._carried_over = NotePhrases(words.carried_words)
        self._shares = NotePhrases(words.share_labels)
        self._ignored_columns = frozenset(fold(w) for w in words.ignored_columns)
        self._unfinished_names = frozenset(fold(w) for w in words.name_openers)
        self._row_words = {
            s.key: tuple(fold(w) for w in (s.row_word, *s.row_word_variants) if w)
            for s in campaign.form.tables
        }
        self.is_total = lru_cache(maxsize=8192)(self._is_total)

    def _is_total(self, text: str, numbered: bool = False) -> bool:
        """`is_total`: whether the text heads a row of totals.

        Accents count, since Công an and Công đoàn do not. In a row with an ordinal only the word
        alone does: `7 | Cộng Hòa` is a village.
        """
        folded = fold(IN_BRACKETS.sub(" ", text) if "(" in text else text)
        if folded in self._totals and (
            folded not in self._choice_labels or clean(text).casefold() in self._totals_written
        ):
            return True  # `Cả xã`, but not `CA xã`
        return not numbered and (
            clean(text).casefold().startswith(self._total_starts)
            or self._carried_over.occur_in(text)
        )

    def is_share(self, text: str) -> bool:
        """Whether a label is that of a share: `Tỷ lệ dự (%)`, `Đạt (%)`, `%`."""
        bare = fold(text.replace("%", " "))
        return self._shares.begin(strip_numbering(text)) or (
            "%" in text and (not bare or bare in self._ignored_columns)
        )

    def is_example(self, text: str) -> bool:
        """Whether the text marks its row as an example of how to fill in the form."""
        folded = fold(text)
        return folded in self._examples or folded.startswith(self._example_starts)

    def is_note(self, text: str) -> bool:
        """Whether a text begins as a note does: `* Chi bộ A …`, `Ghi chú: …`, `Riêng Chi bộ A
        …`."""
        return bool(_NOTE_MARK.match(text)) or self._notes.begin(strip_numbering(text).strip("(“ "))

    def is_caption(self, text: str) -> bool:
        """Whether the text names a table or an annex that follows."""
        return f"{fold(text)} ".startswith(self._captions)

    def is_footer(self, text: str) -> bool:
        """Whether the text belongs to what stands below a table: a signature, the recipients, a
        note."""
        return f"{fold(text)} ".startswith(self._footers)

    def begins_row_name(self, section: Section, text: str) -> bool:
        """Whether a text begins as names of the section's rows do: with the word for such a row."""
        rest = self._without_row_word(section, text).split()
        return (
            0 < len(rest) <= _MAX_WORDS_OF_NAME
            and text.strip()[-1] != "."
            and not (self.is_note(text) or ": " in text)
        )

    def is_unfinished_row_name(self, section: Section, text: str) -> bool:
        """Whether a row's name is one word that asks for another: `Chi bộ Trường`."""
        return self._without_row_word(section, text) in self._unfinished_names

    def _without_row_word(self, section: Section, text: str) -> str:
        """The folded rest of a row's name behind the word for such a row, "" where it does not
        begin with one."""
        folded = fold(strip_numbering(text))
        return next(
            (
                folded.removeprefix(f"{word} ")
                for word in self._row_words[section.key]
                if folded.startswith(f"{word} ")
            ),
            "",
        )
