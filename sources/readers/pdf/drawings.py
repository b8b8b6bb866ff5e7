"""What is drawn on a page beside letters: rules (as lines, or as thin filled rectangles), pictures,
other shapes."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from sources.readers.pdf.content import Box, PageContent, Picture, Rule
from sources.readers.pdf.engine import pdfium
from sources.readers.pdf.frame import Frame
from sources.readers.refusals import too_many_objects

MAX_OBJECTS = 50_000  # of one page
MAX_SEGMENTS = 200_000
_MAX_DEPTH = 12  # forms within forms
_MAX_THICKNESS = 3.2  # points: a thicker bar is no rule
_MIN_LENGTH = 2.0
_SLACK = 0.6  # how far a line along an axis may lean
_LIGHT, _MIN_ALPHA = 245, 26  # a colour lighter, or less opaque, is not seen

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


class _Subpath(NamedTuple):
    """Points that lines join, whether they end where they began, and whether one is a curve."""

    points: list[tuple[float, float]]
    is_closed: bool
    is_curved: bool


def read_drawings(page: Any, frame: Frame, content: PageContent) -> None:
    """Adds the page's rules, pictures and curved shapes to its content. Raises RefusedFile where
    there are more than any report has."""
    reader = _Reader(pdfium(), frame, content)
    raw = reader.raw
    count = raw.FPDFPage_CountObjects(page)
    reader.count(count)
    for index in range(count):
        reader.read(raw.FPDFPage_GetObject(page, index), _IDENTITY, 0)


class _Reader:
    def __init__(self, raw: Any, frame: Frame, content: PageContent) -> None:
        self.raw, self.frame, self.content = raw, frame, content
        self.objects = self.segments = 0

    def count(self, objects: int) -> None:
        self.objects += objects
        if self.objects > MAX_OBJECTS:
            raise too_many_objects()

    def read(self, drawn: Any, outer: Matrix, depth: int) -> None:
        raw = self.raw
        match raw.FPDFPageObj_GetType(drawn):
            case raw.FPDF_PAGEOBJ_PATH:
                self._path(drawn, _times(self._matrix(drawn), outer))
            case raw.FPDF_PAGEOBJ_IMAGE:
                self._picture(drawn, _times(self._matrix(drawn), outer))
            case raw.FPDF_PAGEOBJ_SHADING:
                pass  # a coloured ground
            case raw.FPDF_PAGEOBJ_FORM if depth < _MAX_DEPTH:
                count = raw.FPDFFormObj_CountObjects(drawn)
                self.count(count)
                matrix = _times(self._matrix(drawn), outer)
                for index in range(count):
                    self.read(raw.FPDFFormObj_GetObject(drawn, index), matrix, depth + 1)

    def _matrix(self, drawn: Any) -> Matrix:
        found = self.raw.FS_MATRIX()
        if not self.raw.FPDFPageObj_GetMatrix(drawn, found):
            return _IDENTITY
        return found.a, found.b, found.c, found.d, found.e, found.f

    def _picture(self, drawn: Any, matrix: Matrix) -> None:
        corners = [_at(matrix, x, y) for x in (0, 1) for y in (0, 1)]
        box = self.frame.box(
            min(x for x, _ in corners),
            min(y for _, y in corners),
            max(x for x, _ in corners),
            max(y for _, y in corners),
        )
        if self._add_if_rule(box):
            return
        width, height = ctypes.c_uint(), ctypes.c_uint()
        self.raw.FPDFImageObj_GetImagePixelSize(drawn, width, height)
        sides = math.hypot(matrix[0], matrix[1]), math.hypot(matrix[2], matrix[3])
        dots = (
            width.value / sides[0] if sides[0] else 0,
            height.value / sides[1] if sides[1] else 0,
        )
        self.content.pictures.append(Picture(box, round(72 * min(dots))))

    def _path(self, drawn: Any, matrix: Matrix) -> None:
        raw = self.raw
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(drawn, fill, stroke)
        stroked = bool(stroke.value) and self._is_seen(raw.FPDFPageObj_GetStrokeColor, drawn)
        filled = bool(fill.value) and self._is_seen(raw.FPDFPageObj_GetFillColor, drawn)
        if not (stroked or filled):
            return
        width = ctypes.c_float()
        raw.FPDFPageObj_GetStrokeWidth(drawn, width)
        thickness = width.value * math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))
        for subpath in self._subpaths(drawn, matrix):
            if stroked and thickness <= _MAX_THICKNESS:
                self._add_lines(subpath)
            if filled and len(subpath.points) > 2:
                self._add_area(subpath)
            elif stroked and thickness > _MAX_THICKNESS:
                self.content.curves.append(self._bounds(subpath))

    def _is_seen(self, colour_of: Any, drawn: Any) -> bool:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if not colour_of(drawn, red, green, blue, alpha):
            return True
        return alpha.value >= _MIN_ALPHA and min(red.value, green.value, blue.value) < _LIGHT

    def _subpaths(self, drawn: Any, matrix: Matrix) -> Iterator[_Subpath]:
        raw = self.raw
        count = max(raw.FPDFPath_CountSegments(drawn), 0)
        self.segments += count
        if self.segments > MAX_SEGMENTS:
            raise too_many_objects()
        points: list[tuple[float, float]] = []
        closed = curved = False
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(count):
            segment = raw.FPDFPath_GetPathSegment(drawn, index)
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            kind = raw.FPDFPathSegment_GetType(segment)
            if kind == raw.FPDF_SEGMENT_MOVETO:
                if len(points) > 1:
                    yield _Subpath(points, closed, curved)
                points, closed, curved = [], False, False
            curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
            points.append(self.frame.point(*_at(matrix, x.value, y.value)))
            closed = closed or bool(raw.FPDFPathSegment_GetClose(segment))
        if len(points) > 1:
            yield _Subpath(points, closed, curved)

    def _add_lines(self, subpath: _Subpath) -> None:
        if subpath.is_curved:
            return
        points = subpath.points + subpath.points[:1] * subpath.is_closed
        for (x0, y0), (x1, y1) in pairwise(points):
            if abs(y0 - y1) <= _SLACK and abs(x0 - x1) >= _MIN_LENGTH:
                self._add(Rule(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x0 - x1) <= _SLACK and abs(y0 - y1) >= _MIN_LENGTH:
                self._add(Rule(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1)))

    def _add_area(self, subpath: _Subpath) -> None:
        box = self._bounds(subpath)
        if not self._add_if_rule(box) and subpath.is_curved:
            self.content.curves.append(box)

    def _add_if_rule(self, box: Box) -> bool:
        width, height = box.right - box.left, box.bottom - box.top
        if height <= _MAX_THICKNESS and width >= max(_MIN_LENGTH, height * 2):
            self._add(Rule(True, (box.top + box.bottom) / 2, box.left, box.right))
        elif width <= _MAX_THICKNESS and height >= max(_MIN_LENGTH, width * 2):
            self._add(Rule(False, (box.left + box.right) / 2, box.top, box.bottom))
        else:
            return False
        return True

    def _add(self, rule: Rule) -> None:
        self.content.rules.append(rule)

    def _bounds(self, subpath: _Subpath) -> Box:
        across, down = zip(*subpath.points, strict=True)
        return Box(min(across), min(down), max(across), max(down))


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
