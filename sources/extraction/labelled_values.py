"""Values that hold more than their type: `330/345 (đạt 95,7%), vắng 15 có lý do`, a mark as `18/18
chi bộ`."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.extraction.cell_types import UNTYPED, Typed, type_value
from sources.extraction.headings import is_of_others
from sources.extraction.numbers_in_text import unexplained_numbers
from sources.extraction.numerals import normalize, with_digits
from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of
from sources.form import FormField
from sources.text import whole_number

_ENDS = r"(?<!\d),|,(?!\d)|;|\(|\.\s|\s=\s|\s[–-]\s(?!\d)|(?<=\d)\s+(?=(?-i:[A-ZĐ]))"
_SHARE = re.compile(r"\(?(?:đạt|=|bằng|chiếm)?\s*\d+(?:,\d+)?\s*%\)?", re.IGNORECASE)
_OTHER_NUMBER = re.compile(  # `12 (năm 2021: 09)`, `14 (chỉ tiêu 15)`: the other's own number stands beside its words
    r"\((?:năm\s+20\d\d|[^()\d])*?[:=]\s*\d[^()]*\)"
    r"|\((?:năm\s+20\d\d\s+|[^()\d])*?(?<!tháng )(?<!ngày )(?<!quý )(?!20\d\d)\d{1,5}(?:\s+[^\W\d]\S*){0,2}\s*\)"
)
_COMPARISON = re.compile(r"(?:so với|tăng|giảm)[^,;.)]*", re.IGNORECASE)


def split_count(value: str, field: FormField, vocabulary: Vocabulary) -> tuple[str, str]:
    """The count that a value begins with, and the rest; all of the value where it begins with no
    count.

    `330/345 đồng chí (đạt 95,7%), vắng 15 có lý do` is `330/345 đồng chí (đạt 95,7%)`, and what
    follows `330/345 đồng chí`, but for the share, which is checked with the count. One that the
    rest makes another time's or another subject's is not split.
    """
    if value.isdigit():
        return value, ""
    year = vocabulary.campaign.campaign.year
    ends = [
        len(value),
        *sorted((m.start() for m in _ends(vocabulary).finditer(value)), reverse=True),
    ]
    typed = [
        (end, count)
        for end in ends
        if value[:end].strip()
        and (count := type_value(value[:end], field, vocabulary, year)) is not UNTYPED
    ]
    if not typed:
        return value, ""
    first = min(end for end, count in typed if count == typed[0][1])
    if is_of_others(_COMPARISON.sub(" ", _OTHER_NUMBER.sub(" ", value[first:])), vocabulary):
        return value, ""
    return value[: typed[0][0]].rstrip(" ,("), _SHARE.sub(" ", value[first:]).strip(" ,;.()")


@lru_cache(maxsize=4)
def _ends(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Where a count may end: before a comma, a bracket, or what it is made up of."""
    return re.compile(rf"{_ENDS}|{vocabulary.detail_pattern.pattern}", re.IGNORECASE)


def count_and_explanation(text: str, field: FormField, vocabulary: Vocabulary) -> Typed:
    """The count of a value whose further numbers only explain it; UNTYPED where one of them may be
    another value."""
    count, rest = split_count(with_digits(text, vocabulary).strip(), field, vocabulary)
    if not count or unexplained_numbers(rest, vocabulary, (), counts_in(count)):
        return UNTYPED
    return type_value(count, field, vocabulary, vocabulary.campaign.campaign.year)


def counts_in(value: str) -> list[int]:
    """The whole numbers that a value begins with: 330 and 345 of `330/345 đồng chí (95,7%)`."""
    return [
        whole_number(number.replace(".", ""))
        for number in re.findall(r"\d[\d.]*(?<=\d)", value.split("(")[0])
    ]


def mark_of_copies(text: str, vocabulary: Vocabulary) -> Typed:
    """Whether a document was given, by a count or in words: `18/18 chi bộ`, `18 bản`; `0/18`, `chưa
    cung cấp`.

    To some of the cells only is neither.
    """
    normalized = normalize(with_digits(text, vocabulary)).strip(" .;")
    copied, not_given, given = _given(vocabulary)
    if copies := copied.fullmatch(normalized):
        part, whole = whole_number(copies[1]), whole_number(copies[2] or copies[1])
        return "false" if part == 0 else "true" if part == whole else UNTYPED
    if not_given.fullmatch(normalized):
        return "false"
    return "true" if given.fullmatch(normalized) else UNTYPED


@lru_cache(maxsize=4)
def _given(vocabulary: Vocabulary) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns for the number of a document's copies, for not given, and for given."""
    prose = vocabulary.campaign.form.prose
    given = any_of((*prose.given_words, "có"))
    share = r"(?:\s*\(?(?:đạt\s*)?100\s*%\)?)?"
    return (
        re.compile(rf"(\d+)(?:/(\d+))?\s*(?:{any_of(prose.copy_words)})?{share}"),
        re.compile(rf"(?:{any_of(prose.not_words)})(?:\s+(?:{given}))?"),
        re.compile(rf"(?:đã|được|đã được)\s+(?:{given})(?:\s+đầy đủ|\s+đủ)?|đầy đủ|đủ"),
    )
