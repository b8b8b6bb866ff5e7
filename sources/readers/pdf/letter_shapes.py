"""Whether letters look like what the file says they are.

A PDF names its letters in a table of its own (ToUnicode), which may be absent or wrong: then 3 is
seen and 8 is read. Each letter of a font is drawn large once and its shape compared with those of
the fonts that PDFium has built in.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from sources.readers.pdf.content import Glyph, PageContent
from sources.readers.pdf.engine import pdfium
from sources.readers.pdf.frame import Frame
from sources.readers.pdf.rendered import Grey, PageOnScreen, grey_picture

_FONTS = (
    b"Times-Roman",
    b"Times-Bold",
    b"Times-Italic",
    b"Times-BoldItalic",
    b"Helvetica",
    b"Helvetica-Bold",
    b"Helvetica-Oblique",
    b"Courier",
    b"Courier-Bold",
)
_DIGITS = "0123456789"
_LETTERS = _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ALIKE = (
    *("0oOQ", "1lIi", "cC", "sS5", "vV", "wW", "xX", "zZ2", "pP", "kK", "uU", "yY", "jJ", "fF"),
    *("tT", "mM", "nh", "gq9", "ao", "ec", "bh", "rf", "GC6", "EF", "RP", "B8", "OD"),
)
_SIZE, _CELL, _IN_ROW = 40, 72, 16  # points; one dot a point
_ROWS, _COLUMNS = 16, 12
_ASPECT_COPIES = 12  # how much the proportions count beside the ink
_CLEARLY_DIGIT, _CLEARLY_LETTER = 0.95, 0.6  # another shape is nearer by so much
_MIN_WRONG_LETTERS = 3
_MAX_LOOKED_AT = 3  # places of a glyph
_MAX_SEEN = 1_000
_MAX_FONTS = 60

Metrics = tuple[int, int, int, int]
Shapes = npt.NDArray[np.float32]


class LetterShapes:
    """What is known of the fonts of a document: each letter of each is looked at once."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.pages: list[Any] = []  # on which letters were drawn: they keep the fonts alive
        self.known: dict[tuple[str, str], bool] = {}  # by font and letter: whether it is another
        self.seen: dict[tuple[str, str, Metrics], bool] = {}  # the same of each of its glyphs

    def close(self) -> None:
        """Lets go of the pages that were made."""
        for page in self.pages:
            pdfium().FPDF_ClosePage(page)

    def wrong_fonts(self, page: PageOnScreen, content: PageContent) -> set[int]:
        """The page's fonts of which a digit, or several letters, clearly look like another."""
        used: dict[int, dict[str, dict[Metrics, list[Glyph]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        for glyph in content.glyphs:
            if glyph.text in _TEMPLATES_OF and glyph.effect != "hidden" and glyph.turn == 0:
                found = used[glyph.font][glyph.text]
                if not glyph.is_skewed:  # else its box holds parts of its neighbours
                    found[_metrics(glyph)].append(glyph)
        self._look_at(content, {font: set(letters) for font, letters in used.items()})
        wrong: set[int] = set()
        for font, letters in used.items():
            others = [
                letter
                for letter, by_metrics in letters.items()
                if self._is_another(page, content.fonts[font].key, letter, by_metrics)
            ]
            if any(letter in _DIGITS for letter in others) or len(others) >= _MIN_WRONG_LETTERS:
                wrong.add(font)
        return wrong

    def _is_another(
        self, page: PageOnScreen, key: str, letter: str, by_metrics: dict[Metrics, list[Glyph]]
    ) -> bool:
        """Whether any glyph of that name looks like another letter. A font may have several glyphs
        of one name, of which only the first is drawn large."""
        if self.known.get((key, letter)):
            return True
        if letter not in _DIGITS and len(by_metrics) < 2:
            return False
        for metrics, glyphs in by_metrics.items():
            place = key, letter, metrics
            if place not in self.seen:
                if len(self.seen) > _MAX_SEEN:
                    return True  # no program writes so many glyphs of one name
                self.seen[place] = _look_on_page(page, glyphs)
            if self.seen[place]:
                return True
        return False

    def _look_at(self, content: PageContent, used: dict[int, set[str]]) -> None:
        new = [
            (font, letter)
            for font, letters in islice(used.items(), _MAX_FONTS)
            for letter in sorted(letters)
            if (content.fonts[font].key, letter) not in self.known
        ]
        if not new:
            return
        shapes = _drawn(
            self.document,
            [(content.fonts[font].handle, letter) for font, letter in new],
            self.pages,
        )
        for (font, letter), shape in zip(new, shapes, strict=True):
            is_another = shape is not None and _is_another(letter, shape)
            self.known[content.fonts[font].key, letter] = is_another


def _is_another(letter: str, shape: Shapes) -> bool:
    """Whether a shape clearly looks like another letter than the one it is called."""
    _, templates = letter_templates()
    same, rivals = _compared_with(letter)
    distances = np.abs(templates - shape).mean(axis=1)
    clearly = _CLEARLY_DIGIT if letter in _DIGITS else _CLEARLY_LETTER
    return bool(distances[rivals].min() < clearly * distances[same].min())


@lru_cache(maxsize=128)
def _compared_with(
    letter: str,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The templates of a letter, and those of letters that it must not look like."""
    names, _ = letter_templates()
    if letter in _DIGITS:
        rivals = np.isin(names, list(_DIGITS)) & (names != letter)
    else:
        alike = {other for group in _ALIKE if letter in group for other in group}
        rivals = ~np.isin(names, [*alike, letter.upper(), letter.lower()])
    return np.nonzero(names == letter)[0], np.nonzero(rivals)[0]


def _metrics(glyph: Glyph) -> Metrics:
    """The box of a letter's ink against its origin, in thousandths of its size: the same wherever a
    font draws one glyph, other for another glyph of the same name."""
    per_size = 1000 / max(glyph.size, 1)
    return (
        round((glyph.left - glyph.x0) * per_size),
        round((glyph.right - glyph.left) * per_size),
        round((glyph.base - glyph.top) * per_size),
        round((glyph.bottom - glyph.base) * per_size),
    )


def _look_on_page(page: PageOnScreen, glyphs: list[Glyph]) -> bool:
    """Whether a glyph, enlarged where it stands, looks like another letter; in one place something
    else may lie over it, hence several."""
    shapes = [_shape(page.enlarged(glyph)) for glyph in glyphs[:_MAX_LOOKED_AT]]
    return all(
        shape is not None and _is_another(glyph.text, shape)
        for glyph, shape in zip(glyphs, shapes, strict=False)
    )


@lru_cache(maxsize=1)
def letter_templates() -> tuple[npt.NDArray[np.str_], Shapes]:
    """The letters' names and shapes in the fonts that PDFium has built in."""
    raw = pdfium()
    document = raw.FPDF_CreateNewDocument()
    try:
        fonts = [raw.FPDFText_LoadStandardFont(document, name) for name in _FONTS]
        wanted = [(font, letter) for font in fonts for letter in _LETTERS]
        pages: list[Any] = []
        shapes = _drawn(document, wanted, pages)
        raw.FPDF_ClosePage(pages[0])
        for font in fonts:
            raw.FPDFFont_Close(font)
    finally:
        raw.FPDF_CloseDocument(document)
    found = [
        (letter, shape)
        for (_, letter), shape in zip(wanted, shapes, strict=True)
        if shape is not None
    ]
    return np.array([letter for letter, _ in found]), np.stack([shape for _, shape in found])


_TEMPLATES_OF = frozenset(_LETTERS)


def _drawn(
    document: Any,
    letters: list[tuple[Any, str]],
    pages: list[Any],
) -> list[Shapes | None]:
    """The shapes of letters of fonts, drawn large on a page of their own, which is added to
    `pages`; None for one without ink."""
    raw = pdfium()
    height = (len(letters) // _IN_ROW + 1) * _CELL
    width = _IN_ROW * _CELL
    page = raw.FPDFPage_New(document, raw.FPDF_GetPageCount(document), width, height)
    pages.append(page)
    for index, (font, letter) in enumerate(letters):
        row, column = divmod(index, _IN_ROW)
        drawn = raw.FPDFPageObj_CreateTextObj(document, font, _SIZE)
        text = ctypes.create_string_buffer((letter + "\0").encode("utf-16-le"))
        raw.FPDFText_SetText(drawn, ctypes.cast(text, ctypes.POINTER(raw.FPDF_WCHAR)))
        x, y = column * _CELL + 16, height - (row + 1) * _CELL + 24
        raw.FPDFPageObj_Transform(drawn, 1, 0, 0, 1, x, y)
        raw.FPDFPage_InsertObject(page, drawn)
    grey = grey_picture(page, Frame(0, 0, width, height, 0), 0, dpi=72)
    cells = (
        grey[row * _CELL : (row + 1) * _CELL, column * _CELL : (column + 1) * _CELL]
        for row, column in (divmod(index, _IN_ROW) for index in range(len(letters)))
    )
    return [_shape(cell) for cell in cells]


def _shape(cell: Grey) -> Shapes | None:
    """The ink of a letter on a grid of its box, and how wide it is for its height."""
    down, across = np.nonzero((cell < 128).any(axis=1))[0], np.nonzero((cell < 128).any(axis=0))[0]
    if not len(down) or not len(across):
        return None
    ink = 1 - cell[down[0] : down[-1] + 1, across[0] : across[-1] + 1].astype(np.float32) / 255
    height, width = ink.shape
    rows = (np.arange(_ROWS * 3) + 0.5) * height / (_ROWS * 3)
    columns = (np.arange(_COLUMNS * 3) + 0.5) * width / (_COLUMNS * 3)
    fine = ink[rows.astype(int)[:, None], columns.astype(int)[None, :]]
    grid = fine.reshape(_ROWS, 3, _COLUMNS, 3).mean(axis=(1, 3)).ravel()
    proportion = np.full(_ASPECT_COPIES, min(width / height, 1.5), dtype=np.float32)
    return np.concatenate([grid, proportion]).astype(np.float32)
