"""What stands on one page of a PDF, as it is shown: points, from the top left corner, turned
upright.

A page's numbers are points (1/72 inch); y grows downwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sources.readers.text_effects import TextEffect


@dataclass(slots=True)
class Glyph:
    """A letter as drawn; `text` is what the file says it is, before any decoding of a legacy font.

    x0, x1          from its origin to where the next one begins, along its line
    base            its baseline, across its line; both as if the line were not turned
    left … bottom   the box of its ink on the page
    across, down    its middle on the page
    size            of its font, as shown
    font            the number of its font on the page
    order           of the text object that draws it
    is_skewed       whether it is slanted by the program, for want of an italic font
    is_space        whether nothing of it is seen, whatever its look
    turn            quarter turns against the clock that its line is turned by; -1 for no right angle
    """

    text: str
    x0: float
    x1: float
    base: float
    left: float
    top: float
    right: float
    bottom: float
    across: float
    down: float
    size: float
    font: int
    order: int
    turn: int = 0
    bold: bool = False
    effect: TextEffect = "plain"
    is_space: bool = False
    is_skewed: bool = False


@dataclass(slots=True)
class Font:
    """A font of a page: its name, with the mark of a subset in `key`, whether it is bold, what makes
    Unicode of its text where it is a legacy one, and PDFium's handle."""

    name: str
    key: str
    bold: bool
    decode: Callable[[str], str] | None = None
    handle: Any = None


class Box(NamedTuple):
    """A rectangle: a picture, a cell, a table."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        """In square points."""
        return max(self.right - self.left, 0) * max(self.bottom - self.top, 0)

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies in it."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


class Rule(NamedTuple):
    """A drawn line along an axis: `at` is its place across, `start` and `end` along."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Picture:
    """An image on the page: where, and how many dots an inch it has."""

    box: Box
    dpi: int


@dataclass(slots=True)
class PageContent:
    """All that stands on a page. `curves` are the boxes of filled shapes that are no rectangles,
    `notes` the texts of comments with the place they hang on."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    fonts: list[Font] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    curves: list[Box] = field(default_factory=list)
    notes: list[tuple[float, float, str]] = field(default_factory=list)
