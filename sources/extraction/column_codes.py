"""The row that numbers a table's columns: `A | B | 1 | 2 | 3=2/1`. It is part of the header, never
data."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache
from itertools import pairwise

from sources.text import clean, fold, whole_number

_MIN_CODES = 3  # with fewer, any two numbers side by side would do
_MIN_CODES_WITH_GAP = 5  # where a number may be left out
_MIN_UNITS = 2
_MAX_CODE_LETTERS = 40  # a code with its formula
_ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
    "XIII": 13,
    "XIV": 14,
    "XV": 15,
}
_CODE = re.compile(r"[(\[]?\s*(?P<code>\d{1,2}|[A-Za-zĐđ]|[IVX]{1,5})\s*[)\]]?[.]?")
_TERM = r"[(\[]?\s*(?:\d{1,3}|[A-Za-zĐđ])\s*[)\]]?\s*%?"
_FORMULA = re.compile(
    rf"[(\[]?\s*(?P<code>\d{{1,2}})\s*[)\]]?\s*(?:=|\(=?)\s*{_TERM}(?:\s*[-+*/:x×.÷–]\s*{_TERM})*\s*[)\]]*\s*",
    re.IGNORECASE,
)


def is_column_codes(texts: Sequence[str]) -> bool:
    """Whether the texts of a row are the codes of the columns above them: numbers, letters or
    formulas in order.

    `texts` are those of the columns of one table; empty ones do not matter. Numbers run on by one
    (one may be left out of five or more); letters, capital Roman numerals and numbers in brackets
    do as well; a formula (`3=1+2`, `(4)=(3)/(2)*100`) is the code before its sign. A row that holds
    anything else is none.
    """
    return _is_column_codes(tuple(t for text in texts if (t := clean(text))))


def is_units_row(texts: Sequence[str], measures: Collection[str]) -> bool:
    """Whether the texts of a row are the units of measure of the columns above them: `(ngày) |
    (đ/c) | (%)`.

    `measures` are the folded words for these. Empty texts do not matter; a mark alone is none, and
    two are the fewest.
    """
    given = [clean(text) for text in texts if text and clean(text)]
    if len(given) < _MIN_UNITS or {fold(text) for text in given} <= {"x"}:
        return False
    return all(_is_unit(text, measures) for text in given)


def _is_unit(text: str, measures: Collection[str]) -> bool:
    bare = text.strip("()[] ")
    return bare == "%" or (not any(letter.isdigit() for letter in bare) and fold(bare) in measures)


@lru_cache(maxsize=4096)  # the same few rows begin the tables of all reports
def _is_column_codes(texts: tuple[str, ...]) -> bool:
    if len(texts) < _MIN_CODES or any(len(text) > _MAX_CODE_LETTERS for text in texts):
        return False
    codes = [
        match["code"]
        for text in texts
        if (match := _CODE.fullmatch(text) or _FORMULA.fullmatch(text))
    ]
    if len(codes) < len(texts):
        return False
    if all(code in _ROMAN for code in codes):
        return _run_on([_ROMAN[code] for code in codes])
    letters = [code.casefold() for code in codes if not code.isdecimal()]
    numbers = [whole_number(code) for code in codes if code.isdecimal()]
    if any(one >= other for one, other in pairwise(letters)) or any(
        len(letter) > 1 for letter in letters
    ):
        return False
    if len(numbers) < 2:  # `A | B | 1`: the letters have to run on
        return (
            numbers in ([], [1])
            and len(letters) > 1
            and _run_on([ord(letter) for letter in letters])
        )
    return numbers[0] <= len(texts) and _run_on(numbers)


def _run_on(numbers: list[int]) -> bool:
    """Whether the numbers count on by one, in a long row with one gap at the most."""
    steps = [other - one for one, other in pairwise(numbers)]
    gaps = sum(step != 1 for step in steps)
    return gaps == 0 or (
        gaps == 1 and len(numbers) >= _MIN_CODES_WITH_GAP and all(1 <= step <= 2 for step in steps)
    )
