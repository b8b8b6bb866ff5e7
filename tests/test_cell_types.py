"""Values are typed as the form declares; what is not plainly of its type is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.campaigns import load_campaign
from sources.extraction.cell_types import (
    BLANK,
    UNTYPED,
    raw_text,
    type_count,
    type_date,
    type_mark,
    type_value,
)
from sources.extraction.vocabulary import vocabulary_of
from sources.form import Form, FormField

VOCABULARY = vocabulary_of(load_campaign())


def field(section: str, key: str) -> FormField:
    return VOCABULARY.campaign.form.field(section, key)


COUNTS = [
    (25, "25"),
    (25.0, "25"),
    ("25", "25"),
    ("05", "5"),
    ("1.234", "1234"),
    ("1\u00a0234", "1234"),
    ("25 đ/c", "25"),
    ("25 đồng chí.", "25"),
    ("18 chi bộ", "18"),
    ("17/18 chi bộ (đạt 94,4%)", "17"),
    ("17/18 (94,4%)", "17"),
    ("17/18 chi bộ, đạt 94,4%", "17"),
    ("25 (đạt 94,4%)", "25"),
    ("Không", "0"),
    ("không có", "0"),
    ("-", "0"),
    (0, "0"),
    ("25/25", "25"),
    ("1.205/1.310 đảng viên (đạt 92%)", "1205"),
    ("25 đ/c/30 đ/c", "25"),
    ("25.0", "25"),
    ("25,0", "25"),
    ("1.234,0", "1234"),
    ("'25", "25"),
    ("18 chi bộ, trong đó 12 chi bộ thôn, 6 chi bộ trường", "18"),
    ("25 đ/c (trong đó có 5 nữ)", "25"),
    ("17/18, còn 1 chi bộ chưa tổ chức", "17"),
    ("17 chi bộ, còn 1 chi bộ chưa tổ chức", "17"),
]
NO_COUNTS = [
    ("85,5%", "a share"),
    ("100%", "a share"),
    (25.5, "a fraction"),
    ("25,5", "a fraction"),
    ("1,234", "a fraction"),
    ("1.23", "a fraction"),
    (-1, "negative"),
    ("-1", "negative"),
    ("hai mươi", "a word"),
    ("25 hoặc 26", "two numbers"),
    ("khoảng 25", "a guess"),
    ("25+", "a guess"),
    ("5/4", "part larger than whole"),
    (True, "a truth value"),
    (dt.date(2022, 4, 5), "a date"),
    (3e9, "too large"),
    ("9999999999", "too large"),
    ("25 chưa kể", "unclear"),
    ("25 còn 3", "unclear"),
    ("25,10", "a fraction"),
    ("30 thôn/25 đ/c", "part larger"),
    ("1.310/1.205", "part larger than whole"),
    ("17/18/19", "three numbers"),
    ("l5", "a letter"),
    ("2O", "a letter"),
]
DATES = [
    (dt.date(2022, 4, 5), "2022-04-05"),
    (dt.datetime(2022, 4, 5, 14, 0), "2022-04-05"),
    (44656, "2022-04-05"),
    ("44656", "2022-04-05"),
    ("05/4/2022", "2022-04-05"),
    ("5.4.2022", "2022-04-05"),
    ("05-4-2022", "2022-04-05"),
    ("05\u20114\u20112022", "2022-04-05"),
    ("5/4/22", "2022-04-05"),
    ("5/4", "2022-04-05"),
    ("ngày 05 tháng 4 năm 2022", "2022-04-05"),
    ("Ngày 5 tháng 4", "2022-04-05"),
    ("5 / 4 / 2022", "2022-04-05"),
    ("Thứ Ba, 5/4/2022", "2022-04-05"),
    ("14h00 ngày 05/4/2022", "2022-04-05"),
    ("2022-04-05", "2022-04-05"),
    ("5/4/2021", "2021-04-05"),
    ("-", None),
    ("05/04/2022 08:00", "2022-04-05"),
    ("05/4/2022 lúc 8h30", "2022-04-05"),
    ("2022-04-05T08:00:00", "2022-04-05"),
    ("5-Apr-22", "2022-04-05"),
    ("05-Thg4-2022", "2022-04-05"),
    ("5/4/2022 (buổi sáng)", "2022-04-05"),
]
NO_DATES = [
    "31/4",
    "30/2/2022",
    "04/15/2022",
    "5-7/4/2022",
    "tháng 4",
    "5",
    5,
    20220405,
    True,
    "5/4/222",
    "5/4.2022",
    "31-Apr-22",
    "5-Foo-22",
    "5/4 8",
    "5/4/2022 và 6/4",
]
YES = ["√", "01", "ü", "x", "X", "×", "✓", "có", "Có", "CÓ", 1, 1.0, "1", "đ", "Đ", True, " x "]
NO = ["0", 0, "không", "Không", "chưa", False]
NO_MARKS = ["đã", "một nửa", "2", 2, 0.5, "?", "có, chưa đủ"]


# What clerks type beside a number, a day or a mark; the second is the canonical text, None where it
# stays an error.
TYPED_COUNTS = [
    ("28 (vắng 02)", "28"),
    ("28 (vắng 02 đ/c)", "28"),
    ("28, vắng 2", "28"),
    ("28 đ/c (vắng 2 có lý do)", "28"),
    ("28; vắng: 2", "28"),
    ("28 - vắng 2", "28"),
    ("28 (02 vắng)", "28"),
    ("28 (02 đ/c vắng do ốm)", "28"),
    ("25*", "25"),
    ("25 (*)", "25"),
    ("25¹", "25"),
    ("345(²)", "345"),
    ("25(1)", "25"),
    ("18¹ chi bộ", "18"),
    ("25 ①", "25"),
    ("18 (1 ghép)", "18"),
    ("nam 15, nữ 10", "25"),
    ("Nam: 15; Nữ: 10", "25"),
    ("15 nam, 10 nữ", "25"),
    ("15 nam + 10 nữ", "25"),
    ("Nam 15 đ/c, nữ 10 đ/c", "25"),
    ("nữ 10 và nam 15", "25"),
    ("Nam 15\nNữ 10", "25"),
    ("25 (nam 15, nữ 10)", "25"),
    ("25 (nữ 10)", "25"),
    ("25 (10 nữ)", "25"),
    ("25\n(nữ 10)", "25"),
    ("25\n10 nữ", "25"),
    ("25\nđ/c", "25"),
    ("25\r\n", "25"),
    ("25 đ/c, 10 nữ", "25"),
    ("25 - nữ 10", "25"),
    ("25: nam 15, nữ 10", "25"),
    ("23 chính thức, 2 dự bị", "25"),
    ("25 (2 dự bị)", "25"),
    ("25 ĐV (02 ĐV dự bị)", "25"),
    ("25 trên 30", "25"),
    ("25 đ/c trên 30 đ/c", "25"),
    ("25 trên tổng số 30", "25"),
    ("25:30", "25"),
    ("25|30", "25"),
    ("25\\30", "25"),
    ("25/30 (vắng 5)", "25"),
    ("25/30 đ/c, đạt 83,3%", "25"),
    ("25/\n30", "25"),
    ("25\n/30", "25"),
    ("Dự 25/30", "25"),
    ("Dự: 25", "25"),
    ("Có mặt 25 đ/c", "25"),
    ("có 25 đ/c", "25"),
    ("đủ 25", "25"),
    ("đ/c 25", "25"),
    ("27 (đã trừ 2 đ/c chuyển đi)", "27"),
    ("25 (kể cả 2 đ/c dự bị)", "25"),
    ("05", "5"),
    (" 25 ", "25"),
    ("25 ,", "25"),
    ("0025", "25"),
    ("____12____", "12"),
    ("....25....", "25"),
    ("…25…", "25"),
    ("--", "0"),
    ("–", "0"),
    ("Không có ai", "0"),
    ("không đ/c nào", "0"),
    ("Chưa có", "0"),
    ("chưa", "0"),
    ("ko", "0"),
    ("Chưa tổ chức", "0"),
    ("Không phát sinh", "0"),
    ("12 tin, 5 bài", "17"),
    ("15 tin, 04 bài, 36 lượt", "55"),
    ("25 (100%)", "25"),
    ("100% (25/25)", None),
    ("25 (miễn SH 2)", "25"),
    ("25 đ/c (có mặt 23)", None),
    ("28 (vắng 2, thực tế 26)", None),
    ("25 (số đúng: 26)", None),
    ("25 (26)", None),
    ("25 (chưa kể 2 đ/c)", None),
    ("vắng 2", None),
    ("tăng 2", None),
    ("nữ 10", None),
    ("nam 15", None),
    ("nam 15, trẻ 10", None),
    ("Tổng 30, dự 25", None),
    ("25?", None),
    ("25 đ/c?", None),
    ("~25", None),
    ("≈ 25", None),
    (">25", None),
    ("25 - 30", None),
    ("25-30", None),
    ("25 đến 30", None),
    ("25 và 26", None),
    ("25, 26", None),
    ("25\n26", None),
    ("1\n234", None),
    ("25\n100 khách", None),
    ("15 nam", None),
    ("25 nữ", None),
    ("28 vắng", None),
    ("25 (nữ)", None),
    ("25 đ/c nữ", None),
    ("5 riêng", None),
    ("5 riêng, 3 lồng ghép", "8"),
    ("riêng 5; lồng ghép 3", "8"),
    ("15 nam 10 nữ", None),
    ("28 vắng 02", "28"),
    ("28 đ/c vắng 02 đ/c", "28"),
    ("25 (kể cả dự bị)", "25"),
    ("25 (kể cả 5 khách mời)", None),
    ("25 (vắng)", None),
    ("25 (2 quần chúng)", None),
    ("28 (vắng 5, có lý do)", "28"),
    ("28 (vắng 5 có lý do: 3)", None),
    ("25-", None),
    ("20 nam, 10 nữ, 2 trẻ", None),
    ("15 nam, 10 nữ, 25", None),
    ("25, vắng 2, thừa 3", None),
    ("5 (lồng ghép)", None),
    ("8:30", None),
    ("18:20", None),
    ("l8", None),
    ("2O", None),
    ("2 5", None),
    ("1.5", None),
    ("2.5", None),
    ("1,5", None),
    ("1,234", None),
    ("1.234,5", None),
    ("12.34", None),
    ("25 %", None),
    ("hai mươi", None),
    ("27 trừ 2", None),
    ("27 - 2", None),
    ("27+2", None),
    ("25/30/35", None),
    ("31/30", None),
    ("x", None),
    ("đủ", None),
    ("Hết", None),
    ("25 (dự kiến)", None),
    ("25 (kế hoạch)", None),
    ("khoảng 25 đ/c", None),
    ("gần 25", None),
    ("25 trở lên", None),
    ("2²5", None),
    ("²5", None),
    ("(25)", None),
    ("25!", None),
    ("Chưa tổ chức, dự kiến 25", None),
]
WHOLES = [  # of all members: a text that tells of those who came tells nothing
    ("30", "30"),
    ("30 đ/c", "30"),
    ("30/30", "30"),
    ("30 (nữ 10)", "30"),
    ("nam 15, nữ 10", "25"),
    ("30 (vắng 2)", "30"),
    ("25/30", None),
    ("Dự 25", None),
    ("25 trên 30", None),
    ("có mặt 25", None),
    ("Chưa tổ chức", None),
    ("chưa có", None),
]
TYPED_DATES = [
    (5.4, "2022-04-05"),
    (10.4, "2022-04-10"),
    (15.04, "2022-04-15"),
    (5.12, "2022-12-05"),
    ("5.4", "2022-04-05"),
    ("05042022", "2022-04-05"),
    (5042022, "2022-04-05"),
    (15042022, "2022-04-15"),
    ("5042022", "2022-04-05"),
    ("05/4/2022 (sáng)", "2022-04-05"),
    ("Sáng 05/4/2022", "2022-04-05"),
    ("05/4/2022 - buổi chiều", "2022-04-05"),
    ("05/4/2022, thứ ba", "2022-04-05"),
    ("T3, 05/4", "2022-04-05"),
    ("CN 10/4/2022", "2022-04-10"),
    ("8h00 ngày 05/4/2022", "2022-04-05"),
    ("Lúc 14 giờ 30 phút, ngày 05/4/2022", "2022-04-05"),
    ("Vào ngày 5/4/2022", "2022-04-05"),
    ("05/4/2022 (19h30)", "2022-04-05"),
    ("05/4/2022\n14h00", "2022-04-05"),
    ("05/4/2022 tại nhà văn hóa", "2022-04-05"),
    ("05/4/2022 (tại NVH thôn)", "2022-04-05"),
    ("05/4/2022*", "2022-04-05"),
    ("05/4/2022¹", "2022-04-05"),
    ("05/4/2022(1)", "2022-04-05"),
    ("5/IV/2022", "2022-04-05"),
    ("5/IV", "2022-04-05"),
    ("05/3 ÂL (05/4/2022)", "2022-04-05"),
    ("05 tháng 3 năm Nhâm Dần (tức 05/4/2022)", "2022-04-05"),
    ("05/4/2022 (tức 05/3 âm lịch)", "2022-04-05"),
    ("05/4/2022 (05/3 ÂL)", "2022-04-05"),
    ("Ngày: 05/4/2022", "2022-04-05"),
    ("ngày 05 tháng 4, năm 2022", "2022-04-05"),
    ("05 /4/ 2022", "2022-04-05"),
    ("'05/4/2022", "2022-04-05"),
    ("(05/4/2022)", "2022-04-05"),
    ("05/04/2202", "2202-04-05"),
    ("5/4/2020", "2020-04-05"),
    ("4/5/2022", "2022-05-04"),
    ("Chưa tổ chức", None),
    ("Chưa SH", None),
    ("hoãn", None),
    ("Chưa tổ chức do dịch Covid-19", None),
    ("chưa", None),
    ("Hoãn sang 20/4", None),
    ("Không tổ chức", None),
    ("CHUA TO CHUC", None),
    ("Chưa họp", None),
    ("Tạm hoãn", None),
    ("Dự kiến 20/4", None),
    ("không", None),
    ("Không có", None),
    ("--", None),
    ("—", None),
    ("Chưa đến lịch", None),
]
UNTYPED_DATES = [
    "5/4/202",
    "05/4 và 07/4",
    "mùng 5/3 (âm lịch)",
    "mùng 5/4",
    "từ 5/4 đến 7/4",
    "Ngày 5",
    "4/2022",
    "tháng 4/2022",
    "5//4/2022",
    "O5/4/2022",
    "05/4/20222",
    "32/4",
    "5/14/2022",
    "03/4/2022; 10/4/2022",
    "05/4/2022\n07/4/2022",
    5.1,
    31.2,
    35.4,
    5.456,
    "5,4",
    "05/4/2022 (07/4/2022)",
    "05/4/2022 (dự kiến)",
    "05/4/2022?",
    "20220405",
    "05042021",
    "Không rõ",
    "không nhớ",
    "x",
    "Đã tổ chức",
    "đầu tháng 4",
    "sau 15/4",
    "trước 15/4",
    "khoảng 5/4",
    "5-10/4",
    "05/4-07/4",
    "14h 05/4",
    "05/3 ÂL",
    "05²/4",
    "tuần 1 tháng 4",
    "5/4/2022 5/4/2022",
    "Q1/2022",
    "99",
    "1234567890",
]
TYPED_MARKS = [
    ("V", "true"),
    ("v", "true"),
    ("+", "true"),
    ("ok", "true"),
    ("OK.", "true"),
    ("Đạt", "true"),
    ("Tốt", "true"),
    ("18/18 chi bộ", "true"),
    ("02/2 CB", "true"),
    ("0/18 chi bộ", "false"),
    ("15/18 chi bộ", None),
    ("C", "true"),
    ("K", "false"),
    ("ko", "false"),
    ("Không đạt", "false"),
    ("Không có", "false"),
    ("Chưa thực hiện", "false"),
    ("Chưa có", "false"),
    ("Đã thực hiện", "true"),
    ("có tham dự", "true"),
    ("Có dự", "true"),
    ("không tham dự", "false"),
    ("không dự", "false"),
    ("Đảm bảo", "true"),
    ("Bảo đảm", "true"),
    ("Chưa đảm bảo", "false"),
    ("Không đảm bảo", "false"),
    ("TRUE", "true"),
    ("FALSE", "false"),
    ("Yes", "true"),
    ("No", "false"),
    ("-", "false"),
    ("--", "false"),
    ("–", "false"),
    ("☒", "true"),
    ("☑", "true"),
    ("☐", "false"),
    ("□", "false"),
    ("x x", "true"),
    ("xx", "true"),
    ("XX", "true"),
    ("✓✓", "true"),
    ("x*", "true"),
    ("x(1)", "true"),
    ("x¹", "true"),
    ("X.", "true"),
    ("(x)", None),
    ("ý", "true"),
    ("¨", "false"),
    ("Co", "true"),
    ("Khong", "false"),
    ("chua", "false"),
    ("Dat", "true"),
    ("chua dam bao", "false"),
    ("đã quán triệt", "true"),
    ("Đã cung cấp", "true"),
    ("chưa cung cấp", "false"),
    ("chưa được cấp", "false"),
    ("đã được phổ biến", "true"),
    ("Đầy đủ", "true"),
    ("Chưa đầy đủ", None),
    ("chưa đủ", None),
    ("không tốt", None),
    ("Có (2 đ/c)", "true"),
    ("x (đ/c A)", "true"),
    ("Có (đ/c Bí thư)", "true"),
    ("x - 02 đ/c", "true"),
    ("x, 2 đồng chí", "true"),
    ("Có (trực tuyến)", "true"),
    ("x (tham dự)", "true"),
    ("Không (do dịch)", "false"),
    ("Chưa (vì bận họp)", "false"),
    ("☑ Có ☐ Không", "true"),
    ("☐ Có ☑ Không", "false"),
    ("Có ☑ Không ☐", "true"),
    ("Có ☐; Không ☒", "false"),
    ("☑ Có ☑ Không", None),
    ("☐ Có ☐ Không", None),
    ("☑ 2.1 ☐ 2.2", None),
    ("Có ☑ Không", None),
    ("☐ Có Không ☑", None),
    ("x (vắng)", None),
    ("x (không)", None),
    ("Có (đ/c A vắng)", None),
    ("có, nhưng chưa đủ", None),
    ("Có (một phần)", None),
    ("Có (dự kiến)", None),
    ("x/o", None),
    ("x?", None),
    ("có/không", None),
    ("û", None),
    ("✗", None),
    ("✘", None),
    ("o", None),
    ("q", None),
    ("P", None),
    ("R", None),
    ("11", None),
    ("25", None),
    ("một phần", None),
    ("chỉ nội dung 2.1", None),
    ("không chỉ thế", None),
    ("sẽ thực hiện", None),
    ("50%", None),
    ("Riêng", None),
    ("x1", None),
    ("00", "false"),
]
PEOPLE = [  # whether a committee member attended: how many, or who, says yes
    ("01 đ/c", "true"),
    ("2 đồng chí", "true"),
    ("1", "true"),
    ("2", "true"),
    (2, "true"),
    (2.0, "true"),
    ("0", "false"),
    (0, "false"),
    ("0 đ/c", "false"),
    ("01 đ/c dự", "true"),
    ("có 2 đ/c tham dự", "true"),
    ("Đ/c Bí thư Đảng ủy", "true"),
    ("Có (01 đ/c)", "true"),
    ("x", "true"),
    ("-", "false"),
    ("Không", "false"),
    ("Không có đ/c nào", None),
    (25, None),
    ("25", None),
    (1.5, None),
    ("đ/c Bí thư (vắng)", None),
    ("2 buổi chiều", None),
    (-1, None),
]
VILLAGE_HEADS = [
    ("Đảng viên", "true"),
    ("ĐV", "true"),
    ("Là đảng viên", "true"),
    ("Quần chúng", "false"),
    ("QC", "false"),
    ("x", "true"),
    ("Không phải đảng viên", "false"),
    ("Chưa là đảng viên", "false"),
    ("Chưa vào Đảng", "false"),
    ("ngoài Đảng", "false"),
    ("dang vien", "true"),
    ("Khuyết", None),
    ("Đoàn viên", None),
    ("Đang xét kết nạp", None),
    ("Có", "true"),
    ("0", "false"),
]
MODES = [
    ("Tổ chức riêng (không lồng ghép)", "separate"),
    ("Không lồng ghép", "separate"),
    ("SH riêng", "separate"),
    ("Lồng ghép (không tổ chức riêng)", "combined"),
    ("Ghép SH thường kỳ", "combined"),
    ("Không riêng", "combined"),
    ("LG", "combined"),
    ("Lồng ghép với sinh hoạt thường kỳ", "combined"),
    ("1. Riêng", "separate"),
    ("-", BLANK),
    ("—", BLANK),
    ("Riêng và lồng ghép", UNTYPED),
    ("Riêng/lồng ghép", UNTYPED),
    ("Riêng (lồng ghép)", UNTYPED),
    ("x", UNTYPED),
    ("Riêng (không riêng)", UNTYPED),
    ("Không", UNTYPED),
    ("Không rõ", UNTYPED),
    ("Trực tuyến", UNTYPED),
]


@pytest.mark.parametrize(("value", "count"), TYPED_COUNTS)
def test_hand_typed_counts_are_read(value: str, count: str | None) -> None:
    assert type_count(value, VOCABULARY) == (count or UNTYPED)


@pytest.mark.parametrize(("value", "count"), WHOLES)
def test_count_of_a_part_is_not_taken_for_the_whole(value: str, count: str | None) -> None:
    assert type_value(value, field("cells", "members_total"), VOCABULARY, 2022) == (
        count or UNTYPED
    )


@pytest.mark.parametrize(("value", "day"), TYPED_DATES)
def test_hand_typed_dates_are_read(value: object, day: str | None) -> None:
    assert type_date(value, 2022, VOCABULARY) == day


@pytest.mark.parametrize("value", UNTYPED_DATES)
def test_impossible_or_ambiguous_date_is_refused(value: object) -> None:
    assert type_date(value, 2022, VOCABULARY) is UNTYPED


@pytest.mark.parametrize(("value", "mark"), TYPED_MARKS)
def test_hand_typed_marks_are_read(value: str, mark: str | None) -> None:
    assert type_mark(value, VOCABULARY) == (mark or UNTYPED)


@pytest.mark.parametrize(("value", "mark"), PEOPLE)
def test_number_or_title_of_people_counts_as_a_mark(value: object, mark: str | None) -> None:
    assert type_value(value, field("cells", "committee_attended"), VOCABULARY, 2022) == (
        mark or UNTYPED
    )


@pytest.mark.parametrize(("value", "mark"), VILLAGE_HEADS)
def test_party_membership_of_village_head_is_a_mark(value: str, mark: str | None) -> None:
    assert type_value(value, field("villages", "head_is_party"), VOCABULARY, 2022) == (
        mark or UNTYPED
    )


@pytest.mark.parametrize(("value", "mode"), MODES)
def test_hand_typed_meeting_modes_are_read(value: str, mode: object) -> None:
    assert type_value(value, field("cells", "mode"), VOCABULARY, 2022) == mode


@pytest.mark.parametrize("nothing", ["………", "......", "____", " ", "\u200b"])
@pytest.mark.parametrize(
    ("key", "blank"), [("members_total", BLANK), ("held_on", BLANK), ("content_1", "false")]
)
def test_dotted_line_of_a_form_is_blank(nothing: str, key: str, blank: str | None) -> None:
    assert type_value(nothing, field("cells", key), VOCABULARY, 2022) == blank


@pytest.mark.parametrize(("value", "count"), COUNTS)
def test_a_count_is_read(value: object, count: str) -> None:
    assert type_count(value, VOCABULARY) == count


@pytest.mark.parametrize(("value", "why"), NO_COUNTS)
def test_non_integer_count_is_refused(value: object, why: str) -> None:
    assert type_count(value, VOCABULARY) is UNTYPED, why


@pytest.mark.parametrize(("value", "date"), DATES)
def test_a_date_is_read_day_first(value: object, date: str | None) -> None:
    assert type_date(value, 2022) == date


@pytest.mark.parametrize("value", NO_DATES)
def test_impossible_day_is_refused(value: object) -> None:
    assert type_date(value, 2022) is UNTYPED


def test_marks_are_yes_or_no_and_nothing_else() -> None:
    assert {v: type_mark(v, VOCABULARY) for v in YES} == dict.fromkeys(YES, "true")
    assert {v: type_mark(v, VOCABULARY) for v in NO} == dict.fromkeys(NO, "false")
    assert [type_mark(v, VOCABULARY) for v in NO_MARKS] == [UNTYPED] * len(NO_MARKS)


@pytest.mark.parametrize(
    ("value", "raw"),
    [
        (25.0, "25"),
        (25.5, "25.5"),
        ("25 đ/c", "25 đ/c"),
        (dt.datetime(2022, 4, 5), "2022-04-05"),
        (None, ""),
    ],
)
def test_raw_text_is_kept_as_in_the_file(value: object, raw: str) -> None:
    assert raw_text(value) == raw


def test_every_field_has_the_path_of_its_section_and_key():
    form = VOCABULARY.campaign.form
    for section in form.sections:
        for declared in section.fields:
            assert declared.path == f"{section.key}.{declared.key}"


def test_field_of_an_equal_form_is_typed_alike():
    form = VOCABULARY.campaign.form
    copy = Form.model_validate(form.model_dump()).field("cells", "mode")
    assert copy is not field("cells", "mode")
    assert type_value("riêng", copy, VOCABULARY, 2022) == "separate"


def test_form_file_cannot_set_a_path():
    with pytest.raises(ValueError, match="path"):
        FormField(
            key="a", label="", type="text", clause="", description="", **{"path": "info.unit"}
        )
