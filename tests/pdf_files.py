"""PDF files made for tests, letter by letter and rule by rule, without an Office program.

Coordinates are those of the page as it is shown, in points from its top left corner.
"""

from __future__ import annotations

import ctypes
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib
import pypdfium2.raw as pdf

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
REGULAR, BOLD = "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"
A4 = (595.0, 842.0)


@lru_cache(maxsize=4)
def font_bytes(name: str) -> bytes:
    """A font that has all letters of Vietnamese."""
    return (FONTS / name).read_bytes()


class PdfFile:
    """A PDF being made: pages, then what stands on the last one."""

    def __init__(self) -> None:
        pdf.FPDF_InitLibrary()
        self.document = pdf.FPDF_CreateNewDocument()
        self.fonts: dict[str, Any] = {}
        self.page: Any = None
        self.height = 0.0

    def new_page(self, size: tuple[float, float] = A4, turn: int = 0) -> PdfFile:
        """A further page; `turn` is its /Rotate in quarters."""
        self._end_page()
        count = pdf.FPDF_GetPageCount(self.document)
        self.page = pdf.FPDFPage_New(self.document, count, *size)
        pdf.FPDFPage_SetRotation(self.page, turn)
        self.height = size[1]
        return self

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 10,
        *,
        bold: bool = False,
        mode: int = 0,
        colour: tuple[int, int, int] = (0, 0, 0),
        turn: int = 0,
    ) -> PdfFile:
        """A text whose baseline begins at a point; `mode` 3 is invisible, `turn` in quarters
        against the clock."""
        drawn = pdf.FPDFPageObj_CreateTextObj(self.document, self._font(bold), size)
        encoded = ctypes.create_string_buffer((text + "\0").encode("utf-16-le"))
        pdf.FPDFText_SetText(drawn, ctypes.cast(encoded, ctypes.POINTER(pdf.FPDF_WCHAR)))
        pdf.FPDFTextObj_SetTextRenderMode(drawn, mode)
        pdf.FPDFPageObj_SetFillColor(drawn, *colour, 255)
        cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn % 4]
        pdf.FPDFPageObj_Transform(drawn, cos, sin, -sin, cos, x, self.height - y)
        pdf.FPDFPage_InsertObject(self.page, drawn)
        return self

    def rule(
        self, x0: float, y0: float, x1: float, y1: float, *, dash: float = 0, width: float = 0.5
    ) -> PdfFile:
        """A stroked line."""
        path = pdf.FPDFPageObj_CreateNewPath(x0, self.height - y0)
        pdf.FPDFPath_LineTo(path, x1, self.height - y1)
        pdf.FPDFPath_SetDrawMode(path, 0, True)
        pdf.FPDFPageObj_SetStrokeWidth(path, width)
        if dash:
            pdf.FPDFPageObj_SetDashArray(path, (ctypes.c_float * 2)(dash, dash), 2, 0)
        pdf.FPDFPage_InsertObject(self.page, path)
        return self

    def bar(self, x: float, y: float, width: float, height: float, grey: int = 0) -> PdfFile:
        """A filled rectangle."""
        path = pdf.FPDFPageObj_CreateNewRect(x, self.height - y - height, width, height)
        pdf.FPDFPath_SetDrawMode(path, 1, False)
        pdf.FPDFPageObj_SetFillColor(path, grey, grey, grey, 255)
        pdf.FPDFPage_InsertObject(self.page, path)
        return self

    def picture(self, x: float, y: float, width: float, height: float) -> PdfFile:
        """A dark picture of 100 x 100 dots."""
        bitmap = pdf.FPDFBitmap_Create(100, 100, 0)
        pdf.FPDFBitmap_FillRect(bitmap, 0, 0, 100, 100, 0xFF666666)
        drawn = pdf.FPDFPageObj_NewImageObj(self.document)
        pdf.FPDFImageObj_SetBitmap(None, 0, drawn, bitmap)
        pdf.FPDFPageObj_Transform(drawn, width, 0, 0, height, x, self.height - y - height)
        pdf.FPDFPage_InsertObject(self.page, drawn)
        pdf.FPDFBitmap_Destroy(bitmap)
        return self

    def table(
        self,
        x: float,
        y: float,
        widths: list[float],
        rows: list[list[str]],
        *,
        height: float = 20,
        style: str = "lines",
    ) -> PdfFile:
        """A ruled table with one line of text a cell; `style` is lines, bars, dashes or double."""
        down = [y + height * n for n in range(len(rows) + 1)]
        across = [x + sum(widths[:n]) for n in range(len(widths) + 1)]
        for at in down:
            self._styled(style, across[0], at, across[-1], at)
        for at in across:
            self._styled(style, at, down[0], at, down[-1])
        for top, row in zip(down, rows, strict=False):
            for left, text in zip(across, row, strict=False):
                if text:
                    self.text(left + 4, top + height * 0.7, text, 9)
        return self

    def data(self) -> bytes:
        """The file."""
        self._end_page()
        pieces: list[bytes] = []

        @ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(pdf.FPDF_FILEWRITE), ctypes.c_void_p, ctypes.c_ulong
        )
        def write(_: object, start: int, size: int) -> int:
            pieces.append(ctypes.string_at(start, size))
            return 1

        writer = pdf.FPDF_FILEWRITE(version=1)
        writer.WriteBlock = ctypes.cast(write, type(writer.WriteBlock))
        pdf.FPDF_SaveAsCopy(self.document, ctypes.byref(writer), 0)
        pdf.FPDF_CloseDocument(self.document)
        return b"".join(pieces)

    def _styled(self, style: str, x0: float, y0: float, x1: float, y1: float) -> None:
        if style == "bars":
            self.bar(x0, y0, max(x1 - x0, 0.7), max(y1 - y0, 0.7))
            return
        self.rule(x0, y0, x1, y1, dash=2 if style == "dashes" else 0)
        if style == "double":
            shift = 1.5
            level = y0 == y1
            self.rule(
                x0 + (0 if level else shift),
                y0 + (shift if level else 0),
                x1 + (0 if level else shift),
                y1 + (shift if level else 0),
            )

    def _font(self, bold: bool) -> Any:
        name = BOLD if bold else REGULAR
        if name not in self.fonts:
            data = font_bytes(name)
            buffer = (ctypes.c_uint8 * len(data)).from_buffer_copy(data)
            self.fonts[name] = pdf.FPDFText_LoadFont(
                self.document, buffer, len(data), pdf.FPDF_FONT_TRUETYPE, True
            )
        return self.fonts[name]

    def _end_page(self) -> None:
        if self.page is not None:
            pdf.FPDFPage_GenerateContent(self.page)
            pdf.FPDF_ClosePage(self.page)
            self.page = None


def raw_pdf(*objects: bytes, root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF of these numbered objects as they are."""
    data, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, root, trailer, len(data))
    )


def stream(content: bytes, entries: bytes = b"", packed: bool = False) -> bytes:
    """A stream object's body."""
    if packed:
        content, entries = zlib.compress(content, 9), entries + b"/Filter/FlateDecode"
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def page_of(content: bytes, box: bytes = b"0 0 595 842", packed: bool = False) -> bytes:
    """A PDF of one page with such a content stream and Helvetica as F1."""
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox["
        + box
        + b"]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(content, packed=packed),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
