"""Annexes with a line per meeting: 2, every organisation in every commune; 4, the flagged meetings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.form import FormField, Section
from warehouse.build import took_place_condition
from warehouse.numbers_vi import count
from warehouse.reports.annex_content import (
    Annex,
    AnnexCell,
    AnnexColumn,
    ColumnNote,
    ColumnWithoutOriginError,
    Group,
    Origin,
    Row,
)
from warehouse.reports.annex_units import (
    NOT_SUMMED,
    column_key,
    column_of,
    total_of,
    total_of_marks,
    total_origin,
)
from warehouse.reports.content_words import CONTENT_RULE, contents_note
from warehouse.reports.queries import query, records
from warehouse.schema import columns_in
from warehouse.table import quoted

MAX_ROWS = 5_000
# the table of a section's rows after the choice between two sources
MART_OF_SECTION = {"orgs": "org_meeting"}
_NAMED_BY_LINE = ("organisation", "commune")  # shown as the group and as the line's name
_ORG = MART_OF_SECTION["orgs"]
_IN_WINDOW = "in_window"
_RECEIVED_ON = (
    "(SELECT max(received_at)::DATE FROM submission WHERE submission_id = line.submission_id)"
)


def organisations_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 2: the organisations, each with its communes and its sums; of too many lines only the
    sums (II.3)."""
    section = campaign.form.by_key.get("orgs")
    fields = (
        {column_key(section.key, f): f for f in section.fields if f.key not in _NAMED_BY_LINE}
        if section
        else {}
    )
    columns = (
        AnnexColumn("commune", "Tổ chức; xã, thị trấn", "text", 27),
        AnnexColumn("reporter", "Theo báo cáo của", "text", 25),
        *_field_columns(section, fields),
    )
    groups, totals, left_out = _by_organisation(con, section, fields) if section else ([], None, 0)
    notes = [
        "Số liệu của tổ chức cấp huyện được tính; nơi chưa có thì lấy theo báo cáo của xã, thị trấn.",
    ]
    if left_out:
        notes.append(f"Không in {count(left_out)} dòng chi tiết; cơ quan tổng hợp giữ đủ số liệu.")
    return Annex(
        code="PL2",
        tab="MTTQ, đoàn thể",
        title="Kết quả của MTTQ và các tổ chức chính trị - xã hội",
        measure="như tên cột",
        columns=columns,
        groups=tuple(groups),
        totals=totals,
        notes=tuple(notes),
        column_notes=_contents(campaign, fields),
        origin=lambda cell: _org_origin(cell, section, fields),
    )


def _contents(campaign: Campaign, fields: Mapping[str, FormField]) -> tuple[ColumnNote, ...]:
    """What the contents are about that the columns call by a number."""
    about = frozenset(key for key, f in fields.items() if f.expected_rule == CONTENT_RULE)
    note = contents_note(campaign, "orgs")
    return (ColumnNote(note, about),) if note else ()


def _field_columns(
    section: Section | None, fields: Mapping[str, FormField]
) -> Iterator[AnnexColumn]:
    """The columns of the fields, in the form's order; after the last day of a meeting, whether it was
    in its window."""
    days = section.window.fields if section and section.window else ()
    for field in fields.values():
        yield column_of("orgs", field)
        if days and field.key == days[-1]:
            yield AnnexColumn(_IN_WINDOW, "Trong thời gian quy định", "mark", 10)


