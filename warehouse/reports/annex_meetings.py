"""Annexes with a line per meeting: 2, every organisation in every commune; 4, the meetings that want a look."""

from __future__ import annotations

from typing import Any, NamedTuple

import duckdb

from expectations.rules import load_rules
from sources.campaigns import Campaign
from sources.form import FormField, Section
from warehouse.build import held_condition
from warehouse.numbers_vi import count
from warehouse.reports.annex_content import Annex, Cell, Column, Group, Origin
from warehouse.reports.annex_sheet import MARKS_NOTE
from warehouse.reports.annex_units import NOT_SUMMED, column_of, total_of, total_origin
from warehouse.schema import columns_in
from warehouse.table import quoted

MOST_ROWS = 5_000
MARTS = {
    "orgs": "org_meeting"
}  # where a section's rows are told after the choice between two sources
_KEYS = ("organisation", "commune")  # told by the group and by the line's name
_ORG = MARTS["orgs"]
_RECEIVED_ON = (
    "(SELECT max(file.received_at)::DATE FROM submission AS file "
    "WHERE file.submission_id = line.submission_id)"
)


def organisations_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 2: the organisations, each with its communes and its sums; of too many lines only the sums (II.3)."""
    section = campaign.form.by_key.get("orgs")
    fields = [f for f in section.fields if f.key not in _KEYS] if section else []
    windowed = bool(section and section.window)
    columns = (
        Column("Tổ chức; xã, thị trấn", "text", 27),
        Column("Theo báo cáo của", "text", 25),
        *map(column_of, fields),
        *((Column("Trong thời gian quy định", "mark", 10),) if windowed else ()),
    )
    groups, totals, left_out = (
        _by_organisation(con, section, fields, windowed) if section else ([], (), 0)
    )
    notes = [
        MARKS_NOTE,
        "Số liệu của tổ chức cấp huyện được tính; nơi chưa có thì lấy theo báo cáo của xã, thị trấn.",
    ]
    if left_out:
        notes.append(
            f"Không in {count(left_out)} dòng chi tiết; đủ các dòng ở bảng org_meeting của kho số liệu "
            "(tonghop sql)."
        )
    return Annex(
        number=2,
        name="PL2 MTTQ, đoàn thể",
        title="Kết quả của MTTQ và các tổ chức chính trị - xã hội",
        measure="như tên cột",
        columns=columns,
        groups=tuple(groups),
        totals=totals,
        notes=tuple(notes),
        origin=lambda cell: _org_origin(cell, section, fields),
    )


def _org_origin(cell: Cell, section: Section | None, fields: list[FormField]) -> Origin:
    """What a place of annex 2 is made from; a row's key is its rowid in org_meeting, a group's the organisation."""
    one = f"rowid = {cell.key}" if cell.style == "row" else None
    if section is None or (cell.style != "row" and cell.column < 2):
        return Origin(NOT_SUMMED)
    if cell.column < 2:
        return Origin(
            "dòng được tính của tổ chức ở địa bàn này", _ORG, ("organisation", "commune_code"), one
        )
    of_group = f"organisation = {quoted(cell.key)}" if cell.style == "group" else None
    if cell.column - 2 < len(fields):
        field = fields[cell.column - 2]
        return (
            Origin(field.label, _ORG, (field.column_name,), one)
            if one
            else total_origin(field, field.column_name, _ORG, of_group)
        )
    within = one or " AND ".join(filter(None, (of_group, "in_window")))
    return Origin("theo số đã tổ chức và các ngày", _ORG, _window_columns(section), within)


def _window_columns(section: Section) -> tuple[str, ...]:
    """The columns that say whether a meeting was in its window."""
    days = section.window.fields if section.window else ()
    return tuple(dict.fromkeys((*columns_in(held_condition(section), section), *days)))


def _by_organisation(
    con: duckdb.DuckDBPyConnection, section: Section, fields: list[FormField], windowed: bool
) -> tuple[list[Group], tuple[Any, ...], int]:
    """A group per organisation, the totals of all, and how many lines are left out."""
    names = [f.column_name for f in fields] + ["in_window"] * windowed
    sums = [total_of(f, f.column_name) for f in fields]
    sums += ["CASE WHEN count(in_window) > 0 THEN count_if(in_window) END"] * windowed
    by_code = {
        code: (lines, totals)
        for code, lines, *totals in con.execute(
            f"SELECT organisation, count(*), {', '.join(sums)} FROM org_meeting GROUP BY organisation"
        ).fetchall()
    }
    whole = con.execute(f"SELECT {', '.join(sums)} FROM org_meeting").fetchone() or ()
    lines = sum(own for own, _ in by_code.values())
    told: dict[str, list[tuple[Any, ...]]] = {}
    keys: dict[str, list[int]] = {}
    if lines <= MOST_ROWS:
        for code, key, *values in con.execute(f"""
                SELECT organisation, line.rowid, coalesce(place.name, commune_code), reporter.name, {", ".join(names)}
                FROM org_meeting AS line
                LEFT JOIN unit_place AS place ON place.unit_code = line.commune_code
                LEFT JOIN unit_place AS reporter ON reporter.unit_code = line.unit_code
                ORDER BY place.place, commune_code""").fetchall():
            told.setdefault(code, []).append(tuple(values))
            keys.setdefault(code, []).append(key)
    choices = section.by_key["organisation"].choice
    codes = [
        *(c.code for c in choices if c.code in by_code),
        *sorted(by_code.keys() - {c.code for c in choices}),
    ]
    groups = [
        Group(
            told.get(code, []),
            section.by_key["organisation"].choice_label(code),
            (None, None, *by_code[code][1]),
            keys.get(code, []),
            code,
        )
        for code in codes
    ]
    return groups, (None, None, *whole), lines if lines > MOST_ROWS else 0


def flagged_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 4: meetings not held, held in part, outside their window, or lacking what is expected (II.2, II.4)."""
    queries = [_flagged(campaign, s) for s in campaign.form.tables if s.held_when or s.window]
    rows: list[tuple[Any, ...]] = []
    keys: list[tuple[str, int]] = []
    found = 0
    if queries:
        told = con.execute(f"""
            SELECT mart, line_id, place.name, kind, line, first_on, last_on, reasons, count(*) OVER ()
            FROM ({" UNION ALL ".join(queries)}) LEFT JOIN unit_place AS place USING (unit_code)
            WHERE reasons <> ''
            ORDER BY place.place, unit_code, kind, line, first_on, reasons LIMIT {MOST_ROWS}""").fetchall()
        rows, keys, found = (
            [row[2:-1] for row in told],
            [row[:2] for row in told],
            told[0][-1] if told else 0,
        )
    notes = [
        "Đơn vị chỉ báo cáo số tổng thì không có buổi nào ở đây; số chưa tổ chức xem Phụ lục 1."
    ]
    if found > len(rows):
        notes.append(
            f"Chỉ in {count(len(rows))} dòng đầu trên tổng số {count(found)}; đủ các dòng ở kho số liệu "
            "(tonghop sql)."
        )
    return Annex(
        number=4,
        name="PL4 Buổi cần lưu ý",
        title="Các buổi sinh hoạt cần lưu ý",
        measure="buổi",
        columns=(
            Column("Đơn vị báo cáo", "text", 25),
            Column("Loại", "text", 17),
            Column("Chi bộ, tổ chức", "text", 38),
            Column("Từ ngày", "date", 12),
            Column("Đến ngày", "date", 12),
            Column("Điều cần lưu ý", "text", 58),
        ),
        groups=(Group(rows, keys=keys),),
        notes=tuple(notes),
        origin=lambda cell: _flagged_origin(cell, con, campaign),
    )


