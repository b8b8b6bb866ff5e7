"""Annex 1: a line per unit with what it reports of itself, communes and organisations apart.

Also what the annexes have in common: the column of a field of the form, and its total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import duckdb

from sources.campaigns import Campaign
from sources.form import FormField, Reporter
from warehouse.reports import wording
from warehouse.reports.annex_content import (
    Annex,
    AnnexCell,
    AnnexColumn,
    ColumnKind,
    ColumnNote,
    ColumnWithoutOriginError,
    Group,
    Origin,
    Row,
)
from warehouse.reports.head_shares import SECTION
from warehouse.reports.queries import query, records
from warehouse.schema import pair_fields

KINDS: dict[str, ColumnKind] = {"count": "count", "date": "date", "mark": "mark"}
WIDTHS: dict[str, float] = {"count": 11, "date": 11.5, "mark": 11, "text": 14}
NOT_SUMMED = "cột này không cộng"
UNIT_NAME = "theo danh sách đơn vị của đợt, units.csv"
STATES = {
    "on_time": "Gửi đúng hạn",
    "late": "Gửi muộn",
    "returned": "Đang hoàn thiện lại",
    "missing": "Chưa gửi",
}
SCAN_WAITS = "Đã gửi bản quét, đang đối chiếu"  # of a unit that is missing until it is confirmed
GROUPS: dict[Reporter, str] = {
    "commune": "Xã, thị trấn",
    "district_org": "MTTQ, tổ chức cấp huyện",
}
# Which units of unit_status report as such; also the condition of the figures of communes alone.
OF_REPORTER: dict[Reporter, str] = {
    "commune": "unit_type <> 'district_org'",
    "district_org": "unit_type = 'district_org'",
}


def column_key(section: str, field: FormField) -> str:
    """The key of the column of a field of the form."""
    return f"{section}.{field.key}"


def column_of(section: str, field: FormField) -> AnnexColumn:
    """The column of a field of the form, under its label."""
    kind = KINDS.get(field.type, "text")
    return AnnexColumn(
        column_key(section, field), field.label, kind, WIDTHS[kind], field.annex_part
    )


def total_of(field: FormField, name: str) -> str:
    """The SQL for a column's total: a sum, how many marks are set, or nothing; NULL where no value
    is known."""
    if field.type == "count":
        return f"sum({name})"
    return total_of_marks(name) if field.type == "mark" else "NULL"


def total_of_marks(name: str) -> str:
    """The SQL for how many marks of a column are set; NULL where none is known."""
    return f"CASE WHEN count({name}) > 0 THEN count_if({name}) END"


def total_origin(field: FormField, name: str, table: str, condition: str | None = None) -> Origin:
    """What a column's total is made from: the values summed, or the marks that are set; see
    `total_of`."""
    if field.type not in ("count", "mark"):
        return Origin(NOT_SUMMED)
    if field.type == "mark":
        return Origin("số dòng có", table, (name,), " AND ".join(filter(None, (condition, name))))
    return Origin("cộng các dòng", table, (name,), condition)


def units_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 1: every unit of the registry, whether and when its report came, and all of `info`; what
    units wrote stands in annex 5."""
    fields = {column_key(SECTION, f): f for s, f in pair_fields(campaign.form) if s == SECTION}
    names = [(key, f.key) for key, f in fields.items()]
    rows = records(
        con.execute(query("unit_reports", fields=names), {"zone": campaign.campaign.time_zone})
    )
    scans = con.execute(query("scans_on_hold")).fetchall()
    sums = [(key, _total_of(f)) for key, f in fields.items()]
    totals = {
        row["is_organisation"]: row
        for row in records(con.execute(query("unit_totals", totals=sums)))
    }
    return Annex(
        code="PL1",
        tab="Đơn vị",
        title="Tổng hợp kết quả theo đơn vị",
        measure="như tên cột",
        columns=(
            AnnexColumn("unit", "Đơn vị", "text", 27),
            AnnexColumn("status", "Tình trạng", "text", 18),
            AnnexColumn("received_on", "Ngày nhận", "date", 11.5),
            *(column_of(SECTION, f) for f in fields.values()),
        ),
        groups=_groups(rows, totals, {code for code, _ in scans}),
        totals=totals[None],
        origin=lambda cell: _unit_origin(cell, fields),
        notes=("Ô trống: đơn vị không báo cáo nội dung này.",),
        column_notes=(
            ColumnNote(
                "Ngày nhận: của báo cáo được tổng hợp gần nhất.", frozenset({"received_on"})
            ),
            *_commune_note(fields),
        ),
    )


