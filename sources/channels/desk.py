"""The desk's own channel, `desk://`: files that officers and units brought through a browser.

They have landed before the desk acknowledged them (`sources.brought_files`), so there is nothing to
collect: a night that is given this inbox needs no other one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from sources.campaigns import Campaign
from sources.channels import Delivery, HasLanded, InboxAddressError
from sources.landing import Landing

ADDRESS = "desk://"
OFFICER, UNIT_LINK = "desk", "unit-link"  # the channel of an arrival


def open_inbox(inbox: str, home: Path, campaign: Campaign, has_landed: HasLanded) -> DeskChannel:
    """The channel of the desk of that home."""
    return DeskChannel(home)


def canonical(inboxes: Sequence[str]) -> list[str]:
    """The address itself. Raises InboxAddressError where something follows it."""
    for inbox in inboxes:
        if inbox.lower() != ADDRESS:
            raise InboxAddressError(
                f"{inbox}: ghi {ADDRESS} (the desk's inbox is called just that)"
            )
    return [ADDRESS for _ in inboxes]


class DeskChannel:
    """What was brought through the desk of a home."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def deliveries(self, as_of: dt.datetime) -> Iterator[Delivery]:
        """One delivery without files: all have landed."""
        brought = sum(
            arrival.channel in (OFFICER, UNIT_LINK) and arrival.known_since <= as_of
            for arrival in Landing(self._home).known()
        )
        yield Delivery([], [], lambda skipped: None, landed_before=brought)
