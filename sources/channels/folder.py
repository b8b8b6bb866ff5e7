"""A folder, with its subfolders, as an inbox. It is only ever read.

Whoever may send may also swap what lies there at any moment: `seen_files.py` opens what was seen,
and nothing else.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sources.campaigns import Campaign
from sources.channels import (
    MAX_SIZE_FACTOR,
    Delivery,
    HasLanded,
    IncomingFile,
    SkippedFile,
    has_not_come,
)
from sources.channels.seen_files import (
    FileSnapshot,
    NoFileError,
    folder_below,
    place_of_link,
    root_of,
    snapshot,
    snapshot_of,
)
from sources.grids import TOO_LARGE_NOTE
from sources.text import visible

_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download")
_SYSTEM = ("thumbs.db", "desktop.ini")
_FRESH_SECONDS = 10  # a file written less than this ago may still be growing
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# in any time zone
_FIRST, _LAST = (
    dt.datetime(2, 1, 1, tzinfo=dt.UTC),
    dt.datetime(9998, 12, 31, tzinfo=dt.UTC),
)
_MAX_PATH_BYTES = 2_048  # bytes below the inbox; Windows allows 260 letters

_logger = logging.getLogger(__name__)


class InboxEmptiedError(Exception):
    """The inbox was emptied or unmounted while its files landed.

    Not an OSError, after which the inbox is listed again at once: it would look like one without
    new files, and the night would succeed.
    """


def open_inbox(inbox: str, home: Path, campaign: Campaign, has_landed: HasLanded) -> FolderChannel:
    """The channel of a folder's path."""
    return FolderChannel(Path(inbox), max_bytes=MAX_SIZE_FACTOR * campaign.limits.file_bytes)


def canonical(inboxes: Sequence[str]) -> list[str]:
    """The folders by their whole paths."""
    return [str(Path(inbox).resolve()) for inbox in inboxes]


@dataclass(frozen=True, slots=True)
class FolderChannel:
    """An inbox folder. `clock` and `wait` (seconds) find files that are still being written; tests
    pass their own.

    max_bytes  for a larger file a note lands, which its reader refuses; None: no limit
    """

    path: Path
    clock: Callable[[], float] = time.time
    wait: Callable[[float], None] = time.sleep
    max_bytes: int | None = None

    def deliveries(self, as_of: dt.datetime) -> Iterator[Delivery]:
        """All files of the folder in one delivery. Confirming it raises OSError or
        InboxEmptiedError where the inbox went away while its files landed.
        """
        incoming, skipped = self.scan(as_of)
        yield Delivery(incoming, skipped, self._check_still_there)

    def scan(self, as_of: dt.datetime) -> tuple[list[IncomingFile], list[SkippedFile]]:
        """The files received by `as_of`, by name, and the files that were skipped and why.

        A file's modification time is its time of receipt. One whose time has not come by the clock
        lies there all the same: landing settles when it was received. Raises OSError where the folder itself
        cannot be read.
        """
        root = root_of(self.path)
        with os.scandir(root):
            pass  # a missing inbox stops the night; a subfolder that cannot be read is left alone
        skipped: list[SkippedFile] = []
        found = [file for file in _walk(root, skipped) if self._is_in_time(file, as_of, skipped)]
        incoming = [self._incoming(file) for file in self._unchanging(found, skipped)]
        return sorted(incoming, key=lambda i: i.file_name), sorted(
            skipped, key=lambda file: file.file_name
        )

    def _is_in_time(
        self, file: FileSnapshot, as_of: dt.datetime, skipped: list[SkippedFile]
    ) -> bool:
        """Whether it lay there by `as_of`, as far as its time can be believed."""
        try:
            moment = _moment(file)
        except OverflowError:
            skipped.append(
                SkippedFile(
                    _name(file.path),
                    "its time of change is in no year of the calendar: set the file's "
                    "time to when it came",
                )
            )
            return False
        return moment <= as_of or has_not_come(moment, self.clock)

    def _incoming(self, file: FileSnapshot) -> IncomingFile:
        name, moment = _name(file.path), _moment(file)
        if self.max_bytes is None or file.size <= self.max_bytes:
            return _file(name, moment, file.open, file.is_unchanged, file.size)
        _logger.info(
            "%s is not copied, a note stands for it: it has %d bytes",
            visible(name, line_breaks=False),
            file.size,
        )
        note = TOO_LARGE_NOTE + json.dumps({"bytes": file.size}).encode()
        return _file(name, moment, partial(io.BytesIO, note), file.is_unchanged, len(note))

    def _check_still_there(self, skipped: list[SkippedFile]) -> None:
        if not skipped:
            return
        with os.scandir(self.path) as entries:
            if next(entries, None) is None:
                raise InboxEmptiedError(
                    f"the inbox {self.path} was emptied or unmounted while it was read: restore it, "
                    "run the night again; what had landed is kept"
                )

    def _unchanging(
        self, files: list[FileSnapshot], skipped: list[SkippedFile]
    ) -> list[FileSnapshot]:
        """The files that did not change between two looks; only fresh ones are waited for."""
        now = self.clock()
        fresh = {file for file in files if file.mtime_ns / 1e9 > now - _FRESH_SECONDS}
        if not fresh:
            return files
        self.wait(1.0)
        growing = {file for file in fresh if not file.is_unchanged()}
        skipped += [SkippedFile(_name(file.path), "still growing") for file in growing]
        return [file for file in files if file not in growing]