def _flagged_origin(cell: Cell, con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Origin:
    """What a place of annex 4 is made from; a row's key is the mart's name and the rowid in it."""
    mart, line_id = cell.key
    one = f"rowid = {line_id}"
    section = next(s for s in campaign.form.tables if MARTS.get(s.key, s.table) == mart)
    named = tuple(section.by_key[key].column_name for key in section.row_key)
    days = section.window.fields if section.window else ()
    if cell.column in (3, 4):
        field = section.by_key[days[0] if cell.column == 3 else days[-1]] if days else None
        return Origin(
            field.label if field else "không hỏi ngày",
            mart,
            (field.column_name,) if field else named,
            one,
        )
    if cell.column < 5:
        return Origin("theo dòng này trong báo cáo", mart, named, one)
    reasons = _reasons(campaign, section)
    conditions = ", ".join(reason.condition for reason in reasons)
    holds = con.execute(f"SELECT {conditions} FROM {mart} AS line WHERE {one}").fetchone()
    read = [
        column
        for reason, held in zip(reasons, holds or (), strict=True)
        if held
        for column in reason.columns
    ]
    return Origin("theo các ô của dòng này", mart, tuple(dict.fromkeys((*named, *read))), one)


def _flagged(campaign: Campaign, section: Section) -> str:
    """The query for a section's meetings: unit_code, kind, line (its name), first_on, last_on, reasons."""
    days = list(section.window.fields) if section.window else []
    first, last = (days[0], days[-1]) if days else ("NULL::DATE", "NULL::DATE")
    reasons = ", ".join(
        f"CASE WHEN {r.condition} THEN {r.said} END" for r in _reasons(campaign, section)
    )
    mart = MARTS.get(section.key, section.table)
    return f"""
        SELECT {quoted(mart)} AS mart, line.rowid AS line_id, unit_code, {quoted(section.title)} AS kind,
               concat_ws(', ', {", ".join(_names(section))}) AS line,
               {first} AS first_on, {last} AS last_on, concat_ws('; ', {reasons}) AS reasons
        FROM {mart} AS line"""


class _Reason(NamedTuple):
    """What makes a meeting one to look at: the SQL condition, the SQL of what is said, the columns that are read."""

    condition: str
    said: str
    columns: tuple[str, ...]


def _reasons(campaign: Campaign, section: Section) -> list[_Reason]:
    """What makes a meeting one to look at; not known is no reason."""
    held = held_condition(section)
    by = columns_in(held, section)
    reasons = [_Reason(f"NOT ({held})", "'Chưa tổ chức'", by)]
    reasons += [
        _Reason(
            f"({held}) AND {f.key} < {f.limit}",
            f"concat('Mới tổ chức ', {f.key}, '/', {f.limit})",
            (*by, f.key, f.limit),
        )
        for f in section.fields
        if f.limit and f.limit_rule == "held_exceeds_total"
    ]
    if section.window:
        said = f"Ngoài thời gian quy định ({campaign.windows[section.window.name].label})"
        reasons.append(_Reason("NOT in_window", quoted(said), _window_columns(section)))
        reasons.append(
            _Reason(
                f"({held}) AND greatest({', '.join(section.window.fields)}) > {_RECEIVED_ON}",
                f"'Ngày sinh hoạt sau ngày nhận báo cáo ' || strftime({_RECEIVED_ON}, '%d/%m/%Y')",
                _window_columns(section),
            )
        )
    once = {
        entry.rule for entry in load_rules().check if entry.over == "expected_once"
    }  # not of every meeting
    reasons += [
        _Reason(f"({held}) AND NOT {f.key}", quoted(f"Chưa có: {f.label}"), (*by, f.key))
        for f in section.fields
        if f.expected == "held" and f.expected_rule not in once
    ]
    return reasons


def _names(section: Section) -> list[str]:
    """The SQL of what a line is called: its key, codes as their names."""
    names = []
    for field in (section.by_key[key] for key in section.row_key):
        name = field.column_name
        if field.type == "commune":
            name = f"(SELECT name FROM unit_place WHERE unit_place.unit_code = line.{name})"
        elif field.choice:
            cases = " ".join(f"WHEN {quoted(c.code)} THEN {quoted(c.label)}" for c in field.choice)
            name = f"CASE {name} {cases} ELSE {name} END"
        names.append(name)
    return names
