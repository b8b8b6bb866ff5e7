"""The consolidated report to the Standing Committee as a Word document (III.3), from a template
that the office edits.

Load the warehouse's figures and lists, fill the template (the product's, or the campaign's own),
give it the campaign's page, write it to a temporary name, check it as it stands, and only then give
it its name. Same warehouse and `as_of`: the same bytes.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path

import duckdb
import jinja2
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from sources.campaigns import Campaign
from warehouse.reports.charts import Chart, Share, heads_chart
from warehouse.reports.document_check import check_document
from warehouse.reports.head_shares import head_shares
from warehouse.reports.narrative import report_context
from warehouse.reports.party_page import (
    apply_page,
    describe_document,
    describe_pictures,
    package_bytes,
)
from warehouse.reports.template_paragraphs import TEMPLATE

HEADS_COMPARED, CANDIDATES_COMPARED = "heads_compared_share", "candidates_compared_share"


class DocumentRefused(Exception):
    """The report that was written is not the Party document asked for; it was not put in its
    place."""

    def __init__(self, target: Path, problems: list[str], template: Path) -> None:
        super().__init__(f"{target.name}: {'; '.join(problems)}; correct {template} in Word")
        self.target, self.problems = target, problems


def write_report(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, as_of: dt.datetime, target: Path
) -> None:
    """Writes the consolidated report of an open warehouse to `target`; a draft until it is issued.

    Raises DocumentRefused where the result is not as the campaign's format asks, FigureNotDeclared
    where the template prints a number that the campaign does not have.
    """
    template = DocxTemplate(template_of(campaign))
    charts = _charts(con, campaign)
    pictures = {
        name: InlineImage(template, BytesIO(chart.png), width=Mm(chart.width_mm))
        for name, chart in charts.items()
    }
    context = report_context(con, campaign, as_of)
    template.render({**context, "hinh": pictures}, jinja2.Environment(autoescape=True))
    document = template.docx
    apply_page(document, campaign.document.page)
    describe_pictures(document, (chart.alt_text for chart in charts.values()))
    describe_document(document, campaign, as_of)
    write_checked(package_bytes(document), target, campaign, template_of(campaign))


def template_of(campaign: Campaign) -> Path:
    """The Word template of the report: the campaign's own, else the product's."""
    return campaign.own.template or TEMPLATE


def write_checked(content: bytes, target: Path, campaign: Campaign, template: Path) -> None:
    """Writes a Party document of the campaign to `target` once it is as the format asks.

    Raises DocumentRefused, which names the template, where it is not.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    written = target.with_name(f".{target.name}.part")
    written.write_bytes(content)
    if problems := check_document(written, campaign):
        written.unlink()
        raise DocumentRefused(target, problems, template)
    written.replace(target)


def _charts(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> dict[str, Chart]:
    """The charts by their names in the template; one that has nothing to show is left out."""
    shares = _shares(con, campaign)
    if any(s.now is not None or s.candidates is not None for s in shares):
        return {"truong_thon": heads_chart(shares)}
    return {}


def _shares(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[Share]:
    """The share of village heads who are Party members, by commune, now and among the candidates: of
    the same villages where both are known."""
    rows = con.execute(
        "SELECT unit_code, figure, value FROM unit_figure WHERE figure IN ($now, $candidates)",
        {"now": HEADS_COMPARED, "candidates": CANDIDATES_COMPARED},
    ).fetchall()
    compared = {(unit_code, figure): value for unit_code, figure, value in rows}
    return [
        Share(
            s.commune,
            compared.get((s.unit_code, HEADS_COMPARED), s.share),
            compared.get((s.unit_code, CANDIDATES_COMPARED)),
        )
        for s in head_shares(con, campaign)
    ]
