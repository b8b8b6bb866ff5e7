"""The issuer of a report: two units in one file, and different spellings of a name."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.grids import Document, Grid, Paragraph

CAMPAIGN = load_campaign()
OWN = [["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"], ["Tổng số chi bộ", 3]]
OTHER = [
    ["Đơn vị báo cáo", "Đảng ủy xã Cấm Sơn"],
    ["Tổng số chi bộ", 5],
    ["Số tin, bài, lượt phát thanh tuyên truyền", 9],
]
HEADER = ["TT", "Tên thôn, tổ dân phố", "Trưởng thôn là đảng viên", "Số đảng viên"]


def facts_of(found: Extract) -> dict[str, str | None]:
    return {f.field: f.value for f in found.facts if f.value is not None}


def findings_of(found: Extract) -> list[tuple[str, str | None, str | None]]:
    return [(f.rule, f.sheet, f.cell) for f in found.findings]


def test_sheet_of_another_commune_is_reported_and_not_counted() -> None:
    grids: list = [Grid("Một", OWN), Grid("Hai", [*OTHER, [], HEADER, [1, "Thôn Cầu", "x", 30]])]
    found = extract(Document("xlsx", grids), CAMPAIGN)
    assert facts_of(found) == {"unit": "07531", "cells_total": "3"}
    assert ("line_of_another", "Hai", "B1") in findings_of(found)


def test_archive_member_of_another_commune_is_reported_and_not_counted() -> None:
    blocks: list = [
        Paragraph(1, "ĐẢNG ỦY XÃ TÂN SƠN", part="a.docx › "),
        Paragraph(2, "- Tổng số chi bộ: 3.", part="a.docx › "),
        Grid("b.xlsx", [["Số đảng viên dự sinh hoạt", 55], ["Tổng số đảng viên", 62]]),
        Paragraph(1, "ĐẢNG ỦY XÃ CẤM SƠN", part="c.docx › "),
        Paragraph(2, "- Số thôn, TDP: 9.", part="c.docx › "),
        Grid("c.docx › Bảng 1", [HEADER, [1, "Thôn Cầu", "x", 30]], source="table"),
    ]
    found = extract(Document("zip", blocks), CAMPAIGN)
    assert facts_of(found) == {"cells_total": "3", "members_attended": "55", "members_total": "62"}
    assert findings_of(found) == [("line_of_another", "c.docx › Đoạn 1", "1")]


def test_archive_member_of_another_organisation_is_reported_and_not_counted() -> None:
    blocks: list = [
        Paragraph(1, "HỘI NÔNG DÂN HUYỆN LỤC NGẠN", part="a.docx › "),
        Paragraph(2, "- Tổng số tin, bài: 3.", part="a.docx › "),
        Paragraph(1, "HỘI CỰU CHIẾN BINH HUYỆN LỤC NGẠN", part="b.docx › "),
        Grid("b.docx › Bảng 1", [["Số đảng viên dự sinh hoạt", 55]], source="table"),
    ]
    found = extract(Document("zip", blocks), CAMPAIGN)
    assert found.unit_code == "219-HND" and "members_attended" not in facts_of(found)
    assert ("line_of_another", "b.docx › Đoạn 1", "1") in findings_of(found)


def test_report_by_commune_organisation_is_by_part_of_the_commune() -> None:
    for lines in (
        ["HỘI NÔNG DÂN XÃ TÂN SƠN"],
        ["HỘI NÔNG DÂN HUYỆN LỤC NGẠN", "HỘI NÔNG DÂN XÃ TÂN SƠN"],
    ):
        found = extract(
            Document("docx", [Paragraph(n, t) for n, t in enumerate(lines, 1)]), CAMPAIGN
        )
        assert (found.issuer, found.unit_code, found.unit_text) == (
            "part",
            "07531",
            "HỘI NÔNG DÂN XÃ TÂN SƠN",
        )


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Đảng ủy xã Quí Sơn", "07576"),
        ("xã Mĩ An", "07600"),
        ("Ðảng ủy xã Ðồng Cốc", "07591"),
        ("Xã Quỳ Sen", None),
    ],
)
def test_two_spellings_of_a_name_are_one_unit(written: str, code: str | None) -> None:
    grid = Grid("A", [["Đơn vị báo cáo", written], ["Tổng số chi bộ", 3]])
    assert extract(Document("xlsx", [grid]), CAMPAIGN).unit_code == code


ORGANISATIONS = [
    ("Ủy ban Mặt trận Tổ quốc Việt Nam xã Tân Sơn", "fatherland_front"),
    ("2. Hội Nông dân Việt Nam xã", "farmers_union"),
    ("Hội Liên hiệp Phụ nữ Việt Nam", "womens_union"),
    ("CĐ cơ sở", "labour_federation"),
]


@pytest.mark.parametrize(("written", "code"), ORGANISATIONS)
def test_organisation_is_identified_by_full_name(written: str, code: str | None) -> None:
    grid = Grid("A", [["Tổ chức", "Tổng số chi hội", "Số đã sinh hoạt"], [written, 6, 5]])
    assert [
        f.value
        for f in extract(Document("xlsx", [grid]), CAMPAIGN).facts
        if f.field == "organisation"
    ] == [code]
