"""The campaign's labels and words made ready for look-up: folded once, asked for at every cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from sources.campaigns import Campaign
from sources.extraction.note_phrases import NotePhrases
from sources.extraction.word_patterns import any_of
from sources.form import FormField, Section, Words
from sources.issuers import Issuers
from sources.text import CAPITALS, SMALL, clean, fold
from sources.unit_names import UnitNames

_NUMBERING = re.compile(
    r"^\s*(?:[-+*•–—·]\s*)*(?:\(?(?:(?:[IVXLC]{1,5}|\d{1,2}(?:\.\d{1,2})*)\s*[.)/]|[a-hđ]\s*[.)])(?=\s|\D)\s*"
    rf"|[IVX]{{1,5}}\s?[-–]\s*(?=[{CAPITALS}])|\d{{1,2}}\s?[-–](?:\s+(?=[^\W\d])|(?=[{CAPITALS}][{SMALL}])))?\s*"
)
_NOTE_MARK = re.compile(r"\W*\*")  # `* Chi bộ A …`, `(*) …`
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_WITHIN_LABEL = re.compile(r"[(%\n]")  # by which a label may have forms with another end
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTH = re.compile(r"\bthang (\d{1,2})\b")
MONTH = re.compile(r"tháng\s*(\d{1,2})\b", re.IGNORECASE)  # in a header over days
_COUNT_LABEL_STARTS = ("so ", "tong ")  # how labels of counts begin
_PEOPLE = (
    "nguoi"  # any count of people may be told in it; another unit of measure makes another label
)
_PLACE_WORDS = {"xa", "phuong", "thi", "huyen", "tt"}
MIN_LIKENESS = 70  # from this likeness on (of 100) a label is offered as the nearest known one
_MAX_WORDS_OF_NAME = 8  # of a row's name behind the word for such a row; more are a sentence
_MAX_WORDS_BEHIND_CHOICE = 5
_MIN_MISTYPED_LETTERS = 4  # a shorter word with another letter is another word: dự, nữ


class NearField(NamedTuple):
    """The known field nearest to an unknown label. `mistyped`: the two differ by typing errors only."""

    key: str
    likeness: float
    mistyped: bool


class Qualifiers:
    """Words that make a label another one: a plan, another year, women among them; and how to find them in a text."""

    def __init__(
        self, phrases: Iterable[str], excluding: Iterable[str], year: int, months: frozenset[int]
    ) -> None:
        self._phrases = re.compile(rf"\b(?:{any_of({fold(p) for p in phrases})})\b")
        self._excluding = re.compile(rf"(?:{any_of(fold(p) for p in excluding)})\b")
        self._year, self._months = str(year), months
        self.occur_in = lru_cache(maxsize=4096)(self._stand_in)

    def _stand_in(self, text: str) -> bool:
        """`stand_in`: whether such words, or years or months and none of them the campaign's, stand in the text.

        What only says who is left out (`không tính đảng viên miễn sinh hoạt`) leaves the label what it is.
        """
        years, folded = _YEAR.findall(text), fold(text)
        months = {int(month) for month in _MONTH.findall(folded)}
        if (years and self._year not in years) or (
            months and self._months and months.isdisjoint(self._months)
        ):
            return True
        return self._phrases.search(folded) is not None and self._excluding.match(folded) is None


class SectionLabels:
    """The labels of one section: whole labels, labels under a spanning header, and choices that stand as columns."""

    def __init__(
        self,
        section: Section,
        count_words: frozenset[str],
        expand: Callable[[str], str],
        tails: re.Pattern[str],
    ) -> None:
        self.section, self._expand, self._tails = section, expand, tails
        self._count_words = count_words
        self.whole: dict[str, str] = {}
        self._unit_words = {f.key: fold(f.unit_word or "") for f in section.fields}
        self.grouped: dict[tuple[str, str], str] = {}
        self.choice_columns: dict[str, tuple[str, str]] = {}
        for field in section.fields:
            for label in field.labels:
                self.whole.setdefault(fold(label), field.key)
            for group in field.group:
                for under in field.under:
                    self.grouped.setdefault((fold(group), fold(under)), field.key)
        self._choices_as_columns()
        self._whole_expanded: dict[str, str] = {}
        for label, key in self.whole.items():
            self._whole_expanded.setdefault(expand(label), key)
            if section.by_key[key].type == "count" and not label.startswith(_COUNT_LABEL_STARTS):
                self._whole_expanded.setdefault(f"so {expand(label)}", key)
        self._grouped_expanded: dict[tuple[str, str], str] = {}
        for (group, under), key in self.grouped.items():
            self._grouped_expanded.setdefault((expand(group), expand(under)), key)
        self.find = lru_cache(maxsize=8192)(self._find)
        in_tables = self.grouped if section.layout == "table" else {}  # `Đảng viên dự` is no pair
        self.joined = {f"{group} {under}": key for (group, under), key in in_tables.items()}
        self.groups = {group for group, _ in self.grouped} | {
            fold(label) for f in section.fields if f.type == "choice" for label in f.labels
        }
        self.marks_under = self._marks_under()
        self.known = {
            *self.whole,
            *self.joined,
            *self.choice_columns,
            *(in_tables and self.groups),
            *(under for _, under in in_tables),
        }

    def _marks_under(self) -> dict[str, set[str]]:
        """The marks that a text is a label of below any header, or the header of."""
        marks: dict[str, set[str]] = {}
        for field in self.section.fields:
            for text in (*field.under, *field.group) if field.type == "mark" else ():
                marks.setdefault(fold(text), set()).add(field.key)
        return marks

    def _choices_as_columns(self) -> None:
        for field in self.section.fields:
            if field.type != "choice":
                continue
            for choice in field.choice:
                for label in (choice.label, *choice.variants):
                    if fold(label) not in self.whole:
                        self.choice_columns.setdefault(fold(label), (field.key, choice.code))

    def _find(self, text: str, abbreviated: bool = True) -> str | None:
        """`find`: the key of the field that the text is a label of, None where it is none; it may be abbreviated."""
        for candidate in label_forms(text):
            key = self.whole.get(candidate) or self.joined.get(candidate)
            if key:
                return key
            label, _, last = candidate.rpartition(" ")
            key = self.whole.get(label) if last in self._count_words else None
            if key and last in (_PEOPLE, self._unit_words[key]):
                return key
        if not abbreviated:
            return None
        expanded = [self._expand(form) for form in label_forms(text)]
        return next(
            (key for form in expanded if (key := self._whole_expanded.get(form))), None
        ) or next(
            (
                key
                for form in expanded
                if (bare := self._tails.sub("", form)) != form
                and (key := self._whole_expanded.get(bare))
            ),
            None,
        )

    def under(self, group: str, text: str) -> str | None:
        """The key of the field whose label is the text below a header, None where it is none."""
        pairs = [(g, under) for g in label_forms(group) for under in label_forms(text)]
        return next((key for pair in pairs if (key := self.grouped.get(pair))), None) or next(
            (
                key
                for g, under in pairs
                if (key := self._grouped_expanded.get((self._expand(g), self._expand(under))))
            ),
            None,
        )

    def within(self, key: str | None, text: str) -> str | None:
        """The key of the part that a short label names below the label of its whole: `Riêng` of the cells that met."""
        if key is None:
            return None
        whole = self.section.by_key[key]
        wholes = {whole.key, whole.part_of, whole.limit} - {None}
        forms = {self._expand(form) for form in label_forms(text)}
        return next(
            (
                f.key
                for f in self.section.fields
                if {f.part_of, f.limit} & wholes
                and any(self._expand(fold(under)) in forms for under in f.under)
            ),
            None,
        )

    def sole_under(self, text: str) -> str | None:
        """The key of the one count or day that has the label below any header: `Dự` of a table of party cells."""
        forms = {self._expand(form) for form in label_forms(text)}
        keys = {key for (_, under), key in self._grouped_expanded.items() if under in forms}
        key = keys.pop() if len(keys) == 1 else None
        return key if key and self.section.by_key[key].type in ("count", "date") else None

    def is_within(self, key: str, text: str) -> bool:
        """Whether all words of one of the field's labels stand in the text."""
        given = set(self._expand(fold(text)).split())
        return any(
            given.issuperset(self._expand(fold(label)).split())
            for label in self.section.by_key[key].labels
        )

    def is_hedged(self, text: str, hints: frozenset[str]) -> bool:
        """Whether a text says more than the label that it was taken for: `Số đảng viên (nữ)`, nữ being no hint."""
        return not all(_is_hint(part, hints) for part in self._beyond_label(text))

    def is_qualified(self, text: str, qualifiers: Qualifiers, whole: bool = False) -> bool:
        """Whether a text makes its label, or with `whole` the ones under it, speak of another time, a plan or a share.

        `Ngày sinh hoạt (kế hoạch)`, and above other labels `Kế hoạch`, `Năm 2021`.
        """
        if whole:
            return self.known.isdisjoint(
                {fold(text), self._expand(fold(text))}
            ) and qualifiers.occur_in(text)
        return any(qualifiers.occur_in(part) for part in self._beyond_label(text))

    def _beyond_label(self, text: str) -> list[str]:
        """What stands in brackets or on further lines of a text that is no known label as a whole."""
        if "(" not in text and "\n" not in text:
            return []
        bare = strip_numbering(text)
        if not self.known.isdisjoint({fold(text), fold(bare)}):
            return []
        unbracketed = _IN_BRACKETS.sub(" ", bare)
        parts = _IN_BRACKETS.findall(bare)
        if fold(unbracketed) not in self.known:
            parts.append(unbracketed.partition("\n")[2])
        return parts

    def nearest(self, text: str, exclude: frozenset[str] = frozenset()) -> NearField | None:
        """The likeliest field for an unknown label that is none of `exclude`, None where none is near."""
        known = {
            label: key for label, key in {**self.whole, **self.joined}.items() if key not in exclude
        }
        folded = fold(strip_numbering(text))
        best = process.extractOne(
            folded, known.keys(), scorer=fuzz.ratio, score_cutoff=MIN_LIKENESS
        )
        return (
            NearField(known[best[0]], best[1], _differ_by_typing(folded, best[0])) if best else None
        )


