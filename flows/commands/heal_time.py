"""`tonghop heal-time`: nights of a wrong clock are withdrawn, so that what came since counts."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    load_campaign_of,
    open_home,
    wrong_call,
)
from sources.moments import moment_text

if TYPE_CHECKING:
    from flows.home.layout import Home
    from sources.arrivals import Arrival
    from sources.nights import RecordedNight


def heal_time(
    home: HomeOption = HOME,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without it, only what would change is shown.")
    ] = False,
    reason: Annotated[
        str, typer.Option(help="The reason that goes on record (lý do).")
    ] = "đồng hồ hoặc thời điểm chốt khi ấy bị sai",
    campaign: CampaignOption = None,
) -> None:
    """Say that the clock is right now, and withdraw nights that ran at a wrong time (sửa lỗi giờ)."""
    if not (home / "nights.jsonl").is_file():
        wrong_call(f"--home {home}: ở đó chưa có lần tổng hợp nào (no night has run there)")
    zone = load_campaign_of(campaign).zone
    place = open_home(home)
    from flows.home.lock import HomeBusyError, lock_home
    from sources.ledger import LedgerError

    try:
        with lock_home(place.folder):
            wrong, arrivals, now = _heal(place, yes, reason)
    except (HomeBusyError, LedgerError, OSError) as error:
        print(f"tonghop: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    print("\n".join(_lines(place, wrong, arrivals, now, zone, yes)))


def _heal(
    home: Home, yes: bool, reason: str
) -> tuple[list[RecordedNight], list[Arrival], dt.datetime]:
    """Finds what is wrong by the present clock and, with `yes`, sets it right."""
    from flows.clock import TOLERANCE, nights_after, read_clock, remember_clock
    from sources.landing import Landing
    from sources.nights import NightLog
    from sources.wrong_times import held_up_arrivals, set_right

    reading, log, landing = read_clock(), NightLog(home.folder), Landing(home.folder)
    wrong = nights_after(log, reading.now)
    arrivals = held_up_arrivals(landing, wrong, reading.now + TOLERANCE)
    if yes:
        set_right(log, landing, wrong, arrivals, getpass.getuser(), reason, reading.now)
        remember_clock(home, reading)
    return wrong, arrivals, reading.now


def _lines(
    home: Home,
    wrong: list[RecordedNight],
    arrivals: list[Arrival],
    now: dt.datetime,
    zone: dt.tzinfo,
    done: bool,
) -> list[str]:
    def local(moment: dt.datetime) -> str:
        return moment_text(moment, zone)

    verb = "Đã" if done else "Sẽ"
    folders = [home.reports(n.as_of.astimezone(zone)) for n in wrong if n.as_of > now]
    return [
        f"Giờ hiện nay được coi là đúng (the clock is taken as right): {local(now)}.",
        *(
            f"{verb} hủy lần tổng hợp tính đến {local(n.as_of)}, chạy lúc {local(n.started)}."
            for n in wrong
            if n.as_of > now
        ),
        *(
            f"{verb} ghi lại giờ chạy của lần tổng hợp tính đến {local(n.as_of)}."
            for n in wrong
            if n.as_of <= now
        ),
        f"{verb} ghi lại thời điểm của {len(arrivals)} tệp bị các lần ấy giữ lại.",
        *(
            f"Báo cáo của lần ấy vẫn còn ở {folder}, có thể xóa."
            for folder in folders
            if folder.is_dir()
        ),
        "Hãy tổng hợp lại: tonghop nightly." if done else "Thêm --yes để thực hiện.",
    ]
