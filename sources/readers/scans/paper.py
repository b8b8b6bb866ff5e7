"""Where the sheet lies in a photograph: four corners, or the whole picture where no sheet is surely
seen."""

from __future__ import annotations

import cv2
import numpy as np

from sources.readers.scans.pixels import Pixels

_LOOK_SIZE = 600  # pixels of the longer side of the picture that is looked at
_AREA = (0.25, 0.97)  # of the picture, that a sheet may fill
_MIN_FILLED = 0.95  # of the four corners' area, that is bright: a sheet has straight sides
_BEYOND = 7  # pixels across a side, where both paper and table are compared
_MIN_BRIGHTER = 1.2  # times, the paper than what it lies on
_MIN_SIDE = 0.85  # of a side, along which that must hold


def paper_corners(grey: Pixels) -> Pixels | None:
    """The corners of a bright sheet that lies on something darker, from the top left clockwise.

    A shadow over half of the sheet has a straight edge too: of all levels of brightness the one is
    taken that shows the largest sheet, and none over whose edge anything is written.
    """
    scale = _LOOK_SIZE / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (5, 5), 0)
    found: list[tuple[float, Pixels]] = []
    for level in range(25, 225, 8):
        corners = _bright_corners(small, level)
        if corners is not None and _stands_out(small, corners):
            found.append((float(cv2.contourArea(corners)), corners))
    if not found:
        return None
    corners = max(found, key=lambda one: one[0])[1]
    return None if _is_written_over(small, corners) else corners / scale


def _bright_corners(small: Pixels, level: int) -> Pixels | None:
    bright: Pixels = np.uint8(255) * (small > level).astype(np.uint8)
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    shapes, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not shapes:
        return None
    hull = cv2.convexHull(max(shapes, key=cv2.contourArea))
    if not _AREA[0] < cv2.contourArea(hull) / small.size < _AREA[1]:
        return None
    corners = cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, True), True).reshape(-1, 2)
    if len(corners) != 4:
        return None
    inside = np.zeros_like(small)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 255)
    if (bright[inside > 0] > 0).mean() < _MIN_FILLED:
        return None
    total, difference = corners.sum(axis=1), corners[:, 1] - corners[:, 0]
    order = [total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]
    return corners[order].astype(np.float32) if len(set(map(int, order))) == 4 else None


def _stands_out(small: Pixels, corners: Pixels) -> bool:
    """Whether along each side that is not the picture's own edge the paper is brighter than what
    lies beyond."""
    height, width = small.shape
    middle = corners.mean(axis=0)
    for n in range(4):
        start, end = corners[n], corners[(n + 1) % 4]
        along = start + (end - start) * np.linspace(0.05, 0.95, 60)[:, None]
        outward = np.array([(end - start)[1], -(end - start)[0]])
        outward = outward / max(float(np.linalg.norm(outward)), 1e-6)
        if float(((start + end) / 2 - middle) @ outward) < 0:
            outward = -outward
        beyond = np.rint(along + _BEYOND * outward).astype(int)
        within = np.rint(along - _BEYOND * outward).astype(int)
        seen = (
            (beyond[:, 0] >= 0)
            & (beyond[:, 0] < width)
            & (beyond[:, 1] >= 0)
            & (beyond[:, 1] < height)
        )
        if seen.sum() < 10:
            continue
        outer = small[beyond[seen, 1], beyond[seen, 0]].astype(np.float32)
        inner = small[within[seen, 1], within[seen, 0]].astype(np.float32)
        if (inner > _MIN_BRIGHTER * outer + 8).mean() < _MIN_SIDE:
            return False
    return True


def _is_written_over(small: Pixels, corners: Pixels) -> bool:
    """Whether fine dark strokes stand beyond the sheet's sides as they do within."""
    strokes = cv2.morphologyEx(small, cv2.MORPH_BLACKHAT, np.ones((7, 7), np.uint8))
    share = strokes.astype(np.float32) / np.maximum(cv2.dilate(small, np.ones((7, 7), np.uint8)), 1)
    inside = np.zeros_like(small)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 255)
    beyond = cv2.dilate(inside, np.ones((9, 9), np.uint8)) == 0
    if not beyond.any():
        return False
    return float((share[beyond] > 0.25).mean()) > 0.01
