"""What every page of the desk needs: the home, the campaign, accounts, sessions, what checks files and
what runs nights."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from flows.desk.accounts import Accounts
from flows.desk.checker import Checker
from flows.desk.comparisons import Comparisons
from flows.desk.current_campaign import CurrentCampaign
from flows.desk.nights import NightRuns
from flows.desk.page_pictures import PagePictures
from flows.desk.rates import Rate
from flows.desk.record import ActionRecord
from flows.desk.sessions import Sessions
from flows.desk.understood_files import UnderstoodFiles
from flows.home.layout import Home
from sources.arrivals import Arrival
from sources.campaigns import Campaign
from sources.channels import MAX_SIZE_FACTOR
from sources.channels.desk import ADDRESS
from sources.landing import Landing
from warehouse.ask import open_warehouse

ARRIVING = "arriving-"  # how the names of files begin whose upload has not ended
MIN_FREE_BYTES = 64 << 20  # that stay on the disk of the home
SIGN_IN_TRIES, SIGN_IN_SECONDS = 8, 600.0  # wrong passwords of one name
ADDRESS_TRIES = 60  # of one address, which a whole office may share
UPLOADS, UPLOAD_SECONDS = 2000, 3600.0  # files of one account


class Desk:
    """The desk of a home; open it as a context, which starts the checker.

    campaign_folder  the campaign's files, read again where officers have named units since
    inboxes          what a night started here collects from, beside the desk itself
    """

    def __init__(
        self, home: Home, campaign_folder: Path, inboxes: list[str], is_secure: bool = False
    ) -> None:
        self.home, self.campaign_folder, self.is_secure = home, campaign_folder, is_secure
        self.home.desk.mkdir(parents=True, exist_ok=True)
        for left in self.home.desk.glob(f"{ARRIVING}*"):
            left.unlink()  # of an upload that was cut short, and never acknowledged
        self.accounts = Accounts(home.desk)
        self.sessions = Sessions()
        self.record = ActionRecord(home.desk)
        self.checker = Checker(home.folder, campaign_folder)
        self.understood = UnderstoodFiles(campaign_folder)
        self.nights = NightRuns(home, campaign_folder, [ADDRESS, *inboxes])
        self.sign_in_rate = Rate(SIGN_IN_TRIES, SIGN_IN_SECONDS)
        self.address_sign_in_rate = Rate(ADDRESS_TRIES, SIGN_IN_SECONDS)
        self.upload_rate = Rate(UPLOADS, UPLOAD_SECONDS)
        self.page_pictures = PagePictures(home.desk / "pages")
        self.comparisons = Comparisons(home, campaign_folder)
        # held by what holds the home itself: its lock keeps out other processes only
        self.home_work = threading.Lock()
        self.deciding = threading.Lock()  # from a decision's last check to its record
        self._campaign = CurrentCampaign(campaign_folder, home.folder)
        links = self.campaign.unit_links
        self.link_rate = Rate(links.files_per_hour, UPLOAD_SECONDS)
        self.link_address_rate = Rate(links.address_files_per_hour, UPLOAD_SECONDS)

    def __enter__(self) -> Desk:
        self.checker.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self.checker.__exit__(*error)
        self.understood.close()

    @property
    def campaign(self) -> Campaign:
        """The campaign, with what officers have named by now; read again where a file of it has
        changed since."""
        return self._campaign.campaign()

    @property
    def max_file_bytes(self) -> int:
        """Of a larger file nothing lands."""
        return MAX_SIZE_FACTOR * self.campaign.limits.file_bytes

    def has_space(self, size: int) -> bool:
        """Whether a file of so many bytes leaves enough of the home's disk free."""
        return shutil.disk_usage(self.home.folder).free >= size + MIN_FREE_BYTES

    @property
    def has_night(self) -> bool:
        """Whether a night has published a warehouse."""
        return self.home.warehouse.is_file()

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The published warehouse, read-only. Raises duckdb.Error where there is none."""
        with open_warehouse(self.home.warehouse) as con:
            yield con

    def last_night(self) -> dt.datetime | None:
        """The moment that the published warehouse tells, in the campaign's zone; None without one."""
        if not self.has_night:
            return None
        with self.warehouse() as con:
            ((as_of,),) = con.execute("SELECT as_of FROM night").fetchall()
        moment: dt.datetime = as_of.astimezone(self.campaign.zone)
        return moment

    def new_files(self) -> list[Arrival]:
        """What has landed and no published night has counted, the newest first."""
        arrivals = Landing(self.home.folder).known()
        if self.has_night:
            with self.warehouse() as con:
                rows = con.execute("SELECT submission_id FROM submission").fetchall()
            counted = {submission for (submission,) in rows}
            arrivals = [a for a in arrivals if a.submission_id not in counted]
        return sorted(arrivals, key=lambda a: a.first_seen, reverse=True)
