"""Notes beside a row: contradictions are detected, explanations are not taken for them."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction.note_phrases import contradicts
from sources.extraction.vocabulary import vocabulary_of

VOCABULARY = vocabulary_of(load_campaign())

CONTRADICTING = [
    ("Chưa sinh hoạt, hoãn sang 20/4", True),
    ("Không tổ chức", True),
    ("CHƯA SH", True),
    ("chua to chuc", True),
    ("Tạm hoãn do dịch Covid-19", True),
    ("Lùi sang 20/4", True),
    ("Dự kiến tổ chức 20/4", True),
    ("Hoãn", True),
    ("sẽ tổ chức sau", True),
    ("Chưa họp được do bí thư là F0", True),
    ("Chưa\u0300 họp; không họp", True),
    ("Số đúng: 21", True),
    ("Số đúng: 21", False),
    ("Số đúng: 21", None),
    ("đã sáp nhập", True),
    ("Đã sáp nhập với chi bộ thôn Hạ", False),
    ("ghi nhầm, sửa lại là 21", True),
    ("Thực tế 21 đ/c", True),
    ("Thôn đã giải thể", None),
    ("so dung 21", True),
    ("Trùng với dòng 3", None),
    ("Đính chính: 21", True),
    ("Đã tổ chức ngày 07/4", False),
    ("Họp ngày 7/4", False),
    ("đã SH xong", False),
    ("da sinh hoat", False),
]
EXPLAINING = [
    ("Vắng 02 đ/c do ốm", True),
    ("Sinh hoạt cùng chi bộ thôn Hạ", True),
    ("Đã tổ chức ngày 07/4", True),
    ("Chưa sinh hoạt, hoãn sang 20/4", False),
    ("Không tổ chức", False),
    ("Chưa tổ chức", None),
    ("", True),
    ("03 đ/c miễn sinh hoạt", True),
    ("Đảng viên dự bị: 2", True),
    ("Nhà văn hóa thôn", True),
    ("nữ 10", False),
    ("đ/c Bí thư Đảng ủy dự", True),
    ("Sinh hoạt trực tuyến", True),
    ("Chưa tổ chức được, sẽ họp ngày 20/4", False),
    ("Không hợp lệ", False),
    ("Lại Sơn", True),
    ("Không có", True),
]


@pytest.mark.parametrize(("note", "held"), CONTRADICTING)
def test_note_contradicting_its_row_is_detected(note: str, held: bool | None) -> None:
    assert contradicts(note, held, VOCABULARY)


@pytest.mark.parametrize(("note", "held"), EXPLAINING)
def test_explaining_note_is_not_a_contradiction(note: str, held: bool | None) -> None:
    assert not contradicts(note, held, VOCABULARY)
