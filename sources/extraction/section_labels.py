"""The labels of one section of the form, and which field a text names by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from sources.extraction.label_forms import IN_BRACKETS, label_forms, strip_numbering
from sources.extraction.word_patterns import any_of
from sources.form import Section
from sources.text import fold

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


_MONTH = re.compile(r"\bthang (\d{1,2})\b")


_COUNT_LABEL_STARTS = ("so ", "tong ")  # how labels of counts begin


_PEOPLE = "nguoi"  # any count of people may have this unit; another unit makes another label


MIN_LIKENESS = 70  # from this likeness on (of 100) a label is offered as the nearest known one


_MIN_MISTYPED_LETTERS = 4  # a shorter word with another letter is another word: dự, nữ


class NearField(NamedTuple):
    """The known field nearest to an unknown label. `mistyped`: the two differ by typing errors
    only."""

    key: str
    likeness: float
    mistyped: bool


class Qualifiers:
    """Words that make a label another one: a plan, another year, women among them; and how to find
    them in a text."""

    def __init__(
        self, phrases: Iterable[str], excluding: Iterable[str], year: int, months: frozenset[int]
    ) -> None:
        self._phrases = re.compile(rf"\b(?:{any_of({fold(p) for p in phrases})})\b")
        self._excluding = re.compile(rf"(?:{any_of(fold(p) for p in excluding)})\b")
        self._year, self._months = str(year), months
        self.occur_in = lru_cache(maxsize=4096)(self._stand_in)

    def _stand_in(self, text: str) -> bool:
        """`occur_in`: whether the text holds such words, or only years or months of another time.

        A phrase about who is left out (`không tính đảng viên miễn sinh hoạt`) does not change the
        label.
        """
        years, folded = _YEAR.findall(text), fold(text)
        months = {int(month) for month in _MONTH.findall(folded)}
        if (years and self._year not in years) or (
            months and self._months and months.isdisjoint(self._months)
        ):
            return True
        return self._phrases.search(folded) is not None and self._excluding.match(folded) is None


class SectionLabels:
    """The labels of one section: whole labels, labels under a spanning header, and choices that
    stand as columns."""

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
        """`find`: the key of the field that the text is a label of, None where it is none; it may
        be abbreviated."""
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
        """The key of the part that a short label names below the label of its whole: `Riêng` of the
        cells that met."""
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
        """The key of the one count or day that has the label below any header: `Dự` of a table of
        party cells."""
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
        """Whether a text adds words to the label that was found in it: `Số đảng viên (nữ)`, nữ
        being no hint."""
        return not all(_is_hint(part, hints) for part in self._beyond_label(text))

    def is_qualified(self, text: str, qualifiers: Qualifiers, whole: bool = False) -> bool:
        """Whether a text makes its label, or with `whole` the ones under it, speak of another time,
        a plan or a share.

        `Ngày sinh hoạt (kế hoạch)`, and above other labels `Kế hoạch`, `Năm 2021`.
        """
        if whole:
            return self.known.isdisjoint(
                {fold(text), self._expand(fold(text))}
            ) and qualifiers.occur_in(text)
        return any(qualifiers.occur_in(part) for part in self._beyond_label(text))

    def _beyond_label(self, text: str) -> list[str]:
        """What stands in brackets or on further lines of a text that is no known label as a
        whole."""
        if "(" not in text and "\n" not in text:
            return []
        bare = strip_numbering(text)
        if not self.known.isdisjoint({fold(text), fold(bare)}):
            return []
        unbracketed = IN_BRACKETS.sub(" ", bare)
        parts = IN_BRACKETS.findall(bare)
        if fold(unbracketed) not in self.known:
            parts.append(unbracketed.partition("\n")[2])
        return parts

    def nearest(self, text: str, exclude: frozenset[str] = frozenset()) -> NearField | None:
        """The likeliest field for an unknown label that is not in `exclude`, None where none is
        near."""
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


def _is_hint(text: str, hints: frozenset[str]) -> bool:
    parts = [fold(part) for part in re.split(r"[(),;/]", text)]
    return fold(text) in hints or all(not p or p.isdigit() or p in hints for p in parts)


def _differ_by_typing(one: str, other: str) -> bool:
    """Whether two folded labels are the same words but for a slip in one or two long ones; figures
    must agree."""
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
