"""Packed streams of a PDF, unpacked piece by piece."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_CHUNK = 1 << 20


def unpacked_pieces(data: bytes, start: int) -> Iterator[bytes]:
    """The pieces of a stream packed by Flate, of 1 MiB at most; it ends where it is damaged."""
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
