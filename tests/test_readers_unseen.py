"""Content that a sender does not see is reported and does not count, in every file type; filtered
rows count."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from made_texts import excel_xml, html, odt, rtf
from odf import office, opendocument, style, table, text
from test_readers_word import cell as word_cell
from test_readers_word import run, word
from test_readers_workbooks import patched, with_sheet_data, xlsx

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.grids import Document, Grid, LeftOut, Paragraph, Span
from sources.readers import read
from sources.readers.binary_excel import _records
from sources.readers.old_excel_records import filter_range, rich_texts, unseen_in
from sources.readers.text_effects import Run, seen_text

CAMPAIGN = load_campaign()
FIXTURES = Path(__file__).parent / "fixtures"
# what stands in the one cell of several looks
PARTS = [
    ("21", "struck"),
    ("23", "plain"),
    ("1", "raised"),
]


def only(data: bytes) -> Grid:
    [grid] = [block for block in read(data, CAMPAIGN.limits).blocks if isinstance(block, Grid)]
    return grid


def seen(grid: Grid) -> list[list[object]]:
    return [list(row) for row in grid.rows]


def made_xlsx(inline: bool) -> bytes:
    buffer = io.BytesIO()
    # which writes its texts into the cells
    with xlsxwriter.Workbook(buffer, {"constant_memory": inline}) as book:
        page = book.add_worksheet("A")
        looks = {
            "struck": book.add_format({"font_strikeout": True}),
            "plain": book.add_format({"bold": True}),
            "raised": book.add_format({"font_script": 1}),
        }
        page.write_rich_string(
            0, 0, *[piece for shown, look in PARTS for piece in (looks[look], shown)]
        )
        page.write_number(0, 1, 20, looks["struck"])
        page.write_string(0, 2, "cũ", looks["struck"])
        page.set_row(1, None, None, {"hidden": True})
        page.set_column(2, 2, None, None, {"hidden": True})
        page.write_row(1, 0, [31, 30, "ẩn"])
        page.write_row(2, 0, [7, 6, "hiện"])
    return buffer.getvalue()


def made_xls() -> bytes:
    book, buffer = xlwt.Workbook(), io.BytesIO()
    page = book.add_sheet("A")
    struck, plain, raised = (
        xlwt.easyxf(f"font: {look}").font
        for look in ("struck_out on", "bold on", "escapement superscript")
    )
    fonts = {"struck": struck, "plain": plain, "raised": raised}
    page.write_rich_text(0, 0, [(shown, fonts[look]) for shown, look in PARTS])
    page.write(0, 1, 20, xlwt.easyxf("font: struck_out on"))
    page.write(0, 2, "cũ", xlwt.easyxf("font: struck_out on"))
    for row, values in ((1, [31, 30, "ẩn"]), (2, [7, 6, "hiện"])):
        for column, value in enumerate(values):
            page.write(row, column, value)
    page.row(1).hidden = True
    page.col(2).hidden = True
    book.save(buffer)
    return buffer.getvalue()


def made_ods() -> bytes:
    document, buffer = opendocument.OpenDocumentSpreadsheet(), io.BytesIO()
    for name, look in (
        ("S", {"textlinethroughstyle": "solid"}),
        ("R", {"textposition": "super 58%"}),
    ):
        for family in ("text", "table-cell"):
            made = style.Style(name=f"{name}{family}", family=family)
            made.addElement(style.TextProperties(**look))
            document.automaticstyles.addElement(made)
    page = table.Table(name="A")
    page.addElement(table.TableColumn(numbercolumnsrepeated=2))
    page.addElement(table.TableColumn(visibility="collapse"))
    names = {"struck": "Stext", "raised": "Rtext"}
    mixed = table.TableCell(valuetype="string")
    line = text.P()
    for shown, look in PARTS:
        line.addElement(
            text.Span(text=shown, stylename=names.get(look))
            if look in names
            else text.Span(text=shown)
        )
    mixed.addElement(line)
    rows = [
        ([mixed, (20, "Stable-cell"), ("cũ", "Stable-cell")], None),
        ([(31, None), (30, None), ("ẩn", None)], "collapse"),
        ([(7, None), (6, None), ("hiện", None)], None),
    ]
    for cells, visibility in rows:
        line = table.TableRow(**({"visibility": visibility} if visibility else {}))
        for about in cells:
            if not isinstance(about, tuple):
                line.addElement(about)
                continue
            value, named = about
            kind = (
                {"valuetype": "float", "value": value}
                if isinstance(value, int)
                else {"valuetype": "string"}
            )
            made = table.TableCell(**kind, **({"stylename": named} if named else {}))
            made.addElement(text.P(text=str(value)))
            line.addElement(made)
        page.addElement(line)
    document.spreadsheet.addElement(page)
    document.save(buffer)
    return buffer.getvalue()


def made_docx() -> bytes:
    looks = {
        "struck": "<w:strike/>",
        "plain": "<w:b/>",
        "raised": '<w:vertAlign w:val="superscript"/>',
    }
    mixed = "".join(run(shown, looks[look]) for shown, look in PARTS)
    rows = [
        f"<w:tc><w:p>{mixed}</w:p></w:tc><w:tc><w:p>{run('20', '<w:strike/>')}</w:p></w:tc>",
        f"<w:trPr><w:hidden/></w:trPr>{word_cell('31')}{word_cell('30')}",
        word_cell("7") + word_cell("6"),
    ]
    return word("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")


def made_rtf() -> bytes:
    looks = {"struck": "\\strike", "plain": "\\b", "raised": "\\super"}
    mixed = "".join(f"{{{looks[look]} {shown}}}" for shown, look in PARTS)
    row = "\\trowd{}\\cellx900\\cellx1800\\pard\\intbl {}\\cell {}\\cell\\row "
    return rtf(
        row.format("", mixed, "{\\strike 20}")
        + row.format("\\trrh-20", "31", "30")
        + row.format("", "7", "6")
    )


def made_odt() -> bytes:
    looks = {
        "struck": 'style:text-line-through-style="solid"',
        "raised": 'style:text-position="super 58%"',
    }
    styles = "".join(
        f'<style:style style:name="{name}" style:family="text"><style:text-properties {look}/></style:style>'
        for name, look in looks.items()
    )
    mixed = "".join(
        f'<text:span text:style-name="{look}">{shown}</text:span>' for shown, look in PARTS
    )
    row = "<table:table-row{}>" + "<table:table-cell><text:p>{}</text:p></table:table-cell>" * 2
    row += "</table:table-row>"
    body = (
        row.format("", mixed, '<text:span text:style-name="struck">20</text:span>')
        + row.format(' table:visibility="collapse"', "31", "30")
        + row.format("", "7", "6")
    )
    return odt(f"<table:table>{body}</table:table>", styles)


def made_html() -> bytes:
    looks = {"struck": "class=cu", "plain": "", "raised": 'style="vertical-align:super"'}
    mixed = "".join(f"<span {looks[look]}>{shown}</span>" for shown, look in PARTS)
    return html(
        f"<table><tr><td>{mixed}<td><s>20</s><tr class=an><td>31<td>30<tr><td>7<td>6</table>",
        "<style>.cu {text-decoration:line-through} tr.an {display:none}</style>",
    )


def made_excel_xml() -> bytes:
    names = {"struck": "S", "plain": "B", "raised": "Sup"}
    mixed = "".join(f"<{names[look]}>{shown}</{names[look]}>" for shown, look in PARTS)
    cell = '<Cell{}><Data ss:Type="{}">{}</Data></Cell>'
    struck = ' ss:StyleID="s"'
    return excel_xml(
        '<Worksheet ss:Name="A"><Table><Column ss:Index="3" ss:Hidden="1"/><Row>'
        + cell.format("", "String", mixed)
        + cell.format(struck, "Number", "20")
        + cell.format(struck, "String", "cũ")
        + '</Row><Row ss:Hidden="1">'
        + cell.format("", "Number", "31")
        + cell.format("", "Number", "30")
        + "</Row><Row>"
        + cell.format("", "Number", "7")
        + cell.format("", "Number", "6")
        + cell.format("", "String", "hiện")
        + "</Row></Table></Worksheet>",
        '<Style ss:ID="s"><Font ss:StrikeThrough="1"/></Style>',
    )


KINDS = {
    "xlsx, shared strings": lambda: made_xlsx(False),
    "xlsx, strings in the cells": lambda: made_xlsx(True),
    "xls": made_xls,
    "ods": made_ods,
    "xml": made_excel_xml,
    "docx": made_docx,
    "odt": made_odt,
    "rtf": made_rtf,
    "html": made_html,
}
OF_WORD = ("docx", "odt", "rtf", "html")


@pytest.mark.parametrize("kind", KINDS)
def test_struck_and_raised_text_is_separated_from_values(kind: str) -> None:
    grid = only(KINDS[kind]())
    assert seen(grid)[0][:2] in (["23", None], ["23"])
    assert grid.left_out[0, 0] == LeftOut(struck="21", raised="1")
    assert grid.left_out[0, 1] == LeftOut(struck="20")
    if kind not in OF_WORD:
        assert grid.left_out[0, 2] == LeftOut(struck="cũ")


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_rows_and_columns_are_separated(kind: str) -> None:
    grid = only(KINDS[kind]())
    assert grid.hidden_rows == {1}
    assert not any(seen(grid)[1]) and [str(v) for v in seen(grid)[2][:2]] == ["7", "6"]
    assert [str(grid.concealed[1, column]) for column in (0, 1)] == ["31", "30"]
    if kind not in OF_WORD:  # where a table has no columns of its own to hide
        assert grid.hidden_columns == {2} and grid.concealed[2, 2] == "hiện"
        assert len(seen(grid)[2]) == 2 or seen(grid)[2][2] is None


def encoded(kind: int, body: bytes) -> bytes:
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(body)
    return head + (bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])) + body


def test_binary_workbook_hidden_rows_columns_and_filter_are_read() -> None:
    def hide(part: bytes) -> bytes:
        records = [encoded(60, struct.pack("<4IH", 0, 0, 2560, 0, 1))]
        for kind, body in _records(part):
            hides = kind == 0 and struct.unpack_from("<I", body)[0] == 1
            body = body[:11] + bytes([body[11] | 0x10]) + body[12:] if hides else body
            records.append(encoded(kind, body))
        return b"".join(records)

    def filtered(part: bytes) -> bytes:
        return hide(part) + encoded(161, struct.pack("<4I", 0, 9, 0, 3)) + encoded(163, b"")

    data = (FIXTURES / "base.xlsb").read_bytes()
    plain = read(data, CAMPAIGN.limits).blocks[0]
    for change, hidden in ((hide, {1}), (filtered, set())):
        grid = read(patched(data, r"xl/worksheets/sheet1\.bin", change), CAMPAIGN.limits).blocks[0]
        assert (
            grid.hidden_columns == {0}
            and grid.hidden_rows == hidden
            and bool(grid.filtered_rows) == (not hidden)
        )
        assert grid.rows[1][1:] == (
            plain.rows[1][1:] if not hidden else [None] * (len(plain.rows[1]) - 1)
        )


def fill_list(book, page) -> None:
    page.write_column(0, 0, ["Số", 1, 2, 3])
    page.set_row(2, None, None, {"hidden": True})


def with_filter(book, page) -> None:
    fill_list(book, page)
    page.autofilter(0, 0, 3, 0)
    page.filter_column(0, "x != 2")


def with_idle_filter(book, page) -> None:
    fill_list(book, page)
    page.autofilter(0, 0, 3, 0)


def with_table(book, page) -> None:
    fill_list(book, page)
    page.add_table(0, 0, 3, 0, {"columns": [{"header": "Số"}]})


def filtered_table() -> bytes:
    return patched(
        xlsx(with_table),
        r"xl/tables/table1\.xml",
        lambda part: part.replace(
            b'<autoFilter ref="A1:A4"/>',
            b'<autoFilter ref="A1:A4"><filterColumn colId="0"><filters><filter val="1"/>'
            b"</filters></filterColumn></autoFilter>",
        ),
    )


FILTERS = [
    (xlsx(fill_list), {2}, set()),
    (xlsx(with_filter), set(), {2}),
    (xlsx(with_idle_filter), {2}, set()),
    (xlsx(with_table), {2}, set()),
    (filtered_table(), set(), {2}),
]


@pytest.mark.parametrize(("data", "hidden", "filtered"), FILTERS)
def test_filtered_rows_are_data_but_hidden_rows_are_not(data, hidden, filtered) -> None:
    grid = only(data)
    assert (grid.hidden_rows, grid.filtered_rows) == (hidden, filtered)
    assert (grid.rows[2] == [2]) is bool(filtered)


SHEET_TRAITS = [  # rows and columns without height or width, and a filter that the sheet only names
    (
        '<row r="1" ht="0" customHeight="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        {0},
    ),
    (
        "<row r='1' hidden='true'><c r='A1'><v>1</v></c></row><row r='2'><c r='A2'><v>2</v></c></row>",
        {0},
    ),
    ("<row r='1' ht='0'><c r='A1'><v>1</v></c></row><row r='2'><c r='A2'><v>2</v></c></row>", {0}),
    ('<row hidden="0"><c><v>1</v></c></row><row hidden="1"><c><v>2</v></c></row>', {1}),
    ('<row r="1" ht="15"><c r="A1"><v>1</v></c></row>', set()),
]


@pytest.mark.parametrize(("rows", "hidden"), SHEET_TRAITS)
def test_hidden_rows_are_recognised_however_written(rows: str, hidden: set[int]) -> None:
    assert only(with_sheet_data(rows)).hidden_rows == hidden


def test_merged_range_shows_value_in_its_visible_part() -> None:
    def fill(book, page) -> None:
        page.merge_range(0, 0, 0, 2, "Đảng viên")
        page.write_row(1, 0, [1, 2, 3])
        page.set_column(0, 0, None, None, {"hidden": True})

    grid = only(xlsx(fill))
    assert grid.rows == [[None, "Đảng viên", None], [None, 2, 3]] or grid.rows == [
        [None, "Đảng viên"],
        [None, 2, 3],
    ]
    assert grid.merged == (Span(0, 1, 0, 2),)


RUNS = [  # the runs, what is seen, what is left out
    ([("25", "plain"), ("1", "raised")], "25", LeftOut(raised="1")),
    ([("25", "plain"), ("(1)", "raised"), (" đ/c", "plain")], "25 đ/c", LeftOut(raised="(1)")),
    ([("300 m", "plain"), ("2", "raised")], "300 m²", None),
    ([("1", "raised"), ("/", "plain"), ("2", "raised")], "¹/²", None),
    ([("5", "raised")], "⁵", None),
    ([("25", "raised")], "25", None),
    ([("ngày 5", "plain"), ("th", "raised")], "ngày 5th", None),
    ([("21", "struck"), ("\n", "plain"), ("23", "plain")], "\n23", LeftOut(struck="21")),
    ([("21", "struck")], "", LeftOut(struck="21")),
    ([("a", "plain"), (" ", "struck"), ("b", "plain")], "a b", None),
    ([("25", "plain"), ("9", "hidden")], "25", LeftOut(hidden="9")),
]


@pytest.mark.parametrize(("runs", "shown", "left_out"), RUNS)
def test_visible_part_of_mixed_formatting_is_kept(runs, shown, left_out) -> None:
    assert seen_text(Run(piece, piece, looks) for piece, looks in runs) == (shown, shown, left_out)


def strings(*texts: tuple[str, int]) -> bytes:
    """A table of shared strings, each with as many runs of fonts."""
    made = b""
    for shown, runs in texts:
        made += struct.pack("<HBH", len(shown), 9, runs) + shown.encode("utf-16-le")
        made += b"".join(struct.pack("<HH", n, n + 1) for n in range(runs))
    return struct.pack("<II", len(texts), len(texts)) + made


def test_rich_strings_of_old_workbook_continue_in_next_record() -> None:
    whole = strings(("Chi bộ", 1), ("Đảng viên", 2))
    expected = {0: ("Chi bộ", ((0, 1),)), 1: ("Đảng viên", ((0, 1), (1, 2)))}
    assert rich_texts([whole]) == expected
    letters = 8 + 5  # where the letters of the first string begin
    assert rich_texts([whole[: letters + 6], b"\x01" + whole[letters + 6 :]]) == expected
    assert rich_texts([whole[:letters], b"\x01" + whole[letters:]]) == expected
    after = letters + 12
    assert rich_texts([whole[:after], whole[after:]]) == expected
    assert rich_texts([whole[: after + 6]]) == {0: expected[0]}


def test_old_workbook_filters_and_notes_are_read() -> None:
    name = (
        struct.pack("<HBBHHHI", 0x20, 0, 1, 11, 0, 2, 0)
        + b"\0\x0d"
        + struct.pack("<BHHHHH", 0x3B, 0, 4, 9, 0, 3)
    )
    assert filter_range(name) == (1, range(5, 10))
    assert filter_range(name[:20]) is None and filter_range(b"") is None
    note = [
        (0x5D, struct.pack("<HHHH", 0x15, 0x12, 0x19, 7)),
        (0xEC, b""),
        (0x1B6, struct.pack("<HHHHHHH", 0, 0, 0, 0, 0, 7, 0)),
        (0x3C, b"\0" + b"So: 21!"),
        (0x3C, b"\0\0"),
        (0x1C, struct.pack("<4H", 3, 2, 0, 7)),
        (0x9B, b""),
    ]
    unseen = unseen_in(note)
    assert unseen.is_filtered and unseen.comments == {(3, 2): "So: 21!"}


THREADS = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<threadedComment ref="B2" id="{1}"><text>Số đúng: 21</text></threadedComment>'
    '<threadedComment ref="B2" id="{2}"><text>đã sửa</text></threadedComment></ThreadedComments>'
)


def commented_xlsx(threaded: bool) -> bytes:
    def fill(book, page) -> None:
        page.write(1, 1, 20)
        page.write_comment(
            1, 1, "[Threaded comment]\n\nNote:\n    Số đúng: 21" if threaded else "Số đúng: 21"
        )

    data = xlsx(fill)
    if not threaded:
        return data
    relation = (
        b'<Relationship Id="rId9" Target="../threadedComments/t1.xml" '
        b'Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"/></Relationships>'
    )
    data = patched(
        data,
        r"xl/worksheets/_rels/sheet1\.xml\.rels",
        lambda x: x.replace(b"</Relationships>", relation),
    )
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("xl/threadedComments/t1.xml", THREADS)
    return buffer.getvalue()


def commented_ods() -> bytes:
    document, buffer = opendocument.OpenDocumentSpreadsheet(), io.BytesIO()
    page, line = table.Table(name="A"), table.TableRow()
    made, note = table.TableCell(valuetype="float", value=20), office.Annotation()
    note.addElement(text.P(text="Số đúng: 21"))
    made.addElement(note)
    made.addElement(text.P(text="20"))
    page.addElement(table.TableRow())
    line.addElement(table.TableCell())
    line.addElement(made)
    page.addElement(line)
    document.spreadsheet.addElement(page)
    document.save(buffer)
    return buffer.getvalue()


def commented_docx() -> bytes:
    noted = f'<w:tc><w:p>{run("20")}<w:r><w:commentReference w:id="4"/></w:r></w:p></w:tc>'
    data = word(
        f"<w:tbl><w:tr>{word_cell('')}{word_cell('')}</w:tr><w:tr>{word_cell('')}{noted}</w:tr></w:tbl>"
    )
    relation = (
        '<Relationship Id="r9" Target="comments.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/comments"/></Relationships>'
    )
    data = patched(
        data,
        r"word/_rels/document\.xml\.rels",
        lambda x: x.replace(b"</Relationships>", relation.encode()),
    )
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr(
            "word/comments.xml",
            '<w:comments xmlns:w="w"><w:comment w:id="4"><w:p>'
            "<w:r><w:t>Số đúng: 21</w:t></w:r></w:p></w:comment></w:comments>",
        )
    return buffer.getvalue()


COMMENTS = {
    "xlsx": (lambda: commented_xlsx(False), "Số đúng: 21"),
    "ods": (commented_ods, "Số đúng: 21"),
    "xlsx, threads": (lambda: commented_xlsx(True), "Số đúng: 21\nđã sửa"),
    "docx": (commented_docx, "Số đúng: 21"),
}


@pytest.mark.parametrize("kind", COMMENTS)
def test_a_comment_is_read_with_its_cell(kind: str) -> None:
    make, expected = COMMENTS[kind]
    assert only(make()).comments == {(1, 1): expected}


def test_struck_and_hidden_paragraphs_are_reported_not_read() -> None:
    lines = [("19", "<w:strike/>"), ("17", "<w:vanish/>"), ("18", "")]
    body = "".join(
        f"<w:p>{run(f'Tổng số chi bộ: {number}', looks)}</w:p>" for number, looks in lines
    )
    document = read(word(body), CAMPAIGN.limits)
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == [
        "Tổng số chi bộ: 18"
    ]
    found = extract(document, CAMPAIGN)
    assert [(f.field, f.value) for f in found.facts] == [("cells_total", "18")]
    assert {("value_struck", "1"), ("text_hidden", "2")} <= {
        (f.rule, f.cell) for f in found.findings
    }


VILLAGES = [
    "TT",
    "Tên thôn",
    "Trưởng thôn là đảng viên",
    "Phó thôn là đảng viên",
    "Số đảng viên",
    "Số quần chúng ưu tú",
]
ROWS = [
    [1, "Thôn Cầu", "x", None, 30, 2],
    [2, "Thôn Bến", "x", "x", 25, 1],
    [3, "Thôn Chùa", "x", None, 18, 0],
]


def findings(**about: object) -> list[tuple[str, str | None, str | None, str | None]]:
    grid = Grid("A", [VILLAGES, *(list(row) for row in ROWS)], **about)
    rules = (
        "row_hidden",
        "column_hidden",
        "rows_filtered",
        "value_struck",
        "value_raised",
        "text_hidden",
        "note_contradicts",
    )
    return [
        (f.rule, f.cell, f.row_name, f.field)
        for f in extract(Document("xlsx", [grid]), CAMPAIGN).findings
        if f.rule in rules
    ]


# spare rows of a form
SAID = [  # what is not seen, and what is said of it
    (
        {
            "hidden_rows": frozenset({4, 5}),
            "concealed": {(4, 1): "Thôn Cũ", (4, 4): 9, (5, 1): "Thôn Xưa"},
        },
        [("row_hidden", "B5", None, None)],
    ),
    (
        {"hidden_rows": frozenset({4, 5}), "concealed": {(4, 0): 4, (5, 0): 5}},
        [],
    ),
    ({"hidden_rows": frozenset({4, 6})}, []),
    (
        {
            "hidden_columns": frozenset({6, 7}),
            "concealed": {(0, 6): "Năm trước", (1, 6): 28, (1, 7): 3},
        },
        [("column_hidden", "G1", None, None)],
    ),
    ({"filtered_rows": frozenset({2, 3})}, [("rows_filtered", "A3", None, None)]),
    (
        {"left_out": {(1, 4): LeftOut(struck="28")}},
        [("value_struck", "E2", "Thôn Cầu", "party_members")],
    ),
    (
        {"left_out": {(1, 4): LeftOut(raised="1")}},
        [("value_raised", "E2", "Thôn Cầu", "party_members")],
    ),
    ({"left_out": {(0, 4): LeftOut(raised="1")}}, []),  # beside a label
    (
        {"left_out": {(1, 4): LeftOut(hidden="28")}},
        [("text_hidden", "E2", "Thôn Cầu", "party_members")],
    ),
    (
        {"left_out": {(5, c): LeftOut(struck="9") for c in range(6)}},
        [("value_struck", "A6", None, None)],
    ),
    (
        {"comments": {(1, 4): "Số đúng: 31"}},
        [("note_contradicts", "E2", "Thôn Cầu", "party_members")],
    ),
    ({"comments": {(1, 4): "đã kiểm tra: 30"}}, []),
    ({"comments": {(1, 4): "đã kiểm tra"}}, []),
    (
        {"comments": {(0, 4): "ghi 1 số", (0, 5): "ghi 1 số"}},
        [("note_contradicts", "E1", None, None)],
    ),
]


@pytest.mark.parametrize(("about", "expected"), SAID)
def test_hidden_content_is_reported_once_at_its_place(about, expected) -> None:
    assert findings(**about) == expected


CELLS = ["TT", "Tên chi bộ", "Ngày sinh hoạt", "Hình thức", "Tổng số đảng viên", "Số đảng viên dự"]
COMMENTED = [  # a comment on the day of a meeting, whether it contradicts its row
    ("Chưa sinh hoạt", True),
    ("Hoãn", True),
    ("đã kiểm tra", False),
    ("đúng ngày 5/4", False),
]


@pytest.mark.parametrize(("comment", "is_said"), COMMENTED)
def test_a_comment_without_numbers_may_contradict_its_row(comment: str, is_said: bool) -> None:
    rows = [
        CELLS,
        [1, "Chi bộ thôn Cầu", dt.date(2022, 4, 5), "Riêng", 25, 23],
        [2, "Chi bộ thôn Bến", dt.date(2022, 4, 6), "Riêng", 20, 18],
    ]
    found = extract(
        Document("xlsx", [Grid("A", rows, comments={(1, 2): comment})]), CAMPAIGN
    ).findings
    assert [(f.row_name, f.field) for f in found if f.rule == "note_contradicts"] == [
        ("Chi bộ thôn Cầu", "held_on")
    ] * is_said


def test_good_file_has_no_such_findings() -> None:
    assert findings() == []


def test_many_findings_of_one_kind_are_summarised() -> None:
    notes = {(1, 2 + n): LeftOut(struck="9", raised="1") for n in range(4)} | {
        (10 + 2 * n, 0): LeftOut(struck="9") for n in range(200)
    }
    found = findings(left_out=notes)
    assert len([f for f in found if f[0] == "value_struck"]) == 101
    assert found[-1][1] is None


def test_struck_dates_are_reported_as_dates() -> None:
    def fill(book, page) -> None:
        page.write_datetime(
            0,
            0,
            dt.datetime(2022, 4, 5),
            book.add_format({"font_strikeout": True, "num_format": "dd/mm/yyyy"}),
        )

    assert only(xlsx(fill)).left_out == {(0, 0): LeftOut(struck="05/04/2022")}