def _file(
    name: str,
    received_at: dt.datetime,
    open_it: Callable[[], BinaryIO],
    unchanged: Callable[[], bool],
    size: int,
) -> IncomingFile:
    return IncomingFile(name, received_at, "folder", open_it, unchanged, size=size, is_trusted=True)


def _walk(root: str, skipped: list[SkippedFile]) -> Iterator[FileSnapshot]:
    """All files below the inbox, however deep. An entry that cannot be looked at is left alone, and
    costs no other."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with folder_below(root, folder) as opened:
                for entry in list(os.scandir(opened)):
                    yield from _files_of_entry(root, folder, entry.name, opened, folders, skipped)
        except OSError as error:
            skipped.append(SkippedFile(_name(folder), f"cannot be read: {_error_text(error)}"))


def _files_of_entry(
    root: str,
    folder: str,
    name: str,
    opened: int,
    folders: list[str],
    skipped: list[SkippedFile],
) -> Iterator[FileSnapshot]:
    """The entry where it is a file; a folder is put among `folders`, all else is left alone."""
    path = f"{folder}/{name}" if folder else name
    try:
        if reason := litter_reason(name) or _reason_by_path(path):
            raise NoFileError(reason)
        about = os.stat(name, dir_fd=opened, follow_symlinks=False)
        if stat.S_ISDIR(about.st_mode):
            folders.append(path)
        elif stat.S_ISLNK(about.st_mode):
            yield snapshot(root, path, place_of_link(root, path))
        elif not os.access(name, os.R_OK, dir_fd=opened):
            raise NoFileError("cannot be read: no permission")
        else:
            yield snapshot_of(root, path, path, about)
    except (NoFileError, OSError, ValueError) as error:
        reason = (
            str(error)
            if isinstance(error, NoFileError)
            else f"cannot be read: {_error_text(error)}"
        )
        skipped.append(SkippedFile(_name(path), reason))


def _error_text(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error)


def _reason_by_path(path: str) -> str | None:
    return "its path is too long" if len(os.fsencode(path)) > _MAX_PATH_BYTES else None


def litter_reason(name: str) -> str | None:
    """What a file of that name is that is no report: what Office, a browser or a system leaves in a
    folder; None for any other."""
    low = name.lower()
    if low.startswith("~$"):
        return "an Office lock file"
    if low.startswith("."):
        return "hidden"
    if low.endswith(_UNFINISHED):
        return "still being downloaded"
    return "a system file" if low in _SYSTEM else None


def _moment(file: FileSnapshot) -> dt.datetime:
    """The file's time of receipt. Raises OverflowError for a year that some time zone cannot
    represent."""
    moment = _EPOCH + dt.timedelta(microseconds=file.mtime_ns // 1000)
    if not _FIRST <= moment <= _LAST:
        raise OverflowError
    return moment


def _name(path: str) -> str:
    """The path below the inbox; bytes that are no UTF-8 stand as \\xNN, so that any name can be
    kept and printed."""
    return (
        (path or ".")
        .replace(os.sep, "/")
        .encode("utf-8", "surrogateescape")
        .decode("utf-8", "backslashreplace")
    )
