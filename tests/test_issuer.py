"""Who issues a report: the unit, a part of it, or an unknown issuer."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Paragraph

CAMPAIGN = load_campaign()
TAN_SON, CHU, KIM_SON, TRU_HUU = "07531", "07525", "07564", "07579"
UNIT, PART, ADDRESSED, OTHER, NOBODY = "unit", "part", "addressed", "other", None
TITLE = "BÁO CÁO"
SUBJECT = (
    "kết quả sinh hoạt chuyên đề “Nâng cao tỷ lệ đảng viên trong đội ngũ trưởng thôn, tổ dân phố”"
)

# The left column of a letterhead from top to bottom, who issues the report, and the unit that it is
# or belongs to.
LETTERHEADS = [
    ("ĐẢNG BỘ HUYỆN LỤC NGẠN / ĐẢNG ỦY XÃ TÂN SƠN", UNIT, TAN_SON),
    ("ĐẢNG BỘ HUYỆN LỤC NGẠN / ĐẢNG ỦY XÃ / TÂN SƠN", UNIT, TAN_SON),
    ("ĐẢNG BỘ HUYỆN LỤC NGẠN / BAN CHẤP HÀNH ĐẢNG BỘ / XÃ TÂN SƠN", UNIT, TAN_SON),
    ("HUYỆN ỦY LỤC NGẠN / BTV ĐẢNG ỦY XÃ TÂN SƠN", UNIT, TAN_SON),
    ("ĐẢNG BỘ XÃ TÂN SƠN / VĂN PHÒNG ĐẢNG ỦY", UNIT, TAN_SON),
    ("ĐẢNG ỦY XÃ TÂN SƠN / BAN TUYÊN GIÁO", UNIT, TAN_SON),
    ("ĐẢNG UỶ XÃ TÂN SƠN", UNIT, TAN_SON),
    ("XÃ TÂN SƠN", UNIT, TAN_SON),
    ("TỈNH BẮC GIANG / HUYỆN LỤC NGẠN / XÃ TÂN SƠN", UNIT, TAN_SON),
    ("ĐẢNG BỘ HUYỆN LỤC NGẠN / ĐẢNG ỦY THỊ TRẤN CHŨ", UNIT, CHU),
    ("ĐẢNG ỦY TT CHŨ", UNIT, CHU),
    ("ĐẢNG ỦY XÃ QUÍ SƠN", UNIT, "07576"),
    ("ĐẢNG ỦY XÃ SA LÝ", UNIT, "07540"),
    ("DANG BO HUYEN LUC NGAN / DANG UY XA TRU HUU", UNIT, TRU_HUU),
    ("ỦY BAN NHÂN DÂN / XÃ KIM SƠN", UNIT, KIM_SON),
    ("UBND HUYỆN LỤC NGẠN / UBND XÃ KIM SƠN", UNIT, KIM_SON),
    ("ĐẢNG BỘ XÃ TÂN SƠN / CHI BỘ TRƯỜNG THCS", PART, TAN_SON),
    ("ĐẢNG ỦY XÃ TÂN SƠN / CHI BỘ THÔN CẦU CAO", PART, TAN_SON),
    ("ĐẢNG BỘ XÃ TÂN SƠN / CHI BỘ TRƯỜNG TIỂU HỌC KIM SƠN", PART, TAN_SON),
    ("ĐẢNG BỘ XÃ TÂN SƠN / TRƯỜNG MẦM NON", PART, TAN_SON),
    ("ĐẢNG BỘ THỊ TRẤN CHŨ / CHI BỘ TDP MINH KHAI", PART, CHU),
    ("CHI BỘ QUÂN SỰ XÃ TÂN SƠN", PART, TAN_SON),
    ("CHI BỘ TRẠM Y TẾ / XÃ TÂN SƠN", PART, TAN_SON),
    ("ĐẢNG ỦY CÔNG AN HUYỆN / CHI BỘ CÔNG AN XÃ TÂN SƠN", PART, TAN_SON),
    ("DANG BO XA TRU HUU / CHI BO THON HA", PART, TRU_HUU),
    ("HỘI NÔNG DÂN HUYỆN LỤC NGẠN / BCH HỘI NÔNG DÂN XÃ TÂN SƠN", PART, TAN_SON),
    ("HỘI NÔNG DÂN HUYỆN LỤC NGẠN / XÃ TÂN SƠN", PART, TAN_SON),
    ("HỘI NÔNG DÂN / XÃ TÂN SƠN", PART, TAN_SON),
    ("HỘI LIÊN HIỆP / PHỤ NỮ VIỆT NAM / XÃ TÂN SƠN", PART, TAN_SON),
    ("ỦY BAN MẶT TRẬN / TỔ QUỐC VIỆT NAM XÃ TÂN SƠN", PART, TAN_SON),
    ("ỦY BAN MTTQ VIỆT NAM HUYỆN LỤC NGẠN / UBMTTQ XÃ TÂN SƠN", PART, TAN_SON),
    ("BCH ĐOÀN HUYỆN LỤC NGẠN / ĐOÀN XÃ TÂN SƠN", PART, TAN_SON),
    ("HUYỆN ĐOÀN LỤC NGẠN / BCH ĐOÀN XÃ TÂN SƠN", PART, TAN_SON),
    ("ĐOÀN TNCS HỒ CHÍ MINH / XÃ TÂN SƠN", PART, TAN_SON),
    ("LIÊN ĐOÀN LAO ĐỘNG HUYỆN / CÔNG ĐOÀN CƠ SỞ XÃ TÂN SƠN", PART, TAN_SON),
    ("LIÊN ĐOÀN LAO ĐỘNG HUYỆN / CĐCS CƠ QUAN HUYỆN ỦY", PART, "219-LDLD"),
    ("HỘI ĐỒNG NHÂN DÂN / XÃ TÂN SƠN", PART, TAN_SON),
    ("HỢP TÁC XÃ NÔNG NGHIỆP TÂN SƠN", PART, TAN_SON),
    ("ĐẢNG BỘ HUYỆN LỤC NGẠN / CHI BỘ HỘI NÔNG DÂN HUYỆN", PART, "219-HND"),
    ("CHI BỘ THÔN CẦU CAO", PART, None),
    ("HỘI NÔNG DÂN HUYỆN LỤC NGẠN", UNIT, "219-HND"),
    ("HỘI LHPN TỈNH BẮC GIANG / BAN CHẤP HÀNH HUYỆN LỤC NGẠN", UNIT, "219-HLHPN"),
    ("ĐOÀN TNCS HỒ CHÍ MINH / BCH HUYỆN LỤC NGẠN", UNIT, "219-DTN"),
    ("HỘI NÔNG DÂN VIỆT NAM / BAN CHẤP HÀNH / HUYỆN LỤC NGẠN", UNIT, "219-HND"),
    ("ĐOÀN TNCS HỒ CHÍ MINH / BCH HUYỆN LỤC NGẠN / ĐOÀN XÃ TÂN SƠN", PART, "07531"),
    ("HỘI NÔNG DÂN TỈNH BẮC GIANG / BAN CHẤP HÀNH HỘI NÔNG DÂN HUYỆN LỤC NGẠN", UNIT, "219-HND"),
    ("ỦY BAN MTTQ VIỆT NAM / HUYỆN LỤC NGẠN", UNIT, "219-MTTQ"),
    ("TỈNH ĐOÀN BẮC GIANG / BCH ĐOÀN HUYỆN LỤC NGẠN", UNIT, "219-DTN"),
    ("ĐẢNG BỘ HUYỆN LỤC NGẠN / HUYỆN ĐOÀN", UNIT, "219-DTN"),
    ("ĐẢNG BỘ HUYỆN LỤC NGẠN / ĐẢNG ỦY XÃ YÊN ĐỊNH", OTHER, None),
    ("HỘI NÔNG DÂN HUYỆN LỤC NGẠN / HỘI NÔNG DÂN XÃ YÊN ĐỊNH", OTHER, None),
    ("ĐẢNG BỘ TỈNH BẮC GIANG / HUYỆN ỦY LỤC NGẠN", NOBODY, None),
    ("HUYỆN ỦY LỤC NGẠN / BAN TUYÊN GIÁO", NOBODY, None),
]


def in_a_table(lines: str) -> Document:
    """As Word reports have it: two columns, number and date below."""
    left = "\n".join([*lines.split(" / "), "*", "Số 25-BC/ĐU"])
    right = "ĐẢNG CỘNG SẢN VIỆT NAM\n\nKiên Lao, ngày 15 tháng 4 năm 2022"
    return Document(
        "docx",
        [
            Grid("Bảng 1", [[left, right]], source="table"),
            Paragraph(1, TITLE),
            Paragraph(2, SUBJECT),
        ],
    )


def in_paragraphs(lines: str) -> Document:
    """Set with tabs, without a table."""
    return Document(
        "docx",
        [
            Paragraph(n, f"{text}\tĐẢNG CỘNG SẢN VIỆT NAM")
            for n, text in enumerate([*lines.split(" / "), TITLE, SUBJECT], 1)
        ],
    )


def on_a_sheet(lines: str) -> Document:
    """The first rows of a sheet, with a table below."""
    rows: list = [[text, None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"] for text in lines.split(" / ")]
    header = ["TT", "Tên chi bộ", "Loại hình", "Ngày sinh hoạt", "Hình thức", "Tổng số đảng viên"]
    return Document(
        "xlsx",
        [
            Grid(
                "Sheet1",
                [
                    *rows,
                    ["BIỂU TỔNG HỢP KẾT QUẢ"],
                    header,
                    [1, "Chi bộ thôn Một", "Thôn", dt.date(2022, 4, 5), "Riêng", 20],
                ],
            )
        ],
    )


def issuer(document: Document) -> tuple[str | None, str | None]:
    found = extract(document, CAMPAIGN)
    return found.issuer, found.unit_code


def rules(found: Extract) -> set[str]:
    return {f.rule for f in found.findings}


@pytest.mark.parametrize("made", [in_a_table, in_paragraphs, on_a_sheet])
@pytest.mark.parametrize(("lines", "kind", "code"), LETTERHEADS)
def test_a_letterhead_names_its_issuer(lines, kind, code, made):
    assert issuer(made(lines)) == (kind, code)


# The lines of a report without a letterhead.
TITLES = [
    (["BÁO CÁO của Đảng ủy xã Tân Sơn"], UNIT, TAN_SON),
    (["BÁO CÁO", "kết quả sinh hoạt chuyên đề của Đảng bộ xã Tân Sơn"], UNIT, TAN_SON),
    (["BIỂU TỔNG HỢP KẾT QUẢ SINH HOẠT CHUYÊN ĐỀ", "ĐẢNG BỘ XÃ TÂN SƠN"], UNIT, TAN_SON),
    (["TỔNG HỢP KẾT QUẢ SINH HOẠT CÁC CHI BỘ XÃ TÂN SƠN"], UNIT, TAN_SON),
    (["BÁO CÁO kết quả sinh hoạt chi bộ xã Tân Sơn"], UNIT, TAN_SON),
    (["KẾT QUẢ SINH HOẠT CỦA MTTQ, CÁC ĐOÀN THỂ", "XÃ TÂN SƠN"], UNIT, TAN_SON),
    (["BÁO CÁO", "kết quả sinh hoạt của Hội Nông dân xã Tân Sơn"], PART, TAN_SON),
    (["BÁO CÁO KẾT QUẢ SINH HOẠT CỦA HỘI NÔNG DÂN", "XÃ TÂN SƠN"], PART, TAN_SON),
    (["BÁO CÁO kết quả sinh hoạt của Chi bộ thôn Cầu Cao, xã Tân Sơn"], PART, TAN_SON),
    (["BÁO CÁO", "kết quả thực hiện Nghị quyết của Đảng ủy xã Tân Sơn"], NOBODY, None),
    (["BÁO CÁO", "học tập “Gương sáng Đảng ủy xã Tân Sơn”"], NOBODY, None),
    (["BÁO CÁO", "Kính gửi: Đảng ủy xã Tân Sơn"], ADDRESSED, TAN_SON),
    (["BÁO CÁO", "Kính gửi:", "- Đảng ủy xã Tân Sơn;", "- Ban Tuyên giáo."], ADDRESSED, TAN_SON),
    (["BÁO CÁO", "Kính gửi: Ban Tuyên giáo Huyện ủy Lục Ngạn"], NOBODY, None),
    (["V/v báo cáo kết quả của Đảng ủy xã Tân Sơn"], NOBODY, None),
    (
        [
            "BÁO CÁO",
            "Được sự giúp đỡ của Đảng ủy xã Kiên Lao trong việc tổ chức điểm,",
            "Đảng ủy thị trấn Chũ báo cáo như sau:",
        ],
        UNIT,
        CHU,
    ),
    (
        [
            "BÁO CÁO",
            "Thực hiện Hướng dẫn số 12-HD/HU, Đảng ủy xã Tân Sơn xin báo cáo kết quả như sau:",
        ],
        UNIT,
        TAN_SON,
    ),
    (["BÁO CÁO", "Hội Nông dân xã Tân Sơn báo cáo kết quả sinh hoạt như sau:"], PART, TAN_SON),
    (["BÁO CÁO", "Đoàn công tác đến làm việc với Đảng ủy xã Tân Sơn."], NOBODY, None),
    (["BÁO CÁO", "Tổng số chi bộ: 18", "Nơi nhận:\n- Đảng ủy xã Tân Sơn;\n- Lưu."], NOBODY, None),
    (["BÁO CÁO", "Tổng số chi bộ: 18", "T/M ĐẢNG ỦY XÃ TÂN SƠN"], UNIT, TAN_SON),
]


@pytest.mark.parametrize(("lines", "kind", "code"), TITLES)
def test_a_title_or_sentence_names_its_issuer(lines, kind, code):
    assert issuer(Document("docx", [Paragraph(n, text) for n, text in enumerate(lines, 1)])) == (
        kind,
        code,
    )


LABELS = [
    ([["Đơn vị báo cáo: Đảng ủy xã Tân Sơn"]], UNIT, TAN_SON),
    ([["Đơn vị", "Xa Tru Huu"]], UNIT, TRU_HUU),
    ([["Đơn vị báo cáo", "Chi bộ thôn Cầu Cao, xã Tân Sơn"]], PART, TAN_SON),
    ([["Đơn vị báo cáo", "Hội Nông dân xã Tân Sơn"]], PART, TAN_SON),
    ([["ĐẢNG BỘ XÃ TÂN SƠN"], ["Đơn vị báo cáo", "Chi bộ Trường THCS"]], PART, TAN_SON),
    ([["Đơn vị báo cáo", "Đảng ủy xã Yên Định"]], OTHER, None),
    (
        [
            ["ĐẢNG ỦY XÃ TÂN SƠN"],
            [],
            ["TT", "Nội dung", "Đơn vị", "Kế hoạch", "Kết quả"],
            [1, "Tổng số chi bộ", "Chi bộ", 13, 13],
        ],
        UNIT,
        TAN_SON,
    ),
    (
        [
            ["ĐẢNG ỦY XÃ TÂN SƠN"],
            ["TT", "Tên đơn vị", "Ngày sinh hoạt", "Tổng số đảng viên", "Số đảng viên dự"],
            [1, "Chi bộ thôn Cầu Cao", "5/4/2022", 25, 23],
        ],
        UNIT,
        TAN_SON,
    ),
]


@pytest.mark.parametrize(("rows", "kind", "code"), LABELS)
def test_a_labelled_line_names_its_issuer(rows, kind, code):
    assert issuer(Document("xlsx", [Grid("A", rows)])) == (kind, code)


def test_page_header_names_issuer_only_as_last_resort():
    header = Paragraph(1, "Đảng ủy xã Kiên Lao", part="Đầu trang › ")
    assert issuer(Document("docx", [header, *in_a_table("ĐẢNG ỦY XÃ TÂN SƠN").blocks])) == (
        UNIT,
        TAN_SON,
    )
    assert issuer(Document("docx", [header, Paragraph(1, TITLE), Paragraph(2, SUBJECT)])) == (
        UNIT,
        "07552",
    )


CONFLICTS = [
    ([["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"], ["BIỂU TỔNG HỢP CỦA ĐẢNG BỘ XÃ CẤM SƠN"]], "A2"),
    ([["ĐẢNG ỦY XÃ CẤM SƠN"], ["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"]], "A1"),
]


@pytest.mark.parametrize(("rows", "ref"), CONFLICTS)
def test_two_units_in_one_report_are_a_finding(rows, ref):
    found = extract(Document("xlsx", [Grid("A", rows)]), CAMPAIGN)
    assert found.unit_code == TAN_SON
    assert [(f.rule, f.cell) for f in found.findings if f.rule == "unit_names_differ"] == [
        ("unit_names_differ", ref)
    ]


def test_name_with_other_accents_counts_and_is_reported():
    found = extract(in_a_table("ĐẢNG ỦY XÃ PHƯƠNG SƠN"), CAMPAIGN)
    assert found.unit_code == "07612"
    assert "unit_name_assumed" in rules(found)
    assert "unit_name_assumed" not in rules(extract(in_a_table("ĐẢNG ỦY XÃ PHƯỢNG SƠN"), CAMPAIGN))


@pytest.mark.parametrize(
    ("name", "near"),
    [("PHỢNG SƠN", "07612"), ("BIỂN ĐỘNGG", "07573"), ("YÊN ĐỊNH", None), ("AN", None)],
)
def test_misspelt_unit_is_unknown_and_nearest_name_is_kept(name, near):
    found = extract(in_a_table(f"ĐẢNG ỦY XÃ {name}"), CAMPAIGN)
    assert (found.issuer, found.unit_code, found.unit_near) == (OTHER, None, near)
