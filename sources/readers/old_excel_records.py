"""What the records of an xls say beyond values: hidden rows and columns, a filter's range, rich
text, comments."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from sources.readers.ink import Colour

_ROW, _COLINFO, _NOTE, _OBJECT, _TEXT_OBJECT, _CONTINUE = 0x208, 0x7D, 0x1C, 0x5D, 0x1B6, 0x3C
_FIRST_OF_PALETTE, _STYLE_WITH_FILL = 8, 20
_FILTERS = (0x9B, 0x9E)  # a sheet that is filtered, a column's condition
_ROW_IS_HIDDEN = 0x20
_RANGE_ON_A_SHEET = 0x3B  # in a formula
_FILTER_NAME = b"\x0d"  # of the built-in names

Record = tuple[int, bytes]
# the text, and from which letters on it is in which font
RichText = tuple[str, tuple[tuple[int, int], ...]]


@dataclass(slots=True)
class Unseen:
    """What a sheet does not show, by zero-based places, and what is noted on its cells."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    comments: dict[tuple[int, int], str] = field(default_factory=dict)


def unseen_in(records: Iterable[Record]) -> Unseen:
    """What the sheet's records say of hidden rows and columns, of a filter and of comments."""
    unseen, texts, places = Unseen(), dict[int, str](), dict[int, tuple[int, int]]()
    shape = length = 0
    for kind, body in records:
        if kind == _ROW and body[12] & _ROW_IS_HIDDEN:
            unseen.rows.add(struct.unpack_from("<H", body)[0])
        elif kind == _COLINFO:
            first, last, width, _, flags = struct.unpack_from("<5H", body)
            if flags & 1 or not width:
                unseen.columns.update(range(first, min(last, 255) + 1))
        elif kind in _FILTERS:
            unseen.is_filtered = True
        elif kind == _NOTE and len(body) >= 8:
            row, column, _, number = struct.unpack_from("<4H", body)
            places[number] = row, column
        elif kind == _OBJECT and len(body) >= 8:
            shape = struct.unpack_from("<H", body, 6)[0]
        elif kind == _TEXT_OBJECT and len(body) >= 12:
            length = struct.unpack_from("<H", body, 10)[0]
        elif kind == _CONTINUE and length and body:
            texts[shape], length = _letters(body[1:], body[0])[:length], 0
    unseen.comments = {
        place: text for number, place in places.items() if (text := texts.get(number, "").strip())
    }
    return unseen


def filter_range(name: bytes) -> tuple[int, range] | None:
    """The number of the sheet and the rows below the header of its filter, where a defined name's
    record tells them."""
    # of the formula, behind a name of one letter
    start = 17 if len(name) > 14 and name[14] & 1 else 16
    if (
        len(name) < start + 11
        or name[3] != 1
        or name[15:16] != _FILTER_NAME
        or name[start] != _RANGE_ON_A_SHEET
    ):
        return None
    top, bottom = struct.unpack_from("<HH", name, start + 3)
    return struct.unpack_from("<H", name, 8)[0] - 1, range(top + 1, bottom + 1)


def palette_of(body: bytes) -> dict[int, Colour]:
    """The colours of a palette's record, by their numbers."""
    count = min(struct.unpack_from("<H", body)[0], (len(body) - 2) // 4)
    found = (struct.unpack_from("<BBB", body, 2 + 4 * n) for n in range(count))
    return {_FIRST_OF_PALETTE + n: (red, green, blue) for n, (red, green, blue) in enumerate(found)}


def fill_in(style: bytes) -> tuple[int, int]:
    """The pattern and colour that the record of a style fills cells with; none in the short records
    of older versions."""
    if len(style) < _STYLE_WITH_FILL:
        return 0, 0
    borders, colours = struct.unpack_from("<IH", style, 14)
    return borders >> 26, colours & 0x7F


def rich_texts(parts: list[bytes]) -> dict[int, RichText]:
    """The shared strings that are set in several fonts, by number. A table that is cut off yields
    what stands before.

    `parts` are the table's record and those that continue it.
    """
    reader, found = _Parts(parts), {}
    try:
        _, count = struct.unpack("<II", reader.take(8))
        for number in range(count):
            length, flags = struct.unpack("<HB", reader.take(3))
            runs = struct.unpack("<H", reader.take(2))[0] if flags & 8 else 0
            more = struct.unpack("<I", reader.take(4))[0] if flags & 4 else 0
            text = reader.letters(length, flags)
            fonts = tuple(struct.unpack("<HH", reader.take(4)) for _ in range(runs))
            reader.take(more)
            if fonts:
                found[number] = text, fonts
    except struct.error:
        pass
    return found


class _Parts:
    """Bytes that go on in the next record; where letters do, a byte before them repeats how wide
    they are."""

    def __init__(self, parts: list[bytes]) -> None:
        self.parts, self.part, self.place = parts, 0, 0

    def take(self, size: int) -> bytes:
        """The next bytes, fewer where there are no more."""
        read = b""
        while True:
            piece = self.parts[self.part][self.place : self.place + size - len(read)]
            read, self.place = read + piece, self.place + len(piece)
            if len(read) == size or not self._next():
                return read

    def letters(self, count: int, flags: int) -> str:
        """The next letters."""
        text = ""
        while True:
            width = 1 + (flags & 1)
            here = min(count, (len(self.parts[self.part]) - self.place) // width)
            text, count = text + _letters(self.take(here * width), flags), count - here
            if not count or not self._next():
                return text
            flags = self.take(1)[0]

    def _next(self) -> bool:
        self.part, self.place = self.part + 1, 0
        if self.part < len(self.parts):
            return True
        self.part, self.place = len(self.parts) - 1, len(self.parts[-1])
        return False


def _letters(body: bytes, flags: int) -> str:
    return body.decode("utf-16-le", errors="replace") if flags & 1 else body.decode("latin-1")
