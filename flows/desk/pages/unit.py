"""One unit: its state, its files, what is wrong in them, what later files changed, what was decided,
and its numbers with the cells that they come from."""

from __future__ import annotations

import duckdb
from starlette.responses import Response
from starlette.routing import Route

from flows.desk.brought import BroughtFile, brought_files
from flows.desk.guard import Refusal, Visit, looking
from sources.campaigns import Campaign
from sources.decisions import DecisionLog
from warehouse.reports.outliers import UNLIKELY_RULES
from warehouse.reports.progress import UnitProgress, read_progress
from warehouse.schema import pair_fields
from warehouse.why import Part, Source, explain

NO_UNIT = "Danh bạ không có đơn vị nào mã này."


def shown(visit: Visit) -> Response:
    """All that the last night knows of the unit, and its files that have come since."""
    desk, code = visit.desk, visit.request.path_params["code"]
    campaign = desk.campaign
    if code not in campaign.registry.by_code:
        raise Refusal(NO_UNIT)
    visit.desk.understood.start_reading(DecisionLog(visit.desk.home.folder).recorded())
    progress: UnitProgress | None = None
    numbers: list[Part] = []
    if desk.has_night:
        with desk.warehouse() as con:
            units = {u.unit.code: u for u in read_progress(con, campaign).units}
            progress, numbers = units[code], unit_numbers(con, campaign, code)
    return visit.page(
        "unit.html.j2",
        campaign=campaign,
        unit=campaign.registry.by_code[code],
        progress=progress,
        unlikely=_unlikely(progress),
        numbers=numbers,
        new=_new_files(visit, code),
    )


def unit_numbers(con: duckdb.DuckDBPyConnection, campaign: Campaign, code: str) -> list[Part]:
    """What counts of the unit by key, in the order of the form, each with its places."""
    keys = [field.key for _, field in pair_fields(campaign.form)]
    table = Source("unit_summary", "table", "", None, "unit_summary", keys, None, [])
    return list(explain(con, table, None, "", code).parts)


def _unlikely(progress: UnitProgress | None) -> list[tuple[str, object]]:
    """The unit's unlikely values, each with its file's id."""
    if progress is None:
        return []
    return [
        (submission, finding)
        for submission, found in progress.findings.items()
        for finding in found
        if finding.rule in UNLIKELY_RULES
    ]


def _new_files(visit: Visit, code: str) -> list[BroughtFile]:
    return [f for f in brought_files(visit.desk) if (f.verdict or {}).get("unit_code") == code]


ROUTES = [Route("/don-vi/{code}", looking(shown))]
