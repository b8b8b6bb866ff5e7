"""PDFium, the library that takes PDF files apart: loaded when the first such file comes, and told
to run nothing."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sources.readers.refusals import broken, encrypted, extra_missing, form_of_program

_PASSWORD, _SECURITY = 4, 5  # what PDFium says of a file that it does not open
_XFA_FORMS = (2, 3)


@lru_cache(maxsize=1)
def pdfium() -> Any:
    """PDFium's functions. Raises RefusedFile where the extra `pdf` is not installed."""
    try:
        import pypdfium2.raw as raw
    except (ImportError, PermissionError):  # it is absent, or may not be loaded any more
        raise extra_missing("tệp PDF", "tonghop[pdf]") from None
    raw.FPDF_InitLibrary()
    return raw


@contextmanager
def opened_document(data: bytes) -> Iterator[Any]:
    """The document, open while the block runs. Raises RefusedFile where it cannot be opened."""
    raw = pdfium()
    document = raw.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise encrypted() if raw.FPDF_GetLastError() in (_PASSWORD, _SECURITY) else broken()
    try:
        if raw.FPDF_GetFormType(document) in _XFA_FORMS:
            raise form_of_program()
        yield document
    finally:
        raw.FPDF_CloseDocument(document)


@contextmanager
def opened_page(document: Any, index: int) -> Iterator[Any]:
    """A page, open while the block runs. Raises RefusedFile where it is damaged."""
    raw = pdfium()
    page = raw.FPDF_LoadPage(document, index)
    if not page:
        raise broken()
    try:
        yield page
    finally:
        raw.FPDF_ClosePage(page)


def text_from(call: Any, *arguments: Any, size: int = 256) -> str:
    """What a function says that fills a buffer with UTF-8 and returns how much it needs."""
    buffer = ctypes.create_string_buffer(size)
    call(*arguments, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def wide_text_from(call: Any, *arguments: Any) -> str:
    """The same of UTF-16 with a size in bytes; at most 64 KiB of it."""
    raw = pdfium()
    size = min(call(*arguments, None, 0), 1 << 16)
    buffer = ctypes.create_string_buffer(size)
    call(*arguments, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return buffer.raw[: max(size - 2, 0)].decode("utf-16-le", "replace")
