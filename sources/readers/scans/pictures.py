"""Picture files (jpg, png, tiff, bmp) as pages: turned as the camera held it, in RGB on white, of a
size that can be read."""

from __future__ import annotations

import io
import math
import struct
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import (  # the plugins here, since none is imported in a confined process
    BmpImagePlugin,
    Image,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
)

from sources.readers.page_images import PageImage
from sources.readers.refusals import broken
from sources.readers.scans.refusals import (
    animated,
    resolution_too_low,
    too_many_pages,
    too_many_pixels,
)

MAX_PAGES = 30
MAX_PIXELS = 45_000_000  # an A4 page at 600 dpi has 35 million
READ_DPI = 300  # more is not read better, and costs four times the memory
_A4_SHORT_INCHES, _A4_LONG_INCHES = 8.27, 11.69
_PAPER_INCHES = (5.5, 17.5)  # the long side of any paper of an office, A5 to A3
_MIN_PIXELS = 300  # of the short side: less is no page at all
_PLUGINS = (
    JpegImagePlugin.JpegImageFile,
    MpoImagePlugin.MpoImageFile,
    PngImagePlugin.PngImageFile,
    TiffImagePlugin.TiffImageFile,
    BmpImagePlugin.BmpImageFile,
)
_FORMATS = [plugin.format for plugin in _PLUGINS if plugin.format != "MPO"]  # opened as JPEG
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    ZeroDivisionError,
    OverflowError,
    RuntimeError,
    struct.error,
)


def pages_of_picture(data: bytes) -> Iterator[PageImage]:
    """The pages of a picture file, one after another. Raises RefusedFile (unreadable)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own words on odd tags and large pictures
        picture = _opened(data)
        count = _page_count(picture)
        for number in range(1, count + 1):
            yield _page(picture, number)


def _opened(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise too_many_pixels() from error
    except _BROKEN as error:
        raise broken() from error


def _page_count(picture: Image.Image) -> int:
    if picture.format == "MPO":  # a telephone's picture with small ones of itself behind
        return 1
    try:
        count = int(getattr(picture, "n_frames", 1))
    except _BROKEN as error:
        raise broken() from error
    if count > 1 and picture.format != "TIFF":
        raise animated()
    if count > MAX_PAGES:
        raise too_many_pages(MAX_PAGES)
    return count


def _page(picture: Image.Image, number: int) -> PageImage:
    try:
        if number > 1:
            picture.seek(number - 1)
        _check_size(picture, number)
        dpi = _stated_dpi(picture) or _dpi_of_a4(picture)
        if picture.format in ("JPEG", "MPO") and dpi >= 2 * READ_DPI:
            picture.draft("RGB", (picture.width // 2, picture.height // 2))
        shown = ImageOps.exif_transpose(_in_rgb(picture))
    except Image.DecompressionBombError as error:
        raise too_many_pixels() from error
    except _BROKEN as error:
        raise broken() from error
    return PageImage(number, np.asarray(shown), dpi)


def _check_size(picture: Image.Image, number: int) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise too_many_pixels()
    if min(width, height) < _MIN_PIXELS:
        raise resolution_too_low(number)


def _in_rgb(picture: Image.Image) -> Image.Image:
    orientation = picture.getexif()
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        levels = np.asarray(picture, dtype=np.float32)
        top = 65535.0 if levels.max(initial=0) > 255 else 255.0
        rgb = Image.fromarray((np.clip(levels / top, 0, 1) * 255).astype(np.uint8)).convert("RGB")
    elif picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        rgb = Image.new("RGB", picture.size, "white")
        rgb.paste(seen, mask=seen.getchannel("A"))
    else:
        rgb = picture.convert("RGB")
    rgb.info["exif"] = orientation.tobytes()
    return rgb


def _stated_dpi(picture: Image.Image) -> int | None:
    """What the file says, where that makes a page of a size that paper has: cameras write 72."""
    stated = picture.info.get("dpi")
    if not isinstance(stated, tuple) or len(stated) != 2:
        return None
    across, down = float(stated[0]), float(stated[1])
    if not (math.isfinite(across) and math.isfinite(down)) or min(across, down) < 50:
        return None
    if abs(across - down) > 0.02 * across:  # a fax, whose pixels are no squares
        return None
    inches = max(picture.width / across, picture.height / down)
    return round(across) if _PAPER_INCHES[0] <= inches <= _PAPER_INCHES[1] else None


def _dpi_of_a4(picture: Image.Image) -> int:
    """As if the picture were a page of A4 and no more: what lies around it makes the page's own
    less."""
    short, long = sorted(picture.size)
    return round(max(short / _A4_SHORT_INCHES, long / _A4_LONG_INCHES))
