"""The engines that read pages: PDF, scans and photographs. A process loads them before it is locked.

They take a second to load, so only the processes that read pages do (`sources.children.reading`);
the others hand such a file back.
"""

from __future__ import annotations

import contextlib
import importlib

from sources.grids import FileKind

PAGE_KINDS: tuple[FileKind, ...] = ("pdf", "scan")
# Each has `import_engines`. That of scans is first: it keeps numpy from starting threads.
_MODULES = ("sources.readers.scans", "sources.readers.pdf")

_handed_back: list[bool] = []


class NeedsPageEnginesError(Exception):
    """The file holds pages, and this process can no longer load what reads them."""


def load_page_engines() -> None:
    """Loads all engines that are installed. An extra that is absent is named when a file needs
    it."""
    for name in _MODULES:
        with contextlib.suppress(ImportError):  # of an extra: its reader says so
            importlib.import_module(name).import_engines()


def hand_pages_back() -> None:
    """From now on this process reads no pages: it will be locked without their engines."""
    _handed_back[:] = [True]


def check_reads_pages() -> None:
    """Raises NeedsPageEnginesError after `hand_pages_back`."""
    if _handed_back:
        raise NeedsPageEnginesError
