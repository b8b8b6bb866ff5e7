"""A unit's Word report with the wrong places shaded, each with a comment that says what is wrong.

Places are found as the reader names them: `Bảng 2` with a ref such as C7, `Đoạn 14`. Links lead nowhere in the copy; a
document that could do more than show text is not copied at all (harmless_word.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from lxml import etree

from sources.readers.safe_xml import local_name
from sources.readers.word_text import blocks, text_boxes
from warehouse.reports.feedback.list_workbook import ERROR_FILL, WARNING_FILL
from warehouse.reports.feedback.refs import row_and_column
from warehouse.reports.feedback.told import Told

_AFTER_SHADE = tuple(f"w:{name}" for name in (
    "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath"))
_NOWHERE = "about:blank"
_NOTHING = "\u00a0"          # a comment needs something to hold on to where the place is blank


def mark_word(original: Path, target: Path, findings: Sequence[Told], office: str) -> None:
    """Writes the marked copy to `target` (.docx). Raises whatever python-docx does on a file that it cannot read."""
    document = Document(str(original))
    places = dict(_places(document.element.body))
    for told in findings:
        if (element := places.get(told.sheet)) is None:
            continue
        paragraph = _paragraph(element, told, document)
        if paragraph is not None:
            _mark(document, paragraph, told, office)
    _cut_links(document)
    document.core_properties.author = document.core_properties.last_modified_by = office
    document.save(str(target))


def _cut_links(document: WordDocument) -> None:
    """A stranger's links are not handed on under the office's name: what they led to is replaced by nothing."""
    for part in document.part.package.iter_parts():
        for relationship in part.rels.values():
            if relationship.is_external:
                relationship._target = _NOWHERE


def _places(body: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The names under which the reader knows the body's paragraphs and tables, with these."""
    numbers, tables = itertools.count(1), itertools.count(1)
    for block in blocks(body):
        if local_name(block) == "tbl":
            yield from _tables(block, tables)
            continue
        yield f"Đoạn {next(numbers)}", block
        for box in text_boxes(block):
            for inner in blocks(box):
                if local_name(inner) == "tbl":
                    yield from _tables(inner, tables)


def _tables(table: etree._Element, numbers: Iterator[int]) -> Iterator[tuple[str, etree._Element]]:
    yield f"Bảng {next(numbers)}", table
    for cell in table.iterfind("{*}tr/{*}tc"):
        for inner in blocks(cell):
            if local_name(inner) == "tbl":
                yield from _tables(inner, numbers)


def _paragraph(element: etree._Element, told: Told, document: WordDocument) -> Paragraph | None:
    """The paragraph to mark: the place itself, or the first of the table's cell."""
    if local_name(element) == "p":
        return Paragraph(element, document._body)
    cell = _cell(element, told.cell)
    if cell is None or not _holds(cell, told.value):
        return None
    return _Cell(cell, document._body).paragraphs[0]


def _cell(table: etree._Element, ref: str) -> etree._Element | None:
    rows = list(table.iterfind("{*}tr"))
    if (at := row_and_column(ref)) is None or at[0] > len(rows):
        return None
    row, column = at
    before = rows[row - 1].find("{*}trPr/{*}gridBefore")
    left = 1 + (_value(before) if before is not None else 0)
    for cell in rows[row - 1].iterfind("{*}tc"):
        span = cell.find("{*}tcPr/{*}gridSpan")
        width = _value(span) if span is not None else 1
        if left <= column < left + width:
            return cell
        left += width
    return None


def _value(element: etree._Element) -> int:
    return int(next(iter(element.attrib.values()), "1"))


def _holds(cell: etree._Element, value: str) -> bool:
    """Whether the value stands there: in a table built in a way not foreseen here nothing is marked, only listed."""
    return "".join(value.split()) in "".join("".join(cell.itertext()).split())


def _mark(document: WordDocument, paragraph: Paragraph, told: Told, office: str) -> None:
    fill = ERROR_FILL if told.is_error else WARNING_FILL
    runs = paragraph.runs or [paragraph.add_run(_NOTHING)]
    for run in runs:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", fill[1:])):
            shade.set(qn(f"w:{name}"), value)
        properties = run._r.get_or_add_rPr()
        properties.remove_all("w:shd")
        properties.insert_element_before(shade, *_AFTER_SHADE)
    document.add_comment(runs, text=f"{'Sai' if told.is_error else 'Xem lại'}: {told.message}", author=office,
                         initials="")
