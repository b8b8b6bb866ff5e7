"""The share of village heads who are Party members, by commune: the campaign's own question (I)."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from warehouse.reports.queries import query

SECTION, HEADS = "info", "village_heads_party"


class HeadShare(NamedTuple):
    """A commune's villages and village heads who are Party members; None: not known, or not
    reported."""

    unit_code: str
    commune: str
    villages: int | None
    heads: int | None

    @property
    def share(self) -> float | None:
        """Heads over villages, from 0 to 1; None where either is not known or there is no
        village."""
        return self.heads / self.villages if self.villages and self.heads is not None else None


def head_shares(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[HeadShare]:
    """All communes, the highest share first, those that are not known last; empty where the form
    does not ask for it.

    The villages are counted by the field that the form names as the limit of the heads.
    """
    form = campaign.form
    if not form.has(SECTION, HEADS) or not (villages := form.field(SECTION, HEADS).limit):
        return []
    rows = con.execute(query("head_shares", villages=villages, heads=HEADS)).fetchall()
    shares = [HeadShare(*row) for row in rows]
    return sorted(shares, key=lambda s: -1 if s.share is None else s.share, reverse=True)
