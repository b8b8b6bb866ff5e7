"""Gives a written report the campaign's page (Hướng dẫn 36-HD/VPTW, as campaign data) and the same
bytes each time.

The template holds the text and the styles; paper, margins, font and the body's measures are the
campaign's, whatever the office's Word left in the template. `package_bytes` leaves out the clock:
times inside the file are `as_of`.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable
from io import BytesIO

from docx.document import Document
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from sources.campaigns import Campaign, Page
from warehouse.reports.document_check import FONT_ATTRIBUTES, PAPERS_MM
from warehouse.reports.template_paragraphs import BODY_STYLE, NUMBER_STYLE

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
BODY_SIZED = (BODY_STYLE, NUMBER_STYLE, "Normal", "Heading 1", "Heading 2", "Heading 3")


def apply_page(document: Document, page: Page) -> None:
    """Sets paper, margins, the font of everything, and the measures of the body and of the
    headings."""
    width, height = PAPERS_MM[page.paper]
    for section in document.sections:
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.top_margin, section.bottom_margin = Mm(page.top_mm), Mm(page.bottom_mm)
        section.left_margin, section.right_margin = Mm(page.left_mm), Mm(page.right_mm)
    for name in BODY_SIZED:
        document.styles[name].font.size = Pt(page.body_pt)
    body = document.styles[BODY_STYLE].paragraph_format
    body.line_spacing_rule, body.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(page.line_pt)
    body.space_after, body.first_line_indent = Pt(page.paragraph_gap_pt), Mm(page.first_line_mm)
    _one_font(document, page.font)


def describe_pictures(document: Document, alt_texts: Iterable[str]) -> None:
    """Writes what each picture shows, in the order of the document, for readers who cannot see
    it."""
    drawings = document.element.body.iter(qn("wp:docPr"))
    for number, (drawing, text) in enumerate(zip(drawings, alt_texts, strict=True), 1):
        drawing.set("name", f"Biểu đồ {number}")
        drawing.set("descr", text)


def describe_document(document: Document, campaign: Campaign, as_of: dt.datetime) -> None:
    """Title, author and times of the file: those of the campaign and of `as_of`, never of the
    clock."""
    about, properties = campaign.document, document.core_properties
    properties.title = f"{about.kind.capitalize()} {about.subject}"
    properties.author = properties.last_modified_by = about.issuer_name
    properties.created = properties.modified = as_of.astimezone(dt.UTC).replace(tzinfo=None)
    properties.revision = 1


def package_bytes(document: Document) -> bytes:
    """The document as the bytes of a .docx whose members bear no time of writing."""
    written, out = BytesIO(), BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(out, "w") as target:
        for member in source.infolist():
            fixed = zipfile.ZipInfo(member.filename, ZIP_TIME)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fixed, source.read(member))
    return out.getvalue()


def _one_font(document: Document, font: str) -> None:
    """Every font named anywhere becomes `font`, in all scripts; a theme's fonts are named no
    more."""
    headers = (
        header._element for s in document.sections for header in (s.header, s.first_page_header)
    )
    for element in (document.element, document.styles.element, *headers):
        for fonts in element.iter(qn("w:rFonts")):
            fonts.attrib.clear()
            for attribute in FONT_ATTRIBUTES:
                fonts.set(qn(f"w:{attribute}"), font)
