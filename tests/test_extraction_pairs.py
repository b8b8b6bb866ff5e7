"""Label and value pairs, prose, and the reporting unit, in any layout."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Paragraph, Span

CAMPAIGN = load_campaign()
TOPIC = CAMPAIGN.campaign.topic


def read_sheet(*lines: list, merged: tuple[Span, ...] = ()) -> Extract:
    return extract(Document("xlsx", [Grid("Thông tin chung", list(lines), merged)]), CAMPAIGN)


def read_word(*texts: str, letterhead: list | None = None) -> Extract:
    blocks: list = [Grid("Bảng 1", letterhead, source="table")] if letterhead else []
    return extract(
        Document("docx", [*blocks, *(Paragraph(n, t) for n, t in enumerate(texts, 1))]), CAMPAIGN
    )


def values(found: Extract) -> dict[str, str | None]:
    return {f.field: f.value for f in found.facts if f.section in ("info", "text")}


EXPECTED = {
    "cells_total": "18",
    "cells_held": "17",
    "material_14_ct_tu": "true",
    "document_date": "2022-04-15",
    "advantages": "Nhân dân đồng thuận.",
}
SHEETS = {
    "label, value": [
        ["Tổng số chi bộ", 18],
        ["Chi bộ đã sinh hoạt chuyên đề", 17],
        ["Tài liệu: Chỉ thị 14-CT/TU", "x"],
        ["Ngày báo cáo", "15/4/2022"],
        ["Thuận lợi", "Nhân dân đồng thuận."],
    ],
    "ordinal, label, value, note": [
        ["TT", "Nội dung", "Trả lời", "Ghi chú"],
        [1, "1. Tổng số chi bộ trực thuộc", 18, "chi bộ"],
        [2, "Số chi bộ đã tổ chức sinh hoạt", "17/18 chi bộ (đạt 94,4%)", "ghi số"],
        [3, "Đã cung cấp Chỉ thị số 14-CT/TU", "có", "x nếu có"],
        [4, "Ngày ký báo cáo", "15.4.2022", None],
        [5, "Thuận lợi", "Nhân dân đồng thuận.", None],
    ],
    "label, unit of measure, value": [
        ["Tổng số chi bộ", "chi bộ", 18],
        ["Số chi bộ đã sinh hoạt", "chi bộ", 17],
        ["Chỉ thị 14-CT/TU", "", "X"],
        ["Ngày ký báo cáo", "", "15/4"],
        ["Thuận lợi", "", "Nhân dân đồng thuận."],
    ],
    "both in one cell": [
        ["1. Tổng số chi bộ: 18"],
        ["2. Số chi bộ đã tổ chức sinh hoạt: 17/18 chi bộ (đạt 94,4%)"],
        ["- Tài liệu: Chỉ thị 14-CT/TU: có"],
        ["Ngày ký báo cáo: 15/4/2022"],
        ["Thuận lợi: Nhân dân đồng thuận."],
    ],
    "several in a cell": [
        [
            "Tổng số chi bộ: 18; Chi bộ đã tổ chức sinh hoạt: 17\nChỉ thị 14-CT/TU: có; Ngày ký: 15/4"
        ],
        ["Thuận lợi"],
        ["Nhân dân đồng thuận."],
    ],
    "labels beside labels": [
        [
            "Tổng số chi bộ",
            "Số chi bộ đã sinh hoạt",
            "Chỉ thị 14-CT/TU",
            "Ngày ký báo cáo",
            "Thuận lợi",
        ],
        [18, 17, "x", "15/4/2022", "Nhân dân đồng thuận."],
    ],
    "two pairs a row": [
        ["Tổng số chi bộ", 18, None, "Số chi bộ đã sinh hoạt", 17],
        ["Chỉ thị 14-CT/TU", "✓", None, "Ngày ký báo cáo", "15/4/2022"],
        ["Thuận lợi", "Nhân dân đồng thuận."],
    ],
}


@pytest.mark.parametrize("shape", SHEETS, ids=list(SHEETS))
def test_pairs_read_the_same_in_any_layout(shape: str) -> None:
    found = read_sheet(*SHEETS[shape])
    assert {k: values(found).get(k) for k in EXPECTED} == EXPECTED
    assert [f.rule for f in found.findings] == []


def test_label_rows_under_one_merged_range_are_one_row() -> None:
    labels = ["Tổng số chi bộ", "Chi bộ đã sinh hoạt chuyên đề", "Tổng số đảng viên"]
    found = read_sheet(labels, [5, 6, 7], labels, [18, 17, 200], merged=(Span(0, 0, 2, 2),))
    assert values(found)["cells_held"] == "17"


def test_a_value_beside_a_merged_label_is_found() -> None:
    found = read_sheet(["Tổng số chi bộ", None, None, 18], merged=(Span(0, 0, 0, 2),))
    assert values(found) == {"cells_total": "18"}


def test_blank_value_is_not_filled_from_adjacent_note() -> None:
    found = read_sheet(
        ["Tổng số chi bộ", 18, "chi bộ"],
        ["Tổng số đảng viên", 540, "người"],
        ["Số quần chúng ưu tú đã giới thiệu vào Đảng", None, "25 là chỉ tiêu"],
    )
    assert values(found)["prospects_introduced"] is None


def test_one_label_with_two_values_is_a_finding() -> None:
    found = read_sheet(["Tổng số chi bộ", 18], [], ["Tổng số chi bộ", 19])
    assert values(found)["cells_total"] == "18"
    assert [(f.rule, f.field, f.value) for f in found.findings] == [
        ("values_differ", "cells_total", "19")
    ]


def test_unknown_label_is_a_finding_with_nearest_known_label() -> None:
    found = read_sheet(
        ["Tổng số chi bộ", 18], ["Tổng số chi hội quần chúng", 5], ["Tổng số đảng viên", 540]
    )
    (finding,) = found.findings
    assert (finding.rule, finding.cell) == ("label_unknown", "A2")
    assert "5" not in values(found).values()


PROSE = {
    "a line each": [
        "- Tổng số chi bộ: 18.",
        "- Chi bộ đã sinh hoạt chuyên đề: 17/18 chi bộ (đạt 94,4%).",
        "- Tài liệu: Chỉ thị 14-CT/TU: có.",
        "- Ngày ký báo cáo: 15/4/2022.",
        "III. ĐÁNH GIÁ CHUNG",
        "1. Thuận lợi",
        "Nhân dân đồng thuận.",
        "2. Khó khăn, hạn chế",
        "Không có.",
    ],
    "several in a paragraph": [
        "Tổng số chi bộ: 18; số chi bộ đã sinh hoạt: 17. Chỉ thị 14-CT/TU: có; Ngày ký: 15/4.",
        "Thuận lợi: Nhân dân đồng thuận.",
        "Khó khăn: Không.",
    ],
}


@pytest.mark.parametrize("shape", PROSE, ids=list(PROSE))
def test_prose_reads_the_same_in_any_layout(shape: str) -> None:
    found = read_word(*PROSE[shape])
    assert {k: values(found).get(k) for k in EXPECTED} == EXPECTED
    assert [f.rule for f in found.findings] == []


def test_section_ends_at_the_next_heading() -> None:
    found = read_word(
        "III. ĐÁNH GIÁ",
        "1. Thuận lợi",
        "- Cấp ủy quan tâm;",
        "- Nhân dân đồng thuận.",
        "2. Khó khăn, hạn chế",
        "Không.",
        "3. Đề xuất, kiến nghị",
        "1. Đề nghị cấp kinh phí.",
        "2. Đề nghị mở lớp bồi dưỡng.",
        "Nơi nhận:",
        "- Lưu.",
    )
    assert values(found) == {
        "advantages": "- Cấp ủy quan tâm;\n- Nhân dân đồng thuận.",
        "difficulties": "Không.",
        "proposals": "1. Đề nghị cấp kinh phí.\n2. Đề nghị mở lớp bồi dưỡng.",
    }


def test_names_of_people_in_prose_are_not_kept() -> None:
    found = read_word(
        "Thuận lợi", "Có đồng chí Nguyễn Văn Bình và ông Lê Tám giúp đỡ; đồng chí Bí thư chỉ đạo."
    )
    assert values(found)["advantages"] == "Có đồng chí … và ông … giúp đỡ; đồng chí Bí thư chỉ đạo."
    assert "Bình" not in repr(found)


LETTERHEAD = [
    [
        "ĐẢNG BỘ HUYỆN LỤC NGẠN\nĐẢNG ỦY XÃ TÂN SƠN\n*\nSố 138-BC/ĐU",
        "ĐẢNG CỘNG SẢN VIỆT NAM\nTân Sơn, ngày 15 tháng 4 năm 2022",
    ]
]


def test_letterhead_gives_unit_number_and_date() -> None:
    found = read_word("BÁO CÁO", letterhead=LETTERHEAD)
    assert found.unit_code == "07531"
    assert values(found) == {"document_number": "138-BC/ĐU", "document_date": "2022-04-15"}


UNITS = [
    ("Đảng ủy xã Tân Sơn", "07531"),
    ("ĐẢNG BỘ XÃ TÂN SƠN", "07531"),
    ("X. Tân Sơn", "07531"),
    ("TT Chũ", "07525"),
    ("Ban Chấp hành Đảng bộ xã Kiên Thành, huyện Lục Ngạn", "07558"),
    ("Hội LHPN huyện Lục Ngạn", "219-HLHPN"),
    ("dang uy xa tan son", "07531"),
    ("Đảng ủy xa\u0303 Ta\u0302n Sơn", "07531"),
    ("Huyện đoàn Lục Ngạn", "219-DTN"),
    ("Xã Yên Định", None),
    ("xã Tân Sơn và xã Cấm Sơn", None),
    ("Chủ tịch", None),
]


@pytest.mark.parametrize(("written", "code"), UNITS)
def test_unit_is_identified_by_its_own_names_only(written: str, code: str | None) -> None:
    found = read_sheet(["Đơn vị báo cáo", written], ["Tổng số chi bộ", 18])
    assert (found.unit_code if found.issuer == "unit" else None) == code


TOPICS = [
    (f"kết quả đợt sinh hoạt chuyên đề “{TOPIC}”", False),
    ("kết quả sinh hoạt chuyên đề quý II", False),
    (f"kết quả sinh hoạt chuyên đề về {TOPIC.lower()}", False),
    ("BÁO CÁO", False),
    (
        "kết quả sinh hoạt chuyên đề “Học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh”",
        True,
    ),
    ("kết quả sinh hoạt chuyên đề về phòng, chống cháy nổ mùa hanh khô", True),
    ("kết quả sinh hoạt chuyên đề\n“Xây dựng nông thôn mới nâng cao”", True),
]


@pytest.mark.parametrize(("title", "other"), TOPICS)
def test_another_topic_is_detected_in_the_title(title: str, other: bool) -> None:
    found = read_word("BÁO CÁO", *title.split("\n"), "- Tổng số chi bộ: 18.")
    assert bool(found.other_topic) == other


def test_counts_in_sentences_are_read_with_a_warning_each() -> None:
    found = read_word(
        "Toàn Đảng bộ có 18 chi bộ trực thuộc với 642 đảng viên. Đến nay 17/18 chi bộ tổ chức sinh hoạt "
        "chuyên đề, trong đó 12 chi bộ tổ chức riêng, 5 chi bộ lồng ghép; có 558/642 đảng viên tham gia."
    )
    assert values(found) == {
        "cells_total": "18",
        "members_total": "642",
        "cells_held": "17",
        "members_attended": "558",
        "cells_held_separately": "12",
        "cells_held_combined": "5",
    }
    assert {(f.rule, f.field, f.cell) for f in found.findings} == {
        ("sentence_read", k, "1") for k in values(found)
    }


def test_negated_sentence_gives_no_value() -> None:
    found = read_word("Còn 3 chi bộ chưa tổ chức sinh hoạt; dự kiến 2 chi bộ sẽ tổ chức sau.")
    assert values(found) == {}


@pytest.mark.parametrize("label", [None, "?", "12,5", "Nghị quyết gì đó"])
def test_value_without_label_is_reported(label: str | None) -> None:
    found = read_sheet(["Tổng số chi bộ", 18], [label, 31], ["Tổng số đảng viên", 540])
    assert [(f.rule, f.cell) for f in found.findings] == [("label_unknown", "A2")]
    beside = read_sheet(
        [
            "Tổng số chi bộ",
            label,
            "Tổng số đảng viên",
            "Số ĐV tham gia",
            "Số tin, bài tuyên truyền",
        ],
        [18, 31, 540, 500, 4],
    )
    assert [(f.rule, f.cell) for f in beside.findings] == [("label_unknown", "B1")]
