"""How an annex is divided so that no letter of it is printed below 9 points."""

from dataclasses import replace

import pytest

from warehouse.reports.annex_content import Annex, AnnexColumn, ColumnNote, Origin
from warehouse.reports.annex_pages import FONT_POINTS, divided, print_scale


def annex(*columns: tuple[str, float, str]) -> Annex:
    """An annex of these columns (key, width, part) below a column of names."""
    return Annex(
        code="PL1",
        tab="Đơn vị",
        title="Kết quả",
        measure="",
        columns=(
            AnnexColumn("unit", "Đơn vị", "text", 27),
            *(AnnexColumn(key, key, "count", width, part) for key, width, part in columns),
        ),
        groups=(),
        origin=lambda _: Origin(""),
    )


EXAMPLES = [
    ("fits", [("a", 20, "văn bản"), ("b", 20, "chi bộ")], [("PL1", "Kết quả", "ab")]),
    (
        "named parts",
        [("a", 60, "văn bản"), ("b", 30, ""), ("c", 30, "chi bộ"), ("d", 60, "")],
        [("PL1a", "Kết quả: văn bản", "ab"), ("PL1b", "Kết quả: chi bộ", "cd")],
    ),
    (
        "column before first name",
        [("a", 60, ""), ("b", 30, "văn bản"), ("c", 90, "chi bộ")],
        [("PL1a", "Kết quả: văn bản", "ab"), ("PL1b", "Kết quả: chi bộ", "c")],
    ),
    (
        "part too wide itself",
        [("a", 90, "văn bản"), ("b", 90, ""), ("c", 90, "chi bộ")],
        [
            ("PL1a", "Kết quả: văn bản", "a"),
            ("PL1b", "Kết quả: văn bản (tiếp theo)", "b"),
            ("PL1c", "Kết quả: chi bộ", "c"),
        ],
    ),
    (
        "no names",
        [("a", 90, ""), ("b", 90, ""), ("c", 90, "")],
        [
            ("PL1a", "Kết quả", "a"),
            ("PL1b", "Kết quả: tiếp theo", "b"),
            ("PL1c", "Kết quả: tiếp theo", "c"),
        ],
    ),
]


@pytest.mark.parametrize(
    ("columns", "expected"), [e[1:] for e in EXAMPLES], ids=[e[0] for e in EXAMPLES]
)
def test_annex_is_divided_at_named_columns_and_where_full(columns, expected):
    parts = divided(annex(*columns))
    assert [
        (part.code, part.title, "".join(c.key for c in part.columns[1:])) for part in parts
    ] == expected
    assert {part.columns[0].key for part in parts} == {"unit"}


@pytest.mark.parametrize("width", range(8, 60, 3))
def test_each_part_is_as_wide_as_9_points_allow(width):
    columns = [(f"c{n}", width, "") for n in range(30)]
    parts = divided(annex(*columns))
    assert [c.key for part in parts for c in part.columns[1:]] == [key for key, *_ in columns]
    for part, following in zip(parts, (*parts[1:], None), strict=True):
        assert FONT_POINTS * int(100 * print_scale(part.columns)) / 100 >= 9
        if following:
            wider = (*part.columns, following.columns[1])
            assert FONT_POINTS * int(100 * print_scale(wider)) / 100 < 9


def test_note_about_columns_stands_only_below_their_sheet():
    whole = replace(
        annex(("a", 90, "văn bản"), ("b", 90, "chi bộ")),
        notes=("Về tất cả.",),
        column_notes=(ColumnNote("Về a.", frozenset({"a"})),),
    )
    assert [part.shown_notes for part in divided(whole)] == [
        ["Về tất cả.", "Về a."],
        ["Về tất cả."],
    ]
