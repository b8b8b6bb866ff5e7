"""Annex 3: by commune, the village heads who are Party members, now and among the candidates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.form import FormField, Section
from warehouse.reports.annex_content import (
    Annex,
    AnnexCell,
    AnnexColumn,
    Chart,
    ColumnKind,
    Group,
    Origin,
    Row,
)
from warehouse.reports.annex_units import UNIT_NAME, column_key, total_of, total_origin
from warehouse.reports.head_shares import HEADS, SECTION, HeadShare, head_shares
from warehouse.reports.queries import query, records
from warehouse.schema import columns_in

MAX_BARS = 36  # that can be told apart; of more communes the lowest are drawn
SHARE = f"{HEADS}_share"
HEAD, CANDIDATE = "head_is_party", "candidate_is_party"
_BOTH_KNOWN = "head_change IS NOT NULL"


class ComparedColumn(NamedTuple):
    """A column over the villages of which head and candidate are both known: key (as in
    heads_compared.sql), label, kind, and of which villages."""

    key: str
    label: str
    kind: ColumnKind
    condition: str


COMPARED = (
    ComparedColumn("villages_compared", "Số thôn so sánh được", "count", _BOTH_KNOWN),
    ComparedColumn(
        "heads_stays", "Nay và dự kiến đều là đảng viên", "count", "head_change = 'stays'"
    ),
    ComparedColumn(
        "heads_gains", "Nay không, dự kiến là đảng viên", "count", "head_change = 'gains'"
    ),
    ComparedColumn(
        "heads_loses", "Nay là đảng viên, dự kiến không", "count", "head_change = 'loses'"
    ),
    ComparedColumn(
        "heads_none",
        "Nay và dự kiến đều không là đảng viên",
        "count",
        "head_change = 'none'",
    ),
    ComparedColumn("heads_compared_share", "Tỷ lệ nay", "share", _BOTH_KNOWN),
    ComparedColumn("candidates_compared_share", "Tỷ lệ dự kiến", "share", _BOTH_KNOWN),
    ComparedColumn("heads_change_points", "Tăng, giảm (điểm %)", "points", _BOTH_KNOWN),
)
_COMPARED_NOTE = (
    f"Từ cột “{COMPARED[0].label}” đến cột “{COMPARED[-1].label}”: chỉ tính các thôn, tổ dân phố có số "
    "liệu cả về trưởng thôn hiện nay và nhân sự dự kiến; nơi chưa có nhân sự là đảng viên thì tính là "
    "không. Tăng, giảm: hiệu của hai tỷ lệ đã làm tròn."
)


def heads_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 3: per commune the villages, the heads who are Party members and their share; then, over
    the same villages, head and candidate; then the other marks of villages (I)."""
    shares = head_shares(con, campaign)
    counts = _counts(campaign) if shares else {}
    section = _villages(campaign)
    compared = _compared(section)
    marks = _other_marks(campaign, section, compared)
    by_unit = _of_villages(con, section, compared, marks)
    rows = [_row(s, counts, (*compared, *marks), by_unit.get(s.unit_code, {})) for s in shares]
    return Annex(
        code="PL3",
        tab="Trưởng thôn",
        title="Trưởng thôn, tổ trưởng tổ dân phố là đảng viên theo xã, thị trấn",
        measure="thôn, tổ dân phố; %",
        columns=(
            AnnexColumn("commune", "Xã, thị trấn", "text", 23),
            *(AnnexColumn(key, f.label, "count", 10.5) for key, f in counts.items()),
            AnnexColumn(SHARE, "Tỷ lệ", "share", 10.5),
            *(AnnexColumn(c.key, c.label, c.kind, 10.5) for c in compared.values()),
            *(AnnexColumn(key, f.label, "count", 10.5) for key, f in marks.items()),
        ),
        groups=(Group(rows, keys=[s.unit_code for s in shares]),),
        totals={**_totals(con, (*counts, SHARE)), **by_unit.get(None, {})} if shares else None,
        origin=lambda cell: _head_origin(cell, section, counts, compared, marks),
        notes=(
            "Xếp theo tỷ lệ hiện nay từ cao xuống thấp; ô trống: chưa có số liệu. Tỷ lệ chung tính "
            "trên các xã, thị trấn có đủ hai số liệu.",
            *((_COMPARED_NOTE,) if compared else ()),
        ),
        chart=_chart(shares),
    )


