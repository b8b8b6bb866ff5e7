"""Who issues a file of several parts or unusual layout, which parts count, and spellings of
names."""

from __future__ import annotations

import unicodedata

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.grids import Document, Grid, Paragraph
from sources.unit_names import UnitNames

CAMPAIGN = load_campaign()
NAMES = UnitNames(CAMPAIGN.registry, CAMPAIGN.form.organisations, CAMPAIGN.campaign.area)
CHU, CAM_SON, TAN_SON = "07525", "07528", "07531"
UNIT, PART, ADDRESSED, OTHER, NOBODY = "unit", "part", "addressed", "other", None
WIDE = ["TT", "Đơn vị", "Tổng số chi bộ", "Số chi bộ đã tổ chức sinh hoạt", "Tổng số đảng viên"]
CELLS = ["TT", "Tên chi bộ", "Loại hình", "Ngày sinh hoạt", "Hình thức", "Tổng số đảng viên"]
CELL = [1, "Chi bộ thôn Một", "Thôn", "5/4/2022", "Riêng", 20]


def word(*lines: str, signed: str = "") -> Document:
    blocks: list = [Paragraph(n, text) for n, text in enumerate(lines, 1)]
    if signed:
        blocks.append(
            Grid("Bảng 1", [["Nơi nhận:\n- Đảng ủy xã Cấm Sơn;\n- Lưu.", signed]], source="table")
        )
    return Document("docx", blocks)


def sheet(*rows: list) -> Document:
    return Document("xlsx", [Grid("A", list(rows))])


def archive(**members: list[str]) -> Document:
    return Document(
        "zip",
        [
            Paragraph(n, text, part=f"{name}.docx › ")
            for name, lines in members.items()
            for n, text in enumerate(lines, 1)
        ],
    )


COMMUNE = ["ĐẢNG ỦY XÃ TÂN SƠN", "BÁO CÁO", "- Tổng số chi bộ: 3."]
OF_A_CELL = ["ĐẢNG BỘ XÃ TÂN SƠN", "CHI BỘ THÔN HẠ", "BÁO CÁO", "- Tổng số đảng viên: 20."]

DOCUMENTS = [
    (word("ĐẢNG ỦY XÃ TÂN SƠN", "BÁO CÁO", signed="T/M CHI BỘ\nBÍ THƯ"), PART, TAN_SON),
    (word("ĐẢNG ỦY XÃ TÂN SƠN", "BÁO CÁO", signed="T/M ĐẢNG ỦY\nT/M CHI BỘ"), UNIT, TAN_SON),
    (word("ĐẢNG BỘ XÃ TÂN SƠN", "BÁO CÁO", "Kính gửi: Đảng ủy xã Tân Sơn"), PART, TAN_SON),
    (word("BÁO CÁO", "kết quả", "Kính gửi: Ban Thường vụ Đảng ủy xã Tân Sơn"), ADDRESSED, TAN_SON),
    (
        word("ĐẢNG ỦY XÃ TÂN SƠN", "BÁO CÁO", "Kính gửi:", "- Ban Tuyên giáo Huyện ủy."),
        UNIT,
        TAN_SON,
    ),
    (word("ĐẢNG ỦY XÃ TÂN SƠN", "Nơi nhận:", "- Đảng ủy xã Tân Sơn", "BÁO CÁO"), UNIT, TAN_SON),
    (word("ĐẢNG ỦY XÃ (THỊ TRẤN)..........", "BÁO CÁO"), NOBODY, None),
    (word("ĐẢNG BỘ HUYỆN YÊN DŨNG", "ĐẢNG ỦY XÃ TÂN SƠN", "BÁO CÁO"), OTHER, None),
    (word("HỘI NÔNG DÂN HUYỆN YÊN DŨNG", "BÁO CÁO"), OTHER, None),
    (word("ĐẢNG ỦY XÃ TÂN SƠN", "Xã Cấm Sơn, ngày 15 tháng 4 năm 2022", "BÁO CÁO"), UNIT, TAN_SON),
    (word("ĐẢNG ỦY XÃ TÂN SƠN", "B Á O C Á O", "kết quả"), UNIT, TAN_SON),
    (word("DANG UY XA TAN SON", "Tan Son, ngay 15 thang 4 nam 2022", "BAO CAO"), UNIT, TAN_SON),
    (word("BAO CAO", "Dang uy xa Tan Son bao cao ket qua nhu sau:"), UNIT, TAN_SON),
    (word(unicodedata.normalize("NFD", "ĐẢNG ỦY XÃ TÂN SƠN"), "BÁO CÁO"), UNIT, TAN_SON),
    (word("ĐẢNG ỦY XÃ T\u200bÂN\u00a0SƠN", "BÁO CÁO"), UNIT, TAN_SON),
    (word("ĐẢNG ỦY - HĐND - UBND - UBMTTQ XÃ TÂN SƠN", "BÁO CÁO"), UNIT, TAN_SON),
    (word("ĐẢNG BỘ XÃ TÂN SƠN", "BÁO CÁO", "kết quả của Chi bộ thôn Cầu Cao"), PART, TAN_SON),
    (word("ĐẢNG BỘ XÃ TÂN SƠN", "BÁO CÁO", "kết quả của các chi bộ thôn"), UNIT, TAN_SON),
    (word("BÁO CÁO", "kết quả của các xã Tân Sơn, Cấm Sơn, Kiên Lao"), NOBODY, None),
    (word("CHỦ TỊCH UBND", "BÁO CÁO"), NOBODY, None),
    (
        sheet(["PHỤ LỤC"], ["(Kèm theo Báo cáo số 25-BC/ĐU của Đảng ủy xã Tân Sơn)"], CELLS, CELL),
        UNIT,
        TAN_SON,
    ),
    (
        sheet(["BIỂU MẪU"], ["(Kèm theo Công văn số 5 của Huyện ủy Lục Ngạn)"], CELLS, CELL),
        NOBODY,
        None,
    ),
    (sheet(["ĐẢNG ỦY XÃ, THỊ TRẤN ……"], ["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"]), UNIT, TAN_SON),
    (sheet(["Đơn vị: Đảng ủy xã Tân Sơn, huyện Lục Ngạn, tỉnh Bắc Giang"]), UNIT, TAN_SON),
    (sheet(["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn, huyện Chi Lăng"]), OTHER, None),
    (
        sheet(["ĐẢNG BỘ XÃ TÂN SƠN"], ["KẾT QUẢ CỦA HỘI NÔNG DÂN, HỘI PHỤ NỮ"], CELLS, CELL),
        UNIT,
        TAN_SON,
    ),
    (sheet(["Đơn vị báo cáo", "Hội Nông dân"]), "organisation", None),
    (
        Document(
            "xlsx", [Grid("A", [CELLS, CELL]), Grid("HND", [["HỘI NÔNG DÂN XÃ TÂN SƠN"], CELLS])]
        ),
        NOBODY,
        None,
    ),
    (sheet(WIDE, [1, "Thị trấn Chũ", 12, 11, 222], [2, "Xã Cấm Sơn", 12, 11, 222]), NOBODY, None),
    (
        sheet(["TT", "Xã, thị trấn", "Số"], [1, "Thị trấn Chũ", 5], [2, "Xã Cấm Sơn", 6]),
        NOBODY,
        None,
    ),
    (archive(a=OF_A_CELL, b=COMMUNE), UNIT, TAN_SON),
    (archive(a=OF_A_CELL, b=[*OF_A_CELL[:1], "CHI BỘ THÔN TRUNG", "BÁO CÁO"]), PART, TAN_SON),
]


