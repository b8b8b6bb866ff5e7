"""How cells are typed (FORM.md): from a value as it stands to canonical text, or not at all.

Each function returns the canonical text of a value, BLANK where the place says nothing, or UNTYPED where it says
something else than the type allows. Nothing is guessed: what is not plainly a count, a date or a mark is UNTYPED.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sources.extraction.dictionary import Dictionary
from sources.form import FormField
from sources.grids import ErrorValue, Uncached, Value
from sources.text import clean, fold

BLANK: Final = None


@dataclass(frozen=True, slots=True)
class Untyped:
    """A value that the field's type does not allow; its raw text goes with a finding."""


UNTYPED: Final = Untyped()
Typed = str | Untyped | None

_PLAIN = re.compile(r"\d{1,10}")
_NUMBER_THEN_WORDS = re.compile(r"([1-9]\d{0,2}(?:[.\u00a0 ]\d{3})+|\d{1,10})(?![\d.,]\d)\s*(\D.*)?", re.DOTALL)
_NUMBER = r"[1-9]\d{0,2}(?:\.\d{3})+|\d{1,10}"
_RATIO = re.compile(rf"({_NUMBER})\s*(\D{{0,40}}?)\s*/\s*({_NUMBER})(?![\d.,]\d)\s*(\D.*)?", re.DOTALL)
_NO_FRACTION = re.compile(r"(?<=\d)[.,]0{1,2}$")   # as programs write a whole number: 25.0
_SHARE = re.compile(r"\d+(?:[.,]\d+)?\s*%")
_LONGEST_COUNT = 200  # a number of so many digits, or with so many words, is no count
_ORDINAL_BEFORE = re.compile(r"^\s*(?:\d{1,3}\s*[.)]|[-+*•–])\s*(?=[^\W\d])")
_DASHES = {"-", "–", "—", "−"}

_SEPARATED = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})(?:\s*\2\s*(\d{4}|\d{2}))?")
_WORDS = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})(?:(?:\s+năm\s+|\s*[/.-]\s*)(\d{4}))?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(   # as a program shows a day: 5-Apr-22, 05-Thg4-2022
    rf"(\d{{1,2}})[-/ ](?:(?:thg|th) ?(\d{{1,2}})|({'|'.join(_MONTHS)})[a-z]{{0,6}})[-/ ](\d{{4}}|\d{{2}})")
_DATE_PREFIX = re.compile(
    r"^(?:(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|(?:buổi\s+)?(?:sáng|chiều|tối))\s*,?\s*"
    r"|\d{1,2}\s*(?:h|giờ|g|:)\s*(?:\d{1,2})?\s*(?:phút|')?\s*,?\s*|ngày\s*:?\s+)+")
_DATE_SUFFIX = re.compile(
    r"(?:\s*\(?(?:(?:buổi\s+)?(?:sáng|chiều|tối)|thứ\s+\w+|chủ nhật)\)?"
    r"|[ ,]+(?:lúc\s+)?\d{1,2}(?:(?::\d{2}){1,2}|\s*(?:h|giờ)\s*(?:\d{2})?\s*(?:phút)?))$")
_SERIAL = range(36526, 73051)  # 2000-01-01 … 2100-01-01 as Excel counts days
_EXCEL_EPOCH = dt.date(1899, 12, 30)


def type_value(value: Value, field: FormField, words: Dictionary, year: int) -> Typed:
    """The canonical text of a value of that field, BLANK or UNTYPED.

    `year` is the campaign's, for dates written without one.
    """
    if value is None or value == "" or (isinstance(value, str) and not clean(value)):
        return "false" if field.type == "mark" else BLANK
    if isinstance(value, ErrorValue | Uncached):
        return UNTYPED
    match field.type:
        case "count":
            typed = type_count(value, words)
            return UNTYPED if id(field) in words.wholes and _is_less_than_whole(value) else typed
        case "date":
            return type_date(value, year)
        case "mark":
            return type_mark(value, words)
        case "choice" | "organisation":
            text = raw_text(value)
            return words.choice_code(field, text) or words.choice_code(field, without_ordinal(text)) or UNTYPED
        case "commune":
            unit = words.names.commune(raw_text(value))
            return unit.code if unit else UNTYPED
        case _:
            text = clean(raw_text(value))
            return without_ordinal(text) if id(field) in words.names_of_rows else text


