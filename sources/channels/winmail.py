"""Outlook's winmail.dat (TNEF, [MS-OXTNEF]): the attachments in it, and nothing else of it.

Read here and not by a library: the one there is (tnefparse 1.4) runs for twenty minutes on 66 bytes
that declare 2^32 properties. Every length is checked against the bytes that are there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from sources.legacy_encodings import decode_unnamed

TNEF_MAGIC = b"\x78\x9f\x3e\x22"
MAX_DEPTH = 10

_ATTACHMENT = 2  # level of an attribute that belongs to an attachment
_BEGINS, _TITLE, _DATA, _PROPERTIES, _CODEPAGE = 0x9002, 0x8010, 0x800F, 0x9005, 0x9007
_FILE_NAME, _LONG_NAME, _OBJECT, _HIDDEN = 0x3704, 0x3707, 0x3701, 0x7FFE
# IID_IMessage: a message as an attachment
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
_SIZES = {
    0x0002: 2,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 2,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
_VARIABLE = (0x000D, 0x001E, 0x001F, 0x0102)
_UNICODE, _SEVERAL, _NAMED = 0x001F, 0x1000, 0x8000


class NotTnefError(Exception):
    """The bytes are no TNEF, or damaged."""


@dataclass(slots=True)
class _Attachment:
    name: str = ""
    data: bytes = b""
    hidden: bool = False


def unwrap(data: bytes, depth: int = 0) -> list[tuple[str, bytes]]:
    """Name ("" where it has none) and bytes of each attachment, those of messages in it too. Raises
    NotTnefError."""
    if not data.startswith(TNEF_MAGIC) or depth > MAX_DEPTH:
        raise NotTnefError
    try:
        found = list(_attachments(data))
    except (struct.error, KeyError, UnicodeDecodeError) as error:
        raise NotTnefError from error
    files: list[tuple[str, bytes]] = []
    for attachment in found:
        if attachment.data.startswith(_MESSAGE):
            files += unwrap(attachment.data[len(_MESSAGE) :], depth + 1)
        elif attachment.data and not attachment.hidden:  # hidden: a picture in the letter's text
            files.append((attachment.name, attachment.data))
    return files


def _attachments(data: bytes) -> Iterator[_Attachment]:
    current, codepage = None, "cp1258"
    for level, attribute, value in _attributes(data):
        if attribute == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{struct.unpack_from('<I', value)[0]}"
        if level != _ATTACHMENT:
            continue
        if attribute == _BEGINS:
            if current is not None:
                yield current
            current = _Attachment()
        elif current is not None:
            _set_attribute(current, attribute, value, codepage)
    if current is not None:
        yield current


def _attributes(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Level, number and value of each attribute; a damaged one ends in NotTnefError."""
    at = 6  # after the signature and the key
    while at < len(data):
        level, attribute, _, length = struct.unpack_from("<BHHI", data, at)
        value = data[at + 9 : at + 9 + length]
        if len(value) < length or len(data) < at + 11 + length:
            raise NotTnefError
        if struct.unpack_from("<H", data, at + 9 + length)[0] != sum(value) & 0xFFFF:
            raise NotTnefError
        yield level, attribute, value
        at += 11 + length


def _set_attribute(attachment: _Attachment, attribute: int, value: bytes, codepage: str) -> None:
    if attribute == _DATA:
        attachment.data = value
    elif attribute == _TITLE:
        attachment.name = attachment.name or decode_unnamed(value.rstrip(b"\0"), codepage)
    elif attribute == _PROPERTIES:
        properties = dict(_properties(value, codepage))
        name = properties.get(_LONG_NAME) or properties.get(_FILE_NAME)
        attachment.name = name if isinstance(name, str) and name else attachment.name
        attachment.hidden = properties.get(_HIDDEN) not in (None, b"\0\0")
        data = properties.get(_OBJECT)
        attachment.data = data if isinstance(data, bytes) else attachment.data


def _properties(value: bytes, codepage: str) -> Iterator[tuple[int, str | bytes]]:
    """Number and value of each MAPI property with a single value; text as text."""
    (count,), at = struct.unpack_from("<I", value), 4
    for _ in range(count):  # each takes bytes: a count that is too large ends where they do
        kind, number = struct.unpack_from("<HH", value, at)
        at += 4
        if number >= _NAMED:
            at = _after_name(value, at)
        several = bool(kind & _SEVERAL)
        kind &= ~_SEVERAL
        values = 1
        if several or kind in _VARIABLE:
            (values,), at = struct.unpack_from("<I", value, at), at + 4
        for _ in range(values):
            size, at = (
                (struct.unpack_from("<I", value, at)[0], at + 4)
                if kind in _VARIABLE
                else (_SIZES[kind], at)
            )
            if at + size > len(value):
                raise NotTnefError
            if not several:
                yield number, _typed(kind, value[at : at + size], codepage)
            at += size + -size % 4


def _typed(kind: int, raw: bytes, codepage: str) -> str | bytes:
    if kind == _UNICODE:
        return raw.decode("utf-16-le").rstrip("\0")
    return decode_unnamed(raw.rstrip(b"\0"), codepage) if kind == 0x001E else raw


def _after_name(value: bytes, at: int) -> int:
    """Where a named property's value begins: after its GUID, and a number or a text."""
    (is_text,) = struct.unpack_from("<I", value, at + 16)
    if not is_text:
        return at + 24
    length: int = struct.unpack_from("<I", value, at + 20)[0]
    return at + 24 + length + -length % 4
