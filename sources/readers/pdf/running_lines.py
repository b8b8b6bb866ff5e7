"""What stands on every page: page numbers are left out, a header is read once. Only what is
certainly one is left out."""

from __future__ import annotations

import re
from collections import Counter

from sources.readers.pdf.lines import TextLine
from sources.readers.pdf.pages import PageText

_NUMBER = re.compile(r"^\W*(?:trang\s*|page\s*)?(\d{1,3})(?:\s*/\s*\d{1,3})?\W*$", re.IGNORECASE)
_MARGIN = 0.12  # of the page's height
_SAME_HEIGHT = 3.0  # points
_MIN_PAGES = 3
_HIGH = 0.08  # of the page's height: above the text
_MAX_LINES = 2  # at each end of a page


def take_out_running_lines(pages: list[PageText]) -> list[TextLine]:
    """Takes page numbers, and lines that stand at one place of most pages, out of the pages; the
    first of each such header."""
    _take_out_numbers(pages)
    places = Counter(
        place for page in pages for place in {_place(line, page) for line in _ends(page)}
    )
    headers: list[TextLine] = []
    for place, count in places.items():
        is_on_both = count == len(pages) == 2 and place[1] < _HIGH
        if not is_on_both and (count < _MIN_PAGES or count < len(pages) - 1):
            continue
        found = [
            (page, line) for page in pages for line in _ends(page) if _place(line, page) == place
        ]
        if place[1] < 0.5:
            headers.append(found[0][1])
        for page, line in found:
            page.lines = [other for other in page.lines if other is not line]
    return headers


def _take_out_numbers(pages: list[PageText]) -> None:
    found = [
        (page, line, int(match[1]) - page.number)
        for page in pages
        for line in _ends(page)
        if (match := _NUMBER.match(line.text.strip())) and _is_alone(line, page)
    ]
    shifts = Counter(shift for _, _, shift in found)
    for page, line, shift in found:
        if shift == 0 or shifts[shift] > 1:
            page.lines = [other for other in page.lines if other is not line]


def _ends(page: PageText) -> list[TextLine]:
    """The outermost lines in the page's margins, outside its tables."""
    lines = sorted(page.lines, key=lambda line: line.base)
    tops = [cells.table.ys[0] for cells in page.tables]
    bottoms = [cells.table.ys[-1] for cells in page.tables]
    high = [
        line
        for line in lines[:_MAX_LINES]
        if line.base < _MARGIN * page.height and line.base < min(tops, default=page.height)
    ]
    low = [
        line
        for line in lines[-_MAX_LINES:]
        if line.base > (1 - _MARGIN) * page.height and line.base > max(bottoms, default=0)
    ]
    return high + low


def _place(line: TextLine, page: PageText) -> tuple[str, float]:
    return " ".join(line.text.split()), round(line.base / page.height, 2)


def _is_alone(line: TextLine, page: PageText) -> bool:
    return not any(
        other is not line and abs(other.base - line.base) < _SAME_HEIGHT for other in page.lines
    )
