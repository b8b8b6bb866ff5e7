"""OpenDocument texts (odt): paragraphs and tables of the body in reading order, as of a Word
file."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from sources.campaigns import Limits
from sources.grids import Document
from sources.readers.ink import Ink
from sources.readers.opendocument import content_of
from sources.readers.opendocument_runs import runs_of
from sources.readers.opendocument_styles import Look, Styles
from sources.readers.packages import Package
from sources.readers.refusals import broken, too_much
from sources.readers.running_text import (
    MAX_COLUMNS,
    TextCell,
    TextParagraph,
    TextTable,
    document_of,
)
from sources.readers.safe_xml import attribute, local_name, parse_xml, whole
from sources.readers.word_text import Text

_CELLS = ("table-cell", "covered-table-cell")
_ROW_WRAPPERS = ("table-header-rows", "table-rows", "table-row-group")
_COLUMN_WRAPPERS = ("table-header-columns", "table-columns", "table-column-group")
_ON_A_SHAPE = Ink(ground="unknown")
_BOXES = ("text-box", "custom-shape", "rect", "ellipse")
_NO_WRAPPERS = ("tracked-changes", "forms", "variable-decls", "sequence-decls", "user-field-decls")
_HEADERS = ("header", "header-first", "header-left")


def read_opendocument_text(package: Package, limits: Limits) -> Document:
    """Paragraphs with any text, numbered as they stand, and tables; the page headers come first.

    Text that a tracked change deleted, notes and footers are not read. Raises RefusedFile.
    """
    root = content_of(package)
    body = root.find("{*}body/{*}text")
    if body is None:
        raise broken()
    reader = _TextReader(Styles(package, root), limits)
    headers: list[TextParagraph | TextTable] = []
    for header in _headers(package, root, body):
        headers += reader.items(header, Look())
    return document_of("odt", headers, list(reader.items(body, Look())), limits)


class _TextReader:
    def __init__(self, styles: Styles, limits: Limits) -> None:
        self.styles, self.limits = styles, limits
        self.places = 0

    def items(self, container: etree._Element, around: Look) -> Iterator[TextParagraph | TextTable]:
        """The paragraphs and tables of a body, cell or text box, through all wrappers."""
        for child in container:
            name = local_name(child)
            if name in ("p", "h"):
                text, boxed = self._paragraph(child, around)
                style = attribute(child, "style-name") or ""
                yield TextParagraph(text, name == "h" or style in self.styles.headings)
                yield from boxed
            elif name == "table":
                yield self._table(child, around)
            elif name == "section":
                yield from self.items(child, _of_section(child, around))
            elif name not in _NO_WRAPPERS:
                yield from self.items(child, around)

    def _paragraph(self, element: etree._Element, around: Look) -> tuple[Text, list[TextTable]]:
        """The text with that of the boxes in it, and the tables in those."""
        text, tables = Text(), list[TextTable]()
        for run, bold in runs_of(element, around, self.styles):
            text.add_run(run, bold)
        for comment in element.iter("{*}annotation"):
            said = "\n".join(
                "".join(run.shown for run, _ in runs_of(p, Look(), self.styles))
                for p in comment.iter("{*}p")
            ).strip()
            text.comments += [said] * bool(said)
        for box in _outermost(element, _BOXES):
            # of which fill is not looked for
            for item in self.items(box, around._replace(ink=_ON_A_SHAPE)):
                if isinstance(item, TextTable):
                    tables.append(item)
                    continue
                text.add("\n", "\n", True)
                for run in item.text.runs:
                    text.add_run(run, item.text.bold)
        return text, tables

    def _table(self, element: etree._Element, around: Look) -> TextTable:
        table = TextTable(hidden_columns=set(self._hidden_columns(element)))
        around = self.styles.look_of(element, around)
        for row in _children(element, "table-row", _ROW_WRAPPERS):
            repeated = whole(attribute(row, "number-rows-repeated"), 1)
            cells = self._row(row, self.styles.look_of(row, around))
            if repeated < 1:
                raise broken()
            self.places += repeated * sum(cell.columns for cell in cells)
            if self.places > self.limits.cells or repeated > self.limits.rows:
                raise too_much(self.limits)
            if (
                attribute(row, "visibility") in ("collapse", "filter")
                or attribute(row, "style-name") in self.styles.sizeless
            ):
                table.hidden_rows.update(range(len(table.rows), len(table.rows) + repeated))
            table.rows += [cells] * repeated
        return table

    def _row(self, row: etree._Element, around: Look) -> list[TextCell]:
        cells: list[TextCell] = []
        column = 0
        for element in row:
            if local_name(element) not in _CELLS:
                continue
            repeated = whole(attribute(element, "number-columns-repeated"), 1)
            across = max(whole(attribute(element, "number-columns-spanned"), 1), 1)
            down = max(whole(attribute(element, "number-rows-spanned"), 1), 1)
            if column + max(repeated, across) > MAX_COLUMNS or repeated < 1:
                raise broken()
            if local_name(element) == "covered-table-cell":
                cells.append(TextCell(column + repeated - 1))  # a place without a value
            else:
                items = list(self.items(element, self.styles.look_of(element, around)))
                for number in range(repeated):
                    cells.append(TextCell(column + number, across, down))
                    cells[-1].paragraphs = [i.text for i in items if isinstance(i, TextParagraph)]
                    cells[-1].nested = [i for i in items if isinstance(i, TextTable)]
            column += repeated
        return cells

    def _hidden_columns(self, table: etree._Element) -> Iterator[int]:
        number = 0
        for column in _children(table, "table-column", _COLUMN_WRAPPERS):
            repeated = min(whole(attribute(column, "number-columns-repeated"), 1), MAX_COLUMNS)
            if (
                attribute(column, "visibility") in ("collapse", "filter")
                or attribute(column, "style-name") in self.styles.sizeless
            ):
                yield from range(number, min(number + repeated, MAX_COLUMNS))
            number += repeated


def _headers(
    package: Package, root: etree._Element, body: etree._Element
) -> Iterator[etree._Element]:
    """The page headers of the first page's style."""
    if "styles.xml" not in package:
        return
    pages = {
        attribute(page, "name") or "": page
        for page in parse_xml(package.read("styles.xml")).iter("{*}master-page")
    }
    first = next((e for e in body if attribute(e, "style-name")), None)
    named = attribute(first, "style-name") if first is not None else None
    page_name = next(
        (
            attribute(style, "master-page-name")
            for style in root.iter("{*}style")
            if named and attribute(style, "name") == named
        ),
        None,
    )
    page = pages.get(page_name or "Standard")
    if page is None:
        page = next(iter(pages.values()), None)
    for header in page if page is not None else ():
        if local_name(header) in _HEADERS and attribute(header, "display") != "false":
            yield header


def _of_section(section: etree._Element, around: Look) -> Look:
    display = attribute(section, "display")
    hides = display == "none" or (
        display == "condition" and attribute(section, "is-hidden") == "true"
    )
    return around._replace(effect="hidden") if hides else around


def _children(
    element: etree._Element, name: str, wrappers: tuple[str, ...]
) -> Iterator[etree._Element]:
    for child in element:
        found = local_name(child)
        if found == name:
            yield child
        elif found in wrappers:
            yield from _children(child, name, wrappers)


def _outermost(element: etree._Element, names: tuple[str, ...]) -> Iterator[etree._Element]:
    for child in element:
        if local_name(child) in names:
            yield child
        else:
            yield from _outermost(child, names)
