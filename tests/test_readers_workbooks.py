"""Workbooks become grids with the values that the file holds."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf import opendocument, style, table, text
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sources.campaigns import load_campaign
from sources.grids import ErrorValue, Grid, RefusedFile, Span, Uncached
from sources.readers import read

LIMITS = load_campaign().limits
FIXTURES = Path(__file__).parent / "fixtures"
APRIL_5 = dt.date(2022, 4, 5)


def xlsx(fill, **options) -> bytes:
    """An xlsx made by xlsxwriter, as `fill(workbook, sheet)` fills it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, options) as workbook:
        fill(workbook, workbook.add_worksheet("Chi bộ"))
    return buffer.getvalue()


def patched(data: bytes, part: str, change) -> bytes:
    """The package with one part changed."""
    source, buffer = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, change(content) if re.fullmatch(part, name) else content)
    return buffer.getvalue()


def grid(data: bytes, number: int = 0) -> Grid:
    return [block for block in read(data, LIMITS).blocks if isinstance(block, Grid)][number]


def with_sheet_data(xml: str) -> bytes:
    """An xlsx whose only sheet holds just this XML of rows."""
    plain = xlsx(lambda workbook, sheet: sheet.write(0, 0, 1))
    old, new = (
        re.compile(rb"<sheetData>.*</sheetData>", re.S),
        f"<sheetData>{xml}</sheetData>".encode(),
    )
    return patched(plain, r"xl/worksheets/sheet1\.xml", lambda content: old.sub(new, content))


CELLS = [
    ('<c r="A1"><v>25</v></c>', 25),
    ('<c r="A1"><v>25.5</v></c>', 25.5),
    ('<c r="A1" t="str"><v>25 đ/c</v></c>', "25 đ/c"),
    (
        '<c r="A1" t="inlineStr"><is><r><t xml:space="preserve">Chi </t></r><r><t>bộ</t></r></is></c>',
        "Chi bộ",
    ),
    ('<c r="A1" t="b"><v>1</v></c>', True),
    ('<c r="A1" t="e"><v>#REF!</v></c>', ErrorValue("#REF!")),
    ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', ErrorValue("#DIV/0!")),
    ('<c r="A1"><f>SUM(B1:B9)</f></c>', Uncached("SUM(B1:B9)")),
    ('<c r="A1"><f>SUM(B1:B9)</f><v></v></c>', Uncached("SUM(B1:B9)")),
    ('<c r="A1"><f>SUM(B1:B9)</f><v>7</v></c>', 7),
    ("<c r='A1' t='e'><v>#N/A</v></c>", ErrorValue("#N/A")),
]


@pytest.mark.parametrize(("cell", "value"), CELLS)
def test_cell_has_the_value_in_the_file(cell, value):
    assert grid(with_sheet_data(f'<row r="1">{cell}</row>')).rows == [[value]]


def test_formula_with_empty_result_is_an_empty_cell():
    data = with_sheet_data(
        '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c></row>'
    )
    assert grid(data).rows == [[None, 1]]


def test_formula_beyond_the_last_value_is_kept():
    data = with_sheet_data(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"><c r="D3"><f>A1+1</f></c></row>'
    )
    assert grid(data).rows == [[1], [], [None, None, None, Uncached("A1+1")]]


def test_dates_keep_their_time():
    def fill(workbook, sheet):
        day, moment = (
            workbook.add_format({"num_format": shown})
            for shown in ("dd/mm/yyyy", "dd/mm/yyyy hh:mm")
        )
        sheet.write_datetime(0, 0, dt.datetime(2022, 4, 5), day)
        sheet.write_datetime(0, 1, dt.datetime(2022, 4, 5), moment)
        sheet.write_datetime(0, 2, dt.datetime(2022, 4, 5, 7, 30), moment)
        sheet.write_number(0, 3, 44656)

    assert grid(xlsx(fill)).rows == [[APRIL_5, APRIL_5, dt.datetime(2022, 4, 5, 7, 30), 44656]]


def test_workbook_with_1904_dates_is_read():
    workbook, buffer = openpyxl.Workbook(), io.BytesIO()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active["B2"] = APRIL_5
    workbook.save(buffer)
    assert grid(buffer.getvalue()).rows == [[], [None, APRIL_5]]


