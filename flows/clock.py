"""Whether the clock can be believed: a night of a wrong moment is stopped before it lands anything.

A night as of a moment that has not come would keep all that arrives before that moment from ever
counting; one by a clock that went back would not see what has arrived. A clock that is ahead shows
in two ways: it ran faster than the machine did since the last night, or it is half a year later
than that. Who knows better says so with `tonghop heal-time`.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.home.layout import Home
from flows.night import Night
from sources.channels import CLOCK_TOLERANCE_SECONDS
from sources.moments import moment_text
from sources.nights import NightLog, RecordedNight

TOLERANCE = dt.timedelta(seconds=CLOCK_TOLERANCE_SECONDS)
MAX_JUMP = dt.timedelta(days=1)  # a laptop that slept may not count all of it as running
MAX_GAP = dt.timedelta(days=180)  # a campaign lasts weeks; a year that was typed wrong is more
_BOOT, _UPTIME = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/uptime")


class WrongTimeError(Exception):
    """A night's moment or the clock that cannot be right: why, and what to do."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What the clock shows (with a time zone), and how long the machine has run since which start.

    boot, uptime  the system's name of its last start, and the seconds since; None where it has none
    """

    now: dt.datetime
    boot: str | None = None
    uptime: float | None = None


def read_clock() -> ClockReading:
    """What the clock shows at this moment."""
    now = dt.datetime.now(dt.UTC)
    try:
        return ClockReading(now, _BOOT.read_text().strip(), float(_UPTIME.read_text().split()[0]))
    except (OSError, ValueError):  # no Linux, or not all of it
        return ClockReading(now)


def check_clock(night: Night, reading: ClockReading) -> None:
    """Raises WrongTimeError where the night's moment has not come, a recorded night is later than
    the clock, or the clock is ahead; else remembers what it shows.

    To be called by whoever holds the home, also when a run is tried again.
    """
    if night.as_of > reading.now + TOLERANCE:
        raise WrongTimeError(
            f"thời điểm chốt {_local(night.as_of, night)} chưa tới, đồng hồ máy đang là "
            f"{_local(reading.now, night)} (--as-of is in the future, or the clock went back): hãy ghi "
            "thời điểm đã qua, hoặc bỏ --as-of; nếu đồng hồ sai thì chỉnh lại rồi chạy lại"
        )
    if wrong := nights_after(NightLog(night.home.folder), reading.now):
        raise WrongTimeError(_later_night(max(wrong, key=lambda n: n.as_of), night, reading))
    _check_not_ahead(night, reading)
    remember_clock(night.home, reading)


def nights_after(log: NightLog, now: dt.datetime) -> list[RecordedNight]:
    """The nights that count and report, or began at, a moment after `now`."""
    return [night for night in log.nights if max(night.as_of, night.started) > now + TOLERANCE]


def remember_clock(home: Home, reading: ClockReading) -> None:
    """Keeps what the clock showed, to be compared at the next night; raises OSError."""
    values = {**asdict(reading), "now": reading.now.isoformat()}
    home.clock.write_text(json.dumps(values), encoding="utf-8")


def _later_night(found: RecordedNight, night: Night, reading: ClockReading) -> str:
    return (
        f"đã có lần tổng hợp tính đến {_local(found.as_of, night)}, chạy lúc "
        f"{_local(found.started, night)}, muộn hơn đồng hồ máy ({_local(reading.now, night)}) (the clock "
        "went back, or that night had a wrong time). Nếu đồng hồ máy đang sai: chỉnh lại rồi chạy lại. Nếu "
        "đồng hồ đúng: lần ấy sai giờ và tệp đến sau sẽ không được tính; hãy chạy: tonghop heal-time "
        f"--home {night.home.folder}"
    )


def _check_not_ahead(night: Night, reading: ClockReading) -> None:
    """Raises WrongTimeError where the clock has left behind the machine, or all nights so far."""
    last = _remembered(night.home)
    if (
        last
        and last.boot == reading.boot
        and last.uptime is not None
        and reading.uptime is not None
    ):
        ran = dt.timedelta(seconds=reading.uptime - last.uptime)
        if reading.now - last.now - ran > MAX_JUMP:
            raise WrongTimeError(_ahead(last.now, night, reading))
    known = [n.started for n in NightLog(night.home.folder).nights]
    known += [last.now] if last else []
    # a past moment may be run long after: nothing depends on the clock then
    if known and night.as_of - max(known) > MAX_GAP:
        raise WrongTimeError(_ahead(max(known), night, reading))


def _ahead(last: dt.datetime, night: Night, reading: ClockReading) -> str:
    return (
        f"đồng hồ máy đang là {_local(reading.now, night)}, lần trước là {_local(last, night)}: đồng hồ có "
        "thể đã chạy vượt (the clock seems to be ahead). Nếu đồng hồ sai: chỉnh lại rồi chạy lại. Nếu đồng "
        f"hồ đúng: hãy chạy tonghop heal-time --yes --home {night.home.folder}, rồi chạy lại"
    )


def _remembered(home: Home) -> ClockReading | None:
    """What the clock showed at the last night; None where that is not known."""
    try:
        values = json.loads(home.clock.read_text(encoding="utf-8"))
        return ClockReading(**{**values, "now": dt.datetime.fromisoformat(values["now"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it is a help, no record: the next night writes it again


def _local(moment: dt.datetime, night: Night) -> str:
    return moment_text(moment, night.campaign.zone)
