"""Which columns of an annex fit on a printed page, A4 landscape, with no letter below 9 points.

A sheet is printed one page wide: Excel makes all of it smaller until it fits. An annex that would be
printed too small is divided into sheets of fewer columns (`Phụ lục số 1a`, `1b`), each with the lines'
names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xlsxwriter.utility import xl_col_to_name

from warehouse.reports.annex_content import Annex, AnnexColumn

FONT_POINTS = 11  # of every cell
MIN_PRINTED_POINTS = 9
PAGE_INCHES = 11.69  # the long side of A4
SIDE_MARGINS = (0.6, 0.4)  # inches, left and right
NUMBER = AnnexColumn("number", "STT", "count", 6)  # the number of the line, first on every sheet
CONTINUED = "tiếp theo"
_PIXELS_PER_INCH = 96


def print_scale(columns: Sequence[AnnexColumn]) -> float:
    """By how much a sheet of these columns, with the numbers of its lines, is made smaller to fit the
    page's width; 1 where it fits as it is. Programs round it down to whole percents."""
    page = (PAGE_INCHES - sum(SIDE_MARGINS)) * _PIXELS_PER_INCH
    return min(1.0, page / sum(_pixels(column.width) for column in (NUMBER, *columns)))


def divided(annex: Annex) -> tuple[Annex, ...]:
    """The annex as it is where it is readable in print; else its parts, in the order of its columns.

    A part begins at each column that names one, but for the first such, and wherever one more column
    would be too much.
    """
    if _is_readable(annex.columns):
        return (annex,)
    name, *columns = annex.columns
    parts: list[list[AnnexColumn]] = []
    for column in columns:
        named = column.part and parts and any(before.part for before in parts[-1])
        if not parts or named or not _is_readable((name, *parts[-1], column)):
            parts.append([])
        parts[-1].append(column)
    titles = _titles(parts)
    return tuple(
        _part(annex, n, title, (name, *part))
        for n, (title, part) in enumerate(zip(titles, parts, strict=True))
    )


def _is_readable(columns: Sequence[AnnexColumn]) -> bool:
    percents = int(100 * print_scale(columns))
    return FONT_POINTS * percents >= 100 * MIN_PRINTED_POINTS


def _titles(parts: Sequence[Sequence[AnnexColumn]]) -> list[str]:
    """What each part is called: as one of its columns names it, or the continuation of the part
    before."""
    titles: list[str] = []
    name = ""
    for n, part in enumerate(parts):
        own = next((column.part for column in part if column.part), "")
        continued = (f"{name} ({CONTINUED})" if name else CONTINUED) if n else ""
        titles.append(own or continued)
        name = own or name
    return titles


def _part(annex: Annex, n: int, title: str, columns: tuple[AnnexColumn, ...]) -> Annex:
    keys = {column.key for column in columns}
    return replace(
        annex,
        code=annex.code + xl_col_to_name(n).lower(),
        title=annex.title + (f": {title}" if title else ""),
        columns=columns,
        chart=annex.chart if annex.chart and annex.chart.shares in keys else None,
    )


def _pixels(width: float) -> int:
    """Of a column that is so many digits wide."""
    return int(width * 7 + 0.5) + 5
