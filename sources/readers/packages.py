"""Zip files opened without trust: Office's own (xlsx, docx, ods) and archives alike.

A header's claims are held against what is really unpacked, and one budget is shared by a file and
all that is nested in it, so that no file can make itself larger by wrapping itself once more.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from sources.campaigns import Limits
from sources.readers.refusals import bomb, broken, encrypted, names_twice, odd_packing, path_trick

_RATIO_FROM = 1 << 20  # a small member may well be all blanks; its ratio says nothing
# of all members together: what is larger is rather unpacked once more than held
_MAX_CACHED_BYTES = 4 << 20
_ENCRYPTED = 0x1
_UTF8 = 0x800
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_DEVICE = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(slots=True)
class Budget:
    """What one file may still unpack, over all its levels."""

    limits: Limits
    unpacked: int = 0
    members: int = 0

    def charge(self, size: int) -> None:
        """Count bytes unpacked; raises RefusedFile (unsafe) past the limit."""
        self.unpacked += size
        if self.unpacked > self.limits.unpacked_bytes:
            raise bomb(f"giải nén ra quá {self.limits.unpacked_bytes >> 20} MB")

    def charge_members(self, count: int) -> None:
        """Count members; raises RefusedFile (unsafe) past the limit."""
        self.members += count
        if self.members > self.limits.archive_members:
            raise bomb(f"chứa quá {self.limits.archive_members} tệp con")


class Package:
    """A zip file whose members are known to be harmless to name, and are read within the budget.

    Raises RefusedFile: `unsafe` for bombs and tricks with paths, `unreadable` for broken and
    encrypted ones.
    """

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._data, self._budget, self._charged = data, budget, set[str]()
        self._cache, self._cached_bytes = dict[str, bytes](), 0
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                self._infos = archive.infolist()
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            ValueError,
            struct.error,
            OSError,
        ) as error:
            raise broken() from error
        budget.charge_members(len(self._infos))
        self.members = {_name(info): info for info in self._infos}
        self._by_lower = {name.lower(): name for name in self.members}
        self._check_names()
        self._check_sizes()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._by_lower

    def read(self, name: str) -> bytes:
        """The member's bytes, whatever the capitals of its name, as Office takes them.

        KeyError where there is none, RefusedFile where it lies about its size or is broken.
        """
        name = name if name in self.members else self._by_lower[name.lower()]
        if name in self._cache:
            return self._cache[name]
        content = self._unpacked(name, self.members[name])
        if self._cached_bytes + len(content) <= _MAX_CACHED_BYTES:
            self._cache[name] = content
            self._cached_bytes += len(content)
        return content

    def verify(self, names: re.Pattern[str], check: Callable[[bytes], None]) -> None:
        """Unpack each member of these names, and `check` its XML, before a library that reads by
        itself gets it."""
        for name in self.members:
            if names.fullmatch(name):
                content = self.read(name)
                if not name.endswith(".bin"):
                    check(content)

    def for_other_readers(self, replaced: dict[str, bytes]) -> bytes:
        """The file for a library that takes names as they stand: packed again where they have
        backslashes.

        The members in `replaced` are written instead of the file's own.
        """
        if not replaced and not any("\\" in info.orig_filename for info in self._infos):
            return self._data
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in self.members:
                if not name.endswith("/"):
                    archive.writestr(name, replaced[name] if name in replaced else self.read(name))
        return packed.getvalue()

    def has_names_alike(self) -> bool:
        """Whether two names differ in capitals only, so that one library takes this member and
        another that."""
        return len(self._by_lower) != len(self.members)

    def _unpacked(self, name: str, info: zipfile.ZipInfo) -> bytes:
        if name not in self._charged:
            self._charged.add(name)
            self._budget.charge(info.file_size)
        packed = self._packed(info)
        if info.compress_type == zipfile.ZIP_STORED:
            content = packed
        elif info.compress_type == zipfile.ZIP_DEFLATED:
            content = _inflate(packed, info.file_size)
        else:
            raise odd_packing()
        if len(content) != info.file_size or zlib.crc32(content) != info.CRC:
            raise broken()
        return content

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        start = info.header_offset
        try:
            signature, name_length, extra_length = _LOCAL_HEADER.unpack_from(self._data, start)
        except struct.error as error:
            raise broken() from error
        if signature != b"PK\x03\x04":
            raise broken()
        start += _LOCAL_HEADER.size + name_length + extra_length
        return self._data[start : start + info.compress_size]

    def _check_names(self) -> None:
        if len(self.members) != len(self._infos):
            raise names_twice()
        for name, info in self.members.items():
            if _is_trick(name) or stat.S_ISLNK(info.external_attr >> 16):
                raise path_trick(name)
            if info.flag_bits & _ENCRYPTED:
                raise encrypted()

    def _check_sizes(self) -> None:
        ratio, total, end = self._budget.limits.compression_ratio, 0, 0
        for info in sorted(self._infos, key=lambda i: i.header_offset):
            total += info.file_size
            if info.file_size > _RATIO_FROM and info.file_size > ratio * max(1, info.compress_size):
                raise bomb(
                    f"một tệp con nén tới {info.file_size // max(1, info.compress_size)} lần"
                )
            if info.header_offset < end:
                raise bomb("các tệp con nằm chồng lên nhau")
            end = info.header_offset + 30 + info.compress_size
        if total > self._budget.limits.unpacked_bytes:
            raise bomb(f"giải nén ra {total >> 20} MB")


def _inflate(packed: bytes, size: int) -> bytes:
    unpacker = zlib.decompressobj(-15)
    try:
        content = unpacker.decompress(packed, size + 1)
    except zlib.error as error:
        raise broken() from error
    if len(content) > size:
        raise bomb("khai sai dung lượng của tệp con")
    return content


def _is_trick(name: str) -> bool:
    if not name or "\0" in name or name.startswith("/") or _DRIVE.match(name):
        return True
    return any(part == ".." or _DEVICE.match(part) for part in name.split("/"))


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name with slashes between its folders, as some programs of Windows do not write
    them."""
    return _decoded_name(info).replace("\\", "/")


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """The member's name: without the flag for UTF-8 it is in whatever the sender's machine uses."""
    if info.flag_bits & _UTF8 or info.orig_filename.isascii():
        return unicodedata.normalize("NFC", info.orig_filename)
    raw = info.orig_filename.encode("cp437")
    for encoding in ("utf-8", "cp1258"):
        try:
            return unicodedata.normalize("NFC", raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return info.orig_filename