def _org_origin(
    cell: AnnexCell, section: Section | None, fields: Mapping[str, FormField]
) -> Origin:
    """What a place of annex 2 is made from; a row's key is its rowid in org_meeting, a group's the
    organisation."""
    this_row = f"rowid = {cell.key}" if cell.style == "row" else None
    of_line = cell.column in ("commune", "reporter")
    if section is None or (cell.style != "row" and of_line):
        return Origin(NOT_SUMMED)
    if of_line:
        return Origin(
            "dòng được tính của tổ chức ở địa bàn này",
            _ORG,
            ("organisation", "commune_code"),
            this_row,
        )
    of_group = f"organisation = {quoted(cell.key)}" if cell.style == "group" else None
    if field := fields.get(cell.column):
        return (
            Origin(field.label, _ORG, (field.column_name,), this_row)
            if this_row
            else total_origin(field, field.column_name, _ORG, of_group)
        )
    if cell.column != _IN_WINDOW:
        raise ColumnWithoutOriginError(cell.column)
    within = this_row or " AND ".join(filter(None, (of_group, "in_window")))
    return Origin("theo số đã tổ chức và các ngày", _ORG, _window_columns(section), within)


def _window_columns(section: Section) -> tuple[str, ...]:
    """The columns that decide whether a meeting was in its window."""
    days = section.window.fields if section.window else ()
    return tuple(dict.fromkeys((*columns_in(took_place_condition(section), section), *days)))


def _by_organisation(
    con: duckdb.DuckDBPyConnection, section: Section, fields: Mapping[str, FormField]
) -> tuple[list[Group], Row, int]:
    """A group per organisation, the totals of all, and how many lines are left out."""
    names = [(key, f.column_name) for key, f in fields.items()]
    sums = [(key, total_of(f, f.column_name)) for key, f in fields.items()]
    if section.window:
        names.append((_IN_WINDOW, _IN_WINDOW))
        sums.append((_IN_WINDOW, total_of_marks(_IN_WINDOW)))
    about = {"table": _ORG, "totals": sums}
    (whole,) = records(con.execute(query("column_totals", **about, by="")))
    totals = {
        r["organisation"]: r
        for r in records(con.execute(query("column_totals", **about, by="organisation")))
    }
    rows: dict[str, list[Row]] = {code: [] for code in totals}
    if whole["lines"] <= MAX_ROWS:
        for row in records(con.execute(query("organisation_lines", fields=names))):
            rows[row["organisation"]].append(row)
    organisation = section.by_key["organisation"]
    declared = [choice.code for choice in organisation.choice]
    codes = [*(c for c in declared if c in totals), *sorted(totals.keys() - set(declared))]
    groups = [
        Group(
            rows[code],
            organisation.choice_label(code),
            totals[code],
            [row["line_id"] for row in rows[code]],
            code,
        )
        for code in codes
    ]
    return groups, whole, whole["lines"] if whole["lines"] > MAX_ROWS else 0


