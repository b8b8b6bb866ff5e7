"""Notes above or below a table that differ from one of its rows."""

from __future__ import annotations

import pytest
from made_reports import CAMPAIGN

from sources.extraction import extract
from sources.grids import Document, Grid, Paragraph

HEADER = ["TT", "Tên chi bộ", "Ngày sinh hoạt", "Số đảng viên", "Số đảng viên dự"]
TABLE = [
    HEADER,
    [1, "Chi bộ thôn Hạ", "05/4/2022", 25, 23],
    [2, "Trạm Y tế", "06/4/2022", 7, 7],
    [3, "Chi bộ thôn Hạ Long", None, 20, None],
]
DAY, COUNT = "held_on", "members_attended"

# The note, and the rows and fields of which it is a finding.
EXAMPLES = [
    (
        "Ghi chú: Riêng chi bộ Trạm Y tế do bận tiêm chủng, hoãn sang ngày 20/4/2022.",
        [("Trạm Y tế", DAY)],
    ),
    ("Riêng Trạm Y tế chưa tổ chức.", [("Trạm Y tế", DAY)]),
    ("* CB thôn Hạ: số đúng là 21", [("Chi bộ thôn Hạ", DAY)]),
    ("(*) Chi bộ thôn Hạ vắng 04 đồng chí", [("Chi bộ thôn Hạ", COUNT)]),
    ("Đến nay còn 01 chi bộ chưa sinh hoạt là chi bộ thôn Hạ.", [("Chi bộ thôn Hạ", DAY)]),
    (
        "Ghi chú: chi bộ thôn Hạ chưa tổ chức; chi bộ Trạm Y tế lùi lịch.",
        [("Chi bộ thôn Hạ", DAY), ("Trạm Y tế", DAY)],
    ),
    ("(1) Chi bộ thôn Hạ có mặt 21.", [("Chi bộ thôn Hạ", COUNT)]),
    ("Riêng chi bộ thôn Hạ Long chưa tổ chức do dịch.", []),  # its row says the same
    ("Ghi chú: Chi bộ thôn Hạ vắng 02 đồng chí.", []),  # 23 of 25
    ("Chi bộ thôn Hạ dự kiến giới thiệu 02 quần chúng.", []),  # no word of the meeting
    ("Chi bộ thôn Hạ đã vận dụng nội dung sinh hoạt vào thực tế.", []),  # no note
    ("Một số chi bộ chưa tổ chức đúng thời gian.", []),
]


def noted(document: Document) -> list[tuple[str | None, str | None]]:
    found = extract(document, CAMPAIGN).findings
    return [(f.row_name, f.field) for f in found if f.rule == "note_contradicts"]


@pytest.mark.parametrize(("note", "expected"), EXAMPLES)
def test_note_below_a_table_is_compared_with_its_row(
    note: str, expected: list[tuple[str, str]]
) -> None:
    assert noted(Document("docx", [Grid("Bảng 1", TABLE), Paragraph(1, note)])) == expected


@pytest.mark.parametrize(
    ("note", "expected"), [e for e in EXAMPLES if e[0].startswith(("Ghi chú", "Riêng", "*"))]
)
def test_note_in_its_own_row_is_compared(note: str, expected: list[tuple[str, str]]) -> None:
    assert noted(Document("xlsx", [Grid("Biểu", [*TABLE, [], [None, note]])])) == expected


@pytest.mark.parametrize(
    ("note", "is_said"),
    [
        ("- Chi bộ Công an xã: chưa sinh hoạt, do làm nhiệm vụ", True),
        ("- Chi bộ thôn Hạ Long: chưa sinh hoạt", False),
    ],
)
def test_party_cell_named_only_in_a_note_is_reported(note: str, is_said: bool) -> None:
    for document in (
        Document("docx", [Grid("Bảng 1", TABLE), Paragraph(1, note)]),
        Document("xlsx", [Grid("Biểu", [*TABLE, [None, "Ghi chú: Không."], [None, note]])]),
    ):
        found = [f.rule for f in extract(document, CAMPAIGN).findings]
        assert ("row_not_counted" in found) is is_said


def test_form_text_is_not_a_note() -> None:
    lines = ["Khó khăn, hạn chế:", "Chi bộ thôn Hạ chưa tổ chức thảo luận sâu."]
    paragraphs = [Paragraph(n, line) for n, line in enumerate(lines, 1)]
    assert noted(Document("docx", [Grid("Bảng 1", TABLE), *paragraphs])) == []
