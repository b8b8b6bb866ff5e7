"""The columns of numbers in the page's table of units: what each unit gave to the figures that have
a heading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sources.campaigns import Campaign
from warehouse.figures import load_figures
from warehouse.numbers_vi import count
from warehouse.reports.contributions import Contributions
from warehouse.reports.totals import Total


@dataclass(frozen=True)
class KeyNumber:
    """A column: the figure, its heading, each unit's part and, where there is one, part of the
    whole."""

    figure: str
    heading: str
    parts: Mapping[str, int]
    wholes: Mapping[str, int]

    @cached_property
    def cells(self) -> Mapping[str, str]:
        """By unit its number, as 17/18 or 17; empty of units that gave none."""
        return defaultdict(
            str,
            {code: self._cell(part, self.wholes.get(code)) for code, part in self.parts.items()},
        )

    @property
    def total(self) -> str:
        """The sum of the column: of all units, also of those that lack one number of the share."""
        return self._cell(sum(self.parts.values()), sum(self.wholes.values()) or None)

    @staticmethod
    def _cell(part: int, whole: int | None) -> str:
        return count(part) if whole is None else f"{count(part)}/{count(whole)}"


def key_numbers(
    campaign: Campaign, page_totals: list[Total], parts: Mapping[str, Contributions]
) -> list[KeyNumber]:
    """The columns, in the order of figures.toml: figures with a heading."""
    totals = {t.figure: t for t in page_totals}
    return [
        KeyNumber(
            f.name,
            f.heading,
            parts[f.name].by_unit,
            parts[t.whole_figure].by_unit if t.whole_figure in parts else {},
        )
        for f in load_figures(campaign)
        if f.heading and f.name in parts and (t := totals.get(f.name))
    ]
