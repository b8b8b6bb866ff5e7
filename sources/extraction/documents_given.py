"""The documents that a sentence says were given to the cells, or were not: a mark for each that it
names (II.5)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.labelled import pair_fact
from sources.extraction.phrases import phrase_pattern
from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of, whole_words
from sources.form import FormField, Section
from sources.text import whole_number

_PARTS = re.compile(r"[;.](?=\s|$)|,?\s+(?=(?:riêng|nhưng|còn)\s)|,\s*(?=(?:chưa|không)\s)")
_HANDED_OUT = re.compile(  # no day: `ngày 10/12/2021`
    r"(?<![\w/.,])(?<!ngày )(?P<part>\d+)(?:\s*/\s*(?P<whole>\d+))?(?![\d%]|\s*/\s*\d)"
)
_HANDED_OUT_TO = re.compile(r"(?:cho|đến|tới|gửi)\s+(?:tất cả\s+)?\d+(?:\s*/\s*\d+)?")


class _Patterns(NamedTuple):
    given: re.Pattern[str]
    refused: re.Pattern[str]
    planned: re.Pattern[str]
    all: re.Pattern[str]
    named: tuple[tuple[Section, FormField, re.Pattern[str]], ...]


def read_documents_given(
    normalized: str,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
    list_heading: str = "",
) -> list[tuple[int, int]]:
    """Adds the marks that a sentence (`normalize`) states; returns the spans that it has read.

    `list_heading` is the line above the list of which it is an item: `Đã cung cấp các tài liệu
    sau:`.
    """
    patterns = _patterns(vocabulary)
    if not patterns.given.search(list_heading or normalized):
        return []
    handled: list[tuple[int, int]] = []
    start = 0
    for end in (*(m.start() for m in _PARTS.finditer(normalized)), len(normalized)):
        part, offset = normalized[start:end], start
        start = end
        if fields := _fields_of(f"{list_heading} {part}" if list_heading else part, patterns):
            _add_marks(part, list_heading, fields, patterns, sheet, ref, vocabulary, builder)
            handled += [(offset + first, offset + last) for first, last in _spans(part, patterns)]
    return handled


def introduces_document_list(normalized: str, vocabulary: Vocabulary) -> bool:
    """Whether a line says that documents, which it does not name, were given, and a list of them
    follows."""
    patterns = _patterns(vocabulary)
    return (
        normalized.rstrip().endswith(":")
        and patterns.given.search(normalized) is not None
        and not names_document(normalized, vocabulary)
    )


def names_document(normalized: str, vocabulary: Vocabulary) -> bool:
    """Whether a text (`normalize`) names one of the documents."""
    return any(pattern.search(normalized) for _, _, pattern in _patterns(vocabulary).named)


def _fields_of(part: str, patterns: _Patterns) -> list[tuple[Section, FormField]]:
    if not (patterns.given.search(part) or patterns.refused.search(part)):
        return []
    named = [(section, field) for section, field, pattern in patterns.named if pattern.search(part)]
    if not named and patterns.all.search(part):
        return [(section, field) for section, field, _ in patterns.named]
    return named


def _add_marks(
    part: str,
    list_heading: str,
    fields: list[tuple[Section, FormField]],
    patterns: _Patterns,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """One finding for all that a part of a sentence states."""
    text = shorten(part.strip(" ,;."))
    part = f"{list_heading} {part}"
    refused = patterns.refused.search(part) is not None
    given_to = [m for m in _HANDED_OUT.finditer(_without_names(part, patterns)) if m["whole"]]
    some = any(0 < whole_number(m["part"]) < whole_number(m["whole"]) for m in given_to)
    unclear = (
        some
        or patterns.planned.search(part) is not None
        or (refused and patterns.all.search(part) is not None)
    )
    label = ", ".join(field.label for _, field in fields)
    if unclear:
        for section, field in fields:
            builder.add_finding(
                "sentence_unclear",
                sheet,
                ref,
                section=section.key,
                field=field.key,
                value=text,
                label=field.label,
            )
        return
    none = refused or any(whole_number(m["part"]) == 0 for m in given_to)
    for section, field in fields:
        fact = pair_fact(section, field, not none, text, sheet, ref, vocabulary)
        builder.add_pair(section, field, fact, stated=True)
    alone = fields[0][1].key if len(fields) == 1 else None
    builder.add_finding(
        "sentence_read", sheet, ref, section=fields[0][0].key, field=alone, value=text, label=label
    )


def _spans(part: str, patterns: _Patterns) -> list[tuple[int, int]]:
    """What names the documents, and to how many cells they were given."""
    found = [pattern.finditer(part) for _, _, pattern in patterns.named]
    found += [patterns.all.finditer(part), _HANDED_OUT_TO.finditer(part)]
    return [match.span() for matches in found for match in matches]


def _without_names(part: str, patterns: _Patterns) -> str:
    for _, _, pattern in patterns.named:
        part = pattern.sub(" ", part)
    return part


@lru_cache(maxsize=4)
def _patterns(vocabulary: Vocabulary) -> _Patterns:
    prose = vocabulary.campaign.form.prose
    named = tuple(
        (s, f, whole_words(f.mentions))
        for s in vocabulary.campaign.form.sections
        for f in s.fields
        if f.mentions
    )
    given = any_of(prose.given_words)
    everything = (
        "|".join(phrase_pattern(text, prose.groups) for text in prose.all_given_phrases) or "(?!)"
    )
    return _Patterns(
        whole_words(prose.given_words),
        re.compile(
            rf"(?<!\w)(?:{any_of(prose.not_words)})(?:\s+(?:được|có|nhận))?(?:\s+(?:{given})(?!\w)|\s*(?:[,.;]|$))"
            rf"|(?<!\w)chưa\s+có(?!\w)"
        ),
        whole_words((*prose.other_time_words, "sẽ")),
        re.compile(everything),
        named,
    )
