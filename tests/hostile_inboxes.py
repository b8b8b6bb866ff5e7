"""Hostile entries of an inbox folder besides files, and swaps between listing and reading.

`fill(inbox, count, seed)` makes entries; `swap(path, rng, outside)` replaces one. The same seed
makes the same entries.
"""

from __future__ import annotations

import os
import shutil
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from random import Random

DEEP = 600  # folders one in another
TERABYTE = 1 << 40
YEARS = (-1, 0, 1, 1601, 1969, 1970, 2446, 9999, 10_000, 30_000)
SECRET = b"what lies outside of the inbox"


def deep_folder(
    inbox: Path, depth: int = DEEP, name: str = "thư mục sâu", data: bytes = b"x"
) -> None:
    """A file below that many folders: no path names it, each folder is made from the one above
    it."""
    opened = os.open(inbox, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=opened)
        inner = os.open(name, os.O_RDONLY, dir_fd=opened)
        os.close(opened)
        opened = inner
    with os.fdopen(os.open("BC.xlsx", os.O_CREAT | os.O_WRONLY, dir_fd=opened), "wb") as file:
        file.write(data)
    os.close(opened)


def sparse(path: Path, size: int = TERABYTE) -> None:
    """A file of that many bytes that takes no room."""
    path.touch()
    os.truncate(path, size)


def dated(path: Path, year: int) -> bool:
    """A file changed in that year; whether the file system can say so."""
    path.write_bytes(b"x")
    seconds = int((year - 1970) * 365.2425 * 86_400)
    try:
        os.utime(path, (0, seconds))
    except (OSError, OverflowError):
        return False
    return int(path.stat().st_mtime) == seconds


def a_socket(path: Path) -> None:
    """A socket that nobody listens on."""
    here = Path.cwd()
    os.chdir(path.parent)  # its whole path is too long for a socket's address
    try:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("s")
            Path("s").rename(path.name)
    finally:
        os.chdir(here)


def device(path: Path) -> None:
    """A device that gives zeros without end where this user may make one, a socket else."""
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        a_socket(path)


def fill(inbox: Path, count: int, seed: int, outside: Path) -> None:
    """Puts that many hostile entries there."""
    rng = Random(f"{seed}/inbox")
    for number in range(count):
        rng.choice(_ENTRIES)(inbox / f"{number} {rng.choice(_NAMES)}", outside, rng)


def swap(path: Path, rng: Random, outside: Path) -> None:
    """Puts something else in the place of a file."""
    path.unlink()
    rng.choice(SWAPS)[1](path, outside)


def _link_chain(path: Path, outside: Path, rng: Random) -> None:
    for number in range(60):
        path.with_name(f"{path.name}{number}").symlink_to(f"{path.name}{number + 1}")


SWAPS: tuple[tuple[str, Callable[[Path, Path], object]], ...] = (
    ("pipe", lambda path, outside: os.mkfifo(path)),
    ("device", lambda path, outside: device(path)),
    ("socket", lambda path, outside: a_socket(path)),
    ("link", lambda path, outside: path.symlink_to(outside)),
    ("folder", lambda path, outside: path.mkdir()),
    ("other file", lambda path, outside: shutil.copyfile(outside, path)),
    ("terabyte", lambda path, outside: sparse(path)),
    ("nothing", lambda path, outside: None),
)
_LINKS = ("/proc/self/fd/0", "/dev/zero", "/proc/self/environ", ".", "..", "x" * 250, "", "", "")
_NAMES = (
    "BC.xlsx",
    "Báo cáo.docx",
    "a\x1b[31m",
    "b\udcff\udcfe",
    "-rf",
    "c\n",
    "x" * 200,
    "%s%n",
    "\u202excod",
)
_ENTRIES: tuple[Callable[[Path, Path, Random], object], ...] = (
    lambda path, outside, rng: path.write_bytes(rng.randbytes(rng.randrange(2000))),
    lambda path, outside, rng: sparse(path, rng.choice((TERABYTE, 8 * TERABYTE))),
    lambda path, outside, rng: dated(path, rng.choice(YEARS)),
    lambda path, outside, rng: os.mkfifo(path),
    lambda path, outside, rng: a_socket(path.with_name(f"s{rng.randrange(10**9)}")),
    lambda path, outside, rng: device(path.with_name(f"d{rng.randrange(10**9)}")),
    lambda path, outside, rng: path.symlink_to(
        rng.choice(_LINKS) or rng.choice((outside, outside.parent, path))
    ),
    lambda path, outside, rng: path.mkdir(mode=rng.choice((0, 0o755))),
    _link_chain,
)
