"""Tables are found and read wherever they are and however they are laid out."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, ErrorValue, Grid, Span, Uncached

CAMPAIGN = load_campaign()

HEADER = [
    "TT",
    "Tên chi bộ",
    "Loại hình",
    "Ngày sinh hoạt",
    "Hình thức",
    "Tổng số đảng viên",
    "Số đảng viên dự",
]
BONG = [1, "Chi bộ thôn Bóng", "Thôn, tổ dân phố", "05/4/2022", "Riêng", 30, 25]
HA = [2, "Chi bộ thôn Hạ", "Thôn, tổ dân phố", dt.date(2022, 4, 6), "Lồng ghép", 20, 18]
NGOAI = [3, "Chi bộ Trường Mầm non", "Trường học", "7/4", "Riêng", 12, 12]
EXPECTED = [
    dict(
        name="Chi bộ thôn Bóng",
        kind="village",
        held_on="2022-04-05",
        mode="separate",
        members_total="30",
        members_attended="25",
    ),
    dict(
        name="Chi bộ thôn Hạ",
        kind="village",
        held_on="2022-04-06",
        mode="combined",
        members_total="20",
        members_attended="18",
    ),
    dict(
        name="Chi bộ Trường Mầm non",
        kind="school",
        held_on="2022-04-07",
        mode="separate",
        members_total="12",
        members_attended="12",
    ),
]
VILLAGE_HEADER = [
    "TT",
    "Tên thôn, tổ dân phố",
    "Trưởng thôn là đảng viên",
    "Phó thôn là đảng viên",
    "Số đảng viên",
]
VILLAGES = [[1, "Thôn Bóng", "x", None, 30], [2, "Thôn Hạ", None, "x", 20]]
EMPTY = [None] * len(HEADER)


def read(*grids: Grid | list[list], merged: tuple[Span, ...] = ()) -> Extract:
    blocks = [
        g if isinstance(g, Grid) else Grid(f"Sheet{i}", g, merged) for i, g in enumerate(grids, 1)
    ]
    return extract(Document("xlsx", blocks), CAMPAIGN)


def rows(found: Extract, section: str) -> list[dict[str, str | None]]:
    by_row: dict[int, dict[str, str | None]] = {}
    for fact in found.facts:
        if fact.section == section:
            by_row.setdefault(fact.row, {})[fact.field] = fact.value
    return list(by_row.values())


def rules(found: Extract) -> list[str]:
    return sorted(f.rule for f in found.findings)


def shuffled(order: list[int], *lines: list) -> list[list]:
    return [[line[i] for i in order] for line in lines]


SPLIT = ["TT", "Tên chi bộ", "Loại hình", "Ngày sinh hoạt", "Hình thức", None, "Đảng viên", None]
SPLIT_BELOW = [None, None, None, None, "Riêng", "Lồng ghép", "Tổng số", "Dự sinh hoạt"]
SPLIT_ROWS = [
    [1, "Chi bộ thôn Bóng", "Thôn, tổ dân phố", "05/4/2022", "x", None, 30, 25],
    [2, "Chi bộ thôn Hạ", "Thôn, tổ dân phố", "06/4/2022", None, "x", 20, 18],
    [3, "Chi bộ Trường Mầm non", "Trường học", "07/4/2022", "x", None, 12, 12],
]
SPANS = (Span(0, 4, 0, 5), Span(0, 6, 0, 7), *(Span(0, c, 1, c) for c in range(4)))

LAYOUTS = {
    "plain": [[HEADER, BONG, HA, NGOAI]],
    "under title lines": [
        [["BIỂU 1"], [], ["I. KẾT QUẢ SINH HOẠT CỦA CÁC CHI BỘ"], [], HEADER, BONG, HA, NGOAI]
    ],
    "far from the corner": [
        [[], [], *[[None, None, None, *line] for line in (HEADER, BONG, HA, NGOAI)]]
    ],
    "columns in another order": [shuffled([0, 6, 3, 1, 5, 4, 2], HEADER, BONG, HA, NGOAI)],
    "no ordinals": [[line[1:] for line in (HEADER, BONG, HA, NGOAI)]],
    "other wordings": [
        [
            [
                "STT",
                "Tên tổ chức đảng",
                "Loại hình chi bộ",
                "Thời gian sinh hoạt",
                "Hình thức tổ chức",
                "Tổng số\nĐV",
                "ĐV có mặt (đ/c)",
            ],
            BONG,
            HA,
            NGOAI,
        ]
    ],
    "columns numbered below the header": [
        [HEADER, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"], BONG, HA, NGOAI]
    ],
    "blank rows between": [[HEADER, BONG, EMPTY, EMPTY, HA, EMPTY, NGOAI]],
    "template rows with ordinals only": [
        [HEADER, BONG, HA, NGOAI, *[[n, *EMPTY[1:]] for n in range(4, 40)]]
    ],
    "header repeated as on each page": [[HEADER, BONG, HEADER, HA, NGOAI]],
    "two tables on one sheet": [[HEADER, BONG, HA, [], ["Tiếp theo"], HEADER, NGOAI]],
    "continued on another sheet": [[HEADER, BONG], [HEADER, HA, NGOAI]],
    "group headings": [
        [
            HEADER,
            ["I", "Chi bộ thôn", *EMPTY[2:]],
            BONG,
            HA,
            ["II", "Chi bộ trường học", *EMPTY[2:]],
            NGOAI,
        ]
    ],
    "two levels, merged, modes marked": [Grid("Chi bộ", [SPLIT, SPLIT_BELOW, *SPLIT_ROWS], SPANS)],
    "two levels without merged ranges": [[SPLIT, SPLIT_BELOW, *SPLIT_ROWS]],
    "three levels": [
        Grid(
            "Chi bộ",
            [
                ["TT", "Kết quả sinh hoạt", *[None] * 6],
                [None, *SPLIT[1:]],
                SPLIT_BELOW,
                *SPLIT_ROWS,
            ],
            (
                Span(0, 1, 0, 7),
                Span(0, 0, 2, 0),
                Span(1, 4, 1, 5),
                Span(1, 6, 1, 7),
                *(Span(1, c, 2, c) for c in (1, 2, 3)),
            ),
        )
    ],
    "rows as columns": [[list(column) for column in zip(HEADER, BONG, HA, NGOAI, strict=True)]],
}


@pytest.mark.parametrize("layout", LAYOUTS, ids=list(LAYOUTS))
def test_a_table_reads_the_same_in_any_layout(layout: str) -> None:
    found = read(*LAYOUTS[layout])
    assert [{k: r.get(k) for k in EXPECTED[0]} for r in rows(found, "cells")] == EXPECTED
    assert rules(found) == []


FOOTERS = {
    "totals by word": [[None, "Tổng cộng", None, None, None, 62, 55]],
    "totals by word in the first column": [["Cộng", None, None, None, None, 62, 55]],
    "totals by sum alone": [[None, "Toàn Đảng bộ ta", None, None, None, 62, 55]],
    "totals without a name": [[None, None, None, None, None, 62, 55]],
    "signatures": [[], [None, None, None, "T/M BAN THƯỜNG VỤ"], [None, None, None, "PHÓ BÍ THƯ"]],
    "signatures in the column of names": [
        [],
        [None, "T/M BAN THƯỜNG VỤ"],
        [None, "PHÓ BÍ THƯ"],
        [],
        [None, "Lê Tám"],
    ],
    "a note": [["Ghi chú: số liệu tính đến ngày 15/4/2022"]],
    "pairs below": [[], ["Tổng số chi bộ: 3"], ["Tin, bài, lượt phát thanh", 4]],
    "another table below": [[], ["III. THỰC TRẠNG TRƯỞNG THÔN"], VILLAGE_HEADER, *VILLAGES],
}


@pytest.mark.parametrize("footer", FOOTERS, ids=list(FOOTERS))
def test_lines_below_a_table_are_not_rows(footer: str) -> None:
    found = read([HEADER, BONG, HA, NGOAI, *FOOTERS[footer]])
    assert [r["name"] for r in rows(found, "cells")] == [e["name"] for e in EXPECTED]
    assert rules(found) == []


def test_adjacent_tables_are_two_tables() -> None:
    for gap in ([], [None]):
        lines = [
            [*a, *gap, *b]
            for a, b in zip([HEADER, BONG, HA], [VILLAGE_HEADER, *VILLAGES], strict=True)
        ]
        found = read(lines)
        assert [r["name"] for r in rows(found, "cells")] == ["Chi bộ thôn Bóng", "Chi bộ thôn Hạ"]
        assert [r["name"] for r in rows(found, "villages")] == ["Thôn Bóng", "Thôn Hạ"]
        assert rules(found) == []


def test_table_continued_without_header_is_read_and_reported() -> None:
    found = read([HEADER, BONG], [HA, NGOAI])
    assert len(rows(found, "cells")) == 3
    assert rules(found) == ["table_without_header"]


def test_wrong_totals_row_is_a_finding_at_its_cell() -> None:
    found = read(
        [
            HEADER,
            BONG,
            HA,
            [None, "Cộng khối thôn", None, None, None, 50, 43],
            NGOAI,
            [None, "Tổng cộng", None, None, None, 62, 56],
        ]
    )
    assert [(f.rule, f.field, f.cell, f.value) for f in found.findings] == [
        ("totals_differ", "members_attended", "G6", "56")
    ]


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        ("ba mươi", "ba mươi"),
        (25.5, "25.5"),
        (-1, "-1"),
        ("85,5%", "85,5%"),
        (ErrorValue("#REF!"), "#REF!"),
        (Uncached("SUM(A1)"), "=SUM(A1)"),
        (dt.date(2022, 4, 5), "2022-04-05"),
        ("20-25", "20-25"),
    ],
)
def test_untypable_count_stays_raw_text_at_its_cell(value: object, raw: str) -> None:
    found = read([HEADER, [*BONG[:5], value, 25]])
    fact = next(f for f in found.facts if f.field == "members_total")
    assert (fact.value, fact.raw, fact.sheet, fact.cell) == (None, raw, "Sheet1", "F2")


def test_number_merged_over_two_rows_is_counted_once() -> None:
    lines = [HEADER, BONG, [*HA[:5], None, 18]]
    found = read(lines, merged=(Span(1, 5, 2, 5),))
    assert [r["members_total"] for r in rows(found, "cells")] == ["30", None]


def test_date_or_name_merged_over_rows_fills_each_row() -> None:
    lines = [HEADER, BONG, [2, "Chi bộ thôn Hạ", None, None, "Riêng", 20, 18]]
    found = read(lines, merged=(Span(1, 2, 2, 2), Span(1, 3, 2, 3)))
    assert [(r["kind"], r["held_on"]) for r in rows(found, "cells")] == [
        ("village", "2022-04-05")
    ] * 2


def test_column_of_personal_names_is_skipped() -> None:
    found = read([[*HEADER, "Họ và tên bí thư"], [*BONG, "Nguyễn Thị Hồng Nhung"]])
    assert rules(found) == ["personal_names_skipped"]
    assert "Nhung" not in repr(found)


def test_misspelt_header_is_read_with_a_warning() -> None:
    found = read([[*HEADER[:5], "Tổng số đảgn viên", HEADER[6]], BONG])
    assert rows(found, "cells")[0]["members_total"] == "30"
    assert [(f.rule, f.field, f.cell) for f in found.findings] == [
        ("label_assumed", "members_total", "F1")
    ]


@pytest.mark.parametrize("stranger", ["Số đảng viên nữ", "Nội dung 2.4", "Tổng số đảng viên dự bị"])
def test_similar_but_different_header_is_not_matched(stranger: str) -> None:
    found = read([[*HEADER, stranger], [*BONG, 7]])
    assert "7" not in rows(found, "cells")[0].values()
    assert set(rules(found)) == {"column_unknown"}


def test_unnamed_row_with_values_is_kept_for_the_rules() -> None:
    found = read([HEADER, BONG, [2, None, "Trường học", "06/4/2022", "Riêng", 20, 18]])
    assert [r["name"] for r in rows(found, "cells")] == ["Chi bộ thôn Bóng", None]


@pytest.mark.parametrize("name", ["Công an", "Công đoàn", "Cộng Hòa", "Tổng Cục"])
def test_names_starting_like_a_total_are_rows(name: str) -> None:
    found = read([HEADER, BONG, [2, name, "Công an", "06/4/2022", "Riêng", 20, 18]])
    assert [r["name"] for r in rows(found, "cells")] == ["Chi bộ thôn Bóng", name]


def test_a_cell_that_did_not_meet_is_a_row_without_a_date() -> None:
    found = read(
        [
            HEADER,
            BONG,
            [2, "Chi bộ thôn Hạ", "Thôn", None, None, 20, 0],
            [3, "Chi bộ thôn Cả", *EMPTY[2:]],
        ]
    )
    assert [(r["name"], r["held_on"]) for r in rows(found, "cells")][1:] == [
        ("Chi bộ thôn Hạ", None),
        ("Chi bộ thôn Cả", None),
    ]


def test_facts_carry_their_place() -> None:
    found = read(Grid("Chi bộ", [[], HEADER, BONG]))
    fact = next(f for f in found.facts if f.field == "held_on")
    assert (fact.sheet, fact.cell, fact.raw) == ("Chi bộ", "D3", "05/4/2022")


def test_names_under_unknown_label_are_read_and_reported() -> None:
    found = read([["TT", "Danh mục", *HEADER[2:]], BONG, HA, NGOAI])
    assert [(r.get("name"), r["members_total"]) for r in rows(found, "cells")] == [
        ("Chi bộ thôn Bóng", "30"),
        ("Chi bộ thôn Hạ", "20"),
        ("Chi bộ Trường Mầm non", "12"),
    ]
    assert [(f.rule, f.field, f.cell) for f in found.findings] == [("label_assumed", "name", "B1")]


def test_merged_header_without_row_names_is_kept_for_the_rules() -> None:
    header = [VILLAGE_HEADER[0], "31/4/2022", *VILLAGE_HEADER[2:]]
    lines = [header, [], *VILLAGES, [3, "Thôn Cả", "x", "x", 12]]
    found = read(lines, merged=tuple(Span(0, c, 1, c) for c in range(5)))
    assert [r["party_members"] for r in rows(found, "villages")] == ["30", "20", "12"]


def test_column_numbers_with_a_gap_are_not_a_row() -> None:
    found = read([HEADER, ["(1)", "(2)", None, "(4)", "(5)", "(6)", "(7)"], BONG])
    assert [r["name"] for r in rows(found, "cells")] == ["Chi bộ thôn Bóng"]
