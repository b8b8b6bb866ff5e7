"""Days as people type them into a cell: `05/4/2022`, `14h00 ngày 05/4`, `ngày 05 tháng 4 năm 2022`,
`05042022`."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from sources.extraction.typed import BLANK, DASHES, UNTYPED, Typed, compatible, without_footnotes
from sources.extraction.vocabulary import Vocabulary
from sources.text import fold

_SEPARATED = re.compile(r"(\d{1,2})\s*([./-])\s*(\d{1,2})(?:\s*\2\s*(\d{4}|\d{2}))?")
_WRITTEN = re.compile(
    r"(?:ngày\s+)?(\d{1,2})\s*[\s/,]\s*tháng\s+(\d{1,2})(?:(?:,?\s+năm\s+|\s*[/.-]\s*)(\d{4}))?"
)
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_COMPACT = re.compile(r"(\d{1,2})(\d{2})(\d{4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPOKEN = (
    "giêng",
    "hai",
    "ba",
    "tư",
    "năm",
    "sáu",
    "bảy",
    "tám",
    "chín",
    "mười",
    "mười một",
    "mười hai",
)
# `05 tháng năm 2022` may lack its month
_SPOKEN_MONTH = "|".join(_SPOKEN).replace("|năm|", "|năm(?= năm)|")
_NAMED = re.compile(  # as a program shows a day: 5-Apr-22, 05-Thg4-2022
    rf"(\d{{1,2}})[-/ ](?:(?:thg|th) ?(\d{{1,2}})|({'|'.join(_MONTHS)})[a-z]{{0,6}}|tháng ({_SPOKEN_MONTH}))"
    r"[-/, ]+(?:năm )?(\d{4}|\d{2})"
)
_ROMAN = re.compile(
    r"(\d{1,2})\s*[./-]\s*(x|ix|iv|v?i{0,3}|xi{1,2})(?:\s*[./-]\s*(\d{4}|\d{2}))?(?!\w)"
)
_ROMAN_MONTHS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_CLOCK = r"\d{1,2}\s*(?:h|giờ|g|:)\s*(?:\d{1,2})?\s*(?:phút|'|p)?"
_PART_OF_DAY = r"(?:buổi\s+)?(?:sáng|trưa|chiều|tối)"
_DAY_OF_WEEK = r"(?:thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|t[2-7](?!\w)|cn(?!\w))"
_PREFIX = re.compile(
    rf"^(?:{_DAY_OF_WEEK}\s*,?\s*|{_PART_OF_DAY}\s*,?\s*|(?:vào|lúc|hồi)\s+|{_CLOCK}\s*,?\s*|ngày\s*:?\s+)+"
)
_SUFFIX = re.compile(
    rf"(?:\s*[,-]?\s*\(?(?:{_PART_OF_DAY}|{_DAY_OF_WEEK})(?:\s+{_DAY_OF_WEEK})?\)?"
    r"|[ ,]+\(?(?:lúc\s+)?\d{1,2}(?:(?::\d{2}){1,2}|\s*(?:h|giờ)\s*(?:\d{2})?\s*(?:phút|')?)\)?)$"
)
_PLACE = re.compile(
    r"[ ,;-]*\(?\s*(?:tại|ở|nhà văn hóa|nhà vh|nvh|hội trường|trụ sở|phòng họp)(?:\s+[^\d()]+)?\)?$"
)
_MAX_DATE_TEXT_LETTERS = 120
_EXCEL_DAY_NUMBERS = range(36526, 73051)  # 2000-01-01 … 2100-01-01 as Excel counts days
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_DAY_IN_TEXT = re.compile(
    r"(?<![\d/])\d{1,2}\s*(?:[/.]|\s+tháng\s+)\s*\d{1,2}(?!\d)|ngày\s+\d{1,2}(?!\d)"
)
_BESIDE = re.compile(r"(.+?)\s*\(\s*(?:tức(?:\s+là)?)?\s*(.+?)\s*\)")


@lru_cache(maxsize=8192)
def date_in_text(value: str, year: int, vocabulary: Vocabulary | None = None) -> Typed:
    """A day as YYYY-MM-DD, day first; BLANK where the text says that there was none; UNTYPED for
    anything else.

    `year` is that of days written without one.
    """
    text = compatible(without_footnotes(value)).casefold().strip(" .;,:").lstrip("'")
    if not set(text) - DASHES - {" "}:
        return BLANK
    if text.isascii() and text.isdigit() and len(text) <= 10:
        return date_of_number(int(text), year) if len(text) != 8 else _compact(text, year)
    if vocabulary is not None and (
        fold(text) in vocabulary.counts.nothing or vocabulary.not_held_notes.begin(text)
    ):
        return BLANK
    if len(text) > _MAX_DATE_TEXT_LETTERS:
        return UNTYPED
    if text[0] == "(" and text[-1] == ")":
        text = text[1:-1].strip()
    typed = _day_in(text, year)
    return (
        _solar_day(text, year, vocabulary) if typed is UNTYPED and vocabulary is not None else typed
    )


def names_a_day(text: str) -> bool:
    """Whether a text about a meeting that did not take place names a day: `Hoãn sang 20/4`."""
    return _DAY_IN_TEXT.search(compatible(text).casefold()) is not None


def date_of_number(number: float, year: int) -> Typed:
    """The day of Excel's serial number, of 5042022 (without separators) and of 5.4 (5 April, kept
    as a number)."""
    if _EXCEL_DAY_NUMBERS.start <= number < _EXCEL_DAY_NUMBERS.stop:
        return (_EXCEL_EPOCH + dt.timedelta(days=int(number))).isoformat()
    if isinstance(number, int):
        return _compact(str(number), year) if len(str(number)) in (7, 8) else UNTYPED
    day, _, month = str(number).partition(".")
    # 5.1 may be 5 January, and 5.10 without its zero
    if not 0 < number < 32 or month in (
        "0",
        "1",
    ):
        return UNTYPED
    return _day(day, month, None, year) if len(month) <= 2 else UNTYPED


def _day_in(text: str, year: int) -> Typed:
    if iso := _ISO.fullmatch(text):
        return _day(iso[3], iso[2], iso[1], year)
    text = _PLACE.sub("", _PREFIX.sub("", text)).strip(" ,")
    for _ in range(2):
        text = _SUFFIX.sub("", text).strip(" ,")
    if written := _WRITTEN.fullmatch(text):
        return _day(written[1], written[2], written[3], year)
    if separated := _SEPARATED.fullmatch(text):
        return _day(separated[1], separated[3], separated[4], year)
    if named := _NAMED.fullmatch(text):
        month = (
            _MONTHS.index(named[3])
            if named[3]
            else _SPOKEN.index(named[4])
            if named[4]
            else int(named[2]) - 1
        )
        return _day(named[1], str(month + 1), named[5], year)
    if (roman := _ROMAN.fullmatch(text)) and roman[2] in _ROMAN_MONTHS:
        return _day(roman[1], str(_ROMAN_MONTHS.index(roman[2]) + 1), roman[3], year)
    return UNTYPED


def _solar_day(text: str, year: int, vocabulary: Vocabulary) -> Typed:
    """The solar day where a lunar one stands beside it: `05/3 ÂL (05/4/2022)`."""
    two_days = _BESIDE.fullmatch(text)
    if two_days is None:
        return UNTYPED
    first, second = two_days[1], two_days[2]
    first_is_lunar, second_is_lunar = (
        vocabulary.lunar_notes.occur_in(first),
        vocabulary.lunar_notes.occur_in(second),
    )
    if first_is_lunar == second_is_lunar:
        return UNTYPED
    return _day_in(second if first_is_lunar else first, year)


def _compact(digits: str, year: int) -> Typed:
    """A day without separators, of the campaign's year alone: eight digits may be many things."""
    found = _COMPACT.fullmatch(digits)
    return _day(found[1], found[2], found[3], year) if found and int(found[3]) == year else UNTYPED


def _day(day: str, month: str, year: str | None, campaign_year: int) -> Typed:
    full_year = campaign_year if year is None else int(year) + (2000 if len(year) == 2 else 0)
    try:
        return dt.date(full_year, int(month), int(day)).isoformat()
    except ValueError:
        return UNTYPED