def flagged_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 4: meetings that did not take place or only in part, were outside their window, or lack
    what is expected (II.2, II.4)."""
    sections = [_flagged(campaign, s) for s in campaign.form.tables if s.held_when or s.window]
    rows = (
        records(con.execute(query("flagged_lines", sections=sections), {"most": MAX_ROWS}))
        if sections
        else []
    )
    found = rows[0]["found"] if rows else 0
    notes = [
        "Đơn vị chỉ báo cáo số tổng thì không có buổi nào ở đây; số chưa tổ chức xem Phụ lục số 1."
    ]
    if contents := contents_note(campaign, "cells", "orgs"):
        notes.append(contents)
    if found > len(rows):
        notes.append(
            f"Chỉ in {count(len(rows))} dòng đầu trên tổng số {count(found)}; cơ quan tổng hợp giữ đủ "
            "số liệu."
        )
    return Annex(
        code="PL4",
        tab="Buổi cần lưu ý",
        title="Các buổi sinh hoạt cần lưu ý",
        measure="buổi",
        columns=(
            AnnexColumn("unit", "Đơn vị báo cáo", "text", 25),
            AnnexColumn("kind", "Loại", "text", 17),
            AnnexColumn("line", "Chi bộ, tổ chức", "text", 38),
            AnnexColumn("first_on", "Từ ngày", "date", 12),
            AnnexColumn("last_on", "Đến ngày", "date", 12),
            AnnexColumn("reasons", "Điều cần lưu ý", "text", 58),
        ),
        groups=(Group(rows, keys=[(row["mart"], row["line_id"]) for row in rows]),),
        notes=tuple(notes),
        origin=lambda cell: _flagged_origin(cell, con, campaign),
    )


def _flagged_origin(cell: AnnexCell, con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Origin:
    """What a place of annex 4 is made from; a row's key is the mart's name and the rowid in it."""
    mart, line_id = cell.key
    this_row = f"rowid = {line_id}"
    section = next(s for s in campaign.form.tables if MART_OF_SECTION.get(s.key, s.table) == mart)
    named = tuple(section.by_key[key].column_name for key in section.row_key)
    days = section.window.fields if section.window else ()
    if cell.column in ("first_on", "last_on"):
        day = 0 if cell.column == "first_on" else -1
        field = section.by_key[days[day]] if days else None
        return Origin(
            field.label if field else "không hỏi ngày",
            mart,
            (field.column_name,) if field else named,
            this_row,
        )
    if cell.column in ("unit", "kind", "line"):
        return Origin("theo dòng này trong báo cáo", mart, named, this_row)
    if cell.column != "reasons":
        raise ColumnWithoutOriginError(cell.column)
    reasons = _reasons(campaign, section)
    sql = query("reasons_that_hold", mart=mart, conditions=[r.condition for r in reasons])
    holds = con.execute(sql, {"line": line_id}).fetchone()
    read = [
        column
        for reason, took_place in zip(reasons, holds or (), strict=True)
        if took_place
        for column in reason.columns
    ]
    return Origin("theo các ô của dòng này", mart, tuple(dict.fromkeys((*named, *read))), this_row)


def _flagged(campaign: Campaign, section: Section) -> dict[str, object]:
    """What flagged_lines.sql needs to know of a section's meetings."""
    return {
        "mart": MART_OF_SECTION.get(section.key, section.table),
        "title": section.title,
        "named": [section.by_key[key] for key in section.row_key],
        "days": section.window.fields if section.window else (),
        "reasons": _reasons(campaign, section),
    }


class _Reason(NamedTuple):
    """A reason why a meeting is flagged: the SQL condition, the SQL of its text, the columns that both
    read."""

    condition: str
    explanation: str
    columns: tuple[str, ...]


def _reasons(campaign: Campaign, section: Section) -> list[_Reason]:
    """The reasons for which a meeting is flagged; a condition that is NULL is none."""
    took_place = took_place_condition(section)
    by = columns_in(took_place, section)
    held = [
        (f.key, f.limit) for f in section.fields if f.limit and f.limit_rule == "held_exceeds_total"
    ]
    # where there is none, none could take place
    missed = [f"NOT ({took_place})", *(f"{whole} IS DISTINCT FROM 0" for _, whole in held)]
    wholes = (whole for _, whole in held)
    reasons = [_Reason(" AND ".join(missed), "'Chưa tổ chức'", (*by, *wholes))]
    reasons += [
        _Reason(
            f"({took_place}) AND {part} < {whole}",
            f"concat('Mới tổ chức ', {part}, '/', {whole})",
            (*by, part, whole),
        )
        for part, whole in held
    ]
    if section.window:
        explanation = f"Ngoài thời gian quy định ({campaign.windows[section.window.name].label})"
        reasons.append(_Reason("NOT in_window", quoted(explanation), _window_columns(section)))
        reasons.append(
            _Reason(
                f"({took_place}) AND greatest({', '.join(section.window.fields)}) > {_RECEIVED_ON}",
                f"'Ngày sinh hoạt sau ngày nhận báo cáo ' || strftime({_RECEIVED_ON}, '%d/%m/%Y')",
                _window_columns(section),
            )
        )
    reasons += [
        _Reason(
            f"({took_place}) AND NOT {f.key}",
            quoted(f"Không có {f.label[:1].lower()}{f.label[1:]}"),
            (*by, f.key),
        )
        for f in section.fields
        if f.expected == "held"
    ]
    return reasons
