"""A home holds one campaign: a night of another would take its files for its own reports, and
replace its numbers."""

from __future__ import annotations

from flows.home.layout import Home
from sources.campaigns import Campaign


class HomeTakenError(Exception):
    """The home's last night was of another campaign."""


def check_campaign(home: Home, campaign: Campaign) -> None:
    """Raises HomeTakenError where the published warehouse is of a campaign of another key.

    A home without one, or with one that cannot be read and is about to be replaced, is anybody's.
    """
    if not home.warehouse.is_file():
        return
    import duckdb  # a quarter of a second before the engine starts: not for a home that has nothing to ask

    from warehouse.ask import open_warehouse

    try:
        with open_warehouse(home.warehouse) as con:
            nights = con.execute("SELECT campaign_key, campaign_name FROM night").fetchall()
    except duckdb.Error:
        return
    for key, name in nights:
        if key != campaign.campaign.key:
            raise HomeTakenError(
                f"đang giữ số liệu của {name} (another campaign's home); thêm --campaign của đợt đó, hoặc chọn --home "
                f"mới cho {campaign.campaign.name}"
            )