def typer_of(field: FormField, words: Dictionary, year: int) -> Callable[[Value], tuple[Typed, str]]:
    """A function from a value of that field to what `type_value` makes of it, and to its raw text ("" of blanks).

    What it has answered is kept with the dictionary: cells of a column, and of all reports, say the same few things.
    """
    alone = field.choice or id(field) in words.wholes or id(field) in words.names_of_rows
    key = (field.type, id(field) if alone else 0)
    if key not in words.typers:
        words.typers[key] = lru_cache(maxsize=8192, typed=True)(
            lambda value: (type_value(value, field, words, year), shown(raw_text(value))))
    return words.typers[key]


def is_word(value: Value, field: FormField, words: Dictionary) -> bool:
    """Whether a value can be none of a field that holds no text, but a header below the field's own: `Năm 2022`."""
    if not isinstance(value, str) or field.type == "text":
        return False
    if field.type == "mark":
        return len(fold(value)) > 1 and not fold(value).isdigit()   # `Có` and `Không` head columns of marks
    return type_value(value, field, words, words.campaign.campaign.year) is UNTYPED


def without_ordinal(text: str) -> str:
    """A row's name without the number or bullet before it: `1. Chi bộ thôn Hạ`."""
    return text if text[:1].isalpha() else _ORDINAL_BEFORE.sub("", text)


def shown(raw: str) -> str:
    """Raw text, "" where it is but white space."""
    return raw if raw.strip() else ""


def type_count(value: Value, words: Dictionary) -> Typed:
    """A whole number of things as digits: 25, "25", "1.234", "25 đ/c", "17/18 chi bộ (đạt 94,4%)", "Không"."""
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        return UNTYPED
    if isinstance(value, int | float):
        return str(int(value)) if 0 <= value <= words.campaign.limits.count and value == int(value) else UNTYPED
    return _count_in_text(str(value), words)


@lru_cache(maxsize=8192)
def _count_in_text(value: str, words: Dictionary) -> Typed:
    if _holds_raised_digits(value):
        return UNTYPED
    text = unicodedata.normalize("NFKC", clean(value)).strip(" .;:").lstrip("'")   # Excel's sign of a text, come along
    if len(text) > _LONGEST_COUNT:
        return UNTYPED
    if text in _DASHES or fold(text) in words.zero_words:
        return "0"
    if "/" in text and (ratio := _RATIO.fullmatch(text)):
        plain = _only_units(ratio[2], words) and _only_units(ratio[4], words)
        return _within_limit(_digits(ratio[1]), words) if plain and _whole(ratio[1]) <= _whole(ratio[3]) else UNTYPED
    if text.endswith("0"):
        text = _NO_FRACTION.sub("", text)
    if (number := _NUMBER_THEN_WORDS.fullmatch(text)) and _only_units(number[2], words):
        return _within_limit(_digits(number[1]), words)
    return UNTYPED


def part_of_whole(value: Value) -> tuple[int, int, float | None] | None:
    """Part, whole and share (in percent, None where not said) of "17/18 (đạt 94,4%)"; None for any other value."""
    if not isinstance(value, str) or "/" not in value:
        return None
    ratio = _RATIO.fullmatch(unicodedata.normalize("NFKC", clean(value)).strip(" .;:"))
    if ratio is None:
        return None
    share = _SHARE.search(ratio[4] or "")
    told = float(share[0].rstrip("% ").replace(",", ".")) if share else None
    return _whole(ratio[1]), _whole(ratio[3]), told


