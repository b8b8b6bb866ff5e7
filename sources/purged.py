"""Originals removed by policy: what was read from them last is kept for good, and the ledger
records what was removed and why.

`landed/purged.jsonl` has a record per content: sha256, size, purged_at, by, reason, kept (the set
under `landed/read/` that holds what was read), read_by (the version of the readers). In this order
a crash loses nothing: the reading is on the disk, then the record, then the original goes. A set
that no record names does not count.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sources.arrivals import Arrival
from sources.campaigns import load_campaign
from sources.children.reading import read_contents
from sources.decisions import Decision, with_names
from sources.landing import Landing
from sources.ledger import Ledger, flush
from sources.staged import StagedStore, load_set, name_of_set, staged_version, write_set

_CONTENTS_PER_SET = 500
_logger = logging.getLogger(__name__)


class StoredReadingMissingError(Exception):
    """What was read from a purged content is not under landed/read/, and cannot be read again."""

    def __init__(self, sha256: str, folder: Path) -> None:
        super().__init__(
            f"the original of {sha256} was purged, and what was read from it is not in {folder}: restore "
            f"{folder} from a backup"
        )
        self.sha256, self.folder = sha256, folder


@dataclass(frozen=True, slots=True)
class PurgeableContent:
    """A content whose original may be removed: its arrivals, all received before the day, and
    whether the ledger records it already."""

    sha256: str
    arrivals: tuple[Arrival, ...]
    recorded: bool

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.arrivals[0].size


@dataclass(frozen=True, slots=True)
class Reason:
    """Who removes originals, when and why."""

    by: str
    at: dt.datetime
    why: str


def purgeable(landing: Landing, before: dt.datetime) -> list[PurgeableContent]:
    """The contents whose every arrival was received before that moment and whose original is still
    there.

    Contents that a purge recorded before a crash cut it short are among them.
    """
    arrivals: dict[str, list[Arrival]] = {}
    for arrival in landing.arrivals(dt.datetime.max.replace(tzinfo=dt.UTC)):
        arrivals.setdefault(arrival.sha256, []).append(arrival)
    return [
        PurgeableContent(sha256, tuple(received), sha256 in landing.purged)
        for sha256, received in arrivals.items()
        if (sha256 in landing.purged or all(a.received_at < before for a in received))
        and landing.original(sha256).exists()
    ]


def purge(
    home: Path,
    landing: Landing,
    contents: Iterable[PurgeableContent],
    reason: Reason,
    campaign_folder: Path,
    decisions: Sequence[Decision] = (),
) -> int:
    """Removes the originals of the contents, each after what was read from it is stored for good;
    returns their number.

    What no night has read with today's readers is read first. The caller must have the home's lock.
    """
    contents = list(contents)
    todo = [c.sha256 for c in contents if not c.recorded]
    _clear_unrecorded(home, landing)
    version = staged_version(with_names(load_campaign(campaign_folder), decisions))
    staged = StagedStore(home, version)
    stage_purged(landing, staged, home)
    known = staged.known()
    unread = [(sha256, str(landing.original(sha256))) for sha256 in todo if sha256 not in known]
    for result in read_contents(unread, campaign_folder, decisions=decisions) if unread else ():
        staged.write(result)
    for start in range(0, len(todo), _CONTENTS_PER_SET):
        batch = todo[start : start + _CONTENTS_PER_SET]
        set_name = _store_reading(home, staged, set(batch), version)
        Ledger(home / "landed" / "purged.jsonl").append(
            {
                "sha256": sha256,
                "size": landing.original(sha256).stat().st_size,
                "purged_at": reason.at.isoformat(),
                "by": reason.by,
                "reason": reason.why,
                "kept": set_name,
                "read_by": version,
            }
            for sha256 in batch
        )
    for content in contents:
        landing.original(content.sha256).unlink(missing_ok=True)
    for folder in {landing.original(content.sha256).parent for content in contents}:
        flush(folder)
    return len(contents)


def stage_purged(landing: Landing, staged: StagedStore, home: Path) -> None:
    """Adds what was read from purged contents to the staged files, where it is missing: later
    nights need it.

    Raises StoredReadingMissingError where it is lost.
    """
    missing = landing.purged.keys() - staged.known()
    by_set: dict[str, set[str]] = {}
    for sha256 in missing:
        by_set.setdefault(str(landing.purged[sha256]["kept"]), set()).add(sha256)
    folder = home / "landed" / "read"
    for set_name, contents in sorted(by_set.items()):
        try:
            tables = load_set(folder, set_name, contents)
        except FileNotFoundError as error:
            raise StoredReadingMissingError(min(contents), folder) from error
        if lost := contents - set(tables["content"]["sha256"].to_pylist()):
            raise StoredReadingMissingError(min(lost), folder)
        staged.add_tables(tables)
    if missing:
        _logger.info(
            "%d contents whose originals were purged are counted by what was read from them before",
            len(missing),
        )


def _clear_unrecorded(home: Path, landing: Landing) -> None:
    """Removes the sets of a purge that a crash cut short before it recorded them: the originals
    are still there."""
    recorded = {str(record["kept"]) for record in landing.purged.values()}
    for path in (home / "landed" / "read").glob("*"):
        if path.suffix != ".parquet" or path.stem.partition("-")[2] not in recorded:
            path.unlink()


def _store_reading(home: Path, staged: StagedStore, contents: set[str], version: str) -> str:
    """Writes what was read from the contents under landed/read/, and returns the set's name when it
    is on the disk."""
    tables = staged.tables(contents)
    if lost := contents - set(tables["content"]["sha256"].to_pylist()):
        raise StoredReadingMissingError(min(lost), home / "staged")
    folder = home / "landed" / "read"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{version}-{name_of_set(tables)}"
    write_set(folder, name, tables, flush)
    flush(folder)
    flush(folder.parent)
    return name
