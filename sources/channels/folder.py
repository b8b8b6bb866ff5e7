"""A folder, with its subfolders, as an inbox. It is only ever read."""

from __future__ import annotations

import datetime as dt
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sources.channels import Incoming, LeftAlone, Look

_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download")
_SYSTEM = ("thumbs.db", "desktop.ini")
_FRESH_SECONDS = 10  # a file written less than this ago may still be growing
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class InboxEmptiedError(Exception):
    """The inbox was emptied or unmounted while its files landed. No OSError, which would have it looked at again at
    once: an empty folder is an inbox in which nothing came, and the night would end as if well.
    """


@dataclass(frozen=True, slots=True)
class _Look:
    """A file as it was seen: what changes while it grows."""

    path: str
    size: int
    mtime_ns: int

    def is_same(self) -> bool:
        try:
            return _look(self.path) == self
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class FolderChannel:
    """An inbox folder. `clock` and `wait` (seconds) tell what is fresh and let it settle; tests pass their own."""

    path: Path
    clock: Callable[[], float] = time.time
    wait: Callable[[float], None] = time.sleep

    def looks(self, as_of: dt.datetime) -> Iterator[Look]:
        """All of the folder in one look. Settling raises OSError or InboxEmptiedError where the inbox went away while
        its files landed.
        """
        incoming, left = self.scan(as_of)
        yield Look(incoming, left, self._check_still_there)

    def scan(self, as_of: dt.datetime) -> tuple[list[Incoming], list[LeftAlone]]:
        """What had been received by `as_of`, by name, and what was left alone and why. A later file is not there yet.

        A file's modification time is its time of receipt. Raises OSError where the folder itself cannot be read.
        """
        root = os.fspath(self.path)
        with os.scandir(root):
            pass  # a missing inbox stops the night; a subfolder that cannot be read is left alone
        left: list[LeftAlone] = []
        looks = [look for look in _walk(root, root, left) if _moment(look) <= as_of]
        looks = self._settled(looks, root, left)
        incoming = [Incoming(_name(look.path, root), _moment(look), "folder", partial(open, look.path, "rb"),
                             look.is_same) for look in looks]
        return sorted(incoming, key=lambda i: i.file_name), sorted(left, key=lambda file: file.file_name)

    def _check_still_there(self, left_alone: list[LeftAlone]) -> None:
        if not left_alone:
            return
        with os.scandir(self.path) as entries:
            if next(entries, None) is None:
                raise InboxEmptiedError(f"the inbox {self.path} was emptied or unmounted while it was read: mend that, "
                                        "run the night again; what had landed is kept")

    def _settled(self, looks: list[_Look], root: str, left: list[LeftAlone]) -> list[_Look]:
        """The files that did not change between two looks; only fresh ones are waited for."""
        now = self.clock()
        fresh = {look for look in looks if look.mtime_ns / 1e9 > now - _FRESH_SECONDS}
        if not fresh:
            return looks
        self.wait(1.0)
        growing = {look for look in fresh if not look.is_same()}
        left += [LeftAlone(_name(look.path, root), "still growing") for look in growing]
        return [look for look in looks if look not in growing]


def _walk(folder: str, root: str, left: list[LeftAlone]) -> Iterator[_Look]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        left.append(LeftAlone(_name(folder, root), f"cannot be read: {error.strerror}"))
        return
    for entry in entries:
        if reason := _reason_by_name(entry.name):
            left.append(LeftAlone(_name(entry.path, root), reason))
            continue
        try:
            yield from _entry(entry, root, left)
        except OSError as error:
            left.append(LeftAlone(_name(entry.path, root), f"cannot be read: {error.strerror}"))


def _entry(entry: os.DirEntry[str], root: str, left: list[LeftAlone]) -> Iterator[_Look]:
    if entry.is_symlink() and not _is_inside(entry.path, root):
        left.append(LeftAlone(_name(entry.path, root), "a link that leads out of the inbox"))
    elif entry.is_dir(follow_symlinks=False):
        yield from _walk(entry.path, root, left)
    elif entry.is_file():
        if os.access(entry.path, os.R_OK):
            yield _look(entry.path)
        else:
            left.append(LeftAlone(_name(entry.path, root), "cannot be read: no permission"))
    elif not entry.is_dir():
        left.append(LeftAlone(_name(entry.path, root), "not a regular file"))


def _reason_by_name(name: str) -> str | None:
    low = name.lower()
    if low.startswith("~$"):
        return "an Office lock file"
    if low.startswith("."):
        return "hidden"
    if low.endswith(_UNFINISHED):
        return "still being downloaded"
    return "a system file" if low in _SYSTEM else None


def _is_inside(path: str, root: str) -> bool:
    return os.path.realpath(path).startswith(os.path.realpath(root) + os.sep)


def _look(path: str) -> _Look:
    about = Path(path).stat()
    if not stat.S_ISREG(about.st_mode):
        raise OSError(f"{path} is no regular file")
    return _Look(path, about.st_size, about.st_mtime_ns)


def _moment(look: _Look) -> dt.datetime:
    return _EPOCH + dt.timedelta(microseconds=look.mtime_ns // 1000)


def _name(path: str, root: str) -> str:
    """The path below the inbox; bytes that are no UTF-8 stand as \\xNN, so that any name can be kept and printed."""
    below = os.path.relpath(path, root).replace(os.sep, "/")
    return below.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
