"""What kind of line a text is by the words of the form: a total, an example, a note, a caption, a
signature."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from sources.campaigns import Campaign
from sources.extraction.label_forms import IN_BRACKETS, strip_numbering
from sources.extraction.note_phrases import NotePhrases
from sources.form import Section
from sources.text import clean, fold

_NOTE_MARK = re.compile(r"\W*\*")  # `* Chi bộ A …`, `(*) …`
_MAX_WORDS_OF_NAME = 8  # of a row's name behind the word for such a row; more are a sentence
# behind the word of a total, the groups that it adds up: `Cộng (I)`, `Tổng I+II`, `Tổng A và B`
_GROUP_NUMBERS = re.compile(
    r"[ivx]{1,5}|(?:[ivx]{1,5}|[a-z]|\d{1,2})(?: va)?(?: (?:[ivx]{1,5}|[a-z]|\d{1,2}))+"
)
# not `X. Tân Hoa`, which is a commune
_HEADING_NAME = re.compile(r"\W*(?:I{1,3}|IV|VI{0,3}|IX|[A-D])\s*[.):/–-]\s*\w.*", re.DOTALL)


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
        openers = _openers_of_totals(words.total_words)
        self._total_openers = _behind(openers)
        self._plain_total_openers = _behind([fold(w) for w in openers])
        self._group_leads = tuple(f"{fold(w)} " for w in words.group_leads)
        self._groups = tuple(f"{fold(w)} " for w in (*words.group_words, *_kinds_of_rows(campaign)))
        self._carried_over = NotePhrases(words.carried_words)
        self._shares = NotePhrases(words.share_labels)
        self._ignored_columns = frozenset(fold(w) for w in words.ignored_columns)
        self._unfinished_names = frozenset(fold(w) for w in words.name_openers)
        self._row_words = {
            s.key: tuple(fold(w) for w in (s.row_word, *s.row_word_variants) if w)
            for s in campaign.form.tables
        }
        self.is_total = lru_cache(maxsize=8192)(self._is_total)
        self.may_head_sums = lru_cache(maxsize=8192)(self._may_head_sums)

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

    def _may_head_sums(self, text: str) -> bool:
        """`may_head_sums`: whether a row of that name may hold the sums of others: `Cộng Hòa`, `I.
        Khối thôn`."""
        return self.begins_as_total(text) or self.is_heading_name(text) or self.is_group_name(text)

    def begins_as_total(self, text: str) -> bool:
        """Whether a name begins with the word of a total, as that of the village `Cộng Hòa`
        does."""
        return self._behind_total(text) is not None

    def names_subtotal(self, text: str) -> bool:
        """Whether a name can only be that of a total of some rows: `Cộng khối trường học`, `Tổng
        I+II`."""
        found = self._behind_total(text)
        if found is None:
            return False
        opener, rest = found
        if (" " in opener and not opener.isascii()) or ":" in text:
            return True  # `Tổng cộng vùng cao`, `Cộng: 12`; but `TONG CONG TY`
        rest = re.sub(r"^\d{1,3} (?=[a-z]{2})", "", rest)  # `Cộng 12 chi bộ thôn`
        return bool(_GROUP_NUMBERS.fullmatch(rest)) or f"{rest} ".startswith(self._groups)

    def is_heading_name(self, text: str) -> bool:
        """Whether a name has the number of a heading before it: `I. Khối thôn`."""
        return bool(_HEADING_NAME.fullmatch(text))

    def is_group_name(self, text: str) -> bool:
        """Whether a name may be that of a group of rows: `Khối thôn`, `Cụm 1`."""
        return fold(text).startswith(self._group_leads)

    def _behind_total(self, text: str) -> tuple[str, str] | None:
        """The word of a total that a name begins with, and the folded rest; None where it begins
        with none. Accents count where the name has any."""
        name = clean(strip_numbering(text)).casefold()
        openers = self._plain_total_openers if name.isascii() else self._total_openers
        found = openers.match(name)
        return (found[1], fold(found[2])) if found else None

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


def _openers_of_totals(total_words: Sequence[str]) -> list[str]:
    """The words of totals with which a subtotal's name may begin: `Cộng`, `Tổng`, and those that
    begin so, the longest first."""
    words = [unicodedata.normalize("NFC", w).casefold() for w in total_words]
    first_words = {w for w in words if " " not in w}
    return sorted({w for w in words if w.split()[0] in first_words}, key=lambda w: (-len(w), w))


def _behind(openers: Sequence[str]) -> re.Pattern[str]:
    """Matches an opener (1) and what stands behind it (2)."""
    return re.compile(rf"\W*({'|'.join(map(re.escape, openers))})\b(.*)", re.DOTALL)


def _kinds_of_rows(campaign: Campaign) -> Iterator[str]:
    """The words for rows of all tables (`chi bộ`, `thôn`), and for their kinds (`trường học`)."""
    for section in campaign.form.tables:
        yield from (w for w in (section.row_word, *section.row_word_variants) if w)
        for field in section.fields:
            if field.type == "choice":
                yield from (w for c in field.choice for w in (c.label, *c.variants))