def _is_less_than_whole(value: Value) -> bool:
    """Whether a value is a part of a whole, and not all of it: 25/25 can only be 25."""
    said = part_of_whole(value)
    return said is not None and said[0] != said[1]


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _whole(number: str) -> int:
    return int(_digits(number))


def _holds_raised_digits(text: str) -> bool:
    """Whether a mark of a footnote, such as ² or ①, stands in the text: next to a number it would pass for a digit."""
    return not text.isascii() and any(unicodedata.category(letter) == "No" for letter in text)


def _within_limit(digits: str, words: Dictionary) -> Typed:
    return str(int(digits)) if int(digits) <= words.campaign.limits.count else UNTYPED


def _only_units(rest: str | None, words: Dictionary) -> bool:
    """Whether what follows a number is a unit of measure or a share of it, and nothing else."""
    if not rest:
        return True
    rest = words.details.split(rest, 1)[0]   # what the number is made up of: it stands before
    without_share = _SHARE.sub(" ", rest)
    if re.search(r"\d|%", without_share):
        return False
    said = [p for p in re.split(r"[(),;:]", without_share) if p.strip(" .")]
    parts = [fold(p) for p in said]
    return all(p in words.count_words or p in words.share_words or _unit_then_share(p, words) for p in parts)


def _unit_then_share(part: str, words: Dictionary) -> bool:
    return any(part == f"{unit} {share}" for share in words.share_words for unit in words.count_words
               if part.endswith(share))


def type_date(value: Value, year: int) -> Typed:
    """A day as YYYY-MM-DD, day first always; "5/4" is of the campaign's year; 31/4 is none."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool | dt.time | dt.timedelta):
        return UNTYPED
    if isinstance(value, int | float):
        return _serial_date(value)
    return _date_in_text(str(value), year)


@lru_cache(maxsize=8192)
def _date_in_text(value: str, year: int) -> Typed:
    text = unicodedata.normalize("NFKC", clean(value)).casefold().strip(" .;,:").lstrip("'")
    if text in _DASHES:
        return BLANK
    if iso := _ISO.fullmatch(text):
        return _day(iso[3], iso[2], iso[1], year)
    if _PLAIN.fullmatch(text):
        return _serial_date(int(text))
    text = _DATE_SUFFIX.sub("", _DATE_PREFIX.sub("", text))
    if written := _WORDS.fullmatch(text):
        return _day(written[1], written[2], written[3], year)
    if separated := _SEPARATED.fullmatch(text):
        return _day(separated[1], separated[3], separated[4], year)
    if named := _NAMED.fullmatch(text):
        return _day(named[1], named[2] or str(_MONTHS.index(named[3]) + 1), named[4], year)
    return UNTYPED


def _serial_date(number: float) -> Typed:
    if not _SERIAL.start <= number < _SERIAL.stop:
        return UNTYPED
    return (_EXCEL_EPOCH + dt.timedelta(days=int(number))).isoformat()


def _day(day: str, month: str, year: str | None, campaign_year: int) -> Typed:
    full_year = campaign_year if year is None else int(year) + (2000 if len(year) == 2 else 0)
    try:
        return dt.date(full_year, int(month), int(day)).isoformat()
    except ValueError:
        return UNTYPED


def type_mark(value: Value, words: Dictionary) -> Typed:
    """Yes as "true", no as "false"; any other text is UNTYPED."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return {1: "true", 0: "false"}.get(value, UNTYPED)
    return _mark_in_text(str(value), words)


@lru_cache(maxsize=1024)
def _mark_in_text(value: str, words: Dictionary) -> Typed:
    text = unicodedata.normalize("NFKC", clean(value)).casefold().strip(" .;")
    if text in words.yes_marks:
        return "true"
    return "false" if text in words.no_marks or not text else UNTYPED


def raw_text(value: Value) -> str:
    """The value as it stands in the file: a whole number without its fraction, a date as YYYY-MM-DD."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