@pytest.mark.parametrize(("document", "kind", "code"), DOCUMENTS)
def test_a_document_names_its_issuer(document, kind, code):
    found = extract(document, CAMPAIGN)
    assert (found.issuer, found.unit_code) == (kind, code)


def values(document: Document) -> dict[str, str]:
    return {
        f.field: f.value
        for f in extract(document, CAMPAIGN).facts
        if f.value is not None and f.field != "unit"
    }


def test_party_cell_report_in_commune_archive_is_reported_and_not_counted():
    found = extract(archive(a=COMMUNE, b=OF_A_CELL), CAMPAIGN)
    assert {f.field: f.value for f in found.facts} == {"cells_total": "3"}
    assert [(f.rule, f.sheet, f.value) for f in found.findings] == [
        ("line_of_another", "b.docx › Đoạn 2", "CHI BỘ THÔN HẠ")
    ]


TABLES_OF_COMMUNES = [
    (
        "the only row that is filled in",
        [WIDE, [1, "Thị trấn Chũ"], [2, "Xã Cấm Sơn", 12, 11, 222], [3, "Xã Tân Sơn"]],
        "12",
    ),
    (
        "the row of the unit in the letterhead",
        [
            ["ĐẢNG ỦY XÃ TÂN SƠN"],
            WIDE,
            [1, "Thị trấn Chũ", 9, 9, 9],
            [2, "Xã Cấm Sơn", 12, 11, 222],
            [3, "Xã Tân Sơn", 5, 4, 100],
        ],
        "5",
    ),
    (
        "the row of the labelled unit",
        [
            ["Đơn vị báo cáo: xã Tân Sơn"],
            WIDE,
            [1, "Thị trấn Chũ", 9, 9, 9],
            [2, "Xã Tân Sơn", 5, 4, 100],
        ],
        "5",
    ),
    (
        "no row where several are filled in",
        [WIDE, [1, "Thị trấn Chũ", 9, 9, 9], [2, "Xã Cấm Sơn", 12, 11, 222]],
        None,
    ),
    (
        "nor the total of all",
        [
            WIDE,
            [1, "Thị trấn Chũ", 9, 9, 9],
            [2, "Xã Cấm Sơn", 12, 11, 222],
            [None, "Tổng cộng", 21, 20, 231],
        ],
        None,
    ),
]


@pytest.mark.parametrize(("why", "rows", "cells_total"), TABLES_OF_COMMUNES)
def test_own_row_counts_in_table_with_a_row_per_commune(why, rows, cells_total):
    assert values(sheet(*rows)).get("cells_total") == cells_total, why


SPELLINGS = [
    ("Quí Sơn", "07576"),
    ("Quý Sơn", "07576"),
    ("Qúy Sơn", "07576"),
    ("Sa Lý", "07540"),
    ("Xa Lí", "07540"),
    ("Mĩ An", "07600"),
    ("Ðồng Cốc", "07591"),
    ("Quỳ Sen", None),
]


@pytest.mark.parametrize(("written", "code"), SPELLINGS)
def test_spelling_is_recognised_everywhere_or_nowhere(written, code):
    row = {
        f.field: f.value
        for f in extract(
            sheet(
                ["Đơn vị báo cáo", "Hội Nông dân huyện"],
                ["TT", "Xã, thị trấn", "Tổng số chi hội", "Số đã sinh hoạt"],
                [1, f"Xã {written}", 5, 4],
            ),
            CAMPAIGN,
        ).facts
    }["commune"]
    assert row == code
    assert extract(sheet(["Đơn vị báo cáo", f"Đảng ủy xã {written}"]), CAMPAIGN).unit_code == code
    assert extract(word(f"ĐẢNG ỦY XÃ {written.upper()}", "BÁO CÁO"), CAMPAIGN).unit_code == code
    assert NAMES.in_file_name(f"BC xã {written}.xlsx") == code
