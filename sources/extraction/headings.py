"""What headings in prose mean: which text they open, how deep they stand, and whose numbers are
under them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.captions import meeting_named
from sources.extraction.hedges import names_another_time, names_others, names_own
from sources.extraction.label_forms import strip_numbering
from sources.extraction.numbers_in_text import unexplained_numbers
from sources.extraction.numerals import normalize, with_digits
from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of, whole_words
from sources.form import FormField, Section
from sources.text import CAPITALS, fold, whole_number

MAX_HEADING_LETTERS = 120
# `Số thôn đặc biệt khó khăn: 3`: a label and its value
_COUNT_AT_END = re.compile(r":\s*[\d.,/%\s]+$")
_MIN_SENTENCE_WORDS = 5
DEPTH_OF_PLAIN_LINE = (
    9  # the depth of a line without a number or bullet: deeper than any that has one
)
_LEVELS = (
    (re.compile(r"^\s*(?:(?:Phần|PHẦN)\s+)?(?:[IVX]{1,5}|[A-E])\s*[.)/:-]\s*\S"), 1),
    (re.compile(r"^\s*[IVX]{1,5}\.\d{1,2}[.)]?\s+\D"), 2),
    (re.compile(r"^\s*\d{1,2}\s*[.)/-]\s*[^\s\d]"), 2),
    (re.compile(r"^\s*\d{1,2}\.\d{1,2}[.)]?\s*[^\s\d]"), 3),
    (re.compile(r"^\s*\d{1,2}(?:\.\d{1,2}){2}"), 4),
    (re.compile(r"^\s*\(?[a-hđ]\s*[.)]\s*\S"), 4),
    (re.compile(r"^\s*\(\d{1,2}\)"), 4),
    (re.compile(r"^\s*\*"), 5),
    (re.compile(r"^\s*[-•–—·]"), 6),
    (re.compile(r"^\s*\+"), 7),
)
_ORDINAL = re.compile(r"\s*(\d{1,2})\s*[.)/-]\s*[^\s\d]")
_SENTENCE_WITH_COLON = re.compile(rf"(?<=[.;:])\s+(?=(?:[-+*]\s*)?[{CAPITALS}][^:.;]{{2,60}}:)")
_BRACKETS = re.compile(r"\([^)]*\)")
_TERM_OF_YEARS = re.compile(r"(20\d\d)\s*[-–]\s*(20\d\d)")
_YEAR = re.compile(r"(?:(?<!\w)(?:năm|nhiệm kỳ|khóa)\s+|/)(20\d\d)(?!\d)")
_CITED_DATE = re.compile(r"[-/][A-ZĐ]{2,}[\w/-]*,?\s+ngày\s+\S+(?:\s+tháng\s+\d+\s+năm\s+\d+)?")


class TextHeading(NamedTuple):
    """The fields whose texts follow a heading, its own first; `text` stands in the same line."""

    fields: tuple[tuple[Section, FormField], ...]
    text: str
    about_causes: bool


def level_of(text: str, bold: bool = False) -> int:
    """How deep a line stands, by its number or bullet; 1 for `I.` and for a bold line without a
    number or bullet."""
    return next(
        (level for pattern, level in _LEVELS if pattern.match(text)),
        1 if bold else DEPTH_OF_PLAIN_LINE,
    )


def ordinal_of(text: str) -> int | None:
    """The number of a line that begins `3.` or `3)`."""
    match = _ORDINAL.match(text)
    return whole_number(match[1]) if match else None


def is_heading(text: str, bold: bool, vocabulary: Vocabulary) -> bool:
    """Whether a line only names what follows it."""
    if len(text) > MAX_HEADING_LETTERS or text[-1] in ".;,":
        return False
    marked = (
        bold
        or (level_of(text) < DEPTH_OF_PLAIN_LINE and level_of(text) <= 4)
        or text.rstrip().endswith(":")
    )
    return marked and not unexplained_numbers(text, vocabulary)


def text_heading(text: str, bold: bool, vocabulary: Vocabulary) -> TextHeading | None:
    """The texts that follow a line: `2. Tồn tại, hạn chế và nguyên nhân`, `Kiến nghị với Huyện ủy:
    không`."""
    label, colon, rest = text.partition(":")
    if len(label) > MAX_HEADING_LETTERS or (not colon and text[-1] in ".;,"):
        return None
    match = _heading_pattern(vocabulary).fullmatch(
        fold(_BRACKETS.sub(" ", strip_numbering(label).strip("*_ ")))
    )
    if match is None or (
        match["rest"] and not (bold or colon) and 4 < level_of(text) < DEPTH_OF_PLAIN_LINE
    ):
        return None
    terms = _terms(vocabulary)
    fields = {
        terms[term][1].key: terms[term]
        for term in _term_pattern(vocabulary).findall(match["terms"])
        if term in terms
    }
    return TextHeading(tuple(fields.values()), rest.strip(), not fields)


def texts_mentioned_in(text: str, vocabulary: Vocabulary) -> list[tuple[Section, FormField]]:
    """The texts that a sentence mentions: `Bên cạnh đó còn một số khó khăn: …`; none for a short
    line."""
    if (
        len(text.split()) < _MIN_SENTENCE_WORDS
        or _COUNT_AT_END.search(text)
        or closes_report(text, vocabulary)
    ):
        return []
    terms = _terms(vocabulary)
    return list(
        {
            terms[term][1].key: terms[term]
            for term in _term_pattern(vocabulary).findall(fold(text))
            if term in terms
        }.values()
    )


def split_at_text_headings(line: str, vocabulary: Vocabulary) -> list[str]:
    """The parts of a line, each beginning with a text's heading but the first: `Thuận lợi: không.
    Khó khăn: xa.`"""
    parts: list[str] = []
    for part in _SENTENCE_WITH_COLON.split(line.strip()):
        if not parts:
            parts = [part]
        elif text_heading(part, False, vocabulary) is None or not strip_numbering(
            f"{parts[-1]} …"
        ).strip(" …"):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    return [part for part in parts if part]


def is_of_others(text: str, vocabulary: Vocabulary) -> bool:
    """Whether numbers under these words are not the unit's own results: another time's or
    meeting's, others'."""
    normalized = normalize(with_digits(text, vocabulary))
    return (
        is_of_another_time(text, vocabulary)
        or meeting_named(text, vocabulary) == "other"
        or (names_others(normalized, vocabulary) and not names_own(normalized, vocabulary))
    )


def is_of_another_time(text: str, vocabulary: Vocabulary) -> bool:
    """Whether words speak of a plan, of what was before, or of another year than the campaign's."""
    normalized = normalize(with_digits(_CITED_DATE.sub(" ", text), vocabulary))
    if names_another_time(normalized, vocabulary):
        return True
    year = vocabulary.campaign.campaign.year
    terms = [(int(first), int(last)) for first, last in _TERM_OF_YEARS.findall(normalized)]
    if any(first >= year for first, _ in terms):
        return True
    years = [int(found) for found in _YEAR.findall(_TERM_OF_YEARS.sub(" ", normalized))]
    return bool(years) and year not in years


def closes_report(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a line is the closing formula: `Trên đây là báo cáo …`."""
    return (
        _closing(vocabulary).match(normalize(with_digits(strip_numbering(text), vocabulary)))
        is not None
    )


@lru_cache(maxsize=4)
def _terms(vocabulary: Vocabulary) -> dict[str, tuple[Section, FormField]]:
    return {
        fold(term): (section, field)
        for section in vocabulary.campaign.form.sections
        for field in section.fields
        for term in (*field.heading_terms, *(field.labels if field.heading_terms else ()))
    }


@lru_cache(maxsize=4)
def _term_pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    return whole_words(
        {*_terms(vocabulary), *map(fold, vocabulary.campaign.form.prose.cause_terms)}
    )


@lru_cache(maxsize=4)
def _heading_pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    prose = vocabulary.campaign.form.prose
    before = any_of(map(fold, prose.heading_prefixes))
    behind = any_of(map(fold, prose.heading_suffixes))
    term = _term_pattern(vocabulary).pattern
    return re.compile(
        rf"(?:(?:{before}) )*(?P<terms>{term}(?: (?:(?:va|{before}) )*{term})*)"
        rf"(?P<rest>(?: (?:{behind}))(?: \w+){{0,10}})?"
    )


@lru_cache(maxsize=4)
def _closing(vocabulary: Vocabulary) -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(vocabulary.campaign.form.prose.closing_phrases)})(?!\w)")
