"""The child process that cuts pictures out of a scan's pages, so that an officer sees what was read.

Started by `sources.children.pictures` as `python -m sources.children.picture_child PARENT FILE`,
where FILE is an open descriptor. It is locked as the processes that read are.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import io
import itertools
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING

from sources.children.confined import confine
from sources.children.kernel_lock import libraries, lock_process
from sources.children.line_child import answer_lines
from sources.children.orphans import end_with
from sources.readers.kinds import is_pdf

if TYPE_CHECKING:
    from PIL import Image

SECONDS_PER_PAGE = 20
_MEMORY_BYTES = 2 << 30
_DPI = 150
_MAX_SIDE = 6_000  # pixels of a page's picture
_MAX_CUT_SIDE = 2_000  # pixels of a picture that is cut out: more than a screen shows
_MARGIN = 0.15  # of a box's height, shown around it
_JPEG_QUALITY = 70
_PAGE_UNITS = 10_000


def main() -> None:
    """Answer each line `{"page": …, "boxes": […], "format": …}` with the pictures of the boxes, as
    JPEG or PNG in base64; with null where the page has no picture."""
    end_with(int(sys.argv[1]))
    with os.fdopen(int(sys.argv[2]), "rb") as file:
        data = file.read()
    answer_lines(lambda question: _answer(data, question), prepare=_restrict)


def _restrict() -> None:
    """Import what shows pages, then give up all that it does not need."""
    # Nothing that loads native code can be imported afterwards; an extra may be absent.
    with contextlib.suppress(ImportError):
        import pypdfium2  # noqa: F401
    with contextlib.suppress(ImportError):
        import sources.readers.scans.pictures  # noqa: F401 - all that opens and writes pictures
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    lock_process(libraries())
    confine()


def _answer(data: bytes, question: dict[str, object]) -> list[str] | None:
    signal.alarm(SECONDS_PER_PAGE)
    page, boxes, written_as = question["page"], question["boxes"], str(question["format"])
    try:
        picture = _last_page(data, int(str(page)))
    except Exception:  # noqa: BLE001 - an untrusted file may break a library in any way; there is no picture then
        return None
    finally:
        signal.alarm(0)
    assert isinstance(boxes, list)
    return [base64.b64encode(_cut(picture, box, written_as)).decode() for box in boxes]


@functools.lru_cache(maxsize=1)  # asked for several times where it has many boxes
def _last_page(data: bytes, number: int) -> Image.Image:
    return page_picture(data, number)


def page_picture(data: bytes, number: int) -> Image.Image:
    """The page of that number, from 1, as it is shown: a PDF's page, or a frame of an image.

    Raises whatever the libraries raise for a page that is not there or is broken.
    """
    if is_pdf(data):
        import pypdfium2

        page = pypdfium2.PdfDocument(data)[number - 1]
        scale = min(_DPI / 72, _MAX_SIDE / max(page.get_size()))
        rendered: Image.Image = page.render(scale=scale).to_pil()
        return rendered.convert("RGB")
    from PIL import Image

    from sources.readers.scans.pictures import pages_of_picture

    page = next(itertools.islice(pages_of_picture(data), number - 1, None))
    shown = Image.fromarray(page.pixels)
    shown.thumbnail((_MAX_SIDE, _MAX_SIDE))
    return shown


def _cut(picture: Image.Image, box: list[int], written_as: str) -> bytes:
    """The box of the page with a margin, as a file of that format."""
    width, height = picture.size
    left, top, right, bottom = (
        box[0] * width / _PAGE_UNITS,
        box[1] * height / _PAGE_UNITS,
        box[2] * width / _PAGE_UNITS,
        box[3] * height / _PAGE_UNITS,
    )
    margin = _MARGIN * max(bottom - top, 1)
    cut = picture.crop(
        (
            int(max(left - margin, 0)),
            int(max(top - margin, 0)),
            int(min(max(right + margin, left + 2), width)),
            int(min(max(bottom + margin, top + 2), height)),
        )
    )
    cut.thumbnail((_MAX_CUT_SIDE, _MAX_CUT_SIDE))
    written = io.BytesIO()
    cut.save(written, written_as, quality=_JPEG_QUALITY)
    return written.getvalue()


if __name__ == "__main__":
    main()
