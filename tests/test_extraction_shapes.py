"""Tables in other shapes than the form's: what is read from each, and what is reported."""

from __future__ import annotations

from typing import Any

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Span

CAMPAIGN = load_campaign()
COMMUNE = ["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"]
FARMERS = ["Đơn vị báo cáo", "Hội Nông dân huyện"]
FRONT = ["Đơn vị báo cáo", "Ủy ban MTTQ huyện"]
UNIONS = ["Đơn vị báo cáo", "Liên đoàn Lao động huyện"]
NAMES = ["CB A", "CB B"]
DAYS = ["2022-04-05", "2022-04-06"]


def read(*lines: list[Any], merged: tuple[Span, ...] = ()) -> Extract:
    return extract(
        Document("xlsx", [Grid("Biểu", [list(line) for line in lines], merged)]), CAMPAIGN
    )


def columns(found: Extract, section: str) -> dict[str, list[str | None]]:
    """The values of each field that has any, row by row."""
    fields = dict.fromkeys(
        f.field for f in found.facts if f.section == section and f.field != "unit"
    )
    values = {
        key: [f.value for f in found.facts if (f.section, f.field) == (section, key)]
        for key in fields
    }
    return {
        key: column
        for key, column in values.items()
        if any(v not in (None, "false") for v in column)
    }


def findings(found: Extract) -> set[tuple[str, str | None]]:
    return {(f.rule, f.cell) for f in found.findings}


def a_and_b(*columns_: list[Any]) -> list[list[Any]]:
    """Two numbered rows of party cells, of the columns given."""
    return [
        [number + 1, NAMES[number], *(column[number] for column in columns_)] for number in range(2)
    ]


