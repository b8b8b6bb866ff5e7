"""Worse files than any layout: read as meant or reported at the cell, never silently wrong."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest
import xlsxwriter

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.cell_types import UNTYPED, type_count, type_date
from sources.extraction.facts import Extract
from sources.extraction.vocabulary import vocabulary_of
from sources.grids import Document, Grid, Paragraph, Span
from sources.readers import read

CAMPAIGN = load_campaign()
VOCABULARY = vocabulary_of(CAMPAIGN)
HEADER = [
    "TT",
    "Tên chi bộ",
    "Loại hình",
    "Ngày sinh hoạt",
    "Hình thức",
    "Tổng số đảng viên",
    "Số đảng viên dự",
]
BONG = [1, "Chi bộ thôn Bóng", "Thôn", "05/4/2022", "Riêng", 30, 25]
HA = [2, "Chi bộ thôn Hạ", "Thôn", dt.date(2022, 4, 6), "Lồng ghép", 20, 18]
NGOAI = [3, "Chi bộ Mầm non", "Trường học", "7/4", "Riêng", 12, 12]
VILLAGES = [
    "TT",
    "Tên thôn, tổ dân phố",
    "Trưởng thôn là đảng viên",
    "Phó thôn là đảng viên",
    "Số đảng viên",
    "Số quần chúng ưu tú",
]
ROWS = [
    [1, "Thôn Bóng", "x", None, 30, 2],
    [2, "Thôn Hạ", None, "x", 20, 1],
    [3, "Thôn Cả", "x", "x", 12, 1],
]
BARE = [VILLAGES[1:], *(row[1:] for row in ROWS)]
PEOPLE = [30, 20, 12]


def found(*sheets: list | Grid) -> Extract:
    grids = [s if isinstance(s, Grid) else Grid(f"Sheet{n}", s) for n, s in enumerate(sheets, 1)]
    return extract(Document("xlsx", list(grids)), CAMPAIGN)


def people(read: Extract) -> list[int | None]:
    """The Party members of all villages, in order."""
    return [int(f.value) if f.value else None for f in read.facts if f.field == "party_members"]


def findings_of(read: Extract) -> list[tuple[str, str | None]]:
    return [(f.rule, f.cell) for f in read.findings]


def pairs(read: Extract) -> dict[str, str | None]:
    return {f.field: f.value for f in read.facts if f.section == "info"}


@pytest.mark.parametrize(
    "value",
    [
        "25 (26)",
        "2²5",
        "²5",
        "3-5",
        "(25)",
        "−25",
        "O",
        "l0",
        "1,234",
        "0.123",
        "25/",
        "25 ĐV (20 trẻ)",
        "25 + 2",
    ],
)
def test_number_with_a_mark_is_not_a_count(value: str) -> None:
    assert type_count(value, VOCABULARY) is UNTYPED


@pytest.mark.parametrize(
    ("value", "count"), [("２５", "25"), ("1 234", "1234"), ("1\u2009234", "1234"), ("25.", "25")]
)
def test_numbers_in_unusual_characters_are_counts(value: str, count: str) -> None:
    assert type_count(value, VOCABULARY) == count


@pytest.mark.parametrize(
    "value",
    ["03-15/4", "từ ngày 5 đến 7/4", "5/4/2022 và 7/4/2022", "05²/4", 5.1, "7h 15/4", "5/4, 6/4"],
)
def test_incomplete_or_double_date_is_refused(value: object) -> None:
    assert type_date(value, 2022) is UNTYPED


def test_part_is_not_taken_for_the_whole() -> None:
    fact = next(
        f for f in found([HEADER, [*BONG[:5], "25/30", 25]]).facts if f.field == "members_total"
    )
    assert (fact.value, fact.raw) == (None, "25/30")


@pytest.mark.parametrize(
    ("meetings", "cell"),
    [("17/18 chi bộ", "B2"), ("17/19 (đạt 98,4%)", "B2"), ("17/19 (89,5%)", None)],
)
def test_contradicting_total_or_share_is_reported(meetings: str, cell: str | None) -> None:
    read = found([["Tổng số chi bộ", 19], ["Số chi bộ đã sinh hoạt", meetings]])
    assert pairs(read)["cells_held"] == "17"
    assert findings_of(read) == ([("share_differs", cell)] if cell else [])


SUMS = {
    "subtotals above their groups": (
        [
            VILLAGES,
            ["I", "Khu trong", None, None, 50, 3],
            *ROWS[:2],
            ["II", "Khu ngoài", None, None, 12, 1],
            ROWS[2],
        ],
        [],
    ),
    "subtotals above, no ordinals": (
        [BARE[0], ["Khu trong", None, None, 50, 3], *BARE[1:]],
        [("row_taken_for_total", "A2")],
    ),
    "totals above": ([VILLAGES, [None, "Tổng cộng", None, None, 62, 4], *ROWS], []),
    "totals above that differ": (
        [VILLAGES, [None, "Tổng cộng", None, None, 63, 4], *ROWS],
        [("totals_differ", "E2")],
    ),
    "totals of a page carried over": (
        [*BARE[:3], ["Cộng trang", None, None, 50, 3], ["Mang sang", None, None, 50, 3], BARE[3]],
        [],
    ),
    "totals by sum, under a name": (
        [*BARE, ["Cả đảng bộ", None, None, 62, 4]],
        [("row_taken_for_total", "A5")],
    ),
    "numbers of marks in a total of no name": (
        [VILLAGES, *ROWS, [None, "3 thôn", 2, 2, 62, 4]],
        [("row_taken_for_total", "B5")],
    ),
    "a share below the total": (
        [VILLAGES, *ROWS, [None, "Cộng", None, None, 62, 4], [None, "Đạt", None, None, 89, 100]],
        [("row_not_counted", "B6")],
    ),
    "a share where no row is numbered": (
        [*BARE, ["Cộng", None, None, 62, 4], ["Tỷ lệ (%)", None, None, 89, 100]],
        [("row_not_counted", "A6")],
    ),
    "last year's total": (
        [*BARE, ["Cùng kỳ năm 2021", None, None, 60, 4]],
        [("row_not_counted", "A5")],
    ),
    "a mark in the row of totals": (
        [VILLAGES, *ROWS, [None, "Cộng", None, "x", 62, 4]],
        [("value_in_total_row", "D5")],
    ),
}


@pytest.mark.parametrize("shape", SUMS, ids=list(SUMS))
def test_sum_rows_are_never_counted(shape: str) -> None:
    lines, findings = SUMS[shape]
    read = found(lines)
    assert people(read) == PEOPLE
    assert findings_of(read) == findings


# names of rows that can only be totals of some rows, as they are written
SUBTOTALS = [
    "Cộng khối nông thôn",
    "CỘNG KHỐI NÔNG THÔN",
    "CONG KHOI NONG THON",
    "Cộng chi bộ thôn",
    "Cộng 2 thôn",
    "Cộng các thôn",
    "Cộng mục I",
    "Cộng (I)",
    "Cộng:",
    "- Cộng trường học",
    "1. Cộng khối thôn",
    "Tổng khối trường học",
    "TỔNG KHỐI TRƯỜNG HỌC",
    "Tổng I+II",
    "Tổng I và II",
    "TONG SO CHI BO THON",
    "Tổng số chi bộ thôn",
    "Tổng cộng vùng cao",
    "Tổng toàn xã",
    "Tổng:",
]


@pytest.mark.parametrize("ordinal", [3, None], ids=["numbered", "without number"])
@pytest.mark.parametrize("name", SUBTOTALS)
@pytest.mark.parametrize("count", [50, 51])
def test_subtotal_by_name_never_counts(name: str, ordinal: int | None, count: int) -> None:
    row = [ordinal, name, None, None, count, None]
    read = found([VILLAGES, *ROWS[:2], row, ROWS[2]])
    assert people(read) == PEOPLE
    assert findings_of(read) == ([] if count == 50 else [("totals_differ", "E4")])


# a name that may be a village's: the sums decide
SUBTOTALS_BY_SUM = {
    "of all rows above": ([*ROWS, [4, "Tổng rẻo cao", None, None, 62, 4]], "A5"),
    "of one count": ([*ROWS, [4, "Cộng rẻo cao", None, None, 62, None]], "A5"),
    "since the last total": (
        [
            ROWS[0],
            [None, "Cộng khối thôn", None, None, 30, 2],
            *ROWS[1:],
            [4, "Tổng rẻo cao", None, None, 32, 2],
        ],
        "A6",
    ),
    "since the last heading": (
        [ROWS[0], ["II", "Khu ngoài"], *ROWS[1:], [4, "Tổng rẻo cao", None, None, 32, 2]],
        "A6",
    ),
    "without a number": (
        [*ROWS, [None, "Tổng rẻo cao", None, None, 62, 4]],
        "B5",
    ),
}


@pytest.mark.parametrize("shape", SUBTOTALS_BY_SUM)
def test_row_named_like_a_total_that_is_a_sum_never_counts(shape: str) -> None:
    lines, cell = SUBTOTALS_BY_SUM[shape]
    read = found([VILLAGES, *lines])
    assert people(read) == PEOPLE
    assert findings_of(read) == [("row_taken_for_total", cell)]


REAL_NAMES = [
    "Cộng Hòa",
    "CỘNG HÒA",
    "Thôn Cộng Hòa",
    "Tổng Thần",
    "Tổng đội Thanh niên",
    "Cống Mục",
    "Công an",
    "CONG AN",
    "TONG CONG TY LAM NGHIEP",
]


@pytest.mark.parametrize("name", REAL_NAMES)
@pytest.mark.parametrize("people_of_row", [17, 50], ids=["no sum", "equal to the sum"])
def test_village_named_like_a_total_counts_with_its_marks(name: str, people_of_row: int) -> None:
    read = found([VILLAGES, *ROWS[:2], [3, name, "x", None, people_of_row, 3]])
    assert people(read) == [30, 20, people_of_row]
    assert findings_of(read) == []


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Cộng Hòa", "row_may_be_total"),
        ("Tổng Thần", "row_may_be_total"),
        ("Thôn Cộng Hòa", None),
        ("Cống Mục", None),
        ("Công an", None),
    ],
)
def test_village_named_like_a_total_without_marks_counts(name: str, rule: str | None) -> None:
    read = found([VILLAGES, *ROWS[:2], [3, name, None, None, 17, 1]])
    assert people(read) == [30, 20, 17]
    assert findings_of(read) == ([(rule, "A4")] if rule else [])


HEADINGS_WITH_SUMS = {  # numbered by the form: the head of a group, the findings, whether it counts
    "its sums": ([1, "I. Khối thôn", None, None, 50, 3], [], False),
    "its sum of one count": ([1, "I. Khối thôn", None, None, 50, None], [], False),
    "no sum": ([1, "I. Khối thôn", None, None, 51, 3], [("row_may_be_total", "A2")], True),
    "a mark": ([1, "I. Khối thôn", "x", None, 51, 3], [], True),
    "no numeral": (
        [1, "Khối thôn", None, None, 50, 3],
        [("row_taken_for_total", "A2")],
        False,
    ),
    "no numeral, one count": (
        [1, "Khối thôn", None, None, 50, None],
        [("row_may_be_total", "A2")],
        True,
    ),
    "no numeral, no sum": ([1, "Khối thôn", None, None, 51, 3], [], True),
    "a commune": ([1, "X. Tân Hoa", None, None, 50, 3], [], True),
}


@pytest.mark.parametrize("shape", HEADINGS_WITH_SUMS)
def test_head_of_a_group_with_its_sums_is_no_row(shape: str) -> None:
    head, findings, counts = HEADINGS_WITH_SUMS[shape]
    read = found([VILLAGES, head, *([n, *row[1:]] for n, row in enumerate(ROWS, 2))])
    assert people(read) == ([head[4]] if counts else []) + PEOPLE
    assert findings_of(read) == findings


def test_rows_numbered_as_headings_count() -> None:
    lines = [[n, f"{'I' * n}. Thôn {n}", None, None, 10 + n, 1] for n in (1, 2, 3)]
    read = found([VILLAGES, *lines, [4, "IV. Thôn 4", "x", None, 14, 1]])
    assert (people(read), findings_of(read)) == ([11, 12, 13, 14], [])


def test_subtotal_of_one_count_among_cells_is_compared() -> None:
    subtotal = [4, "Cộng khối nông thôn", None, None, None, 300, None]
    read = found([HEADER, BONG, HA, NGOAI, subtotal])
    assert [f.value for f in read.facts if f.field == "members_total"] == ["30", "20", "12"]
    (finding,) = read.findings
    assert (finding.rule, finding.field, finding.cell) == ("totals_differ", "members_total", "F5")
    assert finding.message == (
        "Dòng “Cộng khối nông thôn” ghi “Tổng số đảng viên” là 300, không bằng tổng các dòng của phần "
        "đó. Số liệu tổng hợp lấy theo các dòng."
    )


def test_value_that_is_no_count_in_a_subtotal_is_reported() -> None:
    subtotal = [4, "Cộng khối nông thôn", "Thôn", None, None, 62, 55]
    read = found([HEADER, BONG, HA, NGOAI, subtotal])
    assert findings_of(read) == [("value_in_total_row", "C5")]


@pytest.mark.parametrize(
    "row", [["Cộng Hòa", "x", None, 62, 4], ["Cộng Hòa", "x", None, None, None]]
)
@pytest.mark.parametrize("at", [1, 3])
def test_village_named_like_a_total_counts(row: list, at: int) -> None:
    read = found([*BARE[:at], row, *BARE[at:]])
    assert "Cộng Hòa" in [f.value for f in read.facts if f.field == "name"]


def test_row_equal_to_a_sum_by_chance_counts_and_is_reported() -> None:
    lines = [
        ["Tên thôn, tổ dân phố", "Trưởng thôn là đảng viên", "Số đảng viên"],
        ["A", None, 10],
        ["B", None, 12],
        ["C", None, 22],
    ]
    assert people(found(lines)) == [10, 12, 22]
    assert findings_of(found(lines)) == [("row_may_be_total", "A4")]


def test_group_with_wrong_head_counts_and_is_reported() -> None:
    read = found([VILLAGES, ["I", "Khu trong", None, None, 51, 3], *ROWS])
    assert people(read) == [51, *PEOPLE]
    assert findings_of(read) == [("row_may_be_total", "A2")]


def test_last_row_with_only_a_name_is_reported() -> None:
    assert findings_of(found([*BARE, ["Thôn Mới"]])) == [("row_name_alone", "A5")]
    assert findings_of(found([*BARE, [], ["Lê Tám"]])) == []


def test_rows_below_a_line_of_pairs_are_read() -> None:
    read = found([HEADER, BONG, ["Tổng số chi bộ", 3], HA, NGOAI])
    assert [f.value for f in read.facts if f.field == "members_attended"] == ["25", "18", "12"]


def test_example_row_is_not_data() -> None:
    read = found([VILLAGES, ["VD", "Thôn Mẫu", "x", "x", 99, 9], *ROWS])
    assert people(read) == PEOPLE
    assert findings_of(read) == [("row_not_counted", "A2")]
    assert people(found([VILLAGES, [1, "Mẫu Sơn", "x", None, 9, 1]])) == [9]


@pytest.mark.parametrize(
    ("place", "value"), [((4, 2), "x"), ((4, 4), 7), ((1, 8), 7), ((2, 8), "x")]
)
def test_value_outside_its_table_is_reported(place: tuple[int, int], value: object) -> None:
    lines: list[list] = [[None, *line] for line in ([*VILLAGES], *ROWS)] + [[]]
    row, column = place
    lines[row] = [*lines[row], *[None] * (column + 1 - len(lines[row]))]
    lines[row][column] = value
    read = found(lines)
    assert people(read)[:3] == PEOPLE
    assert len(read.findings) >= 1


def test_value_left_of_its_table_is_reported() -> None:
    lines = [
        [None, "Số đảng viên", "Tên thôn", "QCUT", "Trưởng thôn là ĐV"],
        [None, 30, "Thôn A", 2, "x"],
        [20, None, "Thôn B", 1, "x"],
    ]
    assert findings_of(found(lines)) == [("value_outside_table", "A3")]


@pytest.mark.parametrize("value", ["05/4/2022", "5/4", dt.date(2022, 4, 5), "x", 20])
def test_date_or_mark_left_of_its_table_is_reported(value: object) -> None:
    lines = [[None, *VILLAGES[1:]], [None, *ROWS[0][1:]], [value, *ROWS[1][1:]]]
    assert findings_of(found(lines)) == [("value_outside_table", "A3")]


def test_unnamed_word_column_left_of_table_is_reported() -> None:
    lines = [
        [None, "Số đảng viên", "Tên chi bộ", "Số ĐV dự"],
        ["Thôn", 30, "Chi bộ Hợp Thành", 25],
        ["Y tế", 20, "Chi bộ Trạm Y tế", 18],
    ]
    assert findings_of(found(lines)) == [("column_unlabelled", "A1")]


def test_table_split_by_an_unnamed_column_is_one_table() -> None:
    lines = [
        ["Tổ chức", "Tổng số chi hội", None, "Xã, thị trấn", "Số đã tổ chức sinh hoạt"],
        ["Hội Nông dân", 8, 7, "Xã Quý Sơn", 7],
        ["Hội LHPN", 9, 6, "Xã Quý Sơn", 6],
    ]
    read = found(lines)
    assert findings_of(read) == [("column_unlabelled", "C1")]
    assert {f.row for f in read.facts if f.value} == {1, 2}


def test_unnamed_column_is_reported_at_any_position() -> None:
    lines = [[None, *VILLAGES[1:4]], ["x", "Thôn A", None, "x"], [None, "Thôn B", "x", None]]
    assert findings_of(found(lines)) == [("column_unlabelled", "A2")]


def test_unknown_table_is_reported() -> None:
    read = found(
        [HEADER, BONG, HA], [["TT", "Danh sách", "Có ĐV", "Nhân khẩu"], [1, "Thôn A", "x", 20]]
    )
    assert findings_of(read) == [("not_read", "C2")]


@pytest.mark.parametrize("label", ["Số đảng viên (nữ)", "Số đảng viên\ndự bị", "Số đảng viên (%)"])
def test_label_longer_than_a_known_one_is_reported(label: str) -> None:
    read = found([[*VILLAGES[:4], label], *(r[:5] for r in ROWS)])
    assert {"label_assumed", "column_unknown"} & {f.rule for f in read.findings}
    assert findings_of(
        found(
            [
                ["Tổng số chi bộ", 18],
                [label.replace("Số", "Tổng số"), 5],
                ["Tin, bài, lượt phát thanh", 3],
            ]
        )
    )


@pytest.mark.parametrize(
    "label", ["Số đảng viên (đ/c)", "Số đảng viên\n(người)", "Số\nđảng viên", "Số ĐV (ghi số)"]
)
def test_unit_or_hint_in_a_label_is_ignored(label: str) -> None:
    read = found([[*VILLAGES[:4], label], *(r[:5] for r in ROWS)])
    assert (people(read), findings_of(read)) == (PEOPLE, [])


def test_label_starting_like_a_known_one_is_not_matched() -> None:
    read = found(
        [["Tổng số chi bộ thôn", 12], ["Tổng số đảng viên", 540], ["Tin, bài, lượt phát thanh", 3]]
    )
    assert "cells_total" not in pairs(read)
    assert findings_of(read) == [("label_unknown", "A1")]


def test_several_rows_below_labels_give_the_total_or_nothing() -> None:
    lines = [
        ["Khối", "Tổng số chi bộ", "Số chi bộ đã sinh hoạt", "Tổng số đảng viên"],
        ["Khối thôn", 12, 11, 300],
        ["Khối trường", 6, 6, 80],
    ]
    assert pairs(found([*lines, ["Tổng", 18, 17, 380]]))["cells_total"] == "18"
    assert pairs(found(lines)) == {} and findings_of(found(lines))[0] == ("rows_ambiguous", "B1")


def test_misplaced_and_double_values_are_reported() -> None:
    lines = [
        ["Tổng số chi bộ", 18, None],
        ["Tổng số đảng viên", None, 540],
        ["Tin, bài, lượt phát thanh", 3, None],
    ]
    assert findings_of(found(lines)) == [("value_outside_column", "C2")]
    plan = [
        ["Nội dung", "Kế hoạch", "Thực hiện"],
        ["Tổng số chi bộ", 20, 18],
        ["Tổng số đảng viên", 500, 500],
    ]
    assert findings_of(found(plan)) == [("column_unknown", "B1")]
    assert pairs(found(plan))["cells_total"] == "18"


def test_mark_in_its_label_cell_is_read() -> None:
    assert pairs(
        found([["1. Chỉ thị 14-CT/TU: ✓"], ["2. Kế hoạch 64-KH/HU: "], ["3. Tổng số chi bộ: 18"]])
    ) == {"material_14_ct_tu": "true", "material_64_kh_hu": "false", "cells_total": "18"}


def test_semicolons_in_prose_do_not_split_values() -> None:
    read = found([["Thuận lợi: Cấp ủy quan tâm; đảng viên dự đủ.\nKhó khăn: Không."]])
    assert [f.value for f in read.facts] == ["Cấp ủy quan tâm; đảng viên dự đủ.", "Không."]


def test_hidden_sheet_is_reported_and_not_counted() -> None:
    old = Grid("Năm trước", [VILLAGES, [1, "Thôn Cũ", "x", "x", 9, 9]], hidden=True)
    read = found([VILLAGES, *ROWS], old)
    assert people(read) == PEOPLE
    assert [(f.rule, f.sheet) for f in read.findings] == [("sheet_hidden", "Năm trước")]


def test_table_of_another_year_is_reported_and_not_counted() -> None:
    read = found(
        [["THỰC TRẠNG TRƯỞNG THÔN NĂM 2021"], VILLAGES, [1, "Thôn Cũ", "x", "x", 9, 9]],
        [["THỰC TRẠNG TRƯỞNG THÔN NĂM 2022"], VILLAGES, *ROWS],
    )
    assert people(read) == PEOPLE
    assert findings_of(read) == [("table_of_other_year", "A2")]


@pytest.mark.parametrize(
    "title", ["Theo Kế hoạch số 64-KH/HU ngày 28/12/2021", "Nhân sự nhiệm kỳ 2022-2025"]
)
def test_other_year_in_text_does_not_exclude_the_table(title: str) -> None:
    assert people(found([[title], VILLAGES, *ROWS])) == PEOPLE


def test_table_of_another_commune_is_reported_and_not_counted() -> None:
    read = found(
        [
            ["ĐẢNG ỦY XÃ TÂN SƠN"],
            VILLAGES,
            *ROWS,
            [],
            ["ĐẢNG ỦY XÃ PHONG VÂN"],
            VILLAGES,
            [1, "Thôn Cầu", "x", None, 99, 9],
        ]
    )
    assert people(read) == PEOPLE
    assert findings_of(read) == [("line_of_another", "A8")]
    prose = [
        Paragraph(1, "ĐẢNG ỦY XÃ TÂN SƠN"),
        Grid("Bảng 1", [VILLAGES, *ROWS], source="table"),
        Paragraph(2, "2. Đảng ủy xã Phong Vân"),
        Grid("Bảng 2", [VILLAGES, ROWS[0]], source="table"),
    ]
    assert people(extract(Document("docx", list(prose)), CAMPAIGN)) == PEOPLE


def test_line_merged_over_the_table_is_not_a_row() -> None:
    lines = [VILLAGES, ROWS[0], ["Các thôn vùng cao"], *ROWS[1:]]
    read = found(Grid("Thôn", lines, (Span(2, 0, 2, 5),)))
    assert (people(read), findings_of(read)) == (PEOPLE, [])


def test_struck_hidden_and_raised_text_in_word_is_not_in_numbers() -> None:
    document, target = docx.Document(), io.BytesIO()
    table = document.add_table(3, 5)
    for cell, label in zip(table.rows[0].cells, ["Tên thôn", *VILLAGES[2:]], strict=True):
        cell.text = label
    for row, name in ((1, "Thôn A"), (2, "Thôn B")):
        table.cell(row, 0).text = name
    looks = {
        (1, 3): ("25", "strike", "26"),
        (1, 4): ("1", "superscript", "2"),
        (2, 3): ("9", "hidden", "3"),
        (2, 4): ("7", "strike", ""),
    }
    for (row, column), (odd, look, plain) in looks.items():
        paragraph = table.cell(row, column).paragraphs[0]
        paragraph.add_run(plain)
        setattr(paragraph.add_run(odd).font, look, True)
    document.save(target)
    read_values = {
        (f.row, f.field): f.value
        for f in extract(read(target.getvalue(), CAMPAIGN.limits), CAMPAIGN).facts
    }
    assert [read_values[1, "party_members"], read_values[2, "party_members"]] == ["26", "3"]
    assert [read_values[1, "prospects"], read_values[2, "prospects"]] == ["2", None]


def test_struck_and_raised_text_in_excel_is_not_in_numbers() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet, struck = book.add_worksheet("Thôn"), book.add_format({"font_strikeout": True})
        raised = book.add_format({"font_script": 1})
        sheet.write_row(0, 0, VILLAGES)
        sheet.write_row(1, 0, ROWS[0])
        sheet.write_rich_string(1, 4, struck, "25", " 260")
        sheet.write_rich_string(1, 5, "2", raised, "1")
        sheet.write_row(2, 0, ROWS[1], struck)
    read_back = extract(read(target.getvalue(), CAMPAIGN.limits), CAMPAIGN)
    assert [(f.value, f.raw) for f in read_back.facts if f.field == "party_members"] == [
        ("260", " 260")
    ]
    assert [(f.value, f.raw) for f in read_back.facts if f.field == "prospects"] == [("2", "2")]
    assert {f.rule for f in read_back.findings} == {"value_struck", "value_raised"}


MANY = "9" * 5_000
DIGITS = [
    MANY,
    "0" * 5_000 + "5",
    f"{MANY}/5",
    f"5 ({MANY} nữ)",
    f"ngày {MANY}/4/2022",
    "²",
    f"1.{MANY}",
    f"{MANY} tin, bài",
    f"vắng {MANY} đ/c",
    f"{MANY}/4/2022",
    "٣" * 5_000,
]


@pytest.mark.parametrize("text", DIGITS)
def test_huge_number_does_not_affect_other_values(text: str) -> None:
    info = [
        ["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"],
        ["Tổng số chi bộ", 7],
        ["Số tin, bài", text],
        [text, text],
        ["Thuận lợi", text],
    ]
    places = [[*BONG[:n], text, *BONG[n + 1 :]] for n in range(len(BONG))]
    read = found(
        info, [HEADER, *places, HA], [VILLAGES, *ROWS, [text, "Thôn Đông", text, text, text, text]]
    )
    paragraphs = (
        "ĐẢNG ỦY XÃ TÂN SƠN",
        f"Toàn xã có {text} chi bộ, đã tổ chức {text} chi bộ.",
        f"{text}. {text}",
        text,
    )
    prose = extract(Document("docx", [Paragraph(n, t) for n, t in enumerate(paragraphs)]), CAMPAIGN)
    assert [f.value for f in read.facts if f.field == "cells_total"] == ["7"]
    assert prose.unit_code == read.unit_code is not None
