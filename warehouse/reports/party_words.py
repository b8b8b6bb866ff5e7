"""Dates, times, names and lists as a Party document writes them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

MOST_NAMED = 120                # names in one sentence; the annex has them all
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def day(moment: dt.datetime) -> str:
    """The day as in `ngày 18/4/2022`: a zero before months 1 and 2 and days below 10, so that none can be altered."""
    return f"{moment.day:02d}/{_month(moment)}/{moment.year}"


def moment(at: dt.datetime) -> str:
    """The time as in `20 giờ 00 ngày 19/4/2022`."""
    return f"{at.hour:02d} giờ {at.minute:02d} ngày {day(at)}"


def place_and_date(place: str, at: dt.datetime) -> str:
    """Place and date of a document that is not issued yet: its day is blank."""
    return f"{place}, ngày      tháng {_month(at)} năm {at.year}"


def capped(names: Sequence[str]) -> str:
    """The names in one sentence; of more than MOST_NAMED the first, and where the others stand."""
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return ", ".join(names[:MOST_NAMED]) + " và các đơn vị khác nêu tại Phụ lục số 1"


def without_controls(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return _CONTROLS.sub("", text)


def _month(at: dt.datetime) -> str:
    return f"{at.month:02d}" if at.month <= 2 else str(at.month)
