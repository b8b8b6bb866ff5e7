"""Ruled tables of a flat page: rules to rows and columns, missing rules between them to merged
cells."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from sources.grids import Span
from sources.readers.scans.flat_pages import FlatPage
from sources.readers.scans.pixels import FLAT_DPI, Box, Pixels, rules
from sources.readers.scans.refusals import grid_not_whole, too_much_ink

_MIN_WIDTH, _MIN_HEIGHT = 200, 60  # of a table
_SAME_LINE = 14  # pixels: rules nearer than that are one
_SAME_HEIGHT = 6  # pixels: pieces of rules nearer than that may be one rule
_MIN_CROSSINGS = 9  # of a table; two frames side by side have eight
_MAX_PIECES = 40  # of one rule
_NEAR = 14  # how far from another rule one may end and still meet it
_THERE, _MISSING = (
    0.75,
    0.25,
)  # share of a side that must be ruled, and may be, to be sure either way
_MAX_PARTS, _MAX_CROSSINGS = 4_000, 3_000  # of a page: pieces that look like rules; of a table
_MAX_DOUBTFUL = 0.04  # of all sides: more, and the grid has holes


@dataclass(frozen=True, slots=True)
class RuledCell:
    """A cell by the rows and columns that it covers, and where it stands; `is_whole` that all its
    sides are surely ruled."""

    span: Span
    box: Box
    is_whole: bool


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table's place and cells, row by row; `across` holds the places of its vertical rules."""

    box: Box
    row_count: int
    column_count: int
    cells: tuple[RuledCell, ...]
    across: tuple[int, ...]


