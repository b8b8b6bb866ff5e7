"""Values of which one cell holds several: `23/25`, `05/4-12/4`, `2.1; 2.3`. Split where there is
one reading only."""

from __future__ import annotations

import datetime as dt
import re

from sources.extraction.cell_types import raw_text, type_count, type_date
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField
from sources.grids import Value
from sources.text import clean, fold

Parts = tuple[Value, ...]

_BETWEEN_COUNTS = re.compile(r"\s*(?:[/;|\n]|\s[-–]\s|(?<=\d)[-–](?=\d))\s*")
_UNIT_WITH_SLASH = re.compile(r"đ/c", re.IGNORECASE)
_BETWEEN_DAYS = re.compile(r"\s*(?:[-–—→~;\n]|\bđến(?:\s+hết)?(?:\s+ngày)?\b)\s*", re.IGNORECASE)
_BEFORE_DAY = re.compile(r"^\s*(?:từ\s+)?(?:ngày\s+)?", re.IGNORECASE)
_DAY_ALONE = re.compile(r"\d{1,2}")
_DAYS_OR_DATE = re.compile(r"\d{1,2}\s*[-–]\s*\d{1,2}")  # `3-5`: 3 May, or the third to the fifth
_MONTH_ON = re.compile(r"^\s*\d{1,2}(?P<rest>\s*[./-]\s*\d{1,2}(?:\s*[./-]\s*\d{2,4})?)\s*$")
_BETWEEN_MARKS = re.compile(r"\s*(?:[;+&\n]|,\s|\bvà\b|[-–])\s*", re.IGNORECASE)
_RANGE = re.compile(
    r"(?:từ\s+)?(?P<first>[^\s–-]+)\s*(?P<between>[-–]|đến)\s*(?P<last>[^\s–-]+)", re.IGNORECASE
)
_COMMA_WITHIN = re.compile(r"\d,\d")


def split_counts(value: Value, parts: int, vocabulary: Vocabulary) -> Parts | None:
    """The counts of a cell that holds as many as `parts` (`23/25`, `23 đ/c - 25 đ/c`); None where
    it does not."""
    if not isinstance(value, str):
        return None
    pieces = _BETWEEN_COUNTS.split(_UNIT_WITH_SLASH.sub("đồng chí", value.strip()))
    counted = len(pieces) == parts and all(
        isinstance(type_count(piece, vocabulary), str) for piece in pieces
    )
    return tuple(pieces) if counted else None


def split_days(value: Value, year: int) -> Parts | None:
    """The first and the last day of a cell that holds both (`05/4-12/4`, `05-12/4/2022`), or the
    one day that it holds.

    None where there is no such reading, or more than one.
    """
    if isinstance(value, str) and _DAYS_OR_DATE.fullmatch(value.strip()):
        return None
    if isinstance(day := type_date(value, year), str):
        return dt.date.fromisoformat(day), dt.date.fromisoformat(day)
    if not isinstance(value, str):
        return None
    text = clean(value)
    found = {
        days
        for gap in _BETWEEN_DAYS.finditer(text)
        if (days := _two_days(text[: gap.start()], text[gap.end() :], year))
    }
    return found.pop() if len(found) == 1 else None


def _two_days(first: str, last: str, year: int) -> tuple[dt.date, dt.date] | None:
    first, last = (_BEFORE_DAY.sub("", text, count=1).strip() for text in (first, last))
    if _DAY_ALONE.fullmatch(first) and (month := _MONTH_ON.match(last)):
        first += month["rest"]
    days = type_date(first, year), type_date(last, year)
    if any(not isinstance(day, str) for day in days) or _DAY_ALONE.fullmatch(first):
        return None
    return dt.date.fromisoformat(str(days[0])), dt.date.fromisoformat(str(days[1]))


def day_of_month(value: Value, month: int, year: int) -> Value:
    """The day that a number alone means under a header that names the month; any other value as it
    is."""
    text = clean(raw_text(value))
    if not _DAY_ALONE.fullmatch(text) or isinstance(value, bool):
        return value
    try:
        return dt.date(year, month, int(text))
    except ValueError:
        return value


def split_marks(value: Value, fields: list[FormField], vocabulary: Vocabulary) -> Parts | None:
    """Which of several marks a cell names (`2.1; 2.3`, `Đủ 3 nội dung`); None where it says
    anything else."""
    text = clean(raw_text(value))
    if fold(text) in vocabulary.all_words:
        return (True,) * len(fields)
    if ends := _RANGE.fullmatch(text):
        first, last = _marked(ends["first"], fields), _marked(ends["last"], fields)
        return _from_to(first, last, ends["between"], len(fields))
    pieces = [piece for piece in _BETWEEN_MARKS.split(raw_text(value).strip(" .;,")) if piece]
    if len(pieces) == 1 and "," in text:
        if _COMMA_WITHIN.fullmatch(text):
            return None  # `2,3` may be 2.3 as well as 2 and 3
        pieces = text.split(",")
    if len(pieces) == 1 and text.isdigit():
        return None  # `3`: the third, or all three
    named = [_marked(piece, fields) for piece in pieces]
    if not named or None in named or len(set(named)) < len(named):
        return None
    return tuple(i in named for i in range(len(fields)))


def _from_to(first: int | None, last: int | None, between: str, count: int) -> Parts | None:
    """The marks from one to another; with a mere dash only neighbours, since `2.1 - 2.3` may leave
    2.2 out."""
    if first is None or last is None or last <= first or (between in "-–" and last - first > 1):
        return None
    return tuple(first <= i <= last for i in range(count))


def _marked(text: str, fields: list[FormField]) -> int | None:
    """The number of the field that a text names by its label, or as under the header of them
    all."""
    folded = fold(text)
    return next(
        (i for i, f in enumerate(fields) if folded in map(fold, (*f.under, *f.labels))), None
    )
