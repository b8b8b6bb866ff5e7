"""What makes a number in a sentence none of the unit's results: a guess, a plan, another year, another subject."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.extraction.dictionary import Dictionary, any_of

_RANGE = re.compile(r"\d\s*[-–]\s*$")
_RANGE_BEHIND = re.compile(r"\s*[-–]\s*\d+")
_CLAUSE_START = re.compile(r",\s|[()]")
_COMPARED = re.compile(r"(?<!\w)so với [^,;()]*\([^()]*$")   # `so với quý I (14 chi bộ, 240 đảng viên)`
_YEAR = re.compile(r"(?<!\w)(?:năm|/)\s*(20\d\d)(?!\s*[-–])")


def is_hedged(said: str, start: int, end: int, words: Dictionary) -> bool:
    """Whether what stands around a number makes it a guess, a plan, an average, a part, or another year's."""
    before, behind = said[:start], said[end:]
    hedge, scope = _hedges(words)
    if hedge.search(before) or _RANGE.search(before) or _RANGE_BEHIND.match(behind):
        return True
    years = _YEAR.findall(before)
    if years and str(words.campaign.campaign.year) not in years:
        return True
    if _singles(words).match(said):
        return True
    if _COMPARED.search(before):
        return True
    of_whom = before.partition(":")[0] if ":" in before else ""   # `Chi bộ thôn Hạ: 30 đảng viên, …`
    return any(scope.search(part) for part in (of_whom, _CLAUSE_START.split(before)[-1])) or (
        _other_times(words).search(_bracket_behind(behind)) is not None)


def hedged_span(said: str, start: int, end: int) -> tuple[int, int]:
    """The clause before a number that is a guess or a plan, and the number, with the end of its range."""
    behind = _RANGE_BEHIND.match(said[end:])
    clause = max((m.end() for m in _CLAUSE_START.finditer(said[:start])), default=0)
    return clause, end + (behind.end() if behind else 0)


def names_others(said: str, words: Dictionary) -> bool:
    """Whether a text (`comparable`) speaks of the organisations."""
    return _others(words).search(said) is not None


def names_own(said: str, words: Dictionary) -> bool:
    """Whether a text (`comparable`) speaks of the Party committee, its cells or its members."""
    return _owns(words).search(said) is not None


def names_wider(said: str, words: Dictionary) -> bool:
    """Whether a text (`comparable`) speaks of the whole district, or of more."""
    return _wider(words).search(said) is not None


def clause_before(said: str, start: int) -> str:
    """The part of its clause that stands before a place."""
    return _CLAUSE_START.split(said[:start])[-1]


def _bracket_behind(behind: str) -> str:
    """What stands in brackets right behind a number and its noun: `12 quần chúng (dự kiến)`."""
    match = re.match(r"[^,;.()\d]{0,40}\(([^()]*)\)", behind)
    return match[1] if match else ""


@lru_cache(maxsize=4)
def _hedges(words: Dictionary) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What right before a number, and what in the clause before it, makes it no count of what the unit has done."""
    form = words.campaign.form
    scope = (*form.words.other_scope_words, *form.prose.other_time_words)
    return (re.compile(rf"(?<!\w)(?:{any_of(form.words.hedge_words)})\s*$"),
            re.compile(rf"(?<!\w)(?:{any_of(scope)})(?!\w)"))


@lru_cache(maxsize=4)
def _singles(words: Dictionary) -> re.Pattern[str]:
    """The beginning of a sentence about a single cell, or some of them."""
    return re.compile(rf"\W*(?:(?:riêng|tại|ở|còn)\s+)?(?:{any_of(words.campaign.form.prose.single_subjects)})(?!\w)")


@lru_cache(maxsize=4)
def _wider(words: Dictionary) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(words.campaign.form.prose.wider_subjects)})(?!\w)")


@lru_cache(maxsize=4)
def _other_times(words: Dictionary) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(words.campaign.form.prose.other_time_words)})(?!\w)")


@lru_cache(maxsize=4)
def _others(words: Dictionary) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(words.campaign.form.prose.other_subjects)})(?!\w)(?!\s+ưu\s+tú)")


@lru_cache(maxsize=4)
def _owns(words: Dictionary) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(words.campaign.form.prose.own_subjects)})(?!\w)")
