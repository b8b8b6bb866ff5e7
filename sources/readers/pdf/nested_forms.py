"""Forms that draw each other: a few lines of a PDF that draw themselves ten times over, ten levels
deep, fill any memory before PDFium has a page to show."""

from __future__ import annotations

import re
from collections import defaultdict

from sources.readers.pdf.unpacking import unpacked_pieces
from sources.readers.refusals import pdf_bomb

_OBJECT = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+obj\b(.{0,8192}?)(?:\bstream\r?\n|\bendobj)", re.S)
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_REFERENCE = re.compile(rb"(\d{1,10})\s+\d{1,5}\s+R\b")
_DRAWN = re.compile(rb"\sDo\b")
_MAX_DRAWN = 20_000  # forms, those within forms counted each time


def check_forms(data: bytes) -> None:
    """Raises RefusedFile where forms draw themselves, or each other more often than any report
    needs."""
    if not _FORM.search(data):
        return
    mentions: dict[int, set[int]] = defaultdict(set)
    draws: dict[int, int] = {}
    for found in _OBJECT.finditer(data):
        number, head = int(found[1]), found[2]
        mentions[number] |= {int(other) for other in _REFERENCE.findall(head)}
        if _FORM.search(head):
            content = _content(data, found.end())
            draws[number] = len(_DRAWN.findall(content))
    _Counter(mentions, draws).check()


def _content(data: bytes, start: int) -> bytes:
    """The first MiB of a stream, unpacked."""
    end = data.find(b"endstream", start)
    if data[start : start + 1] == b"\x78":
        return next(unpacked_pieces(data, start), b"")
    return data[start : end if end >= 0 else None][: 1 << 20]


class _Counter:
    """How often forms are drawn, where one draws others."""

    def __init__(self, mentions: dict[int, set[int]], draws: dict[int, int]) -> None:
        self.mentions, self.draws = mentions, draws
        self.counted: dict[int, int] = {}

    def check(self) -> None:
        for form in self.draws:
            self._count(form, ())

    def _count(self, form: int, outer: tuple[int, ...]) -> int:
        if form in outer or len(outer) > 20:
            raise pdf_bomb("hình lồng vòng")
        if form not in self.counted:
            inner = [
                self._count(other, (*outer, form))
                for other in self._forms_of(form)
                if self.draws[form]
            ]
            self.counted[form] = 1 + self.draws[form] * max(inner, default=0)
            if self.counted[form] > _MAX_DRAWN:
                raise pdf_bomb("hình lồng nhiều lớp")
        return self.counted[form]

    def _forms_of(self, form: int) -> set[int]:
        """The forms that a form's resources name, directly or over other objects."""
        found: set[int] = set()
        seen: set[int] = set()
        waiting = list(self.mentions[form])
        while waiting and len(seen) < 1000:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            if number in self.draws:
                found.add(number)
            else:
                waiting += self.mentions.get(number, ())
        return found
