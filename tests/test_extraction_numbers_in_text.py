"""Every number of a text is read, of a known kind, or unexplained."""

from __future__ import annotations

import pytest

from sources.campaigns import load_campaign
from sources.extraction.numbers_in_text import unexplained_numbers
from sources.extraction.numerals import with_digits
from sources.extraction.vocabulary import vocabulary_of

VOCABULARY = vocabulary_of(load_campaign())

EXPLAINED = [
    "Thực hiện Hướng dẫn số 12-HD/HU ngày 25/3/2022 của Ban Thường vụ Huyện ủy",
    "Chỉ thị số 14-CT/TU ngày 30/9/2021, Kế hoạch 64-KH/HU, Kế hoạch số 40/KH-UBND và Nghị định 25/2022/NĐ-CP",
    "Công văn số 45 ngày 28 tháng 3 năm 2022",
    "Số 12‑BC/ĐU",
    "nhiệm kỳ 2022-2025",
    "giai đoạn 2020 – 2025",
    "1. Công tác chỉ đạo",
    "2.1. Kết quả",
    "2.1 Kết quả",
    "(1) Thuận lợi",
    "1) Khó khăn",
    "5/ Kiến nghị",
    "3- Đề xuất",
    "từ ngày 03 đến 15/4/2022",
    "từ ngày 03/4 đến hết ngày 15/4/2022",
    "Tính đến 17 giờ ngày 15/4/2022",
    "trước ngày 15/4",
    "trong tháng 4/2022",
    "quý I/2022",
    "vào 7h30 ngày 5/4",
    "trong 10 ngày đầu tháng 4",
    "các nội dung 2.1, 2.2 và 2.3",
    "đủ 03 nội dung",
    "theo Phụ lục 1",
    "dịch Covid-19",
    "Đảng bộ huyện lần thứ 26",
    "không có số nào",
    "một số đảng viên đi làm ăn xa",
    "Xã có ba mặt giáp rừng.",
]


@pytest.mark.parametrize("text", EXPLAINED)
def test_known_kinds_of_numbers_are_explained(text: str) -> None:
    assert unexplained_numbers(text, VOCABULARY) == []


UNEXPLAINED = [
    ("18 chi bộ trực thuộc", ["18"]),
    ("Có 330/345 đồng chí (đạt 95,7%)", ["330/345"]),
    ("đạt 95,7%", ["95,7%"]),
    ("Đến ngày 15/4/2022, 17 chi bộ đã họp", ["17"]),
    ("ngày 05, 18 chi bộ", ["18"]),
    ("Có mười tám chi bộ", ["18"]),
    ("9/12 trưởng thôn", ["9/12"]),
    ("từ 15 đến 20 lượt", ["15", "20"]),
    ("1 310 đảng viên", ["1.310"]),
    ("trưởng thôn 02, phó thôn 01", ["02", "01"]),
    ("ban hành kế hoạch 01, công văn 02", ["01", "02"]),
    ("17 trên tổng số 18 chi bộ", ["17/18"]),
    ("ĐT 0204123456", ["0204123456"]),
    ("330/345, vắng 14", ["330/345", "14"]),
    ("330/345, đạt 80%", ["330/345", "80%"]),
    ("tăng từ 7/12 lên 9/12", ["7/12", "9/12"]),
]


@pytest.mark.parametrize(("text", "numbers"), UNEXPLAINED)
def test_other_numbers_are_unexplained(text: str, numbers: list[str]) -> None:
    assert [n.text for n in unexplained_numbers(text, VOCABULARY)] == numbers


AROUND_A_READ_ONE = [  # texts, the part that was read, and what stays
    ("330/345 đồng chí (đạt 95,7%), vắng 15 có lý do", "330/345", []),
    ("345 đồng chí; dự 330 đồng chí = 95,7%; vắng 15 đồng chí", "345", ["330"]),
    ("18 (12 chi bộ thôn, 03 trường học, 03 cơ quan)", "18", []),
    ("18 chi bộ, trong đó 12 chi bộ thôn, 03 trường học", "18", ["12", "03"]),
    ("18 (mười tám) chi bộ", "18", []),
]


@pytest.mark.parametrize(("text", "part", "numbers"), AROUND_A_READ_ONE)
def test_numbers_equal_to_a_read_value_are_explained(
    text: str, part: str, numbers: list[str]
) -> None:
    start = with_digits(text, VOCABULARY).index(part)
    assert [
        n.text for n in unexplained_numbers(text, VOCABULARY, [(start, start + len(part))])
    ] == numbers


NUMERALS = [
    ("mười tám chi bộ", "18 chi bộ"),
    ("ba trăm bốn mươi lăm đảng viên", "345 đảng viên"),
    ("Hai mươi mốt thôn", "21 thôn"),
    ("một trăm linh năm đồng chí", "105 đồng chí"),
    ("……18……", " 18 "),
    ("____12____", " 12 "),
    ("18¹ chi bộ", "18 chi bộ"),
    ("345(²)", "345"),
    ("１２", "12"),
    ("1\u00a0298 đồng chí", "1.298 đồng chí"),
    ("17 trong tổng số 18", "17/18"),
    ("ba mặt", "ba mặt"),
    ("chi bộ thôn Hai", "chi bộ thôn Hai"),
]


@pytest.mark.parametrize(("text", "plain"), NUMERALS)
def test_number_words_become_digits(text: str, plain: str) -> None:
    assert with_digits(text, VOCABULARY) == plain
    assert with_digits(plain, VOCABULARY) == plain
