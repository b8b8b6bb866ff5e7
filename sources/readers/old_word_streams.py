"""The streams of an old Word file (.doc), and the pages in which it keeps how its text looks."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Protocol

from sources.readers.refusals import broken

_PAGE = 512  # bytes, the last of which is the number of its entries
_PARAGRAPH_ENTRY = 13  # bytes that point to the properties of a paragraph

Entry = tuple[int, int, bytes]  # from one place in the text's stream to another: the properties


class Place(Protocol):
    """Where a table lies among the tables, and how long it is."""

    @property
    def fc(self) -> int:
        """Its first byte."""
        ...

    @property
    def lcb(self) -> int:
        """How many bytes it has."""
        ...


@dataclass(frozen=True, slots=True)
class Streams:
    """The streams of the file that hold text, tables of places, and data."""

    text: bytes
    tables: bytes
    data: bytes

    def table(self, place: Place) -> bytes:
        """The table that lies at a place. Raises RefusedFile where it is cut off."""
        found = self.tables[place.fc : place.fc + place.lcb]
        if len(found) != place.lcb:
            raise broken()
        return found

    def positions(self, place: Place, record: int) -> tuple[list[int], bytes]:
        """A table's n + 1 positions in the text, and as one block its n records of a size."""
        table = self.table(place)
        if len(table) < 4:
            return [], b""
        count = (len(table) - 4) // (4 + record)
        return list(struct.unpack_from(f"<{count + 1}I", table)), table[4 * count + 4 :]


@dataclass(slots=True)
class Entries:
    """Entries of properties in the order of their places."""

    entries: list[Entry]
    _starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.entries.sort()
        self._starts = [start for start, _, _ in self.entries]

    def at(self, place: int, stop: int) -> tuple[bytes, int]:
        """The properties at a place, none where nothing tells, and up to where they hold."""
        after = bisect_right(self._starts, place)
        following = self._starts[after] if after < len(self._starts) else stop
        if after and place < self.entries[after - 1][1]:
            return self.entries[after - 1][2], min(self.entries[after - 1][1], following, stop)
        return b"", min(following, stop)


def letter_entries(streams: Streams, place: Place) -> Entries:
    """The properties of letters. Raises RefusedFile where a page is broken."""
    return Entries(list(_entries(streams, place, _of_letters)))


def paragraph_entries(streams: Streams, place: Place) -> Entries:
    """The properties of paragraphs, their style first. Raises RefusedFile where a page is
    broken."""
    return Entries(list(_entries(streams, place, _of_paragraphs)))


def _entries(
    streams: Streams, place: Place, entries_of: Callable[[bytes], Iterator[Entry]]
) -> Iterator[Entry]:
    """The entries of all pages, each for those places that the table gives its page."""
    starts, pages = streams.positions(place, 4)
    for number, (first, last) in enumerate(pairwise(starts)):
        page_number = struct.unpack_from("<I", pages, 4 * number)[0] & 0x3FFFFF
        page = streams.text[page_number * _PAGE : (page_number + 1) * _PAGE]
        if len(page) != _PAGE or first >= last:
            raise broken()
        for start, end, properties in entries_of(page):
            if start >= end:
                raise broken()
            if max(start, first) < min(end, last):
                yield max(start, first), min(end, last), properties


def _of_letters(page: bytes) -> Iterator[Entry]:
    count = page[-1]
    at = 4 * (count + 1)
    if at + count >= _PAGE:
        raise broken()
    starts = struct.unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        offset = page[at + number] * 2
        size = page[offset] if offset else 0
        yield starts[number], starts[number + 1], _within(page, offset + 1, size)


def _of_paragraphs(page: bytes) -> Iterator[Entry]:
    count = page[-1]
    at = 4 * (count + 1)
    if at + count * _PARAGRAPH_ENTRY >= _PAGE:
        raise broken()
    starts = struct.unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        offset = page[at + number * _PARAGRAPH_ENTRY] * 2
        if not offset:
            properties = b""
        elif page[offset]:
            properties = _within(page, offset + 1, page[offset] * 2 - 1)
        else:
            properties = _within(page, offset + 2, page[min(offset + 1, _PAGE - 1)] * 2)
        yield starts[number], starts[number + 1], properties


def _within(page: bytes, start: int, size: int) -> bytes:
    if start + size >= _PAGE and size:
        raise broken()
    return page[start : start + size]
