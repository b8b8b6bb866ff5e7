"""Which choice of a field a text means, as the form's choices and their variants are written."""

from __future__ import annotations

import re
from collections.abc import Callable

from sources.campaigns import Campaign
from sources.extraction.note_phrases import NotePhrases
from sources.extraction.word_patterns import any_of
from sources.form import FormField
from sources.text import fold
from sources.unit_names import UnitNames

_PLACE_WORDS = {"xa", "phuong", "thi", "huyen", "tt"}
_MAX_WORDS_BEHIND_CHOICE = 5


class ChoiceCodes:
    """The codes of all choices of a form, by their folded labels; `labels` holds the labels of all
    fields."""

    def __init__(
        self, campaign: Campaign, unit_names: UnitNames, expand_abbreviations: Callable[[str], str]
    ) -> None:
        words = campaign.form.words
        self._unit_names, self._expand_abbreviations = unit_names, expand_abbreviations
        self._by_field = {
            field.path: _codes_of(field)
            for section in campaign.form.sections
            for field in section.fields
            if field.choice
        }
        self.labels = frozenset(label for codes in self._by_field.values() for label in codes)
        self._fillers = re.compile(rf"\b(?:{any_of(map(fold, words.choice_fillers))})\b")
        self._doubts = NotePhrases(words.mark_doubts)

    def code(self, field: FormField, text: str) -> str | None:
        """The code of a choice as it is written; an organisation may be followed by the name of its
        commune."""
        codes = self._by_field[field.path]
        folded = fold(text)
        if folded in codes or field.type != "organisation":
            return (
                codes.get(folded)
                or self._with_fillers(field, folded)
                or self._at_start(field, text)
            )
        starts = [
            label
            for label in codes
            if folded.startswith(f"{label} ") and self._is_place_behind(folded, label)
        ]
        return codes[max(starts, key=len)] if starts else None

    def listed(self, field: FormField, text: str) -> str | None:
        """The code of a choice whose label, or a variant of it, is the whole text."""
        return self._by_field[field.path].get(fold(text))

    def _with_fillers(self, field: FormField, folded: str) -> str | None:
        """The code of a choice with words around it that change nothing: `lồng ghép vào SH chi bộ
        tháng 4`."""
        core = self._without_fillers(folded)
        if not core or field.type != "choice":
            return None
        found = {
            code
            for label, code in self._by_field[field.path].items()
            if self._without_fillers(label) == core
        }
        return found.pop() if len(found) == 1 else None

    def _at_start(self, field: FormField, text: str) -> str | None:
        """The code of a choice that a text begins with, and no other or doubt behind it: `Trường
        THCS`."""
        codes, folded = self._by_field[field.path], fold(text)
        label = max((x for x in codes if folded.startswith(f"{x} ")), key=len, default="")
        rest = folded.removeprefix(label).split()
        if not label or field.type != "choice" or len(rest) > _MAX_WORDS_BEHIND_CHOICE:
            return None
        if self._doubts.occur_in(text):
            return None
        spans = {" ".join(rest[i:j]) for i in range(len(rest)) for j in range(i + 1, len(rest) + 1)}
        others = {code for x, code in codes.items() if x in spans}
        return codes[label] if others <= {codes[label]} else None

    def _without_fillers(self, folded: str) -> str:
        return " ".join(self._fillers.sub(" ", self._expand_abbreviations(folded)).split())

    def _is_place_behind(self, folded: str, label: str) -> bool:
        rest = folded.removeprefix(label).strip()
        return self._unit_names.exact(rest) is not None or rest.split(" ", 1)[0] in _PLACE_WORDS


def _codes_of(field: FormField) -> dict[str, str]:
    return {fold(label): c.code for c in field.choice for label in (c.label, *c.variants, c.code)}