class Vocabulary:
    """All look-ups of one campaign: labels by section, choices, words, the registry's names."""

    def __init__(self, campaign: Campaign) -> None:
        words = campaign.form.words
        self.campaign = campaign
        self.unit_names = UnitNames(
            campaign.registry, campaign.form.organisations, campaign.campaign.area
        )
        self.issuers = Issuers(campaign, self.unit_names)
        self.title_words = frozenset(fold(w) for w in words.title_words)
        self.motto_words = frozenset(fold(w) for w in words.motto_words)
        self.count_words = frozenset(fold(w) for w in words.count_words)
        self.share_words = frozenset(fold(w) for w in words.share_words if fold(w))
        self.label_hints = self.count_words | frozenset(fold(w) for w in words.label_hints)
        self.qualifiers = Qualifiers(
            words.label_qualifiers,
            words.excluding_words,
            campaign.campaign.year,
            _months_of(campaign),
        )
        self.label_hints |= frozenset(fold(w) for w in words.result_words)
        self.whole_field_ids = frozenset(
            id(s.by_key[f.limit]) for s in campaign.form.sections for f in s.fields if f.limit
        )
        self.detail_pattern = re.compile(
            rf"(?:(?<!\w)|(?=\W))(?:{any_of(words.detail_words)})(?!\w)", re.IGNORECASE
        )
        self.result_words = frozenset(
            fold(w) for w in (*words.result_words, f"Năm {campaign.campaign.year}")
        )
        self.row_name_field_ids = frozenset(
            id(s.by_key[key]) for s in campaign.form.tables for key in s.row_key
        )
        self.zero_words = frozenset(fold(w) for w in words.zero_words)
        self.not_yet_words = frozenset(fold(w) for w in words.not_yet_words)
        self.nothing_words = self.zero_words | self.not_yet_words
        self.correcting_notes = NotePhrases(words.correcting_notes)
        self.note_openers = NotePhrases(words.note_openers)
        self.not_held_notes, self.held_notes = (
            NotePhrases(words.not_held_notes),
            NotePhrases(words.held_notes),
        )
        self.absence_notes = NotePhrases(words.absence_words)
        self.presence_words = frozenset(w.casefold() for w in words.count_leads)
        self._set_count_words(words)
        self._set_mark_words(campaign)
        self.lunar_notes = NotePhrases(words.lunar_words)
        self.all_words = frozenset(fold(w) for w in words.all_of_them)
        self.name_labels = frozenset(fold(w) for w in words.name_labels)
        self.ignored_labels = frozenset(fold(w) for w in words.ignored_labels)
        self.personal_labels = frozenset(fold(w) for w in words.personal_labels)
        self._footers = tuple(f"{fold(w)} " for w in words.footer_words)
        self._captions = tuple(f"{fold(w)} " for w in words.caption_words)
        self._examples = frozenset(fold(w) for w in words.example_words)
        self._example_starts = tuple(f"{w} " for w in self._examples if " " in w)
        self.total_words = frozenset(fold(w) for w in words.total_words)
        self.totals_written = frozenset(clean(w).casefold() for w in words.total_words)
        self.ignored_columns = frozenset(fold(w) for w in words.ignored_columns)
        self.numbered_names = frozenset(fold(w) for w in words.numbered_names)
        self.name_openers = frozenset(fold(w) for w in words.name_openers)
        self.row_words = {
            s.key: tuple(fold(w) for w in (s.row_word, *s.row_word_variants) if w)
            for s in campaign.form.tables
        }
        self.total_starts = tuple(
            f"{unicodedata.normalize('NFC', w).casefold()}{end}"
            for w in words.total_words
            for end in " :"
            if end == ":" or " " in w or fold(w) == "cong"
        )
        self.share_labels = NotePhrases(words.share_labels)
        self.carried_over = NotePhrases(words.carried_words)
        self.measure_words = self.count_words | frozenset(fold(w) for w in words.measure_words)
        self.choice_fillers = re.compile(rf"\b(?:{any_of(map(fold, words.choice_fillers))})\b")
        self.is_total = lru_cache(maxsize=8192)(self._is_total)
        self.type_functions: dict[
            tuple[str, int], Callable[[Any], Any]
        ] = {}  # cell_types keeps them here
        self.expand_abbreviations = _expander(words.abbreviations, campaign)
        self.sections = {
            s.key: SectionLabels(s, self.count_words, self.expand_abbreviations, _tails(s, words))
            for s in campaign.form.sections
        }
        self.table_labels = tuple(self.sections[s.key] for s in campaign.form.tables)
        self.pair_labels = tuple(
            self.sections[s.key] for s in campaign.form.sections if s.layout == "pairs"
        )
        groups = {
            key: labels.groups
            | frozenset(
                fold(label)
                for k in labels.section.row_key
                for label in labels.section.by_key[k].labels
            )
            for key, labels in self.sections.items()
        }
        self.other_groups = {
            key: frozenset().union(*(g for other, g in groups.items() if other != key))
            - labels.known
            for key, labels in self.sections.items()
        }
        self.pair_sub_labels = frozenset(
            under for labels in self.pair_labels for _, under in labels.grouped
        )
        self.section_headings = frozenset(
            fold(h)
            for s in campaign.form.sections
            for h in (s.title, s.heading or "", *s.heading_variants)
            if h
        )
        self._choices = {
            (s.key, f.key): _choice_codes(f)
            for s in campaign.form.sections
            for f in s.fields
            if f.choice
        }
        self._choices_by_field = {
            id(f): self._choices[s.key, f.key]
            for s in campaign.form.sections
            for f in s.fields
            if f.choice
        }
        self.table_words = frozenset().union(
            *(set(t.whole) | set(t.joined) | t.groups for t in self.table_labels)
        )
        self._table_words_expanded = frozenset(map(self.expand_abbreviations, self.table_words))
        row_words = frozenset(
            fold(label)
            for s in campaign.form.tables
            for k in s.row_key
            for label in s.by_key[k].labels
        )
        self.is_row_name_label = lru_cache(maxsize=8192)(
            lambda text: not row_words.isdisjoint(label_forms(text))
        )
        self.organisation_names = frozenset(fold(name) for name in campaign.form.organisation_names)
        self.other_organisations = tuple(fold(name) for name in words.other_organisations)
        self.choice_words = (
            frozenset().union(*self._choices.values()) if self._choices else frozenset()
        )
        self.qualifies_labels = lru_cache(maxsize=8192)(self._qualifies_labels)
        self.header_word = lru_cache(maxsize=16384)(self._header_word)
        self.find_pair = lru_cache(maxsize=16384)(self._find_pair)
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
                *self.table_words,
                *self._table_words_expanded,
                *map(fold, behind),
            )
        }

    def _set_count_words(self, words: Words) -> None:
        self.count_leads = frozenset(fold(w) for w in words.count_leads)
        self.kinds_of_whole = frozenset(
            tuple(sorted(fold(kind) for kind in kinds)) for kinds in words.kinds_of_whole
        )
        self.kind_words = frozenset(kind for kinds in self.kinds_of_whole for kind in kinds)
        self.including_notes, self.other_people_notes = (
            NotePhrases(words.including_words),
            NotePhrases(words.other_people_words),
        )
        unit, aside = (
            any_of(map(fold, listed)) for listed in (words.count_words, words.aside_words)
        )
        self.aside_pattern = re.compile(
            rf"(?:co )?(?:\d{{1,4}} )?(?:(?:{unit}) )?(?:{aside})(?: .*)?$"
        )

    def _set_mark_words(self, campaign: Campaign) -> None:
        words = campaign.form.words
        self.yes_marks, self.no_marks = _marks(words.yes_marks), _marks(words.no_marks)
        self.field_marks = {
            id(f): (_marks(f.yes_marks), _marks(f.no_marks))
            for s in campaign.form.sections
            for f in s.fields
            if f.yes_marks or f.no_marks
        }
        self.people_mark_ids = frozenset(
            id(f) for s in campaign.form.sections for f in s.fields if f.counts_people
        )
        self.tick_letters = _marks(words.tick_letters)
        self.done_words, self.words_before_done = (
            _marks(words.done_words),
            _marks(words.done_before),
        )
        self.negations = _marks(words.negations)
        self.mark_remarks = frozenset(fold(w) for w in words.mark_remarks)
        self.mark_doubts, self.mark_reasons = (
            NotePhrases(words.mark_doubts),
            NotePhrases(words.mark_reasons),
        )
        self.person_titles = NotePhrases(words.name_titles)

    def phrase_marks(self, text: str) -> str | None:
        """ "true" of what was done (`đã thực hiện`), "false" of what was not (`chưa có`), None of any other text."""
        first, _, rest = text.partition(" ")
        negated = first in self.negations
        done = rest if negated else text
        while (
            done not in self.done_words
            and (before := done.partition(" "))[0] in self.words_before_done
            and before[2]
        ):
            done = before[2]
        if done in self.done_words:
            return "false" if negated else "true"
        return "true" if not negated and done != text and done in self.yes_marks else None

    def without_presence(self, folded: str) -> str:
        """A folded text without `dự`, `có mặt` at its end."""
        lead = max(
            (w for w in self.count_leads if folded == w or folded.endswith(f" {w}")),
            key=len,
            default="",
        )
        return folded.removesuffix(lead).strip()

    def _find_pair(self, text: str) -> tuple[Section, FormField] | None:
        """`find_pair`: the section and field of a label of `info` or `text`."""
        for labels in self.pair_labels if self._may_be_label(text) else ():
            if (key := labels.find(text)) and not labels.is_qualified(text, self.qualifiers):
                return labels.section, labels.section.by_key[key]
        return None

    def _may_be_label(self, text: str) -> bool:
        """A cheap look before the thorough one: whether a text ends as a label, or what may stand behind one, does."""
        last = fold(text).rpartition(" ")[2]
        return last in self._last_words or last.isdigit() or _WITHIN_LABEL.search(text) is not None

    def _qualifies_labels(self, text: str) -> bool:
        """`qualifies_labels`: whether a text above labels is a plan, what was reached, another time, or their month."""
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
        """`header_word`: "table" for a word of a header, "choice" for one that a row may hold too, else None."""
        if not self._may_be_label(text):
            return None
        forms = label_forms(text)
        if self.table_words.isdisjoint(forms) and self._table_words_expanded.isdisjoint(
            map(self.expand_abbreviations, forms)
        ):
            return None
        return "table" if self.choice_words.isdisjoint(forms) else "choice"

    def choice_code(self, field: FormField, text: str) -> str | None:
        """The code of a choice as it is written; an organisation may be followed by the name of its commune."""
        codes = self._choices_by_field[id(field)]
        folded = fold(text)
        if folded in codes or field.type != "organisation":
            return (
                codes.get(folded)
                or self._choice_in_full(field, folded)
                or self._choice_that_begins(field, text)
            )
        starts = [
            label
            for label in codes
            if folded.startswith(f"{label} ") and self._names_a_place(folded, label)
        ]
        return codes[max(starts, key=len)] if starts else None

    def listed_choice(self, field: FormField, text: str) -> str | None:
        """The code of a choice whose label, or a variant of it, is the whole text."""
        return self._choices_by_field[id(field)].get(fold(text))

    def _choice_in_full(self, field: FormField, folded: str) -> str | None:
        """The code of a choice with words around it that change nothing: `lồng ghép vào SH chi bộ tháng 4`."""
        core = self._core(folded)
        if not core or field.type != "choice":
            return None
        found = {
            code
            for label, code in self._choices_by_field[id(field)].items()
            if self._core(label) == core
        }
        return found.pop() if len(found) == 1 else None

    def _choice_that_begins(self, field: FormField, text: str) -> str | None:
        """The code of a choice that a text begins with, and no other or doubt behind it: `Trường THCS`."""
        codes, folded = self._choices_by_field[id(field)], fold(text)
        label = max((x for x in codes if folded.startswith(f"{x} ")), key=len, default="")
        rest = folded.removeprefix(label).split()
        if not label or field.type != "choice" or len(rest) > _MAX_WORDS_BEHIND_CHOICE:
            return None
        if self.mark_doubts.occur_in(text):
            return None
        spans = {" ".join(rest[i:j]) for i in range(len(rest)) for j in range(i + 1, len(rest) + 1)}
        others = {code for x, code in codes.items() if x in spans}
        return codes[label] if others <= {codes[label]} else None

    def _core(self, folded: str) -> str:
        """A choice's folded text without the words that change nothing."""
        return " ".join(self.choice_fillers.sub(" ", self.expand_abbreviations(folded)).split())

    def _names_a_place(self, folded: str, label: str) -> bool:
        rest = folded.removeprefix(label).strip()
        return self.unit_names.exact(rest) is not None or rest.split(" ", 1)[0] in _PLACE_WORDS

    def _is_total(self, text: str, numbered: bool = False) -> bool:
        """`is_total`: whether the text heads a row of totals: with its accents, so that Công an and Công đoàn are none.

        In a row with an ordinal only the word alone does: `7 | Cộng Hòa` is a village.
        """
        folded = fold(_IN_BRACKETS.sub(" ", text) if "(" in text else text)
        if folded in self.total_words and (
            folded not in self.choice_words or clean(text).casefold() in self.totals_written
        ):
            return True  # `Cả xã`, but not `CA xã`
        return not numbered and (
            clean(text).casefold().startswith(self.total_starts) or self.carried_over.occur_in(text)
        )

    def is_share(self, text: str) -> bool:
        """Whether a label is that of a share: `Tỷ lệ dự (%)`, `Đạt (%)`, `%`."""
        bare = fold(text.replace("%", " "))
        return self.share_labels.begin(strip_numbering(text)) or (
            "%" in text and (not bare or bare in self.ignored_columns)
        )

    def is_example(self, text: str) -> bool:
        """Whether the text says that its row only shows how a row is filled in."""
        folded = fold(text)
        return folded in self._examples or folded.startswith(self._example_starts)

    def is_note(self, text: str) -> bool:
        """Whether a text begins as a note does: `* Chi bộ A …`, `Ghi chú: …`, `Riêng Chi bộ A …`."""
        return bool(_NOTE_MARK.match(text)) or self.note_openers.begin(
            strip_numbering(text).strip("(“ ")
        )

    def begins_a_row_name(self, section: Section, text: str) -> bool:
        """Whether a text begins as names of the section's rows do: with the word for such a row."""
        rest = self._without_row_word(section, text).split()
        return (
            0 < len(rest) <= _MAX_WORDS_OF_NAME
            and text.strip()[-1] != "."
            and not (self.is_note(text) or ": " in text)
        )

    def opens_a_row_name(self, section: Section, text: str) -> bool:
        """Whether the name of a row is unfinished: one word that asks for another, as `Chi bộ Trường`."""
        return self._without_row_word(section, text) in self.name_openers

    def _without_row_word(self, section: Section, text: str) -> str:
        """The folded rest of a row's name behind the word for such a row, "" where it does not begin with one."""
        folded = fold(strip_numbering(text))
        return next(
            (
                folded.removeprefix(f"{word} ")
                for word in self.row_words[section.key]
                if folded.startswith(f"{word} ")
            ),
            "",
        )

    def is_caption(self, text: str) -> bool:
        """Whether the text names a table or an annex that follows."""
        return f"{fold(text)} ".startswith(self._captions)

    def is_footer(self, text: str) -> bool:
        """Whether the text belongs to what stands below a table: a signature, the recipients, a note."""
        return f"{fold(text)} ".startswith(self._footers)


