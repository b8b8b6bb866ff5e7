"""A home that is watched while nights run in it: no file that people open is ever half-written.

inotify reports each file that is made, written or renamed. A final name may only be given by a
rename, and a file that was just renamed is opened at once.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import re
import select
import struct
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

_MODIFY, _MOVED_TO, _CREATE, _IS_FOLDER = 0x2, 0x80, 0x100, 0x40000000
_EVENT = struct.Struct("iIII")
_NOT_FINAL = re.compile(r"(?:work|prefect|logs)(?:/|$)")


def _opens(path: Path) -> None:
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("select count(*) from campaign_summary").fetchall()


def _unpacks(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None


def _is_its_hash(path: Path) -> None:
    assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name


def _has_an_end(path: Path) -> None:
    assert path.read_bytes().rstrip().endswith(b"</html>")


FINAL: tuple[tuple[re.Pattern[str], Callable[[Path], object]], ...] = (
    (re.compile(r"warehouse\.duckdb"), _opens),
    (re.compile(r"(?:reports|feedback)/.*\.(?:docx|xlsx)"), _unpacks),
    (re.compile(r"reports/.*\.html"), _has_an_end),
    (re.compile(r"feedback/.*\.txt"), lambda path: path.read_text(encoding="utf-8")),
    (re.compile(r"landed/originals/../[0-9a-f]{64}"), _is_its_hash),
    (re.compile(r"staged/[^/]+/[^/]+\.parquet"), pq.read_metadata),
)


class WatchedHome:
    """Watches a home from the moment it is made until the block ends; `seen` counts what was
    renamed into place."""

    def __init__(self, home: Path) -> None:
        self.home, self.seen, self.wrong = home, 0, list[str]()
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._events, self._folders = (
            self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC),
            dict[int, Path](),
        )
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> WatchedHome:
        self.home.mkdir(parents=True, exist_ok=True)
        self._watch(self.home)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        os.close(self._events)

    def _watch(self, folder: Path) -> None:
        if _NOT_FINAL.match(folder.relative_to(self.home).as_posix()):
            return
        number = self._libc.inotify_add_watch(
            self._events, os.fsencode(folder), _MODIFY | _MOVED_TO | _CREATE
        )
        if number >= 0:
            self._folders[number] = folder
            with contextlib.suppress(OSError):
                for inner in folder.iterdir():
                    if inner.is_dir():
                        self._watch(inner)

    def _look_on(self) -> None:
        while True:
            ended = self._ended.is_set()
            if not select.select([self._events], [], [], 0 if ended else 0.05)[0]:
                if ended:
                    return
                continue
            data = os.read(self._events, 1 << 16)
            while data:
                number, kind, _, length = _EVENT.unpack_from(data)
                name = os.fsdecode(data[_EVENT.size : _EVENT.size + length].rstrip(b"\0"))
                data = data[_EVENT.size + length :]
                if folder := self._folders.get(number):
                    self._happened(folder / name, kind)

    def _happened(self, path: Path, kind: int) -> None:
        if kind & _IS_FOLDER:
            self._watch(path)
            if kind & _MOVED_TO:
                for inner in path.rglob("*"):
                    self._is_whole(inner)
        elif kind & _MOVED_TO:
            self._is_whole(path)
        elif self._check_of(path):
            self.wrong.append(f"{path} was {'made' if kind & _CREATE else 'written'} in place")

    def _is_whole(self, path: Path) -> None:
        if not (check := self._check_of(path)):
            return
        self.seen += 1
        try:
            check(path)
        except (FileNotFoundError, NotADirectoryError):  # a later night has taken its place
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, the file is not whole
            if path.exists():
                self.wrong.append(f"{path} is half a file: {error!r}")

    def _check_of(self, path: Path) -> Callable[[Path], object] | None:
        below = path.relative_to(self.home).as_posix()
        return next((check for pattern, check in FINAL if pattern.fullmatch(below)), None)
