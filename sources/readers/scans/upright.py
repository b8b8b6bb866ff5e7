"""Pages that were scanned upside down or on their side: an upside-down 6 is a sure 9, so no page is
read before its words are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sources.readers.page_images import PageImage
from sources.readers.scans.engines import Engines
from sources.readers.scans.flat_pages import FlatPage, flatten
from sources.readers.scans.ink import ink_of, pieces
from sources.readers.scans.line_boxes import crop_of, segments_on_page
from sources.readers.scans.pixels import Pixels
from sources.readers.scans.refusals import too_much_ink, unreadable_words
from sources.readers.scans.ruled_tables import RuledTable, find_tables

_SAMPLE = 10  # lines, the longest
_WELL_READ, _READ_AT_ALL = 62.0, 42.0  # mean confidence of the words of the sample
_MAX_PIECES = 20_000  # of ink on a page: a full one has 6,000
_MIN_LETTERS = 4  # of a line that tells


def upright_page(page: PageImage, engines: Engines) -> tuple[FlatPage, list[RuledTable], Pixels]:
    """The page flat and upright, its tables, and it in grey without their rules.

    Raises RefusedFile (unreadable), also where the words can be read whichever way it is turned.
    """
    flat = flatten(page)
    seen = _tables(flat)
    best = _confidence(seen[1], engines)
    if best is None or best >= _WELL_READ:
        return flat, *seen
    for turn in (2, 1, 3):
        turned = _turned(page, turn)
        other = _tables(turned)
        confidence = _confidence(other[1], engines)
        if confidence is not None and confidence > best:
            best, flat, seen = confidence, turned, other
        if best >= _WELL_READ:
            break
    if best < _READ_AT_ALL:
        raise unreadable_words(page.number)
    return flat, *seen


def _tables(flat: FlatPage) -> tuple[list[RuledTable], Pixels]:
    if len(pieces(ink_of(flat.grey))) > _MAX_PIECES:
        raise too_much_ink(flat.number)
    return find_tables(flat)


def _confidence(grey: Pixels, engines: Engines) -> float | None:
    """How sure Tesseract is of the page's longest lines; None where there are none to tell by."""
    lines = [
        line
        for line in segments_on_page(pieces(ink_of(grey)))
        if len(line.letters) >= _MIN_LETTERS and line.box.height <= 130
    ]
    lines.sort(key=lambda line: len(line.letters), reverse=True)
    read = [
        word.confidence
        for line in lines[:_SAMPLE]
        for word in engines.words.read_words(crop_of(line, grey, 10), is_one_line=True)
    ]
    return sum(read) / len(read) if read else None


def _turned(page: PageImage, turn: int) -> FlatPage:
    """The page turned by quarters to the left, its boxes still those of the page as it is shown."""
    height, width = page.pixels.shape[:2]
    pixels = np.ascontiguousarray(np.rot90(page.pixels, turn))
    flat = flatten(PageImage(page.number, pixels, page.dpi))
    back = {
        1: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
        2: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        3: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
    }[turn]
    to_shown = np.array(back, np.float64) @ flat.to_shown
    return replace(flat, to_shown=to_shown, shown_size=(width, height))
