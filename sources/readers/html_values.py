"""The number that Excel, LibreOffice and Google keep behind the shown text of a web page's cell.

What a person reads is the shown text. The number counts where both say the same, since it has no
separators to mistake; and where the text says nothing (####), or its day and month may be mistaken.
"""

from __future__ import annotations

import datetime as dt
import json
import re

from lxml import etree

from sources.grids import Value

_TOO_NARROW = re.compile(r"#{2,}")
_NUMERIC = re.compile(r"[-+]?[\d.,\s\u00a0']*\d[\d.,\s\u00a0']*")
_NUMBERS = re.compile(r"\d+")
_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
_DATE_NAMES = ("short date", "general date", "medium date", "long date")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]')
_EPOCH = dt.datetime.combine(dt.date(1899, 12, 30), dt.time())
_LAST_DAY = 2_958_465
_MAX_JSON = 1_000


def value_behind(cell: etree._Element, shown: str, number_format: str) -> Value:
    """The value that the shown text stands for; None where the text itself is to be read."""
    text = shown.strip()
    number, own_format = _number(cell)
    letters = _letters(own_format or number_format)
    is_date = any(mark in letters for mark in "dy") or letters.startswith(_DATE_NAMES)
    if not text:
        return None
    if number is None:
        return _month_first(text, letters)
    if _TOO_NARROW.fullmatch(text):
        return _day(number) if is_date else _plain(number)
    if is_date or _DATE.search(text):
        day = _day(number)
        written = {int(n) for n in _NUMBERS.findall(text) if len(n) < 6}
        agrees = day is not None and {day.day, day.month} <= written
        return day if agrees and day is not None else None
    if _NUMERIC.fullmatch(text) and any(abs(r - number) < 1e-9 for r in _readings(text)):
        return _plain(number)
    return None


def _number(cell: etree._Element) -> tuple[float | None, str]:
    """The number behind the cell, and the format beside it."""
    sheets = cell.get("data-sheets-value")
    if sheets is not None and len(sheets) < _MAX_JSON:
        try:
            found = json.loads(sheets)
            about = json.loads(cell.get("data-sheets-numberformat") or "{}")
            kind, number = found.get("1"), found.get("3")
            own = about.get("2") if isinstance(about, dict) else ""
        except (ValueError, AttributeError, RecursionError):
            return None, ""
        own = own if isinstance(own, str) else ""
        is_number = kind == 3 and isinstance(number, int | float)
        return (_finite(str(number)) if is_number else None), own
    for name in ("x:num", "num", "sdval"):
        value = cell.get(name)
        if value:
            return _finite(value), (cell.get("sdnum") or "").partition(";")[2].partition(";")[2]
    return None, ""


def _finite(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None


def _letters(number_format: str) -> str:
    """A format's own letters, in small ones; not what it quotes."""
    text = number_format.strip().replace("\\", "").lower()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    text = _QUOTED.sub("", text)
    return "" if text in ("general", "standard", "@", "text") else text


def _month_first(text: str, letters: str) -> Value:
    """The day of a text whose format says that the month comes first; None where it says nothing."""
    match = _DATE.fullmatch(text)
    place = letters.find("m")
    if not match or "d" not in letters or not 0 <= place < letters.find("d"):
        return None
    if letters.startswith(("y", *_DATE_NAMES)):
        return None
    month, day, year = (int(part) for part in match.groups())
    try:
        return dt.date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _day(number: float) -> dt.date | dt.datetime | None:
    if not 1 <= number <= _LAST_DAY:
        return None
    moment = _EPOCH + dt.timedelta(days=round(number * 86_400) / 86_400)
    return moment.date() if number.is_integer() else moment.replace(microsecond=0)


def _plain(number: float) -> int | float:
    return int(number) if number.is_integer() else number


def _readings(text: str) -> list[float]:
    """The numbers that a text may be, with a comma or a point before the fraction."""
    bare = re.sub(r"[\s\u00a0']", "", text)
    found = []
    for thousands, decimal in ((".", ","), (",", ".")):
        try:
            found.append(float(bare.replace(thousands, "").replace(decimal, ".")))
        except ValueError:
            continue
    return found
