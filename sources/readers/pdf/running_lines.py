"""What stands on every page: page numbers are left out, a header is read once. Only what is
certainly one is left out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from sources.readers.pdf.lines import TextLine
from sources.readers.pdf.pages import PageText

_NUMBER = re.compile(r"^\W*(?:trang\s*|page\s*)?(\d{1,3})(?:\s*/\s*\d{1,3})?\W*$", re.IGNORECASE)
_NUMBER_IN_LINE = re.compile(
    r"(?<![\d./,-])(?:(trang|page)\s*)?(\d{1,3})(?![\d.,-]*\d)", re.IGNORECASE
)
_MARGIN = 0.12  # of the page's height
_SAME_HEIGHT = 3.0  # points
_MIN_PAGES = 3
_HIGH = 0.08  # of the page's height: above the text
_MAX_LINES = 2  # at each end of a page


class _Place(NamedTuple):
    """What a line says and where: pages of another size keep it as far from their edge.

    shift  of the number in it that counts the pages, from the page's own; None without one
    """

    text: str
    is_high: bool
    from_edge: int
    shift: int | None = None
    is_named: bool = False  # the number follows the word "trang"


def take_out_running_lines(pages: list[PageText]) -> list[TextLine]:
    """Takes page numbers, and lines that stand at one place of most pages, out of the pages; the
    first of each such header. A number that counts the pages may stand in them."""
    _take_out_numbers(pages)
    found: dict[_Place, list[tuple[PageText, TextLine]]] = defaultdict(list)
    for page in pages:
        for line in _ends(page):
            for place in _places(line, page):
                found[place].append((page, line))
    headers: list[TextLine] = []
    for place, lines in found.items():
        if not _is_running(place, lines, len(pages)):
            continue
        if place.is_high and any(line is lines[0][1] for line in lines[0][0].lines):
            headers.append(lines[0][1])
        for page, line in lines:
            page.lines = [other for other in page.lines if other is not line]
    return headers


def _is_running(place: _Place, lines: list[tuple[PageText, TextLine]], page_count: int) -> bool:
    if place.shift is not None and place.is_high and not place.is_named:
        return False  # titles count too: "PHỤ LỤC 1" on a page, "PHỤ LỤC 2" on the next
    count = len({page.number for page, _ in lines})
    if count == page_count == 2:
        highest = all(line.base < _HIGH * page.height for page, line in lines)
        return place.is_named or (highest and place.shift is None)
    return count >= _MIN_PAGES and count >= page_count - 1


def _places(line: TextLine, page: PageText) -> set[_Place]:
    """The line's place as it stands, and with each number that may count the pages left out."""
    text = " ".join(line.text.split())
    is_high = line.base < page.height / 2
    from_edge = round(line.base if is_high else page.height - line.base)
    places = {_Place(text, is_high, from_edge)}
    for match in _NUMBER_IN_LINE.finditer(text):
        rest = f"{text[: match.start(2)]}#{text[match.end(2) :]}"
        shift = int(match[2]) - page.number
        places.add(_Place(rest, is_high, from_edge, shift, match[1] is not None))
    return places


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


def _is_alone(line: TextLine, page: PageText) -> bool:
    return not any(
        other is not line and abs(other.base - line.base) < _SAME_HEIGHT for other in page.lines
    )
