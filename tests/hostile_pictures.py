"""Pictures that lie about their size, stop half-way, or are no page at all."""

from __future__ import annotations

import io
from random import Random

import numpy as np
from PIL import Image


def hostile_picture(rng: Random) -> bytes:
    """One of them, whole, cut off or with some bytes changed."""
    data = bytearray(rng.choice(_MAKERS)(rng))
    how = rng.random()
    if how < 0.3:
        del data[rng.randrange(len(data)) :]
    elif how < 0.7:
        for _ in range(rng.choice((1, 4, 40))):
            data[rng.randrange(min(len(data), rng.choice((120, len(data)))))] = rng.randrange(256)
    return bytes(data)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file of this kind."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def _bomb(rng: Random) -> bytes:
    side = rng.choice((6_000, 12_000, 20_000))
    return encoded(Image.new("1", (side, side)), rng.choice(("PNG", "TIFF")))


def _tiny(rng: Random) -> bytes:
    size = rng.choice(((1, 1), (1, 4000), (4000, 1), (299, 299)))
    return encoded(Image.new("RGB", size), rng.choice(("PNG", "JPEG", "BMP", "TIFF")))


def _noise(rng: Random) -> bytes:
    levels = np.random.default_rng(rng.randrange(99)).integers(0, 256, (900, 700, 3), np.uint8)
    return encoded(Image.fromarray(levels), rng.choice(("PNG", "JPEG", "BMP")))


def _lattice(rng: Random) -> bytes:
    page = np.full((1754, 1240), 255, np.uint8)
    page[:: rng.choice((3, 9, 31))] = 0
    page[:, :: rng.choice((3, 9, 31))] = 0
    return encoded(Image.fromarray(page), "PNG")


def _modes(rng: Random) -> bytes:
    page = Image.fromarray(np.full((1000, 800), 230, np.uint8))
    mode, kind = rng.choice(
        (("CMYK", "JPEG"), ("RGBA", "PNG"), ("P", "PNG"), ("I;16", "PNG"), ("F", "TIFF"))
    )
    return encoded(page.convert("L").convert(mode) if mode != "F" else page.convert("F"), kind)


def _many(rng: Random) -> bytes:
    frame = Image.new("L", (400, 400), 255)
    kind = rng.choice(("PNG", "TIFF"))
    return encoded(frame, kind, save_all=True, append_images=[frame.rotate(3)] * 40)


_MAKERS = (_bomb, _tiny, _noise, _lattice, _modes, _many)
