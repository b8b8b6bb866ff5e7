"""Landing: what arrived is kept for good before anything reads it: bytes by their SHA-256, and a
record per arrival.

`landed/originals/<aa>/<sha256>` and `landed/arrivals.jsonl` are only ever added to. `nights.jsonl`
(`sources.nights`) remembers the nights that ran, so that a file which turns up later with an older
date is known to have been missed. Only `sources.purged` removes an original; its content is recognised when it
arrives again, and its bytes are not stored again.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import itertools
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sources.arrivals import Arrival, arrival_of_record, record_of_arrival, submission_id
from sources.channels import IncomingFile, SkippedFile
from sources.ledger import Ledger, flush
from sources.nights import NightLog, RecordedNight
from sources.text import visible

if TYPE_CHECKING:
    from filelock import FileLock

_FILES_PER_BATCH = (
    512  # arrivals made safe together: a disk flushes many files at once as fast as a few
)
_FLUSH_THREADS = 16
_BLOCK_BYTES = 1 << 20
HOME_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)  # of the home, not of a file that arrives


@dataclass(slots=True)
class LandingResult:
    """The result of landing: the new arrivals, how many were known already, and the files that were
    skipped."""

    new: list[Arrival] = field(default_factory=list)
    known: int = 0
    skipped: list[SkippedFile] = field(default_factory=list)


class Landing:
    """The landed files of a home; `purged` are the records of purged originals, by SHA-256.

    Raises LedgerError where a record of it is damaged.
    """

    def __init__(self, home: Path) -> None:
        self._originals = home / "landed" / "originals"
        self._originals.mkdir(parents=True, exist_ok=True)
        self._ledger = Ledger(home / "landed" / "arrivals.jsonl")
        self._night_log = NightLog(home)
        self._arrivals = {
            record["submission_id"]: arrival_of_record(record) for record in self._ledger.records()
        }
        self.purged = {
            str(r["sha256"]): r for r in Ledger(home / "landed" / "purged.jsonl").records()
        }
        self._copies = itertools.count(1)
        self._lock_path = home / "landed.lock"

    def land(self, incoming: Iterable[IncomingFile], seen_at: dt.datetime) -> LandingResult:
        """Keep the bytes and the record of every arrival that is new. When it returns, all of them
        are on the disk. A night and the desk may land side by side, a batch at a time."""
        with self._lock():
            for stale in self._originals.glob("*/.incoming-*"):
                stale.unlink()  # a copy that a crash cut short: whoever copies holds the lock
        landed = LandingResult()
        files = iter(incoming)
        while batch := list(itertools.islice(files, _FILES_PER_BATCH)):
            with self._lock():
                self._land_batch(batch, seen_at, landed)
        return landed

    def arrivals(self, as_of: dt.datetime) -> list[Arrival]:
        """All arrivals that a night as of then counts (`known_since`), in the order of receipt,
        name and id."""
        found = (arrival for arrival in self._arrivals.values() if arrival.known_since <= as_of)
        return sorted(found, key=lambda a: (a.received_at, a.file_name, a.submission_id))

    def known(self) -> list[Arrival]:
        """All arrivals, whenever they count from, in the order in which they landed."""
        return list(self._arrivals.values())

    @property
    def file_names(self) -> dict[str, str]:
        """The file's name by submission_id, of all arrivals."""
        return {arrival.submission_id: arrival.file_name for arrival in self._arrivals.values()}

    def contents(self, arrivals: Iterable[Arrival]) -> Iterator[tuple[str, str]]:
        """The SHA-256 and the path of each content of the arrivals, once."""
        for sha256 in dict.fromkeys(arrival.sha256 for arrival in arrivals):
            yield sha256, str(self.original(sha256))

    def origins(self, arrivals: Iterable[Arrival]) -> dict[str, str]:
        """By SHA-256 of the arrivals' contents who sent each first, through which unit's link it came,
        or in which folder of the inbox it lay."""
        found: dict[str, str] = {}
        for arrival in arrivals:
            place = arrival.link_unit_code or arrival.file_name.rpartition("/")[0]
            found.setdefault(arrival.sha256, arrival.sender or f"{arrival.channel} {place}")
        return found

    def original(self, sha256: str) -> Path:
        """Where the bytes of that SHA-256 are kept."""
        return self._originals / sha256[:2] / sha256

    def has_landed(self, file_name: str, received_at: dt.datetime, sha256: str) -> bool:
        """Whether the arrival of that name, time of receipt and content has landed."""
        return submission_id(file_name, received_at, sha256) in self._arrivals

    def record_night(self, as_of: dt.datetime, started: dt.datetime) -> None:
        """Record that a night has read its channels; to be called when all files of it have
        landed."""
        self._night_log.add(RecordedNight(as_of, started))

    def nights(self) -> list[dt.datetime]:
        """The `as_of` of all recorded nights, in the order in which they ran."""
        return self._night_log.moments

    def record_again(self, arrivals: Iterable[Arrival]) -> None:
        """Records arrivals that have landed with other times; of two records of one the later
        counts."""
        again = {arrival.submission_id: arrival for arrival in arrivals}
        with self._lock():
            self._ledger.append([record_of_arrival(arrival) for arrival in again.values()])
        self._arrivals |= again

    def _lock(self) -> FileLock:
        # the processes that read reports need the names here, and no lock
        from filelock import FileLock

        return FileLock(self._lock_path)

    def _land_batch(
        self, batch: list[IncomingFile], seen_at: dt.datetime, landed: LandingResult
    ) -> None:
        new: dict[str, Arrival] = {}
        copies: dict[str, Path] = {}
        for file in batch:
            try:
                arrival = self._read_arrival(file, copies, seen_at)
            except (
                OSError,
                ValueError,
                OverflowError,
            ) as error:  # concerns this one file: the others land
                if isinstance(error, OSError) and error.errno in HOME_ERRNOS:
                    raise
                why = getattr(error, "strerror", None) or error
                landed.skipped.append(SkippedFile(file.file_name, f"gone or unreadable: {why}"))
                continue
            if arrival is None:
                landed.skipped.append(SkippedFile(file.file_name, "still growing"))
            elif arrival.submission_id in self._arrivals or arrival.submission_id in new:
                landed.known += 1
            else:
                new[arrival.submission_id] = arrival
        self._persist(copies)
        self._ledger.append([record_of_arrival(arrival) for arrival in new.values()])
        self._arrivals |= new
        landed.new += new.values()

    def _read_arrival(
        self, file: IncomingFile, copies: dict[str, Path], seen_at: dt.datetime
    ) -> Arrival | None:
        """The file's arrival, its bytes copied where they are new; None where it changed
        meanwhile."""
        sha256, size, copy = self._copied(file, copies)
        if sha256 is None:
            return None
        if copy is not None:
            copies[sha256] = copy
        return self._new_arrival(file, sha256, size, seen_at)

    def _copied(
        self, file: IncomingFile, copies: dict[str, Path]
    ) -> tuple[str | None, int, Path | None]:
        """SHA-256 (None where it changed meanwhile), size, and the copy's temporary name where its
        bytes are new."""
        with file.open() as source:
            first = source.read(_BLOCK_BYTES)
            if len(first) < _BLOCK_BYTES:
                sha256, size, copy = hashlib.sha256(first).hexdigest(), len(first), None
            else:
                sha256, size, copy = self._streamed(source, first, file.size)
        if (file.size is not None and size > file.size) or not file.unchanged():
            _discard(copy)
            return None, 0, None
        if sha256 in copies or sha256 in self.purged or self.original(sha256).exists():
            _discard(copy)
            return sha256, size, None
        if copy is None:
            copy = self._temporary(sha256)
            copy.write_bytes(first)
        return sha256, size, copy

    def _streamed(
        self, source: BinaryIO, block: bytes, max_bytes: int | None
    ) -> tuple[str, int, Path]:
        """The same for a large file, copied block by block since it may not fit into the memory.

        One that grows while it is copied is copied no further than a block past `max_bytes`, its
        size when it was listed.
        """
        digest, size, copy = hashlib.sha256(), 0, self._temporary(f"00-{next(self._copies)}")
        with copy.open("wb") as target:
            while block and (max_bytes is None or size <= max_bytes):
                digest.update(block)
                size += target.write(block)
                block = source.read(_BLOCK_BYTES)
        return digest.hexdigest(), size, copy

    def _temporary(self, name: str) -> Path:
        folder = self._originals / name[:2]
        folder.mkdir(exist_ok=True)
        return folder / f".incoming-{name}"

    def _persist(self, copies: dict[str, Path]) -> None:
        """Flush the copies, give them their names, flush the folders: in this order a crash leaves
        no half file."""
        if not copies:
            return
        folders = {self._originals, *(self.original(sha256).parent for sha256 in copies)}
        for folder in folders:
            folder.mkdir(exist_ok=True)
        with ThreadPoolExecutor(_FLUSH_THREADS) as pool:
            list(pool.map(flush, copies.values()))
            for sha256, copy in copies.items():
                copy.replace(self.original(sha256))
            list(pool.map(flush, folders))

    def _new_arrival(
        self, file: IncomingFile, sha256: str, size: int, seen_at: dt.datetime
    ) -> Arrival:
        """The arrival of a file that has landed. One whose own time comes after this night is received
        now, at the moment of this night or of the latest."""
        nights, received, own_time = self.nights(), file.received_at, None
        missed, first_seen = None, seen_at
        if received > seen_at:
            received, own_time = max([seen_at, *nights]), received
            first_seen = received
        elif missing := [night for night in nights if night >= received]:
            missed, first_seen = min(missing), max(seen_at, *nights)
        return Arrival(
            submission_id(file.file_name, file.received_at, sha256),
            visible(file.file_name, line_breaks=False),
            sha256,
            size,
            received,
            first_seen,
            file.channel,
            _address(file.sender),
            missed,
            file.is_trusted,
            own_time,
            file.link_unit_code,
        )


def _address(sender: str | None) -> str | None:
    """The sender's address alone, of `"Nguyễn Văn A" <a@example.vn>`: nobody's name is kept. None
    where it has none."""
    address = parseaddr(sender or "")[1]
    return visible(address, line_breaks=False) if "@" in address else None


def _discard(copy: Path | None) -> None:
    if copy is not None:
        copy.unlink()
