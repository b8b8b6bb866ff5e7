"""The content of one cell or paragraph of a landed original, by openpyxl, python-docx and csv
alone."""

import csv
import datetime as dt
import io
import re
import zipfile
from functools import cache
from pathlib import Path

import docx
import openpyxl
from docx.table import Table
from docx.text.paragraph import Paragraph
from openpyxl.utils.cell import coordinate_to_tuple


@cache
def sheets(original: Path) -> dict[str, object]:
    """By the name that lineage uses: rows of a sheet, of a table or of a member; of a paragraph its
    text."""
    content = original.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        if "xl/workbook.xml" in names:
            book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
            return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
        if "word/document.xml" in names:
            return _word(docx.Document(io.BytesIO(content)))
        return {
            name: list(
                csv.reader(io.StringIO(package.read(name).decode("utf-8-sig")), delimiter=";")
            )
            for name in names
        }


def text_at(original: Path, sheet: str, ref: str) -> str | None:
    """The text at that place as a person would type it; None where it is blank."""
    there = sheets(original)[sheet]
    value = there if isinstance(there, str) else cell_of(there, ref)
    if isinstance(value, dt.datetime):
        value = value.date()
    return None if value is None or str(value).strip() == "" else str(value)


def stands_at(original: Path, sheet: str, ref: str, raw: str | None) -> bool:
    """Whether the raw text is what the place holds, or a part of it between words, as of a sentence
    or a letterhead."""
    found = text_at(original, sheet, ref)
    if raw is None or found is None:
        return raw is found
    return found.strip() == raw.strip() or bool(
        re.search(rf"(?<!\w){re.escape(raw.strip())}(?!\w)", found)
    )


def heading_above(original: Path, sheet: str, ref: str) -> str:
    """The nearest text above a cell that is longer than a mark: what its column is called."""
    row, column = coordinate_to_tuple(ref)
    above = (
        line[column - 1] for line in sheets(original)[sheet][row - 2 :: -1] if len(line) >= column
    )
    return next((text for text in above if isinstance(text, str) and len(text) > 2), "")


def cell_of(rows: list, ref: str) -> object:
    row, column = coordinate_to_tuple(ref)
    return rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None


def _word(document: docx.document.Document) -> dict[str, object]:
    found: dict[str, object] = {}
    paragraphs = tables = 0
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            paragraphs += 1
            found[f"Đoạn {paragraphs}"] = block.text
        elif isinstance(block, Table):
            tables += 1
            found[f"Bảng {tables}"] = [
                [
                    "\n".join(p.text for p in docx.table._Cell(tc, block).paragraphs)
                    for tc in row._tr.tc_lst
                ]
                for row in block.rows
            ]
    return found
