"""What extraction gathers while it goes through a document: facts, findings, and how far each
section has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sources.extraction.cell_types import part_of_whole
from sources.extraction.facts import Extract, Fact, ReadFinding
from sources.extraction.text_classes import TextClass
from sources.extraction.typed import holds_raised_digits
from sources.extraction.view import GridView
from sources.form import FormField, Section
from sources.grids import Paragraph
from sources.reading_rules import reading_rules
from sources.text import clean, day_first, fold

if TYPE_CHECKING:
    from sources.extraction.wide_rows import WideTable

_SHARE_TOLERANCE_POINTS = 1.0  # 17/18 is written as 94,4%, 94% or 95%


@dataclass(slots=True)
class Sums:
    """Sums of a table section's counts so far, by field, and over how many rows."""

    rows: int = 0
    by_field: dict[str, int] = field(default_factory=dict)

    def add(self, counts: dict[str, int]) -> None:
        """Adds one row's counts."""
        self.rows += 1
        for key, count in counts.items():
            self.by_field[key] = self.by_field.get(key, 0) + count

    def copy(self) -> Sums:
        """A copy of the sums so far, to be compared with later ones."""
        return Sums(self.rows, self.by_field.copy())

    def of(self, key: str) -> int:
        """A field's sum so far."""
        return self.by_field.get(key, 0)

    def since(self, earlier: Sums, key: str) -> int:
        """What a field's sum has grown by since an earlier point."""
        return self.of(key) - earlier.of(key)


