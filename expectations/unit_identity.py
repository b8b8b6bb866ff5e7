"""The unit of a file by its name or its sender, for files whose content names none (III.4)."""

from __future__ import annotations

from collections.abc import Iterable

from sources.campaigns import Campaign
from sources.unit_names import UnitNames


def identify_units(
    campaign: Campaign, arrivals: Iterable[tuple[str, str, str | None]]
) -> list[tuple[str, str | None, list[str]]]:
    """(submission_id, code by file name, codes by sender) of each (submission_id, file_name,
    sender)."""
    names = UnitNames(campaign.registry, campaign.form.organisations, campaign.campaign.area)
    return [
        (sid, names.in_file_name(file_name), names.of_sender(sender))
        for sid, file_name, sender in arrivals
    ]
