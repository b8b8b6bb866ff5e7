"""phu-luc.xlsx: the official annexes of the consolidated report, made from the warehouse and the
form.

1 units, 2 organisations, 3 village heads, 4 meetings to note, 5 the units' own words. The columns
follow from the form's fields. They hold no name of a file, place in one, rule or hour: those stand in
the office's working file (working_file.py). Where rows would be too many to print, a note in the
sheet gives their number.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from sources.campaigns import Campaign
from warehouse.reports import wording
from warehouse.reports.annex_book import BookLabels, create_unit_place, write_book
from warehouse.reports.annex_heads import heads_annex
from warehouse.reports.annex_meetings import flagged_annex, organisations_annex
from warehouse.reports.annex_opinions import opinions_annex
from warehouse.reports.annex_units import units_annex
from warehouse.reports.document_head import is_issued

ANNEXES = (units_annex, organisations_annex, heads_annex, flagged_annex, opinions_annex)


def write_annex(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime, target: Path
) -> None:
    """Writes the annexes of the night to `target` (III.3).

    Reads the built warehouse through `con`. The same warehouse and `as_of` give the same bytes.
    """
    create_unit_place(con)
    local = as_of.astimezone(campaign.zone)
    draft = "" if is_issued(con, campaign) else "Dự thảo. "
    labels = BookLabels(
        title=f"Phụ lục: {campaign.document.subject}",
        author=campaign.document.issuer,
        made_at=local,
        source=f"({draft}Kèm theo báo cáo {campaign.document.subject}; số liệu tính đến ngày "
        f"{wording.day(local)})",
    )
    write_book((annex(con, campaign) for annex in ANNEXES), labels, target)
