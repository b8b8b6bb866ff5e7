"""Past nights built again, to be compared: their warehouses are in the home's scratch folder, and
nothing is published."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from flows import stages
from flows.home.layout import Home
from flows.home.lock import lock_home
from flows.logs.progress import log_progress
from flows.night import Night, parse_night
from sources.nights import NightLog


@contextlib.contextmanager
def rebuilt_warehouses(
    home: Home, campaign: Path | None, moments: Sequence[dt.datetime], wait: float = 0
) -> Iterator[list[Path]]:
    """The warehouse of each of these moments, made again from what has landed, until the block
    ends.

    Holds the home so long: HomeBusyError where a night still does after `wait` seconds.
    """
    nights = [
        parse_night(
            str(home.landed),
            str(home.folder),
            moment.isoformat(),
            str(campaign) if campaign else None,
            f"again-{number}",
            dt.datetime.now(dt.UTC),
        )
        for number, moment in enumerate(moments)
    ]
    with lock_home(home.folder, wait):
        try:
            for number, night in enumerate(nights, start=1):
                log_progress("again", f"{night.as_of.isoformat()}", number, len(nights))
                shutil.rmtree(night.work, ignore_errors=True)
                night.work.mkdir(parents=True)
                _make(night)
            yield [night.draft for night in nights]
        finally:
            for night in nights:
                shutil.rmtree(night.work, ignore_errors=True)


def resolve_moment(home: Home, when: str, zone: dt.tzinfo) -> dt.datetime:
    """The moment that an ISO 8601 text means: of a date, the last night run on it, else the end of
    that day.

    Raises ValueError for any other text, LedgerError where the home's record of nights is damaged.
    """
    try:
        day = dt.date.fromisoformat(when)
    except ValueError:
        moment = dt.datetime.fromisoformat(when)
        return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    nights_run = (moment.astimezone(zone) for moment in NightLog(home.folder).moments)
    return max(
        (moment for moment in nights_run if moment.date() == day),
        default=dt.datetime.combine(day, dt.time(23, 59, 59), zone),
    )


def _make(night: Night) -> None:
    if chunks := stages.list_unread(night):
        # one server a moment, not one for all: its decisions, which name units, are the moment's
        with stages.start_reading(night) as server:
            for number, chunk in enumerate(chunks, start=1):
                stages.read(night, number, chunk, sum(map(len, chunks)), server)
    stages.validate(night)
    stages.build(night)
