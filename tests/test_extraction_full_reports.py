"""Full reports as officials write them: lists of documents, groups of lines, columns set by spaces,
district bodies."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.cell_types import UNTYPED, type_count
from sources.extraction.facts import Extract
from sources.extraction.label_forms import strip_numbering
from sources.extraction.numerals import with_digits
from sources.extraction.vocabulary import vocabulary_of
from sources.grids import Document, Grid, Paragraph

CAMPAIGN = load_campaign()
VOCABULARY = vocabulary_of(CAMPAIGN)
DISTRICT_LETTERHEAD = Grid(
    "Bảng 1",
    [["TỈNH ĐOÀN BẮC GIANG\nBCH ĐOÀN HUYỆN LỤC NGẠN", "Lục Ngạn, ngày 16 tháng 4 năm 2022"]],
    source="table",
)


def read(*blocks: str | list[list[str | None]] | Grid) -> Extract:
    made = [
        Paragraph(n, block)
        if isinstance(block, str)
        else block
        if isinstance(block, Grid)
        else Grid(f"Bảng {n}", block, source="table")
        for n, block in enumerate(blocks, 1)
    ]
    return extract(Document("docx", made), CAMPAIGN)


def values(found: Extract) -> dict[str, str | None]:
    return {
        f.field: f.value
        for f in found.facts
        if f.section in ("info", "text") and f.raw and f.field != "unit"
    }


READ = [
    (
        ["Trong đó năm chi bộ tổ chức riêng, mười hai chi bộ lồng ghép."],
        {"cells_held_separately": "5", "cells_held_combined": "12"},
    ),
    (
        ["Giới thiệu tám quần chúng ưu tú, trong đó có hai trưởng thôn và một phó thôn."],
        {"prospects_introduced": "8", "prospects_village_heads": "3"},
    ),
    (
        ["Có 92,6% đảng viên (401/433 đồng chí) tham dự sinh hoạt."],
        {"members_attended": "401", "members_total": "433"},
    ),
    (
        [
            "22/22 chi bộ đã tổ chức sinh hoạt. Tổ chức riêng: 36,4% (08/22); lồng ghép: 63,6% (14/22)."
        ],
        {
            "cells_total": "22",
            "cells_held": "22",
            "cells_held_separately": "8",
            "cells_held_combined": "14",
        },
    ),
    (
        ["Đảng viên", "- Tổng số: 377", "- Dự sinh hoạt: 349"],
        {"members_total": "377", "members_attended": "349"},
    ),
    (
        [
            "- Chi bộ: Tổng số 11 (thôn: 8; trường học: 3); đã sinh hoạt 11 (riêng: 4; lồng ghép: 7)."
        ],
        {
            "cells_total": "11",
            "cells_held": "11",
            "cells_held_separately": "4",
            "cells_held_combined": "7",
        },
    ),
    (["Thị trấn có 18 tổ dân phố và 02 thôn."], {"villages_total": "20"}),
    (["Số chi bộ trực thuộc Đảng ủy là 19 chi bộ."], {"cells_total": "19"}),
    (
        ["Số quần chúng ưu tú đã giới thiệu vào Đảng: 12 (năm 2021: 09)"],
        {"prospects_introduced": "12"},
    ),
    (
        ["Số quần chúng ưu tú đã giới thiệu vào Đảng: 14 (chỉ tiêu 15)"],
        {"prospects_introduced": "14"},
    ),
    (["Số quần chúng ưu tú đã giới thiệu vào Đảng: …………… đ/c"], {}),
    (["Số tin, bài, lượt phát thanh tuyên truyền => 26"], {"news_items": "26"}),
    (
        ["II. Đánh giá: Ưu điểm: Đúng tiến độ. Hạn chế: Còn vắng. Đề xuất: Không."],
        {"advantages": "Đúng tiến độ.", "difficulties": "Còn vắng.", "proposals": "Không."},
    ),
    (["IV- Đề xuất: không"], {"proposals": "không"}),
    (
        ["2. Khó khăn, hạn chế", "- Số đảng viên dự sinh hoạt: thấp ở khối cơ quan;"],
        {"difficulties": "- Số đảng viên dự sinh hoạt: thấp ở khối cơ quan;"},
    ),
]


@pytest.mark.parametrize(("lines", "expected"), READ, ids=[lines[-1][:50] for lines, _ in READ])
def test_report_lines_are_read_as_written(lines: list[str], expected: dict[str, str]) -> None:
    assert values(read(*lines)) == expected


LISTS = [  # how a list of documents begins, its items, and what they tell
    (
        "Đảng ủy đã cung cấp tới 16/16 chi bộ các tài liệu sau:",
        ["- Chỉ thị số 14-CT/TU ngày 10/12/2021;", "- Nghị quyết của Đảng ủy."],
        {"material_14_ct_tu": "true", "material_resolution": "true"},
    ),
    (
        "Chưa cung cấp các tài liệu:",
        ["- Kế hoạch số 40/KH-UBND", "- Kế hoạch số 64-KH/HU"],
        {"material_40_kh_ubnd": "false", "material_64_kh_hu": "false"},
    ),
    (
        "Đã cung cấp tài liệu gồm:",
        ["- Tờ gấp tuyên truyền.", "- Thực hiện Chỉ thị số 14-CT/TU của Tỉnh ủy."],
        {},
    ),
]


@pytest.mark.parametrize(("lead", "items", "expected"), LISTS, ids=[lead for lead, _, _ in LISTS])
def test_documents_listed_below_a_sentence_count_as_given(
    lead: str, items: list[str], expected: dict[str, str]
) -> None:
    assert values(read(lead, *items)) == expected


def test_document_date_is_not_a_meeting_date() -> None:
    found = read("Đã cung cấp Chỉ thị số 14-CT/TU ngày 10/12/2021 cho các chi bộ.")
    assert values(found) == {"material_14_ct_tu": "true"}


def test_document_given_to_some_cells_is_reported_not_read() -> None:
    found = read("Chỉ thị 14-CT/TU được phô tô phát cho 9/11 chi bộ.")
    assert values(found) == {}
    assert [f.field for f in found.findings if f.rule == "sentence_unclear"] == [
        "material_14_ct_tu"
    ]


GROUPS = [
    ["Chi bộ", "Tổng số", "18"],
    [None, "Đã sinh hoạt", "17"],
    [None, "Riêng", "7"],
    [None, "Lồng ghép", "10"],
    ["Đảng viên", "Tổng số", "344"],
    [None, "Dự sinh hoạt", "320"],
    [None, "Được phân công nhiệm vụ", "318"],
]


def test_lines_beside_a_group_label_belong_to_that_group() -> None:
    assert values(read(GROUPS)) == {
        "cells_total": "18",
        "cells_held": "17",
        "cells_held_separately": "7",
        "cells_held_combined": "10",
        "members_total": "344",
        "members_attended": "320",
        "members_assigned": "318",
    }


def test_text_heading_in_a_table_is_its_label() -> None:
    rows = [
        ["Ưu điểm", "Chủ động."],
        ["Tồn tại, hạn chế và nguyên nhân", "Vắng 12 đồng chí."],
        ["Đề xuất", "Không."],
    ]
    assert values(read(rows)) == {
        "advantages": "Chủ động.",
        "difficulties": "Vắng 12 đồng chí.",
        "proposals": "Không.",
    }


@pytest.mark.parametrize("title", ["ĐÁNH GIÁ, KIẾN NGHỊ", "III. Đánh giá, kiến nghị"])
def test_title_above_texts_is_not_a_label(title: str) -> None:
    rows: list[list[str | None]] = [
        [title, None],
        ["Thuận lợi", "Đồng thuận."],
        ["Khó khăn", "Xa."],
    ]
    assert values(read(rows)) == {"advantages": "Đồng thuận.", "difficulties": "Xa."}


def test_total_given_beside_its_part_counts() -> None:
    rows = [
        ["Số chi bộ đã tổ chức sinh hoạt", "12"],
        ["Số đảng viên dự sinh hoạt", "205/221 đ/c (92,8%)"],
    ]
    assert values(read(rows))["members_total"] == "221"


@pytest.mark.parametrize("text", ["251\t236", "251  236", "251 \t 236", "251\n236"])
def test_adjacent_numbers_stay_two_numbers(text: str) -> None:
    assert type_count(text, VOCABULARY) is UNTYPED


@pytest.mark.parametrize("text", ["251……236", "251   236", "251\t236"])
def test_columns_of_a_line_are_not_joined_into_one_number(text: str) -> None:
    found = read(f"Số đảng viên dự sinh hoạt: {text}")
    assert "251236" not in values(found).values()
    assert [f.value for f in found.facts if f.field == "members_attended"] == [None]


def test_thousands_separated_by_space_are_one_number() -> None:
    assert (type_count("1 310", VOCABULARY), with_digits("1 310 đồng chí", VOCABULARY)) == (
        "1310",
        "1.310 đồng chí",
    )


NOT_OF_THE_UNIT = [
    (
        ["So với quý I (14 chi bộ, 240 đảng viên), đợt này có 15/15 chi bộ tổ chức sinh hoạt."],
        {"cells_total": "15", "cells_held": "15"},
    ),
    (["Toàn huyện có 29 xã triển khai, 620 chi bộ đã tổ chức sinh hoạt."], {}),
    (
        [
            "I. KẾT QUẢ CHUNG CỦA HUYỆN",
            "620 chi bộ đã tổ chức sinh hoạt, 11.500 đảng viên tham gia.",
        ],
        {},
    ),
]


@pytest.mark.parametrize(
    ("lines", "expected"), NOT_OF_THE_UNIT, ids=[lines[0][:50] for lines, _ in NOT_OF_THE_UNIT]
)
def test_numbers_of_other_periods_or_district_do_not_count(
    lines: list[str], expected: dict[str, str]
) -> None:
    found = read(*lines)
    assert values(found) == expected
    assert {f.rule for f in found.findings} & {"not_read", "sentence_unclear"}


def test_district_organisation_documents_are_read() -> None:
    found = read(
        DISTRICT_LETTERHEAD, "BÁO CÁO", "Đoàn Thanh niên huyện đã ban hành 02 văn bản chỉ đạo."
    )
    assert values(found) == {"document_date": "2022-04-16", "directing_documents": "2"}


def test_fields_not_asked_of_district_organisation_are_set_aside() -> None:
    found = read(
        DISTRICT_LETTERHEAD,
        "BÁO CÁO",
        "Tổng số chi bộ trực thuộc: 30",
        "Giới thiệu 86 đoàn viên ưu tú cho Đảng.",
    )
    assert values(found) == {"document_date": "2022-04-16"}
    assert {"cells_total", "prospects_introduced"} <= {
        f.field for f in found.findings if f.rule in ("not_read", "sentence_unclear")
    }


def test_unread_numbers_of_district_organisation_are_reported_once() -> None:
    found = read(
        DISTRICT_LETTERHEAD,
        "BÁO CÁO",
        "342/350 chi đoàn đã tổ chức sinh hoạt, 120 chi đoàn tổ chức riêng.",
    )
    assert [(f.rule, f.field) for f in found.findings] == [("not_read", None)]


SPOKEN_OF = [
    ("Bên cạnh đó còn một số khó khăn: nhiều đảng viên đi làm ăn xa.", ["difficulties"]),
    ("Kiến nghị Huyện ủy mở lớp bồi dưỡng.", ["proposals"]),
    ("Số thôn đặc biệt khó khăn: 3", []),
    ("Trên đây là báo cáo kết quả, kính đề nghị Ban Tuyên giáo tổng hợp.", []),
]


@pytest.mark.parametrize(("line", "fields"), SPOKEN_OF)
def test_sentence_without_its_text_heading_is_reported(line: str, fields: list[str]) -> None:
    found = read("18/18 chi bộ đã tổ chức sinh hoạt.", line)
    assert [f.field for f in found.findings if f.section == "text"] == fields


def test_sentence_below_its_text_heading_is_not_reported() -> None:
    found = read("Bên cạnh đó còn một số khó khăn cần khắc phục.", "2. Khó khăn", "Địa bàn rộng.")
    assert [f for f in found.findings if f.section == "text"] == []


NUMBERINGS = [
    ("IV- Đề xuất", "Đề xuất"),
    ("3- Về số lượng", "Về số lượng"),
    ("3 - Về", "Về"),
    ("14-CT/TU", "14-CT/TU"),
    ("12 - 15 quần chúng", "12 - 15 quần chúng"),
    ("05-15/4", "05-15/4"),
    ("64-KH/HU", "64-KH/HU"),
]


@pytest.mark.parametrize(("text", "bare"), NUMBERINGS)
def test_dash_after_ordinal_is_numbering_not_a_mark(text: str, bare: str) -> None:
    assert strip_numbering(text) == bare


@pytest.mark.parametrize(
    "text", ["Trong năm chi bộ đã kết nạp", "hằng năm đảng viên", "một mặt có một số chi bộ"]
)
def test_number_words_in_other_senses_stay_words(text: str) -> None:
    assert with_digits(text, VOCABULARY) == text
