"""Columns and rows that only look like the form's: another year, a plan, a share, transposed,
unknown."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Span

CAMPAIGN = load_campaign()
HEADER = ["TT", "Tên chi bộ", "Ngày sinh hoạt", "Hình thức", "Tổng số đảng viên", "Số đảng viên dự"]
ROWS = [
    [1, "Chi bộ thôn Bóng", "05/4/2022", "Riêng", 30, 25],
    [2, "Chi bộ thôn Hạ", "06/4/2022", "Lồng ghép", 20, 18],
]


def read(*lines: list, merged: tuple[Span, ...] = ()) -> Extract:
    return extract(Document("xlsx", [Grid("Chi bộ", list(lines), merged)]), CAMPAIGN)


def column(found: Extract, field: str) -> list[str | None]:
    return [f.value for f in found.facts if f.field == field and f.section != "info"]


def pairs(found: Extract) -> dict[str, str | None]:
    return {f.field: f.value for f in found.facts if f.section == "info"}


BELOW = [  # two headers below one, which of them is read, and whether another value stands there
    (
        "Số đảng viên dự",
        ["Năm 2021", "Năm 2022"],
        [[20, 25], [17, 18]],
        "members_attended",
        ["25", "18"],
    ),
    ("Số đảng viên dự", ["%", "SL"], [[83, 25], [90, 18]], "members_attended", ["25", "18"]),
    (
        "Ngày sinh hoạt",
        ["Kế hoạch", "Thực hiện"],
        [["04/4", "05/4"], ["05/4", "06/4"]],
        "held_on",
        ["2022-04-05", "2022-04-06"],
    ),
    (
        "Cấp ủy viên dự",
        ["Không", "Có"],
        [["x", None], [None, "x"]],
        "committee_attended",
        ["false", "true"],
    ),
    ("Số đảng viên dự", ["Đợt 1", "Đợt 2"], [[20, 5], [17, 1]], "members_attended", []),
]


@pytest.mark.parametrize(("head", "below", "values", "field", "expected"), BELOW)
@pytest.mark.parametrize("merged", [True, False])
def test_columns_under_one_header_are_distinguished(
    head, below, values, field, expected, merged
) -> None:
    lines = [
        [*HEADER[:4], "Tổng số đảng viên", head, None],
        [*[None] * 5, *below],
        *([*row[:5], *pair] for row, pair in zip(ROWS, values, strict=True)),
    ]
    if head == "Ngày sinh hoạt":
        lines = [[line[0], line[1], *line[3:]] for line in lines]
    found = read(
        *lines, merged=(Span(0, len(lines[0]) - 2, 0, len(lines[0]) - 1),) if merged else ()
    )
    assert column(found, field) == expected
    said = {f.cell for f in found.findings if f.field == field and f.rule == "column_unknown"}
    assert expected or len(said & {"F3", "G3", "F4", "G4"}) == 4


def test_party_membership_column_is_read_below_its_person() -> None:
    found = read(
        ["Tên thôn", "Trưởng thôn", None, "Phó thôn", None, "Số đảng viên"],
        [None, "Đảng viên", "Quần chúng", "Đảng viên", "Quần chúng", None],
        ["Thôn Bóng", "x", None, None, "x", 30],
        ["Thôn Hạ", None, "x", "x", None, 20],
        merged=(Span(0, 1, 0, 2), Span(0, 3, 0, 4)),
    )
    assert column(found, "head_is_party") == ["true", "false"]
    assert column(found, "deputy_is_party") == ["false", "true"]


def test_column_with_opposite_meaning_is_reported_and_table_is_read() -> None:
    found = read(
        ["TT", "Tên thôn", "Trưởng thôn không là đảng viên", "Số đảng viên"],
        [1, "Thôn Bóng", None, 30],
        [2, "Thôn Hạ", "x", 20],
    )
    assert (column(found, "head_is_party"), column(found, "party_members")) == ([], ["30", "20"])
    assert ("head_is_party", "C3") in {(f.field, f.cell) for f in found.findings}


def test_totals_row_is_not_part_of_two_level_header() -> None:
    found = read(
        ["Là đảng viên", None, "Số ĐV", "Tên thôn", "Quần chúng ưu tú"],
        ["Trưởng thôn", "Phó thôn"],
        [None, None, "50", "Tổng cộng", "3"],
        ["x", None, "30", "Thôn Bóng", "2"],
        ["x", "x", "20", "Thôn Hạ", "1"],
        merged=(Span(0, 0, 0, 1), *(Span(0, c, 1, c) for c in (2, 3, 4))),
    )
    assert column(found, "deputy_is_party") == ["false", "true"]
    assert column(found, "party_members") == ["30", "20"]


def test_field_split_over_two_columns_is_reported_and_table_is_read() -> None:
    found = read(
        ["Tên thôn", "Trưởng thôn là ĐV", "Số đảng viên", None],
        [None, None, "Nam", "Nữ"],
        ["Thôn Bóng", "x", 20, 10],
        ["Thôn Hạ", "x", 13, 7],
        merged=(Span(0, 2, 0, 3),),
    )
    assert column(found, "head_is_party") == ["true", "true"]
    assert column(found, "party_members") == []
    assert {f.cell for f in found.findings if f.field == "party_members" and f.row} == {
        "C3",
        "D3",
        "C4",
        "D4",
    }


def test_transposed_table_below_pairs_is_read() -> None:
    turned = [list(line) for line in zip(HEADER, *ROWS, strict=True)]
    found = read(
        ["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"], ["Tin, bài, lượt phát thanh", 7], [], *turned
    )
    assert column(found, "members_total") == ["30", "20"]
    assert column(found, "held_on") == ["2022-04-05", "2022-04-06"]
    assert pairs(found) == {"unit": "07531", "news_items": "7"}


def test_unknown_column_is_reported_for_each_possible_field() -> None:
    head = [
        "Tên thôn",
        "Trưởng thôn là đảng viên",
        "Phó thôn là đảng viên",
        "Số quần chúng ưu tú",
        "Lực lượng",
    ]
    found = read(head, ["Thôn Bóng", "x", None, 1, 30], ["Thôn Hạ", None, "x", 2, 20])
    assert [(f.cell, f.field) for f in found.findings if f.row] == [
        ("E2", "party_members"),
        ("E3", "party_members"),
    ]


def test_ordinal_before_row_name_is_dropped() -> None:
    found = read(HEADER[1:], *([f"{n}. {row[1]}", *row[2:]] for n, row in enumerate(ROWS, 1)))
    assert column(found, "name") == ["Chi bộ thôn Bóng", "Chi bộ thôn Hạ"]


SIDE_BY_SIDE = [
    ["Đơn vị báo cáo", "Xã Tân Sơn", "Tổng số chi bộ", 3, "Tổng số đảng viên", 62],
    ["Ngày ký báo cáo", "15/4/2022", "Số chi bộ đã sinh hoạt", 2, "Số ĐV tham gia", 55],
]
EXPECTED = {"cells_total": "3", "cells_held": "2", "members_total": "62", "members_attended": "55"}
SHAPES = {
    "three pairs beside each other": SIDE_BY_SIDE,
    "values below their labels": [[cell] for line in SIDE_BY_SIDE for cell in line],
    "label and value with nothing between": [
        ["Tổng số chi bộ 3"],
        ["Số chi bộ đã sinh hoạt 2/3 chi bộ"],
        ["Tổng số đảng viên 62 đ/c"],
        ["Số ĐV tham gia 55"],
    ],
    "a plan beside": [
        ["Nội dung", "Kế hoạch", "Kết quả"],
        ["Tổng số chi bộ", 4, 3],
        ["Số chi bộ đã sinh hoạt", 4, 2],
        ["Tổng số đảng viên", 60, 62],
        ["Số ĐV tham gia", 60, 55],
    ],
    "last year beside": [
        ["Nội dung", "Năm 2021", "Năm 2022"],
        ["Tổng số chi bộ", 4, 3],
        ["Số chi bộ đã sinh hoạt", 4, 2],
        ["Tổng số đảng viên", 60, 62],
        ["Số ĐV tham gia", 60, 55],
    ],
}


@pytest.mark.parametrize("shape", SHAPES, ids=list(SHAPES))
def test_pairs_in_unusual_layouts_are_read(shape: str) -> None:
    read_pairs = pairs(read(*SHAPES[shape]))
    assert {key: read_pairs.get(key) for key in EXPECTED} == EXPECTED


def test_label_merged_down_to_label_row_belongs_to_that_row() -> None:
    found = read(
        ["Đơn vị báo cáo", "Chi bộ", None, "Đảng viên"],
        [None, "Tổng số chi bộ", "Số chi bộ đã sinh hoạt", "Tổng số đảng viên"],
        ["Xã Tân Sơn", 3, 2, 62],
        merged=(Span(0, 0, 1, 0), Span(0, 1, 0, 2)),
    )
    assert pairs(found) == {
        "unit": "07531",
        "cells_total": "3",
        "cells_held": "2",
        "members_total": "62",
    }


@pytest.mark.parametrize("title", ["(Số liệu đến 31/12/2021)", "Tính đến 12/2021"])
def test_day_of_figures_is_not_taken_for_table_year(title: str) -> None:
    assert column(read([title], HEADER, *ROWS), "members_total") == ["30", "20"]