def test_percentage_is_never_a_count():
    def fill(workbook, sheet):
        share = workbook.add_format({"num_format": "0.0%"})
        sheet.write_row(0, 0, [1, 0.944], share)
        sheet.write(0, 2, 1, workbook.add_format({"num_format": '0"%"'}))

    made = grid(xlsx(fill))
    assert made.rows == [["100%", "94,4%", 1]]
    assert made.raw == {}


def test_hidden_sheets_are_read_and_chart_sheets_are_not():
    def fill(workbook, sheet):
        sheet.write(0, 0, "thấy")
        hidden, deep = workbook.add_worksheet("Ẩn"), workbook.add_worksheet("Ẩn kỹ")
        chart = workbook.add_chartsheet("Biểu đồ")
        hidden.write(0, 0, "ẩn")
        hidden.hide()
        deep.write(0, 0, "ẩn kỹ")
        deep.very_hidden()
        shape = workbook.add_chart({"type": "bar"})
        shape.add_series({"values": "='Chi bộ'!$A$1:$A$2"})
        chart.set_chart(shape)

    found = [(block.sheet, block.hidden) for block in read(xlsx(fill), LIMITS).blocks]
    assert found == [("Chi bộ", False), ("Ẩn", True), ("Ẩn kỹ", True)]


def test_merged_cells_have_one_value_and_span():
    made = grid(xlsx(lambda workbook, sheet: sheet.merge_range("B2:D3", "Đảng viên")))
    assert made.rows == [[], [None, "Đảng viên"]]
    assert made.merged == (Span(1, 1, 2, 3),)


def test_far_cell_is_refused_by_name_without_memory():
    data = with_sheet_data(
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    )
    with pytest.raises(RefusedFile, match="XFD1048576") as refusal:
        read(data, LIMITS)
    assert refusal.value.rule == "unreadable"


def test_formatted_empty_rows_are_no_rows():
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" s="0"/><c r="XFD{r}" s="0"/></row>' for r in range(2, 200_000)
    )
    assert grid(with_sheet_data(f'<row r="1"><c r="A1"><v>1</v></c></row>{rows}')).rows == [[1]]


def test_more_rows_than_any_report_has_are_refused():
    rows = "".join(
        f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, LIMITS.rows + 2)
    )
    with pytest.raises(RefusedFile, match="quá lớn"):
        read(with_sheet_data(rows), LIMITS)