def find_tables(page: FlatPage) -> tuple[list[RuledTable], Pixels]:
    """The page's tables from the top, and the page in grey without its rules.

    Raises RefusedFile where a table's rules are so broken that its cells are not certain.
    """
    horizontal, vertical = rules(page.grey, FLAT_DPI)
    joined = cv2.dilate(cv2.bitwise_or(horizontal, vertical), np.ones((9, 9), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    if len(stats) > _MAX_PARTS:
        raise too_much_ink(page.number)
    tables = []
    for label, (left, top, width, height, _) in enumerate(stats):
        if not label or width < _MIN_WIDTH or height < _MIN_HEIGHT:
            continue
        box = Box(int(left), int(top), int(left + width), int(top + height))
        mine = (box.of(labels) == label).astype(np.uint8)
        table = _table(box, box.of(horizontal) * mine, box.of(vertical) * mine, page.number)
        if table is not None:
            tables.append(table)
    tables.sort(key=lambda table: table.box.top)
    return tables, _without_rules(page.grey, horizontal, vertical, tables)


def _without_rules(
    grey: Pixels, horizontal: Pixels, vertical: Pixels, tables: list[RuledTable]
) -> Pixels:
    """Rules of tables painted over; of the rest of the page only what is a rule for its length."""
    erased = np.zeros_like(grey)
    for table in tables:
        inside = table.box.grown(4, 4, grey)
        for mask, kernel in ((horizontal, (5, 1)), (vertical, (1, 5))):
            inside.of(erased)[:] |= cv2.dilate(
                _that_meet(inside.of(mask), inside.of(horizontal | vertical)),
                np.ones(kernel, np.uint8),
            )
    clean = grey.copy()
    clean[erased > 0] = 255
    return clean


def _that_meet(mask: Pixels, all_rules: Pixels) -> Pixels:
    """Of the rules those that are long: serifs of a word in bold touch and look like a short one."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    long = np.maximum(stats[:, 2], stats[:, 3]) >= 130
    for label in np.flatnonzero(~long[1:]) + 1:
        left, top, width, height, _ = (int(n) for n in stats[label])
        around = Box(left, top, left + width, top + height).grown(8, 8, all_rules)
        others = around.of(all_rules) * (around.of(labels) != label)
        long[label] = bool(others.any())
    long[0] = False
    kept: Pixels = mask * long[labels]
    return kept


def _table(box: Box, horizontal: Pixels, vertical: Pixels, page: int) -> RuledTable | None:
    ys = _places(_middles(horizontal, vertical))
    xs = _places(_middles(vertical.T, horizontal.T))
    if len(ys) < 2 or len(xs) < 2:
        if _crossings(horizontal, vertical) >= _MIN_CROSSINGS:
            raise grid_not_whole(page)
        return None
    if len(ys) * len(xs) > _MAX_CROSSINGS:
        raise too_much_ink(page)
    right_open, right_doubt = _sides(vertical.T, xs, ys)
    low_open, low_doubt = _sides(horizontal, ys, xs)
    sides = right_doubt.size + low_doubt.size
    if right_doubt.sum() + low_doubt.sum() > max(_MAX_DOUBTFUL * sides, 1):
        raise grid_not_whole(page)
    cells = _cells(box, xs, ys, (right_open.T, low_open), (right_doubt.T, low_doubt))
    if cells is None:
        raise grid_not_whole(page)
    if len(cells) < 2:
        return None
    rows, columns = len(ys) - 1, len(xs) - 1
    return RuledTable(box, rows, columns, tuple(cells), tuple(box.left + x for x in xs))


def _crossings(horizontal: Pixels, vertical: Pixels) -> int:
    """In how many places rules of both ways meet: four at most of a frame around a text, many of a
    table whose rules cannot be followed, as below a dark header."""
    around = np.ones((_SAME_HEIGHT, _SAME_HEIGHT), np.uint8)
    met = cv2.bitwise_and(cv2.dilate(horizontal, around), cv2.dilate(vertical, around))
    count: int = cv2.connectedComponents(met)[0]
    return count - 1


def _middles(mask: Pixels, others: Pixels) -> list[int]:
    """The heights of the horizontal rules that meet a rule of the other way at both ends.

    A seal breaks a rule in two, of which each ends in the middle of a cell: pieces at one height
    are one rule, and what is missing of it is seen cell by cell (`_sides`).
    """
    _, _, stats, middles = cv2.connectedComponentsWithStats(mask)
    pieces = sorted(
        (round(float(y)), int(left), int(left + width))
        for (left, _, width, _, _), (_, y) in zip(stats[1:], middles[1:], strict=True)
    )
    found = []
    for number, (y, left, right) in enumerate(pieces):
        same = [
            p
            for p in pieces[max(number - _MAX_PIECES, 0) : number + _MAX_PIECES]
            if abs(p[0] - y) <= _SAME_HEIGHT
        ]
        starts = any(_meets(others, y, start) for _, start, end in same if start <= left)
        ends = any(_meets(others, y, end) for _, start, end in same if end >= right)
        if starts and ends:
            found.append(y)
    return found


def _meets(others: Pixels, y: int, x: int) -> bool:
    around = others[max(y - _NEAR, 0) : y + _NEAR, max(x - _NEAR, 0) : x + _NEAR]
    return bool(around.any())


def _places(middles: list[int]) -> list[int]:
    """Where lines stand, those that are nearly at one place taken as one."""
    places: list[list[int]] = []
    for middle in sorted(middles):
        if places and middle - places[-1][-1] <= _SAME_LINE:
            places[-1].append(middle)
        else:
            places.append([middle])
    return [round(sum(place) / len(place)) for place in places]


def _sides(mask: Pixels, lines: list[int], between: list[int]) -> tuple[Pixels, Pixels]:
    """By line and gap: whether the line is missing there, and whether that is in doubt."""
    missing = np.zeros((len(lines), len(between) - 1), bool)
    doubtful = np.zeros_like(missing)
    for n, line in enumerate(lines):
        band: Pixels = np.max(mask[max(line - _SAME_LINE, 0) : line + _SAME_LINE + 1], axis=0) > 0
        for m in range(len(between) - 1):
            side: Pixels = band[between[m] + 8 : between[m + 1] - 8]
            share = float(side.mean()) if side.size else 1.0
            missing[n, m] = share < 0.5
            doubtful[n, m] = _MISSING < share < _THERE
    return missing, doubtful


def _cells(
    box: Box,
    xs: list[int],
    ys: list[int],
    is_open: tuple[Pixels, Pixels],
    is_doubtful: tuple[Pixels, Pixels],
) -> list[RuledCell] | None:
    """The cells row by row; None where places without a rule between them are no rectangle."""
    rows, columns = len(ys) - 1, len(xs) - 1
    right_open, low_open = is_open
    right_doubt, low_doubt = is_doubtful
    taken = np.zeros((rows, columns), bool)
    cells = []
    for r in range(rows):
        for c in range(columns):
            if taken[r, c]:
                continue
            right, bottom = c, r
            while right + 1 < columns and right_open[r, right + 1]:
                right += 1
            while bottom + 1 < rows and low_open[bottom + 1, c]:
                bottom += 1
            inner = (
                right_open[r : bottom + 1, c + 1 : right + 1].all()
                and low_open[r + 1 : bottom + 1, c : right + 1].all()
            )
            outer = (
                right_open[r : bottom + 1, c].any()
                or right_open[r : bottom + 1, right + 1].any()
                or low_open[r, c : right + 1].any()
                or low_open[bottom + 1, c : right + 1].any()
            )
            if not inner or outer or taken[r : bottom + 1, c : right + 1].any():
                return None
            taken[r : bottom + 1, c : right + 1] = True
            doubtful = (
                right_doubt[r : bottom + 1, c : right + 2].any()
                or low_doubt[r : bottom + 2, c : right + 1].any()
            )
            place = Box(
                box.left + xs[c],
                box.top + ys[r],
                box.left + xs[right + 1],
                box.top + ys[bottom + 1],
            )
            cells.append(RuledCell(Span(r, c, bottom, right), place, not doubtful))
    return cells
