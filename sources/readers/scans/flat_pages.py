"""A page as it lay before the camera or on the glass made flat: upright, straight, 300 dpi, paper
white and ink dark, red stamps taken out."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from sources.readers.page_images import PageImage
from sources.readers.scans.ink import clean_paper
from sources.readers.scans.paper import paper_corners
from sources.readers.scans.pixels import FLAT_DPI, Box, Pixels, rules
from sources.readers.scans.refusals import resolution_too_low

MIN_DPI = 120
_LOOK_DPI = 150  # of the smaller picture on which skew and tables are looked for
_MAX_SKEW = 12.0  # degrees
_MAX_SIDE = 5400  # pixels of the flat page: A3 and a little
_A4 = 8.27 / 11.69
_Matrix = Pixels


@dataclass(frozen=True, slots=True)
class FlatPage:
    """The page in grey at 300 dpi; `stamped` marks where red ink was taken out; `to_shown` leads
    from it to the picture as it came."""

    number: int
    grey: Pixels
    stamped: Pixels
    to_shown: Pixels
    shown_size: tuple[int, int]

    def shown_box(self, box: Box) -> tuple[int, int, int, int]:
        """The box in ten thousandths of the picture as it came."""
        corners = np.array(
            [
                [box.left, box.top],
                [box.right, box.top],
                [box.right, box.bottom],
                [box.left, box.bottom],
            ],
            np.float32,
        )
        shown = cv2.perspectiveTransform(corners[None], self.to_shown)[0]
        share = np.clip(shown / np.array(self.shown_size, np.float32), 0, 1) * 10_000
        (left, top), (right, bottom) = share.min(axis=0), share.max(axis=0)
        return round(float(left)), round(float(top)), round(float(right)), round(float(bottom))


def flatten(page: PageImage) -> FlatPage:
    """The page made flat. Raises RefusedFile where it has fewer than 120 dots to an inch."""
    height, width = page.pixels.shape[:2]
    grey = cv2.cvtColor(page.pixels, cv2.COLOR_RGB2GRAY)
    dpi, matrix, size = _sheet(grey, page.dpi)
    if dpi < MIN_DPI:
        raise resolution_too_low(page.number)
    matrix, size = _straightened(grey, matrix, size)
    flat = _warped(page.pixels, matrix, size, dpi)
    clean, stamped = clean_paper(flat)
    return FlatPage(page.number, clean, stamped, np.linalg.inv(matrix), (width, height))


def _sheet(grey: Pixels, dpi: int) -> tuple[float, _Matrix, tuple[int, int]]:
    """Dots to an inch of the paper itself, the matrix from the picture to it at 300 dpi, and its
    size there."""
    height, width = grey.shape
    corners = paper_corners(grey)
    if corners is None:
        scale = min(FLAT_DPI / dpi, _MAX_SIDE / max(height, width))
        return dpi, np.diag([scale, scale, 1.0]), (round(width * scale), round(height * scale))
    top, right, bottom, left = (
        float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4)
    )
    across, down = (top + bottom) / 2, (left + right) / 2
    long_inches = 11.69
    size = (round(long_inches * FLAT_DPI), round(long_inches * FLAT_DPI * min(1.0, down / across)))
    if abs(min(across, down) / max(across, down) - _A4) < 0.10:
        size = (round(11.69 * FLAT_DPI), round(8.27 * FLAT_DPI))
    if down > across:
        size = (size[1] if size[1] < size[0] else round(size[0] * across / down), size[0])
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return max(across, down) / long_inches, matrix, size


def _straightened(
    grey: Pixels, matrix: _Matrix, size: tuple[int, int]
) -> tuple[_Matrix, tuple[int, int]]:
    """The matrix with the page's skew turned back, and the largest table made a rectangle."""
    down = _LOOK_DPI / FLAT_DPI
    look = np.diag([down, down, 1.0])
    look_size = (round(size[0] * down), round(size[1] * down))
    back = np.diag([1 / down, 1 / down, 1.0])
    seen = clean_paper(_warped(grey, look @ matrix, look_size, 0))[0]
    angle = _skew(seen)
    middle = (size[0] / 2, size[1] / 2)
    turn = np.vstack([cv2.getRotationMatrix2D(middle, angle, 1.0), [0.0, 0.0, 1.0]])
    matrix = turn @ matrix
    seen = clean_paper(_warped(grey, look @ matrix, look_size, 0))[0]
    rectangle = _table_made_rectangle(seen)
    return (matrix if rectangle is None else back @ rectangle @ look @ matrix), size


