"""The ways in which reports write people's names and numbers (all hidden), and lookalikes (all
kept)."""

from __future__ import annotations

import unicodedata

import pytest

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.extraction.people import hide_names
from sources.grids import Document, Grid
from sources.legacy_encodings import _TCVN3_BYTES, _TCVN3_LETTERS, may_be_legacy

CAMPAIGN = load_campaign()
TITLES = CAMPAIGN.form.words.name_titles

NUMBERS = [  # a text, and what is kept of it in prose and in a row's name
    ("SĐT: 0912345678", "SĐT: …"),
    ("ĐT 0912.345.678", "ĐT …"),
    ("Điện thoại 091.234.5678", "Điện thoại …"),
    ("liên hệ 0912 345 678 nhé", "liên hệ … nhé"),
    ("ĐT: 02043.882.123", "ĐT: …"),
    ("ĐT 0204 3882 123", "ĐT …"),
    ("(0204) 3882123", "…"),
    ("+84 912 345 678", "…"),
    ("+84912345678", "…"),
    ("84912345678", "…"),
    ("(+84) 912.345.678", "…"),
    ("0912-345-678", "…"),
    ("0912.34.56.78", "…"),
    ("09 1234 5678", "…"),
    ("SĐT0912345678", "SĐT…"),
    ("0912345678/0987654321", "…/…"),
    ("0912345678", "…"),
    ("0912\u00a0345\u00a0678", "…"),
    ("ĐT: 3882123", "ĐT: …"),
    ("zalo 912345678", "zalo …"),
    ("912345678", "…"),
    ("Tel. 0912345678", "Tel. …"),
    ("0912345 678", "…"),
    ("0912 3456 78", "…"),
    ("ĐT:0912345678;0987654321", "ĐT:…;…"),
    ("ĐT 3.882.123", "ĐT …"),
    ("SĐT 0912 345 678 15 chi bộ", "SĐT … 15 chi bộ"),
    ("dien thoai 0912345678", "dien thoai …"),
    ("ĐIỆN THOẠI: 0912 345 678", "ĐIỆN THOẠI: …"),
    ("CCCD 024080001234", "CCCD …"),
    ("CCCD số 024 080 001 234", "CCCD số …"),
    ("024080001234", "…"),
    ("số CCCD: 24080001234", "số CCCD: …"),
    ("CMND: 121234567", "CMND: …"),
    ("CMND 121 234 567", "CMND …"),
    ("số CMND là 121234567", "số CMND là …"),
    ("căn cước công dân số 024080001234", "căn cước công dân số …"),
    ("can cuoc 024080001234", "can cuoc …"),
    ("Thẻ đảng viên số 25.012345", "Thẻ đảng viên số …"),
    ("STK 2504205123456 Agribank", "STK … Agribank"),
    ("Số tài khoản: 101 0000 12345", "Số tài khoản: …"),
    ("tài khoản 19031234567890 Techcombank", "tài khoản … Techcombank"),
    ("BIDV 43110000123456", "BIDV …"),
    ("email nvb1980@gmail.com", "email …"),
    ("nguyenvanbinh.bt@lucngan.gov.vn", "…"),
    ("nvb@gmail", "…"),
    ("binh @ gmail.com gửi", "… gửi"),
    ("sinh năm 1980", "sinh năm …"),
    ("SN 1980", "SN …"),
    ("sn: 1980", "sn: …"),
    ("Sinh 1980", "Sinh …"),
    ("sinh ngày 05/4/1980", "sinh ngày …"),
    ("sinh ngày 5 tháng 4 năm 1980", "sinh ngày …"),
    ("Ngày sinh: 5.4.1980", "Ngày sinh: …"),
    ("Năm sinh 1980", "Năm sinh …"),
    ("NS 1980", "NS …"),
    ("s.n 1980", "s.n …"),
    ("sinh tháng 4/1980", "sinh …"),
    ("sinh ngày 5/4/80", "sinh ngày …"),
    ("sinh nam 1980", "sinh nam …"),
    ("SINH NĂM 1980", "SINH NĂM …"),
    ("sinh năm 80", "sinh năm …"),
    ("đ/c Hoạnh (1980)", "đ/c … (…)"),
    ("đ/c Hoạnh, 1980", "đ/c …, …"),
    ("(sinh năm 1980, 1985)", "(sinh năm …)"),
    ("84 987 654 321", "…"),
    ("O987654321", "…"),
    ("Máy bàn: 0204.3.882.555", "Máy bàn: …"),
    ("02043 882555", "…"),
    ("hộ chiếu B1234567", "hộ chiếu …"),
    ("Hộ chiếu số C 7654321", "Hộ chiếu số …"),
    ("Số thẻ ĐV: 25.012.777", "Số thẻ ĐV: …"),
    ("BHYT GD4242012345678", "BHYT …"),
    ("ACB: 12345678", "ACB: …"),
    ("tk ngân hàng 103 8765 4321", "tk ngân hàng …"),
    ("Viettinbank: 1038 7654 3210", "Viettinbank: …"),
    ("biển số 98B1-123.45", "biển số …"),
    ("tamnv65 (a) gmail.com", "…"),
    ("tamnv65[at]gmail.com", "…"),
    ("facebook.com/tamnv65", "…"),
    ("s/n 1965", "s/n …"),
    ("NTNS: 12/03/1965", "NTNS: …"),
    ("Quềnh, sn 1965", "…, sn …"),
    ("zalo Quềnh 0987654321", "zalo … …"),
    ("lh 0987654321 (a Quềnh)", "lh … (…)"),
]

