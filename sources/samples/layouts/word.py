"""Word reports: a letterhead, prose under numbered headings, and tables in annexes where the layout
has them."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from random import Random

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.text.paragraph import Paragraph

from sources.blank_form.values import (
    Canonical,
    FormValues,
    Row,
    as_count,
    asked_fields,
    asked_sections,
)
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.registry import Unit
from sources.samples.layouts.sheets import reported_tables
from sources.samples.layouts.wording import as_text, letterhead_name, share

_IN_LETTERHEAD = ("unit", "document_number", "document_date")


def write_word(
    values: FormValues, unit: Unit, campaign: Campaign, target: Path, rng: Random
) -> None:
    """Letterhead, prose, and each table section as an annex."""
    document = _prose(values, unit, campaign)
    for number, (section, rows) in enumerate(reported_tables(values, campaign), 1):
        document.add_paragraph(f"Phụ lục {number}").alignment = WD_ALIGN_PARAGRAPH.CENTER
        _bold(document, section.heading or section.title)
        _add_table(document, section, rows, campaign)
    _save(document, target)


def write_prose(
    values: FormValues, unit: Unit, campaign: Campaign, target: Path, rng: Random
) -> None:
    """Letterhead and prose alone."""
    _save(_prose(values, unit, campaign), target)


def _prose(values: FormValues, unit: Unit, campaign: Campaign) -> WordDocument:
    document = Document()
    sections = [s for s in asked_sections(unit, campaign) if s.layout == "pairs"]
    _add_letterhead(document, values.pairs.get(sections[0].key, {}), unit, campaign)
    _bold(document, "BÁO CÁO").alignment = WD_ALIGN_PARAGRAPH.CENTER
    _bold(
        document, f"Kết quả sinh hoạt chuyên đề “{campaign.campaign.topic}”"
    ).alignment = WD_ALIGN_PARAGRAPH.CENTER
    _bold(document, "I. KẾT QUẢ THỰC HIỆN")
    pairs = values.pairs.get(sections[0].key, {})
    for field in asked_fields(sections[0], unit):
        if field.key not in _IN_LETTERHEAD and pairs.get(field.key) is not None:
            document.add_paragraph(f"- {field.label}: {_answer_text(field, pairs, campaign)}.")
    for section in sections[1:]:
        _bold(document, f"II. {section.title.upper()}")
        for number, field in enumerate(asked_fields(section, unit), 1):
            if text := values.pairs.get(section.key, {}).get(field.key):
                _bold(document, f"{number}. {field.label}")
                document.add_paragraph(str(text))
    return document


def _add_letterhead(document: WordDocument, pairs: Row, unit: Unit, campaign: Campaign) -> None:
    left, right = document.add_table(1, 2).rows[0].cells
    left.text = "\n".join(
        (
            campaign.document.parent,
            letterhead_name(unit),
            "*",
            f"Số {pairs.get('document_number') or '      '}",
        )
    )
    right.text = "ĐẢNG CỘNG SẢN VIỆT NAM"
    day = pairs.get("document_date")
    if isinstance(day, dt.date):
        right.text += (
            f"\n{campaign.document.place}, ngày {day.day:02d} tháng {day.month} năm {day.year}"
        )


def _answer_text(field: FormField, pairs: Row, campaign: Campaign) -> str:
    """`17/18 chi bộ (đạt 94,4%)` for a count with a limit, `25 chi bộ` for another, có or chưa for
    a mark."""
    value: Canonical = pairs[field.key]
    if field.type == "mark":
        return "có" if value else "chưa"
    if field.type != "count":
        return as_text(field, value, campaign)
    word = f" {field.unit_word}" if field.unit_word else ""
    limit = pairs.get(field.limit) if field.limit else None
    if limit:
        return f"{value}/{limit}{word} (đạt {share(as_count(value), as_count(limit))})"
    return f"{as_text(field, value, campaign)}{word}"


def _add_table(
    document: WordDocument, section: Section, rows: Sequence[Row], campaign: Campaign
) -> None:
    lines = [["TT", *(f.label for f in section.fields)]]
    lines += [
        [str(n), *(as_text(f, row.get(f.key), campaign, "%d/%m/%Y") for f in section.fields)]
        for n, row in enumerate(rows, 1)
    ]
    table = document.add_table(len(lines), len(lines[0]), style="Table Grid")
    for row, line in zip(table._tbl.tr_lst, lines, strict=True):  # table.cell() is quadratic
        for cell, text in zip(row.tc_lst, line, strict=True):
            cell.p_lst[0].add_r().text = text


def _bold(document: WordDocument, text: str) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.add_run(text).bold = True
    return paragraph


def _save(document: WordDocument, target: Path) -> None:
    """Saves with one fixed time in the archive, so that the same report is the same bytes."""
    written = BytesIO()
    document.save(written)
    with (
        zipfile.ZipFile(written) as archive,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as settled,
    ):
        for name in archive.namelist():
            settled.writestr(zipfile.ZipInfo(name), archive.read(name), zipfile.ZIP_DEFLATED)
