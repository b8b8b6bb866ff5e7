"""The communes as the report's sentences compare them: the highest and the lowest by name, each with
its number of `unit_figure`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from warehouse.reports.party_words import in_sentence
from warehouse.reports.queries import query

MIN_COMPARED = 5  # of fewer communes the highest and the lowest say nothing
MAX_NAMED = 3  # with the same number, or in a list of the highest
MAX_LISTED = 29  # of communes that are below a target or fell


class CommuneValue(NamedTuple):
    """A commune, named as in a sentence, and its number."""

    name: str
    value: float
    printed: str


class Comparison:
    """One figure of all communes of which it is known; each list is text, empty where there is
    nothing to say."""

    def __init__(self, communes: Sequence[CommuneValue]) -> None:
        self._communes = communes

    @property
    def cao(self) -> str:
        """The highest."""
        return self._extreme(highest_first=True)

    @property
    def thap(self) -> str:
        """The lowest."""
        return self._extreme(highest_first=False)

    @property
    def nhieu(self) -> str:
        """The highest few that are above 0: as many as can be named with all that have the same
        number."""
        groups = self._above_0()
        named = groups[:1]
        for same in groups[1:]:
            if sum(map(len, named)) + len(same) > MAX_NAMED:
                break
            named.append(same)
        return ", ".join(map(_named, named))

    @property
    def chi_o(self) -> str:
        """All that are above 0, where they are few or have the same number; else empty."""
        groups = self._above_0()
        if sum(map(len, groups)) > MAX_NAMED and len(groups) > 1:
            return ""
        return ", ".join(map(_named, groups))

    @property
    def giam(self) -> str:
        """Those below 0, the lowest first, without the sign."""
        below = [c for c in self._ordered(highest_first=False) if c.value < 0]
        return _listed([c._replace(printed=c.printed.removeprefix("-")) for c in below])

    def duoi(self, limit: float) -> str:
        """Those below the limit, the lowest first."""
        return _listed([c for c in self._ordered(highest_first=False) if c.value < limit])

    def _above_0(self) -> list[list[CommuneValue]]:
        """Those above 0 by their number, the highest first."""
        above = [c for c in self._ordered(highest_first=True) if c.value > 0]
        return [list(same) for _, same in groupby(above, key=lambda c: c.value)]

    def _ordered(self, highest_first: bool) -> list[CommuneValue]:
        sign = -1 if highest_first else 1
        return sorted(self._communes, key=lambda c: sign * c.value)

    def _extreme(self, highest_first: bool) -> str:
        ordered = self._ordered(highest_first)
        if len(ordered) < MIN_COMPARED or ordered[0].value == ordered[-1].value:
            return ""
        return _named([c for c in ordered if c.value == ordered[0].value])


class Comparisons:
    """The comparisons by the figure's name; one that the campaign does not have is empty."""

    def __init__(self, communes: dict[str, list[CommuneValue]]) -> None:
        self._communes = communes

    def __getitem__(self, figure: str) -> Comparison:
        return Comparison(self._communes.get(figure, []))


def read_comparisons(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Comparisons:
    """All figures of `unit_figure`, communes in the order of the registry."""
    communes: dict[str, list[CommuneValue]] = {}
    for figure, name, kind, value, printed in con.execute(query("unit_figures")).fetchall():
        commune = CommuneValue(in_sentence(name, kind), value, printed)
        communes.setdefault(figure, []).append(commune)
    return Comparisons(communes)


def _named(same: Sequence[CommuneValue]) -> str:
    """Communes with the same number, which stands once."""
    if len(same) > MAX_NAMED:
        return f"{len(same)} xã, thị trấn ({same[0].printed})"
    return f"{', '.join(c.name for c in same)} ({same[0].printed})"


def _listed(communes: Sequence[CommuneValue]) -> str:
    named = ", ".join(f"{c.name} ({c.printed})" for c in communes[:MAX_LISTED])
    return named + (" và các xã khác nêu tại Phụ lục số 3" if len(communes) > MAX_LISTED else "")
