"""What is said of later files: the rows and columns that they left out, and what of a file set back
was not taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import duckdb
import pyarrow as pa

from expectations.checks import in_sentence
from expectations.file_order import SentFile
from expectations.frames import row_name_sql
from expectations.pivots import batch_table, row_keys
from expectations.queries import query
from expectations.row_layers import History, RowNotice
from sources.campaigns import Campaign
from sources.form import Section

MISSING, SET_BACK, TOTALS = "rows_missing_in_later_file", "later_file_set_back", "totals_differ"

NOTICE_SCHEMA = pa.schema(
    [
        ("submission_id", pa.string()),
        ("rule", pa.string()),
        ("section", pa.string()),
        ("row", pa.int32()),
        ("row_name", pa.string()),
        ("field", pa.string()),
        ("message", pa.string()),
        ("decision_id", pa.int32()),
    ]
)
UNUSED_ROW_SCHEMA = pa.schema(
    [
        ("submission_id", pa.string()),
        ("section", pa.string()),
        ("row", pa.int32()),
        ("key", pa.string()),
        ("row_name", pa.string()),
    ]
)
_OFFICER_MAY_REPLACE = "cán bộ quyết định lấy cả tệp này (tonghop decide replace)"
_STILL_COUNTED = (
    "số liệu đã báo cáo trước vẫn được tính. Nếu {it} không còn, đề nghị đơn vị gửi lại tệp ghi rõ “thay thế”, "
    f"hoặc {_OFFICER_MAY_REPLACE}."
)
_NO_LONGER_COUNTED = "không còn được tính. Nếu còn thiếu, đề nghị đơn vị gửi bổ sung."
_EXCEEDS = "{label} ({value}) lớn hơn {whole} ({limit}) ghi trong tệp “{other}”. Đề nghị kiểm tra lại hai tệp."
_MESSAGES = {
    "row_kept": "Tệp này không có dòng “{name}”; " + _STILL_COUNTED.format(it="dòng ấy"),
    "row_emptied": "Dòng “{name}” trong tệp này để trống hoặc bằng 0; "
    + _STILL_COUNTED.format(it="số liệu ấy"),
    "day_blanked": "Dòng “{name}” trong tệp này để trống “{label}” và kết quả sinh hoạt; số liệu đã báo cáo trước vẫn "
    "được tính. Nếu thực tế chưa sinh hoạt, đề nghị ghi rõ “chưa tổ chức” rồi gửi lại.",
    "column_kept": "Tệp này không ghi gì ở cột “{label}”; "
    + _STILL_COUNTED.format(it="số liệu ấy"),
    "row_gone": "Tệp này thay cả bảng và không có dòng “{name}” đã báo cáo trước; dòng ấy "
    + _NO_LONGER_COUNTED,
    "column_gone": "Tệp này thay cả bảng và không ghi gì ở cột “{label}” đã báo cáo trước; số liệu ấy "
    + _NO_LONGER_COUNTED,
    "value_gone": "Dòng “{name}” trong tệp này để trống “{label}” đã báo cáo trước; số liệu ấy "
    + _NO_LONGER_COUNTED,
    "row_added": "Dòng “{name}” chưa có trong báo cáo trước nên được tính thêm{like}. Đề nghị kiểm tra để không tính "
    f"hai lần; nếu bảng trong tệp này là đủ thì {_OFFICER_MAY_REPLACE}.",
    "joined": "Tệp này nhận cùng lúc với “{other}” và không chung dòng nào trong bảng, nên các dòng được cộng chung. "
    f"Nếu không đúng, đề nghị {_OFFICER_MAY_REPLACE}.",
}


def add_later_findings(
    con: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    files: Mapping[str, Sequence[SentFile]],
    histories: Mapping[tuple[str, str], History],
) -> None:
    """Adds to `finding_placed` what is to be said of the files; needs the tables of
    later_files.settle_later_files."""
    sent = {file.submission_id: file for own in files.values() for file in own}
    names = dict(con.execute("SELECT submission_id, file_name FROM several_files").fetchall())
    notices = [
        _row(notice, campaign.form.by_key[section], sent[notice.submission_id], names)
        for (section, _), history in histories.items()
        for notice in history.notices
        if notice.kind != "unused"
    ]
    unused = [
        {
            "submission_id": n.submission_id,
            "section": section,
            "row": n.row,
            "key": n.key,
            "row_name": n.name,
        }
        for (section, _), history in histories.items()
        for n in history.notices
        if n.kind == "unused"
    ]
    exceeding = list(_exceeding(con, campaign))
    if not notices and not exceeding and not any(file.set_back for file in sent.values()):
        return
    notices += exceeding
    for table, schema, rows in (
        ("notice", NOTICE_SCHEMA, notices),
        ("unused_row", UNUSED_ROW_SCHEMA, unused),
    ):
        con.register("rows", pa.Table.from_pylist(rows, schema=schema))
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM rows")
        con.unregister("rows")
    pairs = [s.key for s in campaign.form.sections if s.layout == "pairs"]
    con.execute(query("later_differences", row_keys=row_keys(campaign.form), pairs=pairs))
    con.execute("INSERT INTO notice BY NAME SELECT * FROM difference_notice")
    con.execute(query("later_findings"))


def _exceeding(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> Iterator[dict[str, object]]:
    """Parts above their whole where the two come from different files: each file by itself had
    nothing wrong."""
    for section in campaign.form.tables:
        for field in (f for f in section.fields if f.limit):
            whole = section.by_key[field.limit or ""]
            sql = query(
                "exceeding_part",
                table=batch_table(section),
                part=field.column_name,
                whole=whole.column_name,
                row_names=row_name_sql(section),
            )
            about = {"section": section.key, "part": field.key, "whole": whole.key}
            for submission, row, name, value, limit, other in con.execute(sql, about).fetchall():
                yield {
                    "submission_id": submission,
                    "rule": TOTALS,
                    "section": section.key,
                    "row": row,
                    "row_name": name,
                    "field": field.key,
                    "decision_id": None,
                    "message": _EXCEEDS.format(
                        label=field.label,
                        value=value,
                        whole=in_sentence(whole.label),
                        limit=limit,
                        other=other,
                    ),
                }


def _row(
    notice: RowNotice, section: Section, file: SentFile, names: Mapping[str, str]
) -> dict[str, object]:
    label = section.by_key[notice.field].label if notice.field else ""
    like = f"; có thể là dòng “{notice.like}” ghi tên khác" if notice.like else ""
    message = _MESSAGES[notice.kind].format(
        name=_row_label(notice.name, section),
        label=label,
        like=like,
        other=names.get(file.set_back_by or "", ""),
    )
    return {
        "submission_id": notice.submission_id,
        "section": section.key,
        "row": notice.row,
        "row_name": notice.name,
        "rule": SET_BACK if notice.kind in ("row_added", "joined") and file.set_back else MISSING,
        "field": notice.field,
        "message": message,
        "decision_id": file.decision_id,
    }


def _row_label(name: str | None, section: Section) -> str:
    """A row's name as people read it: an organisation's by its label."""
    labels = {
        choice.code: choice.label
        for key in section.row_key
        for choice in section.by_key[key].choice
    }
    return labels.get(name or "", name or "")
