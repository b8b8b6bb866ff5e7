"""The words and signs of the form by which a mark says yes or no."""

from __future__ import annotations

import unicodedata

from sources.campaigns import Campaign
from sources.extraction.note_phrases import NotePhrases
from sources.form import FormField
from sources.text import fold

YesNo = tuple[frozenset[str], frozenset[str]]  # what says yes, and what says no


class MarkWords:
    """What says yes and no in all fields (`yes`, `no`), in single fields, and what may stand beside
    it.

    tick_letters  letters that may be repeated: `xx`
    remarks       folded remarks that leave a yes a yes
    doubts, reasons  phrases that make a yes unsure, and phrases that give the reason of a no
    """

    def __init__(self, campaign: Campaign) -> None:
        words = campaign.form.words
        self.yes, self.no = _marks(words.yes_marks), _marks(words.no_marks)
        self._own = {
            field.path: (_marks(field.yes_marks), _marks(field.no_marks))
            for section in campaign.form.sections
            for field in section.fields
            if field.yes_marks or field.no_marks
        }
        self.tick_letters = _marks(words.tick_letters)
        self._done, self._before_done = _marks(words.done_words), _marks(words.done_before)
        self._negations = _marks(words.negations)
        self.remarks = frozenset(fold(w) for w in words.mark_remarks)
        self.doubts = NotePhrases(words.mark_doubts)
        self.reasons = NotePhrases(words.mark_reasons)
        self.person_titles = NotePhrases(words.name_titles)

    def own_of(self, field: FormField | None) -> YesNo | None:
        """What says yes and no in this field alone, None where it has no words of its own."""
        return self._own.get(field.path) if field else None

    def of_phrase(self, text: str) -> str | None:
        """ "true" of what was done (`đã thực hiện`), "false" of what was not (`chưa có`), None of
        any other text."""
        first, _, rest = text.partition(" ")
        negated = first in self._negations
        done = rest if negated else text
        while (
            done not in self._done
            and (before := done.partition(" "))[0] in self._before_done
            and before[2]
        ):
            done = before[2]
        if done in self._done:
            return "false" if negated else "true"
        return "true" if not negated and done != text and done in self.yes else None


def _marks(marks: tuple[str, ...]) -> frozenset[str]:
    """Marks as they are compared; words of more than one letter without their accents as well."""
    written = frozenset(unicodedata.normalize("NFKC", m).casefold().strip() for m in marks)
    return written | {plain for m in written if len(plain := fold(m)) > 1}
