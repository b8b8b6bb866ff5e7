"""Corrections of one row in a sentence or a list: read as a row with the new value, or reported."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Paragraph

CAMPAIGN = load_campaign()
TITLE = "V/v đính chính số liệu báo cáo sinh hoạt chuyên đề"

READ = [  # a sentence; the row's name and what of it is corrected
    (
        "Tại biểu số 1, Chi bộ thôn Vàng 1: số đảng viên dự sinh hoạt đã ghi 30, nay đính chính lại là 29.",
        "Chi bộ thôn Vàng 1",
        {"members_attended": "29"},
    ),
    (
        "Chi bộ thôn Muối: số đảng viên dự đã ghi 30, nay đính chính là 29; "
        "số đảng viên được phân công nhiệm vụ đã ghi 28, nay là 27.",
        "Chi bộ thôn Muối",
        {"members_attended": "29", "members_assigned": "27"},
    ),
    (
        "- Ngày sinh hoạt của Chi bộ thôn Muối: đã ghi 05/4/2022, nay sửa lại là 06/4/2022",
        "Chi bộ thôn Muối",
        {"held_on": "2022-04-06"},
    ),
    (
        "Số đảng viên dự sinh hoạt của Chi bộ thôn Vàng 1 không phải 30 mà là 29.",
        "Chi bộ thôn Vàng 1",
        {"members_attended": "29"},
    ),
    (
        "Chi bộ thôn Muối: Tổng số đảng viên sửa 30 thành 31, số đảng viên dự sửa 28 thành 29.",
        "Chi bộ thôn Muối",
        {"members_total": "31", "members_attended": "29"},
    ),
]
UNREAD = [  # a sentence, and the row that its finding names
    (
        "Đảng ủy xin đính chính: Chi bộ thôn Cầu Đất ghi trong báo cáo nay sửa lại là Chi bộ thôn Phố Mới.",
        "Chi bộ thôn Cầu Đất",
    ),
    ("Đề nghị bỏ Chi bộ thôn Khuôn Vố khỏi danh sách do đã sáp nhập.", "Chi bộ thôn Khuôn Vố"),
    (
        "Chi bộ thôn Muối: số đảng viên dự đã ghi 30, nay đính chính là 29, vắng 2 đồng chí",
        "Chi bộ thôn Muối",
    ),
    (
        "2. Chi bộ Trường THCS Nam Dương: địa điểm nay sửa lại là Nhà văn hóa",
        "Chi bộ Trường THCS Nam Dương",
    ),
]


def of_word(*lines: str) -> Extract:
    return extract(
        Document("docx", [Paragraph(n, text) for n, text in enumerate(lines, 1)]), CAMPAIGN
    )


@pytest.mark.parametrize(("sentence", "name", "values"), READ)
def test_sentence_about_one_row_corrects_that_row(
    sentence: str, name: str, values: dict[str, str]
) -> None:
    found = of_word(TITLE, sentence)
    assert {(f.section, f.row, f.field): f.value for f in found.facts} == {
        ("cells", 1, key): value for key, value in {"name": name, **values}.items()
    }
    assert [(f.rule, f.row_name, f.field) for f in found.findings] == [
        ("sentence_read", name, key) for key in values
    ]


@pytest.mark.parametrize(("sentence", "name"), UNREAD)
def test_unread_sentence_about_a_row_is_reported(sentence: str, name: str) -> None:
    found = of_word(TITLE, sentence)
    assert not [f for f in found.facts if f.row or f.field == "members_attended"]
    assert ("not_read", "cells", name) in [(f.rule, f.section, f.row_name) for f in found.findings]


def test_two_sentences_about_a_row_make_one_row() -> None:
    found = of_word(
        TITLE,
        "Chi bộ thôn Muối: số đảng viên dự đã ghi 30, nay là 29.",
        "Chi bộ thôn Muối: tổng số đảng viên đã ghi 33, nay là 32.",
    )
    assert {(f.row, f.field, f.value) for f in found.facts} == {
        (1, "name", "Chi bộ thôn Muối"),
        (1, "members_attended", "29"),
        (1, "members_total", "32"),
    }


@pytest.mark.parametrize(
    "lines",
    [
        (TITLE, "Đảng ủy xin đính chính số liệu của Chi bộ thôn Muối như sau:"),
        ("BÁO CÁO", "Điển hình là Chi bộ thôn Muối đã tổ chức tốt."),
    ],
)
def test_sentence_without_correction_is_not_reported(lines: tuple[str, ...]) -> None:
    assert of_word(*lines).findings == []


@pytest.mark.parametrize(
    "heads", [("Đã báo cáo", "Đính chính lại"), ("Số cũ", "Số mới"), ("Đã báo cáo", "Nay là")]
)
def test_list_of_corrections_is_read_item_by_item(heads: tuple[str, str]) -> None:
    rows = [
        ["TT", "Tên chi bộ", "Nội dung đính chính", *heads],
        [1, "Chi bộ thôn Muối", "Số đảng viên dự", 23, 22],
        [2, "Chi bộ thôn Nóng", "Ngày sinh hoạt", "5/4", "11/4"],
        [3, "Chi bộ thôn Muối", "Tổng số đảng viên", 26, 25],
        [4, "Chi bộ thôn Nóng", "Số ghế", 4, 5],
    ]
    found = extract(Document("xlsx", [Grid("A", rows)]), CAMPAIGN)
    assert {(f.section, f.row, f.field): f.value for f in found.facts if f.field != "name"} == {
        ("cells", 1, "members_attended"): "22",
        ("cells", 2, "held_on"): "2022-04-11",
        ("cells", 1, "members_total"): "25",
    }
    assert [(f.rule, f.row_name, f.cell) for f in found.findings] == [
        ("not_read", "Chi bộ thôn Nóng", "E5")
    ]