def _counts(campaign: Campaign) -> dict[str, FormField]:
    """The counts of villages and of heads who are Party members, by their keys."""
    heads = campaign.form.field(SECTION, HEADS)
    assert heads.limit  # else there are no shares
    return {heads.limit: campaign.form.field(SECTION, heads.limit), HEADS: heads}


def _villages(campaign: Campaign) -> Section | None:
    """The section whose rows give the heads."""
    form = campaign.form
    source = form.field(SECTION, HEADS).from_rows if form.has(SECTION, HEADS) else None
    return form.by_key[source.section] if source else None


def _compared(section: Section | None) -> dict[str, ComparedColumn]:
    """The columns over villages of which both are known; none where the form does not ask for
    both."""
    asked = section is not None and {HEAD, CANDIDATE} <= section.by_key.keys()
    return {column.key: column for column in COMPARED} if asked else {}


def _other_marks(
    campaign: Campaign, section: Section | None, compared: Iterable[str]
) -> dict[str, FormField]:
    """The marks of villages that no other column is made from, by the keys of their columns."""
    source = campaign.form.field(SECTION, HEADS).from_rows if section else None
    if section is None or source is None:
        return {}
    read = {*columns_in(source.value, section), *((HEAD, CANDIDATE) if compared else ())}
    return {
        column_key(section.key, f): f
        for f in section.fields
        if f.type == "mark" and f.column_name not in read
    }


def _of_villages(
    con: duckdb.DuckDBPyConnection,
    section: Section | None,
    compared: Iterable[str],
    marks: Mapping[str, FormField],
) -> dict[str | None, dict[str, Any]]:
    """What is computed from the rows of villages, by unit, of all under None."""
    found: dict[str | None, dict[str, Any]] = {}
    if section is None:
        return found
    queries = [query("heads_compared", table=section.table)] if compared else []
    if marks:
        about = {
            "table": section.table,
            "totals": [(key, total_of(f, f.column_name)) for key, f in marks.items()],
        }
        queries += [query("column_totals", **about, by=by) for by in ("unit_code", "")]
    for sql in queries:
        for row in records(con.execute(sql)):
            found.setdefault(row.pop("unit_code", None), {}).update(row)
    return found


def _row(share: HeadShare, counts: Iterable[str], others: Iterable[str], found: Row) -> Row:
    return {
        "commune": share.commune,
        **dict(zip(counts, (share.villages, share.heads), strict=True)),
        SHARE: share.share,
        **{key: found.get(key) for key in others},
    }


def _totals(con: duckdb.DuckDBPyConnection, figures: Iterable[str]) -> dict[str, float | None]:
    """Villages, heads and their share as the report has them."""
    sql = "SELECT value FROM report_figure WHERE figure = $figure"
    found = {figure: con.execute(sql, {"figure": figure}).fetchone() for figure in figures}
    return {figure: value[0] if value else None for figure, value in found.items()}


def _chart(shares: list[HeadShare]) -> Chart:
    known = sum(s.share is not None for s in shares)
    drawn = min(known, MAX_BARS)
    lowest = f" ({drawn} đơn vị thấp nhất)" if drawn < known else ""
    title = f"Tỷ lệ trưởng thôn là đảng viên{lowest}"
    return Chart(title, "commune", SHARE, known - drawn, drawn)


def _head_origin(
    cell: AnnexCell,
    section: Section | None,
    counts: Mapping[str, FormField],
    compared: Mapping[str, ComparedColumn],
    marks: Mapping[str, FormField],
) -> Origin:
    """What a place of annex 3 is made from."""
    unit = cell.key if cell.style == "row" else None
    table = section.table if section else ""
    if cell.column == "commune":
        return Origin(UNIT_NAME)
    if column := compared.get(cell.column):
        return Origin(column.label, table, (HEAD, CANDIDATE), column.condition, unit)
    if mark := marks.get(cell.column):
        if unit:
            return Origin("số dòng có", table, (mark.column_name,), unit=unit)
        return total_origin(mark, mark.column_name, table)
    if unit is None:
        return Origin("như số liệu của báo cáo", figure=cell.column)
    fields = list(counts.values()) if cell.column == SHARE else [counts[cell.column]]
    labels = " trên ".join(f.label for f in reversed(fields))
    return Origin(labels, "unit_summary", tuple(f.key for f in fields), unit=unit)
