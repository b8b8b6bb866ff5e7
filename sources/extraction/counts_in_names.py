"""Counts that stand in the names of rows: `Chi bộ thôn A (30 đảng viên)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.facts import Fact
from sources.extraction.vocabulary import Vocabulary
from sources.form import Section
from sources.text import fold

_COUNT_BEHIND = re.compile(r"[(:–-]\s*(\d{1,4})\s*([^\W\d][^()\d]{0,20}?)\s*\)?\s*$")


def report_counts_in_names(vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Reports names of rows that count people whom no field of the row counts.

    One finding for all rows of a section; where a field of the row counts others, one for the row.
    """
    people = {fold(word) for word in vocabulary.campaign.form.words.people_words}
    for section in (
        labels.section for labels in vocabulary.table_labels if len(labels.section.row_key) == 1
    ):
        missing: list[Fact] = []
        for name, count, counts in _counting_names(section, people, builder):
            if counts and count not in counts:
                builder.add_finding(
                    "note_contradicts",
                    name.sheet,
                    name.cell,
                    section=section.key,
                    row=name.row,
                    row_name=name.raw,
                    value=shorten(name.raw),
                )
            elif not counts:
                missing.append(name)
        if missing:
            first = missing[0]
            builder.add_finding(
                "count_in_name",
                first.sheet,
                first.cell,
                section=section.key,
                value=shorten(first.raw),
                count=len(missing),
            )


def _counting_names(
    section: Section, people: set[str], builder: ExtractBuilder
) -> Iterator[tuple[Fact, int, list[int]]]:
    """The names that count people, with that number and the wholes that the row counts."""
    key = section.row_key[0]
    names = [
        fact for fact in builder.extract.facts if fact.section == section.key and fact.field == key
    ]
    counted = {
        fact.row: (fact, int(match[1]))
        for fact in names
        if (match := _COUNT_BEHIND.search(fact.raw)) and fold(match[2]) in people
    }
    counts: dict[int, list[int]] = {row: [] for row in counted}
    wholes = {field.limit for field in section.fields if field.limit}
    for fact in builder.extract.facts if counted else ():
        if (
            fact.section == section.key
            and fact.row in counts
            and fact.field in wholes
            and fact.value is not None
        ):
            counts[fact.row].append(int(fact.value))
    for row, (name, count) in counted.items():
        yield name, count, counts[row]
