"""Annexes with a line per unit: 1, what each unit reports of itself; 3, its village heads who are Party members."""

from __future__ import annotations

from typing import Any

import duckdb

from sources.campaigns import Campaign
from sources.form import FormField
from warehouse.reports import wording
from warehouse.reports.annex_content import Annex, Cell, Chart, Column, Group, Kind, Origin
from warehouse.reports.annex_sheet import MARKS_NOTE
from warehouse.reports.head_shares import HEADS, SECTION, head_shares
from warehouse.schema import columns_in, pair_fields

KINDS: dict[str, Kind] = {"count": "count", "date": "date", "mark": "mark"}
WIDTHS: dict[str, float] = {"count": 9.5, "date": 11.5, "mark": 9, "text": 14}
NOT_SUMMED = "cột này không cộng"
UNIT_NAME = "theo danh sách đơn vị của đợt, units.csv"
MOST_BARS = 36  # what fits on a printed page; of more communes the lowest are drawn


def column_of(field: FormField) -> Column:
    """The column of a field of the form, under its label."""
    kind = KINDS.get(field.type, "text")
    return Column(field.label, kind, WIDTHS[kind])


def total_of(field: FormField, name: str) -> str:
    """The SQL for a column's total: a sum, how many marks are set, or nothing; NULL where no value is known."""
    if field.type == "count":
        return f"sum({name})"
    return (
        f"CASE WHEN count({name}) > 0 THEN count_if({name}) END" if field.type == "mark" else "NULL"
    )


def total_origin(field: FormField, name: str, table: str, condition: str | None = None) -> Origin:
    """What a column's total is made from: the values summed, or the marks that are set; see `total_of`."""
    if field.type not in ("count", "mark"):
        return Origin(NOT_SUMMED)
    if field.type == "mark":
        return Origin("số dòng có", table, (name,), " AND ".join(filter(None, (condition, name))))
    return Origin("cộng các dòng", table, (name,), condition)


def units_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 1: every unit of the registry, when its report came, and all of `info`; prose stands in the report."""
    fields = [f for section, f in pair_fields(campaign.form) if section == "info"]
    names = ", ".join(f"own.{f.key}" for f in fields)
    rows = con.execute(
        f"""
        SELECT unit.unit_code, unit.name, status.status, status.on_time, timezone($zone, status.received_at), {names}
        FROM unit_place AS unit
        LEFT JOIN unit_status AS status USING (unit_code)
        LEFT JOIN unit_summary AS own USING (unit_code)
        ORDER BY unit.place""",
        {"zone": campaign.campaign.time_zone},
    ).fetchall()
    sums = (
        con.execute(
            f"SELECT {', '.join(total_of(f, f.key) for f in fields)} FROM unit_summary"
        ).fetchone()
        or ()
    )
    return Annex(
        number=1,
        name="PL1 Đơn vị",
        title="Tổng hợp kết quả theo đơn vị",
        measure="như tên cột",
        columns=(
            Column("Đơn vị", "text", 27),
            Column("Tình trạng", "text", 18),
            Column("Nhận lúc", "moment", 16),
            *map(column_of, fields),
        ),
        groups=(
            Group(
                [
                    (name, wording.STATES[wording.state(status, on_time)], *values)
                    for _, name, status, on_time, *values in rows
                ],
                keys=[code for code, *_ in rows],
            ),
        ),
        totals=(None, None, None, *sums),
        origin=lambda cell: _unit_origin(cell, fields),
        notes=(
            MARKS_NOTE,
            "Ô trống: đơn vị không báo cáo nội dung này. Nhận lúc: tệp được tổng hợp gần nhất.",
        ),
    )


def _unit_origin(cell: Cell, fields: list[FormField]) -> Origin:
    """What a place of annex 1 is made from."""
    if cell.column > 2:
        field = fields[cell.column - 3]
        if cell.style == "row":
            return Origin(field.label, "unit_summary", (field.key,), unit=cell.key)
        return total_origin(field, field.key, "unit_summary")
    if cell.style != "row":
        return Origin(NOT_SUMMED)
    if cell.column == 0:
        return Origin(UNIT_NAME)
    if cell.column == 1 or cell.value is None:
        return Origin("theo các tệp đã nhận và thời hạn", "unit_status", unit=cell.key)
    return Origin(
        "theo tệp được tổng hợp gần nhất",
        "submission",
        unit=cell.key,
        condition="submission_id IN (SELECT submission_id FROM unit_status)",
    )


def heads_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 3: per commune, villages, heads who are Party members, their share, and the other marks of villages (I)."""
    shares = head_shares(con, campaign)
    marks, by_unit, sums = _village_marks(con, campaign)
    rows = [
        (s.commune, s.villages, s.heads, s.share, *by_unit.get(s.unit_code, [None] * len(marks)))
        for s in shares
    ]
    known = sum(s.share is not None for s in shares)
    drawn = min(known, MOST_BARS)
    asked = campaign.form.field(SECTION, HEADS) if shares else None
    counts = [campaign.form.field(SECTION, asked.limit), asked] if asked and asked.limit else []
    labels = [f.label for f in counts] or ["", ""]
    return Annex(
        number=3,
        name="PL3 Trưởng thôn",
        title="Tỷ lệ trưởng thôn là đảng viên theo xã, thị trấn",
        measure="người, %",
        columns=(
            Column("Xã, thị trấn", "text", 27),
            *(Column(label, "count", 15) for label in labels),
            Column("Tỷ lệ", "share", 10),
            *(Column(f.label, "count", 17) for f in marks),
        ),
        groups=(Group(rows, keys=[s.unit_code for s in shares]),),
        totals=(None, *_head_totals(con), *sums) if shares else (),
        origin=lambda cell: _head_origin(cell, campaign, counts, marks),
        notes=(
            "Xếp theo tỷ lệ từ cao xuống thấp; ô trống: chưa có số liệu.",
            "Tỷ lệ chung tính trên các xã, thị trấn có đủ hai số liệu.",
        ),
        chart=Chart(
            "Tỷ lệ trưởng thôn là đảng viên"
            + (f" ({drawn} đơn vị thấp nhất)" if drawn < known else ""),
            0,
            3,
            known - drawn,
            drawn,
        ),
    )


