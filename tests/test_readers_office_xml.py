"""Office's files of one XML: spreadsheets and Word documents of 2003, and Word's package as one
file."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from made_texts import excel_xml
from test_readers_word import cell as word_cell
from test_readers_word import run, word

from sources.campaigns import load_campaign
from sources.grids import ErrorValue, Grid, LeftOut, Paragraph, RefusedFile, Span, Uncached
from sources.readers import read

LIMITS = load_campaign().limits
STYLES = (
    '<Style ss:ID="Default"><Font ss:FontName="Arial"/></Style>'
    '<Style ss:ID="p"><NumberFormat ss:Format="0.0%"/></Style><Style ss:ID="q" ss:Parent="p"/>'
    '<Style ss:ID="n"><NumberFormat ss:Format="Percent"/></Style>'
    '<Style ss:ID="v"><Font ss:FontName=".VnTime"/></Style>'
    '<Style ss:ID="f"><NumberFormat ss:Format="Fixed"/></Style>'
    '<Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style>'
    '<Style ss:ID="t"><NumberFormat ss:Format="#,##0\\ &quot;đồng&quot;"/></Style>'
)


def sheet(rows: str, after: str = "", name: str = "A") -> str:
    return f'<Worksheet ss:Name="{name}"><Table>{rows}</Table>{after}</Worksheet>'


def grid(rows: str, after: str = "") -> Grid:
    [found] = read(excel_xml(sheet(rows, after), STYLES), LIMITS).blocks
    assert isinstance(found, Grid)
    return found


def data(kind: str, text: str, attributes: str = "") -> str:
    return f'<Cell{attributes}><Data ss:Type="{kind}">{text}</Data></Cell>'


VALUES = [
    (data("Number", "25"), 25),
    (data("Number", "2.5E1"), 25),
    (data("Number", "0.855", ' ss:StyleID="p"'), "85,5%"),
    (data("Number", "1", ' ss:StyleID="q"'), "100%"),
    (data("Number", "1", ' ss:StyleID="n"'), "100%"),
    (data("Number", "44656", ' ss:StyleID="d"'), dt.date(2022, 4, 5)),
    (data("Number", "44656", ' ss:StyleID="t"'), 44656),
    (data("Number", "44656", ' ss:StyleID="f"'), 44656),
    (data("DateTime", "2022-04-05T00:00:00.000"), dt.date(2022, 4, 5)),
    (data("DateTime", "2022-04-05T08:30:00.000"), dt.datetime(2022, 4, 5, 8, 30)),
    (data("DateTime", "1899-12-31T08:30:00.000"), dt.time(8, 30)),
    (data("Boolean", "1"), True),
    (data("Error", "#REF!"), ErrorValue("#REF!")),
    ('<Cell ss:Formula="=SUM(R1C1)"/>', Uncached("SUM(R1C1)")),
    (data("Number", "7", ' ss:Formula="=3+4"'), 7),
    (data("String", "Chi bé", ' ss:StyleID="v"'), "Chi bộ"),
    (data("String", "<Font html:Face='.VnTime' xmlns:html='h'>bé</Font> 1"), "bộ 1"),
    (data("String", "a&#10;b"), "a\nb"),
]


@pytest.mark.parametrize(("cell", "value"), VALUES)
def test_cell_has_the_value_in_the_file(cell: str, value: object) -> None:
    [[found]] = grid(f"<Row>{cell}</Row>").rows
    assert found == value and type(found) is type(value)


def test_places_spans_and_comments() -> None:
    found = grid(
        f'<Row ss:Index="2">{data("String", "a", """ ss:Index="2" ss:MergeAcross="1" ss:MergeDown="1" """)}'
        f'{data("Number", "1")}</Row><Row ss:Index="4" ss:Span="1"/><Row><Cell><Data ss:Type="Number">5</Data>'
        "<Comment><Data><B>An:</B>&#10;chưa đủ</Data></Comment></Cell></Row>"
    )
    assert found.rows == [[], [None, "a", None, 1], [], [], [], [5]]
    assert found.merged == (Span(1, 1, 2, 2),) and found.comments == {(5, 0): "chưa đủ"}


def test_hidden_sheets_and_filtered_rows() -> None:
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    [found] = read(excel_xml(sheet(f"<Row>{data('Number', '1')}</Row>", hidden)), LIMITS).blocks
    assert isinstance(found, Grid) and found.hidden
    rows = f"<Row>{data('String', 'Số')}</Row>" + f'<Row ss:Hidden="1">{data("Number", "1")}</Row>'
    chosen = '<x:AutoFilter x:Range="R1C1:R9C1"><x:AutoFilterColumn/></x:AutoFilter>'
    assert grid(rows, chosen).filtered_rows == {1} and grid(rows, chosen).rows[1] == [1]
    assert grid(rows).hidden_rows == {1}


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ('<Row ss:Index="1048577"/>', "hỏng"),
        (
            f'<Row ss:Index="1048576">{data("Number", "1", " ss:Index=" + chr(34) + "9000" + chr(34))}</Row>',
            "xa",
        ),
        ('<Row><Cell ss:Index="3"/><Cell ss:Index="2"/></Row>', "hỏng"),
        (f"<Row>{data('Number', 'NaN')}</Row>", "hỏng"),
        (f"<Row>{data('DateTime', 'hôm qua')}</Row>", "hỏng"),
        (f"<Row>{data('Number', '1')}</Row>" * 5_001, "quá lớn"),
    ],
)
def test_impossible_sheet_is_refused(rows: str, word: str) -> None:
    with pytest.raises(RefusedFile, match=word):
        grid(rows)


def test_doctype_is_unsafe() -> None:
    bomb = excel_xml(sheet("")).replace(b"?>\n<?mso", b"?><!DOCTYPE a [<!ENTITY e 'x'>]>\n<?mso")
    with pytest.raises(RefusedFile) as refusal:
        read(bomb, LIMITS)
    assert refusal.value.rule == "unsafe"


BODY = (
    f"<w:p>{run('Chi bộ')}</w:p><w:tbl><w:tr>"
    + word_cell("a", '<w:vmerge w:val="restart"/>')
    + f"{word_cell('1')}</w:tr><w:tr>{word_cell('', '<w:vmerge/>')}{word_cell('2')}</w:tr></w:tbl>"
)


def test_word_of_2003_is_read() -> None:
    deleted = '<aml:annotation w:type="Word.Deletion"><aml:content>'
    deleted += "<w:r><w:delText>9</w:delText></w:r></aml:content></aml:annotation>"
    inserted = f'<aml:annotation w:type="Word.Insertion"><aml:content>{run("5")}</aml:content></aml:annotation>'
    xml = (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument '
        'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" '
        'xmlns:aml="http://schemas.microsoft.com/aml/2001/core" '
        f'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"><w:body><wx:sect>{BODY}'
        f"<w:p>{run('2')}{deleted}{inserted}{run('9', '<w:strike/>')}</w:p></wx:sect></w:body></w:wordDocument>"
    )
    first, table, last = read(xml.encode(), LIMITS).blocks
    assert isinstance(first, Paragraph) and first.text == "Chi bộ"
    assert isinstance(table, Grid) and table.merged == (Span(0, 0, 1, 0),)
    assert table.rows == [["a", "1"], [None, "2"]]
    assert isinstance(last, Paragraph) and (last.text, last.left_out) == ("25", LeftOut(struck="9"))


def test_word_package_in_one_file_is_read() -> None:
    parts = ""
    with zipfile.ZipFile(io.BytesIO(word(f"<w:p>{run('Chi bộ')}</w:p>"))) as package:
        for name in package.namelist():
            parts += f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{package.read(name).decode()}</pkg:xmlData></pkg:part>'
    xml = f'<?xml version="1.0"?><pkg:package xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage">{parts}</pkg:package>'
    document = read(xml.encode(), LIMITS)
    assert document.kind == "wordxml" and [
        b.text for b in document.blocks if isinstance(b, Paragraph)
    ] == ["Chi bộ"]


@pytest.mark.parametrize(
    "content_type",
    [
        "template.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    ],
)
def test_templates_and_files_with_macros_are_read_as_word_files(content_type: str) -> None:
    document = read(word(f"<w:p>{run('25')}</w:p>", content_type=content_type), LIMITS)
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["25"]
    assert document.macros is content_type.startswith("application/")
