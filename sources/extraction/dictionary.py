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
from sources.form import FormField, Section
from sources.issuers import Issuers
from sources.text import clean, fold
from sources.unit_names import UnitNames

_NUMBERING = re.compile(
    r"^\s*(?:[-+*•–—·]\s*)*(?:\(?(?:(?:[IVXLC]{1,5}|\d{1,2}(?:\.\d{1,2})*)\s*[.)/]|[a-hđ]\s*[.)])(?=\s|\D)\s*)?\s*")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_PEOPLE = "nguoi"    # any count of people may be told in it; another unit of measure makes another label
_PLACES = {"xa", "phuong", "thi", "huyen", "tt"}
NEAR = 70          # from this likeness on (of 100) a label is offered as the nearest known one
_SHORTEST_MISTYPED = 4   # a shorter word with another letter is another word: dự, nữ


class Near(NamedTuple):
    """A known field near to an unknown label: how like (NEAR to 100), and whether they differ by typing errors only."""

    key: str
    likeness: float
    mistyped: bool


class SectionLabels:
    """The labels of one section: whole labels, labels under a spanning header, and choices that stand as columns."""

    def __init__(self, section: Section, count_words: frozenset[str]) -> None:
        self.section = section
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
        self.find = lru_cache(maxsize=8192)(self._find)
        self.joined = {f"{group} {under}": key for (group, under), key in self.grouped.items()}
        self.groups = {group for group, _ in self.grouped} | {
            fold(label) for f in section.fields if f.type == "choice" for label in f.labels}
        self._known = {*self.whole, *self.joined, *self.groups, *self.choice_columns,
                       *(under for _, under in self.grouped)}

    def _choices_as_columns(self) -> None:
        for field in self.section.fields:
            if field.type != "choice":
                continue
            for choice in field.choice:
                for label in (choice.label, *choice.variants):
                    if fold(label) not in self.whole:
                        self.choice_columns.setdefault(fold(label), (field.key, choice.code))

    def _find(self, text: str) -> str | None:
        """`find`: the key of the field that the text is a label of, None where it is none."""
        for candidate in label_forms(text):
            key = self.whole.get(candidate) or self.joined.get(candidate)
            if key:
                return key
            label, _, last = candidate.rpartition(" ")
            key = self.whole.get(label) if last in self._count_words else None
            if key and last in (_PEOPLE, self._unit_words[key]):
                return key
        return None

    def is_hedged(self, text: str, hints: frozenset[str]) -> bool:
        """Whether a text says more than the label that it was taken for: `Số đảng viên (nữ)`, nữ being no hint."""
        if "(" not in text and "\n" not in text:
            return False
        bare = strip_numbering(text)
        if not self._known.isdisjoint({fold(text), fold(bare)}):
            return False
        unbracketed = _IN_BRACKETS.sub(" ", bare)
        said = _IN_BRACKETS.findall(bare)
        if fold(unbracketed) not in self._known:
            said.append(unbracketed.partition("\n")[2])
        return not all(_is_hint(part, hints) for part in said)

    def nearest(self, text: str, exclude: frozenset[str] = frozenset()) -> Near | None:
        """The likeliest field for an unknown label that is none of `exclude`, None where none is near."""
        known = {label: key for label, key in {**self.whole, **self.joined}.items() if key not in exclude}
        folded = fold(strip_numbering(text))
        best = process.extractOne(folded, known.keys(), scorer=fuzz.ratio, score_cutoff=NEAR)
        return Near(known[best[0]], best[1], _differ_by_typing(folded, best[0])) if best else None


