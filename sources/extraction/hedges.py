"""What shows that a number is no result of the unit: a guess, a plan, another year or subject."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of, whole_words

_RANGE = re.compile(r"\d\s*[-–]\s*$")
_RANGE_BEHIND = re.compile(r"\s*[-–]\s*\d+")
_ADDEND = re.compile(r"[^,;.()\d+]{0,40}\+\s*\d")  # `12 chi bộ thôn + 4 chi bộ khác = 16 chi bộ`
_ADDEND_BEFORE = re.compile(r"\d[^,;.()\d+]{0,40}\+\s*$")
_CLAUSE_START = re.compile(r",\s|[()]")
# `so với quý I (14 chi bộ, 240 đảng viên)`
_COMPARED = re.compile(r"(?<!\w)so với [^,;()]*\([^()]*$")
_YEAR = re.compile(r"(?<!\w)(?:năm|/)\s*(20\d\d)(?!\s*[-–])")


def is_hedged(normalized: str, start: int, end: int, vocabulary: Vocabulary) -> bool:
    """Whether what stands around a number makes it a guess, a plan, an average, a part, or another
    year's."""
    before, behind = normalized[:start], normalized[end:]
    patterns = _patterns(vocabulary)
    if patterns.hedge.search(before) or _RANGE.search(before) or _RANGE_BEHIND.match(behind):
        return True
    if _ADDEND.match(behind) or _ADDEND_BEFORE.search(before):
        return True
    years = _YEAR.findall(before)
    if years and str(vocabulary.campaign.campaign.year) not in years:
        return True
    if patterns.single.match(normalized):
        return True
    if _COMPARED.search(before):
        return True
    of_whom = before.partition(":")[0] if ":" in before else ""  # `Chi bộ thôn Hạ: 30 đảng viên, …`
    return any(
        patterns.other_scope.search(part) for part in (of_whom, _CLAUSE_START.split(before)[-1])
    ) or (names_another_time(_bracket_behind(behind), vocabulary))


def hedged_span(normalized: str, start: int, end: int) -> tuple[int, int]:
    """The clause before a number that is a guess or a plan, and the number, with the end of its
    range."""
    behind = _RANGE_BEHIND.match(normalized[end:])
    clause = max((m.end() for m in _CLAUSE_START.finditer(normalized[:start])), default=0)
    return clause, end + (behind.end() if behind else 0)


def is_of_a_block(normalized: str, vocabulary: Vocabulary) -> bool:
    """Whether a sentence begins with a single cell or a block of them, and speaks of what was
    done."""
    return _patterns(vocabulary).single.match(normalized) is not None and not names_another_time(
        normalized, vocabulary
    )


def names_others(normalized: str, vocabulary: Vocabulary) -> bool:
    """Whether a text (`normalize`) speaks of the organisations."""
    return _patterns(vocabulary).others.search(normalized) is not None


def names_own(normalized: str, vocabulary: Vocabulary) -> bool:
    """Whether a text (`normalize`) speaks of the Party committee, its cells or its members."""
    return _patterns(vocabulary).own.search(normalized) is not None


def names_wider(normalized: str, vocabulary: Vocabulary) -> bool:
    """Whether a text (`normalize`) speaks of the whole district, or of more."""
    return _patterns(vocabulary).wider.search(normalized) is not None


def names_another_time(normalized: str, vocabulary: Vocabulary) -> bool:
    """Whether a text (`normalize`) speaks of a plan, or of what was before."""
    return _patterns(vocabulary).another_time.search(normalized) is not None


def clause_before(normalized: str, start: int) -> str:
    """The part of its clause that stands before a place."""
    return _CLAUSE_START.split(normalized[:start])[-1]


def _bracket_behind(behind: str) -> str:
    """What stands in brackets right behind a number and its noun: `12 quần chúng (dự kiến)`."""
    match = re.match(r"[^,;.()\d]{0,40}\(([^()]*)\)", behind)
    return match[1] if match else ""


class _Patterns(NamedTuple):
    """The patterns that the form's words make, on texts as `normalize` writes them.

    hedge         right before a number: it is a guess or a plan
    other_scope   in the clause before a number: it is a part, another time's, another subject's
    another_time  a plan, or what was before
    single        the beginning of a sentence about a single cell, or some of them
    others, own, wider  the organisations; the committee, its cells and members; the whole district,
    or more
    """

    hedge: re.Pattern[str]
    other_scope: re.Pattern[str]
    another_time: re.Pattern[str]
    single: re.Pattern[str]
    others: re.Pattern[str]
    own: re.Pattern[str]
    wider: re.Pattern[str]


@lru_cache(maxsize=4)
def _patterns(vocabulary: Vocabulary) -> _Patterns:
    form = vocabulary.campaign.form
    prose = form.prose
    return _Patterns(
        hedge=re.compile(rf"(?<!\w)(?:{any_of(form.words.hedge_words)})\s*$"),
        other_scope=whole_words((*form.words.other_scope_words, *prose.other_time_words)),
        another_time=whole_words(prose.other_time_words),
        single=re.compile(
            rf"\W*(?:(?:riêng|tại|ở|còn)\s+)?(?:{any_of(prose.single_subjects)})(?!\w)"
        ),
        others=re.compile(rf"{whole_words(prose.other_subjects).pattern}(?!\s+ưu\s+tú)"),
        own=whole_words(prose.own_subjects),
        wider=whole_words(prose.wider_subjects),
    )