def _months_of(campaign: Campaign) -> frozenset[int]:
    """The months in which meetings are to be held."""
    return frozenset(
        month
        for window in campaign.windows.values()
        for month in range(window.first.month, window.last.month + 1)
    )


def _tails(section: Section, words: Words) -> re.Pattern[str]:
    """What may stand at the end of a section's labels and changes nothing; of a column's, that it gives a share too."""
    tails = words.label_tails + (words.share_labels if section.layout == "table" else ())
    return re.compile(rf"\s(?:{any_of(map(fold, tails))})$")


def _expander(abbreviations: dict[str, str], campaign: Campaign) -> Callable[[str], str]:
    """A function that writes out the abbreviations in a folded label: `t so dv` becomes `tong so dang vien`.

    The campaign's own month or year at its end is left out: `ngay sinh hoat thang 4`.
    """
    full = {fold(short): fold(words) for short, words in abbreviations.items()}
    shorts = re.compile(rf"\b(?:{any_of(full)})\b")
    months = any_of({f"thang {spelt}" for m in _months_of(campaign) for spelt in (m, f"{m:02}")})
    year = campaign.campaign.year
    time = re.compile(rf"\s(?:(?:{months})(?: (?:nam )?{year})?|nam {year})$")
    first_words = {short.partition(" ")[0] for short in full}

    def expand(text: str) -> str:
        text = time.sub("", text) if text[-1:].isdigit() else text
        words = text.split()
        if first_words.isdisjoint(words):  # as of most texts
            return " ".join(words)
        return " ".join(shorts.sub(lambda found: full[found[0]], text).split())

    return lru_cache(maxsize=16384)(expand)


