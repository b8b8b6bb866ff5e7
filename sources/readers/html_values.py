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
from sources.readers.number_formats import day_of, is_date, is_named, letters_of

_TOO_NARROW = re.compile(r"#{2,}")
_NUMERIC = re.compile(r"[-+]?[\d.,\s\u00a0']*\d[\d.,\s\u00a0']*")
_NUMBERS = re.compile(r"\d+")
_DATE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
_ESCAPED = re.compile(r"\\(?:(0{0,2}[0-9a-fA-F]{4}) ?|(.))", re.S)
_MAX_JSON = 1_000


def value_behind(cell: etree._Element, shown: str, number_format: str) -> Value:
    """The value that the shown text stands for; None where the text itself is to be read."""
    text = shown.strip()
    number, own_format = _number(cell)
    letters = letters_of(own_format or _unescaped(number_format))
    if not text:
        return None
    if number is None:
        return _month_first(text, letters)
    if _TOO_NARROW.fullmatch(text):
        return day_of(number) if is_date(letters) else _plain(number)
    if is_date(letters) or _DATE.search(text):
        day = day_of(number)
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


def _unescaped(declared: str) -> str:
    """A format as it is, of how a style sheet writes it: `dd\\/mm\\/yyyy`, `\\0022 đ\\0022`."""
    text = declared.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)


def _month_first(text: str, letters: str) -> Value:
    """The day of a text whose format says that the month comes first; None where it says nothing."""
    match = _DATE.fullmatch(text)
    place = letters.find("m")
    if not match or "d" not in letters or not 0 <= place < letters.find("d"):
        return None
    if letters.startswith("y") or is_named(letters):
        return None
    month, day, year = (int(part) for part in match.groups())
    try:
        return dt.date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


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