CELLS: dict[
    str, tuple[list[list[Any]], dict[str, list[str | None]], set[tuple[str, str | None]]]
] = {
    "plan in brackets": (
        [
            [
                "TT",
                "Tên chi bộ",
                "Ngày sinh hoạt (kế hoạch)",
                "Ngày sinh hoạt (thực tế)",
                "Số ĐV dự",
            ],
            *a_and_b(["04/4", "04/4"], ["05/4", "06/4"], [25, 18]),
        ],
        {"name": NAMES, "held_on": DAYS, "members_attended": ["25", "18"]},
        {("column_unknown", "C2")},
    ),
    "plan and fact by name": (
        [
            ["TT", "Tên chi bộ", "Ngày dự kiến", "Ngày tổ chức", "Số ĐV dự"],
            *a_and_b(["04/4", "04/4"], ["05/4", "06/4"], [25, 18]),
        ],
        {"name": NAMES, "held_on": DAYS, "members_attended": ["25", "18"]},
        {("column_unknown", "C2")},
    ),
    "plan only": (
        [
            ["TT", "Tên chi bộ", "Ngày dự kiến", "Tổng số ĐV", "Số ĐV dự"],
            *a_and_b(["05/4", "06/4"], [30, 20], [25, 18]),
        ],
        {"name": NAMES, "members_total": ["30", "20"], "members_attended": ["25", "18"]},
        {("column_unknown", "C2")},
    ),
    "planned mark": (
        [
            ["TT", "Tên chi bộ", "Ngày sinh hoạt", "Cấp ủy viên dự (dự kiến)", "Số ĐV dự"],
            *a_and_b(["05/4", "06/4"], ["x", "x"], [25, 18]),
        ],
        {"name": NAMES, "held_on": DAYS, "members_attended": ["25", "18"]},
        {("column_unknown", "D2"), ("column_unknown", "D3"), ("column_unknown", "D4")},
    ),
    "another year": (
        [
            ["TT", "Tên chi bộ", "Ngày sinh hoạt", "Tổng số đảng viên (31/12/2021)", "Số ĐV dự"],
            *a_and_b(["05/4", "06/4"], [31, 21], [25, 18]),
        ],
        {"name": NAMES, "held_on": DAYS, "members_attended": ["25", "18"]},
        {("column_unknown", "D2"), ("column_unknown", "D3"), ("column_unknown", "D4")},
    ),
    "two years in the labels": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Số ĐV dự năm 2021", "Số ĐV dự năm 2022"],
            *a_and_b(["05/4", "06/4"], [20, 11], [25, 18]),
        ],
        {"name": NAMES, "held_on": DAYS, "members_attended": ["25", "18"]},
        {("column_unknown", "D2")},
    ),
    "another month": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Số ĐV dự (tháng 3)", "Số ĐV dự (tháng 4)"],
            *a_and_b(["05/4", "06/4"], [20, 11], [25, 18]),
        ],
        {"name": NAMES, "held_on": DAYS, "members_attended": ["25", "18"]},
        {("column_unknown", "D2"), ("label_assumed", "E2")},
    ),
    "women among them": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Tổng số ĐV", "Trong đó nữ", "Số ĐV dự"],
            *a_and_b(["05/4", "06/4"], [30, 20], [12, 8], [25, 18]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
        },
        {("column_unknown", "E2")},
    ),
    "women in brackets": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Tổng số đảng viên (nữ)", "Số ĐV dự"],
            *a_and_b(["05/4", "06/4"], [12, 8], [25, 18]),
        ],
        {"name": NAMES, "held_on": DAYS, "members_attended": ["25", "18"]},
        {("column_unknown", "D2"), ("column_unknown", "D3"), ("column_unknown", "D4")},
    ),
    "who is left out": (
        [
            [
                "TT",
                "Tên chi bộ",
                "Ngày SH",
                "Tổng số ĐV",
                "Số đảng viên dự (không tính đảng viên miễn sinh hoạt)",
            ],
            *a_and_b(["05/4", "06/4"], [30, 20], [25, 18]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
        },
        {("label_assumed", "E2")},
    ),
    "footnote digits and units": (
        [
            [
                "TT",
                "Tên chi bộ",
                "Ngày sinh hoạt (1)",
                "Tổng số đảng viên (người)",
                "Số đảng viên dự (đ/c)(2)",
            ],
            *a_and_b(["05/4", "06/4"], [30, 20], [25, 18]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
        },
        set(),
    ),
    "abbreviations": (
        [
            ["TT", "Tên CB", "Ngày SH", "HT tổ chức", "T.số ĐV", "SL ĐV dự", "Đ/c CUV dự"],
            *a_and_b(["05/4", "06/4"], ["Riêng", "LG"], [30, 20], [25, 18], ["x", None]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "mode": ["separate", "combined"],
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
            "committee_attended": ["true", "false"],
        },
        set(),
    ),
    "line breaks": (
        [
            ["TT", "Tên\nchi bộ", "Ngày\nsinh hoạt", "Tổng số\nđảng viên", "Số đảng viên\ndự"],
            *a_and_b(["05/4", "06/4"], [30, 20], [25, 18]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
        },
        set(),
    ),
    "names under a word for units": (
        [
            ["TT", "Tên đơn vị", "Ngày SH", "Tổng số ĐV", "Số ĐV dự"],
            *a_and_b(["05/4", "06/4"], [30, 20], [25, 18]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
        },
        set(),
    ),
    "names under several words": (
        [
            ["TT", "Chi bộ thôn, cơ quan", "Ngày SH", "Số ĐV dự"],
            *a_and_b(["05/4", "06/4"], [25, 18]),
        ],
        {"name": NAMES, "held_on": DAYS, "members_attended": ["25", "18"]},
        set(),
    ),
    "units of measure and codes": (
        [
            ["TT", "Tên chi bộ", "Mã số", "ĐVT", "Ngày SH", "Tổng số ĐV", "Số ĐV dự"],
            *a_and_b(["01", "02"], ["ĐV", "ĐV"], ["05/4", "06/4"], [30, 20], [25, 18]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
        },
        set(),
    ),
    "attended of all": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Số đảng viên dự/Tổng số đảng viên"],
            *a_and_b(["05/4", "06/4"], ["25/30", "18 đ/c - 20 đ/c"]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
        },
        set(),
    ),
    "all and attended": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Đảng viên (tổng số/dự)"],
            *a_and_b(["05/4", "06/4"], ["30/25", "20/18"]),
            [None, "Cộng", None, "50/43"],
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
        },
        set(),
    ),
    "attended of all beside all": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Tổng số ĐV", "Số ĐV dự/tổng số"],
            *a_and_b(["05/4", "06/4"], [30, 20], ["25/30", "18/21"]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", "20"],
            "members_attended": ["25", "18"],
        },
        {("share_differs", "E4")},
    ),
    "one count where two are asked": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Số đảng viên dự/Tổng số đảng viên"],
            *a_and_b(["05/4", "06/4"], ["25/30", 18]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_total": ["30", None],
            "members_attended": ["25", None],
        },
        {("cell_not_split", "D4")},
    ),
    "contents in one column": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Nội dung sinh hoạt", "Số ĐV dự"],
            *a_and_b(["05/4", "06/4"], ["Đủ 3 nội dung", "2.1; 2.3"], [25, 18]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_attended": ["25", "18"],
            "content_1": ["true", "true"],
            "content_2": ["true", "false"],
            "content_3": ["true", "true"],
        },
        set(),
    ),
    "contents in other words": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Các nội dung sinh hoạt", "Số ĐV dự"],
            *a_and_b(["05/4", "06/4"], ["2.1 đến 2.3", "Thiếu 2.3"], [25, 18]),
        ],
        {
            "name": NAMES,
            "held_on": DAYS,
            "members_attended": ["25", "18"],
            "content_1": ["true", "false"],
            "content_2": ["true", "false"],
            "content_3": ["true", "false"],
        },
        {("cell_not_split", "D4")},
    ),
    "days of the header's month": (
        [
            ["TT", "Tên chi bộ", "Ngày sinh hoạt (tháng 4/2022)", "Số ĐV dự"],
            *a_and_b([5, "06"], [25, 18]),
        ],
        {"name": NAMES, "held_on": DAYS, "members_attended": ["25", "18"]},
        {("label_assumed", "C2")},
    ),
    "days of no month": (
        [["TT", "Tên chi bộ", "Ngày sinh hoạt", "Số ĐV dự"], *a_and_b([5, 6], [25, 18])],
        {"name": NAMES, "members_attended": ["25", "18"]},
        set(),
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_party_cell_columns_are_recognised(name: str) -> None:
    lines, expected, said = CELLS[name]
    found = read(COMMUNE, *lines)
    assert columns(found, "cells") == expected
    assert findings(found) == said


SPANS = {  # rows of the header from the second row of the sheet on, values, spans, what is read, what is said
    "a plan over labels": (
        [
            ["TT", "Tên chi bộ", "Kế hoạch", None, "Thực hiện", None],
            [None, None, "Ngày sinh hoạt", "Hình thức", "Ngày sinh hoạt", "Hình thức"],
        ],
        [["04/4", "04/4"], ["Riêng", "Riêng"], ["05/4", "06/4"], ["Lồng ghép", "Riêng"]],
        [(2, 3), (4, 5)],
        {"held_on": DAYS, "mode": ["combined", "separate"]},
        {("column_unknown", "C3"), ("column_unknown", "D3")},
    ),
    "another year over labels": (
        [
            ["TT", "Tên chi bộ", "Năm 2021", None, "Năm 2022", None, "Ngày SH"],
            [
                None,
                None,
                "Tổng số đảng viên",
                "Số đảng viên dự",
                "Tổng số đảng viên",
                "Số đảng viên dự",
                None,
            ],
        ],
        [[28, 19], [20, 15], [30, 20], [25, 18], ["05/4", "06/4"]],
        [(2, 3), (4, 5)],
        {"members_total": ["30", "20"], "members_attended": ["25", "18"], "held_on": DAYS},
        {("column_unknown", "C3"), ("column_unknown", "D3")},
    ),
    "a plan under a label": (
        [
            ["TT", "Tên chi bộ", "Ngày sinh hoạt", None, "Số ĐV dự"],
            [None, None, "Dự kiến", "Thực tế", None],
        ],
        [["04/4", "04/4"], ["05/4", "06/4"], [25, 18]],
        [(2, 3)],
        {"held_on": DAYS, "members_attended": ["25", "18"]},
        {("column_unknown", "C3")},
    ),
    "two modes": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Hình thức", None, "Số ĐV dự"],
            [None, None, None, "Riêng", "Lồng ghép", None],
        ],
        [["05/4", "06/4"], ["x", None], [None, "x"], [25, 18]],
        [(3, 4)],
        {"held_on": DAYS, "mode": ["separate", "combined"], "members_attended": ["25", "18"]},
        set(),
    ),
    "women under two labels": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Tổng số ĐV", None, "Số ĐV dự", None],
            [None, None, None, "Tổng số", "Nữ", "Tổng số", "Nữ"],
        ],
        [["05/4", "06/4"], [30, 20], [12, 8], [25, 18], [10, 6]],
        [(3, 4), (5, 6)],
        {"held_on": DAYS, "members_total": ["30", "20"], "members_attended": ["25", "18"]},
        {("column_unknown", "E3"), ("column_unknown", "G3")},
    ),
    "full members and candidates": (
        [
            ["TT", "Tên chi bộ", "Ngày SH", "Đảng viên", None, None, None],
            [None, None, None, "Tổng số", "Chính thức", "Dự bị", "Dự SH"],
        ],
        [["05/4", "06/4"], [30, 20], [28, 19], [2, 1], [25, 18]],
        [(3, 6)],
        {"held_on": DAYS, "members_total": ["30", "20"], "members_attended": ["25", "18"]},
        {("column_unknown", "E3"), ("column_unknown", "F3")},
    ),
    "a month over days": (
        [["TT", "Tên chi bộ", "Tháng 4/2022", None], [None, None, "Ngày sinh hoạt", "Số ĐV dự"]],
        [[5, 6], [25, 18]],
        [(2, 3)],
        {"held_on": DAYS, "members_attended": ["25", "18"]},
        set(),
    ),
}


