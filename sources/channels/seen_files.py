"""Files of a folder that others write into, opened as they were seen: no link, no pipe, no other
file in their place.

A folder is used only if the opened descriptor lies at that very path (/proc/self/fd), and a file is
opened from its folder: neither a folder nor a file that is swapped between listing and reading
leads anywhere else.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
# a pipe would wait for its writer
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class NoFileError(Exception):
    """An entry that is no file of the folder, and what it is instead."""


@dataclass(frozen=True, slots=True)
class FileSnapshot:
    """A regular file as it was seen: which one it is, and what changes while it grows.

    root   the folder's path without links (`root_of`)
    path   where it was seen below the root; place: where it lies there, which is elsewhere where `path` is a link
    """

    root: str
    path: str
    place: str
    device: int
    inode: int
    size: int
    mtime_ns: int

    def open(self) -> BinaryIO:
        """Its bytes. Raises OSError where it has gone, or where another file or a changed one
        stands in its place."""
        folder, name = os.path.split(self.place)
        with folder_below(self.root, folder) as opened:
            descriptor = os.open(name, _FILE, dir_fd=opened)
        try:
            if self._matches(os.fstat(descriptor)):
                return os.fdopen(descriptor, "rb")
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        raise OSError(
            errno.ESTALE, "it has changed since it was seen, or another file stands in its place"
        )

    def is_unchanged(self) -> bool:
        """Whether the same file still stands there as it was seen."""
        try:
            return snapshot(self.root, self.path, self.place) == self
        except (NoFileError, OSError):
            return False

    def _matches(self, about: os.stat_result) -> bool:
        return (
            stat.S_ISREG(about.st_mode)
            and snapshot_of(self.root, self.path, self.place, about) == self
        )


def snapshot(root: str, path: str, place: str) -> FileSnapshot:
    """The file that was found at `path` and lies at `place`, both below `root`. Raises NoFileError,
    OSError."""
    folder, name = os.path.split(place)
    with folder_below(root, folder) as opened:
        return snapshot_of(root, path, place, os.stat(name, dir_fd=opened, follow_symlinks=False))


def snapshot_of(root: str, path: str, place: str, about: os.stat_result) -> FileSnapshot:
    """The snapshot of a file from its `os.stat`. Raises NoFileError where it is no regular file."""
    if stat.S_ISDIR(about.st_mode):
        raise NoFileError("a link to a folder, whose files count where they lie")
    if not stat.S_ISREG(about.st_mode):
        raise NoFileError("not a regular file")
    return FileSnapshot(
        root, path, place, about.st_dev, about.st_ino, about.st_size, about.st_mtime_ns
    )


def place_of_link(root: str, path: str) -> str:
    """Where the link at `path` leads, below the root.

    Raises NoFileError where that is outside of it, OSError where it is nowhere.
    """
    whole = Path(root) / path
    whole.stat()  # the system follows forty links, and no circle
    place = os.path.realpath(whole)
    if not place.startswith(root.rstrip(os.sep) + os.sep):
        raise NoFileError("a link that leads out of the inbox")
    return os.path.relpath(place, root)


def root_of(path: Path) -> str:
    """The folder's path as the system calls it, without links: what `root` is here. Raises
    OSError."""
    opened = os.open(path, _FOLDER)
    try:
        return _path_of(opened)
    finally:
        os.close(opened)


@contextmanager
def folder_below(root: str, path: str) -> Iterator[int]:
    """A descriptor of the folder at that path below the root. Raises OSError, also where a link
    stands on the way."""
    whole = os.fspath(Path(root) / path)
    opened = os.open(whole, _FOLDER | os.O_NOFOLLOW)
    try:
        # what was opened does not lie there, so a link has led elsewhere
        if _path_of(opened) != whole:
            raise OSError(errno.ELOOP, "a link stands in the place of a folder")
        yield opened
    finally:
        os.close(opened)


def _path_of(descriptor: int) -> str:
    return os.fspath(Path(f"/proc/self/fd/{descriptor}").readlink())
