"""A folder that people read and write in: a night puts its files there, and never over what a
person has changed.

A record in the folder holds the SHA-256 of each file that a night wrote, which tells its own files
from a person's. It is on the disk before a file is put in place: after a crash at any point an own
file is known as one, and an edited file never is. Where a person's file has the name, or one that
is open in Word, the night's stands beside it: `bao-cao-tong-hop (bản mới).docx`.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from pydantic import BaseModel

from sources.ledger import flush

RECORD = ".published.json"
MAX_BESIDE = 20  # names of one document that persons have taken; no night goes on past that
# What a rename fails with where the old file is open on another machine of the network.
OPEN_ERRNOS = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY)

Facts = dict[str, str]


class KeptFile(NamedTuple):
    """A file of the night's name that was left as it was, why, and where the night's own stands;
    None where this night has no such file."""

    path: Path
    why: Literal["edited", "open"]
    beside: Path | None


class _Record(BaseModel):
    """What nights wrote into a folder.

    files    by name what was written there: the SHA-256 and the facts; two while one replaces the other
    current  by a document's name the name that the last night wrote it under
    """

    files: dict[str, list[Facts]] = {}
    current: dict[str, str] = {}


class PublishedFolder:
    """The folder and its record. Names are relative, with `/`. Whoever publishes holds the home."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._record = _read_record(folder / RECORD)

    def publish(
        self,
        files: Mapping[str, Path],
        removed: Iterable[str] = (),
        facts: Facts | None = None,
    ) -> list[KeptFile]:
        """Puts each of the files in its place and takes away those of earlier nights that `removed`
        names. Returns what was left as it was, because a person has changed it or has it open.

        The files stay where they are too, so that the same call, made again after a crash, ends
        what was begun; they must be on the folder's file system. `facts` are recorded with them.
        Raises OSError where the folder cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        entries = {
            name: {**(facts or {}), "sha256": file_digest(path)} for name, path in files.items()
        }
        for name, entry in entries.items():
            if not self._is_persons_copy(name, entry):
                self._announce(self._target(name, entry), entry)
        self._write_record()
        kept = [
            found
            for name, entry in entries.items()
            if (found := self._put(name, files[name], entry))
        ]
        kept += [found for name in removed for found in self._withdraw(name)]
        self._write_record()
        return kept

    def names(self) -> list[str]:
        """The names of the documents that the last nights published."""
        return list(self._record.current)

    def current(self, name: str) -> Path | None:
        """The file that the last night wrote for a document, wherever it put it; None where it wrote
        none, or where a person has changed it since."""
        written = self._record.current.get(name, name)
        return self._folder / written if self._is_own(written) else None

    def is_unchanged(self, name: str) -> bool:
        """Whether the file in that very place is as a night wrote it."""
        return self._is_own(name)

    def facts(self, name: str) -> Facts:
        """What was recorded with the file in that place, or with the one that a person has changed;
        nothing where that is not known."""
        entries = self._record.files.get(name, [])
        if (path := self._folder / name).is_file():
            digest = file_digest(path)
            entries = [e for e in entries if e["sha256"] == digest] or entries
        return dict(entries[0]) if len(entries) == 1 else {}

    def _target(self, name: str, entry: Facts) -> str:
        """The first name, of the document's own and those beside it, that a night may write."""
        for candidate in (name, *_besides(name)):
            if self._is_free(candidate, entry):
                return candidate
        raise FileExistsError(
            f"{self._folder / name}: {MAX_BESIDE} changed copies stand beside it; move some away"
        )

    def _is_free(self, name: str, entry: Facts) -> bool:
        path = self._folder / name
        if not path.exists():
            return True
        is_same_or_closed = _has_digest(path, entry["sha256"]) or not is_open_elsewhere(path)
        return self._is_own(name) and is_same_or_closed

    def _is_persons_copy(self, name: str, entry: Facts) -> bool:
        """Whether a person's file that says just the same has the name: it stays theirs."""
        return _has_digest(self._folder / name, entry["sha256"]) and not self._is_own(name)

    def _is_own(self, name: str) -> bool:
        """Whether there is a file of that name as a night wrote it; one of no bytes is what a crash
        of the machine left, and nobody's."""
        path = self._folder / name
        if name not in self._record.files or not path.is_file():
            return False
        return not path.stat().st_size or any(
            _has_digest(path, entry["sha256"]) for entry in self._record.files[name]
        )

    def _announce(self, name: str, entry: Facts) -> None:
        known = self._record.files.get(name, [])
        others = [e for e in known if e["sha256"] != entry["sha256"]]
        self._record.files[name] = [*others, entry]

    def _put(self, name: str, new: Path, entry: Facts) -> KeptFile | None:
        """Puts the file in place, or beside one that cannot be replaced; takes away what earlier
        nights wrote beside it."""
        if self._is_persons_copy(name, entry):
            self._remove_besides(name)
            self._record.current.pop(name, None)
            return None
        for candidate in (name, *_besides(name)):
            if not self._is_free(candidate, entry):
                continue
            if entry not in self._record.files.get(candidate, []):
                self._announce(candidate, entry)
                self._write_record()
            try:
                _copy_into_place(new, self._folder / candidate, entry["sha256"])
            except OSError as error:
                if error.errno not in OPEN_ERRNOS:
                    raise
                continue
            self._record.files[candidate] = [entry]
            self._record.current[name] = candidate
            self._remove_besides(name, but=candidate)
            return None if candidate == name else self._kept(name, self._folder / candidate)
        raise PermissionError(
            f"{self._folder / name} cannot be replaced and nothing can be put beside it: is the "
            "folder writable?"
        )

    def _remove_besides(self, name: str, but: str = "") -> None:
        for other in _besides(name):
            if other != but and other in self._record.files:
                self._remove(other)

    def _withdraw(self, name: str) -> list[KeptFile]:
        """Takes away a document that the night does not have, and what stands beside it."""
        self._record.current.pop(name, None)
        written = [n for n in (name, *_besides(name)) if n in self._record.files]
        return [kept for n in written if (kept := self._remove(n))]

    def _remove(self, name: str) -> KeptFile | None:
        """Takes away a file that a night wrote; what a person has changed stays, and is theirs from
        now on."""
        path = self._folder / name
        kept = self._kept(name, None) if path.exists() else None
        if self._is_own(name) and not is_open_elsewhere(path):
            with contextlib.suppress(PermissionError):
                path.unlink()
                kept = None
        if kept is None or kept.why == "edited":
            self._record.files.pop(name, None)
        self._remove_empty_folders(path.parent)
        return kept

    def _kept(self, name: str, beside: Path | None) -> KeptFile:
        return KeptFile(self._folder / name, "open" if self._is_own(name) else "edited", beside)

    def _remove_empty_folders(self, folder: Path) -> None:
        while folder != self._folder and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def _write_record(self) -> None:
        """Replaces the record once the new one is on the disk."""
        written = self._folder / f"{RECORD}.part"
        content = json.dumps(self._record.model_dump(), ensure_ascii=False, sort_keys=True)
        written.write_text(content, encoding="utf-8")
        flush(written)
        written.replace(self._folder / RECORD)
        flush(self._folder)