@pytest.mark.parametrize("merged", [True, False])
@pytest.mark.parametrize("name", SPANS)
def test_stacked_headers_are_combined(name: str, merged: bool) -> None:
    heads, values, spans, expected, said = SPANS[name]
    found = read(
        COMMUNE,
        *heads,
        *a_and_b(*values),
        merged=tuple(Span(1, left, 1, right) for left, right in spans) if merged else (),
    )
    read_columns = columns(found, "cells")
    assert read_columns == {"name": NAMES, **expected}
    assert findings(found) == said


def test_three_level_header_is_read_without_merged_ranges() -> None:
    found = read(
        COMMUNE,
        ["TT", "Tên chi bộ", "Kết quả sinh hoạt"],
        [None, None, "Thời gian", "Đảng viên"],
        [None, None, None, "Tổng số", "Dự"],
        *a_and_b(["05/4", "06/4"], [30, 20], [25, 18]),
    )
    assert columns(found, "cells") == {
        "name": NAMES,
        "held_on": DAYS,
        "members_total": ["30", "20"],
        "members_attended": ["25", "18"],
    }


def test_transposed_table_of_party_cells_is_read() -> None:
    found = read(
        COMMUNE,
        ["Nội dung", *NAMES],
        ["Ngày sinh hoạt", "05/4", "06/4"],
        ["Hình thức", "Riêng", "LG"],
        ["Số đảng viên dự", 25, 18],
    )
    assert columns(found, "cells") == {
        "name": NAMES,
        "held_on": DAYS,
        "mode": ["separate", "combined"],
        "members_attended": ["25", "18"],
    }


