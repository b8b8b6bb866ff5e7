"""Days and moments as people type them, and as browsers send those that were picked."""

from __future__ import annotations

import datetime as dt

from flows.desk.guard import Refusal
from sources.campaigns import YEARS

_MOMENTS = ("%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y")


def typed_moment(text: str, zone: dt.tzinfo) -> dt.datetime:
    """The moment of `18/04/2022 08:00`, or of ISO 8601; in the zone where it names none. Raises
    Refusal."""
    moment = _parsed(text, zone)
    if moment is None:
        raise Refusal(f"“{text}” không phải thời điểm; ghi như 18/04/2022 08:00.")
    if moment.year not in YEARS:
        raise Refusal(f"“{text}”: năm phải từ {YEARS[0]} đến {YEARS[-1]}.")
    return moment


def typed_day(text: str) -> str:
    """The day in ISO 8601 where it was typed as `18/04/2022`; any other text as it is."""
    try:
        return dt.datetime.strptime(text, "%d/%m/%Y").replace(tzinfo=dt.UTC).date().isoformat()
    except ValueError:
        return text


def _parsed(text: str, zone: dt.tzinfo) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        for form in _MOMENTS:
            try:
                return dt.datetime.strptime(text, form).replace(tzinfo=zone)
            except ValueError:
                continue
    return None