@dataclass(slots=True)
class ExtractBuilder:
    """An extract in the making."""

    extract: Extract = field(default_factory=Extract)
    row_counts: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Sums] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Fact] = field(default_factory=dict)
    # by section, how many rows the last row of totals adds up
    rows_summed: dict[str, int] = field(default_factory=dict)
    # by section and field, how many rows a total that agrees with their sum adds up
    totals_matched: dict[tuple[str, str], int] = field(default_factory=dict)
    unit_facts: list[Fact] = field(default_factory=list)  # the values behind labels of the unit
    grid_views: list[GridView] = field(default_factory=list)  # the grids as they were read
    paragraphs: dict[tuple[str, str], TextClass] = field(default_factory=dict)  # by sheet and ref
    # sheets, or archives' members, that are another unit's
    dropped_parts: set[str] = field(default_factory=set)
    # whose line counts is known once the unit is
    wide_tables: list[WideTable] = field(default_factory=list)
    # rows that state that their meeting was not held
    not_held_rows: list[tuple[str, int]] = field(default_factory=list)
    # the pairs that only a sentence states
    stated_pairs: set[tuple[str, str]] = field(default_factory=set)

    def mark_paragraph(self, paragraph: Paragraph, text_class: TextClass) -> None:
        """Gives a paragraph its class; of several the lower counts, as in a grid."""
        place = paragraph.sheet, paragraph.ref
        self.paragraphs[place] = min(self.paragraphs.get(place, text_class), text_class)

    def next_row(self, section: Section) -> int:
        """The ordinal of the section's next row, over all tables of the document."""
        self.row_counts[section.key] += 1
        return self.row_counts[section.key]

    def section_sums(self, section: Section) -> Sums:
        """The sums over all rows of the section so far."""
        return self.sums.setdefault(section.key, Sums())

    def sections_with_total(self) -> tuple[str, ...]:
        """The sections whose last row of totals adds up all their rows."""
        return tuple(key for key, rows in self.rows_summed.items() if rows == self.sums[key].rows)

    def sums_confirmed(self) -> tuple[str, ...]:
        """The columns (`cells:members_total`) that a total, or a pair of the same key, confirms as
        the sum of all their rows; such a pair is confirmed by it as well."""
        confirmed = [
            f"{section}:{key}"
            for (section, key), rows in self.totals_matched.items()
            if rows == self.sums[section].rows
        ]
        for (pair_section, key), fact in self.pairs.items():
            for section, sums in self.sums.items():
                if sums.of(key) and fact.value == str(sums.of(key)):
                    confirmed += [f"{section}:{key}", f"{pair_section}:{key}"]
        return tuple(dict.fromkeys(confirmed))

    def add_pair(
        self, section: Section, field: FormField, fact: Fact, stated: bool = False
    ) -> None:
        """Adds the value of a pair; the first one that is not blank counts, another value is a
        finding.

        A value behind its label replaces one that a sentence `stated`.
        """
        key = (section.key, field.key)
        if field.type == "unit":
            self.unit_facts.append(fact)
        existing = self.pairs.get(key)
        if (
            existing is None
            or not existing.raw
            or (fact.raw and not stated and key in self.stated_pairs)
        ):
            self.pairs[key], fact = fact, existing or fact
            existing = self.pairs[key]
            (self.stated_pairs.add if stated else self.stated_pairs.discard)(key)
        if fact.raw and fact.value != existing.value and fold(fact.raw) != fold(existing.raw):
            self.add_finding(
                "values_differ",
                fact.sheet,
                fact.cell,
                section=section.key,
                field=field.key,
                value=fact.raw,
                label=field.label,
                first=shorten(existing.raw),
                place=f"{existing.sheet}, {existing.cell}",
                text=shorten(fact.raw),
            )

    def check_whole(
        self, section: Section, field: FormField, raw: str, whole: object, sheet: str, ref: str
    ) -> None:
        """Reports a part of a whole (`17/18`, đạt 94,4%) whose whole or share contradicts the
        file."""
        ratio = part_of_whole(raw)
        if ratio is None:
            return
        part, of, share = ratio
        if isinstance(whole, str) and whole != str(of):
            wrong = f"mẫu số là {of}, nhưng “{section.by_key[field.limit or ''].label}” ghi {whole}"
        elif share is not None and of and abs(100 * part / of - share) >= _SHARE_TOLERANCE_POINTS:
            wrong = f"tỷ lệ ghi {share:g}%, tính ra là {100 * part / of:.1f}%".replace(".", ",")
        else:
            return
        self.add_finding(
            "share_differs",
            sheet,
            ref,
            section=section.key,
            field=field.key,
            value=shorten(raw),
            label=field.label,
            wrong=wrong,
        )

    def check_raised_digits(
        self, section: Section, field: FormField, raw: str, sheet: str, ref: str
    ) -> None:
        """Reports a raised digit behind a number (25¹) that was read as a footnote mark."""
        if holds_raised_digits(raw):
            self.add_finding(
                "value_raised", sheet, ref, section=section.key, field=field.key, value=shorten(raw)
            )

    def add_finding(
        self,
        rule: str,
        sheet: str | None,
        cell: str | None,
        *,
        section: str | None = None,
        row: int | None = None,
        row_name: str | None = None,
        field: str | None = None,
        value: str | None = None,
        message: str | None = None,
        **filled: object,
    ) -> None:
        """Adds a finding at its place; its message is the rule's, filled in (`text` is the value
        where none is given). A day of a cell is quoted as `day_first`.

        Raises KeyError for a rule that reading_rules.toml does not name.
        """
        template = message or reading_rules()[rule].message
        texts = {"text": value or "", **filled}
        quoted = {k: day_first(t) if isinstance(t, str) else t for k, t in texts.items()}
        text = template if message else template.format(**quoted)
        self.extract.findings.append(
            ReadFinding(rule, section, row, row_name, field, value, sheet, cell, text)
        )

    def check_pairs(self, sections: Iterable[Section]) -> None:
        """Compares each part of a whole among the pairs with the whole that another pair gives."""
        by_key = {section.key: section for section in sections}
        for (key, name), fact in self.pairs.items():
            if (
                fact.raw.isdecimal()
                or key not in by_key
                or (field := by_key[key].by_key[name]).type != "count"
            ):
                continue
            if fact.value is not None:
                self.check_raised_digits(by_key[key], field, fact.raw, fact.sheet, fact.cell)
            if part_of_whole(fact.raw):
                whole = self.pairs.get((key, field.limit or ""))
                self.check_whole(
                    by_key[key],
                    field,
                    fact.raw,
                    whole.value if whole else None,
                    fact.sheet,
                    fact.cell,
                )

    def build(self) -> Extract:
        """The extract, its pairs in the order in which they were found."""
        self.extract.facts[:0] = self.pairs.values()
        return self.extract


def shorten(text: str, max_letters: int = 80) -> str:
    """The text on one line, cut where it is long."""
    line = clean(text)
    return line if len(line) <= max_letters else line[: max_letters - 1].rstrip() + "…"