def _head_origin(
    cell: Cell, campaign: Campaign, counts: list[FormField], marks: list[FormField]
) -> Origin:
    """What a place of annex 3 is made from: totals are the report's figures, but for those of the other marks."""
    if cell.column == 0:
        return Origin(UNIT_NAME)
    if cell.column > 3:
        mark = marks[cell.column - 4]
        table = next(s.table for s in campaign.form.tables if mark in s.fields)
        if cell.style == "row":
            return Origin("số dòng có", table, (mark.column_name,), unit=cell.key)
        return total_origin(mark, mark.column_name, table)
    if cell.style == "total":
        return Origin("như số liệu của báo cáo", figure=_HEAD_FIGURES[cell.column - 1])
    fields = counts if cell.column == 3 else [counts[cell.column - 1]]
    said = " trên ".join(f.label for f in reversed(fields))
    return Origin(said, "unit_summary", tuple(f.key for f in fields), unit=cell.key)


_HEAD_FIGURES = ("villages_total", HEADS, f"{HEADS}_share")


def _head_totals(con: duckdb.DuckDBPyConnection) -> tuple[Any, ...]:
    """Villages and heads as the campaign's summary has them, and the share as the report has it."""
    villages, heads, share = (
        con.execute("SELECT value FROM report_figure WHERE figure = ?", [name]).fetchone()
        for name in _HEAD_FIGURES
    )
    return tuple(found[0] if found else None for found in (villages, heads, share))


def _village_marks(
    con: duckdb.DuckDBPyConnection, campaign: Campaign
) -> tuple[list[FormField], dict[str, list[int | None]], tuple[int | None, ...]]:
    """The other marks of the section whose rows give the heads: the fields, how many are set by unit, and in all."""
    form = campaign.form
    source = form.field(SECTION, HEADS).from_rows if form.has(SECTION, HEADS) else None
    if source is None:
        return [], {}, ()
    section = form.by_key[source.section]
    told = columns_in(source.value, section)
    marks = [f for f in section.fields if f.type == "mark" and f.column_name not in told]
    if not marks:
        return [], {}, ()
    counted = ", ".join(total_of(f, f.key) for f in marks)
    by_unit = con.execute(
        f"SELECT unit_code, {counted} FROM {section.table} GROUP BY unit_code"
    ).fetchall()
    whole = con.execute(f"SELECT {counted} FROM {section.table}").fetchone()
    return marks, {code: list(values) for code, *values in by_unit}, whole or ()
