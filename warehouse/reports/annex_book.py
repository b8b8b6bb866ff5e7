"""Writes a workbook of annexes: phu-luc.xlsx and so-lieu-lam-viec.xlsx are made alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import duckdb
from xlsxwriter import Workbook

from warehouse.reports.annex_content import Annex
from warehouse.reports.annex_pages import FONT_POINTS
from warehouse.reports.annex_sheet import FONT, AnnexBook
from warehouse.reports.queries import query


class BookLabels(NamedTuple):
    """What a workbook says of itself: its title and author, when it was made (in the campaign's
    zone), and the line below the title of each of its sheets."""

    title: str
    author: str
    made_at: dt.datetime
    source: str


def write_book(annexes: Iterable[Annex], labels: BookLabels, target: Path) -> None:
    """Writes the annexes to `target`, through a temporary name beside it (III.3).

    The same annexes and labels give the same bytes: the workbook carries `made_at` as the time of its
    making.
    """
    unfinished = target.with_name(f".{target.name}.part")
    options = {
        "constant_memory": True,
        "tmpdir": str(target.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": FONT, "font_size": FONT_POINTS},
    }
    with Workbook(str(unfinished), options) as book:
        book.set_properties(
            {
                "title": labels.title,
                "author": labels.author,
                "created": labels.made_at.replace(tzinfo=None, microsecond=0),
            }
        )
        book.set_size(2400, 1400)
        sheets = AnnexBook(book, labels.source)
        for annex in annexes:
            sheets.add(annex)
    unfinished.replace(target)


def create_unit_place(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary table `unit_place(unit_code, place, name)`: the units in the order of the
    registry, named as the night named them, so that an annex made again is the same.
    """
    con.execute(query("unit_place"))