def test_strict_ooxml_and_prefixed_tags_are_read():
    data = with_sheet_data(
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="e"><v>#REF!</v></c></row>'
    )

    def strict(content: bytes) -> bytes:
        for old, new in (
            (
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
            (
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
        ):
            content = content.replace(old, new)
        return content

    def prefixed(content: bytes) -> bytes:
        content = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", content)
        return content.replace(b'xmlns="', b'xmlns:x="')

    assert grid(patched(data, r".*\.(xml|rels)", strict)).rows == [[1, ErrorValue("#REF!")]]
    assert grid(patched(data, r"xl/worksheets/sheet1\.xml", prefixed)).rows == [
        [1, ErrorValue("#REF!")]
    ]


LEGACY = [
    (".VnTime", "Chi bé th«n §ång R·ng", "Chi bộ thôn Đồng Rãng"),
    (".VnTimeH", "§¶ng bé", "ĐẢNG BỘ"),
    ("VNI-Times", "Chi boä thoân Ñoàng Raõng", "Chi bộ thôn Đồng Rãng"),
    (".VnTime", "Chi bộ đã gõ Unicode", "Chi bộ đã gõ Unicode"),
    (".VnTime", "25", "25"),
]


@pytest.mark.parametrize(("font", "typed", "shown"), LEGACY)
def test_legacy_font_text_is_converted_and_kept_as_typed(font, typed, shown):
    def fill(workbook, sheet):
        sheet.write_string(0, 0, typed, workbook.add_format({"font_name": font}))
        sheet.write_rich_string(0, 1, "a", workbook.add_format({"font_name": font}), typed, "b")

    book = xlwt.Workbook()
    easy = xlwt.easyxf(f"font: name {font}")
    book.add_sheet("Chi bộ").write(0, 0, typed, easy)
    old = io.BytesIO()
    book.save(old)
    for made in (grid(xlsx(fill)), grid(old.getvalue())):
        assert made.rows[0][0] == shown
        assert made.raw.get((0, 0), made.rows[0][0]) == typed
    assert grid(xlsx(fill)).rows[0][1] == f"a{shown}b"


def test_old_workbook_has_errors_percentages_and_uncomputed_formulas():
    book, buffer = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Chi bộ")
    sheet.write(0, 0, xlwt.Formula("1+1"))
    sheet.write(0, 1, 1, xlwt.easyxf(num_format_str="0.0%"))
    sheet.row(0).set_cell_error(2, "#REF!")
    sheet.write(0, 3, APRIL_5, xlwt.easyxf(num_format_str="dd/mm/yyyy"))
    sheet.write_merge(1, 2, 0, 1, "gộp")
    book.save(buffer)
    made = grid(buffer.getvalue())
    assert made.rows[0] == [Uncached(""), "100%", ErrorValue("#REF!"), APRIL_5]
    assert made.merged == (Span(1, 0, 2, 1),)


def test_opendocument_sheet_has_spans_errors_and_uncomputed_formulas():
    document, buffer = opendocument.OpenDocumentSpreadsheet(), io.BytesIO()
    off = style.Style(name="off", family="table")
    off.addElement(style.TableProperties(display="false"))
    document.automaticstyles.addElement(off)
    sheet = table.Table(name="Chi bộ", stylename=off)
    document.spreadsheet.addElement(sheet)

    def row(*cells, **attributes):
        line = table.TableRow(**attributes)
        for made in cells:
            line.addElement(made)
        sheet.addElement(line)

    def cell(shown=None, **attributes):
        made = table.TableCell(**attributes)
        for paragraph in (shown or "").split("\n") if shown else ():
            made.addElement(text.P(text=paragraph))
        return made

    row(
        cell("Đảng\nviên", valuetype="string", numbercolumnsspanned=2, numberrowsspanned=2),
        table.CoveredTableCell(),
    )
    row(cell(), numberrowsrepeated=2)
    row(
        cell("25", valuetype="float", value=25),
        cell(numbercolumnsrepeated=2),
        cell("100%", valuetype="percentage", value=1),
    )
    row(
        cell("5/4", valuetype="date", datevalue="2022-04-05"),
        cell("#REF!", formula="of:=[.A9]"),
        cell(formula="of:=1+1"),
    )
    row(cell(numbercolumnsrepeated=1024), numberrowsrepeated=1_048_000)
    document.save(buffer)
    made = grid(buffer.getvalue())
    assert made.rows == [
        ["Đảng\nviên"],
        [],
        [],
        [25, None, None, "100%"],
        [APRIL_5, ErrorValue("#REF!"), Uncached("1+1")],
    ]
    assert made.merged == (Span(0, 0, 1, 1),)
    assert made.hidden


def test_a_binary_workbook_is_read():
    first, second = read((FIXTURES / "base.xlsb").read_bytes(), LIMITS).blocks
    moment = dt.datetime(2010, 10, 10, 10, 10, 10)
    assert first.rows[1][:7] == ["String", 1, 1.1, True, False, moment.date(), moment]
    assert second.rows[1] == [None, "line1", "line1", "line1"]


def test_binary_workbook_has_errors_and_merged_cells():
    record = struct.pack("<BBIIB", 3, 9, 2, 0, 0x17)
    merged = struct.pack("<HBIIII", 0x01B0, 16, 0, 1, 0, 1)

    def change(sheet: bytes) -> bytes:
        end = sheet.index(b"\x92\x01\x00")  # the end of the cells
        return sheet[:end] + record + sheet[end:] + merged

    made = grid(
        patched((FIXTURES / "base.xlsb").read_bytes(), r"xl/worksheets/sheet1\.bin", change)
    )
    assert ErrorValue("#REF!") in made.rows[1]
    assert made.merged == (Span(0, 0, 1, 1),)


def test_macros_are_reported():
    plain = xlsx(lambda workbook, sheet: sheet.write(0, 0, 1))
    old, new = (
        b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"ms-excel.sheet.macroEnabled.main+xml",
    )
    buffer = io.BytesIO(
        patched(plain, r"\[Content_Types\]\.xml", lambda types: types.replace(old, new))
    )
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    document = read(buffer.getvalue(), LIMITS)
    assert (document.kind, document.macros) == ("xlsm", True)


def test_merged_ranges_below_all_rows_are_dropped():
    def fill(workbook, sheet):
        sheet.merge_range("A1:B1", "Chi bộ")
        for row in range(3, 1000):
            sheet.merge_range(row, 0, row, 1, "")

    assert grid(xlsx(fill)).merged == (Span(0, 0, 0, 1),)
