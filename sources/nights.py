"""The nights of a home: `nights.jsonl` remembers each that ran, and which of them no longer counts
as one.

A night that was told as of a moment that had not come, or by a clock that was ahead, stands in the
way of all that arrives before that moment. It is withdrawn by a later line; no line is ever changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources.ledger import Ledger
from sources.text import visible


@dataclass(frozen=True, slots=True)
class RecordedNight:
    """A night that ran: the moment that it reports, and when it began by the clock; both with a
    time zone."""

    as_of: dt.datetime
    started: dt.datetime


class NightLog:
    """The nights of a home, in the order in which they ran. Raises LedgerError where their record is
    damaged.

    nights     those that count
    withdrawn  those that were withdrawn
    """

    def __init__(self, home: Path) -> None:
        self._ledger = Ledger(home / "nights.jsonl")
        self.nights: list[RecordedNight] = []
        self.withdrawn: list[RecordedNight] = []
        for record in self._ledger.records():
            if "withdraws" in record:
                self._withdraw(_night_of_record(record["withdraws"]))
            else:
                self.nights.append(_night_of_record(record))

    @property
    def moments(self) -> list[dt.datetime]:
        """The `as_of` of all nights that count, in the order in which they ran."""
        return [night.as_of for night in self.nights]

    def add(self, night: RecordedNight) -> None:
        """Records a night that ran; returns when it is on the disk."""
        self._ledger.append([_record(night)])
        self.nights.append(night)

    def withdraw(
        self, nights: Iterable[RecordedNight], account: str, reason: str, now: dt.datetime
    ) -> None:
        """Records that these nights no longer count, who says so and why; returns when it is on the
        disk."""
        nights = list(nights)
        about = {
            "recorded_at": now.isoformat(),
            "account": visible(account, line_breaks=False),
            "reason": visible(reason, line_breaks=False),
        }
        self._ledger.append([{"withdraws": _record(night), **about} for night in nights])
        for night in nights:
            self._withdraw(night)

    def _withdraw(self, night: RecordedNight) -> None:
        self.nights = [other for other in self.nights if other != night]
        self.withdrawn.append(night)


def _record(night: RecordedNight) -> dict[str, str]:
    return {"as_of": night.as_of.isoformat(), "started": night.started.isoformat()}


def _night_of_record(record: dict[str, Any]) -> RecordedNight:
    return RecordedNight(
        dt.datetime.fromisoformat(record["as_of"]), dt.datetime.fromisoformat(record["started"])
    )
