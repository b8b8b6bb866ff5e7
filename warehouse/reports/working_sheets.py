"""Sheets of the office's working file: 1, all findings; 2, the decisions of officers; 3, what was read
from scans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from sources.campaigns import Campaign
from warehouse.numbers_vi import count
from warehouse.reports import wording
from warehouse.reports.annex_content import (
    Annex,
    AnnexCell,
    AnnexColumn,
    Group,
    Origin,
)
from warehouse.reports.decision_texts import decision_texts
from warehouse.reports.queries import query, records

MAX_ROWS = 5_000
CONFIRMATION_STATES = {
    "waiting": "Chờ xác nhận",
    "confirmed": "Đã xác nhận",
    "corrected": "Đã sửa",
    "proved": "Khớp với tổng số",
}


def findings_sheet(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Sheet 1: every finding, unit by unit, at its file, sheet and ref; of too many the errors
    first."""
    con.execute(query("reported_file"))
    findings = records(con.execute(query("findings"), {"most": MAX_ROWS}))
    rows = [_finding_row(finding, campaign) for finding in findings]
    found = findings[0]["found"] if findings else 0
    notes = (
        "Lỗi: tệp bị trả lại hoặc từ chối, không tính vào số liệu. Lưu ý: số liệu vẫn được tính.",
        *_left_out(len(rows), found, "lỗi trước", "finding"),
    )
    return Annex(
        code="LV1",
        tab="Sai sót, chênh lệch",
        title="Sai sót và chênh lệch trong báo cáo",
        measure="",
        columns=(
            AnnexColumn("unit", "Đơn vị", "text", 16),
            AnnexColumn("file", "Tệp", "text", 20),
            AnnexColumn("state", "Xử lý tệp", "text", 10),
            AnnexColumn("severity", "Mức", "text", 7),
            AnnexColumn("rule", "Sai sót", "text", 17),
            AnnexColumn("sheet", "Trang, bảng", "text", 11),
            AnnexColumn("cell", "Ô", "text", 6),
            AnnexColumn("row", "Dòng", "text", 15),
            AnnexColumn("field", "Mục", "text", 15),
            AnnexColumn("value", "Giá trị", "text", 12),
            AnnexColumn("message", "Nội dung", "text", 32),
        ),
        groups=(Group(rows, keys=[finding["rowid"] for finding in findings]),),
        notes=notes,
        origin=_finding_origin,
    )


def _finding_row(finding: Mapping[str, Any], campaign: Campaign) -> dict[str, Any]:
    """A line of the findings, of a row of findings.sql."""
    section, severity = finding["section"], finding["severity"]
    treated = (
        wording.SET_ASIDE
        if finding["set_aside"]
        else wording.FILE_STATES.get(finding["status"], "")
    )
    return {
        "unit": finding["name"] or "Không rõ đơn vị",
        "file": finding["file_name"],
        "state": "Đã được thay thế" if finding["replaced"] else treated,
        "severity": wording.SEVERITIES.get(severity, severity),
        "rule": wording.rule_label(finding["rule"], campaign),
        "sheet": finding["sheet"],
        "cell": finding["cell"],
        "row": wording.row_label(campaign.form, section, finding["row_name"]),
        "field": wording.field_label(campaign.form, section, finding["field"]),
        "value": finding["value"],
        "message": finding["message"],
    }


def _finding_origin(cell: AnnexCell) -> Origin:
    """What a place of the findings is made from; a row's key is the finding's rowid."""
    if cell.column in ("unit", "file", "state"):
        return _of_file("finding", cell)
    return Origin("sai sót, lưu ý tại một ô của tệp", "finding", condition=f"rowid = {cell.key}")


def _of_file(table: str, cell: AnnexCell) -> Origin:
    """The file that a row of the table, by its rowid, is about."""
    return Origin(
        "theo tệp đã nhận",
        "submission",
        condition=f"submission_id = (SELECT submission_id FROM {table} WHERE rowid = {cell.key})",
    )


