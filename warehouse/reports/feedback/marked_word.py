"""A unit's Word report rewritten, the wrong places shaded, each with a comment on what is
wrong.

Nothing of the unit's package goes into the copy: its texts alone, as the reader has them, are put
into paragraphs and tables of our own. So it holds no field, link, object, picture, template or
macro, whatever the original holds and however its parts are called. Places are named as the reader
names them: `Bảng 2` with a ref such as C7, `Đoạn 14`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from lxml import etree

from sources.campaigns import Limits
from sources.extraction.text_classes import ClassRun
from sources.grids import Grid, Span, Value
from sources.grids import Paragraph as ReadParagraph
from sources.readers import read
from sources.text import visible
from warehouse.reports.feedback.class_fills import fills_by_place
from warehouse.reports.feedback.list_workbook import COPY_NOTE, ERROR_FILL, WARNING_FILL
from warehouse.reports.feedback.refs import row_and_column
from warehouse.reports.feedback.returned_files import FeedbackItem

_MAX_COLUMNS = 63  # of a table in Word
_MAX_CELLS = 20_000  # of all tables: of a longer document the list alone goes out
_AFTER_SHADE = tuple(
    f"w:{name}"
    for name in (
        "fitText",
        "vertAlign",
        "rtl",
        "cs",
        "em",
        "lang",
        "eastAsianLayout",
        "specVanish",
        "oMath",
    )
)
_BLANK_TEXT = "\u00a0"  # a comment needs something to hold on to where the place is blank


class NoCopyError(Exception):
    """A document that cannot be rewritten, and why."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A paragraph of the copy and the texts of the place that it shows, as shown and as the file
    holds it."""

    paragraph: CT_P
    shown: str
    raw: str

    def holds(self, value: str) -> bool:
        """Whether the value stands there: where it does not, nothing is marked, only listed."""
        return any(
            "".join(value.split()) in "".join(text.split()) for text in (self.shown, self.raw)
        )


def mark_word(
    original: Path,
    target: Path,
    findings: Sequence[FeedbackItem],
    office: str,
    limits: Limits,
    account: Sequence[ClassRun] = (),
) -> None:
    """Writes the marked copy to `target` (.docx), its texts coloured by what they were understood
    as (`account`).

    Raises RefusedFile, NoCopyError where there is none to be made.
    """
    blocks = read(original.read_bytes(), limits).blocks
    document = _new_document(office)
    places: dict[tuple[str, str], _Place] = {}
    cells = 0
    for block in blocks:
        if isinstance(block, Grid):
            cells += sum(map(len, block.rows))
            if cells > _MAX_CELLS or max(map(len, block.rows)) > _MAX_COLUMNS:
                raise NoCopyError("its tables are too large")
            places.update(_write_table(document, block))
        else:
            places[block.sheet, block.ref] = _write_paragraph(document, block)
    for at, fill in fills_by_place(account).items():
        if at in places:
            _shade(Paragraph(places[at].paragraph, document._body), fill)
    for item in findings:
        place = places.get((item.sheet, item.cell))
        if place is not None and place.holds(item.value if _is_cell(item.cell) else ""):
            _mark(document, Paragraph(place.paragraph, document._body), item, office)
    document.save(str(target))


def _new_document(office: str) -> WordDocument:
    document = Document()
    about = document.core_properties
    about.author = about.last_modified_by = office
    about.title = about.comments = ""
    font = document.styles["Normal"].font
    font.name, font.size = "Times New Roman", Pt(13)
    document.add_paragraph().add_run(COPY_NOTE).italic = True
    return document


def _write_paragraph(document: WordDocument, block: ReadParagraph) -> _Place:
    paragraph = document.add_paragraph()
    paragraph.add_run(visible(block.text)).bold = block.heading
    return _Place(paragraph._p, block.text, block.text)


def _write_table(document: WordDocument, grid: Grid) -> Iterator[tuple[tuple[str, str], _Place]]:
    """Writes the grid as a table with its merged cells; the place of each ref, of a merged range
    all its refs."""
    width = max(map(len, grid.rows))
    table = document.add_table(rows=0, cols=width, style="Table Grid")._tbl
    spans = {
        (row, span.left): span for span in grid.merged for row in range(span.top, span.bottom + 1)
    }
    tops: dict[Span, _Place] = {}
    for row, values in enumerate(grid.rows):
        element = table.add_tr()
        column = 0
        while column < width:
            span = spans.get((row, column)) or Span(row, column, row, column)
            value = values[column] if column < len(values) else None
            place = _write_cell(element, span, row, value, grid.raw.get((row, column)))
            place = tops.setdefault(span, place)
            for covered in range(column, span.right + 1):
                yield (grid.sheet, Grid.ref(row, covered)), place
            column = span.right + 1
    document.add_paragraph()  # two tables without one between them are one table in Word


def _write_cell(
    row: etree._Element, span: Span, number: int, value: Value, raw: str | None
) -> _Place:
    cell = _element("tc")
    properties = _element("tcPr")
    if span.right > span.left:
        properties.append(_element("gridSpan", val=str(span.right - span.left + 1)))
    if span.bottom > span.top:
        properties.append(_element("vMerge", val="restart" if number == span.top else "continue"))
    cell.append(properties)
    paragraph = cast(CT_P, _element("p"))
    cell.append(paragraph)
    row.append(cell)
    text = "" if value is None else str(value)
    if text:
        # Adding a run needs no part of a document.
        Paragraph(paragraph, None).add_run(visible(text))  # type: ignore[arg-type]
    return _Place(paragraph, text, raw or text)


def _mark(document: WordDocument, paragraph: Paragraph, item: FeedbackItem, office: str) -> None:
    fill = ERROR_FILL if item.is_error else WARNING_FILL
    runs = paragraph.runs or [paragraph.add_run(_BLANK_TEXT)]
    _shade(paragraph, fill[1:])
    document.add_comment(
        runs,
        text=visible(f"{'Sai' if item.is_error else 'Xem lại'}: {item.message}"),
        author=office,
        initials="",
    )


def _shade(paragraph: Paragraph, fill: str) -> None:
    for run in paragraph.runs:
        properties = run._r.get_or_add_rPr()
        properties.remove_all("w:shd")
        shade = _element("shd", val="clear", color="auto", fill=fill)
        # python-docx declares its own elements alone here, and takes any.
        properties.insert_element_before(shade, *_AFTER_SHADE)  # type: ignore[arg-type]


def _is_cell(ref: str) -> bool:
    return row_and_column(ref) is not None


def _element(name: str, **attributes: str) -> etree._Element:
    element: etree._Element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
