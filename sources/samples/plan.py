"""Which unit sends what, in which layout and when: the plan of a sample inbox, before anything is
written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from sources.campaigns import Campaign
from sources.registry import Unit
from sources.samples.layouts import LAYOUTS

Fate = Literal["accepted", "late", "returned"]

_LATE_EVERY = 50
_AN_HOUR = dt.timedelta(hours=1)
_FILE_NAMES = ("BC {name}", "bao cao SHCD {name}", "{name} - kết quả sinh hoạt chuyên đề")


@dataclass(frozen=True)
class Planned:
    """One report to be written: whose, how, under which name, when it was received, and what
    becomes of it."""

    unit_code: str
    layout: str
    file_name: str
    received_at: dt.datetime
    fate: Fate


def plan_inbox(
    units: Sequence[Unit], campaign: Campaign, seed: int, layout: str | None, tryout: bool
) -> list[Planned]:
    """The reports of these units, in their order.

    A try-out lacks two communes, has one report returned and one late; otherwise every unit reports
    and one in fifty is late. Layouts go round in turn where none is asked for; tables of district
    organisations are never left out.
    """
    rng = Random(f"{seed}/plan")
    communes = [u.code for u in units if u.reporter == "commune"]
    missing, wrong, late = (
        _unlucky(communes, rng) if tryout else ([], [], communes[_LATE_EVERY - 1 :: _LATE_EVERY])
    )
    planned = []
    for number, unit in enumerate(u for u in units if u.code not in missing):
        fate: Fate = (
            "returned" if unit.code in wrong else "late" if unit.code in late else "accepted"
        )
        kind = "form" if fate == "returned" else layout or _layout(unit, number)
        name = _FILE_NAMES[number % len(_FILE_NAMES)].format(name=unit.name)
        planned.append(
            Planned(
                unit.code,
                kind,
                f"{name}.{LAYOUTS[kind].extension}",
                _received_at(fate, campaign, rng),
                fate,
            )
        )
    return planned


def _unlucky(communes: Sequence[str], rng: Random) -> tuple[list[str], list[str], list[str]]:
    """Who is missing (2), returned (1) and late (1) in a try-out, of as many communes as there
    are."""
    picked = rng.sample(communes, min(4, len(communes)))
    return picked[:2], picked[2:3], picked[3:]


def _layout(unit: Unit, number: int) -> str:
    names = [n for n, kind in LAYOUTS.items() if kind.rows or unit.reporter == "commune"]
    return names[number % len(names)]


def _received_at(fate: Fate, campaign: Campaign, rng: Random) -> dt.datetime:
    """By day: on one of the five days up to the deadline, or on the day after it."""
    deadline = campaign.campaign.deadline.astimezone(campaign.zone)
    last = (deadline - dt.timedelta(seconds=1)).date()
    day = last + dt.timedelta(days=1 if fate == "late" else -rng.randint(0, 4))
    at = dt.datetime.combine(day, dt.time(7), campaign.zone) + dt.timedelta(
        minutes=rng.randint(0, 14 * 60)
    )
    return max(at, deadline + _AN_HOUR) if fate == "late" else min(at, deadline - _AN_HOUR)
