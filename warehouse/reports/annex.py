"""phu-luc.xlsx: the six annexes of the consolidated report, one sheet each, made from the warehouse
and the form.

1 units, 2 organisations, 3 village heads, 4 flagged meetings, 5 findings, 6 where the figures come
from. The columns follow from the form's fields. Where rows would be too many to print, a note in the
sheet gives their number.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
from xlsxwriter import Workbook

from sources.campaigns import Campaign
from warehouse.reports import wording
from warehouse.reports.annex_findings import figures_annex, findings_annex
from warehouse.reports.annex_meetings import flagged_annex, organisations_annex
from warehouse.reports.annex_sheet import FONT, SIZE, AnnexBook
from warehouse.reports.annex_units import heads_annex, units_annex
from warehouse.reports.document_head import is_issued
from warehouse.reports.queries import query

ANNEXES = (
    units_annex,
    organisations_annex,
    heads_annex,
    flagged_annex,
    findings_annex,
    figures_annex,
)


def write_annex(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime, target: Path
) -> None:
    """Writes the annexes of the night to `target`, through a temporary name beside it (III.3).

    Reads the built warehouse through `con`. The same warehouse and `as_of` give the same bytes: the
    workbook carries `as_of` as the time of its making.
    """
    unfinished = target.with_name(f".{target.name}.part")
    local = as_of.astimezone(campaign.zone)
    create_unit_place(con)
    with Workbook(
        str(unfinished),
        {
            "constant_memory": True,
            "tmpdir": str(target.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": FONT, "font_size": SIZE},
        },
    ) as book:
        book.set_properties(
            {
                "title": f"Phụ lục: {campaign.document.subject}",
                "author": campaign.document.issuer,
                "created": local.replace(tzinfo=None, microsecond=0),
            }
        )
        book.set_size(2400, 1400)
        sheets = AnnexBook(book, _source(campaign, local, is_issued(con, campaign)))
        for annex in ANNEXES:
            sheets.add(annex(con, campaign))
    unfinished.replace(target)


def create_unit_place(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the temporary table `unit_place(unit_code, place, name)`: the units in the order of the
    registry, named as the night named them, so that an annex made again is the same.
    """
    con.execute(query("unit_place"))


def _source(campaign: Campaign, local: dt.datetime, issued: bool) -> str:
    """The line below an annex's title: the report that it belongs to, and as of when."""
    draft = "" if issued else "Dự thảo. "
    return (
        f"({draft}Kèm theo báo cáo {campaign.document.subject}; số liệu tính đến {local:%H giờ %M} "
        f"ngày {wording.day(local)})"
    )
