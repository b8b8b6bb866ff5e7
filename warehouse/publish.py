"""Puts what a night made in the place of the old, so that readers neither wait nor fail: its
warehouse, its folders."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

import duckdb

from sources.ledger import flush

# AT_FDCWD, RENAME_EXCHANGE of renameat2(2), which Python does not offer
_AT_FDCWD, _RENAME_EXCHANGE = (
    -100,
    2,
)


def publish(new: Path, final: Path) -> None:
    """Renames `new` over `final` once every byte of it is on disk; both must be on one file system.

    Who has the old file open keeps reading the old night; who opens `final` afterwards reads the
    new one. A crash at any point leaves the old file or the new one whole. No `.wal` is left beside
    either. Raises FileNotFoundError where `new` does not exist, OSError or duckdb.Error where it
    cannot be written.
    """
    if not new.is_file():
        raise FileNotFoundError(f"{new} does not exist: build the warehouse before publishing it")
    with duckdb.connect(str(new)) as con:
        con.execute("CHECKPOINT")
    _write_ahead_log(new).unlink(missing_ok=True)
    # of the old file: DuckDB would replay it into the new one
    _write_ahead_log(final).unlink(missing_ok=True)
    flush(new)
    new.replace(final)
    flush(final.parent)


def publish_folder(new: Path, final: Path) -> None:
    """Renames the folder `new` to `final`, and removes the one that stood there; both must be on
    one file system.

    Where the system can exchange two names (Linux; not every network's file system) there is
    `final` at every moment, the old one or the new; elsewhere there is none for an instant. After a
    crash at any point the same call resumes: `new` is first renamed with its inode number, which
    identifies it after the exchange of names.
    """
    unfinished = [path for path in new.parent.glob(f"{new.name}.*") if path.suffix[1:].isdigit()]
    if new.exists():
        for path in unfinished:
            shutil.rmtree(path, ignore_errors=True)
        unfinished = [new.rename(new.with_name(f"{new.name}.{new.stat().st_ino}"))]
    for path in unfinished:
        if path.stat().st_ino == int(path.suffix[1:]):
            _replace_folder(path, final)
        shutil.rmtree(path, ignore_errors=True)


def _replace_folder(new: Path, final: Path) -> None:
    if final.exists():
        if _exchange(new, final):
            return
        old = new.with_name(f"{new.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        final.rename(old)
        new.rename(final)
        shutil.rmtree(old, ignore_errors=True)
    else:
        new.rename(final)


def _exchange(new: Path, old: Path) -> bool:
    """Whether the system has exchanged the two names, in one step."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    return (
        rename is not None
        and rename(_AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(old), _RENAME_EXCHANGE) == 0
    )


def _write_ahead_log(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
