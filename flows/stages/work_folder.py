"""The scratch folder of a night: made when it begins, removed when it ended well."""

from __future__ import annotations

import shutil

from flows.home.campaign import check_campaign
from flows.home.rights import make_private
from flows.night import Night
from sources.campaigns import DEFAULT_CAMPAIGN
from warehouse.campaign_check import refuse_mistakes


def open_work(night: Night) -> bool:
    """Closes the home to others, makes the scratch folder, clears those that killed nights left;
    one night at a time.

    Returns whether it is new: so it is when a run begins, and when one is tried again after another
    night cleared it. Raises HomeTakenError where the home is another campaign's, CampaignError
    where its rules or its SQL cannot be used.
    """
    check_campaign(night.home, night.campaign)
    if night.campaign_folder != DEFAULT_CAMPAIGN:
        refuse_mistakes(night.campaign)
    night.home.work.mkdir(parents=True, exist_ok=True)
    make_private(night.home.folder)
    for left in night.home.work.iterdir():
        if left != night.work:
            shutil.rmtree(left)
    new = not night.work.exists()
    night.work.mkdir(exist_ok=True)
    return new


def clear_work(night: Night) -> None:
    """Removes the scratch folder of a night that ended well."""
    shutil.rmtree(night.work)
