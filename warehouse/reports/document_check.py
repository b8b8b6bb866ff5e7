"""Whether a written report is the Party document that the campaign asks for (Hướng dẫn 36-HD/VPTW,
as campaign data).

It reads the file again as Word would, and knows nothing of how it was made: paper and margins, the
font of every style and run, the size and lines of the body, page numbers, the blocks that must
stand, and that nothing of the template is left.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import BadZipFile

from docx import Document as open_document
from docx.document import Document
from docx.enum.text import WD_LINE_SPACING
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph
from lxml import etree

from sources.campaigns import Campaign, Page
from warehouse.reports.document_head import number_text, officers_paragraphs, signature_lines
from warehouse.reports.party_words import place_and_date
from warehouse.reports.template_paragraphs import BODY_STYLE, NUMBER_STYLE, QUOTE_STYLE

PAPERS_MM = {"A4": (210, 297)}
NEAR_MM = 0.2  # Word keeps twentieths of a point
FONT_ATTRIBUTES = ("ascii", "hAnsi", "eastAsia", "cs")
LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|\b(?:None|nan|NaT|Undefined)\b")
NO_DOCUMENT = (OSError, KeyError, ValueError, BadZipFile, OpcError, etree.XMLSyntaxError)
DRAFT = "Dự thảo"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"


def check_document(path: Path, campaign: Campaign) -> list[str]:
    """What is wrong with the report at `path`, a sentence each in English for the log; empty: it is
    as it should be."""
    document = open_document(str(path))
    page = campaign.document.page
    return [
        *_paper(document, page),
        *_page_numbers(document, page),
        *_fonts(document, page.font),
        *_body(document, page),
        *_blocks(document, campaign),
        *_left_over(document, campaign),
    ]


def issue_problems(path: Path, campaign: Campaign) -> list[str]:
    """What keeps a report that an officer has changed from being issued, and what to do, in
    Vietnamese; empty: nothing.

    It must bear number, date and signer as the officer's part of `campaign` has them.
    """
    try:
        document = open_document(str(path))
    except NO_DOCUMENT as error:
        return [f"không mở được bằng Word ({error}); lưu lại dưới dạng .docx"]
    if document.element.body.xpath(".//w:ins | .//w:del"):
        return ["còn thay đổi được theo dõi; trong Word chọn Accept All Changes rồi lưu lại"]
    lines = [" ".join(paragraph.text.split()) for paragraph in all_paragraphs(document)]
    part, about = campaign.officers_part, campaign.document
    assert part.dated is not None
    wanted = [
        f"Số {number_text(part.number)}-{about.symbol}",
        place_and_date(about.place, dt.datetime.combine(part.dated, dt.time()), part.dated),
        part.signer or about.signer_name,
    ]
    problems = [
        f"chưa có “{line}”; ghi vào trong Word, hoặc sửa trong phần của cán bộ"
        for line in wanted
        if line not in lines
    ]
    if DRAFT in lines:
        problems.append(f"còn chữ “{DRAFT}”; xóa dòng ấy trong Word")
    return problems


def all_paragraphs(document: Document) -> Iterator[Paragraph]:
    """Every paragraph in the order of the document, those in tables too."""
    for element in document.element.body.iter(qn("w:p")):
        yield Paragraph(element, document)


def _paper(document: Document, page: Page) -> Iterator[str]:
    width, height = PAPERS_MM[page.paper]
    for section in document.sections:
        measured = {
            "width": (section.page_width, width),
            "height": (section.page_height, height),
            "top margin": (section.top_margin, page.top_mm),
            "bottom margin": (section.bottom_margin, page.bottom_mm),
            "left margin": (section.left_margin, page.left_mm),
            "right margin": (section.right_margin, page.right_mm),
        }
        for name, (found, wanted) in measured.items():
            if found is None or abs(found - Mm(wanted)) > Mm(NEAR_MM):
                yield f"{name}: {found and round(found / Mm(1), 1)} mm, not {wanted} mm"


def _page_numbers(document: Document, page: Page) -> Iterator[str]:
    for section in document.sections:
        if (
            not section.different_first_page_header_footer
            or section.first_page_header._element.xpath(".//w:t")
        ):
            yield "the first page must bear no number"
        fields = section.header._element.xpath(".//w:fldSimple/@w:instr | .//w:instrText/text()")
        if not any("PAGE" in f for f in fields):
            yield "no page number at the top of the pages"
        elif (
            section.header.paragraphs[0].alignment is None
            and _style_alignment(section.header.paragraphs[0]) != 1
        ):
            yield "the page number is not centred"
    size = document.styles[NUMBER_STYLE].font.size
    if size is None or size.pt != page.body_pt:
        yield f"page number in {size and size.pt} pt, not {page.body_pt} pt"


def _style_alignment(paragraph: Paragraph) -> int | None:
    style = paragraph.style
    return style.paragraph_format.alignment if style is not None else None


def _fonts(document: Document, font: str) -> Iterator[str]:
    """No style, run or default may name another font, nor a theme's font, which is another one."""
    parts = {
        "document": document.element,
        "styles": document.styles.element,
        **{f"header {n}": s.header._element for n, s in enumerate(document.sections, 1)},
    }
    for name, element in parts.items():
        others = {
            value for fonts in element.iter(qn("w:rFonts")) for value in _other_fonts(fonts, font)
        }
        if others:
            yield f"{name}: fonts other than {font}: {', '.join(sorted(others))}"
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")
    if defaults is None or any(defaults.get(qn(f"w:{a}")) != font for a in FONT_ATTRIBUTES):
        yield f"the document's default font is not {font} for all scripts"