def test_schedule_is_not_read_as_party_cells() -> None:
    found = read(
        COMMUNE,
        ["TT", "Nội dung", "Ngày tổ chức", "Hình thức"],
        [1, "Họp chi ủy", "05/4", "Riêng"],
        [2, "Kiểm tra", "06/4", "Lồng ghép"],
    )
    assert columns(found, "cells") == {}
    assert findings(found) == {("not_read", "C3")}


def test_person_column_does_not_name_rows() -> None:
    found = read(
        COMMUNE,
        ["TT", "Cán bộ phụ trách", "Ngày SH", "Hình thức", "Số ĐV dự"],
        [1, "Nguyễn Văn An", "05/4", "Riêng", 25],
        [2, "Trần Thị Bình", "06/4", "Riêng", 18],
    )
    assert "name" not in columns(found, "cells")
    assert not any("Văn" in f.message for f in found.findings)


ORGS: dict[
    str, tuple[list[list[Any]], dict[str, list[str | None]], set[tuple[str, str | None]]]
] = {
    "communes under a word for units": (
        [
            FARMERS,
            ["TT", "Đơn vị", "Tổng số chi hội", "Đã sinh hoạt"],
            [None, "Toàn huyện", 21, 19],
            [1, "Thị trấn", 10, 9],
            [2, "Cấm Sơn", 11, 10],
        ],
        {
            "commune": ["07525", "07528"],
            "branches_total": ["10", "11"],
            "branches_held": ["9", "10"],
        },
        set(),
    ),
    "first and last day in one cell": (
        [
            FARMERS,
            ["TT", "Xã, thị trấn", "Tổng số chi hội", "Đã sinh hoạt", "Từ ngày - đến ngày"],
            [1, "Tân Sơn", 10, 9, "05/4-12/4"],
            [2, "Cấm Sơn", 11, 10, "06/4/2022"],
            [3, "Phong Vân", 2, 1, "3-5"],
        ],
        {
            "commune": ["07531", "07528", "07537"],
            "branches_total": ["10", "11", "2"],
            "branches_held": ["9", "10", "1"],
            "first_on": ["2022-04-05", "2022-04-06", None],
            "last_on": ["2022-04-12", "2022-04-06", None],
        },
        {("cell_not_split", "E5")},
    ),
    "days under a word that does not say which": (
        [
            FARMERS,
            ["TT", "Xã, thị trấn", "Tổng số chi hội", "Đã sinh hoạt", "Thời gian tổ chức"],
            [1, "Tân Sơn", 10, 9, "05 - 12/4/2022"],
            [2, "Cấm Sơn", 11, 10, "từ 06/4 đến 10/4"],
        ],
        {
            "commune": ["07531", "07528"],
            "branches_total": ["10", "11"],
            "branches_held": ["9", "10"],
            "first_on": ["2022-04-05", "2022-04-06"],
            "last_on": ["2022-04-12", "2022-04-10"],
        },
        set(),
    ),
    "held of all": (
        [
            FARMERS,
            ["TT", "Tên xã", "Số chi hội đã SH/Tổng số chi hội", "Từ ngày", "Đến ngày"],
            [1, "Tân Sơn", "9/10", "05/4", "12/4"],
        ],
        {
            "commune": ["07531"],
            "branches_total": ["10"],
            "branches_held": ["9"],
            "first_on": ["2022-04-05"],
            "last_on": ["2022-04-12"],
        },
        set(),
    ),
    "a matrix": (
        [
            FRONT,
            ["TT", "Đơn vị", "MTTQ", None, "Hội ND", None],
            [None, None, "Tổng số", "Đã SH", "Tổng số", "Đã SH"],
            [1, "Tân Sơn", 10, 9, 8, 7],
            [2, "Cấm Sơn", 11, 10, None, None],
            [None, "Tổng", 21, 19, 8, 7],
        ],
        {
            "commune": ["07531", "07528", "07531"],
            "organisation": ["fatherland_front", "fatherland_front", "farmers_union"],
            "branches_total": ["10", "11", "8"],
            "branches_held": ["9", "10", "7"],
        },
        set(),
    ),
    "a matrix of members": (
        [
            FRONT,
            ["TT", "Xã", "MTTQ", None, None, "Hội Nông dân", None, None],
            [None, None, *["Tổng số chi hội", "Đã sinh hoạt", "Số hội viên dự"] * 2],
            [1, "Tân Sơn", 10, 9, 99, 8, 7, 77],
        ],
        {
            "commune": ["07531", "07531"],
            "organisation": ["fatherland_front", "farmers_union"],
            "branches_total": ["10", "8"],
            "branches_held": ["9", "7"],
            "members_attended": ["99", "77"],
        },
        set(),
    ),
    "organisations across": (
        [
            COMMUNE,
            ["Nội dung", "MTTQ", "Hội Nông dân", "Hội LHPN"],
            ["Tổng số chi hội", 10, 11, 12],
            ["Số đã tổ chức sinh hoạt", 9, 10, 11],
            ["Từ ngày", "05/4", "06/4", "07/4"],
        ],
        {
            "organisation": ["fatherland_front", "farmers_union", "womens_union"],
            "branches_total": ["10", "11", "12"],
            "branches_held": ["9", "10", "11"],
            "first_on": ["2022-04-05", "2022-04-06", "2022-04-07"],
        },
        set(),
    ),
    "other organisations": (
        [
            COMMUNE,
            ["TT", "Tổ chức", "Tổng số chi hội", "Đã sinh hoạt"],
            [1, "MTTQ", 10, 9],
            [2, "Hội NCT", 5, 5],
            [3, "Hội Chữ thập đỏ xã", 5, 4],
            [None, "Tổng cộng", 20, 18],
        ],
        {"organisation": ["fatherland_front"], "branches_total": ["10"], "branches_held": ["9"]},
        {("other_organisation", "B4")},
    ),
    "schools below the communes": (
        [
            FARMERS,
            ["TT", "Xã, thị trấn", "Tổng số chi hội", "Đã sinh hoạt"],
            [1, "Cấm Sơn", 1, 1],
            [2, "Trường THPT số 2", 1, 1],
            [3, "Chi hội Công an huyện", 1, 1],
        ],
        {"commune": ["07528"], "branches_total": ["1"], "branches_held": ["1"]},
        {("line_of_no_commune", "B4")},
    ),
    "a commune of another district": (
        [
            FARMERS,
            ["TT", "Xã, thị trấn", "Tổng số chi hội", "Đã sinh hoạt"],
            [1, "Cấm Sơn", 1, 1],
            [2, "Xã Đông Hưng", 1, 1],
        ],
        {"commune": ["07528", None], "branches_total": ["1", "1"], "branches_held": ["1", "1"]},
        set(),
    ),
    "a commune twice": (
        [
            FARMERS,
            ["TT", "Xã, thị trấn", "Tổng số chi hội", "Đã sinh hoạt"],
            [1, "Xã Cấm Sơn", 2, 1],
            [2, "Cấm Sơn", 3, 1],
        ],
        {"commune": ["07528", "07528"], "branches_total": ["2", "3"], "branches_held": ["1", "1"]},
        set(),
    ),
    "branches in a column": (
        [
            UNIONS,
            [
                "TT",
                "Công đoàn cơ sở",
                "Xã, thị trấn",
                "Tổng số chi hội",
                "Đã sinh hoạt",
                "Từ ngày",
                "Đến ngày",
                "Nội dung 2.1",
            ],
            [1, "CĐCS Trường Mầm non", "Cấm Sơn", 1, 1, "06/4", "06/4", "x"],
            [2, "CĐCS UBND", "Cấm Sơn", 1, 1, "08/4", "09/4", None],
            [3, "CĐCS UBND", "Tân Sơn", 1, 1, "07/4", "07/4", "x"],
        ],
        {
            "commune": ["07528", "07531"],
            "branches_total": ["2", "1"],
            "branches_held": ["2", "1"],
            "first_on": ["2022-04-06", "2022-04-07"],
            "last_on": ["2022-04-09", "2022-04-07"],
            "content_1": ["false", "true"],
        },
        {("column_unknown", "B2"), ("lines_added_up", "C3")},
    ),
    "branches in the name": (
        [
            UNIONS,
            ["TT", "Xã, thị trấn", "Tổng số chi hội", "Đã sinh hoạt"],
            [1, "CĐCS Trường THCS xã Cấm Sơn", 1, 1],
            [2, "CĐCS Trường Mầm non xã Cấm Sơn", 1, "chưa rõ"],
        ],
        {"commune": ["07528"], "branches_total": ["2"]},
        {("lines_added_up", "B3")},
    ),
}


