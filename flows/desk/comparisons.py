"""Nights compared for the desk; what two nights of the past differ in does not change, and is kept."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from pathlib import Path

from flows.commands.compare_nights import compare_nights
from flows.home.layout import Home
from sources.campaigns import Campaign
from warehouse.differences import Differences

MAX_KEPT = 20


class Comparisons:
    """The comparisons of a home."""

    def __init__(self, home: Home, campaign_folder: Path) -> None:
        self._home, self._campaign_folder = home, campaign_folder
        self._kept: OrderedDict[tuple[dt.datetime, dt.datetime, str], Differences] = OrderedDict()

    def of(self, moments: tuple[dt.datetime, dt.datetime], campaign: Campaign) -> Differences:
        """What differs between two nights; takes as long as both where it is not kept. Raises as
        `compare_nights`. Whoever calls holds `Desk.home_work`."""
        key = (*moments, campaign.digest)
        if key not in self._kept:
            self._kept[key] = compare_nights(self._home, self._campaign_folder, campaign, moments)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]