def _other_fonts(fonts: etree._Element, font: str) -> Iterator[str]:
    for attribute, value in fonts.attrib.items():
        name = attribute.rpartition("}")[2]
        if (name in FONT_ATTRIBUTES and value != font) or name.endswith("Theme"):
            yield value


def _body(document: Document, page: Page) -> Iterator[str]:
    """The body's style has the campaign's measures, and no paragraph or run of the body has others
    of its own."""
    style = document.styles[BODY_STYLE]
    spacing = style.paragraph_format
    found = {
        "size": (style.font.size and style.font.size.pt, page.body_pt),
        "line": (spacing.line_spacing and spacing.line_spacing.pt, page.line_pt),
        "space between paragraphs": (
            spacing.space_after and spacing.space_after.pt,
            page.paragraph_gap_pt,
        ),
    }
    for name, (is_now, wanted) in found.items():
        if is_now != wanted:
            yield f"body {name}: {is_now} pt, not {wanted} pt"
    if spacing.line_spacing_rule != WD_LINE_SPACING.EXACTLY:
        yield "body lines are not exact"
    if spacing.first_line_indent is None or abs(
        spacing.first_line_indent - Mm(page.first_line_mm)
    ) > Mm(NEAR_MM):
        yield f"body first line is not indented by {page.first_line_mm} mm"
    for paragraph in all_paragraphs(document):
        if (
            paragraph.style is not None
            and paragraph.style.name == BODY_STYLE
            and _has_own_measures(paragraph)
        ):
            yield f"a paragraph of the body has measures of its own: {paragraph.text[:60]}"


def _has_own_measures(paragraph: Paragraph) -> bool:
    return bool(paragraph._p.xpath("./w:pPr/w:spacing | ./w:pPr/w:ind | ./w:r/w:rPr/w:sz"))


def _blocks(document: Document, campaign: Campaign) -> Iterator[str]:
    about = campaign.document
    lines = [p.text.strip() for p in all_paragraphs(document)]
    wanted = [
        PARTY,
        about.parent,
        about.issuer,
        "*",
        about.kind,
        about.subject,
        "-----",
        "Nơi nhận:",
        *signature_lines(campaign),
    ]
    yield from (f"missing: {block}" for block in wanted if block not in lines)
    if not any(line.startswith("Số ") and line.endswith(about.symbol) for line in lines):
        yield f"missing: the number, Số …-{about.symbol}"
    if not any(line.startswith(f"{about.place}, ngày") for line in lines):
        yield f"missing: place and date, {about.place}, ngày …"
    if missing := [
        r for r in about.recipients if not any(r in line for line in lines if line.startswith("- "))
    ]:
        yield f"missing among the recipients: {'; '.join(missing)}"


def _left_over(document: Document, campaign: Campaign) -> Iterator[str]:
    """Tags of the template, and Python's words for nothing; what units and officers wrote is
    theirs, whatever it holds (`nan` is a word of Vietnamese)."""
    part = campaign.officers_part
    written = {*officers_paragraphs((*part.introduction, *part.causes, *part.conclusions))}
    for paragraph in all_paragraphs(document):
        if paragraph.style is not None and paragraph.style.name == QUOTE_STYLE:
            continue
        if paragraph.text in written:
            continue
        if found := LEFT_OVER.search(paragraph.text):
            yield f"left over from the template: {found.group()!r} in {paragraph.text[:80]!r}"