@lru_cache(maxsize=16384)
def label_forms(text: str) -> tuple[str, ...]:
    """The folded forms under which a label is looked up: as it stands, without numbering, without brackets."""
    if "%" in text:  # folded away, a column of shares would be one of counts
        return tuple(
            fold(form.replace("%", " phần trăm ")) for form in (text, strip_numbering(text))
        )
    bare = strip_numbering(text)
    forms = [text, bare]
    if "(" in text or "\n" in text:
        forms += [_IN_BRACKETS.sub(" ", text), _IN_BRACKETS.sub(" ", bare), bare.split("\n", 1)[0]]
    return tuple(dict.fromkeys(f for f in map(fold, dict.fromkeys(forms)) if f))


def strip_numbering(text: str) -> str:
    """The text without a leading bullet or number: `1. Thuận lợi` and `- Thuận lợi` become `Thuận lợi`."""
    return text[_NUMBERING.match(text).end() :]  # it may match nothing, but always matches


def _is_hint(text: str, hints: frozenset[str]) -> bool:
    parts = [fold(part) for part in re.split(r"[(),;/]", text)]
    return fold(text) in hints or all(not p or p.isdigit() or p in hints for p in parts)


def _differ_by_typing(one: str, other: str) -> bool:
    """Whether two folded labels are the same words but for a slip in one or two long ones; figures must agree."""
    pairs = list(zip(one.split(), other.split(), strict=False))
    if len(one.split()) != len(other.split()):
        return False
    slips = [(a, b) for a, b in pairs if a != b]
    return 0 < len(slips) <= 2 and all(
        max(len(a), len(b)) >= _MIN_MISTYPED_LETTERS
        and not (a + b).isdigit()
        and OSA.distance(a, b) <= 1
        for a, b in slips
    )


def _marks(marks: tuple[str, ...]) -> frozenset[str]:
    """Marks as they are compared; words of more than one letter without their accents as well."""
    written = frozenset(unicodedata.normalize("NFKC", m).casefold().strip() for m in marks)
    return written | {plain for m in written if len(plain := fold(m)) > 1}


def _choice_codes(field: FormField) -> dict[str, str]:
    return {fold(label): c.code for c in field.choice for label in (c.label, *c.variants, c.code)}


_VOCABULARIES: dict[str, Vocabulary] = {}


def vocabulary_of(campaign: Campaign) -> Vocabulary:
    """The vocabulary of a campaign, made once in a process for each digest."""
    if campaign.digest not in _VOCABULARIES:
        _VOCABULARIES[campaign.digest] = Vocabulary(campaign)
    return _VOCABULARIES[campaign.digest]