@pytest.mark.parametrize("name", ORGS)
def test_organisation_lines_are_recognised(name: str) -> None:
    lines, expected, said = ORGS[name]
    found = read(*lines)
    assert columns(found, "orgs") == expected
    assert findings(found) == said


WIDE_HEAD = ["TT", "Đơn vị", "Tổng số chi bộ", "Số chi bộ đã sinh hoạt", "Tổng số đảng viên"]
WIDE: dict[
    str,
    tuple[list[list[Any]], str | None, dict[str, list[str | None]], set[tuple[str, str | None]]],
] = {
    "own line among others": (
        [
            COMMUNE,
            WIDE_HEAD,
            [1, "Cấm Sơn", 12, 11, 222],
            [2, "Tân Sơn", 18, 17, 345],
            [3, "Phong Vân"],
        ],
        "07531",
        {"cells_total": ["18"], "cells_held": ["17"], "members_total": ["345"]},
        {("line_of_another", "B3")},
    ),
    "own line and the total": (
        [COMMUNE, WIDE_HEAD, [1, "Tân Sơn", 18, 17, 345], [None, "Tổng cộng", 30, 28, 567]],
        "07531",
        {"cells_total": ["18"], "cells_held": ["17"], "members_total": ["345"]},
        set(),
    ),
    "a lone line names the unit": (
        [WIDE_HEAD, [1, "Cấm Sơn"], [2, "Tân Sơn", 18, 17, 345], [3, "Phong Vân"]],
        "07531",
        {"cells_total": ["18"], "cells_held": ["17"], "members_total": ["345"]},
        set(),
    ),
    "lines of others only": (
        [COMMUNE, WIDE_HEAD, [1, "Cấm Sơn", 12, 11, 222], [2, "Phong Vân", 13, 12, 230]],
        "07531",
        {},
        {("rows_ambiguous", "C3"), ("rows_ambiguous", "D3"), ("rows_ambiguous", "E3")},
    ),
    "own line left empty": (
        [COMMUNE, WIDE_HEAD, [1, "Cấm Sơn", 12, 11, 222], [2, "Tân Sơn"]],
        "07531",
        {},
        {("line_of_another", "B3")},
    ),
    "labels on two rows and codes below": (
        [
            COMMUNE,
            ["TT", "Đơn vị", "Chi bộ", None, "Đảng viên", None],
            [None, None, "Tổng số", "Đã SH", "Tổng số", "Dự"],
            ["A", "B", "1", "2", "3", "4"],
            [1, "Cấm Sơn"],
            [2, "Tân Sơn", 18, "17/19", 345, 330],
        ],
        "07531",
        {
            "cells_total": ["18"],
            "cells_held": ["17"],
            "members_total": ["345"],
            "members_attended": ["330"],
        },
        {("share_differs", "D6")},
    ),
    "an unknown column": (
        [COMMUNE, [*WIDE_HEAD, "Số xe"], [1, "Cấm Sơn"], [2, "Tân Sơn", 18, 17, 345, 3]],
        "07531",
        {"cells_total": ["18"], "cells_held": ["17"], "members_total": ["345"]},
        {("label_unknown", "F2")},
    ),
}


