"""The pages of a scan as one document: tables and paragraphs in reading order, numbered as those of
a Word file."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from sources.campaigns import Limits
from sources.grids import Document, Grid
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

RuledGrid = tuple[RuledTable, Grid]  # where the rules of a table's last part stand, and its cells


def read_pages(pages: Iterable[PageImage], limits: Limits, engines: Engines) -> Document:
    """The document of these pages. Raises RefusedFile (unreadable) where one of them cannot be read
    surely."""
    document = Document("scan")
    open_table: RuledGrid | None = None
    for count, page in enumerate(pages):
        if count >= MAX_PAGES:
            raise too_many_pages(MAX_PAGES)
        placed = _read_page(page, engines)
        if open_table and placed and (joined := _joined(open_table, placed[0])):
            open_table, placed = joined, placed[1:]
        document.blocks += [one.block for one in placed]
        if placed:
            open_table = _ruled_grid(placed[-1])
    if not document.blocks:
        raise no_text_found()
    _number(document)
    return document_of_blocks("scan", document.blocks, limits)


def _joined(open_table: RuledGrid, first: Placed) -> RuledGrid | None:
    """The open table of the page before with that first block of a page, where this goes on with
    it."""
    part = _ruled_grid(first)
    if part is None or not goes_on(open_table[0].across, part[0].across):
        return None
    join(open_table[1], part[1])
    return part[0], open_table[1]


def _ruled_grid(placed: Placed) -> RuledGrid | None:
    return (placed.ruled, placed.block) if placed.ruled and isinstance(placed.block, Grid) else None


def _read_page(page: PageImage, engines: Engines) -> list[Placed]:
    """The page's blocks from the top."""
    flat, found, grey = upright_page(page, engines)
    if sum(len(table.cells) for table in found) > _MAX_CELLS:
        raise too_much_ink(page.number)
    placed = read_prose(flat, grey, found, engines)
    for table in found:
        grid = read_table(flat, grey, table, engines, "")
        if any(value is not None for row in grid.rows for value in row):
            placed.append(Placed(table.box.top, grid, table))
    return sorted(placed, key=lambda one: one.top)


def _number(document: Document) -> None:
    paragraphs, tables = itertools.count(1), itertools.count(1)
    for block in document.blocks:
        if isinstance(block, Grid):
            block.sheet = f"Bảng {next(tables)}"
        else:
            block.number = next(paragraphs)