def _left_out(shown: int, found: int, first: str, table: str) -> tuple[str, ...]:
    """The note below a sheet that does not show all rows of the table."""
    if found <= shown:
        return ()
    return (
        f"Chỉ in {count(shown)} dòng, {first}, trên tổng số {count(found)}; đủ các dòng ở bảng {table} "
        "của kho số liệu (tonghop sql).",
    )


def decisions_sheet(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Sheet 2: the decisions of officers that hold, the only thing beside the files that a number
    depends on."""
    decisions = decision_texts(con, campaign)
    rows = [
        {
            **decision._asdict(),
            "at": decision.at.replace(tzinfo=None),
            "kind": wording.DECISIONS[decision.kind],
            "state": "Được áp dụng" if decision.matched else "Không khớp",
        }
        for decision in decisions
    ]
    return Annex(
        code="LV2",
        tab="Quyết định",
        title="Quyết định của cán bộ",
        measure="",
        columns=(
            AnnexColumn("kind", "Quyết định", "text", 14),
            AnnexColumn("number", "Số", "count", 5),
            AnnexColumn("at", "Lúc", "moment", 14.5),
            AnnexColumn("account", "Người quyết định", "text", 10),
            AnnexColumn("unit", "Đơn vị", "text", 14),
            AnnexColumn("file", "Tệp", "text", 18),
            AnnexColumn("rule", "Sai sót", "text", 15),
            AnnexColumn("row", "Dòng", "text", 12),
            AnnexColumn("field", "Mục", "text", 12),
            AnnexColumn("named", "Tên, giá trị", "text", 11),
            AnnexColumn("reason", "Lý do", "text", 28),
            AnnexColumn("state", "Áp dụng", "text", 9),
        ),
        groups=(Group(rows, keys=[decision.number for decision in decisions]),),
        origin=lambda _: Origin("theo sổ quyết định của cán bộ (tonghop decide list)"),
        notes=("Không khớp: tệp, dòng hoặc đơn vị mà quyết định nêu không còn.",),
    )


def confirmations_sheet(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Sheet 3: each value that was read from a scan, and whether it counts; those that wait come
    first."""
    values = records(con.execute(query("confirmations"), {"most": MAX_ROWS}))
    found = values[0]["found"] if values else 0
    rows = [_confirmation_row(value, campaign) for value in values]
    return Annex(
        code="LV3",
        tab="Xác nhận bản quét",
        title="Số liệu đọc từ bản quét, ảnh chụp",
        measure="",
        columns=(
            AnnexColumn("unit", "Đơn vị", "text", 16),
            AnnexColumn("file", "Tệp", "text", 22),
            AnnexColumn("page", "Trang", "count", 6),
            AnnexColumn("place", "Bảng, đoạn", "text", 13),
            AnnexColumn("row", "Dòng", "text", 18),
            AnnexColumn("field", "Mục", "text", 20),
            AnnexColumn("raw_text", "Đọc được", "text", 20),
            AnnexColumn("value", "Giá trị", "text", 16),
            AnnexColumn("confidence", "Độ chắc (0-100)", "count", 9),
            AnnexColumn("state", "Tình trạng", "text", 14),
            AnnexColumn("decision_id", "Quyết định số", "count", 8),
        ),
        groups=(Group(rows, keys=[value["rowid"] for value in values]),),
        origin=lambda cell: (
            _of_file("confirmation", cell)
            if cell.column in ("unit", "file")
            else Origin("theo bản quét và sổ xác nhận (tonghop confirm)")
        ),
        notes=(
            "Chờ xác nhận: chưa tính vào số liệu. Độ chắc: của chữ kém chắc nhất.",
            *_left_out(len(rows), found, "chờ xác nhận trước", "confirmation"),
        ),
    )


def _confirmation_row(value: Mapping[str, Any], campaign: Campaign) -> dict[str, Any]:
    """A line of the scans' values, of a row of confirmations.sql."""
    section, state = value["section"], value["state"]
    return {
        **value,
        "place": "!".join(filter(None, (value["sheet"], value["cell"]))),
        "row": wording.row_label(campaign.form, section, value["row_name"]),
        "field": wording.field_label(campaign.form, section, value["field"]),
        "state": CONFIRMATION_STATES.get(state, state),
    }
