"""Spreadsheets in units' own layouts: headers, short labels, sums, notes and typed values."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Span

CAMPAIGN = load_campaign()
COMMUNE = ["ĐẢNG ỦY XÃ TÂN SƠN"]
DAY, NEXT = dt.date(2022, 4, 5), dt.date(2022, 4, 6)


def read(*lines: list, merged: tuple[Span, ...] = ()) -> Extract:
    return extract(Document("xlsx", [Grid("Sheet1", [COMMUNE, *lines], merged)]), CAMPAIGN)


def info(found: Extract) -> dict[str, str | None]:
    return {
        f.field: f.value for f in found.facts if f.section in ("info", "text") and f.field != "unit"
    }


def rows(found: Extract, section: str = "cells") -> list[dict[str, str | None]]:
    numbered: dict[int, dict[str, str | None]] = {}
    for fact in found.facts:
        if fact.section == section:
            numbered.setdefault(fact.row, {})[fact.field] = fact.value
    return list(numbered.values())


def column(found: Extract, field: str, section: str = "cells") -> list[str | None]:
    return [row.get(field) for row in rows(found, section)]


def said(found: Extract) -> set[tuple[str, str | None]]:
    return {(f.rule, f.field) for f in found.findings}


HEADS: dict[str, tuple[list[list[Any]], tuple[Span, ...], dict[str, list[str]]]] = {
    "units of measure, then codes": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Tổng số ĐV"],
            [None, None, "(ngày)", "(đ/c)"],
            ["A", "B", 1, 2],
            [1, "Chi bộ A", DAY, 24],
        ],
        (),
        {"members_total": ["24"], "held_on": ["2022-04-05"]},
    ),
    "three levels, the last one a number": (
        [
            ["TT", "Tên chi bộ", "Đảng viên", None, None],
            [None, None, "Tổng số", "Dự sinh hoạt", None],
            [None, None, None, "Số lượng", "Tỷ lệ"],
            [1, "Chi bộ A", 24, 22, 91.7],
        ],
        (Span(1, 2, 1, 4), Span(2, 3, 2, 4)),
        {"members_total": ["24"], "members_attended": ["22"]},
    ),
    "the sum below a label of its own": (
        [
            ["TT", "Tên chi bộ", "Đảng viên", None, None],
            [None, None, "Dự sinh hoạt", None, "Tổng số"],
            [None, None, "Tổng số", "Nữ", None],
            [1, "Chi bộ A", 22, 8, 24],
        ],
        (Span(1, 2, 1, 4), Span(2, 2, 2, 3)),
        {"members_total": ["24"], "members_attended": ["22"]},
    ),
    "a content by its number in brackets": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Nội dung sinh hoạt", None],
            [None, None, None, "Thông tin văn kiện (2.1)", "Giao việc cho từng đồng chí (2.3)"],
            [1, "Chi bộ A", DAY, "x", None],
        ],
        (Span(1, 3, 1, 4),),
        {"content_1": ["true"], "content_3": ["false"]},
    ),
    "short labels below nothing": (
        [
            ["TT", "Tên chi bộ", "Ngày", "Hình thức", "Tổng số", "Dự"],
            [1, "Chi bộ A", DAY, "Riêng", 24, 22],
        ],
        (),
        {"held_on": ["2022-04-05"], "members_total": ["24"], "members_attended": ["22"]},
    ),
    "modes below a header of the day": (
        [
            ["TT", "Tên chi bộ", "Sinh hoạt chuyên đề", None, None, "TSĐV"],
            [None, None, "Ngày", "Tổ chức riêng", "Lồng ghép", None],
            [1, "Chi bộ A", DAY, None, "x", 24],
        ],
        (Span(1, 2, 1, 4),),
        {"held_on": ["2022-04-05"], "mode": ["combined"], "members_total": ["24"]},
    ),
    "a count and its share in one column": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "TSĐV", "ĐV dự/ tỷ lệ"],
            [1, "Chi bộ A", DAY, 24, "22/91,7%"],
        ],
        (),
        {"members_total": ["24"], "members_attended": ["22"]},
    ),
}


@pytest.mark.parametrize("name", HEADS)
def test_headers_in_own_words_are_read(name: str) -> None:
    lines, merged, expected = HEADS[name]
    found = read(*lines, merged=merged)
    assert {key: column(found, key) for key in expected} == expected
    assert len(rows(found)) == 1


PAIRS: dict[str, tuple[list[list[Any]], dict[str, str]]] = {
    "short labels below their whole": (
        [["Tổng số chi bộ", 17], ["Đã sinh hoạt", 16], ["Trong đó: Riêng", 9], ["- Lồng ghép", 7]],
        {
            "cells_total": "17",
            "cells_held": "16",
            "cells_held_separately": "9",
            "cells_held_combined": "7",
        },
    ),
    "short labels below a heading": (
        [
            ["I. CHI BỘ"],
            ["Tổng số", 17],
            ["Đã sinh hoạt", 16],
            ["II. ĐẢNG VIÊN"],
            ["Tổng số", 402],
            ["Dự", 388],
        ],
        {
            "cells_total": "17",
            "cells_held": "16",
            "members_total": "402",
            "members_attended": "388",
        },
    ),
    "short labels with their counts in one cell": (
        [
            ["1. Tổng số chi bộ: 14"],
            ["2. Số chi bộ đã tổ chức sinh hoạt: 13"],
            ["- Tổ chức riêng: 08 chi bộ"],
        ],
        {"cells_total": "14", "cells_held": "13", "cells_held_separately": "8"},
    ),
    "short labels below something else": (
        [["Tổng số chi bộ", 17], ["Số chi hội phụ nữ", 12], ["- Tổ chức riêng", 5]],
        {"cells_total": "17"},
    ),
    "labels with words at their ends": (
        [
            ["Tổng số chi bộ trực thuộc Đảng bộ", 17],
            ["Tổng số đảng viên của Đảng bộ", 402],
            ["Số đảng viên tham gia SHCĐ", 388],
        ],
        {"cells_total": "17", "members_total": "402", "members_attended": "388"},
    ),
    "labels on two levels over one line": (
        [
            ["Tổng số chi bộ", "Số chi bộ đã SH", None, None, "Số đảng viên", None],
            [None, "Tổng số", "Riêng", "Lồng ghép", "Tổng số", "Dự SH"],
            [12, 12, 5, 7, 240, 226],
        ],
        {
            "cells_total": "12",
            "cells_held": "12",
            "cells_held_separately": "5",
            "cells_held_combined": "7",
            "members_total": "240",
            "members_attended": "226",
        },
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_in_own_words_are_read(name: str) -> None:
    lines, expected = PAIRS[name]
    assert info(read(*lines)) == expected


def test_three_level_district_table_gives_the_own_line() -> None:
    found = read(
        ["TT", "Xã, thị trấn", "Chi bộ", None, None, "Đảng viên", None],
        [None, None, "Tổng số", "Đã sinh hoạt", None, "Tổng số", "Dự"],
        [None, None, None, "Tổng", "Riêng", None, None],
        [1, "Cấm Sơn"],
        [2, "Tân Sơn", 19, 18, 11, 455, 430],
        [3, "Phong Vân"],
        merged=(Span(1, 2, 1, 4), Span(1, 5, 1, 6), Span(2, 3, 2, 4)),
    )
    assert info(found) == {
        "cells_total": "19",
        "cells_held": "18",
        "cells_held_separately": "11",
        "members_total": "455",
        "members_attended": "430",
    }
    assert rows(found, "orgs") == []


def test_office_column_is_read_over_marks_but_not_over_names() -> None:
    head = ["TT", "Tên thôn", "Trưởng thôn", "Số QCUT", "Số ĐV"]
    marks = read(head, [1, "Thôn A", "ĐV", 2, 12], [2, "Thôn B", "QC", 1, 9])
    assert column(marks, "head_is_party", "villages") == ["true", "false"]
    assert ("label_assumed", "head_is_party") in said(marks)
    names = read(head, [1, "Thôn A", "Vi Văn Tám", 2, 12], [2, "Thôn B", "Lê Thị Hoa", 1, 9])
    assert column(names, "head_is_party", "villages") == [None, None]
    assert "personal_names_skipped" in {f.rule for f in names.findings}


@pytest.mark.parametrize(
    "total",
    [
        ["", "Cộng toàn Đảng bộ: 02 CB", "02/02", 43, 41],
        ["", "Tổng: 02 chi bộ", None, 43, 41],
        ["", "Trang 1 chuyển sang", None, 43, 41],
    ],
)
def test_sum_is_not_a_row_whatever_its_date_column_holds(total: list) -> None:
    found = read(
        ["TT", "Tên chi bộ", "Ngày SH", "TSĐV", "Số ĐV dự"],
        [1, "Chi bộ A", DAY, 24, 22],
        [2, "Chi bộ B", NEXT, 19, 19],
        total,
    )
    assert column(found, "name") == ["Chi bộ A", "Chi bộ B"]


NOTES = [  # a note beside 23 of 25, the field that it tells differently
    ("Có mặt 21 đ/c, vắng 04 đ/c", "members_attended"),
    ("Vắng 03 đ/c", "members_attended"),
    ("TS là 26", "members_total"),
    ("Vắng 02 (ốm)", None),
    ("Vắng 02: 1 ốm, 1 đi công tác", None),
    ("Có mặt 23", None),
    ("01 đ/c huyện ủy viên dự", None),
    ("SH tại nhà văn hóa, 19h30", None),
]


@pytest.mark.parametrize(("note", "field"), NOTES)
def test_a_number_in_a_note_is_compared_with_the_row(note: str, field: str | None) -> None:
    found = read(
        ["TT", "Tên chi bộ", "Ngày SH", "TSĐV", "Số ĐV dự", "Ghi chú"],
        [1, "Chi bộ A", DAY, 25, 23, note],
    )
    assert [f.field for f in found.findings if f.rule == "note_contradicts"] == (
        [field] if field else []
    )


def test_a_second_column_of_the_same_header_is_compared_with_the_first() -> None:
    found = read(
        ["TT", "Tên chi bộ", "Ngày SH", "TSĐV", "Số ĐV dự", "Số ĐV dự"],
        [1, "Chi bộ A", DAY, 25, 23, 21],
        [2, "Chi bộ B", DAY, 18, 18, 18],
    )
    assert [
        (f.row_name, f.field, f.value) for f in found.findings if f.rule == "value_outside_column"
    ] == [("Chi bộ A", "members_attended", "21")]


def test_shares_beside_pairs_are_no_unknown_labels() -> None:
    found = read(
        ["Nội dung", "Thực hiện", "Đạt (%)"],
        ["Tổng số chi bộ", 14, 100],
        ["Số chi bộ đã sinh hoạt", 13, 92.9],
        ["Tỷ lệ sinh hoạt (%)", 92.9],
        ["Tổng số đảng viên", 312, 100],
    )
    assert info(found) == {"cells_total": "14", "cells_held": "13", "members_total": "312"}
    assert found.findings == []


def test_kind_that_looks_like_total_without_accents_is_a_row() -> None:
    found = read(
        ["TT", "Tên chi bộ", "Loại hình", "Ngày SH", "TSĐV", "Số ĐV dự"],
        [1, "Chi bộ A", "Thôn", DAY, 24, 22],
        [None, "Chi bộ B", "CA xã", NEXT, 5, 5],
        [None, "Cả xã", None, None, 29, 27],
    )
    assert column(found, "kind") == ["village", "police"]
    assert found.findings == []


def test_adjacent_organisations_are_headers_not_issuers() -> None:
    found = read(
        ["Nội dung", "Hội Nông dân", "Đoàn Thanh niên"],
        ["Tổng số chi hội", 9, 11],
        ["Đã sinh hoạt", 9, 10],
        ["Tổng số hội viên", 402, 177],
        ["Số hội viên dự", 360, 150],
    )
    assert (found.unit_code, found.issuer) == ("07531", "unit")
    assert column(found, "members_attended", "orgs") == ["360", "150"]


CHOICES = [
    ("LG SH thường kỳ", "combined"),
    ("Kết hợp SH chi bộ thường kỳ T4", "combined"),
    ("SHTX", "combined"),
    ("Tổ chức riêng 1 buổi", "separate"),
    ("Lồng ghép trực tuyến", "combined"),
    ("Riêng/LG", None),
    ("trực tuyến", None),
    ("Riêng nhưng chưa xong", None),
]


@pytest.mark.parametrize(("text", "code"), CHOICES)
def test_choice_with_extra_words_is_read(text: str, code: str | None) -> None:
    found = read(["TT", "Tên chi bộ", "Ngày SH", "Hình thức"], [1, "Chi bộ A", DAY, text])
    assert column(found, "mode") == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Trường THCS", "school"),
        ("QS", "military"),
        ("CA xã", "police"),
        ("Cơ quan công an", None),
        ("Khác", None),
    ],
)
def test_kind_with_extra_words_is_read(text: str, code: str | None) -> None:
    found = read(["TT", "Tên chi bộ", "Loại hình", "Ngày SH"], [1, "Chi bộ A", text, DAY])
    assert column(found, "kind") == [code]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("07 Tháng Tư 2022", "2022-04-07"),
        ("ngày 5/tháng 4/2022", "2022-04-05"),
        ("05 tháng năm 2022", None),
        ("07/4/2022, nhà văn hóa", "2022-04-07"),
        ("14h ngày 06/4/2022, Hội trường UBND xã", "2022-04-06"),
        ("05/4, hoãn", None),
    ],
)
def test_hand_typed_day_is_read(text: str, day: str | None) -> None:
    assert column(
        read(["TT", "Tên chi bộ", "Ngày SH", "TSĐV"], [1, "Chi bộ A", text, 25]), "held_on"
    ) == [day]


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_number_out_of_range_is_not_a_day(number: float) -> None:
    assert column(
        read(["TT", "Tên chi bộ", "Ngày SH", "TSĐV"], [1, "Chi bộ A", number, 25]), "held_on"
    ) == [None]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("25đc", "25"),
        ("27 (hai mươi bảy)", "27"),
        ("27 (hai mươi sáu)", None),
        ("18 (02 ĐVDB)", "18"),
        ("20 = 83,3%", "20"),
        ("22 đ/c/91,7%", "22"),
    ],
)
def test_hand_typed_count_is_read(text: str, count: str | None) -> None:
    assert column(
        read(["TT", "Tên chi bộ", "Ngày SH", "TSĐV"], [1, "Chi bộ A", DAY, text]), "members_total"
    ) == [count]


@pytest.mark.parametrize("head", ["Cộng", "Tổng cộng", "Toàn xã", "Lũy kế"])
def test_whole_column_counts_beside_its_part_columns(head: str) -> None:
    rows = [
        ["TT", "Nội dung", "Đợt 1", "Đợt 2", head],
        [1, "Tổng số chi bộ", 11, 4, 15],
        [2, "Số chi bộ đã tổ chức sinh hoạt", 8, 6, 14],
        [3, "Tổng số đảng viên", 200, 91, 300],
    ]
    found = extract(Document("xlsx", [Grid("Biểu", rows)]), CAMPAIGN)
    assert {f.field: f.value for f in found.facts} == {
        "cells_total": "15",
        "cells_held": "14",
        "members_total": "300",
    }
    # these alone do not add up
    assert {(f.field, f.value) for f in found.findings if f.rule == "value_outside_column"} == {
        ("members_total", "200"),
        ("members_total", "91"),
    }


def test_organisation_label_before_its_counts_is_read() -> None:
    rows = [
        ["TT", "Tổ chức", "Xã", "Tổng số chi hội", "Số đã tổ chức sinh hoạt", "Hội viên"],
        [1, "UB MTTQ (Ban CTMT)", "Tân Sơn", 12, 12, 160],
        [2, "HND", "Tân Sơn", 12, 11, 612],
    ]
    found = extract(Document("xlsx", [Grid("Biểu", rows)]), CAMPAIGN)
    assert [f.value for f in found.facts if f.field == "organisation"] == [
        "fatherland_front",
        "farmers_union",
    ]
    assert [f.value for f in found.facts if f.field == "members_total"] == ["160", "612"]
