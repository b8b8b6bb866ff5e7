"""Puts a built warehouse in the place of the old one, so that readers neither wait nor fail."""

from __future__ import annotations

from pathlib import Path

import duckdb

from sources.ledger import flush


def publish(new: Path, final: Path) -> None:
    """Renames `new` over `final` once every byte of it is on disk; both must be on one file system.

    Who has the old file open keeps reading the old night; who opens `final` afterwards reads the new one. A crash at
    any point leaves the old file or the new one whole. No `.wal` is left beside either.
    Raises FileNotFoundError where `new` does not exist, OSError or duckdb.Error where it cannot be written.
    """
    if not new.is_file():
        raise FileNotFoundError(f"{new} does not exist: build the warehouse before publishing it")
    with duckdb.connect(str(new)) as con:
        con.execute("CHECKPOINT")
    _write_ahead_log(new).unlink(missing_ok=True)
    _write_ahead_log(final).unlink(missing_ok=True)    # of the old file: DuckDB would replay it into the new one
    flush(new)
    new.replace(final)
    flush(final.parent)


def _write_ahead_log(path: Path) -> Path:
    return path.with_name(path.name + ".wal")
