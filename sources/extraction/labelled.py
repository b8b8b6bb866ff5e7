"""A label and its value in one text, and the fact that a value of a pair makes, wherever the two
stand."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.cell_types import BLANK, UNTYPED, raw_text, type_count, type_value
from sources.extraction.facts import Fact
from sources.extraction.label_forms import strip_numbering
from sources.extraction.labelled_values import count_and_explanation, mark_of_copies
from sources.extraction.typed import Untyped
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.grids import Value
from sources.text import clean, fold

_SEPARATOR = re.compile(r"[:\t]|=>?|\s(?:là|[-–])\s+(?=\d)")
# a cheap check before the thorough one: every text of a grid is asked for
_PAIR_HINT = re.compile(r"[:=\t\d]")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011"), "-")
_LABEL_AND_COUNT = re.compile(r"(?P<label>[^\d:=]{6,120}?)\s+(?P<value>\d[^:=]{0,60})")
_MAX_LABEL_LETTERS = 120
_MAX_CACHED_LETTERS = (
    200  # letters of the longest text that is remembered: a page of prose stands nowhere else
)


class Label(NamedTuple):
    """A label on a sheet: of which field, where it stands, and where its own cell ends."""

    section: Section
    field: FormField
    row: int
    column: int
    right: int


def pair_in_text(text: str, vocabulary: Vocabulary) -> tuple[Section, FormField, str] | None:
    """Section, field and value of a text that holds both: `1. Tổng số chi bộ: 25`, `Tổng số chi bộ
    25`.

    The longest label counts, since labels may hold a colon themselves (`Tài liệu: Chỉ thị 14-CT/TU:
    có`).
    """
    return (
        _pair(text, vocabulary)
        if len(text) <= _MAX_CACHED_LETTERS
        else _pair.__wrapped__(text, vocabulary)
    )


@lru_cache(maxsize=16384)  # the cells of all reports hold the same few texts
def _pair(text: str, vocabulary: Vocabulary) -> tuple[Section, FormField, str] | None:
    if not _PAIR_HINT.search(text):
        return None
    for colon in reversed(list(_SEPARATOR.finditer(text))):
        if colon.start() <= _MAX_LABEL_LETTERS and (
            pair := vocabulary.find_pair(text[: colon.start()])
        ):
            value = text[colon.end() :].strip()
            return (
                None
                if _counts_documents(text[: colon.start()], value, pair[1], vocabulary)
                else (*pair, value)
            )
    return _bare_pair(text, vocabulary)


def _counts_documents(label: str, value: str, field: FormField, vocabulary: Vocabulary) -> bool:
    """Whether `Số văn bản: 3` counts documents, and is not the report's own number."""
    if field.key != "document_number" or not value.rstrip(" .").isdigit():
        return False
    return any(
        fold(label).endswith(fold(other.unit_word))
        for section in vocabulary.campaign.form.sections
        for other in section.fields
        if other.type == "count" and other.unit_word
    )


def _bare_pair(text: str, vocabulary: Vocabulary) -> tuple[Section, FormField, str] | None:
    """A label and its count with nothing between them."""
    bare = (
        _LABEL_AND_COUNT.fullmatch(strip_numbering(text).strip())
        if len(text) <= 2 * _MAX_LABEL_LETTERS
        else None
    )
    pair = vocabulary.find_pair(bare["label"]) if bare else None
    if (
        bare is None
        or pair is None
        or pair[1].type != "count"
        or type_count(bare["value"], vocabulary) is UNTYPED
    ):
        return None
    return *pair, bare["value"].strip()


def pair_fact(
    section: Section,
    field: FormField,
    value: Value,
    raw: str,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
) -> Fact:
    """The fact of a pair, typed."""
    if section.key == "text":
        return Fact(
            section.key, 0, field.key, raw_text(value).strip() or None, raw.strip(), sheet, ref
        )
    if field.key == "document_number":
        value = re.sub(r"^\s*Số\s*[:.]?\s*", "", raw_text(value), flags=re.IGNORECASE).translate(
            _HYPHENS
        )
    if field.type == "unit":
        issuer = vocabulary.issuers.of(raw_text(value))
        code = issuer.code if issuer and issuer.kind == "unit" else None
        return Fact(section.key, 0, field.key, code, raw, sheet, ref)
    typed = type_value(value, field, vocabulary, vocabulary.campaign.campaign.year)
    if typed is UNTYPED and field.type == "mark":
        typed = mark_of_copies(raw_text(value), vocabulary)
    if typed is UNTYPED and field.type == "count" and isinstance(value, str):
        typed = count_and_explanation(value, field, vocabulary)
    has_text = clean(raw) and typed is not BLANK
    return Fact(
        section.key,
        0,
        field.key,
        None if isinstance(typed, Untyped) else typed,
        raw if has_text else "",
        sheet,
        ref,
    )
