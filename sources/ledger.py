"""A ledger: a file of JSON lines that is only ever added to, and survives a crash in the middle of
a line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any


class LedgerError(Exception):
    """A line of a ledger, other than a last one that was cut off, cannot be read. It holds what is
    kept for good."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(
            f"{path}, line {line}: not a record; restore the file from a backup, nothing was changed"
        )
        self.path, self.line = path, line


class Ledger:
    """The ledger of that path; it need not exist yet."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def records(self) -> Iterator[dict[str, Any]]:
        """The records in the order in which they were added. Raises LedgerError naming the line
        that is damaged."""
        for number, line in enumerate(self._lines(), start=1):
            try:
                record = json.loads(line)
            except ValueError as error:
                raise LedgerError(self._path, number) from error
            if not isinstance(record, dict):
                raise LedgerError(self._path, number)
            yield record

    def append(self, records: Iterable[dict[str, Any]]) -> None:
        """Add the records and return when they are on the disk; a line that a crash cut off is cut
        away first."""
        lines = b"".join(
            json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records
        )
        if not lines:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b") as file:
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        flush(self._path.parent)

    def _lines(self) -> list[bytes]:
        """All whole lines: what follows the last line break is a line that a crash cut off."""
        if not self._path.exists():
            return []
        return self._path.read_bytes().split(b"\n")[:-1]


def flush(path: Path) -> None:
    """Have the system write a file's bytes, or a folder's names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
