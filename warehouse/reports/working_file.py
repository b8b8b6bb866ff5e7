"""so-lieu-lam-viec.xlsx: what the office itself works with, and what no official annex holds.

1 findings, 2 decisions of officers, 3 what was read from scans and whether it is confirmed, 4 where
the figures of the report come from. It names files, places in them and moments.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from sources.campaigns import Campaign
from warehouse.reports.annex_book import BookLabels, create_unit_place, write_book
from warehouse.reports.party_words import moment
from warehouse.reports.working_figures import figures_sheet
from warehouse.reports.working_sheets import confirmations_sheet, decisions_sheet, findings_sheet

WORKING_SHEETS = (findings_sheet, decisions_sheet, confirmations_sheet, figures_sheet)


def write_working_file(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime, target: Path
) -> None:
    """Writes the office's working file of the night to `target` (III.3).

    Reads the built warehouse through `con`. The same warehouse and `as_of` give the same bytes.
    """
    create_unit_place(con)
    local = as_of.astimezone(campaign.zone)
    labels = BookLabels(
        title=f"Số liệu làm việc: {campaign.document.subject}",
        author=campaign.document.issuer,
        made_at=local,
        source=f"(Tài liệu làm việc nội bộ của {campaign.document.issuer_name}, không gửi kèm báo "
        f"cáo; số liệu tính đến {moment(local)})",
    )
    write_book((sheet(con, campaign) for sheet in WORKING_SHEETS), labels, target)
