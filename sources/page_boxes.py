"""Where something stands on a page: a box, and how it is written as text."""

from __future__ import annotations

from collections.abc import Iterable

# Left, top, right, bottom in ten thousandths of the page's width and height.
PageBox = tuple[int, int, int, int]


def box_text(box: Iterable[int]) -> str:
    """The box as 100,200,300,400."""
    return ",".join(map(str, box))


def parse_box(text: str) -> PageBox:
    """The box that such a text gives. Raises ValueError for any other."""
    left, top, right, bottom = map(int, text.split(","))
    return left, top, right, bottom
