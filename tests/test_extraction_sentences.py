"""Sentences: read where they plainly state what the unit did, otherwise reported and not read."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Paragraph

CAMPAIGN = load_campaign()


def read(*texts: str) -> Extract:
    return extract(Document("docx", [Paragraph(n, t) for n, t in enumerate(texts, 1)]), CAMPAIGN)


def values(found: Extract) -> dict[str, str | None]:
    return {f.field: f.value for f in found.facts if f.section == "info"}


STATED = [
    (
        "Đến nay đã có 17 trên tổng số 18 chi bộ tổ chức sinh hoạt.",
        {"cells_held": "17", "cells_total": "18"},
    ),
    (
        "Có 17 trong tổng số 18 chi bộ đã tổ chức sinh hoạt.",
        {"cells_held": "17", "cells_total": "18"},
    ),
    (
        "Đảng bộ có 18 chi bộ trực thuộc với 1 310 đảng viên.",
        {"cells_total": "18", "members_total": "1310"},
    ),
    ("1.205/1.310 đảng viên tham gia.", {"members_attended": "1205", "members_total": "1310"}),
    (
        "Tổng số chi bộ trực thuộc là 18; tổng số đảng viên là 642.",
        {"cells_total": "18", "members_total": "642"},
    ),
    ("- Tổng số chi bộ\t18", {"cells_total": "18"}),
    ("- Tổng số chi bộ – 18", {"cells_total": "18"}),
    ("- Số chi bộ đã tổ chức sinh hoạt 17 chi bộ", {"cells_held": "17"}),
    (
        "- Số chi bộ đã tổ chức sinh hoạt: 17/18, trong đó 12 chi bộ tổ chức riêng, 5 chi bộ lồng ghép.",
        {
            "cells_held": "17",
            "cells_total": "18",
            "cells_held_separately": "12",
            "cells_held_combined": "5",
        },
    ),
    (
        "Tổng số chi bộ: 18. Đến nay 17/18 chi bộ đã tổ chức sinh hoạt.",
        {"cells_total": "18", "cells_held": "17"},
    ),
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_plain_sentence_with_a_count_is_read(text: str, expected: dict[str, str]) -> None:
    assert values(read(text)) == expected


HEDGED = [  # sentences, and the field that they do not tell
    ("Theo kế hoạch có 18 chi bộ tổ chức sinh hoạt.", "cells_held"),
    ("Dự kiến 18 chi bộ tổ chức sinh hoạt trước ngày 15/4.", "cells_held"),
    ("Có 17-18 chi bộ đã tổ chức sinh hoạt.", "cells_held"),
    ("Có khoảng 17 chi bộ đã tổ chức sinh hoạt.", "cells_held"),
    ("Chưa có 1 chi bộ tổ chức riêng.", "cells_held_separately"),
    ("Năm 2021 có 15 chi bộ tổ chức riêng.", "cells_held_separately"),
    ("Tăng 2 chi bộ tổ chức riêng so với cùng kỳ.", "cells_held_separately"),
    ("Khối thôn có 12 chi bộ tổ chức riêng.", "cells_held_separately"),
    ("Có gần 600 đảng viên tham gia.", "members_attended"),
    ("Bình quân 32 đảng viên tham gia.", "members_attended"),
    ("Mỗi buổi có 32 đảng viên tham gia.", "members_attended"),
    ("Chi bộ thôn Bóng: tổng số đủ, 25 đảng viên dự.", "members_attended"),
    ("Phấn đấu trong năm 2022 giới thiệu 10 quần chúng ưu tú.", "prospects_introduced"),
    ("Dự kiến nhiệm kỳ 2022-2025 có 9/12 trưởng thôn là đảng viên.", "village_heads_party"),
]


@pytest.mark.parametrize(("text", "field"), HEDGED)
def test_guess_plan_average_or_part_is_reported_not_read(text: str, field: str) -> None:
    found = read(text)
    assert values(found) == {}
    assert {(f.rule, f.field, f.cell) for f in found.findings} == {("sentence_unclear", field, "1")}


def test_probationary_members_are_not_counted_as_attended() -> None:
    assert values(read("Trong đó có 20 đảng viên dự bị.")) == {}


def test_labelled_value_wins_over_sentence() -> None:
    found = read("Toàn Đảng bộ có 19 chi bộ trực thuộc.", "- Tổng số chi bộ: 18.")
    assert values(found) == {"cells_total": "18"}
    assert ("values_differ", "cells_total", "19") in {
        (f.rule, f.field, f.value) for f in found.findings
    }


def test_unknown_part_of_enumeration_is_reported() -> None:
    found = read("Tổng số chi bộ: 18; đã họp xong: 17; chưa họp: 1.")
    assert values(found) == {"cells_total": "18"}
    assert {(f.rule, f.field, f.value) for f in found.findings} == {
        ("not_read", "cells_held", "đã họp xong: 17"),
        ("not_read", "cells_held", "chưa họp: 1."),
    }


def test_sentences_in_table_cells_are_read_as_in_paragraphs() -> None:
    text = "Đảng bộ có 18 chi bộ trực thuộc với 642 đảng viên.\n- Số chi bộ tổ chức riêng: 12"
    found = extract(Document("docx", [Grid("Bảng 1", [[text]], source="table")]), CAMPAIGN)
    assert values(found) == {
        "cells_total": "18",
        "members_total": "642",
        "cells_held_separately": "12",
    }


def test_prose_beside_a_label_gives_no_unit_value() -> None:
    lines = [
        ["Khó khăn, hạn chế", "Năm trước còn 2 chi bộ lồng ghép sinh hoạt; 3 chi bộ tổ chức riêng."]
    ]
    assert values(extract(Document("xlsx", [Grid("A", lines)]), CAMPAIGN)) == {}


def test_tab_separated_line_is_reported() -> None:
    found = read("1\tChi bộ thôn Bóng\t05/4/2022\tRiêng\t30\t25")
    assert [(f.rule, f.cell) for f in found.findings] == [("columns_by_tabs", "1")]
