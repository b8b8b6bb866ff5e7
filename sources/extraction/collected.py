"""What extraction gathers while it goes through a document: facts, findings, and how far each section has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sources.extraction.cell_types import part_of_whole
from sources.extraction.facts import Extract, Fact, ReadFinding
from sources.form import FormField, Section
from sources.text import clean, fold

_SHARE_SLACK = 1.0   # percentage points: 17/18 is told as 94,4%, 94% or 95%


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
        """The sums as they stand, to be held against later ones."""
        return Sums(self.rows, self.by_field.copy())

    def of(self, key: str) -> int:
        """A field's sum so far."""
        return self.by_field.get(key, 0)

    def since(self, earlier: Sums, key: str) -> int:
        """What a field's sum has grown by since an earlier point."""
        return self.of(key) - earlier.of(key)


@dataclass(slots=True)
class Collected:
    """An extract in the making."""

    extract: Extract = field(default_factory=Extract)
    rows: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Sums] = field(default_factory=dict)
    pairs: dict[tuple[str, str], Fact] = field(default_factory=dict)
    summed: dict[str, int] = field(default_factory=dict)   # by section, how many rows the last row of totals adds up
    units: list[Fact] = field(default_factory=list)   # all that is said behind a label of the unit
    stated: set[tuple[str, str]] = field(default_factory=set)   # of the pairs, those that only a sentence tells

    def next_row(self, section: Section) -> int:
        """The ordinal of the section's next row, over all tables of the document."""
        self.rows[section.key] += 1
        return self.rows[section.key]

    def section_sums(self, section: Section) -> Sums:
        """The sums over all rows of the section so far."""
        return self.sums.setdefault(section.key, Sums())

    def summed_up(self) -> tuple[str, ...]:
        """The sections of which a row of totals adds up all rows."""
        return tuple(key for key, rows in self.summed.items() if rows == self.sums[key].rows)

    def add_pair(self, section: Section, field: FormField, fact: Fact, stated: bool = False) -> None:
        """Keeps the value of a pair; the first that says something counts, one that differs is a finding.

        One that a sentence `stated` gives way to one behind its label.
        """
        key = (section.key, field.key)
        if field.type == "unit":
            self.units.append(fact)
        held = self.pairs.get(key)
        if held is None or not held.raw or (fact.raw and not stated and key in self.stated):
            self.pairs[key], fact = fact, held or fact
            held = self.pairs[key]
            (self.stated.add if stated else self.stated.discard)(key)
        if fact.raw and fact.value != held.value and fold(fact.raw) != fold(held.raw):
            self.finding("totals_differ", fact.sheet, fact.cell, section=section.key, field=field.key, value=fact.raw,
                         message=f"“{field.label}” ghi hai giá trị khác nhau trong cùng báo cáo: “{shorten(held.raw)}” "
                                 f"(tại {held.sheet}, {held.cell}) và “{shorten(fact.raw)}”. Giá trị “"
                                 f"{shorten(held.raw)}” được dùng; đề nghị thống nhất lại.")

    def check_whole(self, section: Section, field: FormField, raw: str, whole: object, sheet: str, ref: str) -> None:
        """Says where a part of a whole (`17/18`, đạt 94,4%) has another whole or share than the file tells."""
        said = part_of_whole(raw)
        if said is None:
            return
        part, of, share = said
        if isinstance(whole, str) and whole != str(of):
            wrong = f"mẫu số là {of}, nhưng “{section.by_key[field.limit or ''].label}” ghi {whole}"
        elif share is not None and of and abs(100 * part / of - share) >= _SHARE_SLACK:
            wrong = f"tỷ lệ ghi {share:g}%, tính ra là {100 * part / of:.1f}%".replace(".", ",")
        else:
            return
        self.finding("totals_differ", sheet, ref, section=section.key, field=field.key, value=shorten(raw),
                     message=f"“{field.label}” ghi “{shorten(raw)}”: {wrong}. Đề nghị kiểm tra lại.")

    def finding(self, rule: str, sheet: str | None, cell: str | None, *, message: str, section: str | None = None,
                row: int | None = None, row_name: str | None = None, field: str | None = None,
                value: str | None = None) -> None:
        """Adds a finding at its place."""
        self.extract.findings.append(
            ReadFinding(rule, section, row, row_name, field, value, sheet, cell, message))

    def check_pairs(self, sections: Iterable[Section]) -> None:
        """Holds each part of a whole among the pairs against the whole that another pair tells."""
        by_key = {section.key: section for section in sections}
        for (key, name), fact in self.pairs.items():
            if "/" in fact.raw and key in by_key and (field := by_key[key].by_key[name]).type == "count":
                whole = self.pairs.get((key, field.limit or ""))
                self.check_whole(by_key[key], field, fact.raw, whole.value if whole else None, fact.sheet, fact.cell)

    def done(self) -> Extract:
        """The extract, its pairs in the order in which they were found."""
        self.extract.facts[:0] = self.pairs.values()
        return self.extract


def shorten(text: str, longest: int = 80) -> str:
    """The text on one line, cut where it is long."""
    line = clean(text)
    return line if len(line) <= longest else line[:longest - 1].rstrip() + "…"
