"""Swaps files and folders of an inbox without pause, until it is killed. The soak runs it as a
process.

usage: python tests/racing_inbox.py FOLDER OUTSIDE SEED
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from random import Random

from hostile_inboxes import a_socket, sparse

FILES = 6


def main() -> None:
    """Some files and a folder, each real, gone or another thing in turn."""
    folder, outside, rng = Path(sys.argv[1]), Path(sys.argv[2]), Random(f"{sys.argv[3]}/race")
    scratch = outside.parent / "race"
    scratch.mkdir()
    while True:
        name = f"{rng.randrange(FILES)}.xlsx"
        if rng.random() < 0.2:
            _swap_folder(folder, scratch, outside, name)
        else:
            _put(folder / name, scratch / name, rng, outside)


def _put(path: Path, prepared: Path, rng: Random, outside: Path) -> None:
    """By a rename what takes no time to swap, else in place."""
    kind = rng.choice(
        ("real", "real", "real", "link", "pipe", "socket", "other", "sparse", "gone", "grown")
    )
    _clear(prepared)
    if kind == "gone":
        _clear(path)
        return
    if kind == "grown" and path.is_file() and not path.is_symlink():
        with path.open("ab") as file:
            file.write(b"x" * rng.randrange(100_000))
        return
    makers = {
        "link": lambda: prepared.symlink_to(outside),
        "pipe": lambda: os.mkfifo(prepared),
        "socket": lambda: a_socket(prepared),
        "sparse": lambda: sparse(prepared),
        "other": lambda: prepared.write_bytes(b"other %d" % rng.randrange(10**6)),
    }
    makers.get(kind, lambda: prepared.write_bytes(b"real %d" % rng.randrange(10**6)))()
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    prepared.replace(path)


def _swap_folder(folder: Path, scratch: Path, outside: Path, name: str) -> None:
    """A folder with a file, put away, and a link to the folder outside in its place, where a file
    has the same name."""
    inner, away, link = folder / "xã", scratch / "xã", scratch / "nối"
    inner.mkdir(exist_ok=True)
    (inner / outside.name).write_bytes(b"real")
    link.symlink_to(outside.parent)
    inner.rename(away)
    link.rename(inner)
    inner.unlink()
    away.rename(inner)


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
