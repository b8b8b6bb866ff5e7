"""Word files (docx, docm): paragraphs and tables of the body in reading order, taken from the XML
itself.

python-docx asks the whole table for each of its cells, which makes a long table ten times slower
than its XML is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from sources.campaigns import Limits
from sources.grids import Document, FileKind, Grid, Paragraph, Span, Value
from sources.readers.cell_corrections import MAX_PLACES
from sources.readers.hidden import conceal
from sources.readers.packages import Package
from sources.readers.parts import main_part, part_of_kind, relations
from sources.readers.refusals import broken
from sources.readers.running_text import document_of_blocks, in_header
from sources.readers.safe_xml import attribute, local_name, parse_xml, properties_of, whole
from sources.readers.text_effects import Run, seen_text
from sources.readers.word_styles import Styles, styles_of
from sources.readers.word_text import blocks, is_heading, paragraph_text, text_boxes

_ROW_WRAPPERS = ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
_SEEN_HEIGHT = 40  # twentieths of a point: a row of exactly less shows no text
_MAX_COLUMNS = 1024  # Word itself allows 63; more is a lie in the file


@dataclass(frozen=True, slots=True)
class WordParts:
    """What a Word file holds that is read: the body, the page headers of its first section, its
    styles, and its comments by their ids."""

    body: etree._Element
    headers: tuple[etree._Element, ...]
    styles: Styles
    comments: dict[str, str]


def read_word(package: Package, kind: FileKind, limits: Limits) -> Document:
    """The document of a docx or docm. Raises RefusedFile."""
    macros = kind == "docm" or any(n.endswith("vbaProject.bin") for n in package.members)
    return document_of(_parts_of(package), kind, macros, limits)


def document_of(parts: WordParts, kind: FileKind, macros: bool, limits: Limits) -> Document:
    """Paragraphs with any text, numbered as they stand in the body, and tables as grids called
    "Bảng N".

    The page headers of the first section come first, for the letterhead that some offices put
    there; footers, notes and comments are not read. Raises RefusedFile.
    """
    blocks = itertools.chain(_read_headers(parts), read_body(parts.body, parts.styles))
    document = document_of_blocks(kind, blocks, limits, macros)
    _resolve_comments(document, parts.comments)
    return document


def _parts_of(package: Package) -> WordParts:
    main = main_part(package, "word/document.xml")
    if main not in package:
        raise broken()
    targets = relations(package, main)
    styles_part = part_of_kind(targets, "styles")
    comments_part = part_of_kind(targets, "comments")
    body = parse_xml(package.read(main)).find("{*}body")
    if body is None:
        raise broken()
    return WordParts(
        body,
        tuple(_headers_of(package, targets, body)),
        styles_of(package.read(styles_part)) if styles_part in package else {},
        _comments_of(package.read(comments_part)) if comments_part in package else {},
    )


def _headers_of(
    package: Package, targets: dict[str, tuple[str, str]], body: etree._Element
) -> Iterator[etree._Element]:
    section = body.find(".//{*}sectPr")
    for reference in [] if section is None else section.findall("{*}headerReference"):
        part = targets.get(attribute(reference, "id") or "", ("", ""))[1]
        if part in package:
            yield parse_xml(package.read(part))


def _comments_of(xml: bytes) -> dict[str, str]:
    return {
        attribute(comment, "id") or "": "\n".join(
            "".join(t.text or "" for t in p.iter("{*}t")) for p in comment.iter("{*}p")
        ).strip()
        for comment in parse_xml(xml).iterfind("{*}comment")
    }


def _resolve_comments(document: Document, texts: dict[str, str]) -> None:
    """Puts the texts of comments where the blocks name them by their ids."""

    def text_of(ids: str) -> str:
        return "\n".join(text for number in ids.split() if (text := texts.get(number)))

    for block in document.blocks:
        if isinstance(block, Paragraph):
            block.comment = text_of(block.comment)
        else:
            block.comments = {
                place: text for place, ids in block.comments.items() if (text := text_of(ids))
            }


def _read_headers(parts: WordParts) -> Iterator[Grid | Paragraph]:
    for header in parts.headers:
        yield from in_header(read_body(header, parts.styles))


def read_body(body: etree._Element, styles: Styles) -> Iterator[Grid | Paragraph]:
    """The paragraphs and tables of a body or header, numbered as they stand."""
    numbers, tables = itertools.count(1), itertools.count(1)
    for block in blocks(body):
        if local_name(block) == "tbl":
            yield from _grids(block, styles, tables)
            continue
        number = next(numbers)
        text, style = paragraph_text(block, styles)
        shown, _, left_out = text.seen_text()
        if shown.strip() or left_out:
            heading = bool(shown.strip()) and is_heading(block, text, style)
            yield Paragraph(
                number,
                shown if shown.strip() else "",
                heading,
                left_out=left_out,
                comment=" ".join(text.comments),
            )
        for box in text_boxes(block):
            for inner in blocks(box):
                if local_name(inner) == "tbl":
                    yield from _grids(inner, styles, tables)


def _grids(table: etree._Element, styles: Styles, tables: Iterator[int]) -> Iterator[Grid]:
    """The table's grid, then those of the tables within it."""
    grid = Grid(sheet=f"Bảng {next(tables)}", rows=[], source="table")
    nested: list[etree._Element] = []
    # of merged cells, by their left column: top row and right column
    open_spans: dict[int, tuple[int, int]] = {}
    spans: dict[tuple[int, int], Span] = {}
    places = 0
    rows = list(_children(table, "tr"))
    for row, element in enumerate(rows):
        values: list[Value] = [None] * _number(properties_of(element, "trPr").get("gridBefore"), 0)
        for cell in _children(element, "tc"):
            properties = properties_of(cell, "tcPr")
            left, right = (
                len(values),
                len(values) + max(_number(properties.get("gridSpan"), 1), 1) - 1,
            )
            if right >= _MAX_COLUMNS:
                raise broken()
            top = _top(properties.get("vMerge"), row, left, right, open_spans)
            if (top, left) != (row, left) or right > left:
                spans[top, left] = Span(top, left, row, right)
            values.extend([None] * (right - left + 1))
            if top == row:
                inside = [(local_name(block), block) for block in blocks(cell)]
                values[left] = _cell_text(
                    [p for name, p in inside if name == "p"], styles, grid, row, left
                )
                nested += [inner for name, inner in inside if name == "tbl"]
        grid.rows.append(values)
        places += len(values)
        if places > MAX_PLACES:
            raise broken()
    grid.merged = tuple(spans.values())
    if any(value is not None for values in grid.rows for value in values) or grid.left_out:
        conceal(grid, [row for row, element in enumerate(rows) if _is_hidden(element)], ())
        yield grid
    for inner in nested:
        yield from _grids(inner, styles, tables)


