"""`tonghop backfill`: a night for each day between two dates, the oldest first."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Annotated

import typer

from flows.commands.night import Inbox, MoveTo, Wait
from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    campaign_of_home,
    checked_inboxes,
    wrong_call,
)

MAX_DAYS = 366


def backfill(
    first: Annotated[str, typer.Argument(metavar="FROM", help="The first day, as 2022-04-05.")],
    last: Annotated[str, typer.Argument(metavar="TO", help="The last day, today at the latest.")],
    inbox: Inbox,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    move_to: MoveTo = None,
    wait: Wait = 0,
) -> None:
    """Run the night of each day, its last one or else that of its end (chạy bù từng ngày)."""
    checked_inboxes(inbox, move_to)
    zone = campaign_of_home(home, campaign).zone
    now = dt.datetime.now(zone)
    days = _days(first, last, now.date())
    from flows.home.layout import Home
    from flows.past_nights import resolve_moment

    options = [*(f"--inbox={one}" for one in inbox), f"--home={home}", f"--wait={wait}"]
    options += [f"--campaign={campaign}"] if campaign else []
    options += [f"--move-to={move_to}"] if move_to else []
    for day in days:
        moment = min(resolve_moment(Home(home.resolve()), day.isoformat(), zone), now)
        # in a process of its own: an engine leaves Prefect set to its address
        night = [
            sys.executable,
            "-P",
            "-m",
            "flows.cli",
            "nightly",
            f"--as-of={moment.isoformat()}",
        ]
        if code := subprocess.run([*night, *options]).returncode:
            raise typer.Exit(code)


def _days(first: str, last: str, today: dt.date) -> list[dt.date]:
    """The days from the first to the last; ends the call where they are none."""
    try:
        begin, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    except ValueError:
        wrong_call(f"{first} {last}: ghi ngày như 2022-04-16 (dates)")
    if not begin <= end <= today:
        wrong_call(
            f"{first} {last}: ghi ngày trước rồi đến ngày sau, muộn nhất là hôm nay "
            "(the earlier one first, none in the future)"
        )
    if (end - begin).days >= MAX_DAYS:
        wrong_call(f"{first} {last}: không quá {MAX_DAYS} ngày một lần (too many days)")
    return [begin + dt.timedelta(days=n) for n in range((end - begin).days + 1)]
