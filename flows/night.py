"""Which night this is: the inboxes, the home, the moment up to which reports count, and the
campaign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from flows.home.layout import Home
from sources.campaigns import DEFAULT_CAMPAIGN, Campaign, load_campaign
from sources.channels import canonical_inboxes
from sources.decisions import Decision, DecisionLog, with_names


class Night:
    """One run of the night. Pickles as a tuple of inboxes and five plain values: Prefect knows a
    retry by it.

    An inbox is the path of a folder or the address of a mailbox. `as_of` is in the campaign's zone;
    `run` names the run and its scratch folder, so that a retried run finds what its finished tasks
    left there.
    """

    def __init__(
        self, inboxes: Sequence[str], home: str, as_of: str, campaign: str, run: str, started: str
    ) -> None:
        self.inboxes, self.campaign_folder, self.run = tuple(inboxes), Path(campaign), run
        self.home = Home(Path(home))
        self._as_of, self._started = as_of, started

    def __reduce__(self) -> tuple[type[Night], tuple[object, ...]]:
        return Night, (
            self.inboxes,
            str(self.home.folder),
            self._as_of,
            str(self.campaign_folder),
            self.run,
            self._started,
        )

    def with_run(self, run: str) -> Night:
        """The same night under another name, and so with a scratch folder of its own."""
        return Night(
            self.inboxes,
            str(self.home.folder),
            self._as_of,
            str(self.campaign_folder),
            run,
            self._started,
        )

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign, loaded once, its units as officers have named them by `as_of`. Raises
        CampaignError."""
        return with_names(load_campaign(self.campaign_folder), self.decisions)

    @cached_property
    def decisions(self) -> list[Decision]:
        """What officers had decided by `as_of`. Raises LedgerError where the record is damaged."""
        return DecisionLog(self.home.folder).recorded(self.as_of)

    @cached_property
    def as_of(self) -> dt.datetime:
        """The moment up to which reports count, in the campaign's zone."""
        return dt.datetime.fromisoformat(self._as_of).astimezone(
            load_campaign(self.campaign_folder).zone
        )

    @property
    def started(self) -> dt.datetime:
        """When this run began, on which no number depends."""
        return dt.datetime.fromisoformat(self._started)

    @property
    def work(self) -> Path:
        """The scratch folder of this run."""
        return self.home.work / self.run

    @property
    def database(self) -> Path:
        """The working database, where facts become batches, findings and verdicts."""
        return self.work / "night.duckdb"

    @property
    def draft(self) -> Path:
        """The warehouse while it is not yet published."""
        return self.work / "warehouse.duckdb"


def parse_night(
    inbox: str | Sequence[str],
    home: str,
    as_of: str | None,
    campaign: str | None,
    run: str,
    now: dt.datetime,
) -> Night:
    """The night of these parameters: one inbox or several; `as_of` in ISO 8601, without a zone in
    the campaign's.

    Raises ValueError for an `as_of` that is no moment and for no inbox at all, InboxAddressError
    for an address that cannot be used, CampaignError for a campaign that cannot be used.
    """
    folder = Path(campaign).resolve() if campaign else DEFAULT_CAMPAIGN
    zone = load_campaign(folder).zone
    moment = dt.datetime.fromisoformat(as_of) if as_of else now
    moment = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    return Night(
        _inboxes(inbox),
        str(Path(home).resolve()),
        moment.isoformat(),
        str(folder),
        run,
        now.isoformat(),
    )


def _inboxes(inbox: str | Sequence[str]) -> list[str]:
    """Each inbox once, folders by their whole path; the address of a mailbox is kept only if it
    holds no password."""
    inboxes = [inbox] if isinstance(inbox, str) else inbox
    if not inboxes:
        raise ValueError("no inbox: give at least one, or the numbers would lack every file")
    return canonical_inboxes(inboxes)
