"""Annexes with a line per unit: 1, what each unit reports of itself; 3, its village heads who are
Party members."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.form import FormField
from warehouse.reports import wording
from warehouse.reports.annex_content import (
    Annex,
    AnnexCell,
    AnnexColumn,
    Chart,
    ColumnKind,
    Group,
    Origin,
)
from warehouse.reports.annex_sheet import MARKS_NOTE
from warehouse.reports.head_shares import HEADS, SECTION, head_shares
from warehouse.reports.queries import query, records
from warehouse.schema import columns_in, pair_fields

KINDS: dict[str, ColumnKind] = {"count": "count", "date": "date", "mark": "mark"}
WIDTHS: dict[str, float] = {"count": 9.5, "date": 11.5, "mark": 9, "text": 14}
NOT_SUMMED = "cột này không cộng"
UNIT_NAME = "theo danh sách đơn vị của đợt, units.csv"
MAX_BARS = 36  # what fits on a printed page; of more communes the lowest are drawn


def column_key(section: str, field: FormField) -> str:
    """The key of the column of a field of the form."""
    return f"{section}.{field.key}"


def column_of(section: str, field: FormField) -> AnnexColumn:
    """The column of a field of the form, under its label."""
    kind = KINDS.get(field.type, "text")
    return AnnexColumn(column_key(section, field), field.label, kind, WIDTHS[kind])


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
    """Annex 1: every unit of the registry, when its report came, and all of `info`; prose stands in
    the report."""
    fields = {column_key(SECTION, f): f for s, f in pair_fields(campaign.form) if s == SECTION}
    names = [(key, f.key) for key, f in fields.items()]
    zone = {"zone": campaign.campaign.time_zone}
    rows = records(con.execute(query("unit_reports", fields=names), zone))
    sums = [(key, total_of(f, f.key)) for key, f in fields.items()]
    (totals,) = records(
        con.execute(query("column_totals", table="unit_summary", totals=sums, by=""))
    )
    return Annex(
        number=1,
        name="PL1 Đơn vị",
        title="Tổng hợp kết quả theo đơn vị",
        measure="như tên cột",
        columns=(
            AnnexColumn("unit", "Đơn vị", "text", 27),
            AnnexColumn("status", "Tình trạng", "text", 18),
            AnnexColumn("received", "Nhận lúc", "moment", 16),
            *(column_of(SECTION, f) for f in fields.values()),
        ),
        groups=(
            Group(
                [
                    {**r, "status": wording.STATES[wording.state(r["status"], r["on_time"])]}
                    for r in rows
                ],
                keys=[r["unit_code"] for r in rows],
            ),
        ),
        totals=totals,
        origin=lambda cell: _unit_origin(cell, fields),
        notes=(
            MARKS_NOTE,
            "Ô trống: đơn vị không báo cáo nội dung này. Nhận lúc: tệp được tổng hợp gần nhất.",
        ),
    )


def _unit_origin(cell: AnnexCell, fields: Mapping[str, FormField]) -> Origin:
    """What a place of annex 1 is made from; `fields` by the keys of their columns."""
    if field := fields.get(cell.column):
        if cell.style == "row":
            return Origin(field.label, "unit_summary", (field.key,), unit=cell.key)
        return total_origin(field, field.key, "unit_summary")
    if cell.style != "row":
        return Origin(NOT_SUMMED)
    if cell.column == "unit":
        return Origin(UNIT_NAME)
    if cell.column == "status" or cell.value is None:
        return Origin("theo các tệp đã nhận và thời hạn", "unit_status", unit=cell.key)
    return Origin(
        "theo tệp được tổng hợp gần nhất",
        "submission",
        unit=cell.key,
        condition="submission_id IN (SELECT submission_id FROM unit_status)",
    )


def heads_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 3: per commune, villages, heads who are Party members, their share, and the other marks
    of villages (I)."""
    shares = head_shares(con, campaign)
    marks = _village_marks(con, campaign)
    rows = [
        {
            "commune": s.commune,
            "villages": s.villages,
            "heads": s.heads,
            "share": s.share,
            **dict.fromkeys(marks.fields),
            **marks.by_unit.get(s.unit_code, {}),
        }
        for s in shares
    ]
    known = sum(s.share is not None for s in shares)
    drawn = min(known, MAX_BARS)
    asked = campaign.form.field(SECTION, HEADS) if shares else None
    counts = (
        {"villages": campaign.form.field(SECTION, asked.limit), "heads": asked}
        if asked and asked.limit
        else {}
    )
    return Annex(
        number=3,
        name="PL3 Trưởng thôn",
        title="Tỷ lệ trưởng thôn là đảng viên theo xã, thị trấn",
        measure="người, %",
        columns=(
            AnnexColumn("commune", "Xã, thị trấn", "text", 27),
            AnnexColumn("villages", counts["villages"].label if counts else "", "count", 15),
            AnnexColumn("heads", counts["heads"].label if counts else "", "count", 15),
            AnnexColumn("share", "Tỷ lệ", "share", 10),
            *(AnnexColumn(key, f.label, "count", 17) for key, f in marks.fields.items()),
        ),
        groups=(Group(rows, keys=[s.unit_code for s in shares]),),
        totals={**_head_totals(con), **marks.totals} if shares else None,
        origin=lambda cell: _head_origin(cell, counts, marks),
        notes=(
            "Xếp theo tỷ lệ từ cao xuống thấp; ô trống: chưa có số liệu.",
            "Tỷ lệ chung tính trên các xã, thị trấn có đủ hai số liệu.",
        ),
        chart=Chart(
            "Tỷ lệ trưởng thôn là đảng viên"
            + (f" ({drawn} đơn vị thấp nhất)" if drawn < known else ""),
            "commune",
            "share",
            known - drawn,
            drawn,
        ),
    )


