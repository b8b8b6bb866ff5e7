"""Counts as people type them into a cell: `25 đ/c`, `17/18 (đạt 94,4%)`, `28 (vắng 02)`, `nam 15,
nữ 10`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.numerals import without_repetition
from sources.extraction.typed import DASHES, compatible, holds_raised_digits, without_footnotes
from sources.extraction.vocabulary import Vocabulary
from sources.text import fold, whole_number

_MAX_COUNT_LETTERS = 200  # a number of so many digits, or with so many words, is no count
_MAX_RAW_LETTERS = 1000  # with its spaces
_NUMBER = r"[1-9]\d{0,2}(?:[.\u00a0 ]\d{3})+|\d{1,10}"
_OF_NUMBER = r"[1-9]\d{0,2}(?:\.\d{3})+|\d{1,10}"
_OF = r"\s*(?:[/|:]|\\)\s*|\s+trên\s+(?:tổng\s+(?:số\s+)?)?"
_COUNT_ALONE = re.compile(rf"({_NUMBER})(?![\d.,]\d)\s*(\D.*)?", re.DOTALL)
_RATIO = re.compile(
    rf"({_OF_NUMBER})\s*(\D{{0,40}}?)({_OF})({_OF_NUMBER})(?![\d.,]\d)\s*(\D.*)?",
    re.DOTALL | re.IGNORECASE,
)
_NO_FRACTION = re.compile(r"(?<=\d)[.,]0{1,2}$")  # as programs write a whole number: 25.0
_SHARE = re.compile(r"\d+(?:[.,]\d+)?\s*%")
_SHARE_BEHIND = re.compile(r"\s*[/=]\s*(\d+(?:[.,]\d+)?\s*%)\s*$")  # 22/91,7%
_WORDS_BEFORE = re.compile(r"([^\W\d_][^\d]{0,30}?)\s*:?\s*(?=\d)")
_PARTS = re.compile(r"[(),;]|\s[-–—]\s")
_DASH_BEFORE = re.compile(r"^\s*[-–—:]\s*(?=[^\W_])")
_TERMS = re.compile(r"\s*(?:[,;+]|\svà\s)\s*")
_TERM = re.compile(r"(?:([^\W\d_][^\d]*?)\s*:?\s*)?(\d{1,7})(?:\s*([^\W\d_].*))?")
# `251\t236`, columns set by tabs or spaces
_SIDE_BY_SIDE = re.compile(r"(?<=\d)(?:\s*\t\s*|[^\S\n]{2,})(?=\d)")
_UNSURE = re.compile(r"[?~≈±<>≤≥+&#!]")


class CountText(NamedTuple):
    """A count in a text; `of_part` where the text itself states that it is not of the whole."""

    digits: str
    of_part: bool = False


@lru_cache(maxsize=8192)
def count_in_text(value: str, vocabulary: Vocabulary) -> CountText | None:
    """The count of a text; None where it is no whole number of things, or may be two of them."""
    text = without_footnotes(_on_one_line(value)) if len(value) <= _MAX_RAW_LETTERS else ""
    if not 0 < len(text) <= _MAX_COUNT_LETTERS or holds_raised_digits(text):
        return None
    text = _SHARE_BEHIND.sub(r" (\1)", without_repetition(compatible(text)))
    text = text.strip(" .;:_,").lstrip("'")  # Excel's sign of a text, come along
    if text.isascii() and text.isdigit():
        return CountText(text) if len(text) <= 10 else None
    if text and not set(text) - DASHES:
        return CountText("0")
    folded = fold(text)
    if folded in vocabulary.counts.zero:
        return CountText("0")
    if folded in vocabulary.counts.not_yet or (
        vocabulary.not_held_notes.begin(text) and not re.search(r"\d", text)
    ):
        return CountText("0", of_part=True)
    return _sum_of_kinds(text, vocabulary) or _count_and_rest(text, vocabulary)


def part_and_whole(value: str) -> tuple[int, int, float | None] | None:
    """Part, whole and share (in percent, None where not said) of "17/18 (đạt 94,4%)"; None for any
    other text."""
    if len(value) > _MAX_RAW_LETTERS:
        return None
    text = compatible(without_footnotes(_on_one_line(value))).strip(" .;:_,")
    ratio = _RATIO.fullmatch(text[lead.end() :] if (lead := _WORDS_BEFORE.match(text)) else text)
    if ratio is None:
        return None
    share = _SHARE.search(ratio[5] or "")
    percent = float(share[0].rstrip("% ").replace(",", ".")) if share else None
    return _whole(ratio[1]), _whole(ratio[4]), percent


def _on_one_line(value: str) -> str:
    """Lines of a cell as parts of one text, so that the numbers of two lines never become one."""
    lines = [line.strip() for line in _SIDE_BY_SIDE.sub("\n", value).splitlines() if line.strip()]
    joined = lines[0] if lines else ""
    for line in lines[1:]:
        joined += line if line[0] in "/(" or joined.endswith("/") else f", {line}"
    return joined


def _count_and_rest(text: str, vocabulary: Vocabulary) -> CountText | None:
    if _UNSURE.search(text) or vocabulary.correcting_notes.occur_in(text):
        return None
    lead = _WORDS_BEFORE.match(text)
    of_part = False
    if lead:
        lead_word = fold(lead[1])
        if lead_word not in vocabulary.counts.units and lead_word not in vocabulary.counts.leads:
            return None
        text, of_part = text[lead.end() :], lead_word in vocabulary.counts.leads
    if (ratio := _RATIO.fullmatch(text)) and _is_unit(ratio[2], vocabulary):
        return _part_of_whole(ratio, vocabulary)
    if text.endswith("0"):
        text = _NO_FRACTION.sub("", text)
    number = _COUNT_ALONE.fullmatch(text)
    return (
        CountText(_digits(number[1]), of_part)
        if number and _is_explanation(number[2], vocabulary)
        else None
    )


def _part_of_whole(ratio: re.Match[str], vocabulary: Vocabulary) -> CountText | None:
    part, whole = _whole(ratio[1]), _whole(ratio[4])
    if part > whole or not _is_explanation(ratio[5], vocabulary):
        return None
    if ":" in ratio[3] and part < 24 and whole < 60 and len(ratio[4]) == 2:
        return None  # 8:30 may be the time of a day
    return CountText(_digits(ratio[1]), of_part=part != whole)


def _sum_of_kinds(text: str, vocabulary: Vocabulary) -> CountText | None:
    """The sum of a text that gives each kind of a whole and nothing else: `nam 15, nữ 10`."""
    terms = [_TERM.fullmatch(term) for term in _TERMS.split(text)]
    if len(terms) < 2 or None in terms:
        return None
    kinds = [_kind(term, vocabulary) for term in terms if term]
    if not any(sorted(kinds) == sorted(whole) for whole in vocabulary.counts.kinds_of_whole):
        return None
    return CountText(str(sum(whole_number(term[2]) for term in terms if term)))


def _kind(term: re.Match[str], vocabulary: Vocabulary) -> str:
    kind = " ".join(fold(part) for part in (term[1], term[3]) if part)
    for unit in vocabulary.counts.units:
        if kind.startswith(f"{unit} ") or kind.endswith(f" {unit}"):
            return kind.removeprefix(f"{unit} ").removesuffix(f" {unit}")
    return kind


def _is_explanation(rest: str | None, vocabulary: Vocabulary) -> bool:
    """Whether what follows a number is its unit, a share of it or what it is made up of, and no
    other count."""
    if not rest:
        return True
    # what the number is made up of: it stands before
    rest = _SHARE.sub(" ", vocabulary.detail_pattern.split(rest, 1)[0])
    beside, *parts = _PARTS.split(_DASH_BEFORE.sub(", ", rest))
    # `2 quần chúng` is a count of these people
    others = parts if _is_unit(beside, vocabulary) else [beside, *parts]
    if "%" in rest or any(map(vocabulary.counts.other_people.occur_in, others)):
        return False
    if not _is_unit_or_share(beside, vocabulary) and not _has_its_own_number(
        fold(beside), vocabulary
    ):
        return False
    numbered = False  # what has no number of its own may say of what kind the number is: 25 (nữ)
    for part in (p.strip(" .") for p in parts):
        including = vocabulary.counts.including.begin(part)
        numbers = re.findall(r"\d+", part)
        if _is_unit_or_share(part, vocabulary) or (including and len(numbers) <= 1):
            continue
        if (
            not vocabulary.counts.aside.match(fold(part))
            or len(numbers) > 1
            or not (numbers or numbered)
        ):
            return False
        numbered = True
    return True


def _has_its_own_number(beside: str, vocabulary: Vocabulary) -> bool:
    """Whether words right behind a number have another one, `28 vắng 02`, and are no kind of it:
    `15 nam 10 nữ`."""
    found = re.fullmatch(r"(\D+) \d+(?: \D+)?", beside)
    return bool(
        found
        and vocabulary.counts.aside.match(found[1])
        and vocabulary.counts.kinds.isdisjoint({found[1], found[1].split()[0]})
    )


def _is_unit_or_share(part: str, vocabulary: Vocabulary) -> bool:
    folded = fold(part)
    return not part.strip(" .") or (
        folded in vocabulary.counts.units
        or folded in vocabulary.counts.shares
        or _is_unit_then_share(folded, vocabulary)
    )


def _is_unit(text: str, vocabulary: Vocabulary) -> bool:
    return all(
        fold(part) in vocabulary.counts.units
        for part in re.split(r"[(),;]", text)
        if part.strip(" .")
    )


def _is_unit_then_share(part: str, vocabulary: Vocabulary) -> bool:
    return any(
        part == f"{unit} {share}"
        for share in vocabulary.counts.shares
        for unit in vocabulary.counts.units
        if part.endswith(share)
    )


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _whole(number: str) -> int:
    return whole_number(_digits(number))
