"""A PDF's pages as one document, in reading order: tables over pages as one, paragraphs over pages
as one, scanned pages where they stand."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from sources.campaigns import Limits
from sources.grids import Document, Grid, Paragraph, RefusedFile
from sources.readers.page_images import PageImage
from sources.readers.pdf import whole_tables
from sources.readers.pdf.engine import opened_document, opened_page, pdfium
from sources.readers.pdf.frame import frame_of
from sources.readers.pdf.letter_shapes import LetterShapes
from sources.readers.pdf.pages import PageText, Trust, read_page
from sources.readers.pdf.paragraphs import HalvesBlock, TextBlock, goes_on, text_blocks
from sources.readers.pdf.prescan import check_streams
from sources.readers.pdf.rendered import colour_picture
from sources.readers.pdf.running_lines import take_out_running_lines
from sources.readers.pdf.table_cells import TableCells
from sources.readers.pdf.whole_tables import WholeTable
from sources.readers.refusals import (
    broken,
    scan_in_archive,
    scanned,
    too_many_pages,
    untrusted_text,
)
from sources.readers.running_text import IN_HEADER, document_of_blocks

MAX_PAGES = 60
SCAN_DPI = 300
_PICTURES = tuple(trust for trust in Trust if trust not in (Trust.TEXT, Trust.BLANK))

Item = TableCells | TextBlock | HalvesBlock
Block = WholeTable | TextBlock | HalvesBlock | Grid | Paragraph


def read_pdf(data: bytes, limits: Limits, *, reads_scans: bool = True) -> Document:
    """The file's tables as grids called "Bảng N", its paragraphs numbered as they stand.

    A page whose text is not what is seen on it is read as a picture, or refused without
    `reads_scans`. Raises RefusedFile.
    """
    pdfium()
    start = max(data[:1024].find(b"%PDF"), 0)
    data = data[start:]
    check_streams(data, limits)
    with opened_document(data) as document:
        count = pdfium().FPDF_GetPageCount(document)
        if count < 1:
            raise broken()
        if count > MAX_PAGES:
            raise too_many_pages(count, MAX_PAGES)
        shapes = LetterShapes(document)
        try:
            pages = [read_page(document, number, shapes) for number in range(1, count + 1)]
            if not reads_scans and any(page.trust in _PICTURES for page in pages):
                raise scan_in_archive()
            result = _document(pages, document, limits)
        finally:
            shapes.close()
    return result


@dataclass(slots=True)
class _Assembly:
    """The document being put together."""

    blocks: list[Block] = field(default_factory=list)
    tables: list[WholeTable] = field(default_factory=list)
    last_page: int = 0  # the page that the last block stands on

    def add_page(self, page: PageText, is_front: bool) -> None:
        items = list(_items(page, is_front))
        placed: list[tuple[float, Block]] = []
        for index, item in enumerate(items):
            last = self.blocks[-1] if self.blocks else None
            if index or not self._goes_on(last, item):
                block: Block = item if not isinstance(item, TableCells) else self._new(item)
                self.blocks.append(block)
            placed.append((_top(item), self.blocks[-1]))
        _attach_notes(page, placed)
        if items:
            self.last_page = page.number

    def _new(self, found: TableCells) -> WholeTable:
        whole_tables.check_columns(self.tables, found)
        table = WholeTable.of(found)
        self.tables.append(table)
        return table

    def _goes_on(self, last: Block | None, item: Item) -> bool:
        """Whether a page's first block goes on with the last one before; then it is put to it."""
        if (
            isinstance(last, WholeTable)
            and isinstance(item, TableCells)
            and whole_tables.goes_on(last, item)
        ):
            whole_tables.append(last, item)
            return True
        if (
            isinstance(last, TextBlock)
            and isinstance(item, TextBlock)
            and goes_on(last.continues[-1] if last.continues else last, item)
        ):
            last.continues.append(item)
            return True
        return False


