"""Where a night is published: the newest in the live places, any other beside them.

`warehouse.duckdb` and `feedback/` always report the newest moment. A night of an earlier one, run
for the first time or again, writes its warehouse and feedback into its own folder of reports.
"""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from flows.home.layout import Home
from sources.nights import NightLog
from warehouse.published_folder import RECORD, PublishedFolder
from warehouse.reports.documents import DOCUMENTS, Document


@dataclass(frozen=True)
class NightPlaces:
    """Where the files of one night are put.

    reports    the folder of its report and the other files for people
    folder     the home, or of a past night `reports`: where its warehouse and its folders are
    is_newest  whether no later moment is published: then warehouse and feedback are the live ones
    """

    reports: Path
    folder: Path
    is_newest: bool

    @property
    def warehouse(self) -> Path:
        """The published warehouse."""
        return Home(self.folder).warehouse

    @property
    def feedback(self) -> Path:
        """A folder per unit with what to correct."""
        return Home(self.folder).feedback

    def place_of(self, document: Document) -> Path:
        """Where a document of the night is published."""
        return (self.folder if document.is_folder else self.reports) / document.file_name


def places_of_night(home: Home, as_of: dt.datetime) -> NightPlaces:
    """The places of the night of that moment, in the campaign's zone; before it is published and
    after.

    A home without a readable warehouse, or with one of a night that was withdrawn, takes any moment
    as its newest. Raises LedgerError where the record of nights is damaged.
    """
    nights = NightLog(home.folder)
    newest = published_moment(home.warehouse)
    if newest in {night.as_of for night in nights.withdrawn} - set(nights.moments):
        newest = None
    if newest is None or as_of >= newest:
        return NightPlaces(home.reports(as_of), home.folder, True)
    folder = _past_folder(home, as_of, [*nights.moments, newest])
    return NightPlaces(folder, folder, False)


def published_moment(warehouse: Path) -> dt.datetime | None:
    """The moment that a published warehouse reports; None where there is none that can be read."""
    if not warehouse.is_file():
        return None
    import duckdb  # a quarter of a second: not for a home that has nothing to ask

    from warehouse.ask import open_warehouse

    try:
        with open_warehouse(warehouse) as con:
            moments = con.execute("SELECT as_of FROM night").fetchall()
    except duckdb.Error:
        return None
    return moments[0][0] if moments else None


def warehouse_of(home: Home, as_of: dt.datetime) -> Path | None:
    """The published warehouse of exactly that moment, live or beside; None where there is none."""
    folders = (home.folder, home.reports(as_of), _moment_folder(home, as_of))
    paths = (folder / home.warehouse.name for folder in folders)
    return next((path for path in paths if published_moment(path) == as_of), None)


def clear_places_of_past(places: NightPlaces) -> None:
    """Removes what an earlier night of that day left beside the reports that are now the newest; what
    a person has changed there stays."""
    if not places.is_newest:
        return
    past = NightPlaces(places.reports, places.reports, False)
    past.warehouse.unlink(missing_ok=True)
    for document in DOCUMENTS:
        if document.is_folder and (place := past.place_of(document)).is_dir():
            folder = PublishedFolder(place)
            folder.publish({}, folder.names())
            if not any(path.is_file() and path.name != RECORD for path in place.rglob("*")):
                shutil.rmtree(place)


def _past_folder(home: Home, as_of: dt.datetime, known: list[dt.datetime]) -> Path:
    """The day's folder, which is its last night's; an earlier night of the day has one of its own."""
    on_that_day = (m for m in known if m.astimezone(as_of.tzinfo).date() == as_of.date())
    if max(on_that_day, default=as_of) > as_of:
        return _moment_folder(home, as_of)
    return home.reports(as_of)


def _moment_folder(home: Home, as_of: dt.datetime) -> Path:
    day = home.reports(as_of)
    return day.with_name(f"{day.name}T{as_of:%H%M%S}")
