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
from sources.readers.pdf.rendered import Grey, PageOnScreen, grey_picture, samples

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
_MIN_SIZE = 6.0  # points: smaller letters are too coarse in the page's picture
_UNLIKE, _NEARER, _UNLIKE_ANY = 0.12, 0.6, 0.3
_MAX_ENLARGED = 8  # of a font and size on a page
_MAX_FONTS = 60

Shapes = npt.NDArray[np.float32]


class LetterShapes:
    """What is known of the fonts of a document: each letter of each is looked at once."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.pages: list[Any] = []  # on which letters were drawn: they keep the fonts alive
        self.known: dict[tuple[str, str], bool] = {}  # by font and letter: whether it is another

    def close(self) -> None:
        """Lets go of the pages that were made."""
        for page in self.pages:
            pdfium().FPDF_ClosePage(page)

    def wrong_fonts(self, page: PageOnScreen, content: PageContent) -> set[int]:
        """The page's fonts of which a digit, or several letters, clearly look like another."""
        used: dict[int, set[str]] = defaultdict(set)
        for glyph in content.glyphs:
            if glyph.text in _TEMPLATES_OF and glyph.effect != "hidden":
                used[glyph.font].add(glyph.text)
        self._look_at(content, used)
        wrong = _fonts_with_two_shapes(page, content)
        for font, letters in used.items():
            name = content.fonts[font].key
            others = [letter for letter in letters if self.known.get((name, letter))]
            if any(letter in _DIGITS for letter in others) or len(others) >= _MIN_WRONG_LETTERS:
                wrong.add(font)
        return wrong

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


def _fonts_with_two_shapes(page: PageOnScreen, content: PageContent) -> set[int]:
    """The fonts in which a digit of the page looks unlike others of its name, and like another
    digit when it is drawn large."""
    by_font: dict[tuple[int, float], list[Glyph]] = defaultdict(list)
    for glyph in content.glyphs:
        if (
            glyph.text in _TEMPLATES_OF
            and glyph.text in _DIGITS
            and glyph.effect == "plain"
            and glyph.turn == 0
            and glyph.size >= _MIN_SIZE
        ):
            by_font[glyph.font, round(glyph.size, 1)].append(glyph)
    wrong: set[int] = set()
    for (font, _), glyphs in by_font.items():
        unlike = _unlike_their_own(glyphs, page.grey)
        for glyph in unlike[:_MAX_ENLARGED]:
            shape = _shape(page.enlarged(glyph))
            if shape is not None and _is_another(glyph.text, shape):
                wrong.add(font)
                break
    return wrong


def _unlike_their_own(glyphs: list[Glyph], grey: Grey) -> list[Glyph]:
    """The digits that look unlike most of the same name, the most unlike first."""
    ink = 255 - samples(glyphs, grey, _ROWS, _COLUMNS, room=0.0).astype(np.float32)
    flat = ink.reshape(len(glyphs), -1) / 255
    texts = np.array([glyph.text for glyph in glyphs])
    names = sorted(set(texts.tolist()))
    typical = np.stack([np.median(flat[texts == name], axis=0) for name in names])
    distances = np.abs(flat[:, None, :] - typical[None, :, :]).mean(axis=2)
    own = distances[np.arange(len(glyphs)), [names.index(text) for text in texts]]
    unlike = (own > _UNLIKE_ANY) | ((own > _UNLIKE) & (distances.min(axis=1) < _NEARER * own))
    return [glyphs[index] for index in np.argsort(-own) if unlike[index]]


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
