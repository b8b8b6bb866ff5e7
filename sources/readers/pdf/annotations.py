"""What lies over a page: filled-in fields, comments, marks. It is drawn into the page, so that what
is shown is read; what is not shown and says something makes the file be refused."""

from __future__ import annotations

import ctypes
from typing import Any

from sources.readers.pdf.engine import pdfium, wide_text_from
from sources.readers.refusals import form_fields, too_many_objects

_MAX_ANNOTATIONS = 5_000
_HIDDEN, _NO_VIEW = 2, 32


def show_annotations(document: Any, page: Any, number: int) -> list[tuple[float, float, str]]:
    """Draws all that lies over the page into it; the comments, with the place they hang on. Raises
    RefusedFile where a field holds what the page does not show."""
    raw = pdfium()
    count = raw.FPDFPage_GetAnnotCount(page)
    if count <= 0:
        return []
    if count > _MAX_ANNOTATIONS:
        raise too_many_objects()
    notes: list[tuple[float, float, str]] = []
    drawn = False
    for index in range(count):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        try:
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            if kind in (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP):
                continue
            drawn = True
            if kind == raw.FPDF_ANNOT_WIDGET:
                _check_field(annotation, number)
            elif kind != raw.FPDF_ANNOT_FREETEXT:
                text = wide_text_from(raw.FPDFAnnot_GetStringValue, annotation, b"Contents").strip()
                if text:
                    notes.append((*_middle(annotation), text))
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
    if drawn and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_FAIL:
        raise form_fields(number)
    return notes


def _check_field(annotation: Any, number: int) -> None:
    """Raises RefusedFile where a field holds a value and has no picture of it."""
    raw = pdfium()
    if raw.FPDFAnnot_GetFlags(annotation) & (_HIDDEN | _NO_VIEW):
        return
    value = wide_text_from(raw.FPDFAnnot_GetStringValue, annotation, b"V").strip()
    picture = wide_text_from(raw.FPDFAnnot_GetAP, annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL)
    inherits = raw.FPDFAnnot_HasKey(annotation, b"Parent")
    if (value or inherits) and not picture.strip() and not _is_button(annotation):
        raise form_fields(number)


def _is_button(annotation: Any) -> bool:
    """Whether the field is a box to tick, whose picture is not text."""
    raw = pdfium()
    return bool(raw.FPDFAnnot_HasKey(annotation, b"AS"))


def _middle(annotation: Any) -> tuple[float, float]:
    raw = pdfium()
    box = raw.FS_RECTF()
    raw.FPDFAnnot_GetRect(annotation, ctypes.byref(box))
    return (box.left + box.right) / 2, (box.bottom + box.top) / 2
