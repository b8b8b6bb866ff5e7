"""Times, names and lists as the sentences of a Party document write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from sources.text import clean
from warehouse.reports.wording import day

MAX_NAMES = 120  # names in one sentence; the annex has them all
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def moment(at: dt.datetime) -> str:
    """The time as in `20 giờ 00 phút ngày 19/4/2022`."""
    return f"{at.hour:02d} giờ {at.minute:02d} phút ngày {day(at)}"


def place_and_date(place: str, at: dt.datetime, dated: dt.date | None = None) -> str:
    """Place and date of a document: `Lục Ngạn, ngày 08 tháng 4 năm 2022`. Without its date the day
    is blank, month and year are those of `at`."""
    day_text = "    " if dated is None else f"{dated.day:02d}"
    shown = dated or at
    month = f"{shown.month:02d}" if shown.month <= 2 else str(shown.month)
    return f"{place}, ngày {day_text} tháng {month} năm {shown.year}"


def in_sentence(name: str, unit_type: str) -> str:
    """A unit's name as it stands inside a sentence: `xã Tân Sơn`, but `Hội Nông dân huyện`."""
    return name if unit_type == "district_org" else name[:1].lower() + name[1:]


def capped(names: Sequence[str]) -> str:
    """The names in one sentence; of more than MAX_NAMES the first, and where the others stand."""
    if len(names) <= MAX_NAMES:
        return ", ".join(names)
    return ", ".join(names[:MAX_NAMES]) + " và các đơn vị khác nêu tại Phụ lục số 1"


def quoted(text: str, max_length: int) -> str:
    """What a unit wrote, on one line and without characters that XML cannot hold; past
    `most_letters` an ellipsis."""
    plain = clean(_CONTROLS.sub("", text))
    return plain if len(plain) <= max_length else plain[:max_length].rstrip() + "…"
