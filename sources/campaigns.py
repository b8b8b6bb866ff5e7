"""A campaign: another folder of three files (campaign.toml, form.toml, units.csv) is another
campaign, and no code.

`load_campaign` reads such a folder into frozen models; `DEFAULT_CAMPAIGN` is the folder that comes
with the product.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AwareDatetime,
    Field,
    PositiveInt,
    ValidationError,
    field_validator,
    model_validator,
)

from sources.campaign_checks import Mistake, mistakes, mistakes_of_values
from sources.campaign_defaults import DEFAULTS, DefaultsError, with_defaults
from sources.declared_model import Declared
from sources.form import Form
from sources.own_files import OwnFiles, Severity, digest_with_own_files, read_own_files
from sources.registry import Registry, RegistryError, load_registry

DEFAULT_CAMPAIGN = Path(__file__).parent / "campaign"
FILES = ("campaign.toml", "form.toml", "units.csv")

YEARS = range(2000, 2300)  # of campaigns and their nights: any other is a slip of the pen


class CampaignError(Exception):
    """A campaign's file that cannot be used: which file, which key, and what to do; one problem or
    several."""

    def __init__(self, file: str, *problems: str) -> None:
        super().__init__(f"{file}: {'; '.join(problems)}")
        self.file, self.problems = file, problems

    @property
    def problem(self) -> str:
        """All problems in one line."""
        return "; ".join(self.problems)


class About(Declared):
    """What the campaign is, and when its reports are due."""

    key: str
    name: str
    topic: str
    area: str
    year: int
    time_zone: str
    deadline: AwareDatetime
    legal_basis: str

    @field_validator("deadline")
    @classmethod
    def _is_of_our_time(cls, deadline: dt.datetime) -> dt.datetime:
        if deadline.year not in YEARS:
            raise ValueError(f"the year {deadline.year} is not between {YEARS[0]} and {YEARS[-1]}")
        return deadline

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, OSError, ValueError) as error:
            raise ValueError(
                f'{name!r} is no time zone; write it like "Asia/Ho_Chi_Minh"'
            ) from error
        return name


class Schedule(Declared):
    """When what runs by itself runs, on the clock of the campaign's zone: each night, and reminders
    on their days."""

    nightly: dt.time
    remind: dt.time
    remind_days: tuple[dt.date, ...]

    @field_validator("nightly", "remind", mode="before")
    @classmethod
    def _is_written_as_on_a_clock(cls, value: object) -> object:
        if isinstance(value, str) and not re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", value):
            raise ValueError(f'{value!r} is no time of the day; write it like "22:30"')
        # pydantic takes a number for seconds since midnight
        if not isinstance(value, str | dt.time):
            raise ValueError(f'{value!r} is no time of the day; write it like "22:30"')
        return value

    @field_validator("remind_days")
    @classmethod
    def _are_in_order(cls, days: tuple[dt.date, ...]) -> tuple[dt.date, ...]:
        if list(days) != sorted(set(days)):
            raise ValueError(
                "a day stands twice or before an earlier one; write each once, in order"
            )
        return days


class Target(Declared):
    """What the campaign aims at (I): the share of village heads who are Party members, and which
    document says so, as a sentence names it."""

    heads_share: Annotated[float, Field(gt=0, le=1)]
    source: str


class Window(Declared):
    """The days within which a meeting is to take place, both included (II.4)."""

    first: dt.date
    last: dt.date
    label: str


class Limits(Declared):
    """What reading one file may cost and yield before the file is refused, and what one sender's
    files may together."""

    file_bytes: int = Field(ge=1 << 16, le=1 << 32)
    unpacked_bytes: int = Field(ge=1 << 16, le=1 << 34)
    compression_ratio: int = Field(ge=1)
    archive_members: int = Field(ge=1)
    archive_depth: int = Field(ge=1, le=10)
    cells: int = Field(ge=1)
    rows: int = Field(ge=1)
    sheets: int = Field(ge=1)
    seconds: int = Field(ge=1, le=3600)
    seconds_of_pages: int = Field(ge=1, le=3600)
    memory_bytes: int = Field(ge=1 << 28, le=1 << 40)
    count: PositiveInt
    table_rows: PositiveInt
    findings: PositiveInt
    text_letters: PositiveInt
    unit_files: int = Field(ge=2)
    seconds_per_sender: PositiveInt
    seconds_per_night: PositiveInt

    @model_validator(mode="after")
    def _sums_are_counts(self) -> Limits:
        if self.count * self.table_rows >= 2**31:
            raise ValueError(
                f"count times table_rows ({self.count:,} times {self.table_rows:,}) must be below "
                f"{2**31:,}: a table's sum is a count as well"
            )
        return self


class Senders(Declared):
    """Who may send reports beside each unit's own addresses (units.csv), in channels that know the
    sender."""

    trusted: tuple[str, ...]


class Notices(Declared):
    """Addresses of mails: `sender` as mail programs show it; `officers` get one after each
    night."""

    sender: str = Field(pattern=r"^[^\r\n]*@[^\r\n]*$")
    officers: tuple[str, ...] = ()


class UnitLinks(Declared):
    """The units' own doors at the desk: a link for each unit, off unless the campaign turns them on.

    address                 how units reach the desk (`https://…`); without it no letter bears a link
    files_per_hour          that one link may bring; `address_files_per_hour`: that one network
                            address may bring through all links together
    unit_bytes              that all files of one link may take on the disk
    """

    enabled: bool
    address: str = Field(default="", pattern=r"^$|^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$")
    files_per_hour: PositiveInt
    address_files_per_hour: PositiveInt
    unit_bytes: PositiveInt


class Page(Declared):
    """Paper, margins (mm) and type (pt) of the consolidated report."""

    paper: Literal["A4"]
    top_mm: float
    bottom_mm: float
    left_mm: float
    right_mm: float
    font: str
    body_pt: float
    line_pt: float
    paragraph_gap_pt: float
    first_line_mm: float


class Document(Declared):
    """The consolidated report as a Party document: who issues it, to whom, in which format."""

    format: str
    valid_from: dt.date
    parent: str
    issuer: str
    issuer_name: str
    symbol: str
    place: str
    kind: str
    subject: str
    addressee: str
    signer_title: str
    signer_deputy: bool
    signer_name: str
    recipients: tuple[str, ...]
    page: Page


class IssuedReport(Declared):
    """The report that was issued last (`tonghop issue`).

    folder           its folder below `issued` in the home
    manifest_sha256  the SHA-256 of the folder's manifest
    numbers_digest   stands for the numbers that it prints (warehouse/printed_numbers.py)
    number, dated    as it bears them
    is_current       whether nothing of the officer's part was recorded since
    """

    folder: str
    manifest_sha256: str
    numbers_digest: str
    number: int | None
    dated: dt.date | None
    is_current: bool


class OfficersPart(Declared):
    """What officers have written for the report (sources/officers_part.py); texts by paragraph.

    Number and date are those of the next report: an issued one has taken the earlier ones.
    """

    number: int | None = None
    dated: dt.date | None = None
    signer: str = ""
    title: str = ""
    causes: tuple[str, ...] = ()
    introduction: tuple[str, ...] = ()
    conclusions: tuple[str, ...] = ()
    issued: IssuedReport | None = None


class Campaign(Declared):
    """All that a run needs to know of the campaign: form, registry, windows, severities, limits,
    document."""

    campaign: About
    schedule: Schedule
    windows: dict[str, Window]
    severity: dict[str, Severity]
    limits: Limits
    senders: Senders
    notices: Notices | None = None
    unit_links: UnitLinks
    document: Document
    target: Target | None = None
    form: Form
    registry: Registry
    own: OwnFiles = OwnFiles()
    officers_part: OfficersPart = OfficersPart()
    reading_digest: str
    digest: str

    @cached_property
    def zone(self) -> ZoneInfo:
        """The campaign's time zone."""
        return ZoneInfo(self.campaign.time_zone)


