"""The letters of a page, each with its place: as PDFium finds them, before anybody asks whether they
are seen."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from sources.legacy_encodings import decoder_of_font
from sources.readers.pdf.content import Box, Font, Glyph
from sources.readers.pdf.engine import pdfium, text_from
from sources.readers.pdf.frame import Frame
from sources.readers.refusals import too_many_objects
from sources.readers.text_effects import TextEffect
from sources.symbol_fonts import SYMBOLS

MAX_GLYPHS = 100_000  # of one page: a sheet densely printed holds some 10,000
SLANTED = -1  # the turn of letters that stand at no right angle, such as a watermark's
UNKNOWN = "\ufffd"
_MIN_SKEW = 0.05  # of the size
_MOST = 0.9  # of the letters turned alike: then the page is, and not some headers of a table
_UNSEEN_MODES = (3, 7)
_MIN_ALPHA = 26  # of 255: what is less opaque is not seen
_MIN_SIZE = 2  # points: nobody reads smaller letters
_MAX_CLIPPED, _MAX_CLIPS = 50_000, 64
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_STYLE = re.compile(r"[-,](?:regular|bold|italic|oblique|normal|roman|mt|ps)+$", re.IGNORECASE)
# TCVN3 fonts whose PostScript names have lost the dot: VnTime-Bold
_TCVN3_NAME = re.compile(
    r"^\.?Vn(?=(?:Time|Arial|Courier|Avant|Book|Clarendon|Cooper|Gothic|Helvet|Present|South|Teknical|Univer"
    r"|Arabia|Aristote|Bahamas|Black|Bodoni|Century|Commercial|Exotic|Free|Futura|Lincoln|Linus|Lucida|Memorandum"
    r"|Monotype|Mystical|Park|Revue|Rockwell|Shelley|Stamp|Timeni|Vogue|Kool|Koala|Lad|Mono))"
)
_SYMBOL_NAMES = {"symbolmt": "symbol", "wingdings2": "wingdings 2"}
_OPENSYMBOL = SYMBOLS["symbol"] | SYMBOLS["wingdings"]
_LIGATURES = {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
_HYPHENS = (0x02, 0xFFFE)  # what PDFium makes of a hyphen at a line's end
_MIN_ACCENTED_HEIGHT = 0.3  # of the font's size: what is lower there is a hyphen, and not ư


class _Piece(NamedTuple):
    """A text object of the page: what its letters have in common."""

    font: int
    size: float
    turn: int
    effect: TextEffect
    number: int
    is_skewed: bool
    clip: Box | None  # outside it nothing of the text is seen


def read_glyphs(page: Any, frame: Frame) -> tuple[list[Glyph], list[Font]]:
    """The letters of the page in the order of drawing, and its fonts. Letters that are drawn
    without ink (mode 3, white, transparent) have the effect `hidden`."""
    raw = pdfium()
    text_page = raw.FPDFText_LoadPage(page)
    try:
        own = {
            ctypes.cast(raw.FPDFPage_GetObject(page, index), ctypes.c_void_p).value
            for index in range(min(raw.FPDFPage_CountObjects(page), _MAX_CLIPPED))
        }
        return _Reader(raw, text_page, frame, own).read()
    finally:
        raw.FPDFText_ClosePage(text_page)


def common_turn(glyphs: list[Glyph]) -> int:
    """By how many quarters, against the clock, most letters of the page are turned."""
    turns = Counter(glyph.turn for glyph in glyphs if not glyph.is_space)
    turn, count = turns.most_common(1)[0] if turns else (0, 0)
    return turn if turn > 0 and count > _MOST * turns.total() else 0


def _along(whole: Box, origin: tuple[float, float], turn: int) -> tuple[float, float, float]:
    """Start and end along the line, and its baseline, as if the line were not turned."""
    match turn:
        case 1:
            return -whole.bottom, -whole.top, origin[0]
        case 2:
            return -whole.right, -whole.left, -origin[1]
        case 3:
            return whole.top, whole.bottom, -origin[0]
    return whole.left, whole.right, origin[1]


def _clipped(middle: Box, piece: _Piece) -> tuple[float, float, TextEffect]:
    """Where a letter's middle lies, and how it looks. One that is cut off is hidden, and lies where
    its text is seen: in the cell that cuts it off."""
    across, down = (middle.left + middle.right) / 2, (middle.top + middle.bottom) / 2
    clip = piece.clip
    if clip is None or clip.right <= clip.left or clip.contains(across, down):
        return across, down, piece.effect
    inner = 0.5  # points: not on the very rule
    return (
        min(max(across, clip.left + inner), clip.right - inner),
        min(max(down, clip.top + inner), clip.bottom - inner),
        "hidden",
    )


class _Reader:
    def __init__(self, raw: Any, text_page: Any, frame: Frame, own: set[int | None]) -> None:
        self.raw, self.text_page, self.frame = raw, text_page, frame
        self.own = own  # the page's objects that lie in no form: their clips are in its coordinates
        self.pieces: dict[int, _Piece] = {}
        self.fonts: list[Font] = []
        self.font_numbers: dict[int, int] = {}

    def read(self) -> tuple[list[Glyph], list[Font]]:
        raw, page = self.raw, self.text_page
        count = raw.FPDFText_CountChars(page)
        if count > MAX_GLYPHS:
            raise too_many_objects()
        glyphs: list[Glyph] = []
        numbers = [ctypes.c_double() for _ in range(6)]
        left, right, bottom, top, x, y = numbers
        loose = raw.FS_RECTF()
        for index in range(count):
            code = raw.FPDFText_GetUnicode(page, index)
            if code in (0x20, 0x0A, 0x0D, 0x09) and raw.FPDFText_IsGenerated(page, index):
                continue
            drawn_by = raw.FPDFText_GetTextObject(page, index)
            if not drawn_by:
                continue
            piece = self._piece(drawn_by, index)
            raw.FPDFText_GetCharBox(page, index, left, right, bottom, top)
            raw.FPDFText_GetLooseCharBox(page, index, loose)
            raw.FPDFText_GetCharOrigin(page, index, x, y)
            ink = self.frame.box(left.value, bottom.value, right.value, top.value)
            whole = self.frame.box(loose.left, loose.bottom, loose.right, loose.top)
            origin = self.frame.point(x.value, y.value)
            x0, x1, base = _along(whole, origin, piece.turn)
            middle = ink if ink.right > ink.left else whole
            if code in _HYPHENS:
                height = ink.bottom - ink.top
                code = 0xAD if height > _MIN_ACCENTED_HEIGHT * piece.size else 0x2D
            elif code and raw.FPDFText_HasUnicodeMapError(page, index):
                code = 0xFFFD
            across, down, effect = _clipped(middle, piece)
            letter = chr(code) if code else UNKNOWN
            letter = _LIGATURES.get(letter, letter)
            glyphs.append(
                Glyph(
                    letter,
                    x0,
                    x1,
                    base,
                    ink.left,
                    ink.top,
                    ink.right,
                    ink.bottom,
                    across,
                    down,
                    piece.size,
                    piece.font,
                    piece.number,
                    piece.turn,
                    self.fonts[piece.font].bold,
                    effect,
                    not letter.strip(),
                    piece.is_skewed,
                )
            )
        return glyphs, self.fonts

    def _piece(self, drawn_by: Any, index: int) -> _Piece:
        key = ctypes.cast(drawn_by, ctypes.c_void_p).value or 0
        if key not in self.pieces:
            self.pieces[key] = self._new_piece(drawn_by, index)
        return self.pieces[key]

    def _new_piece(self, drawn_by: Any, index: int) -> _Piece:
        raw = self.raw
        font = self._font(raw.FPDFTextObj_GetFont(drawn_by))
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.text_page, index, matrix)
        size = ctypes.c_float()
        raw.FPDFTextObj_GetFontSize(drawn_by, size)
        along = math.hypot(matrix.a, matrix.b) or 1
        scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) / along
        skew = abs(matrix.a * matrix.c + matrix.b * matrix.d) / along
        quarters = math.atan2(matrix.b, matrix.a) / (math.pi / 2) + self.frame.turns * -1
        turn = round(quarters) % 4 if abs(quarters - round(quarters)) < 0.1 else SLANTED
        return _Piece(
            font,
            abs(size.value) * scale,
            turn,
            self._effect(drawn_by, abs(size.value) * scale),
            len(self.pieces),
            skew > _MIN_SKEW * scale,
            self._clip(drawn_by),
        )

    def _clip(self, drawn_by: Any) -> Box | None:
        """The box that the object's clip paths leave; None where they leave all."""
        raw = self.raw
        if ctypes.cast(drawn_by, ctypes.c_void_p).value not in self.own:
            return None
        path = raw.FPDFPageObj_GetClipPath(drawn_by)
        boxes: list[Box] = []
        x, y = ctypes.c_float(), ctypes.c_float()
        for index in range(min(max(raw.FPDFClipPath_CountPaths(path), 0), _MAX_CLIPS)):
            count = min(max(raw.FPDFClipPath_CountPathSegments(path, index), 0), _MAX_CLIPS)
            points = []
            for number in range(count):
                segment = raw.FPDFClipPath_GetPathSegment(path, index, number)
                raw.FPDFPathSegment_GetPoint(segment, x, y)
                points.append(self.frame.point(x.value, y.value))
            if points:
                across, down = zip(*points, strict=True)
                boxes.append(Box(min(across), min(down), max(across), max(down)))
        if not boxes:
            return None
        return Box(
            max(box.left for box in boxes),
            max(box.top for box in boxes),
            min(box.right for box in boxes),
            min(box.bottom for box in boxes),
        )

    def _effect(self, drawn_by: Any, size: float) -> TextEffect:
        raw = self.raw
        if raw.FPDFTextObj_GetTextRenderMode(drawn_by) in _UNSEEN_MODES or size < _MIN_SIZE:
            return "hidden"
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        coloured = raw.FPDFPageObj_GetFillColor(drawn_by, red, green, blue, alpha)
        return "hidden" if coloured and alpha.value < _MIN_ALPHA else "plain"

    def _font(self, handle: Any) -> int:
        key = ctypes.cast(handle, ctypes.c_void_p).value or 0
        if key not in self.font_numbers:
            key_name = text_from(self.raw.FPDFFont_GetBaseFontName, handle)
            name = _SUBSET.sub("", key_name)
            weight = self.raw.FPDFFont_GetWeight(handle)
            flags = self.raw.FPDFFont_GetFlags(handle)
            bold = "bold" in name.lower() or weight >= 600 or bool(flags > 0 and flags & 1 << 18)
            self.font_numbers[key] = len(self.fonts)
            self.fonts.append(
                Font(name, f"{key_name} {key:x}", bold, decoder_of_pdf_font(name), handle)
            )
        return self.font_numbers[key]


@lru_cache(maxsize=256)
def decoder_of_pdf_font(name: str) -> Callable[[str], str] | None:
    """What makes Unicode of the text of a font, by its name in a PDF: with a mark for the style,
    and at times without the dot of .VnTime."""
    plain = _STYLE.sub("", _SUBSET.sub("", name)).replace("_", " ")
    if plain.lower().startswith("opensymbol"):
        return _decode_opensymbol
    return decoder_of_font(_SYMBOL_NAMES.get(plain.lower(), _TCVN3_NAME.sub(".Vn", plain)))


def _decode_opensymbol(text: str) -> str:
    """What LibreOffice's own symbol font shows in place of Wingdings and Symbol."""
    return "".join(
        _OPENSYMBOL.get(ord(c) & 0xFF, c) if 0xF000 <= ord(c) < 0xF100 else c for c in text
    )
