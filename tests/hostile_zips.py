"""Zips with false records, and a plain way to make one."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from random import Random

LONG = 1 << 20


def zipped(
    members: dict[str, bytes | str] | list[tuple[str, bytes]], stored: bool = False
) -> bytes:
    """A zip of the members, in their order, names twice where they are twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(
        buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    ) as archive:
        for name, content in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, content)
    return buffer.getvalue()


def zip_records(rng: Random) -> bytes:
    """Zips whose records lie: members over each other, twice, encrypted, of 64-bit sizes."""
    good = zipped(
        {
            "a.csv": "Tên chi bộ;Loại hình;Ngày sinh hoạt;Hình thức;Tổng số đảng viên;Số ĐV dự;Số ĐV\n"
            "A;Thôn;5/4/2022;Riêng;5;5;5\n"
        }
    )
    local, central, tail = _records_of(good)
    # all the same bytes
    # 64-bit, and not declared
    return rng.choice(
        (
            lambda: zipped([("a.csv", b"a;b\n1;2\n"), ("a.csv", b"a;b\n3;4\n")]),
            lambda: zipped(
                [("a.csv", b"1;2\n"), ("A\u0301.csv", b"1;2\n"), ("\u00c1.csv", b"3;4\n")]
            ),
            lambda: _joined(local, [_renamed(central, b"%d.csv" % n) for n in range(1_500)]),
            lambda: _quoted(rng.choice((10, 250))),  # each within the next
            lambda: _changed(good, central, 8, struct.pack("<H", 0x1)),  # encrypted
            lambda: _changed(good, central, 24, struct.pack("<I", 0xFFFFFFFF)),
            lambda: _joined(local, [_sixty_four(central, rng.choice((0, 2**63, 2**64 - 1)))]),
            lambda: _changed(good, tail, 8, struct.pack("<HH", 65535, 65535)),
            lambda: zipped([(f"{n}.csv", b"a") for n in range(2_500)]),
            lambda: zipped([(f"{'a/' * 30_000}{n}.csv", b"a;b\n") for n in range(3)]),
            lambda: _linked(),
            lambda: good[:-2] + struct.pack("<H", 65535) + b"x" * 65535,
            lambda: _nested_wide(),
        )
    )()


def _records_of(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The local part, the central directory and its end."""
    central, tail = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    return data[:central], data[central:tail], data[tail:]


def _changed(data: bytes, record: bytes, place: int, new: bytes) -> bytes:
    at = data.index(record) + place
    return data[:at] + new + data[at + len(new) :]


def _renamed(central: bytes, name: bytes) -> bytes:
    length, extra, comment = struct.unpack_from("<HHH", central, 28)
    return (
        central[:28]
        + struct.pack("<HHH", len(name), extra, comment)
        + central[34:46]
        + name
        + central[46 + length :]
    )


def _joined(local: bytes, entries: list[bytes]) -> bytes:
    directory = b"".join(entries)
    return (
        local
        + directory
        + struct.pack(
            "<4s4H2IH",
            b"PK\x05\x06",
            0,
            0,
            len(entries),
            len(entries),
            len(directory),
            len(local),
            0,
        )
    )


def _sixty_four(central: bytes, size: int) -> bytes:
    extra = struct.pack("<HHQQQ", 1, 24, size, size, size)
    head = (
        central[:20]
        + struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF)
        + central[28:30]
        + struct.pack("<H", len(extra))
    )
    return head + central[32:42] + struct.pack("<I", 0xFFFFFFFF) + central[46:] + extra


def _quoted(count: int) -> bytes:
    """Fifield's bomb: each member's data quotes the header of the next, and all end in one kernel
    of zeros."""
    unpacked = bytes(LONG)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(unpacked) + packer.flush()
    entries, data, first = [], b"", b""
    for number in reversed(range(count)):
        name = b"%05d.csv" % number
        if data:
            head = struct.pack("<BHH", 0, len(first), len(first) ^ 0xFFFF) + first
            body, unpacked = head + body, first + unpacked
        crc = zlib.crc32(unpacked)
        sizes = len(body), len(unpacked), len(name), 0
        first = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, *sizes) + name
        data = first + body
        entries.append((name, crc, len(body), len(unpacked), len(data)))
    central = [
        struct.pack(
            "<4s6H3I5H2I",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            0,
            crc,
            packed,
            size,
            len(name),
            0,
            0,
            0,
            0,
            0,
            len(data) - after,
        )
        + name
        for name, crc, packed, size, after in entries
    ]
    return _joined(data, central)


def _linked() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("a.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def _nested_wide() -> bytes:
    inner = zipped({f"{n}.csv": b"a;b\n" * 1000 for n in range(300)})
    return zipped({f"{n}.zip": inner for n in range(300)})
