"""Of a report that was read from pictures: how each place that gave a value was read."""

from __future__ import annotations

from sources.extraction.facts import Extract, PageReading
from sources.grids import Document, Grid, PictureReading

_WHOLE_PAGE = (0, 0, 10_000, 10_000)


def readings_of(document: Document, extract: Extract) -> list[PageReading]:
    """One row for each place of the facts, and of the unit's name, that lies in a picture; none for
    a file of text.

    A place of a table that was read from a picture, but that has no reading of its own, is not
    sure.
    """
    by_place: dict[tuple[str, str], PictureReading] = {}
    pages: dict[str, int] = {}
    for block in document.blocks:
        if isinstance(block, Grid):
            for (row, column), reading in block.readings.items():
                by_place[block.sheet, Grid.ref(row, column)] = reading
                pages.setdefault(block.sheet, reading.page)
        elif block.reading is not None:
            by_place[block.sheet, block.ref] = block.reading
    if not by_place:
        return []
    places = [(fact.sheet, fact.cell) for fact in extract.facts]
    if extract.unit_sheet and extract.unit_cell:
        places.append((extract.unit_sheet, extract.unit_cell))
    return [
        _row(place, by_place.get(place) or PictureReading(pages[place[0]], _WHOLE_PAGE, 0, False))
        for place in dict.fromkeys(places)
        if place in by_place or place[0] in pages
    ]


def _row(place: tuple[str, str], reading: PictureReading) -> PageReading:
    return PageReading(*place, reading.page, *reading.box, reading.confidence, int(reading.is_sure))
