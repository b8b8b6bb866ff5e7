"""The sheet of the office's working file that lists the figures of the report and their files."""

from __future__ import annotations

import duckdb

from sources.campaigns import Campaign
from warehouse.counted import deciding_sql
from warehouse.reports.annex_content import (
    Annex,
    AnnexCell,
    AnnexColumn,
    FormattedValue,
    Group,
    Origin,
)
from warehouse.reports.queries import query

MAX_FILE_NAMES = 6  # of files named beside a figure


def figures_sheet(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Annex:
    """Sheet 4: every figure of the report, what it counts, its value as printed, and the files that
    it comes from."""
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
                "files": files,
                "names": names,
            }
        )
    return Annex(
        code="LV4",
        tab="Nguồn số liệu",
        title="Nguồn số liệu của báo cáo",
        measure="",
        columns=(
            AnnexColumn("description", "Nội dung", "text", 50),
            AnnexColumn("value", "Giá trị", "count", 12),
            AnnexColumn("files", "Số tệp", "count", 8),
            AnnexColumn("names", "Lấy từ các tệp", "text", 60),
            AnnexColumn("figure", "Tên chỉ tiêu", "text", 32),
        ),
        groups=(Group(rows, keys=[row["figure"] for row in rows]),),
        origin=_figure_origin,
        notes=("Câu lệnh “tonghop why TÊN_CHỈ_TIÊU” cho biết từng tệp, trang, ô của mỗi con số.",),
    )


def _figure_origin(cell: AnnexCell) -> Origin:
    """What a place of the figures is made from; a row's key is the figure's name."""
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
