"""From a PDF page's own coordinates, which grow upwards, to those of the page as it is shown."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

from sources.readers.pdf.content import Box
from sources.readers.pdf.engine import pdfium
from sources.readers.refusals import page_size

_MAX_SIDE = 3_500  # points: A0, the largest sheet an office prints on, has 3,370
_MIN_SIDE = 72


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the page that is shown, and by how many quarter turns with the clock."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as shown."""
        sides = self.right - self.left, self.top - self.bottom
        return (sides[1], sides[0]) if self.turns % 2 else sides

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page is shown."""
        match self.turns % 4:
            case 1:
                return y - self.bottom, x - self.left
            case 2:
                return self.right - x, y - self.bottom
            case 3:
                return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Where a rectangle is shown, given from its lower left corner to its upper right one."""
        if not self.turns:  # as nearly all pages are, for each of their letters
            return Box(x0 - self.left, self.top - y1, x1 - self.left, self.top - y0)
        (a, b), (c, d) = self.point(x0, y0), self.point(x1, y1)
        return Box(min(a, c), min(b, d), max(a, c), max(b, d))


def frame_of(page: Any, turns: int = 0) -> Frame:
    """The frame of a page that is turned by as many quarters more than it says. Raises RefusedFile
    where its size is no sheet's."""
    raw = pdfium()
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box))
    frame = Frame(
        box.left, box.bottom, box.right, box.top, (raw.FPDFPage_GetRotation(page) + turns) % 4
    )
    if not all(_MIN_SIDE <= side <= _MAX_SIDE for side in frame.size):
        raise page_size()
    return frame