def _is_hidden(row: etree._Element) -> bool:
    properties = properties_of(row, "trPr")
    height, mark = properties.get("trHeight"), properties.get("hidden")
    if mark is not None:
        return attribute(mark, "val") not in ("0", "false", "off")
    if height is None or attribute(height, "hRule") != "exact":
        return False
    twentieths = attribute(height, "val") or ""
    return twentieths.isdecimal() and int(twentieths) < _SEEN_HEIGHT


def _top(
    merge: etree._Element | None,
    row: int,
    left: int,
    right: int,
    open_spans: dict[int, tuple[int, int]],
) -> int:
    """The row in which a cell begins: its own, or that of the merged cell which it continues by its
    mark."""
    if (
        merge is not None
        and (attribute(merge, "val") or "continue") == "continue"
        and left in open_spans
    ):
        top, span_right = open_spans[left]
        if span_right == right:
            return top
    open_spans.pop(left, None)
    if merge is not None:
        open_spans[left] = row, right
    return row


def _cell_text(
    paragraphs: list[etree._Element], styles: Styles, grid: Grid, row: int, column: int
) -> Value:
    runs: list[Run] = []
    comments: list[str] = []
    for paragraph in paragraphs:
        text = paragraph_text(paragraph, styles)[0]
        runs += [Run("\n", "\n")] * bool(runs) + text.runs
        comments += text.comments
    shown, raw, left_out = seen_text(runs)
    shown, raw = shown.strip("\n"), raw.strip("\n")
    if shown != raw:
        grid.raw[row, column] = raw
    if left_out:
        grid.left_out[row, column] = left_out
    if comments:
        grid.comments[row, column] = " ".join(comments)
    return shown if shown.strip() else None


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, through wrappers, without those that a tracked
    change deleted."""
    for child in element:
        found = local_name(child)
        if found == name:
            if name != "tr" or "del" not in properties_of(child, "trPr"):
                yield child
        elif found in _ROW_WRAPPERS:
            yield from _children(child, name)


def _number(element: etree._Element | None, default: int) -> int:
    value = attribute(element, "val") if element is not None else None
    return min(max(whole(value, default), 0), _MAX_COLUMNS)
