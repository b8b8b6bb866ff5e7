"""Messages as files: eml by the standard library, msg in a compound file of its simplest form, and
web pages of several parts."""

from __future__ import annotations

import struct
from email.message import EmailMessage, Message

_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512

Tree = dict[str, "bytes | Tree"]


def eml(*files: tuple[str, bytes], text: str = "Kính gửi Ban") -> bytes:
    """A letter with these attachments."""
    message = EmailMessage()
    message["From"], message["To"] = "xa@example.vn", "ban@example.vn"
    message["Subject"], message["Message-ID"] = "Báo cáo", "<1@example.vn>"
    message.set_content(text)
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def mht(*parts: tuple[str, str, str]) -> bytes:
    """A page as Word and Excel keep it in one file: location, kind and text of each part."""
    whole = Message()
    whole["MIME-Version"] = "1.0"
    whole["Content-Type"] = 'multipart/related; boundary="----=_NextPart_01"'
    whole.preamble = "This document is a Single File Web Page."
    for location, kind, text in parts:
        part = Message()
        part["Content-Location"] = f"file:///C:/0A/{location}"
        part["Content-Type"] = f'{kind}; charset="utf-8"'
        part["Content-Transfer-Encoding"] = "8bit"
        part.set_payload(text, "utf-8")
        whole.attach(part)
    return whole.as_bytes()


def msg(*files: tuple[str, bytes | Tree], hidden: int = 0) -> bytes:
    """A message of Outlook with these attachments; one that is a tree is a message itself."""
    return compound(msg_tree(*files, hidden=hidden))


def msg_tree(*files: tuple[str, bytes | Tree], hidden: int = 0) -> Tree:
    """The streams of a message."""
    tree: Tree = {"__properties_version1.0": bytes(32), "__nameid_version1.0": {}}
    for number, (name, data) in enumerate(files):
        flag = struct.pack("<IIII", 0x7FFE000B, 6, hidden, 0)
        tree[f"__attach_version1.0_#{number:08X}"] = {
            "__properties_version1.0": bytes(8) + flag,
            "__substg1.0_3707001F": name.encode("utf-16-le"),
            ("__substg1.0_37010102" if isinstance(data, bytes) else "__substg1.0_3701000D"): data,
        }
    return tree


def compound(tree: Tree) -> bytes:
    """A compound file of these streams and storages."""
    entries: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, _FREE, _END, 0]]
    sectors: list[bytes] = []
    fat: list[int] = []
    small = b""  # where streams below 4096 bytes lie, in pieces of 64
    small_fat: list[int] = []

    def store(data: bytes) -> int:
        if not data:
            return _END
        start = len(sectors)
        count = -(-len(data) // _SECTOR)
        for n in range(count):
            sectors.append(data[n * _SECTOR : (n + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
            fat.append(start + n + 1 if n + 1 < count else _END)
        return start

    def store_small(data: bytes) -> int:
        nonlocal small
        start, count = len(small_fat), -(-len(data) // 64)
        small += data.ljust(count * 64, b"\0")
        small_fat.extend(start + n + 1 if n + 1 < count else _END for n in range(count))
        return start if count else _END

    def add(parent: int, children: Tree) -> None:
        before = None
        for name, content in children.items():
            number = len(entries)
            is_stream = isinstance(content, bytes)
            size = len(content) if isinstance(content, bytes) else 0
            start = 0
            if isinstance(content, bytes):
                start = store(content) if size >= 4096 else store_small(content)
            entries.append([name, 2 if is_stream else 1, _FREE, _FREE, _FREE, start, size])
            entries[parent if before is None else before][4 if before is None else 3] = number
            before = number
            if not isinstance(content, bytes):
                add(number, content)

    add(0, tree)
    entries[0][5:] = [store(small), len(small)]
    packed_small = b"".join(struct.pack("<I", entry) for entry in small_fat)
    small_sectors = -(-len(packed_small) // _SECTOR)
    first_small = store(packed_small.ljust(small_sectors * _SECTOR, b"\xff"))
    directory = b""
    for name, kind, left, right, child, start, size in entries:
        text = str(name).encode("utf-16-le") + b"\0\0"
        directory += text.ljust(64, b"\0") + struct.pack(
            "<HBBIII36xIQ", len(text), kind, 1, left, right, child, start, size
        )
    first_of_directory = store(directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\0"))
    fat_sectors = -(-(len(fat) + 2) // 128)
    places = list(range(len(sectors), len(sectors) + fat_sectors))
    fat += [_FAT] * fat_sectors
    packed = b"".join(struct.pack("<I", entry) for entry in fat).ljust(
        fat_sectors * _SECTOR, b"\xff"
    )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack(
        "<16xHHHHH6xIIIIIIIII",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        fat_sectors,
        first_of_directory,
        0,
        4096,
        first_small,
        small_sectors,
        _END,
        0,
    )
    header += b"".join(struct.pack("<I", place) for place in places)
    return header.ljust(_SECTOR, b"\xff") + b"".join(sectors) + packed