def load_campaign(folder: Path = DEFAULT_CAMPAIGN) -> Campaign:
    """The campaign of a folder with campaign.toml, form.toml, units.csv and, where it has some, own
    files (own_files.py); what the three leave out is as in defaults.toml.

    `reading_digest` is a SHA-256 over the three files and the defaults: what was read under another
    is read again. `digest` is over the own files as well: a warehouse of another is not of the
    campaign as it stands.
    Raises CampaignError with every mistake: its file, its key and what to do.
    """
    campaign, found = checked_campaign(folder)
    if campaign is None or found:
        raise CampaignError(str(folder), *map(str, found))
    return campaign


def checked_campaign(folder: Path) -> tuple[Campaign | None, list[Mistake]]:
    """The campaign of a folder and its mistakes; None for the campaign where a file or a value
    cannot be read."""
    files = [folder / name for name in FILES]
    if missing := [file.name for file in files if not file.is_file()]:
        needed = f"missing in {folder}; a campaign is a folder of {', '.join(FILES)}"
        return None, [Mistake(name, None, needed) for name in missing]
    (about, form), unread = _parsed(*files[:2])
    registry, doubtful = _registry(files[2])
    own, unusable = read_own_files(folder)
    unread += doubtful
    if unread:
        return None, [*unread, *unusable]
    content = b"\0".join(path.read_bytes() for path in (*files, DEFAULTS))
    reading_digest = hashlib.sha256(content).hexdigest()
    try:
        campaign = Campaign.model_validate(
            {
                **with_defaults({**about, "form": form}),
                "own": own,
                "officers_part": OfficersPart(),
                "reading_digest": reading_digest,
                "digest": digest_with_own_files(reading_digest, folder),
                "registry": registry,
            }
        )
    except ValidationError as error:
        return None, [*mistakes_of_values(error, {**about, "form": form}), *unusable]
    except DefaultsError as error:
        return None, [Mistake(*error.place, error.problem), *unusable]
    severity = {**campaign.severity, **own.severities}
    campaign = campaign.model_copy(update={"severity": severity})
    return campaign, [*mistakes(campaign), *unusable]


def _parsed(*files: Path) -> tuple[list[dict[str, Any]], list[Mistake]]:
    """The content of each file, and the mistakes of those that are no TOML."""
    contents, unread = [], []
    for file in files:
        try:
            contents.append(tomllib.loads(file.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            contents.append({})
            unread.append(Mistake(file.name, None, f"{error}; correct that line"))
    return contents, unread


def _registry(file: Path) -> tuple[Registry | None, list[Mistake]]:
    try:
        return load_registry(file), []
    except RegistryError as error:
        return None, [Mistake(file.name, None, problem) for problem in error.problems]
