"""Text that nobody sees for its colour or size is left out of values and reported, in every file
type; a white header on a dark fill is seen."""

from __future__ import annotations

import importlib.util
import io
import struct
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from made_texts import excel_xml, html, odt, rtf
from test_readers_unseen import CAMPAIGN, encoded, only, seen
from test_readers_word import run, word

from sources.extraction import extract
from sources.grids import Document, Grid, LeftOut
from sources.readers import read
from sources.readers.binary_excel import _styles
from sources.readers.ink import Ink, parse_colour
from sources.readers.spreadsheet_ink import shows_no_numbers

FIXTURES = Path(__file__).parent / "fixtures"
WHITE, DARK = "FFFFFF", "1F3864"
UNSEEN = [  # ink, what it stands on, whether it is not seen
    (Ink("FFFFFF"), "FFFFFF", True),
    (Ink("F2F2F2"), "FFFFFF", True),
    (Ink("FFFFFF"), "FFF2CC", True),  # on a light yellow cell
    (Ink("000000"), "000000", True),
    (Ink("1F3864"), "1F3864", True),
    (Ink("FFFFFF"), "1F3864", False),
    (Ink("A6A6A6"), "FFFFFF", False),  # grey
    (Ink("FFFF00"), "FFFFFF", False),  # yellow: poor, but seen
    (Ink("FF0000"), "FFFFFF", False),
    (Ink("auto"), "000000", False),
    (Ink("FFFFFF", ground=parse_colour("FF0000")), "FFFFFF", False),
    (Ink("FFFFFF", ground="unknown"), "FFFFFF", False),
    (Ink("000000", points=1), "FFFFFF", True),
    (Ink("000000", points=6), "FFFFFF", False),
]


@pytest.mark.parametrize(("ink", "ground", "is_unseen"), UNSEEN)
def test_letters_like_their_ground_or_too_small_are_not_seen(ink, ground, is_unseen) -> None:
    assert ink.is_unseen_on(parse_colour(ground)) is is_unseen


COLOURS = [
    ("#fff", (255, 255, 255)),
    ("FFFFFF", (255, 255, 255)),
    ("rgb(1, 2, 3)", (1, 2, 3)),
    ("white", (255, 255, 255)),
    ("auto", None),
    ("windowtext", None),
    (None, None),
]


@pytest.mark.parametrize(("text", "colour"), COLOURS)
def test_colours_are_parsed_however_written(text, colour) -> None:
    assert parse_colour(text) == colour


# One table of each kind: a header in white on a dark fill, a white number beside a black one and
# one alone, a number of one point, and a white number on a dark fill.
ROWS = [["Tên", "Tổng"], ["23", None], ["6", "7"]]
LEFT_OUT = {(1, 0): "21", (1, 1): "30", (2, 0): "9"}


def coloured_xlsx() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("A")
        white, plain = book.add_format({"font_color": "white"}), book.add_format({"bold": True})
        tiny = book.add_format({"font_size": 1})
        on_dark = book.add_format({"font_color": "white", "bg_color": f"#{DARK}"})
        page.write_row(0, 0, ROWS[0], on_dark)
        page.write_rich_string(1, 0, white, "21", plain, "23")
        page.write_number(1, 1, 30, white)
        page.write_rich_string(2, 0, tiny, "9", plain, "6")
        page.write_number(2, 1, 7, on_dark)
    return buffer.getvalue()


def coloured_xls() -> bytes:
    book, buffer = xlwt.Workbook(), io.BytesIO()
    page = book.add_sheet("A")
    white, plain = xlwt.easyxf("font: colour white"), xlwt.easyxf("font: bold on")
    tiny = xlwt.easyxf("font: height 20")
    on_dark = xlwt.easyxf("font: colour white; pattern: pattern solid, fore_colour dark_blue")
    for column, title in enumerate(ROWS[0]):
        page.write(0, column, title, on_dark)
    page.write_rich_text(1, 0, [("21", white.font), ("23", plain.font)])
    page.write(1, 1, 30, white)
    page.write_rich_text(2, 0, [("9", tiny.font), ("6", plain.font)])
    page.write(2, 1, 7, on_dark)
    book.save(buffer)
    return buffer.getvalue()


def coloured_docx() -> bytes:
    white, tiny = f'<w:color w:val="{WHITE}"/>', '<w:sz w:val="2"/>'
    fill = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{DARK}"/></w:tcPr>'

    def cell(runs: str, look: str = "") -> str:
        return f"<w:tc>{look}<w:p>{runs}</w:p></w:tc>"

    rows = [
        "".join(cell(run(title, white), fill) for title in ROWS[0]),
        cell(run("21", white) + run("23")) + cell(run("30", white)),
        cell(run("9", tiny) + run("6")) + cell(run("7", white), fill),
    ]
    return word("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")


