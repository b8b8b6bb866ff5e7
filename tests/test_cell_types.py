"""Values are typed as FORM.md says, and what is not plainly of its type is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.campaigns import load_campaign
from sources.extraction.cell_types import UNTYPED, raw_text, type_count, type_date, type_mark
from sources.extraction.dictionary import dictionary_of

WORDS = dictionary_of(load_campaign())

COUNTS = [
    (25, "25"), (25.0, "25"), ("25", "25"), ("05", "5"), ("1.234", "1234"), ("1\u00a0234", "1234"), ("25 đ/c", "25"),
    ("25 đồng chí.", "25"), ("18 chi bộ", "18"), ("17/18 chi bộ (đạt 94,4%)", "17"), ("17/18 (94,4%)", "17"),
    ("17/18 chi bộ, đạt 94,4%", "17"), ("25 (đạt 94,4%)", "25"), ("Không", "0"), ("không có", "0"), ("-", "0"),
    (0, "0"), ("25/25", "25"), ("1.205/1.310 đảng viên (đạt 92%)", "1205"), ("25 đ/c/30 đ/c", "25"), ("25.0", "25"),
    ("25,0", "25"), ("1.234,0", "1234"), ("'25", "25"), ("18 chi bộ, trong đó 12 chi bộ thôn, 6 chi bộ trường", "18"),
    ("25 đ/c (trong đó có 5 nữ)", "25"), ("17/18, còn 1 chi bộ chưa tổ chức", "17"),
    ("17 chi bộ, còn 1 chi bộ chưa tổ chức", "17"),
]
NO_COUNTS = [
    ("85,5%", "a share"), ("100%", "a share"), (25.5, "a fraction"), ("25,5", "a fraction"), ("1,234", "a fraction"),
    ("1.23", "a fraction"), (-1, "negative"), ("-1", "negative"), ("hai mươi", "a word"), ("25 hoặc 26", "two numbers"),
    ("12 tin, 5 bài", "two numbers"), ("khoảng 25", "a guess"), ("25+", "a guess"), ("5/4", "part larger than whole"),
    (True, "a truth value"), (dt.date(2022, 4, 5), "a date"), (3e9, "too large"), ("9999999999", "too large"),
    ("25 chưa kể", "unclear"), ("25 còn 3", "unclear"), ("25,10", "a fraction"), ("30 thôn/25 đ/c", "part larger"),
    ("1.310/1.205", "part larger than whole"), ("17/18/19", "three numbers"), ("l5", "a letter"), ("2O", "a letter"),
]
DATES = [
    (dt.date(2022, 4, 5), "2022-04-05"), (dt.datetime(2022, 4, 5, 14, 0), "2022-04-05"), (44656, "2022-04-05"),
    ("44656", "2022-04-05"), ("05/4/2022", "2022-04-05"), ("5.4.2022", "2022-04-05"), ("05-4-2022", "2022-04-05"),
    ("5/4/22", "2022-04-05"), ("5/4", "2022-04-05"), ("ngày 05 tháng 4 năm 2022", "2022-04-05"),
    ("Ngày 5 tháng 4", "2022-04-05"), ("5 / 4 / 2022", "2022-04-05"), ("Thứ Ba, 5/4/2022", "2022-04-05"),
    ("14h00 ngày 05/4/2022", "2022-04-05"), ("2022-04-05", "2022-04-05"), ("5/4/2021", "2021-04-05"), ("-", None),
    ("05/04/2022 08:00", "2022-04-05"), ("05/4/2022 lúc 8h30", "2022-04-05"), ("2022-04-05T08:00:00", "2022-04-05"),
    ("5-Apr-22", "2022-04-05"), ("05-Thg4-2022", "2022-04-05"), ("5/4/2022 (buổi sáng)", "2022-04-05"),
]
NO_DATES = ["31/4", "30/2/2022", "04/15/2022", "5-7/4/2022", "tháng 4", "chưa", "5", 5, 20220405, True, "5/4/222",
            "5/4.2022", "31-Apr-22", "5-Foo-22", "5/4 8", "5/4/2022 và 6/4"]
YES = ["√", "01", "ü", "x", "X", "×", "✓", "có", "Có", "CÓ", 1, 1.0, "1", "đ", "Đ", True, " x "]
NO = ["0", 0, "không", "Không", "chưa", False]
NO_MARKS = ["v", "☒", "K", "đã", "một nửa", "2", 2, 0.5, "?", "-", "có, chưa đủ"]


@pytest.mark.parametrize(("value", "count"), COUNTS)
def test_a_count_is_read(value: object, count: str) -> None:
    assert type_count(value, WORDS) == count


@pytest.mark.parametrize(("value", "why"), NO_COUNTS)
def test_what_is_no_whole_number_is_refused(value: object, why: str) -> None:
    assert type_count(value, WORDS) is UNTYPED, why


@pytest.mark.parametrize(("value", "date"), DATES)
def test_a_date_is_read_day_first(value: object, date: str | None) -> None:
    assert type_date(value, 2022) == date


@pytest.mark.parametrize("value", NO_DATES)
def test_what_is_no_day_is_refused(value: object) -> None:
    assert type_date(value, 2022) is UNTYPED


def test_marks_are_yes_or_no_and_nothing_else() -> None:
    assert {v: type_mark(v, WORDS) for v in YES} == dict.fromkeys(YES, "true")
    assert {v: type_mark(v, WORDS) for v in NO} == dict.fromkeys(NO, "false")
    assert [type_mark(v, WORDS) for v in NO_MARKS] == [UNTYPED] * len(NO_MARKS)


@pytest.mark.parametrize(("value", "raw"), [
    (25.0, "25"), (25.5, "25.5"), ("25 đ/c", "25 đ/c"), (dt.datetime(2022, 4, 5), "2022-04-05"), (None, "")])
def test_raw_text_is_what_stands_in_the_file(value: object, raw: str) -> None:
    assert raw_text(value) == raw