def _head_origin(cell: AnnexCell, counts: Mapping[str, FormField], marks: _Marks) -> Origin:
    """What a place of annex 3 is made from: totals are the report's figures, but for those of the
    other marks."""
    if cell.column == "commune":
        return Origin(UNIT_NAME)
    if mark := marks.fields.get(cell.column):
        if cell.style == "row":
            return Origin("số dòng có", marks.table, (mark.column_name,), unit=cell.key)
        return total_origin(mark, mark.column_name, marks.table)
    if cell.style == "total":
        return Origin("như số liệu của báo cáo", figure=_HEAD_FIGURES[cell.column])
    fields = list(counts.values()) if cell.column == "share" else [counts[cell.column]]
    labels_text = " trên ".join(f.label for f in reversed(fields))
    return Origin(labels_text, "unit_summary", tuple(f.key for f in fields), unit=cell.key)


# The figures of the report that are the totals of annex 3, by column.
_HEAD_FIGURES = {"villages": "villages_total", "heads": HEADS, "share": f"{HEADS}_share"}


def _head_totals(con: duckdb.DuckDBPyConnection) -> dict[str, float | None]:
    """Villages and heads as the campaign's summary has them, and the share as the report has it."""
    sql = "SELECT value FROM report_figure WHERE figure = $figure"
    found = {
        column: con.execute(sql, {"figure": figure}).fetchone()
        for column, figure in _HEAD_FIGURES.items()
    }
    return {column: value[0] if value else None for column, value in found.items()}


class _Marks(NamedTuple):
    """Marks of villages by the keys of their columns: the fields of a table, how many are set by
    unit and in all."""

    table: str = ""
    fields: Mapping[str, FormField] = MappingProxyType({})
    by_unit: Mapping[str, Mapping[str, int | None]] = MappingProxyType({})
    totals: Mapping[str, int | None] = MappingProxyType({})


def _village_marks(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> _Marks:
    """The other marks of the section whose rows give the heads."""
    form = campaign.form
    source = form.field(SECTION, HEADS).from_rows if form.has(SECTION, HEADS) else None
    if source is None:
        return _Marks()
    section = form.by_key[source.section]
    read_by_heads = columns_in(source.value, section)
    fields = {
        column_key(section.key, f): f
        for f in section.fields
        if f.type == "mark" and f.column_name not in read_by_heads
    }
    totals = [(key, total_of(f, f.column_name)) for key, f in fields.items()]
    about = {"table": section.table, "totals": totals}
    by_unit = records(con.execute(query("column_totals", **about, by="unit_code")))
    (whole,) = records(con.execute(query("column_totals", **about, by="")))
    return _Marks(
        section.table,
        fields,
        {r["unit_code"]: {key: r[key] for key in fields} for r in by_unit},
        {key: whole[key] for key in fields},
    )
