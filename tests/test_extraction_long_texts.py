"""Long texts on sheets: over several rows, several in one cell, below headings."""

from __future__ import annotations

import pytest
from made_reports import CAMPAIGN

from sources.extraction import extract
from sources.grids import Document, Grid

LAYOUTS = {
    "beside the label, over two rows": (
        [
            ["1", "Thuận lợi", "Được quan tâm."],
            [None, None, "Nhân dân đồng thuận."],
            ["2", "Khó khăn", "Địa bàn rộng."],
        ],
        {"advantages": "Được quan tâm.\nNhân dân đồng thuận.", "difficulties": "Địa bàn rộng."},
    ),
    "below the label": (
        [
            ["THUẬN LỢI"],
            ["Được quan tâm."],
            ["Nhân dân đồng thuận."],
            ["KIẾN NGHỊ"],
            ["Cấp thêm 12 bộ tài liệu."],
            ["Người lập biểu"],
            ["Không ghi tên"],
        ],
        {
            "advantages": "Được quan tâm.\nNhân dân đồng thuận.",
            "proposals": "Cấp thêm 12 bộ tài liệu.",
        },
    ),
    "several in one cell": (
        [["Đánh giá", "Thuận lợi: có. Khó khăn: thiếu 3 phòng họp."]],
        {"advantages": "có.", "difficulties": "thiếu 3 phòng họp."},
    ),
    "a page in one cell": (
        [
            [
                "II. Đánh giá chung\n1. Ưu điểm: Nghiêm túc.\n2. Tồn tại, hạn chế: Còn 3 đồng chí vắng.\n"
                "3. Kiến nghị: Không."
            ]
        ],
        {
            "advantages": "Nghiêm túc.",
            "difficulties": "Còn 3 đồng chí vắng.",
            "proposals": "Không.",
        },
    ),
    "headings of real reports": (
        [
            ["Tồn tại, hạn chế và nguyên nhân", "Đi làm xa"],
            ["Kiến nghị, đề xuất với Huyện ủy", "Cấp tài liệu"],
        ],
        {"difficulties": "Đi làm xa", "proposals": "Cấp tài liệu"},
    ),
    "a chapter ends a text": (
        [["Thuận lợi"], ["Được quan tâm."], ["IV. Phương hướng"], ["Tiếp tục tuyên truyền."]],
        {"advantages": "Được quan tâm."},
    ),
}


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_long_texts_on_a_sheet_are_read_in_full(layout: str) -> None:
    rows, texts = LAYOUTS[layout]
    found = extract(Document("xlsx", [Grid("Đánh giá", rows)]), CAMPAIGN)
    assert {f.field: f.value for f in found.facts if f.raw and f.section == "text"} == texts
    assert not found.findings


def test_label_of_two_texts_is_reported_for_the_second() -> None:
    rows = [["Tổng số chi bộ", 18], ["Thuận lợi, khó khăn", "Được quan tâm nhưng xa."]]
    found = extract(Document("xlsx", [Grid("Đánh giá", rows)]), CAMPAIGN)
    assert {(f.rule, f.field) for f in found.findings} == {("not_read", "difficulties")}
