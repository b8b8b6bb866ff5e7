"""The addendum to an issued report: what has changed since, figure by figure, and through which
units; a Party document of its own, and a draft.

Made again each night while numbers differ from those of the issued report, whose frozen warehouse
they are compared with; there is none where nothing changed.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import jinja2
from docxtpl import DocxTemplate

from sources.campaigns import Campaign, Document, IssuedReport
from sources.sql_parsing import counts_selected
from warehouse.difference_report import printed_share
from warehouse.differences import Differences, FigureChange, ShareChange, UnitMove, differences
from warehouse.figures import Figure, load_figures
from warehouse.issued import WAREHOUSE, changed_files
from warehouse.printed_numbers import has_same_numbers
from warehouse.reports import wording
from warehouse.reports.consolidated import write_checked
from warehouse.reports.content_words import content_fields, contents_note
from warehouse.reports.document_head import document_head, number_text
from warehouse.reports.party_page import apply_page, describe_document, package_bytes
from warehouse.reports.party_words import in_sentence
from warehouse.reports.unit_changes import MAX_UNITS_SHOWN, NOTHING, unit_changes

TEMPLATE = Path(__file__).parent / "templates" / "bao-cao-bo-sung.docx"


def write_addendum(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    as_of: dt.datetime,
    target: Path,
    issued: Path,
) -> None:
    """Writes the addendum of an open warehouse to `target`; nothing where no report was issued, where
    none of its numbers has changed, or where its folder is no longer as it was frozen (of which the
    night warns).

    `issued` holds the folders of issued reports. Raises DocumentRefused where the result is not as
    the campaign's format asks.
    """
    target.unlink(missing_ok=True)
    report = campaign.officers_part.issued
    if report is None or has_same_numbers(con, report.numbers_digest):
        return
    folder = issued / report.folder
    if changed_files(folder, report.manifest_sha256):
        return
    found = _differences(con, folder / WAREHOUSE, campaign)
    with duckdb.connect(str(folder / WAREHOUSE), read_only=True) as before:
        of_units = unit_changes(con, before, found, campaign)
    if not (found.units or found.figures or of_units):
        return
    amended = _amending(campaign)
    template = DocxTemplate(TEMPLATE)
    context = _context(con, amended, campaign.document, report, found, of_units, as_of)
    template.render(context, jinja2.Environment(autoescape=True))
    apply_page(template.docx, campaign.document.page)
    describe_document(template.docx, amended, as_of)
    write_checked(package_bytes(template.docx), target, amended, TEMPLATE)


def _differences(con: duckdb.DuckDBPyConnection, old: Path, campaign: Campaign) -> Differences:
    """What changed from the issued report's warehouse to the open one, without the numbers of a subset
    that changed as those of all did."""
    ((path,),) = con.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchall()
    found = differences(old, Path(path), campaign)
    changes = {change.figure: change for change in found.figures}
    subset_of = {f.name: f.subset_of for f in load_figures(campaign)}
    figures = tuple(
        change
        for name, change in changes.items()
        if not _is_same(change, changes.get(subset_of.get(name) or ""))
    )
    return Differences(found.old_as_of, found.new_as_of, found.units, figures)


def _is_same(change: FigureChange, whole: FigureChange | None) -> bool:
    return whole is not None and (change.old, change.new) == (whole.old, whole.new)


def _amending(campaign: Campaign) -> Campaign:
    """The campaign, its document being an addendum that has no number and no date yet."""
    document = campaign.document.model_copy(
        update={"subject": f"bổ sung {campaign.document.subject}"}
    )
    part = campaign.officers_part.model_copy(update={"number": None, "dated": None, "issued": None})
    return campaign.model_copy(update={"document": document, "officers_part": part})


def _context(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    issued: Document,
    report: IssuedReport,
    found: Differences,
    of_units: list[dict[str, str]],
    as_of: dt.datetime,
) -> dict[str, object]:
    now = as_of.astimezone(campaign.zone)
    counting_units = {f.name for f in load_figures(campaign) if _counts_units(f)}
    figures = [
        _figure_change(change, campaign, of_units=change.figure in counting_units)
        for change in found.figures
    ]
    return {
        "vb": document_head(con, campaign, now),
        "dot": {"thoi_diem": f"ngày {wording.day(now)}"},
        "bc": {
            "so": number_text(report.number),
            "ngay": wording.day(report.dated) if report.dated else "",
            "trich_yeu": issued.subject,
        },
        "ds": {
            "tinh_trang": [_state_change(unit, campaign) for unit in found.units],
            "so_lieu": [*figures, *of_units],
            "noi_dung": _contents_named([*figures, *of_units], campaign),
        },
    }


def _counts_units(figure: Figure) -> bool:
    """Whether a unit is in the figure or not, and gives no number to it."""
    table = figure.trace.table
    return table == "unit_status" or (
        table == "unit_summary" and bool(counts_selected(figure.query))
    )


def _contents_named(rows: list[dict[str, str]], campaign: Campaign) -> str:
    """What the contents are, where the table calls one by its number."""
    shown = " ".join(row["nhan"] for row in rows).lower()
    called = (f.label.lower() for f in content_fields(campaign, "cells", "orgs"))
    return contents_note(campaign, "cells", "orgs") if any(c in shown for c in called) else ""


def _state_change(unit: UnitMove, campaign: Campaign) -> dict[str, str]:
    before, now = (wording.STATES[wording.state(*state)].lower() for state in (unit.old, unit.new))
    name = _name(unit.unit_code, unit.unit_name, campaign)
    return {"ten": name[:1].upper() + name[1:], "cu": before, "moi": now}


def _figure_change(change: FigureChange, campaign: Campaign, of_units: bool) -> dict[str, str]:
    """A row of the table: the figure before and now, and the units behind it."""
    shares = [
        _name(share.unit_code, share.unit_name, campaign)
        + ("" if of_units else _numbers(share, change))
        for share in change.shares[:MAX_UNITS_SHOWN]
    ]
    if len(change.shares) > MAX_UNITS_SHOWN:
        shares.append(f"và {len(change.shares) - MAX_UNITS_SHOWN} đơn vị khác")
    return {
        "nhan": change.description,
        "cu": change.old or NOTHING,
        "moi": change.new or NOTHING,
        "don_vi": "; ".join(shares) or NOTHING,
    }


def _numbers(share: ShareChange, change: FigureChange) -> str:
    """What a unit gave to a figure before and now; nothing where that is made of several numbers, as
    of a difference."""
    parts = 2 if (change.new or change.old or "").endswith("%") else 1
    if any(given and given.count("/") != parts - 1 for given in (share.old, share.new)):
        return ""
    return f": {printed_share(share.old)} → {printed_share(share.new)}"


def _name(code: str | None, name: str | None, campaign: Campaign) -> str:
    unit = campaign.registry.by_code.get(code or "")
    return in_sentence(unit.name, unit.type) if unit else name or "chưa rõ đơn vị"
