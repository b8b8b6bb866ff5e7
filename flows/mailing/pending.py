"""Messages written as files for a person to send: each is in the folder as long as it is due.

What a person put into the folder, or changed in a file of ours, is never deleted or overwritten: it
is moved into the archive below the folder.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

ARCHIVE = "luu"  # below the folder
_RECORD = ".written.json"  # the SHA-256 of each file that was written here, by its name


class PendingFiles:
    """The files of one folder that the program wrote, as far as they are still there."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._record = folder, folder / _RECORD
        self._written = self._read()

    def names(self) -> set[str]:
        """The names of those that are there, changed by a person or not."""
        return {name for name in self._written if (self._folder / name).is_file()}

    def is_unchanged(self, name: str) -> bool:
        """Whether the file is there just as the program wrote it."""
        path = self._folder / name
        return path.is_file() and _digest(path.read_bytes()) == self._written.get(name)

    def write(self, name: str, content: bytes) -> Path:
        """Writes the file, in place of an earlier one of ours; its path."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._clear(name)
        self._written[name] = _digest(content)
        self._save()  # first: a file that is not on record would count as a person's
        (self._folder / name).write_bytes(content)
        return self._folder / name

    def withdraw(self, name: str) -> None:
        """Takes a file that the program wrote out of the folder; does nothing about any other."""
        if name in self._written:
            self._clear(name)
            del self._written[name]
            self._save()

    def _clear(self, name: str) -> None:
        path = self._folder / name
        if self.is_unchanged(name):
            path.unlink()
        elif path.exists():
            archive = self._folder / ARCHIVE
            archive.mkdir(exist_ok=True)
            path.rename(_free(archive / name))

    def _read(self) -> dict[str, str]:
        if not self._record.is_file():
            return {}
        try:
            written: dict[str, str] = json.loads(self._record.read_text(encoding="utf-8"))
        except ValueError:  # damaged: then every file here counts as a person's
            return {}
        return written

    def _save(self) -> None:
        new = self._record.with_suffix(".part")
        new.write_text(json.dumps(self._written, ensure_ascii=False), encoding="utf-8")
        new.replace(self._record)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _free(path: Path) -> Path:
    """The path, with a number where it is taken."""
    found, number = path, 1
    while found.exists():
        number += 1
        found = path.with_stem(f"{path.stem} ({number})")
    return found
