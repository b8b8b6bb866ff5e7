"""Nights of a wrong clock or of a moment that had not come, and what they left: the arrivals that
would count only from then on.

They are set right as if those nights had not been: a night that is withdrawn and an arrival that
is recorded again are new lines of their ledgers; none is changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from sources.arrivals import Arrival
from sources.landing import Landing
from sources.nights import NightLog, RecordedNight


def held_up_arrivals(
    landing: Landing, wrong: Sequence[RecordedNight], now: dt.datetime
) -> list[Arrival]:
    """The arrivals whose times are of a wrong night, or have not come, as they are without these
    nights; `now` is by a clock that is right.

    An arrival that only wrong nights missed counts from its receipt. One that others had published
    without counts from the latest of them, as if it had just been copied in.
    """
    moments = {night.as_of for night in wrong if night.as_of > now}
    others = [moment for moment in landing.nights() if moment not in moments]
    return [
        _corrected(arrival, others, moments, now)
        for arrival in landing.known()
        if max(arrival.received_at, arrival.first_seen) > now or arrival.missed_by in moments
    ]


def set_right(
    log: NightLog,
    landing: Landing,
    wrong: Sequence[RecordedNight],
    arrivals: Sequence[Arrival],
    account: str,
    reason: str,
    now: dt.datetime,
) -> None:
    """Withdraws the wrong nights and records the arrivals again, as `held_up_arrivals` has them.

    A night whose moment has come stays, as one that began now: only its start was wrong. Whoever
    calls holds the home. The nights go last: after a crash the same call finds the rest.
    """
    landing.record_again(arrivals)
    for night in wrong:
        if night.as_of <= now:
            log.add(RecordedNight(night.as_of, now))
    log.withdraw(wrong, account, reason, now)


def _corrected(
    arrival: Arrival, nights: Sequence[dt.datetime], wrong: set[dt.datetime], now: dt.datetime
) -> Arrival:
    received, own_time = arrival.received_at, arrival.own_time
    if received > now:
        received, own_time = now, own_time or received
    missed = arrival.missed_by
    if missed in wrong:  # no night before that moment has counted it
        missed = min((night for night in nights if night >= received), default=None)
    seen = min(arrival.first_seen, now) if missed is None else max(nights)
    return replace(
        arrival, received_at=received, own_time=own_time, missed_by=missed, first_seen=seen
    )
