"""What the format of a number says: that it is a day, or a share."""

from __future__ import annotations

import datetime as dt
import re

_DATE_NAMES = ("short date", "general date", "medium date", "long date")
_NO_DATE_NAMES = (
    "general",
    "standard",
    "fixed",
    "scientific",
    "currency",
    "euro currency",
    "yes/no",
    "on/off",
    "true/false",
    "text",
    "@",
    "short time",
    "medium time",
    "long time",
)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_EPOCH = dt.datetime.combine(dt.date(1899, 12, 30), dt.time())
_LAST_DAY = 2_958_465


def letters_of(number_format: str) -> str:
    """The format's own letters, in small ones; not what it quotes."""
    text = _QUOTED.sub("", number_format.lower()).strip()
    return "" if text.startswith(_NO_DATE_NAMES) else text


def is_date(letters: str) -> bool:
    """Whether a format shows days."""
    return "d" in letters or "y" in letters


def is_named(letters: str) -> bool:
    """Whether a format leaves the order of day and month to the machine."""
    return letters.startswith(_DATE_NAMES)


def day_of(number: float) -> dt.date | dt.datetime | None:
    """The day that a number is in a cell; None where it is none."""
    if not 1 <= number <= _LAST_DAY:
        return None
    if number.is_integer():
        return (_EPOCH + dt.timedelta(days=number)).date()
    return (_EPOCH + dt.timedelta(seconds=round(number * 86_400))).replace(microsecond=0)
