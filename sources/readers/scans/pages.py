"""The pages of a scan as one document: tables and paragraphs in reading order, numbered as those of
a Word file."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from sources.campaigns import Limits
from sources.grids import Document, Grid, Paragraph
from sources.readers.page_images import PageImage
from sources.readers.running_text import document_of_blocks
from sources.readers.scans.cells import read_table
from sources.readers.scans.engines import Engines
from sources.readers.scans.joined_tables import goes_on, join
from sources.readers.scans.prose import Placed, read_prose
from sources.readers.scans.refusals import no_text_found, too_many_pages, too_much_ink
from sources.readers.scans.ruled_tables import RuledTable
from sources.readers.scans.upright import upright_page

MAX_PAGES = 30
_MAX_CELLS = 1_500  # of a page


def read_pages(pages: Iterable[PageImage], limits: Limits, engines: Engines) -> Document:
    """The document of these pages. Raises RefusedFile (unreadable) where one of them cannot be read
    surely."""
    document = Document("scan")
    open_table: tuple[RuledTable, Grid] | None = None
    for count, page in enumerate(pages):
        if count >= MAX_PAGES:
            raise too_many_pages(MAX_PAGES)
        blocks, tables = _read_page(page, engines)
        first = next(iter(blocks), None)
        if open_table and isinstance(first, Grid) and tables.get(id(first)):
            last, grid = open_table
            if goes_on(last.across, tables[id(first)].across):
                join(grid, first)
                open_table = tables[id(first)], grid
                blocks = blocks[1:]
        document.blocks += blocks
        if blocks:
            end = blocks[-1]
            open_table = (
                (tables[id(end)], end) if isinstance(end, Grid) and id(end) in tables else None
            )
    if not document.blocks:
        raise no_text_found()
    _number(document)
    return document_of_blocks("scan", document.blocks, limits)


def _read_page(
    page: PageImage, engines: Engines
) -> tuple[list[Grid | Paragraph], dict[int, RuledTable]]:
    """The page's blocks from the top, and of those that are ruled tables where their rules
    stand."""
    flat, found, grey = upright_page(page, engines)
    if sum(len(table.cells) for table in found) > _MAX_CELLS:
        raise too_much_ink(page.number)
    placed = read_prose(flat, grey, found, engines)
    tables = {}
    for table in found:
        grid = read_table(flat, grey, table, engines, "")
        if any(value is not None for row in grid.rows for value in row):
            placed.append(Placed(table.box.top, grid))
            tables[id(grid)] = table
    placed.sort(key=lambda one: one.top)
    return [one.block for one in placed], tables


def _number(document: Document) -> None:
    paragraphs, tables = itertools.count(1), itertools.count(1)
    for block in document.blocks:
        if isinstance(block, Grid):
            block.sheet = f"Bảng {next(tables)}"
        else:
            block.number = next(paragraphs)