@pytest.mark.parametrize("name", WIDE)
def test_own_line_counts_in_table_of_all_communes(name: str) -> None:
    lines, unit, expected, said = WIDE[name]
    found = read(*lines)
    assert found.unit_code == unit
    assert columns(found, "info") == expected
    assert columns(found, "cells") == columns(found, "orgs") == {}
    assert findings(found) == said


PAIRS = [  # the line above the pairs, the cells beside a label, the value that counts, what is said
    (
        ["Nội dung", "Đơn vị", "Kế hoạch", "Kết quả"],
        ["Chi bộ", 20, 18],
        "18",
        {("column_unknown", "C2")},
    ),
    (["Chỉ tiêu", "Mã số", "Số liệu"], ["01", 18], "18", set()),
    (["Chỉ tiêu", "Mã số", "Số liệu"], [1, 18], "18", set()),
    (["Nội dung", "ĐVT", "KH", "TH"], ["Chi bộ", 20, 18], "18", {("column_unknown", "C2")}),
    (["Chỉ tiêu", "Năm 2021", "Năm 2022"], [17, 18], "18", {("column_unknown", "B2")}),
    (["Chỉ tiêu", "Kết quả", "Tỷ lệ %"], [18, 90], "18", {("column_unknown", "C2")}),
]


@pytest.mark.parametrize("codes", [False, True])
@pytest.mark.parametrize(
    ("head", "beside", "value", "said"), PAIRS, ids=lambda v: " ".join(map(str, v))
)
def test_line_above_pairs_names_their_columns(head, beside, value, said, codes) -> None:
    numbers = [["A", "B", "1", "2"][: len(head)]] if codes else []
    found = read(["ĐẢNG ỦY XÃ TÂN SƠN"], head, *numbers, ["Tổng số chi bộ trực thuộc", *beside])
    assert found.unit_code == "07531"
    assert columns(found, "info") == {"cells_total": [value]}
    assert findings(found) == said


def test_column_code_row_is_not_a_value() -> None:
    found = read(
        COMMUNE,
        ["Tổng số chi bộ", "Số chi bộ đã sinh hoạt", "Tổng số đảng viên"],
        ["(1)", "(2)", "(3)"],
        [18, 17, 345],
    )
    assert columns(found, "info") == {
        "cells_total": ["18"],
        "cells_held": ["17"],
        "members_total": ["345"],
    }
