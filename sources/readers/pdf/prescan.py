"""A look at a PDF's bytes before PDFium takes them apart: what would unpack to more than the memory
holds is refused."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from sources.campaigns import Limits
from sources.readers.refusals import pdf_bomb

_STREAM = re.compile(rb"stream\r?\n")
_SIDE = re.compile(rb"/(Width|Height)\s+(\d{1,12})")
_CHUNK = 1 << 20
_MAX_LAYERS = 3  # packed streams within packed streams
_MAX_DOTS = 150_000_000  # of one image: 300 dpi of an A2 sheet are 35 million
_MAX_SIDE = 60_000
_MAX_UNPACKED = 128 << 20  # of one stream: PDFium holds it whole, and once more as it reads it


def check_streams(data: bytes, limits: Limits) -> None:
    """Raises RefusedFile where the file's packed streams, or an image, are too large."""
    _check_images(data)
    total = 0
    for start in (found.end() for found in _STREAM.finditer(data)):
        if data[start : start + 1] not in b"\x78\x68\x58\x48\x38\x28\x18\x08":
            continue
        size = 0
        for piece in _unpacked(data, start):
            size += len(piece)
            if size > _MAX_UNPACKED or total + size > limits.unpacked_bytes:
                raise pdf_bomb(f"giải nén ra quá {_MAX_UNPACKED >> 20} MB")
            if size == len(piece):
                _check_inner(piece)
                _check_images(piece)
        total += size


def _unpacked(data: bytes, start: int) -> Iterator[bytes]:
    """The pieces of a packed stream; it ends where it is damaged."""
    unpacker = zlib.decompressobj()
    packed = memoryview(data)[start:]
    try:
        position = 0
        while position < len(packed) and not unpacker.eof:
            rest = packed[position : position + _CHUNK]
            position += _CHUNK
            piece = unpacker.decompress(rest, _CHUNK)
            while piece:
                yield piece
                piece = unpacker.decompress(unpacker.unconsumed_tail, _CHUNK)
    except zlib.error:
        return


def _check_inner(piece: bytes) -> None:
    """Raises RefusedFile where what was packed is packed once more, and unpacks to far more."""
    for _ in range(_MAX_LAYERS):
        if piece[:1] != b"\x78":
            return
        size, first = 0, b""
        for inner in _unpacked(piece, 0):
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