class Dictionary:
    """All look-ups of one campaign: labels by section, choices, words, the registry's names."""

    def __init__(self, campaign: Campaign) -> None:
        words = campaign.form.words
        self.campaign = campaign
        self.names = UnitNames(campaign.registry, campaign.form.organisations, campaign.campaign.area)
        self.issuers = Issuers(campaign, self.names)
        self.titles = frozenset(fold(w) for w in words.title_words)
        self.mottos = frozenset(fold(w) for w in words.motto_words)
        self.count_words = frozenset(fold(w) for w in words.count_words)
        self.share_words = frozenset(fold(w) for w in words.share_words if fold(w))
        self.hints = self.count_words | frozenset(fold(w) for w in words.label_hints)
        self.wholes = frozenset(id(s.by_key[f.limit]) for s in campaign.form.sections for f in s.fields if f.limit)
        self.details = re.compile(rf"(?:(?<!\w)|(?=\W))(?:{any_of(words.detail_words)})(?!\w)", re.IGNORECASE)
        self.results = frozenset(fold(w) for w in (*words.result_words, f"Năm {campaign.campaign.year}"))
        self.names_of_rows = frozenset(id(s.by_key[key]) for s in campaign.form.tables for key in s.row_key)
        self.zero_words = frozenset(fold(w) for w in words.zero_words)
        self.yes_marks, self.no_marks = _marks(words.yes_marks), _marks(words.no_marks)
        self.ignored = frozenset(fold(w) for w in words.ignored_labels)
        self.personal = frozenset(fold(w) for w in words.personal_labels)
        self.footers = frozenset(fold(w) for w in words.footer_words)
        self.captions = frozenset(fold(w) for w in words.caption_words)
        self.examples = frozenset(fold(w) for w in words.example_words)
        self.totals = frozenset(fold(w) for w in words.total_words)
        self.total_starts = tuple(f"{unicodedata.normalize('NFC', w).casefold()}{end}" for w in words.total_words
                                  for end in " :" if " " in w or fold(w) == "cong")
        self.is_total = lru_cache(maxsize=8192)(self._is_total)
        self.typers: dict[tuple[str, int], Callable[[Any], Any]] = {}  # cell_types keeps them here
        self.sections = {s.key: SectionLabels(s, self.count_words) for s in campaign.form.sections}
        self.tables = tuple(self.sections[s.key] for s in campaign.form.tables)
        self.pairs = tuple(self.sections[s.key] for s in campaign.form.sections if s.layout == "pairs")
        self.headings = frozenset(fold(h) for s in campaign.form.sections
                                  for h in (s.title, s.heading or "", *s.heading_variants) if h)
        self._choices = {(s.key, f.key): _choice_codes(f) for s in campaign.form.sections for f in s.fields if f.choice}
        self._choices_by_field = {id(f): self._choices[s.key, f.key]
                                  for s in campaign.form.sections for f in s.fields if f.choice}
        self.table_words = frozenset().union(*(set(t.whole) | set(t.joined) | t.groups for t in self.tables))
        row_words = frozenset(fold(label) for s in campaign.form.tables for k in s.row_key
                              for label in s.by_key[k].labels)
        self.names_rows = lru_cache(maxsize=8192)(lambda text: not row_words.isdisjoint(label_forms(text)))
        self.choice_words = frozenset().union(*self._choices.values()) if self._choices else frozenset()
        self.heads = lru_cache(maxsize=16384)(self._heads)

    def pair(self, text: str) -> tuple[Section, FormField] | None:
        """The section and field of a label of `info` or `text`."""
        for labels in self.pairs:
            if key := labels.find(text):
                return labels.section, labels.section.by_key[key]
        return None

    def _heads(self, text: str) -> Literal["table", "choice"] | None:
        """`heads`: whether the text is a word of some table's header, and whether it may be a row's choice as well."""
        forms = label_forms(text)
        if self.table_words.isdisjoint(forms):
            return None
        return "table" if self.choice_words.isdisjoint(forms) else "choice"

    def choice_code(self, field: FormField, text: str) -> str | None:
        """The code of a choice as it is written; an organisation may be followed by the name of its commune."""
        codes = self._choices_by_field[id(field)]
        folded = fold(text)
        if folded in codes or field.type != "organisation":
            return codes.get(folded)
        starts = [label for label in codes if folded.startswith(f"{label} ") and self._names_a_place(folded, label)]
        return codes[max(starts, key=len)] if starts else None

    def _names_a_place(self, folded: str, label: str) -> bool:
        rest = folded.removeprefix(label).strip()
        return self.names.exact(rest) is not None or rest.split(" ", 1)[0] in _PLACES

    def _is_total(self, text: str, numbered: bool = False) -> bool:
        """`is_total`: whether the text heads a row of totals: with its accents, so that Công an and Công đoàn are none.

        In a row with an ordinal only the word alone does: `7 | Cộng Hòa` is a village.
        """
        if fold(_IN_BRACKETS.sub(" ", text)) in self.totals:
            return True
        return not numbered and clean(text).casefold().startswith(self.total_starts)

    def is_example(self, text: str) -> bool:
        """Whether the text says that its row only shows how a row is filled in."""
        folded = fold(text)
        return folded in self.examples or any(folded.startswith(f"{word} ") for word in self.examples if " " in word)

    def is_caption(self, text: str) -> bool:
        """Whether the text names a table or an annex that follows."""
        folded = fold(text)
        return any(folded == word or folded.startswith(f"{word} ") for word in self.captions)

    def is_footer(self, text: str) -> bool:
        """Whether the text belongs to what stands below a table: a signature, the recipients, a note."""
        folded = fold(text)
        return any(folded == word or folded.startswith(f"{word} ") for word in self.footers)


def label_forms(text: str) -> tuple[str, ...]:
    """The folded forms under which a label is looked up: as it stands, without numbering, without brackets."""
    return _label_forms(text)


@lru_cache(maxsize=16384)
def _label_forms(text: str) -> tuple[str, ...]:
    if "%" in text:   # folded away, a column of shares would be one of counts
        return tuple(fold(form.replace("%", " phần trăm ")) for form in (text, strip_numbering(text)))
    bare = strip_numbering(text)
    forms = (text, bare, _IN_BRACKETS.sub(" ", text), _IN_BRACKETS.sub(" ", bare), bare.split("\n", 1)[0])
    return tuple(dict.fromkeys(f for f in map(fold, dict.fromkeys(forms)) if f))


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, which matches nothing where there is none."""
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in words) or "(?!)"


def strip_numbering(text: str) -> str:
    """The text without a leading bullet or number: `1. Thuận lợi` and `- Thuận lợi` become `Thuận lợi`."""
    return _NUMBERING.sub("", text, count=1)


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
        max(len(a), len(b)) >= _SHORTEST_MISTYPED and not (a + b).isdigit() and OSA.distance(a, b) <= 1
        for a, b in slips)


def _marks(marks: tuple[str, ...]) -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFKC", m).casefold() for m in marks)


def _choice_codes(field: FormField) -> dict[str, str]:
    return {fold(label): c.code for c in field.choice for label in (c.label, *c.variants, c.code)}


_DICTIONARIES: dict[str, Dictionary] = {}


def dictionary_of(campaign: Campaign) -> Dictionary:
    """The dictionary of a campaign, made once in a process for each digest."""
    if campaign.digest not in _DICTIONARIES:
        _DICTIONARIES[campaign.digest] = Dictionary(campaign)
    return _DICTIONARIES[campaign.digest]
