"""What is known while the sentences of a report are read one after another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sources.extraction.numbers_in_text import NumberInText
from sources.extraction.phrases import Claim
from sources.extraction.stated import Stated
from sources.form import FormField, Section


@dataclass
class SentenceContext:
    """What the sentences before speak of, and what is resolved at the end of the report."""

    # unit words of the fields read since the last heading
    subjects: set[str] = field(default_factory=set)
    counts: set[int] = field(default_factory=set)  # what was read in the same paragraph
    document_list_heading: str = ""  # `Đã cung cấp các tài liệu sau:`, whose list follows
    of_district: bool = False  # the report is a district organisation's
    of_others: bool = False  # the last subject named is not the unit's own
    addends: dict[str, list[str]] = field(default_factory=dict)
    # wholes of parts: they count where nothing else states them
    wholes: list[Stated] = field(default_factory=list)
    # as these, but they may be of another field
    unsure_wholes: list[Stated] = field(default_factory=list)
    # of blocks of the unit: `Khối nông thôn: 11/12 chi bộ`
    parts: list[Stated] = field(default_factory=list)
    claims: list[tuple[Claim, Stated]] = field(default_factory=list)
    unread: list[UnreadSentence] = field(default_factory=list)

    def forget(self) -> None:
        """Forgets the subjects of the sentences before: a heading begins something else."""
        self.subjects.clear()
        self.addends.clear()
        self.document_list_heading = ""
        self.of_others = False


class UnreadSentence(NamedTuple):
    """A sentence with numbers that are not read, and the fields that may be meant."""

    text: str
    numbers: tuple[NumberInText, ...]
    fields: tuple[tuple[Section, FormField], ...]
    sheet: str
    ref: str
    only_fields: bool = False  # of interest for these fields only, where they have no value
