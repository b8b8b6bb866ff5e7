"""The page as it is seen: its picture, and which letters and rules leave ink on it.

What the file says a letter is means nothing where the letter is not seen: white on white, below a
picture, outside the page, cut off.
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import numpy.typing as npt

from sources.readers.pdf.content import Glyph, PageContent, Rule
from sources.readers.pdf.engine import pdfium
from sources.readers.pdf.frame import Frame
from sources.readers.refusals import broken

DPI = 150
_MIN_CONTRAST = 36  # of 255, between the lightest and the darkest spot of a letter
_SYMBOLS_FROM = 0x2190  # arrows, ticks, boxes
_SAMPLES = 9  # spots of a letter looked at, each way
_MAX_RULES = 4_000  # are looked at one by one
_MIN_RULE_CONTRAST = 24

Grey = npt.NDArray[np.uint8]


class PageOnScreen:
    """A page with its picture in grey at 150 dpi; `turns` is what the frame adds to the page's own
    turn."""

    def __init__(self, page: Any, frame: Frame, turns: int) -> None:
        self.page, self.frame, self.turns = page, frame, turns
        self.grey = grey_picture(page, frame, turns)

    def enlarged(self, glyph: Glyph) -> Grey:
        """The letter's own part of the picture, some 60 dots high."""
        scale = 60 / max(glyph.bottom - glyph.top, 1)
        size = (
            max(round((glyph.right - glyph.left) * scale), 1),
            max(round((glyph.bottom - glyph.top) * scale), 1),
        )
        at = round(-glyph.left * scale), round(-glyph.top * scale)
        whole = round(self.frame.size[0] * scale), round(self.frame.size[1] * scale)
        return _drawn(self.page, size, at, whole, self.turns, 1)[:, :, 0]


def grey_picture(page: Any, frame: Frame, turns: int, dpi: int = DPI) -> Grey:
    """The page's picture in grey, height x width."""
    width, height = (max(round(side * dpi / 72), 1) for side in frame.size)
    return _drawn(page, (width, height), (0, 0), (width, height), turns, 1)[:, :, 0]


def colour_picture(page: Any, frame: Frame, turns: int, dpi: int) -> npt.NDArray[np.uint8]:
    """The page's picture, height x width x 3: red, green, blue."""
    width, height = (max(round(side * dpi / 72), 1) for side in frame.size)
    picture = _drawn(page, (width, height), (0, 0), (width, height), turns, 3)
    return np.ascontiguousarray(picture[:, :, ::-1])


def _drawn(
    page: Any,
    size: tuple[int, int],
    at: tuple[int, int],
    whole: tuple[int, int],
    turns: int,
    channels: int,
) -> npt.NDArray[np.uint8]:
    raw = pdfium()
    width, height = size
    kind = raw.FPDFBitmap_Gray if channels == 1 else raw.FPDFBitmap_BGR
    bitmap = raw.FPDFBitmap_CreateEx(width, height, kind, None, 0)
    if not bitmap:
        raise broken()
    try:
        raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
        flags = raw.FPDF_GRAYSCALE if channels == 1 else 0
        raw.FPDF_RenderPageBitmap(bitmap, page, *at, *whole, turns, flags)
        stride = raw.FPDFBitmap_GetStride(bitmap)
        start = ctypes.cast(raw.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_ubyte))
        rows = np.ctypeslib.as_array(start, (height, stride))[:, : width * channels]
        return rows.reshape(height, width, channels).copy()
    finally:
        raw.FPDFBitmap_Destroy(bitmap)


def hide_unseen(content: PageContent, grey: Grey) -> None:
    """Marks the letters that leave no ink as `hidden`, and drops such rules."""
    letters = [g for g in content.glyphs if g.effect != "hidden" and not g.is_space]
    if letters:
        spots = samples(letters, grey, _SAMPLES, _SAMPLES)
        contrast = spots.max(axis=(1, 2)).astype(int) - spots.min(axis=(1, 2))
        for glyph, seen in zip(letters, contrast, strict=True):
            if seen < _MIN_CONTRAST and _has_ink(glyph.text):
                glyph.effect = "hidden"
    if len(content.rules) <= _MAX_RULES:
        content.rules = [rule for rule in content.rules if _is_seen(rule, grey)]


def _has_ink(text: str) -> bool:
    """Whether a letter is large enough to be looked for: a full stop may fall between the spots."""
    return text.isalnum() or text[0] in "+*×√" or ord(text[0]) >= _SYMBOLS_FROM


def samples(glyphs: list[Glyph], grey: Grey, rows: int, columns: int, room: float = 0.5) -> Grey:
    """Spots of the glyphs' boxes, with `room` points around: glyphs x rows x columns."""
    boxes = np.array([(g.left, g.top, g.right, g.bottom) for g in glyphs]) * (DPI / 72)
    room *= DPI / 72
    down = _spread(boxes[:, 1] - room, boxes[:, 3] + room, rows, grey.shape[0])
    across = _spread(boxes[:, 0] - room, boxes[:, 2] + room, columns, grey.shape[1])
    return grey[down[:, :, None], across[:, None, :]]


def _spread(
    start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], count: int, most: int
) -> npt.NDArray[np.intp]:
    steps = (np.arange(count) + 0.5) / count
    places = start[:, None] + (end - start)[:, None] * steps[None, :]
    return np.clip(places, 0, most - 1).astype(np.intp)


def _is_seen(rule: Rule, grey: Grey) -> bool:
    scale = DPI / 72
    at, start, end = (round(v * scale) for v in (rule.at, rule.start, rule.end))
    across = slice(max(at - 2, 0), at + 3)
    along = slice(max(start, 0), max(end, start + 1))
    strip = grey[across, along] if rule.horizontal else grey[along, across].T
    if strip.size == 0 or strip.shape[0] < 2:
        return False
    contrast = strip.max(axis=0).astype(int) - strip.min(axis=0)
    return bool((contrast >= _MIN_RULE_CONTRAST).mean() >= 0.25)  # a dotted one has gaps
