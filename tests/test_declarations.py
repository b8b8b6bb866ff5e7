"""How a file declares that it corrects, supplements or replaces; and tables of other meetings."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Paragraph

CAMPAIGN = load_campaign()
UNIT = ["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"]
CELLS = ["TT", "Tên chi bộ", "Ngày sinh hoạt", "Tổng số đảng viên", "Số đảng viên dự"]
CELL = [1, "Chi bộ thôn Cầu", "05/4/2022", 20, 18]

DECLARED = [
    ("BÁO CÁO BỔ SUNG", "correction"),
    ("BÁO CÁO (ĐÍNH CHÍNH)", "correction"),
    ("Báo cáo kết quả sinh hoạt chuyên đề (bổ sung)", "correction"),
    ("Báo cáo kết quả sinh hoạt chuyên đề - điều chỉnh lần 2", "correction"),
    ("Bổ sung danh sách trưởng thôn", "correction"),
    ("V/v đính chính số liệu báo cáo sinh hoạt chuyên đề", "correction"),
    ("CÔNG VĂN V/v bổ sung số liệu", "correction"),
    ("Đảng ủy xã xin đính chính báo cáo số 12-BC/ĐU như sau:", "correction"),
    (
        "Tại Báo cáo số 25-BC/ĐU đã ghi 9 quần chúng; nay đính chính lại là 11 quần chúng.",
        "correction",
    ),
    ("Báo cáo này thay thế Báo cáo số 12-BC/ĐU ngày 13/4/2022", "replacement"),
    ("BÁO CÁO THAY THẾ", "replacement"),
    ("Báo cáo bổ sung, thay thế Báo cáo số 12-BC/ĐU", "replacement"),
    ("BÁO CÁO", None),
    ("Báo cáo kết quả sinh hoạt chuyên đề", None),
    ("Đề nghị bổ sung danh sách tài liệu", None),
    ("- Bổ sung danh sách quần chúng ưu tú", None),
    ("Thực hiện Nghị quyết về việc sửa đổi, bổ sung kết quả thực hiện", None),
    ("Các chi bộ đã rà soát, bổ sung danh sách quần chúng ưu tú vào nguồn phát triển Đảng", None),
    ("Nhân sự thay thế trưởng thôn đã được chuẩn bị", None),
    ("Đề nghị Huyện ủy bổ sung kinh phí", None),
]


@pytest.mark.parametrize(("line", "declares"), DECLARED)
def test_title_or_first_sentence_declares_correction_or_replacement(
    line: str, declares: str | None
) -> None:
    in_word = extract(
        Document("docx", [Paragraph(1, "ĐẢNG ỦY XÃ TÂN SƠN"), Paragraph(2, line)]), CAMPAIGN
    )
    in_sheet = extract(Document("xlsx", [Grid("Một", [[line], UNIT])]), CAMPAIGN)
    assert (in_word.declares, in_sheet.declares) == (declares, declares)
    if declares:
        assert (in_sheet.declares_sheet, in_sheet.declares_cell) == ("Một", "A1")


def test_sheet_name_declares_correction_unless_hidden() -> None:
    assert extract(Document("xlsx", [Grid("Bổ sung", [UNIT])]), CAMPAIGN).declares == "correction"
    hidden = Document("xlsx", [Grid("A", [UNIT]), Grid("Bổ sung", [UNIT], hidden=True)])
    assert extract(hidden, CAMPAIGN).declares is None


def test_body_text_declares_nothing() -> None:
    lines = ["BÁO CÁO", "1. Kết quả", "Đảng ủy xin đính chính báo cáo số 12-BC/ĐU như sau"]
    document = Document("docx", [Paragraph(n, text) for n, text in enumerate(lines, 1)])
    assert extract(document, CAMPAIGN).declares is None


OTHER_MEETINGS = [
    ("Kết quả sinh hoạt thường kỳ tháng 4", False),
    ("Biểu họp chi bộ thường kỳ tháng 4/2022", False),
    ("Kết quả sinh hoạt chuyên đề lồng ghép sinh hoạt thường kỳ", True),
    ("Kết quả sinh hoạt chuyên đề", True),
    ("Danh sách chi bộ", True),
]


@pytest.mark.parametrize(("title", "counts"), OTHER_MEETINGS)
def test_table_titled_as_regular_meeting_does_not_count(title: str, counts: bool) -> None:
    found = extract(Document("xlsx", [Grid("A", [UNIT, [], [title], CELLS, CELL])]), CAMPAIGN)
    assert _has_cells(found) == counts
    assert ("table_of_other_meeting" in {f.rule for f in found.findings}) != counts


def test_nearest_title_decides_which_meeting() -> None:
    rows = [UNIT, [], ["Kết quả sinh hoạt thường kỳ"], ["Biểu 2. Sinh hoạt chuyên đề"], CELLS, CELL]
    assert _has_cells(extract(Document("xlsx", [Grid("A", rows)]), CAMPAIGN))


SUMS = [  # rows of totals, above or below the rows, and whether they add up all rows of the table
    ([CELL, ["", "Tổng cộng", "", 20, 18]], True),
    ([CELL, ["", "Tổng cộng", "", 21, 18]], False),
    ([CELL, ["", "Tổng cộng", "", 20, 18], [2, "Chi bộ thôn Man", "06/4/2022", 9, 9]], False),
    ([CELL], False),
]


@pytest.mark.parametrize(("rows", "whole"), SUMS)
def test_totals_row_decides_whether_table_is_complete(rows: list[list], whole: bool) -> None:
    found = extract(Document("xlsx", [Grid("A", [UNIT, [], CELLS, *rows])]), CAMPAIGN)
    assert found.whole_sections == (("cells",) if whole else ())


def _has_cells(found: Extract) -> bool:
    return any(fact.section == "cells" for fact in found.facts)
