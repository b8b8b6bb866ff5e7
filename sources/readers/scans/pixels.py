"""Pictures as arrays, and what is asked of them everywhere: where the ink is, where long straight
rules are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[Any]
FLAT_DPI = 300  # of the flat page, on which all lengths in this folder are measured
_RULE_LEVEL = 200  # of 255, paper being white: a thin rule is grey in a scan of 150 dpi


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a flat page: left and top within, right and bottom just outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Its width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return self.bottom - self.top

    def of(self, pixels: Pixels) -> Pixels:
        """What of the picture stands in it."""
        return pixels[self.top : self.bottom, self.left : self.right]

    def grown(self, across: int, down: int, within: Pixels) -> Box:
        """A larger box that ends at the picture's edges."""
        height, width = within.shape[:2]
        return Box(
            max(self.left - across, 0),
            max(self.top - down, 0),
            min(self.right + across, width),
            min(self.bottom + down, height),
        )

    def around(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def rules(grey: Pixels, dpi: int) -> tuple[Pixels, Pixels]:
    """Masks of the long horizontal and of the long vertical lines of a page that stands straight."""
    dark = np.uint8(255) * (grey < _RULE_LEVEL).astype(np.uint8)
    solid = round(0.06 * dpi)
    block = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((solid, solid), np.uint8))
    dark = np.where(block > 0, np.uint8(0), dark)  # a dark desk around the sheet is no rule
    across, down = round(0.30 * dpi), round(0.22 * dpi)
    bridge = max(round(0.03 * dpi), 3)
    horizontal = cv2.dilate(dark, np.ones((3, 1), np.uint8))
    horizontal = cv2.morphologyEx(horizontal, cv2.MORPH_OPEN, np.ones((1, across), np.uint8))
    horizontal = cv2.morphologyEx(horizontal, cv2.MORPH_CLOSE, np.ones((1, bridge), np.uint8))
    vertical = cv2.dilate(dark, np.ones((1, 3), np.uint8))
    vertical = cv2.morphologyEx(vertical, cv2.MORPH_OPEN, np.ones((down, 1), np.uint8))
    vertical = cv2.morphologyEx(vertical, cv2.MORPH_CLOSE, np.ones((bridge, 1), np.uint8))
    return horizontal, vertical