def coloured_rtf() -> bytes:
    row = "\\trowd{}\\cellx900{}\\cellx1800\\pard\\intbl {}\\cell {}\\cell\\row "
    dark = "\\clcbpat2"
    return rtf(
        "{\\colortbl;\\red255\\green255\\blue255;\\red31\\green56\\blue100;}"
        + row.format(dark, dark, *(f"{{\\cf1 {title}}}" for title in ("Ten", "Tong")))
        + row.format("", "", "{\\cf1 21}{\\cf0 23}", "{\\cf1 30}")
        + row.format("", dark, "{\\fs2 9}6", "{\\cf1 7}")
    )


def coloured_odt() -> bytes:
    styles = (
        '<style:style style:name="w" style:family="text"><style:text-properties fo:color="#ffffff"/>'
        '</style:style><style:style style:name="t" style:family="text"><style:text-properties '
        'fo:font-size="1pt"/></style:style><style:style style:name="d" style:family="table-cell">'
        f'<style:table-cell-properties fo:background-color="#{DARK}"/></style:style>'
    )

    def cell(runs: str, look: str = "") -> str:
        return f"<table:table-cell{look}><text:p>{runs}</text:p></table:table-cell>"

    def span(shown: str, look: str = "w") -> str:
        return f'<text:span text:style-name="{look}">{shown}</text:span>'

    dark = ' table:style-name="d"'
    rows = [
        "".join(cell(span(title), dark) for title in ROWS[0]),
        cell(span("21") + "23") + cell(span("30")),
        cell(span("9", "t") + "6") + cell(span("7"), dark),
    ]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return odt(f"<table:table>{body}</table:table>", styles)


def coloured_html() -> bytes:
    return html(
        f"<table><tr bgcolor=#{DARK} style=color:white><td>Tên<td>Tổng"
        "<tr><td><font color=#ffffff>21</font>23<td class=w>30"
        f'<tr><td><span style="font-size:1px">9</span>6<td class=w style="background:#{DARK}">7'
        "</table>",
        "<style>.w {color: rgb(255, 255, 255)}</style>",
    )


def coloured_excel_xml() -> bytes:
    cell = '<Cell{}><Data ss:Type="{}">{}</Data></Cell>'
    on_dark, white = ' ss:StyleID="d"', ' ss:StyleID="w"'
    rows = [
        "".join(cell.format(on_dark, "String", title) for title in ROWS[0]),
        cell.format("", "String", '<Font ss:Color="#FFFFFF">21</Font><B>23</B>')
        + cell.format(white, "Number", "30"),
        cell.format("", "String", '<Font ss:Size="1">9</Font><B>6</B>')
        + cell.format(on_dark, "Number", "7"),
    ]
    return excel_xml(
        '<Worksheet ss:Name="A"><Table>'
        + "".join(f"<Row>{row}</Row>" for row in rows)
        + "</Table></Worksheet>",
        '<Style ss:ID="w"><Font ss:Color="#FFFFFF"/></Style><Style ss:ID="d"><Font '
        f'ss:Color="#FFFFFF"/><Interior ss:Color="#{DARK}" ss:Pattern="Solid"/></Style>',
    )


KINDS = {
    "xlsx": coloured_xlsx,
    "xls": coloured_xls,
    "docx": coloured_docx,
    "rtf": coloured_rtf,
    "odt": coloured_odt,
    "html": coloured_html,
    "xml": coloured_excel_xml,
}


@pytest.mark.parametrize("kind", KINDS)
def test_white_and_tiny_numbers_are_left_out_and_white_on_dark_is_read(kind: str) -> None:
    grid = only(KINDS[kind]())
    rows = [[None if v is None else str(v) for v in row] for row in seen(grid)]
    titles = ["Ten", "Tong"] if kind == "rtf" else ROWS[0]
    assert rows == [titles, ["23", None], ROWS[2]] or rows == [titles, ["23"], ROWS[2]]
    assert {place: left_out.hidden for place, left_out in grid.left_out.items()} == LEFT_OUT


def styled_table(place: int, fills: str) -> Grid:
    """A Word table of three rows in a style that fills its parts, a white number in one of them."""
    rows = "".join(
        "<w:tr><w:tc><w:p>"
        + run("7", f'<w:color w:val="{WHITE}"/>' if row == place else "")
        + "</w:p></w:tc><w:tc/></w:tr>"
        for row in range(3)
    )
    style = f'<w:style w:type="table" w:styleId="T"><w:name w:val="T"/>{fills}</w:style>'
    body = f'<w:tbl><w:tblPr><w:tblStyle w:val="T"/></w:tblPr>{rows}</w:tbl>'
    return only(word(body, style))


FIRST_ROW_DARK = (
    '<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>'
    '</w:tblStylePr><w:tblStylePr w:type="band1Horz"><w:tcPr><w:shd w:val="clear" w:fill="DEEAF6"/>'
    "</w:tcPr></w:tblStylePr>"
)
ALL_DARK = '<w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>'


