"""The engines that read pages: PDF, scans and photographs. A process loads them before it is locked.

They take a second to load, so only the processes that read pages do (`sources.children.reading`);
all others hand such a file back.
"""

from __future__ import annotations

import contextlib
import importlib

from sources.grids import FileKind

PAGE_KINDS: tuple[FileKind, ...] = ("pdf", "scan")
# Each has `import_engines`. That of scans is first: it keeps numpy from starting threads.
_MODULES = ("sources.readers.scans", "sources.readers.pdf")

_loaded: list[bool] = []


class NeedsPageEnginesError(Exception):
    """The file holds pages, and this process has not loaded what reads them."""


def load_page_engines() -> None:
    """Loads all engines that are installed. An extra that is absent is named when a file needs
    it."""
    for name in _MODULES:
        with contextlib.suppress(ImportError):  # of an extra: its reader says so
            importlib.import_module(name).import_engines()
    _loaded[:] = [True]


def require_page_engines() -> None:
    """Raises NeedsPageEnginesError where `load_page_engines` has not run in this process."""
    if not _loaded:
        raise NeedsPageEnginesError
    return None