def _document(pages: list[PageText], document: Any, limits: Limits) -> Document:
    texts = [page for page in pages if page.trust is Trust.TEXT]
    headers = take_out_running_lines(texts)
    assembly = _Assembly()
    is_front = True
    for is_scan, group in itertools.groupby(
        (page for page in pages if page.trust is not Trust.BLANK),
        key=lambda page: page.trust is not Trust.TEXT,
    ):
        found = list(group)
        if is_scan:
            assembly.blocks.extend(_read_scans(found, document, limits))
            continue
        for page in found:
            assembly.add_page(page, is_front)
            is_front = False
    in_header = [TextBlock(1, [line], 0).paragraph(n) for n, line in enumerate(headers, start=1)]
    for paragraph in in_header:
        paragraph.part = IN_HEADER
    return document_of_blocks("pdf", [*in_header, *_numbered(assembly.blocks)], limits)


def _numbered(blocks: list[Block]) -> Iterator[Grid | Paragraph]:
    """The blocks as readers yield them, tables and paragraphs numbered as they stand."""
    tables, paragraphs = itertools.count(1), itertools.count(1)
    for block in blocks:
        match block:
            case TextBlock():
                yield block.paragraph(next(paragraphs))
            case Paragraph():
                block.number = next(paragraphs)
                yield block
            case Grid():
                block.sheet = f"Bảng {next(tables)}"
                yield block
            case _:
                grid = block.grid("")
                if any(v is not None for row in grid.rows for v in row) or grid.left_out:
                    grid.sheet = f"Bảng {next(tables)}"
                    yield grid


def _items(page: PageText, is_front: bool) -> Iterator[Item]:
    """The page's tables and the blocks of the lines above, between and below them."""
    lines = sorted(page.lines, key=lambda line: line.base)
    for cells in sorted(page.tables, key=lambda cells: cells.table.ys[0]):
        above = [line for line in lines if line.base < cells.table.ys[0] + 2]
        lines = lines[len(above) :]
        yield from text_blocks(above, page.number, page.column, is_front)
        is_front = is_front and not above
        yield cells
    yield from text_blocks(lines, page.number, page.column, is_front)


def _top(item: Item) -> float:
    return item.table.ys[0] if isinstance(item, TableCells) else item.top


def _attach_notes(page: PageText, placed: list[tuple[float, Block]]) -> None:
    """Hangs the page's comments on the cell that they point at, else on the block above."""
    for x, y, text in page.notes:
        block = next((block for top, block in reversed(placed) if top <= y), None)
        if isinstance(block, WholeTable):
            span = block.parts[-1].place(x, y)
            row = (span.top if span else 0) + block.height - (len(block.parts[-1].ys) - 1)
            place = max(row, 0), span.left if span else 0
            block.comments[place] = "\n".join(filter(None, (block.comments.get(place), text)))
        elif isinstance(block, TextBlock):
            block.comment = "\n".join(filter(None, (block.comment, text)))


def _read_scans(pages: list[PageText], document: Any, limits: Limits) -> list[Grid | Paragraph]:
    """The blocks of pages that are pictures. Raises RefusedFile where nothing reads pictures."""
    try:
        from sources.readers.scans import read_page_images
    except ImportError:
        raise _not_read(pages[0]) from None
    return read_page_images(PageImages(pages, document), limits).blocks


def _not_read(page: PageText) -> RefusedFile:
    return (untrusted_text if page.trust is Trust.DOUBTFUL else scanned)(page.number)


class PageImages(Sequence[PageImage]):
    """The pictures of pages, each drawn when it is asked for: all at once would fill the memory."""

    def __init__(self, pages: list[PageText], document: Any) -> None:
        self.pages, self.document = pages, document

    def __len__(self) -> int:
        return len(self.pages)

    @overload
    def __getitem__(self, index: int) -> PageImage: ...
    @overload
    def __getitem__(self, index: slice) -> list[PageImage]: ...
    def __getitem__(self, index: int | slice) -> PageImage | list[PageImage]:
        """The picture of the page of that place."""
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        page = self.pages[index]
        with opened_page(self.document, page.number - 1) as opened:
            frame = frame_of(opened, page.turns)
            pixels = colour_picture(opened, frame, page.turns, SCAN_DPI)
        return PageImage(page.number, pixels, page.picture_dpi)