def _groups(
    rows: Sequence[dict[str, Any]], totals: Mapping[bool | None, Row], scanned: Set[str]
) -> tuple[Group, ...]:
    """The communes, then the organisations, each with its sums; communes alone stand without a
    heading. `scanned`: the units of which a scan waits."""
    of_reporter: dict[Reporter, list[dict[str, Any]]] = {"commune": [], "district_org": []}
    for row in rows:
        is_organisation = row["unit_type"] == "district_org"
        state = wording.state(row["status"], row["on_time"])
        is_waiting = state == "missing" and row["unit_code"] in scanned
        of_reporter["district_org" if is_organisation else "commune"].append(
            {**row, "status": SCAN_WAITS if is_waiting else STATES[state]}
        )
    if not of_reporter["district_org"]:
        return (Group(rows=of_reporter["commune"], keys=_codes(of_reporter["commune"])),)
    return tuple(
        Group(
            those,
            GROUPS[reporter],
            totals.get(reporter == "district_org", {}),
            _codes(those),
            reporter,
        )
        for reporter, those in of_reporter.items()
        if those
    )


def _codes(rows: Sequence[Row]) -> list[str]:
    return [row["unit_code"] for row in rows]


def _is_of_communes(field: FormField) -> bool:
    """A mark that is expected of every commune is counted of communes alone, as in the report."""
    return field.type == "mark" and field.expected == "commune"


def _total_of(field: FormField) -> str:
    """The SQL for a column's total over units, of which `is_organisation` is known."""
    if not _is_of_communes(field):
        return total_of(field, field.key)
    return total_of_marks(f"CASE WHEN NOT is_organisation THEN {field.key} END")


def _commune_note(fields: Mapping[str, FormField]) -> tuple[ColumnNote, ...]:
    labels = {key: f"“{field.label}”" for key, field in fields.items() if _is_of_communes(field)}
    text = f"Số cộng của {', '.join(labels.values())} chỉ tính các xã, thị trấn."
    return (ColumnNote(text, frozenset(labels)),) if labels else ()


def _unit_origin(cell: AnnexCell, fields: Mapping[str, FormField]) -> Origin:
    """What a place of annex 1 is made from; `fields` by the keys of their columns."""
    if field := fields.get(cell.column):
        if cell.style == "row":
            return Origin(field.label, "unit_summary", (field.key,), unit=cell.key)
        return _sum_origin(cell, field)
    if cell.style != "row":
        return Origin(NOT_SUMMED)
    if cell.column == "unit":
        return Origin(UNIT_NAME)
    if cell.column not in ("status", "received_on"):
        raise ColumnWithoutOriginError(cell.column)
    if cell.column == "status" or cell.value is None:
        return Origin("theo các báo cáo đã nhận và thời hạn", "unit_status", unit=cell.key)
    return Origin(
        "theo báo cáo được tổng hợp gần nhất",
        "submission",
        unit=cell.key,
        condition="submission_id IN (SELECT submission_id FROM unit_status)",
    )


def _sum_origin(cell: AnnexCell, field: FormField) -> Origin:
    """What the sum of a group, or of all, is made from."""
    reporter: Reporter | None = cell.key if cell.style == "group" else None
    if _is_of_communes(field):
        if reporter == "district_org":
            return Origin("không cộng số của các tổ chức")
        reporter = "commune"
    if reporter and reporter not in field.reporters:
        return Origin("không hỏi các đơn vị này")
    return total_origin(field, field.key, "unit_summary", reporter and of_units(reporter))


def of_units(reporter: Reporter) -> str:
    """The SQL condition on unit_code that holds of the units that report as such."""
    return f"unit_code IN (SELECT unit_code FROM unit_status WHERE {OF_REPORTER[reporter]})"
