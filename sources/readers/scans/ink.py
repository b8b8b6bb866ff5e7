"""Ink and paper: shadows taken from the paper, red stamps from the ink, and what of the rest is
ink at all."""

from __future__ import annotations

import cv2
import numpy as np

from sources.readers.scans.pixels import FLAT_DPI, Box, Pixels

_RED = 28  # levels by which red must exceed green and blue: a stamp, on any paper
_SURE_LEVEL = 150  # of 255: darker is ink of any scan
_PALE_INK, _NO_INK = 50, 190  # of 255, the darkest of a page: paler than print, or a blank page
_SPECK = 14  # pixels at 300 dpi: less is dust, a full stop has 20


def clean_paper(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """The page in grey, its paper white everywhere and its ink black, without red ink; and a mask
    of where that was."""
    if pixels.ndim == 2:
        grey, red = pixels, np.zeros(pixels.shape, np.uint8)
    else:
        grey, red = _without_red(pixels)
    height, width = grey.shape
    small = cv2.resize(
        grey, (max(width // 8, 8), max(height // 8, 8)), interpolation=cv2.INTER_AREA
    )
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), 21)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return _stretched(cv2.divide(grey, paper, scale=250)), red


def _stretched(grey: Pixels) -> Pixels:
    """The page with its darkest ink black: a copy made with little toner is grey."""
    darkest = float(np.percentile(grey[::3, ::3], 0.3))
    if not _PALE_INK < darkest < _NO_INK:
        return grey
    return cv2.LUT(
        grey,
        np.clip(255 - (255 - np.arange(256)) * (235 / (255 - darkest)), 0, 255).astype(np.uint8),
    )


def _without_red(pixels: Pixels) -> tuple[Pixels, Pixels]:
    red, green, blue = cv2.split(pixels)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    excess = cv2.subtract(red, cv2.max(green, blue))
    stamp = cv2.inRange(cv2.blur(excess, (3, 3)), _RED, 255)
    stamp = cv2.morphologyEx(stamp, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    if not stamp.any():
        return grey, stamp
    wide = cv2.dilate(stamp, np.ones((5, 5), np.uint8))
    level = float(np.percentile(red[stamp > 0], 20))
    through = np.clip(red.astype(np.float32) * (250 / max(level, 60)), 0, 255).astype(np.uint8)
    return np.where(wide > 0, np.maximum(through, grey), grey), wide


def ink_of(grey: Pixels) -> Pixels:
    """A mask of what is surely ink."""
    return np.uint8(255) * (grey < _SURE_LEVEL).astype(np.uint8)


def faint_ink(grey: Pixels, noise: float) -> Pixels:
    """A mask of whatever is a little darker than paper, noise smoothed away."""
    smooth = cv2.GaussianBlur(grey, (0, 0), 2.0)
    level = float(np.median(smooth)) - max(14.0, 5.0 * noise)
    return np.uint8(255) * (smooth < level).astype(np.uint8)


def noise_of(grey: Pixels) -> float:
    """The spread of the paper's own levels after smoothing, which ink must exceed."""
    smooth = cv2.GaussianBlur(grey[::1, ::1], (0, 0), 2.0)
    paper = smooth[smooth > np.median(smooth) - 20]
    return float(paper.std()) if paper.size else 0.0


def pieces(ink: Pixels, least: int = _SPECK) -> list[Box]:
    """The boxes of all connected pieces of ink of at least so many pixels, from the left."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    kept = stats[1:][stats[1:, 4] >= least]
    found = [Box(x, y, x + w, y + h) for x, y, w, h, _ in kept.tolist()]
    return sorted(found, key=lambda box: (box.left, box.top))


assert FLAT_DPI == 300  # all lengths above are pixels of it