PEOPLE = [
    ("các đ/c: Hoạnh, Quềnh", "các đ/c …, …"),
    ("các đồng chí Lò Văn A, Vi Thị B", "các đồng chí …, …"),
    ("các đ/c Hoạnh, Quềnh và Quyến dự", "các đ/c …, … và … dự"),
    ("02 đ/c: Hoạnh; Quềnh", "02 đ/c …; …"),
    ("đ/c Hoạnh + đ/c Quềnh", "đ/c … + đ/c …"),
    ("3 đ/c Hoạnh, Quềnh, Quyến được cử", "3 đ/c …, …, … được cử"),
    ("(đ/c Hoạnh, Quềnh)", "(đ/c …, …)"),
    ("Đ/C: HOẠNH, QUỀNH", "Đ/C …, …"),
    ("đ/c: HOẠNH", "đ/c …"),
    ("Đ/c:Hoạnh", "Đ/c …"),
    ("đ/c.Bình", "đ/c …"),
    ("đ/cBình", "đ/c …"),
    ("BT:Hoạnh", "BT …"),
    ("N.V. Bình", "…"),
    ("Nguyễn V. Bình", "…"),
    ("N.V.Bình", "…"),
    ("Ng. Văn Bình", "…"),
    ("Ng Văn Bình", "…"),
    ("Ng.V. Bình", "…"),
    ("Ng. Thị Hoa", "…"),
    ("N.V.B", "…"),
    ("L.V.A", "…"),
    ("T.T.H", "…"),
    ("N. V. Bình", "…"),
    ("Tr. Văn Bình", "…"),
    ("cô giáo Hoạnh", "cô giáo …"),
    ("thầy giáo Quềnh", "thầy giáo …"),
    ("thầy Quềnh", "thầy …"),
    ("bác Hoạnh", "bác …"),
    ("cụ Quềnh", "cụ …"),
    ("em Hoạnh", "em …"),
    ("chú Quềnh", "chú …"),
    ("cháu Hoạnh", "cháu …"),
    ("cô Hoạnh dạy mầm non", "cô … dạy mầm non"),
    ("CÔ GIÁO HOẠNH", "CÔ GIÁO …"),
    ("bác sĩ Hoạnh", "bác sĩ …"),
    ("BT Hoạnh", "BT …"),
    ("PBT Quềnh", "PBT …"),
    ("CT Hoạnh", "CT …"),
    ("PCT Quềnh", "PCT …"),
    ("TBT Hoạnh", "TBT …"),
    ("(BT: Hoạnh)", "(BT …)"),
    ("PBT Quềnh Hoạnh dự", "PBT … dự"),
    ("thôn Cầu - Nguyễn Bình", "thôn Cầu - …"),
    ("thôn Cầu - Nguyễn Quang Huy", "thôn Cầu - …"),
    ("Thôn Cầu (Lê Bình)", "Thôn Cầu (…)"),
    ("Thôn Cầu – Vũ Quang Huy", "Thôn Cầu – …"),
    ("Nguyễn Bình - thôn Cầu", "… - thôn Cầu"),
    ("Chi bộ thôn Cầu, Trần Hoạnh", "Chi bộ thôn Cầu, …"),
    ("Nguyen Van Binh", "…"),
    ("NGUYEN VAN BINH", "…"),
    ("dong chi Binh", "dong chi …"),
    ("d/c Binh", "d/c …"),
    ("đ.c Bình", "đ.c …"),
    ("đc Bình", "đc …"),
    ("đ/chí Bình", "đ/chí …"),
    ("Ô. Bình", "Ô. …"),
    ("vắng 3 đ/c (Hoạnh, Quềnh)", "vắng 3 đ/c (…, …)"),
    ("01 quần chúng (Vi Quềnh)", "01 quần chúng (…)"),
    ("BT chi bộ: Hoạnh", "BT chi bộ: …"),
    ("Bí thư: Hoạnh", "Bí thư: …"),
    ("CT UBND: Hoạnh", "CT UBND: …"),
    ("PCT HĐND: Vi Quềnh", "PCT HĐND: …"),
    ("BT+TT: Hoạnh", "BT+TT: …"),
    ("TB CTMT: Hoạnh", "TB CTMT: …"),
    ("TT: Hoạnh; PT: Quềnh", "TT: …; PT: …"),
    ("Chủ trì: Hoạnh; thư ký: Quềnh", "Chủ trì: …; thư ký: …"),
    ("Người lập: LỤC HOẠNH", "Người lập: …"),
    ("Người báo cáo: Hoạnh", "Người báo cáo: …"),
    ("QCUT: Lục Hoạnh, Vi Quềnh", "QCUT: …, …"),
    ("già làng Quềnh", "già làng …"),
    ("Đại úy Quềnh", "Đại úy …"),
    ("ThS. Lục Quềnh", "ThS. …"),
    ("gia đình bà Quềnh hiến đất", "gia đình bà … hiến đất"),
    ("N V Bình", "…"),
    ("Ng V Bình", "…"),
    ("Nguyễn.V.Bình", "…"),
    ("NguyễnVăn Bình", "…"),
    ("NguyễnVănBình", "…"),
    ("Ng.Bình", "…"),
    ("nguyen van binh", "…"),
    ("đ /c Bình", "đ /c …"),
    ("đ-c Bình", "đ-c …"),
    ('đ/c "Bình"', 'đ/c …"'),
    ("đ/c H'Lụa", "đ/c …"),
    ("Ông Trần Tiến Lộc", "Ông …"),
    ("Ông (bà): Trần Tiến Lộc", "Ông (bà) …"),
    ("02 đảng viên vắng: Lê Hoạnh, Vi Quềnh", "02 đảng viên vắng: …, …"),
    ("thôn Cầu: Lục Văn Quềnh", "thôn Cầu: …"),
    ("Bí thư Nguyễn Hoạnh", "Bí thư …"),
    ("truong thon Nguyen Van Binh", "truong thon …"),
]

KEPT = [
    # places and offices called after people or like them
    "Chi bộ thôn Hoàng Nam",
    "Trường THCS Lê Lợi",
    "đường Trần Phú",
    "Chi bộ Trường Tiểu học Nguyễn Thị Minh Khai",
    "Tổ dân phố Lê Hồng Phong",
    "Phố Nguyễn Trãi",
    "Công ty TNHH Hoàng Long",
    "Hợp tác xã Trần Nam",
    "Thôn Văn Sơn",
    "Thôn Đặng Xá",
    "Thôn Bác Sơn",
    "thôn Anh Dũng",
    "truong THCS Nguyen Van Cu",
    "thon Nguyen Trai",
    "Đoàn TNCS Hồ Chí Minh",
    "tấm gương đạo đức Hồ Chí Minh",
    "học tập và làm theo Bác Hồ",
    "BT Đoàn xã",
    "CT Hội Nông dân",
    "PCT HĐND xã",
    "PCT UBND xã",
    "CT MTTQ",
    "BT chi bộ",
    "CT 14-CT/TU",
    "đ/c Bí thư chi bộ",
    "các đồng chí Đảng ủy viên",
    "các đ/c BCH",
    "đồng chí Chủ tịch UBND",
    "02 đ/c cấp ủy viên",
    "25 đ/c",
    "Không có đ/c nào",
    "đ/c Phó Bí thư Thường trực",
    "TP. Bắc Giang",
    "X. Tân Sơn",
    "H. Lục Ngạn",
    "Hội nghị T.P. Bắc Giang",
    "B.C.H Đảng bộ",
    "H.T.X nông nghiệp",
    "N.T.M kiểu mẫu",
    "U.B.N.D xã",
    "T/M ĐẢNG ỦY",
    "T.M BAN CHẤP HÀNH",
    "K.T CHỦ TỊCH",
    "Đ.U xã",
    "T.T. Chũ",
    "T.D.P số 3",
    "B.T.V Đảng ủy",
    "Chi bộ Quân sự",
    "Bí thư: 12 đ/c",
    "Chủ trì: Đảng ủy xã",
    "Vắng: 02 đ/c",
    "02 đ/c (Đi làm ăn xa)",
    "01 đ/c (Ốm)",
    "03 đ/c (Nữ)",
    "Phó thôn: Khuyết",
    "CT: Chỉ thị 14",
    "HT: Hoàn thành",
    "Kết nạp: Nhiều",
    "1 đ/c (Mất)",
    "02 đ/c (Covid)",
    "Chỉ đạo: Sát sao, kịp thời",
    "Vắng: Chi bộ Đèo",
    "Người lập: Cán bộ văn phòng",
    "3 đảng viên (Chính thức)",
    "Bí thư: Trung cấp lý luận",
    "Vắng: Không",
    "nguyên văn báo cáo",
    "Nghệ nhân Ưu tú",
    "nghĩa trang liệt sĩ Tân Sơn",
    "Ngày Thương binh - Liệt sĩ",
    "Phụ trách: Ban Tuyên giáo",
    "25 người (Tày, Nùng)",
    "Chi bộ ghép Hoàng Nam",
    # words that look like titles
    "ghi chú: Thôn Hạ chưa họp",
    "Ghi chú Chi bộ Đèo",
    "dụng cụ Y tế",
    "trẻ em Việt Nam",
    "chị em Công đoàn",
    "CỤ THỂ NHƯ SAU",
    "CHÚ Ý: TỔNG SỐ",
    "Cụ thể: 25",
    "Cụ Thể Như Sau",
    "bà con nhân dân",
    "BÀ CON NHÂN DÂN",
    "ANH HÙNG LAO ĐỘNG",
    "Dự: Ông, bà đại biểu",
    "dịch Cô-vít",
    "công cụ Tuyên truyền",
    # numbers that a report is made of
    "Số 138-BC/ĐU",
    "Số: 138-BC/ĐU, ngày 15.04.2022",
    "Kế hoạch số 64-KH/HU ngày 15/3/2022",
    "QĐ số 1234567/QĐ-UBND",
    "Tổng số 1.234.567 đồng",
    "125.000.000 đồng",
    "125000000 đồng",
    "125000000",
    "kinh phí 12.500.000đ",
    "tài khoản quỹ 12.500.000 đồng",
    "17/18 chi bộ (đạt 94,4%)",
    "94.44444444444444",
    "0.9444444444444444",
    "2147483",
    "15/4/2022",
    "05.4.2022",
    "05-04-2022",
    "05/4 - 06/4/2022",
    "Từ ngày 05.04.2022 - 15.04.2022",
    "05.04.2022 08 chi bộ",
    "2022-04-05 00:00:00",
    "ngày 05 tháng 4 năm 2022",
    "nhiệm kỳ 2020-2025, giai đoạn 2021 - 2030",
    "TK 2021-2022",
    "sinh hoạt ngày 05/4/2022",
    "Ngày sinh hoạt: 05/4/2022",
    "Học sinh năm 2010",
    "tuyển sinh năm 2015",
    "phát sinh 2010",
    "thành lập năm 1945",
    "Nghị quyết năm 2016",
    "hy sinh năm 1968",
    "năm 98",
    "1.234",
    "12.345 lượt",
    "025",
    "03 04 05 06 07",
    "Mã số 07531",
    "13h30 ngày 05/4/2022",
    "07:30 - 11:00 15/4/2022",
    "Điện thoại thông minh: 250 hộ",
    "ĐT 12 thôn",
    "Zalo: 12 tin 300 lượt 1.200 người",
    "nhóm zalo 18 chi bộ",
    "18-20-25-30-35-40",
    "450 425 25 18 17 1",
    "Covid-19",
    "20220415083012",
    "IMG_1650012345678.jpg",
    "1650012345678.png",
    "Số 01-2022",
    "QCUT: 03",
    "Theo đồng chí …, Hội nghị thống nhất",
    "Phụ lục 1",
    "2.1. Nội dung",
]
# in a sentence they may be people
ONLY_IN_ROWS = [
    "Chi bộ liên thôn Hoàng Nam - Lê Lai",
    "liên thôn Cầu - Trần Nam",
    "Thôn Hạ - Trần Xá",
    "Cô Tô",
    "Bà Nà",
    "T. Hoàng Nam",
    "Thôn: Trần Quang Diệu",
    "Anh Dũng",
    "Bác Giang",
]


def legacy(text: str) -> str:
    """The text as the font .VnTime has it."""
    return text.translate(str.maketrans(_TCVN3_LETTERS, _TCVN3_BYTES))


@pytest.mark.parametrize("of_row", [False, True])
@pytest.mark.parametrize(("text", "kept"), [*NUMBERS, *PEOPLE])
def test_personal_names_and_numbers_are_hidden(text: str, kept: str, of_row: bool) -> None:
    assert hide_names(text, TITLES, of_row) == kept
    assert hide_names(unicodedata.normalize("NFD", text), TITLES, of_row) in (
        kept,
        unicodedata.normalize("NFD", kept),
    )


@pytest.mark.parametrize("of_row", [False, True])
@pytest.mark.parametrize("text", KEPT)
def test_lookalikes_of_personal_data_are_kept(text: str, of_row: bool) -> None:
    assert hide_names(text, TITLES, of_row) == text


@pytest.mark.parametrize("text", ONLY_IN_ROWS)
def test_village_names_in_rows_are_kept(text: str) -> None:
    assert hide_names(text, TITLES, True) == text


@pytest.mark.parametrize(
    "text", [text for text, _ in (*NUMBERS, *PEOPLE) if may_be_legacy(legacy(text))]
)
def test_names_in_legacy_fonts_are_hidden(text: str) -> None:
    typed = legacy(text)
    kept = [f.raw for f in text_facts(typed, shown=text)]
    assert kept == [hide_names(text, TITLES)]


def text_facts(typed: str, shown: str):
    """What is kept of a text behind `Thuận lợi`, the font of which shows it otherwise."""
    grid = Grid(
        "TT", [["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"], ["Thuận lợi", shown]], raw={(1, 1): typed}
    )
    return [f for f in extract(Document("xlsx", [grid]), CAMPAIGN).facts if f.field == "advantages"]


COUNTS = [  # a value where a count or a day is asked for, and what is kept of it
    ("2147483647", "2147483647"),
    (912345678, "912345678"),
    ("0912345678", "…"),
    ("25", "25"),
    ("0912345678.", "…."),
    ("'0912345678", "'…"),
    ("+84-912-345-678", "…"),
    ("84.912.345.678", "…"),
    ("84 912", "84 912"),
    ("2 (SN 1980, 0912345678)", "2 (SN …, …)"),
]


@pytest.mark.parametrize(("value", "kept"), COUNTS)
def test_only_telephones_are_hidden_in_numeric_fields(value: object, kept: str) -> None:
    grid = Grid("TT", [["Đơn vị báo cáo", "Đảng ủy xã Tân Sơn"], ["Tổng số đảng viên", value]])
    found = extract(Document("xlsx", [grid]), CAMPAIGN)
    (fact,) = (f for f in found.facts if f.field == "members_total")
    assert fact.raw == kept
    assert any(f.rule == "personal_names_skipped" for f in found.findings) == ("…" in kept)


HEADER = ["TT", "Tên chi bộ", "Loại hình", "Ngày sinh hoạt", "Tổng số đảng viên", "Số đảng viên dự"]


def findings(*lines: list[object]) -> list:
    return extract(Document("xlsx", [Grid("Chi bộ", list(lines))]), CAMPAIGN).findings


@pytest.mark.parametrize(
    "label",
    [
        "Số CCCD",
        "SĐT",
        "Số điện thoại bí thư",
        "Năm sinh",
        "Ngày, tháng, năm sinh",
        "CMND/CCCD",
        "Số tài khoản",
        "Email",
        "Quê quán",
        "Họ tên BT",
    ],
)
def test_column_of_personal_data_is_never_read_or_quoted(label: str) -> None:
    found = findings(
        [*HEADER, label],
        *([n, f"Chi bộ {n}", "Thôn", "05/4/2022", 30, 25, 41 + n] for n in (1, 2, 3)),
    )
    assert [(f.rule, f.value) for f in found] == [("personal_names_skipped", label)]


@pytest.mark.parametrize("label", ["Tuổi", "Cột lạ", "Ngày SN"])
def test_unknown_column_beside_names_is_reported_without_quote(label: str) -> None:
    rows = [
        [n, f"Chi bộ {n}", "Thôn", "05/4/2022", 30, 25, "Quềnh Hoạnh", 41 + n] for n in (1, 2, 3)
    ]
    found = findings([*HEADER, "Họ và tên", label], *rows)
    assert any(f.rule == "column_unknown" for f in found)
    assert not any(str(age) in f"{f.value} {f.message}" for f in found for age in (42, 43, 44))


def test_unknown_column_without_names_is_quoted() -> None:
    rows = [[n, f"Chi bộ {n}", "Thôn", "05/4/2022", 30, 25, 41 + n] for n in (1, 2, 3)]
    found = findings([*HEADER, "Cột lạ"], *rows)
    assert [f.value for f in found if f.row] == ["42", "43", "44"]


LISTS = [
    [
        ["DANH SÁCH ĐẢNG VIÊN"],
        ["TT", "Họ và tên", "Năm sinh", "Số CCCD"],
        [1, "Quềnh Hoạnh", 1977, "024080001234"],
        [2, "Lò Ư", 1977, 24080001234],
    ],
    [["Hoạnh Quềnh", 1977, "x"], ["Nguyễn Văn An", 1977, "05/4/1977"]],
    [["Số điện thoại bí thư", 1977123]],
]


@pytest.mark.parametrize("lines", LISTS)
def test_list_of_people_is_reported_without_quote(lines: list[list[object]]) -> None:
    found = findings(*lines)
    assert [f.value for f in found if f.rule == "not_read"] == ["…"]
    assert "1977" not in repr(found)


def test_each_place_quoted_by_a_finding_is_checked_alone() -> None:
    """The dot between them is a letter in the font .VnTime."""
    assert [f.value for f in findings([912345678], [450]) if f.rule == "not_read"] == ["… · 450"]
