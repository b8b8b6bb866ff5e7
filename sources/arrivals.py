"""Arrivals: what is known of each file that arrived, and its record in `arrivals.jsonl`."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

_TIMES = ("received_at", "first_seen", "missed_by", "own_time")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One arrival: the same name, time and bytes again are the same arrival.

    submission_id  sixteen hex digits of the SHA-256 of name, time (UTC; its own where it has one) and content
    file_name      as it arrived, but characters that would act where it is shown are written out (`visible`)
    received_at    its time of receipt, with a time zone, as are all times here
    first_seen     as_of of the night that landed it; where nights had missed it, of the latest night by then
    missed_by      as_of of the earliest night that ran at or after received_at and did not see it, else None
    is_trusted     whether only an office's own people could put it there: no sender is checked
    link_unit_code  the unit whose own link brought it: it may send for that unit alone
    own_time       the time that it bears, where that had not come when it was first seen; it then counts as received at
                   the moment of the night that saw it
    """

    submission_id: str
    file_name: str
    sha256: str
    size: int
    received_at: dt.datetime
    first_seen: dt.datetime
    channel: str
    sender: str | None = None
    missed_by: dt.datetime | None = None
    is_trusted: bool = False
    own_time: dt.datetime | None = None
    link_unit_code: str | None = None

    @property
    def known_since(self) -> dt.datetime:
        """The moment from which nights count it: its receipt, unless nights had missed it.

        Those nights stay as they were. Only the latest of them, when it is run again, counts it: a
        night that a crash cut short, or that is run again over a fuller inbox, ends in the same
        warehouse as one that saw all files at once.
        """
        return self.received_at if self.missed_by is None else self.first_seen


def submission_id(file_name: str, received_at: dt.datetime, sha256: str) -> str:
    """The submission_id of an arrival."""
    key = f"{file_name}|{received_at.astimezone(dt.UTC).isoformat()}|{sha256}".encode(
        "utf-8", "backslashreplace"
    )
    return hashlib.sha256(key).hexdigest()[:16]


def record_of_arrival(arrival: Arrival) -> dict[str, object]:
    """The arrival as a record of `arrivals.jsonl`."""
    values = {name: getattr(arrival, name) for name in Arrival.__slots__}
    return values | {name: values[name].isoformat() for name in _TIMES if values[name] is not None}


def arrival_of_record(record: dict[str, Any]) -> Arrival:
    """The arrival of a record of `arrivals.jsonl`."""
    times = {
        name: dt.datetime.fromisoformat(str(record[name]))
        for name in _TIMES
        if record.get(name) is not None
    }
    # Records of 0.2.0 and before lack it: the one channel beside mail was the folder.
    is_trusted = record.get("is_trusted", record["channel"] == "folder")
    return Arrival(**{**record, **times, "is_trusted": is_trusted})
