"""Rules that are raised during reading: at the right cell, with a message that says what to do."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from made_reports import CAMPAIGN

from expectations.rules import checks
from sources.extraction import extract
from sources.grids import Document, Grid, Paragraph, Span
from sources.reading_rules import reading_rules
from warehouse.reports import wording

VILLAGES = [
    "TT",
    "Tên thôn",
    "Trưởng thôn là đảng viên",
    "Phó thôn là đảng viên",
    "Số đảng viên",
    "QCUT",
]
ROWS = [[1, "Thôn Hạ", "x", None, 20, 2], [2, "Thôn Thượng", None, "x", 30, 1]]
CELLS = ["TT", "Tên chi bộ", "Ngày sinh hoạt", "Số đảng viên", "Số đảng viên dự", "Ghi chú"]
CELL = [1, "Chi bộ thôn Hạ", "05/4/2022", 25, 23]

EXAMPLES = {
    "a number beside nothing": (
        "not_read",
        "H9",
        [VILLAGES, *ROWS, [], [], [], [], [], [None] * 7 + [77]],
    ),
    "a pair nobody knows": (
        "label_unknown",
        "A2",
        [["Tổng số chi bộ", 18], ["Số cây đã trồng", 40], ["Tổng số đảng viên", 340]],
    ),
    "a column nobody knows": (
        "column_unknown",
        "G1",
        [[*VILLAGES, "Số hộ nghèo"], [*ROWS[0], 12], [*ROWS[1], 14]],
    ),
    "a column without a name": (
        "column_unlabelled",
        "G1",
        [VILLAGES, [*ROWS[0], 12], [*ROWS[1], 14]],
    ),
    "a header with a slip": (
        "label_assumed",
        "E1",
        [[*VILLAGES[:4], "Số đảng viênn", "QCUT"], *ROWS],
    ),
    "a name on two rows": (
        "row_name_continued",
        "B3",
        [
            CELLS,
            [1, "Chi bộ Trường", "05/4/2022", 25, 23],
            [None, "Mầm non Hoa Sen"],
            [2, "Chi bộ Trạm Y tế", "06/4/2022", 7, 6],
        ],
    ),
    "a name and nothing else": ("row_name_alone", "B3", [CELLS, CELL, [None, "Chi bộ Công an"]]),
    "a row that adds up the others": (
        "row_taken_for_total",
        "B4",
        [VILLAGES, *ROWS, [None, "Hai thôn", None, None, 50, 3]],
    ),
    "a mark in the row of totals": (
        "value_in_total_row",
        "C4",
        [VILLAGES, *ROWS, [None, "Cộng", "có", None, 50, 3]],
    ),
    "a number below names in a row of totals": (
        "not_read",
        "B4",
        [VILLAGES, *ROWS, ["Cộng", 957, None, None, 50, 3]],
    ),
    "a count in the column of marks": (
        "count_among_marks",
        "D2",
        [
            [
                "TT",
                "Tên chi bộ",
                "Ngày sinh hoạt",
                "Cấp ủy viên dự",
                "Số đảng viên",
                "Số đảng viên dự",
            ],
            [1, "Chi bộ thôn Hạ", "05/4/2022", "7", None, 23],
            [2, "Chi bộ thôn Bến", "05/4/2022", "2", 30, 23],
        ],
    ),
    "a remark that contradicts its row": (
        "note_contradicts",
        "F2",
        [CELLS, [*CELL, "Hoãn sang ngày 20/4"]],
    ),
    "members in the name of a cell": (
        "count_in_name",
        "B2",
        [CELLS, [1, "Chi bộ thôn Hạ (25 ĐV)", "05/4/2022", None, 23]],
    ),
    "other members in the name of a cell": (
        "note_contradicts",
        "B2",
        [CELLS, [1, "Chi bộ thôn Hạ (26 đảng viên)", "05/4/2022", 25, 23]],
    ),
    "a meeting that was put off": (
        "meeting_put_off",
        "C2",
        [CELLS, [1, "Chi bộ thôn Hạ", "Hoãn sang 20/4", 25, None]],
    ),
    "columns of marks without a mark": (
        "marks_all_blank",
        "C1",
        [VILLAGES, *([n, f"Thôn {n}", None, None, 20 + n, n] for n in range(1, 5))],
    ),
    "a part of another whole": (
        "share_differs",
        "B1",
        [
            ["Số chi bộ đã tổ chức sinh hoạt", "17/19 chi bộ"],
            ["Tổng số chi bộ", 18],
            ["Tổng số đảng viên", 340],
        ],
    ),
}


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_reading_rule_is_raised_at_its_cell(name: str) -> None:
    rule, cell, rows = EXAMPLES[name]
    found = extract(Document("xlsx", [Grid("Biểu", rows)]), CAMPAIGN).findings
    assert (rule, cell) in {(f.rule, f.cell) for f in found}


MERGED_COUNTS = {
    "over rows": (
        [[1, "Thôn Hạ", "x", None, 20, 2], [2, "Thôn Thượng", None, "x", None, 1]],
        Span(1, 4, 2, 4),
        [("party_members", 2, "E2")],
        "Số đảng viên: “20” ghi ở ô gộp nhiều dòng nên không rõ là số của thôn nào. Đề nghị bỏ gộp "
        "ô, ghi số riêng cho từng thôn.",
    ),
    "over columns": (
        [[1, "Thôn Hạ", "x", None, 20, None], ROWS[1]],
        Span(1, 4, 1, 5),
        [("prospects", 1, "E2")],
        "Số quần chúng ưu tú: “20” ghi ở ô gộp nhiều cột nên không rõ là số của cột nào. Đề nghị bỏ "
        "gộp ô, ghi số riêng cho từng cột.",
    ),
    "marks over rows": ([ROWS[0], [2, "Thôn Thượng", None, "x", 30, 1]], Span(1, 2, 2, 2), [], ""),
}


@pytest.mark.parametrize("name", MERGED_COUNTS)
def test_count_in_a_merged_cell_is_reported_where_another_has_none(name: str) -> None:
    rows, span, places, message = MERGED_COUNTS[name]
    grid = Grid("Biểu", [VILLAGES, *rows], merged=(span,))
    found = extract(Document("xlsx", [grid]), CAMPAIGN).findings
    about = [f for f in found if f.rule == "count_in_merged_cell"]
    assert [(f.field, f.row, f.cell) for f in about] == places
    assert [f.message for f in about] == [message] * len(about)


def test_day_of_a_cell_is_quoted_day_first() -> None:
    rows = [VILLAGES, *ROWS, [], [], [], [], [], [None] * 7 + [dt.date(2022, 4, 5)]]
    (finding,) = extract(Document("xlsx", [Grid("Biểu", rows)]), CAMPAIGN).findings
    assert finding.message.startswith("“05/04/2022” không thuộc mục hay bảng nào của mẫu")


def test_parts_of_a_count_are_summed_and_reported() -> None:
    text = "Đã tuyên truyền được 15 tin, 04 bài, 36 lượt phát thanh."
    found = extract(Document("docx", [Paragraph(1, text)]), CAMPAIGN)
    assert [(f.field, f.value) for f in found.facts] == [("news_items", "55")]
    assert {(f.rule, f.cell) for f in found.findings} == {("sentence_summed", "1")}


def test_picture_in_an_archive_is_reported() -> None:
    found = extract(
        Document("zip", [Grid("a.xlsx › Biểu", [["Tổng số chi bộ", 18]])], skipped=["anh.jpg"]),
        CAMPAIGN,
    )
    assert ("member_skipped", "anh.jpg") in {(f.rule, f.sheet) for f in found.findings}


@pytest.mark.parametrize("rule", list(reading_rules()))
def test_every_reading_rule_has_name_severity_and_message(rule: str) -> None:
    about = reading_rules()[rule]
    assert CAMPAIGN.severity[rule] == about.severity and wording.rule_label(rule) == about.name
    said = re.sub(r"\{\w+\}", "…", about.message)
    assert "{" not in said and said[-1] in ".…" and len(said) > 20


def test_a_campaign_may_set_another_severity() -> None:
    strict = CAMPAIGN.model_copy(update={"severity": {**CAMPAIGN.severity, "not_read": "error"}})
    assert checks(strict) and strict.severity["not_read"] == "error"
