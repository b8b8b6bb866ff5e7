"""Two nights compared, whoever asks for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flows.home.layout import Home
from flows.past_nights import rebuilt_warehouses, resolve_moment
from flows.problems import Problem
from sources.campaigns import YEARS, Campaign
from warehouse.differences import Differences, differences


class NotComparableError(ValueError):
    """Two texts that name no two moments in their order: `problem` says what to do."""

    def __init__(self, sentence: str, command: str) -> None:
        self.problem = Problem(sentence, command)
        super().__init__(command)


def moments_to_compare(
    home: Home, first: str, second: str, zone: dt.tzinfo
) -> tuple[dt.datetime, dt.datetime]:
    """The moments that the texts mean (`resolve_moment`). Raises NotComparableError; LedgerError
    where the home's record of nights is damaged."""
    named = f"{first} {second}"
    try:
        old, new = (resolve_moment(home, when, zone) for when in (first, second))
        if old.year not in YEARS or new.year not in YEARS:
            raise ValueError
    except (ValueError, OverflowError):
        raise NotComparableError(
            f"{named}: không phải hai thời điểm; chọn hai lần tổng hợp",
            f"{named}: ghi ngày như 2022-04-16, hoặc thời điểm như 2022-04-16T20:00 (dates or moments)",
        ) from None
    if old > new:
        raise NotComparableError(
            "lần trước phải sớm hơn lần sau; đổi chỗ hai lần",
            f"{named}: ghi ngày trước rồi đến ngày sau (the earlier one first)",
        )
    return old, new


def compare_nights(
    home: Home,
    campaign_folder: Path | None,
    campaign: Campaign,
    moments: tuple[dt.datetime, dt.datetime],
    wait: float = 0,
) -> Differences:
    """What differs between the two moments, whose nights are made again for it. Raises
    HomeBusyError where a night holds the home after `wait` seconds; LedgerError, ReadingError,
    OSError."""
    with rebuilt_warehouses(home, campaign_folder, moments, wait) as (old, new):
        return differences(old, new, campaign)
