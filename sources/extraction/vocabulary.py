"""The campaign's labels and words made ready for look-up: folded once, asked for at every cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Literal

from sources.campaigns import Campaign
from sources.extraction.abbreviations import expander, months_of
from sources.extraction.choice_codes import ChoiceCodes
from sources.extraction.count_words import CountWords
from sources.extraction.label_forms import label_forms
from sources.extraction.line_kinds import LineKinds
from sources.extraction.mark_words import MarkWords
from sources.extraction.note_phrases import NotePhrases
from sources.extraction.section_labels import Qualifiers, SectionLabels
from sources.extraction.word_patterns import any_of
from sources.form import FormField, Section, Words
from sources.issuers import Issuers
from sources.text import fold
from sources.unit_names import UnitNames

_MAY_HAVE_OTHER_ENDS = re.compile(r"[(%\n]")  # a label with one of these has several forms
MONTH = re.compile(r"tháng\s*(\d{1,2})\b", re.IGNORECASE)  # in a header over days


class Vocabulary:
    """All look-ups of one campaign: labels by section, choices, words, the registry's names.

    counts, marks, choices, lines  the words of counts and marks, the codes of choices, and what
    kind a line is
    qualifiers     words that make a label another one; `label_hints`, words that do not
    sections       the labels of each section; those of tables and of pairs also as `table_labels`, `pair_labels`
    other_groups   by section the headers that only other sections' labels stand below
    """

    def __init__(self, campaign: Campaign) -> None:
        words = campaign.form.words
        self.campaign = campaign
        self.unit_names = UnitNames(
            campaign.registry, campaign.form.organisations, campaign.campaign.area
        )
        self.issuers = Issuers(campaign, self.unit_names)
        self.expand_abbreviations = expander(words.abbreviations, campaign)
        self.counts, self.marks = CountWords(words), MarkWords(campaign)
        self.choices = ChoiceCodes(campaign, self.unit_names, self.expand_abbreviations)
        self.lines = LineKinds(campaign, self.choices.labels)
        self.qualifiers = Qualifiers(
            words.label_qualifiers,
            words.excluding_words,
            campaign.campaign.year,
            months_of(campaign),
        )
        self._set_words(words)
        self._set_field_paths()
        self._set_labels(words)
        self._set_header_words(words)
        # What cell_types has made of values, by the field's path: it keeps them here.
        self.type_functions: dict[str, Callable[[Any], Any]] = {}
        self.qualifies_labels = lru_cache(maxsize=8192)(self._qualifies_labels)
        self.header_word = lru_cache(maxsize=16384)(self._header_word)
        self.find_pair = lru_cache(maxsize=16384)(self._find_pair)

    def _set_words(self, words: Words) -> None:
        """Sets the lists of single words and phrases."""
        self.title_words = _folded(words.title_words)
        self.motto_words = _folded(words.motto_words)
        self.label_hints = (
            self.counts.units | _folded(words.label_hints) | _folded(words.result_words)
        )
        self.result_words = _folded((*words.result_words, f"Năm {self.campaign.campaign.year}"))
        self.all_words = _folded(words.all_of_them)
        self.name_labels = _folded(words.name_labels)
        self.ignored_labels = _folded(words.ignored_labels)
        self.personal_labels = _folded(words.personal_labels)
        self.ignored_columns = _folded(words.ignored_columns)
        self.numbered_names = _folded(words.numbered_names)
        self.organisation_names = _folded(self.campaign.form.organisation_names)
        self.other_organisations = tuple(fold(name) for name in words.other_organisations)
        self.detail_pattern = re.compile(
            rf"(?:(?<!\w)|(?=\W))(?:{any_of(words.detail_words)})(?!\w)", re.IGNORECASE
        )
        self.correcting_notes = NotePhrases(words.correcting_notes)
        self.not_held_notes = NotePhrases(words.not_held_notes)
        self.held_notes = NotePhrases(words.held_notes)
        self.absence_notes = NotePhrases(words.absence_words)
        self.lunar_notes = NotePhrases(words.lunar_words)

    def _set_field_paths(self) -> None:
        """Sets which fields count a whole, and which name the rows of a table, by their paths."""
        form = self.campaign.form
        self.whole_fields = frozenset(
            s.by_key[f.limit].path for s in form.sections for f in s.fields if f.limit
        )
        self.row_name_fields = frozenset(
            s.by_key[key].path for s in form.tables for key in s.row_key
        )

    def _set_labels(self, words: Words) -> None:
        """Sets the labels of the sections, and the headers that are of other sections than each."""
        form = self.campaign.form
        self.sections = {
            s.key: SectionLabels(s, self.counts.units, self.expand_abbreviations, _tails(s, words))
            for s in form.sections
        }
        self.table_labels = tuple(self.sections[s.key] for s in form.tables)
        self.pair_labels = tuple(self.sections[s.key] for s in form.sections if s.layout == "pairs")
        self.pair_sub_labels = frozenset(
            under for labels in self.pair_labels for _, under in labels.grouped
        )
        groups = {
            key: labels.groups | _row_name_labels(labels.section)
            for key, labels in self.sections.items()
        }
        self.other_groups = {
            key: frozenset().union(*(g for other, g in groups.items() if other != key))
            - labels.known
            for key, labels in self.sections.items()
        }
        self.section_headings = frozenset(
            fold(heading)
            for s in form.sections
            for heading in (s.title, s.heading or "", *s.heading_variants)
            if heading
        )

    def _set_header_words(self, words: Words) -> None:
        """Sets the words of tables' headers, and the last words that any label may have."""
        row_name_labels = frozenset().union(*map(_row_name_labels, self.campaign.form.tables))
        self.is_row_name_label = lru_cache(maxsize=8192)(
            lambda text: not row_name_labels.isdisjoint(label_forms(text))
        )
        self._table_words = frozenset().union(
            *(set(t.whole) | set(t.joined) | t.groups for t in self.table_labels)
        )
        self._table_words_expanded = frozenset(map(self.expand_abbreviations, self._table_words))
        labels = {
            label
            for s in self.sections.values()
            for known in (s.whole, s.joined)
            for label in known
        }
        behind = (*words.abbreviations, *words.label_tails, *words.share_labels, *words.count_words)
        self._last_words = {
            text.rpartition(" ")[2]
            for text in (
                *labels,
                *map(self.expand_abbreviations, labels),
                *self._table_words,
                *self._table_words_expanded,
                *map(fold, behind),
            )
        }

    def _find_pair(self, text: str) -> tuple[Section, FormField] | None:
        """`find_pair`: the section and field of a label of `info` or `text`."""
        for labels in self.pair_labels if self._may_be_label(text) else ():
            if (key := labels.find(text)) and not labels.is_qualified(text, self.qualifiers):
                return labels.section, labels.section.by_key[key]
        return None

    def _may_be_label(self, text: str) -> bool:
        """A cheap check before the thorough one: whether a text ends as a label, or what may stand
        behind one, does."""
        last = fold(text).rpartition(" ")[2]
        return (
            last in self._last_words
            or last.isdigit()
            or _MAY_HAVE_OTHER_ENDS.search(text) is not None
        )

    def _qualifies_labels(self, text: str) -> bool:
        """`qualifies_labels`: whether a text above labels is a plan, what was reached, another
        time, or their month."""
        return (
            fold(text) in self.result_words
            or self.qualifiers.occur_in(text)
            or MONTH.search(text) is not None
        )

    def pair_under(self, group: str, text: str) -> tuple[Section, FormField] | None:
        """The section and field of `info` or `text` whose label is the text below a header."""
        for labels in self.pair_labels:
            if key := labels.under(group, text):
                return labels.section, labels.section.by_key[key]
        return None

    def pair_within(self, whole: FormField, text: str) -> tuple[Section, FormField] | None:
        """The section and field of a short label below the label of a whole."""
        for labels in self.pair_labels:
            if labels.section.by_key.get(whole.key) is whole and (
                key := labels.within(whole.key, text)
            ):
                return labels.section, labels.section.by_key[key]
        return None

    def _header_word(self, text: str) -> Literal["table", "choice"] | None:
        """`header_word`: "table" for a word of a header, "choice" for one that a row may hold too,
        else None."""
        if not self._may_be_label(text):
            return None
        forms = label_forms(text)
        if self._table_words.isdisjoint(forms) and self._table_words_expanded.isdisjoint(
            map(self.expand_abbreviations, forms)
        ):
            return None
        return "table" if self.choices.labels.isdisjoint(forms) else "choice"


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, texts))


def _row_name_labels(section: Section) -> frozenset[str]:
    """The folded labels of the fields that name the rows of a section."""
    return _folded(label for key in section.row_key for label in section.by_key[key].labels)


def _tails(section: Section, words: Words) -> re.Pattern[str]:
    """What may stand at the end of a section's labels and changes nothing; of a column's, that it
    gives a share too."""
    tails = words.label_tails + (words.share_labels if section.layout == "table" else ())
    return re.compile(rf"\s(?:{any_of(map(fold, tails))})$")


_VOCABULARIES: dict[str, Vocabulary] = {}


def vocabulary_of(campaign: Campaign) -> Vocabulary:
    """The vocabulary of a campaign, made once in a process for each digest."""
    if campaign.digest not in _VOCABULARIES:
        _VOCABULARIES[campaign.digest] = Vocabulary(campaign)
    return _VOCABULARIES[campaign.digest]
