"""Numbers in a note beside a row that differ from the row's own: `Có mặt 21`, `vắng 04` beside 23
of 25."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of
from sources.form import FormField, Section
from sources.text import clean, whole_number

_CLAUSES = re.compile(r"[;.\n()]|,(?=\s)")
_NUMBER = re.compile(r"\d{1,5}")


def contradicted_count(
    note: str, counts: Mapping[str, int], section: Section, vocabulary: Vocabulary
) -> FormField | None:
    """The field of the row whose count the note contradicts, None where it contradicts none.

    `counts` are the row's own, by field. A number counts where its clause begins with the field's
    short label, or speaks of those who were absent.
    """
    if not _NUMBER.search(note):
        return None
    for part in section.fields:
        whole = section.by_key.get(part.limit or "")
        if whole is None or not _is_attendance(part, vocabulary):
            continue
        for field in (part, whole):
            if field.key in counts and _states_another(note, field, counts[field.key]):
                return field
        if (
            part.key in counts
            and whole.key in counts
            and _absent_differ(note, counts[whole.key] - counts[part.key], vocabulary)
        ):
            return part
    return None


def _is_attendance(field: FormField, vocabulary: Vocabulary) -> bool:
    """Whether the count is of people who came: one of its short labels is such a word."""
    return any(label.casefold() in vocabulary.counts.presence for label in field.under)


def _states_another(note: str, field: FormField, count: int) -> bool:
    stated = [
        whole_number(found[1])
        for clause in _CLAUSES.split(clean(note))
        if (found := _short_label(field.under).match(clause.strip()))
    ]
    return bool(stated) and count not in stated


def _absent_differ(note: str, absent: int, vocabulary: Vocabulary) -> bool:
    """Whether the note counts those absent, and neither a number of it nor their sum is
    `absent`."""
    clauses = [
        c
        for c in _CLAUSES.split(clean(note))
        if vocabulary.absence_notes.occur_in(c) and _NUMBER.search(c)
    ]
    if not clauses:
        return False
    numbers = [whole_number(n) for n in _NUMBER.findall(note)]
    return absent not in numbers and absent != sum(numbers)


@lru_cache(maxsize=256)
def _short_label(labels: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf"(?:{any_of(labels)})\s*(?:là|:|=)?\s*(\d{{1,5}})(?![\d/.,]*\d)(?!\s*%)", re.IGNORECASE
    )