def file_digest(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_open_elsewhere(path: Path) -> bool:
    """Whether a lock file says that the document is open in Word, Excel or LibreOffice."""
    name = path.name
    locks = (f"~${name}", f"~${name[1:]}", f"~${name[2:]}", f".~lock.{name}#")
    return any((path.parent / lock).exists() for lock in locks)


def _besides(name: str) -> Iterator[str]:
    """The names beside a document's own: `phu-luc (bản mới).xlsx`, `phu-luc (bản mới 2).xlsx`."""
    path = PurePosixPath(name)
    for number in range(1, MAX_BESIDE + 1):
        counted = "bản mới" if number == 1 else f"bản mới {number}"
        yield str(path.with_name(f"{path.stem} ({counted}){path.suffix}"))


def _has_digest(path: Path, digest: str) -> bool:
    return path.is_file() and file_digest(path) == digest


def _copy_into_place(new: Path, place: Path, digest: str) -> None:
    """Renames a copy of the file to its place, so that it is there whole or not at all.

    A copy: a link would be edited with it, and a night that is tried again would take the edited
    file for its own.
    """
    if _has_digest(place, digest):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    copy = new.with_name(f"{new.name}.copy")
    shutil.copyfile(new, copy)
    copy.replace(place)


def _read_record(path: Path) -> _Record:
    """The record; without a readable one every file in the folder is a person's. A name that leads
    out of the folder is none of ours."""
    try:
        record = _Record.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return _Record()
    return _Record(
        files={name: entries for name, entries in record.files.items() if _is_inside(name)},
        current={n: at for n, at in record.current.items() if _is_inside(n) and _is_inside(at)},
    )


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts
