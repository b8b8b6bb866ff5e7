"""A hostile inbox: active texts and people's names in every place that a unit can write to.

Each name is in one place only, so that a name found in an output tells which place leaks.
"""

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
from docx import Document
from openpyxl.comments import Comment

FORMULA = '=cmd|"/c calc"!A1'
MARKUP = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>"
LINK = "[bấm](javascript:alert)"
ORDERS = "đỏ\x1b[31m\u202egnud\u2066"  # colours a terminal, turns the reading direction
TEMPLATE = "{{ 7*7 }}$PATH${HOME}{% x %}"
HOSTILE = (FORMULA, "@SUM(1+1)", "+1+1", "-1+1|x", MARKUP, LINK, TEMPLATE)

NAMES = {
    "a column of names": "Nguyễn Văn An",
    "a column of writers": "Lê Thị Bưởi",
    "a column of heads": "Bùi Đức Cam",
    "a table nobody knows": "Hà Thị Dâu",
    "a signature": "Trần Quốc Ổi",
    "a signature in capitals": "ĐỖ VĂN QUÝT",
    "behind đồng chí": "Giáp Thị Hồng",
    "behind ông": "Vi Văn Khế",
    "behind bà": "Lường Thị Lựu",
    "behind đ/c": "Chu Văn Mít",
    "behind an office": "Hoàng Đức Na",
    "alone in prose": "Phạm Thị Nhãn",
    "a count": "Đặng Văn Roi",
    "a mark": "Vũ Thị Sung",
    "a date": "Ngô Văn Sấu",
    "a choice": "Phan Thị Táo",
    "an author": "Lý Văn Thanh",
    "a comment": "Trịnh Văn Trám",
    "a header": "Đinh Thị Vải",
    "a footer": "Dương Văn Xoài",
    "a sheet": "Nông Văn Bòng",
    "an unknown label": "Võ Thị Chanh",
    "an unknown value": "Tạ Văn Dứa",
    "a row": "Đàm Văn Đào",
    "a number": "Khổng Thị Gấc",
    "a unit": "Quách Văn Hồi",
    "a member": "Tống Thị Kiwi",
    "a picture": "Nghiem Van Man",
    "small letters": "nguyễn thị nho",
    "a topic": "Huỳnh Văn Quất",
    "a loose row": "Trương Thị Sim",
    "the second of a list": "Quềnh Hoạnh",
    "a column of telephones": "0912345671",
    "a column of cards": "24063001299",
    "a column of years": "1963117",
    "a telephone in prose": "0204.3882.177",
    "a birthday": "07/11/1963",
    "an account": "2504205999123",
    "an address": "quyt63@example.com",
    "a telephone for a count": "0987654399",
    "a card of nobody's list": "121999777",
}


def write_inbox(folder: Path) -> None:
    """Files of five communes, one of each kind, and one of nobody's; see NAMES and HOSTILE."""
    folder.mkdir(parents=True)
    (folder / f"BC Tân Sơn {LINK} {MARKUP.replace('/', '')}.xlsx").write_bytes(
        accepted("Đảng ủy xã Tân Sơn")
    )
    (folder / f"{FORMULA.replace('/', '')} Cấm Sơn {ORDERS}\n.xlsx").write_bytes(
        returned("Đảng ủy xã Cấm Sơn")
    )
    (folder / "BC Phong Minh.docx").write_bytes(word("ĐẢNG ỦY XÃ PHONG MINH"))
    (folder / "BC Phong Vân.csv").write_text(
        f"Đơn vị báo cáo;Đảng ủy xã Phong Vân\nTổng số chi bộ;{ORDERS}\nThuận lợi;{TEMPLATE}\n",
        encoding="utf-8",
    )
    (folder / f"~${ORDERS}.docx").write_bytes(b"a file that is left alone, and logged")
    with zipfile.ZipFile(folder / "BC Xa Lý.zip", "w") as archive:
        archive.writestr(
            f"{NAMES['a member']} {FORMULA.replace('/', '')}.xlsx", accepted("Đảng ủy xã Xa Lý")
        )
        archive.writestr(
            f"{NAMES['a picture']} {MARKUP.replace('/', '')}.png", b"\x89PNG\r\n\x1a\n" + bytes(80)
        )
    with zipfile.ZipFile(folder / "la.zip", "w") as archive:
        archive.writestr(f"../../{ORDERS}{MARKUP.replace('/', '')}.xlsx", b"x")
    (folder / "khong ro.csv").write_text(
        f"Đơn vị báo cáo;{MARKUP} {FORMULA} đ/c {NAMES['a unit']}\nTổng số chi bộ;1\n",
        encoding="utf-8",
    )


def accepted(unit: str) -> bytes:
    """A workbook that counts, hostile in all that is text."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = f"{NAMES['a sheet']} =1+1 <b>"
    book.properties.creator = book.properties.lastModifiedBy = NAMES["an author"]
    sheet.oddHeader.center.text, sheet.oddFooter.center.text = NAMES["a header"], NAMES["a footer"]
    n = NAMES
    lines = [
        ["Đơn vị báo cáo", unit],
        ["Số, ký hiệu báo cáo", f"{FORMULA} {n['a number']}"],
        ["Ngày ký báo cáo", "15/4/2022"],
        ["Đã cung cấp Chỉ thị số 14-CT/TU", "x"],
        ["Tổng số đảng viên", 30],
        [f"Mục lạ {n['an unknown label']} {MARKUP}", f"{FORMULA} {n['an unknown value']}"],
        [
            "Thuận lợi",
            f"{FORMULA}\n{MARKUP}\n{TEMPLATE} đồng chí {n['behind đồng chí']} và ông {n['behind ông']}, "
            f"bà: {n['behind bà']}; đ/c {n['behind đ/c']}. Bí thư Đảng ủy {n['behind an office']} nêu; "
            f"{n['alone in prose']} và {n['small letters']} dự. Các đ/c: Quyến, "
            f"{n['the second of a list']} (sinh ngày {n['a birthday']}, ĐT {n['a telephone in prose']}, "
            f"STK {n['an account']}, {n['an address']}).",
        ],
        ["Khó khăn, hạn chế", f"@SUM(1+1) {LINK} Trường THCS Lê Lợi"],
        ["Đề xuất, kiến nghị", "+1+1"],
        [],
        [
            "TT",
            "Tên chi bộ",
            "Loại hình",
            "Ngày sinh hoạt",
            "Hình thức",
            "Tổng số đảng viên",
            "Số đảng viên dự",
            "Cấp ủy viên dự",
            "Nội dung 2.1",
            "Họ và tên",
            "Người ghi chép",
            "Cột lạ",
            "SĐT bí thư",
            "Số CCCD",
            "Tuổi",
        ],
        [
            1,
            f"{FORMULA} thôn Nguyễn Trãi",
            "Thôn",
            "05/4/2022",
            "Riêng",
            10,
            9,
            "x",
            "x",
            n["a column of names"],
            n["a column of writers"],
            f"{MARKUP} {n['a table nobody knows']}",
            n["a column of telephones"],
            int(n["a column of cards"]),
            int(n["a column of years"]),
        ],
        [2, f"{MARKUP} (Bí thư {n['a row']})", "Thôn", "06/4/2022", "Riêng", 10, 9, "x", "x"],
        [None, f"Ghi: {n['a loose row']} {FORMULA}"],
        [3, "Chi bộ Trường THCS Lê Lợi", "Trường học", "07/4/2022", "Riêng", 10, 9, "x", "x"],
        [],
        [None, None, None, "T/M ĐẢNG ỦY"],
        [None, None, None, n["a signature"]],
        [None, None, None, n["a signature in capitals"]],
    ]
    for line in lines:
        sheet.append(line)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that begins with = and is none of Excel's formulas
    sheet["A1"].comment = Comment(n["a comment"], n["a comment"])
    people = book.create_sheet("Danh sách")
    for line in [
        ["Họ và tên", "CMND"],
        [n["the second of a list"], int(n["a card of nobody's list"])],
    ]:
        people.append(line)
    heads = book.create_sheet("Thôn")
    for line in [
        ["Tên thôn, tổ dân phố", "Trưởng thôn", "Trưởng thôn là đảng viên"],
        ["Thôn Nguyễn Trãi", n["a column of heads"], "x"],
        [f"Thôn {FORMULA}", n["a column of heads"], "x"],
    ]:
        heads.append(line)
    return saved(book)


def returned(unit: str) -> bytes:
    """A workbook with a wrong value of each type, hostile or with a name."""
    n = NAMES
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "'=1+1"
    for line in [
        ["Đơn vị báo cáo", unit],
        ["Ngày ký báo cáo", f"{n['a date']}"],
        ["Tổng số đảng viên", MARKUP],
        ["Số đảng viên dự sinh hoạt", LINK],
        ["Tổng số thôn, tổ dân phố", TEMPLATE],
        ["Số trưởng thôn là đảng viên", "@SUM(1+1)"],
        ["Số tin, bài", n["a telephone for a count"]],
        ["Số quần chúng ưu tú đã giới thiệu vào Đảng", "-1+1|x"],
        [],
        [
            "Tên chi bộ",
            "Loại hình",
            "Ngày sinh hoạt",
            "Tổng số đảng viên",
            "Số đảng viên dự",
            "Nội dung 2.1",
        ],
        ["Chi bộ 1", f"{n['a choice']}", "05/4/2022", f"25 {n['a count']}", 5, f"{n['a mark']}"],
        [MARKUP, "Thôn", FORMULA, FORMULA, "+1+1", "@SUM(1+1)"],
    ]:
        sheet.append(line)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    return saved(book)


def word(unit: str) -> bytes:
    """A Word report in prose, about another topic that names somebody."""
    document = Document()
    document.core_properties.author = NAMES["an author"]
    document.sections[0].header.paragraphs[0].text = NAMES["a header"]
    document.sections[0].footer.paragraphs[0].text = NAMES["a footer"]
    for text in [
        unit,
        "BÁO CÁO",
        f"Kết quả sinh hoạt chuyên đề “Gương sáng {NAMES['a topic']} {MARKUP} {FORMULA}”",
        f"- Tổng số chi bộ: 3 ({NAMES['a count']}).",
        "1. Thuận lợi",
        f"Ông {NAMES['behind ông']} {MARKUP}",
        f"- Người ghi {NAMES['an unknown label']}: 5 {FORMULA}",
        NAMES["a signature"],
    ]:
        document.add_paragraph(text)
    return saved(document)


def saved(file: object) -> bytes:
    """The bytes of a workbook or a document."""
    stream = BytesIO()
    file.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()
