"""Sentences of a correction about one row: `Chi bộ thôn A: số đảng viên dự đã ghi 23, nay đính
chính là 21`.

What such a sentence corrects becomes a row of its own that holds the new value alone. One that
cannot be read is a finding, whether it holds a number or not (`đề nghị bỏ Chi bộ thôn A`): in a
correction every sentence matters.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.amended import amendment
from sources.extraction.cell_types import type_value
from sources.extraction.corrected_rows import CorrectedRows
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.headings import closes_report
from sources.extraction.label_forms import strip_numbering
from sources.extraction.numerals import holds_number, normalize, with_digits
from sources.extraction.text_classes import TextClass
from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of, whole_words
from sources.form import FormField, Section
from sources.grids import Document, Paragraph

_RULES_OF_UNREAD_TEXT = ("not_read", "sentence_unclear", "number_amended")
_MIN_NAME_WORDS = 3  # of a row's name, such as `chi bộ thôn …`
_OF = re.compile(r"\s+(?:của|tại|ở)\s+$", re.IGNORECASE)
_ENDS = re.compile(r"[,.;\n]\s|[,.;]$")


class _RowValue(NamedTuple):
    """What a sentence corrects: the row's name, the field and its new value, as written and as
    typed."""

    section: Section
    name: str
    field: FormField
    raw: str
    value: str


def read_row_corrections(
    document: Document, vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """Adds the rows that paragraphs of a correction correct; one that names a row and is not read
    is a finding."""
    if builder.extract.declares != "correction":
        return
    rows = CorrectedRows(builder, normalize)
    for block in document.blocks:
        if isinstance(block, Paragraph) and _is_about_one_row(block, vocabulary, builder):
            corrected = _corrected_values(strip_numbering(block.text), vocabulary)
            for value in corrected:
                _add_value(value, block, rows, builder)
            if not corrected:
                _report_unread(block, vocabulary, builder)


def _is_about_one_row(
    paragraph: Paragraph, vocabulary: Vocabulary, builder: ExtractBuilder
) -> bool:
    """Whether a paragraph names a single cell, and nothing was read of it.

    Not one that leads to what follows it: `xin đính chính số liệu của Chi bộ thôn A như sau:`.
    """
    text, place = normalize(paragraph.text.strip()), (paragraph.sheet, paragraph.ref)
    read = any((fact.sheet, fact.cell) == place for fact in builder.pairs.values() if fact.raw)
    read = read or (
        builder.paragraphs.get(place) == TextClass.TITLE and amendment(text, vocabulary) is None
    )
    ends = text.endswith(":") or vocabulary.lines.is_footer(text) or closes_report(text, vocabulary)
    return not read and not ends and _subject(vocabulary).search(text) is not None


def _corrected_values(text: str, vocabulary: Vocabulary) -> list[_RowValue]:
    """The values that a paragraph corrects of the one row it names; none where any number of it
    would be left."""
    plain = with_digits(text, vocabulary)
    subjects = list(_subject(vocabulary).finditer(normalize(plain)))
    if len(subjects) != 1:
        return []
    label = _OF.sub("", plain[: subjects[0].start()])  # `Ngày sinh hoạt của Chi bộ thôn A`
    rest, values = plain[subjects[0].start() :], list[_RowValue]()
    while holds_number(rest):
        if (found := amendment(normalize(rest), vocabulary)) is None:
            return []
        before, correction = rest[: len(found[0])], rest[len(found[0]) :]
        at = normalize(correction).index(found[1])
        raw, *_ = _ENDS.split(correction[at : at + len(found[1])])
        raw = raw.strip(" .;,")
        value = _value(before, raw, values[0].name if values else None, vocabulary) or (
            None if values else _value(label, raw, before.strip(" ,;:"), vocabulary)
        )
        if value is None:
            return []
        values.append(value)
        rest = correction[at + len(raw) :]
    return values


def _value(before: str, raw: str, name: str | None, vocabulary: Vocabulary) -> _RowValue | None:
    """The value of the field whose label ends what stands `before` it, behind the row's name if
    that is not known."""
    splits = [(0, 0)] if name else [m.span() for m in re.finditer(r"[\s,:;–-]+", before)]
    for start, end in splits:
        own, label = name or before[:start], before[end:].strip(" ,;:.")
        for labels in vocabulary.table_labels if len(own.split()) >= _MIN_NAME_WORDS else ():
            if len(labels.section.row_key) == 1 and (key := labels.find(label)):
                field = labels.section.by_key[key]
                typed = type_value(raw, field, vocabulary, vocabulary.campaign.campaign.year)
                return (
                    _RowValue(labels.section, own, field, raw, typed)
                    if isinstance(typed, str)
                    else None
                )
    return None


def _add_value(
    corrected: _RowValue,
    paragraph: Paragraph,
    rows: CorrectedRows,
    builder: ExtractBuilder,
) -> None:
    section, place = corrected.section, (paragraph.sheet, paragraph.ref)
    builder.extract.findings = [
        f
        for f in builder.extract.findings
        if (f.sheet, f.cell) != place or f.rule not in _RULES_OF_UNREAD_TEXT
    ]
    row = rows.add(
        section,
        corrected.name,
        corrected.field,
        corrected.value,
        corrected.raw,
        place=place,
        name_place=place,
    )
    builder.mark_paragraph(paragraph, TextClass.VALUE)
    builder.add_finding(
        "sentence_read",
        *place,
        section=section.key,
        row=row,
        row_name=corrected.name,
        field=corrected.field.key,
        value=shorten(paragraph.text),
        label=corrected.field.label,
    )


def _report_unread(paragraph: Paragraph, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    place = paragraph.sheet, paragraph.ref
    section = next(
        (labels.section for labels in vocabulary.table_labels if len(labels.section.row_key) == 1),
        None,
    )
    plain = with_digits(paragraph.text, vocabulary)
    name = _name(vocabulary).search(normalize(plain))
    builder.mark_paragraph(paragraph, TextClass.UNREAD)
    builder.add_finding(
        "not_read",
        *place,
        section=section.key if section else None,
        value=shorten(paragraph.text),
        row_name=plain[name.start() : name.end()].strip() if name else None,
    )


@lru_cache(maxsize=4)
def _subject(vocabulary: Vocabulary) -> re.Pattern[str]:
    return whole_words(vocabulary.campaign.form.prose.single_subjects)


@lru_cache(maxsize=4)
def _name(vocabulary: Vocabulary) -> re.Pattern[str]:
    """A cell's name up to punctuation or a word that cannot be part of a name."""
    prose = vocabulary.campaign.form.prose
    ends = any_of((*prose.reporting_words, *prose.amending_words, *prose.after_names))
    return re.compile(
        rf"(?<!\w)(?:{any_of(prose.single_subjects)})(?:\s+(?!(?:{ends})(?!\w))[^\s,;:.()]+)*"
    )
