"""Scans and photographs of reports: the picture of a page becomes grids and paragraphs as of a Word
file, each value with a `PictureReading`.

A page is made flat (`flat_pages`), its ruled tables are found (`ruled_tables`), cells and lines are
read by two engines (`engines`) of which both must agree (`numbers`). This module alone may be
imported where the extra `ocr` is not installed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sources.campaigns import Limits
from sources.grids import Document
from sources.readers.refusals import extra_missing

if TYPE_CHECKING:
    from sources.readers.page_images import PageImage
    from sources.readers.scans.engines import Engines

_WHAT, _EXTRA = "bản quét hoặc ảnh chụp", "tonghop[ocr]"
# Set before numpy is there: its helpers' threads would be started again in a confined child, which may start none.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT")


def import_engines() -> None:
    """Imports and loads all that reads, before the process is confined; nothing where the extra is
    absent."""
    from sources.grids import RefusedFile

    try:
        _engines()
    except RefusedFile:
        return


def read_page_images(pages: Sequence[PageImage], limits: Limits) -> Document:
    """The document of these pages. Raises RefusedFile (unreadable) where one cannot be read surely,
    or the extra is absent."""
    engines = _engines()
    from sources.readers.scans.pages import read_pages

    return read_pages(pages, limits, engines)


def read_scan(data: bytes, limits: Limits) -> Document:
    """The document of a picture file (jpg, png, tiff, bmp). Raises RefusedFile (unreadable)."""
    engines = _engines()
    from sources.readers.scans.pages import read_pages
    from sources.readers.scans.pictures import pages_of_picture

    return read_pages(pages_of_picture(data), limits, engines)


def _engines() -> Engines:
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    try:
        from sources.readers.scans import pages, pictures  # noqa: F401 - all that a reader needs
        from sources.readers.scans.engines import EngineMissing, load_engines
    except ImportError as error:
        raise extra_missing(_WHAT, _EXTRA) from error
    try:
        return load_engines()
    except EngineMissing as error:
        raise extra_missing(_WHAT, str(error)) from error