def _skew(grey: Pixels) -> float:
    """Degrees by which the lines of text or the rules fall: the turn that makes rows of ink and
    rows of paper alternate most."""
    ink = (grey < 160).astype(np.float32)
    best = 0.0
    for shrink, reach, step in ((3, _MAX_SKEW, 0.5), (2, 0.6, 0.15), (1, 0.15, 0.03)):
        small = cv2.resize(ink, None, fx=1 / shrink, fy=1 / shrink, interpolation=cv2.INTER_AREA)
        turns = np.arange(best - reach, best + reach + step / 2, step)
        best = float(turns[int(np.argmax([_alternation(small, turn) for turn in turns]))])
    return best


def _alternation(ink: Pixels, turn: float) -> float:
    height, width = ink.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0)
    rows = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(np.square(np.diff(rows)).sum())


def _table_made_rectangle(grey: Pixels) -> _Matrix | None:
    """The matrix that makes the outer rules of the largest table a rectangle, if there is one."""
    horizontal, vertical = rules(grey, _LOOK_DPI)
    both = cv2.dilate(cv2.bitwise_or(horizontal, vertical), np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(both)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, 2].astype(np.int64) * stats[1:, 3]))
    left, top, width, height = (int(n) for n in stats[largest, :4])
    if width < 0.3 * grey.shape[1] or height < _LOOK_DPI:
        return None
    part = np.s_[top : top + height, left : left + width]
    mine = labels[part] == largest
    corners = _outer_corners(horizontal[part] * mine, vertical[part] * mine)
    if corners is None:
        return None
    corners += np.array([left, top], np.float32)
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    west, north = (x0 + x3) / 2, (y0 + y1) / 2
    east, south = (x1 + x2) / 2, (y2 + y3) / 2
    target = np.array([[west, north], [east, north], [east, south], [west, south]], np.float32)
    if np.abs(target - corners).max() > 0.08 * max(width, height):
        return None
    return cv2.getPerspectiveTransform(corners, target)


def _outer_corners(horizontal: Pixels, vertical: Pixels) -> Pixels | None:
    """Where the table's outermost rules meet, from the top left clockwise; None where they are not
    straight."""
    lines = []
    for mask in (horizontal, horizontal[::-1], vertical.T, vertical.T[::-1]):
        line = _edge_line(mask)
        if line is None:
            return None
        lines.append(line)
    height, width = horizontal.shape
    (a_top, b_top), (a_low, b_low), (a_left, b_left), (a_right, b_right) = lines
    top, low = (a_top, b_top), (-a_low, height - 1 - b_low)
    left, right = (a_left, b_left), (-a_right, width - 1 - b_right)

    def meet(row: tuple[float, float], column: tuple[float, float]) -> tuple[float, float]:
        y = (row[0] * column[1] + row[1]) / (1 - row[0] * column[0])
        return column[0] * y + column[1], y

    return np.array(
        [meet(top, left), meet(top, right), meet(low, right), meet(low, left)], np.float32
    )


def _edge_line(mask: Pixels) -> tuple[float, float] | None:
    """Slope and height of the straight line along the first ink from the top."""
    depth = mask.shape[0]
    first = np.where(mask.any(axis=0), (mask > 0).argmax(axis=0), depth)
    columns = np.arange(len(first))
    kept = first < 0.15 * depth + 8
    for _ in range(4):
        if kept.sum() < 0.5 * len(first):
            return None
        slope, start = np.polyfit(columns[kept], first[kept], 1)
        away = np.abs(first - (slope * columns + start))
        kept = away <= max(2.0, 2 * float(np.median(away[kept])))
    return float(slope), float(start)


def _warped(pixels: Pixels, matrix: _Matrix, size: tuple[int, int], dpi: float) -> Pixels:
    """The picture through the matrix; one that becomes smaller is shrunk first, so that no thin
    rule falls between two pixels."""
    shrink = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    if shrink < 0.8:
        pixels = cv2.resize(pixels, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        matrix = matrix @ np.diag([1 / shrink, 1 / shrink, 1.0])
    return cv2.warpPerspective(
        pixels,
        matrix,
        size,
        flags=cv2.INTER_CUBIC if dpi else cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
