"""A look at a PDF's bytes before PDFium takes them apart: what would unpack to more than the memory
holds is refused."""

from __future__ import annotations

import re

from sources.campaigns import Limits
from sources.readers.pdf.nested_forms import check_forms
from sources.readers.pdf.unpacking import unpacked_pieces
from sources.readers.refusals import pdf_bomb

_STREAM = re.compile(rb"stream\r?\n")
_SIDE = re.compile(rb"/(Width|Height)\s+(\d{1,12})")
_MAX_LAYERS = 3  # packed streams within packed streams
_MAX_DOTS = 150_000_000  # of one image: 300 dpi of an A2 sheet are 35 million
_MAX_SIDE = 60_000
_MAX_UNPACKED = 128 << 20  # of one stream: PDFium holds it whole, and once more as it reads it


def check_streams(data: bytes, limits: Limits) -> None:
    """Raises RefusedFile where the file's packed streams, or an image, are too large, or forms draw each
    other without end."""
    _check_images(data)
    total = 0
    for start in (found.end() for found in _STREAM.finditer(data)):
        if data[start : start + 1] not in b"\x78\x68\x58\x48\x38\x28\x18\x08":
            continue
        size = 0
        for piece in unpacked_pieces(data, start):
            size += len(piece)
            if size > _MAX_UNPACKED or total + size > limits.unpacked_bytes:
                raise pdf_bomb(f"giải nén ra quá {_MAX_UNPACKED >> 20} MB")
            if size == len(piece):
                _check_inner(piece)
                _check_images(piece)
        total += size
    check_forms(data)


def _check_inner(piece: bytes) -> None:
    """Raises RefusedFile where what was packed is packed once more, and unpacks to far more."""
    for _ in range(_MAX_LAYERS):
        if piece[:1] != b"\x78":
            return
        size, first = 0, b""
        for inner in unpacked_pieces(piece, 0):
            first = first or inner
            size += len(inner)
            if size > _MAX_UNPACKED:
                raise pdf_bomb("nén nhiều lớp")
        piece = first


def _check_images(text: bytes) -> None:
    sides = {b"Width": 1, b"Height": 1}
    for name, digits in _SIDE.findall(text):
        sides[name] = int(digits)
        if sides[name] > _MAX_SIDE or sides[b"Width"] * sides[b"Height"] > _MAX_DOTS:
            raise pdf_bomb("ảnh quá lớn")
