"""Numbers that a sentence corrects: the new one is read in place of the old one, with a finding."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.amended import amended
from sources.extraction.vocabulary import vocabulary_of
from sources.grids import Document, Grid, Paragraph

CAMPAIGN = load_campaign()

# whom it speaks of stays
SENTENCES = [  # as it stands; as it reads once amended, None: unchanged
    ("Số tin, bài: 14, nay đính chính là 17;", "Số tin, bài: 17;"),
    ("Số quần chúng ưu tú: đã ghi 9, nay sửa lại là 12.", "Số quần chúng ưu tú: 12."),
    (
        "đã báo cáo giới thiệu 9 quần chúng ưu tú vào Đảng; nay đính chính lại là 11 quần chúng.",
        "đã báo cáo giới thiệu 11 quần chúng ưu tú vào Đảng.",
    ),
    ("Số tin, bài không phải 14 mà là 41.", "Số tin, bài 41."),
    ("Số quần chúng ưu tú: sửa “9” thành “10”.", "Số quần chúng ưu tú: 10."),
    ("Số văn bản đã ban hành: thay số 3 bằng số 5.", "Số văn bản đã ban hành: 5."),
    ("Số tin, bài đã ghi là 14 (ghi nhầm), số đúng là 17", "Số tin, bài 17"),
    ("Tổng số đảng viên: từ 310 thành 312", "Tổng số đảng viên: 312"),
    ("Tổng số đảng viên: 310 đ/c, đính chính là 312 đ/c", "Tổng số đảng viên: 312 đ/c"),
    (
        "Số chi bộ đã sinh hoạt: 17/18 chi bộ, nay xin đính chính lại là 18/18 chi bộ (đạt 100%).",
        "Số chi bộ đã sinh hoạt: 18/18 chi bộ (đạt 100%).",
    ),
    (
        "Tại Báo cáo số 25-BC/ĐU ngày 14/4/2022, số quần chúng là 9, trong đó 4 phó thôn; nay đính chính lại: số quần "
        "chúng ưu tú là 11.",
        "số quần chúng ưu tú là 11.",
    ),
    (
        "Đoàn xã đã ghi 7/7 chi đoàn; nay sửa lại: số chi đoàn đã sinh hoạt là 6",
        "Đoàn xã đã ghi số chi đoàn đã sinh hoạt là 6",
    ),
    ("Chi bộ thôn Vàng 1: đã ghi 30, nay đính chính lại là 29.", None),  # two numbers may be meant
    ("Đảng ủy xin điều chỉnh kế hoạch, tổ chức 12 buổi", None),
    ("Nay là thời điểm nông vụ, 15 đảng viên vắng", None),
    ("Số tin, bài ghi nhầm 14 thành 41.", None),  # it may be either
    ("Công tác sinh hoạt đã chuyển từ 1 thành 2 buổi", None),
    ("Số trưởng thôn là đảng viên: 7 → 10", None),
    ("Tổng số chi bộ trực thuộc: 18", None),
]


@pytest.mark.parametrize(("sentence", "expected"), SENTENCES)
def test_amending_sentence_gives_the_new_number(sentence: str, expected: str | None) -> None:
    found = amended(sentence, vocabulary_of(CAMPAIGN))
    assert (found.text, found.former) == ((expected, sentence) if expected else (sentence, None))


def test_amended_number_counts_and_is_reported_at_its_paragraph() -> None:
    lines = [
        "V/v đính chính số liệu báo cáo",
        "- Số tin, bài, lượt phát thanh tuyên truyền: 14, nay đính chính là 17;",
    ]
    found = extract(
        Document("docx", [Paragraph(n, text) for n, text in enumerate(lines, 1)]), CAMPAIGN
    )
    assert [(f.field, f.value) for f in found.facts if f.section == "info"] == [
        ("news_items", "17")
    ]
    assert [(f.rule, f.cell) for f in found.findings] == [("number_amended", "2")]


HEADS = [
    ("Số liệu đã báo cáo", "Số liệu đính chính"),
    ("Đã báo cáo", "Đính chính lại"),
    ("Số cũ", "Số mới"),
]


@pytest.mark.parametrize(("former", "new"), HEADS)
def test_new_value_column_wins_over_former_in_pairs(former: str, new: str) -> None:
    rows = [
        ["TT", "Nội dung", former, new],
        [1, "Số tin, bài, lượt phát thanh tuyên truyền", 14, 19],
        [2, "Số quần chúng ưu tú đã giới thiệu vào Đảng", 9, 8],
    ]
    found = extract(Document("xlsx", [Grid("A", rows)]), CAMPAIGN)
    assert {f.field: f.value for f in found.facts} == {
        "news_items": "19",
        "prospects_introduced": "8",
    }


@pytest.mark.parametrize(
    "head",
    [
        ["Số đảng viên dự (đã báo cáo)", "Số đảng viên dự (đính chính)"],
        ["Số đảng viên dự (số cũ)", "Số đảng viên dự"],
    ],
)
def test_new_value_column_wins_over_former_in_tables(head: list[str]) -> None:
    rows = [["TT", "Tên chi bộ", "Tổng số đảng viên", *head], [1, "Chi bộ thôn Cầu", 25, 23, 21]]
    found = extract(Document("xlsx", [Grid("A", rows)]), CAMPAIGN)
    assert {f.field: f.value for f in found.facts if f.row}["members_attended"] == "21"
