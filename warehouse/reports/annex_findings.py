"""Annexes of what is wrong and of where the numbers come from: 5, all findings; 6, the figures and
their files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from sources.campaigns import Campaign
from warehouse.counted import deciding_sql
from warehouse.numbers_vi import count
from warehouse.reports import wording
from warehouse.reports.annex_content import (
    Annex,
    AnnexCell,
    AnnexColumn,
    FormattedValue,
    Group,
    Origin,
)
from warehouse.reports.decision_texts import decision_texts
from warehouse.reports.queries import query, records

MAX_ROWS = 5_000
MAX_FILE_NAMES = 6  # of files named beside a figure


def findings_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 5: every finding, unit by unit, at its file, sheet and ref; of too many the errors
    first."""
    con.execute(query("reported_file"))
    findings = records(con.execute(query("findings"), {"most": MAX_ROWS}))
    rows = [_finding_row(finding, campaign) for finding in findings]
    found = findings[0]["found"] if findings else 0
    notes = [
        "Lỗi: tệp bị trả lại hoặc từ chối, không tính vào số liệu. Lưu ý: số liệu vẫn được tính."
    ]
    if found > len(rows):
        notes.append(
            f"Chỉ in {count(len(rows))} dòng, lỗi trước, trên tổng số {count(found)}; đủ các dòng ở bảng "
            "finding của kho số liệu (tonghop sql)."
        )
    return Annex(
        number=5,
        name="PL5 Sai sót, chênh lệch",
        title="Sai sót và chênh lệch trong báo cáo",
        measure="",
        columns=(
            AnnexColumn("unit", "Đơn vị", "text", 20),
            AnnexColumn("file", "Tệp", "text", 24),
            AnnexColumn("state", "Xử lý tệp", "text", 12),
            AnnexColumn("severity", "Mức", "text", 8),
            AnnexColumn("rule", "Sai sót", "text", 22),
            AnnexColumn("sheet", "Trang, bảng", "text", 14),
            AnnexColumn("cell", "Ô", "text", 7),
            AnnexColumn("row", "Dòng", "text", 20),
            AnnexColumn("field", "Mục", "text", 20),
            AnnexColumn("value", "Giá trị", "text", 14),
            AnnexColumn("message", "Nội dung", "text", 44),
        ),
        groups=(
            Group(rows, keys=[finding["rowid"] for finding in findings]),
            *_decisions(con, campaign),
        ),
        notes=tuple(notes),
        origin=_finding_origin,
    )


def _finding_row(finding: Mapping[str, Any], campaign: Campaign) -> dict[str, Any]:
    """A line of annex 5, of a row of findings.sql."""
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


def _decisions(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> list[Group]:
    """The decisions of officers, below the findings: the only thing beside the files that a number
    depends on."""
    rows = [
        {
            "unit": d.unit,
            "file": d.file,
            "state": wording.DECISIONS[d.kind],
            "severity": "" if d.matched else "Không khớp",
            "rule": d.rule,
            "sheet": "",
            "cell": "",
            "row": d.row,
            "field": d.field,
            "value": d.named,
            "message": f"Quyết định số {d.number} ({d.account}, {wording.day_and_hour(d.at)}): {d.reason}",
        }
        for d in decision_texts(con, campaign)
    ]
    return [Group(rows, label="Quyết định của cán bộ")] if rows else []


def _finding_origin(cell: AnnexCell) -> Origin:
    """What a place of annex 5 is made from; a row's key is the finding's rowid, and none of a
    decision."""
    if cell.key is None:
        return Origin("theo sổ quyết định của cán bộ (tonghop decide list)")
    if cell.column in ("unit", "file", "state"):
        return Origin(
            "theo tệp đã nhận",
            "submission",
            condition=f"submission_id = (SELECT submission_id FROM finding WHERE rowid = {cell.key})",
        )
    return Origin("sai sót, lưu ý tại một ô của tệp", "finding", condition=f"rowid = {cell.key}")


def figures_annex(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Annex 6: every figure of the report, its value, how it is printed, and the files that it
    comes from."""
    con.execute(query("unit_key_file"))
    for key, table, _ in con.execute(query("keys_of_rows")).fetchall():
        con.execute(query("key_files_of_rows", table=table), {"key": key})
    rows = []
    for figure, value, printed, description, *made_from in con.execute(query("figures")).fetchall():
        files, names = _files(con, *made_from)
        rows.append(
            {
                "figure": figure,
                "description": description,
                "value": _formatted(value, printed),
                "printed": printed,
                "files": files,
                "names": names,
            }
        )
    return Annex(
        number=6,
        name="PL6 Nguồn số liệu",
        title="Nguồn số liệu của báo cáo",
        measure="",
        columns=(
            AnnexColumn("figure", "Chỉ tiêu", "text", 34),
            AnnexColumn("description", "Nội dung", "text", 52),
            AnnexColumn("value", "Giá trị", "count", 12),
            AnnexColumn("printed", "In trong báo cáo", "text", 12),
            AnnexColumn("files", "Số tệp", "count", 8),
            AnnexColumn("names", "Lấy từ các tệp", "text", 66),
        ),
        groups=(Group(rows, keys=[row["figure"] for row in rows]),),
        frozen=2,
        origin=_figure_origin,
        notes=("Câu lệnh “tonghop why CHỈ_TIÊU” cho biết từng tệp, trang, ô của mỗi con số.",),
    )


def _figure_origin(cell: AnnexCell) -> Origin:
    """What a place of annex 6 is made from; a row's key is the figure's name."""
    if cell.column in ("figure", "description"):
        return Origin("theo danh mục chỉ tiêu của chương trình")
    return Origin("như “tonghop why” của chỉ tiêu này", figure=cell.key)


def _formatted(value: float | None, printed: str | None) -> FormattedValue:
    """The value in the form in which the report prints it."""
    text = printed or ""
    return FormattedValue(
        value, "share" if text.endswith("%") else "decimal" if "," in text else "count"
    )


def _files(
    con: duckdb.DuckDBPyConnection,
    table: str | None,
    fields: list[str] | None,
    condition: str | None,
) -> tuple[int | None, str]:
    """How many files a figure comes from, and the first of their names; (None, "") where its rows have
    no file."""
    if table is None:
        return None, ""
    sql = query(
        "files_of_figure",
        table=table,
        fields=fields or (),
        condition=condition or "true",
        deciding_file=deciding_sql(),
    )
    files, names = con.execute(sql, {"most": MAX_FILE_NAMES}).fetchone() or (0, [])
    more = f" và {files - MAX_FILE_NAMES} tệp khác" if files > MAX_FILE_NAMES else ""
    return files, "; ".join(names or ()) + more