@pytest.mark.parametrize(
    ("place", "fills", "is_seen"),
    [(0, FIRST_ROW_DARK, True), (1, FIRST_ROW_DARK, False), (1, ALL_DARK, True), (1, "", False)],
)
def test_white_in_a_styled_word_table_is_seen_where_its_style_is_dark(place, fills, is_seen):
    grid = styled_table(place, fills)
    assert (place, 0) in grid.left_out or is_seen
    assert grid.rows[place][0] == ("7" if is_seen else None)


FORMATS = [
    (";;;", True),
    (";;", True),
    (";;;@", True),
    ("0;-0;;@", False),
    ("General", False),
    ('"x";', False),
    ("#,##0", False),
]


@pytest.mark.parametrize(("number_format", "shows_none"), FORMATS)
def test_formats_that_show_nothing_are_known(number_format: str, shows_none: bool) -> None:
    assert shows_no_numbers(number_format) is shows_none


@pytest.mark.parametrize("make", [".xlsx", ".xls"])
def test_a_number_whose_format_shows_nothing_is_left_out(make: str) -> None:
    buffer = io.BytesIO()
    if make == ".xlsx":
        with xlsxwriter.Workbook(buffer) as book:
            page = book.add_worksheet("A")
            page.write(0, 0, 5, book.add_format({"num_format": ";;;"}))
            page.write(0, 1, 6)
    else:
        book = xlwt.Workbook()
        page = book.add_sheet("A")
        page.write(0, 0, 5, xlwt.easyxf(num_format_str=";;;"))
        page.write(0, 1, 6)
        book.save(buffer)
    grid = only(buffer.getvalue())
    assert grid.rows == [[None, 6]] and grid.left_out == {(0, 0): LeftOut(hidden="5")}


def test_binary_workbook_white_fonts_and_fills_are_read() -> None:
    def font(red: int, points: int) -> bytes:
        colour = struct.pack("<BBhBBBB", 5, 0, 0, red, red, red, 255)
        name = struct.pack("<I", 5) + "Arial".encode("utf-16-le")
        return encoded(43, struct.pack("<H10x", points * 20) + colour + b"\0" + name)

    dark = struct.pack("<IBBhBBBB", 1, 5, 0, 0, 31, 56, 100, 255)
    part = font(255, 11) + font(0, 11) + font(0, 1)
    part += encoded(45, bytes(12)) + encoded(45, dark) + encoded(617, b"")
    for number, fill in ((0, 0), (0, 1), (1, 0), (2, 0)):
        part += encoded(47, struct.pack("<4H", 0, 0, number, fill))
    styles = _styles(part + encoded(618, b""))
    assert [styles.font(style)[1] for style in range(4)] == ["hidden", "plain", "plain", "hidden"]


def test_white_paragraph_of_word_is_reported_and_not_read() -> None:
    look = f'<w:color w:val="{WHITE}"/>'
    body = f"<w:p>{run('Tổng số chi bộ: 19', look)}</w:p><w:p>{run('Tổng số chi bộ: 18')}</w:p>"
    found = extract(read(word(body), CAMPAIGN.limits), CAMPAIGN)
    assert [(f.field, f.value) for f in found.facts] == [("cells_total", "18")]
    assert [(f.rule, f.cell) for f in found.findings if f.rule == "text_hidden"] == [
        ("text_hidden", "1")
    ]


def test_a_cross_that_is_not_seen_is_reported_in_a_cell() -> None:
    rows = [["Tên thôn", "Trưởng thôn là đảng viên", "Số đảng viên"], ["Thôn Cầu", None, 30]]
    grid = Grid("A", rows, left_out={(1, 1): LeftOut(hidden="x")})
    found = extract(Document("xlsx", [grid]), CAMPAIGN).findings
    assert ("text_hidden", "B2") in [(f.rule, f.cell) for f in found]


@pytest.mark.skipif(not importlib.util.find_spec("doc2docx"), reason="the extra doc is absent")
def test_white_and_tiny_numbers_of_doc_are_left_out() -> None:
    document = read((FIXTURES / "white_text.doc").read_bytes(), CAMPAIGN.limits)
    [grid] = [block for block in document.blocks if isinstance(block, Grid)]
    assert grid.rows == [
        ["Tên", "Tổng", "Dự"],  # white on dark blue
        ["A", "25", None],
        ["B", "25", None],
        ["C", "41", "5"],  # 41 white on red
        ["D", "42", "44"],  # yellow, grey
        ["E", "43", "45"],  # white, highlighted in yellow; red
    ]
    left_out = {place: text.hidden for place, text in grid.left_out.items()}
    assert left_out == {(1, 1): "7", (1, 2): "30", (2, 1): "9", (2, 2): "31"}
    assert [paragraph.left_out.hidden for paragraph in document.unseen] == ["Tổng số đảng viên: 99"]
