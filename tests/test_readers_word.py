"""Word files become paragraphs and tables in reading order."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from sources.campaigns import load_campaign
from sources.grids import Grid, Paragraph, RefusedFile, Span
from sources.readers import read

LIMITS = load_campaign().limits
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def word(
    body: str, styles: str = "", content_type: str = "document.main+xml", before: str = ""
) -> bytes:
    """A docx of this body and these styles."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml." + content_type
    if content_type.startswith("application/"):
        kind = content_type
    root = "http://schemas.openxmlformats.org"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{root}/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        package.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{root}/package/2006/relationships">'
            f'<Relationship Id="r1" Target="styles.xml" '
            f'Type="{root}/officeDocument/2006/relationships/styles"/>'
            f"</Relationships>",
        )
        package.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
        package.writestr(
            "word/document.xml",
            f"{before}<w:document {W} {MC}><w:body>{body}</w:body></w:document>",
        )
    return buffer.getvalue()


def blocks(data: bytes) -> list[Grid | Paragraph]:
    return read(data, LIMITS).blocks


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


def tick_box(checked: str, symbol: str) -> str:
    """A box to tick as Word has it: its symbol for yes is ☒."""
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox xmlns:w14="urn:w14">{checked}</w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{run(symbol)}</w:sdtContent></w:sdt>"
    )


BOX = f"<w:txbxContent><w:p>{run('trong khung')}</w:p></w:txbxContent>"
TEXTS = [
    (run("Số chi bộ: ") + run("25"), "Số chi bộ: 25"),
    ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", "a\tb\nc"),
    (f"<w:ins>{run('mới')}</w:ins><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del>", "mới"),
    (f"<w:moveFrom>{run('cũ')}</w:moveFrom><w:moveTo>{run('mới')}</w:moveTo>", "mới"),
    (
        f"<w:smartTag><w:smartTag>{run('xã ')}</w:smartTag>{run('Tân Sơn')}</w:smartTag>",
        "xã Tân Sơn",
    ),
    (f"<w:hyperlink>{run('liên kết')}</w:hyperlink>", "liên kết"),
    (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('ô nhập')}</w:sdtContent></w:sdt>", "ô nhập"),
    ("<w:r><w:fldChar/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>" + run("3"), "3"),
    (
        run("chính")
        + f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{BOX}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
        "chính\ntrong khung",
    ),
    ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "✓"),
    (run("ü", '<w:rFonts w:ascii="Wingdings"/>'), "✓"),
    (run("Chi bé th«n §ång R·ng", '<w:rFonts w:ascii=".VnTime"/>'), "Chi bộ thôn Đồng Rãng"),
    (run("Chi boä", '<w:rFonts w:hAnsi="VNI-Times"/>'), "Chi bộ"),
    (
        run("Chi bo", '<w:rFonts w:hAnsi="VNI-Times"/>')
        + run("ä A", '<w:rFonts w:hAnsi="VNI-Times"/>'),
        "Chi bộ A",
    ),
    (tick_box("<w14:checked w14:val='1'/>", "☒"), "☑"),
    (tick_box("<w14:checked w14:val='0'/>", "☐"), "☐"),
    (tick_box("", "☐"), "☐"),
    (
        "<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val='1'/></w:checkBox></w:ffData></w:fldChar></w:r>",
        "☑",
    ),
    (
        "<w:r><w:fldChar><w:ffData><w:checkBox><w:default w:val='1'/><w:checked w:val='0'/></w:checkBox></w:ffData>"
        "</w:fldChar></w:r>",
        "☐",
    ),
]


@pytest.mark.parametrize(("inner", "text"), TEXTS)
def test_paragraph_has_the_printed_text(inner, text):
    found = blocks(word(f"<w:p>{inner}</w:p>"))
    assert [p.text for p in found] == [text]


def test_paragraph_numbers_include_empty_ones_and_content_controls():
    body = (
        f"<w:p/><w:p>{run('hai')}</w:p><w:tbl><w:tr>{cell('bảng')}</w:tr></w:tbl>"
        f"<w:sdt><w:sdtContent><w:p>{run('ba')}</w:p></w:sdtContent></w:sdt><w:customXml><w:p>{run('bốn')}</w:p></w:customXml>"
    )
    found = blocks(word(body))
    assert [(b.sheet, b.ref) if isinstance(b, Paragraph) else b.sheet for b in found] == [
        ("Đoạn 2", "2"),
        "Bảng 1",
        ("Đoạn 3", "3"),
        ("Đoạn 4", "4"),
    ]


STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:basedOn w:val="N"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Của tôi"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Old"><w:name w:val="Cũ"/>'
    '<w:rPr><w:rFonts w:ascii=".VnTimeH"/></w:rPr></w:style>'
)
HEADINGS = [
    ('<w:pPr><w:pStyle w:val="H1"/></w:pPr>' + run("Thuận lợi"), True),
    ('<w:pPr><w:pStyle w:val="Muc"/></w:pPr>' + run("Thuận lợi"), True),
    ('<w:pPr><w:outlineLvl w:val="1"/></w:pPr>' + run("Thuận lợi"), True),
    (run("Thuận lợi", "<w:b/>") + run(" ") + run("1", "<w:b/>"), True),
    (run("Thuận lợi:", "<w:b/>") + run(" cấp ủy quan tâm"), False),
    (run("Thuận lợi", '<w:b w:val="0"/>'), False),
    (run("Thuận lợi"), False),
]


@pytest.mark.parametrize(("inner", "heading"), HEADINGS)
def test_heading_is_recognised_by_style_outline_or_bold(inner, heading):
    assert [p.heading for p in blocks(word(f"<w:p>{inner}</w:p>", STYLES))] == [heading]


def test_a_legacy_font_may_come_from_the_style():
    found = blocks(
        word('<w:p><w:pPr><w:pStyle w:val="Old"/></w:pPr>' + run("§¶ng bé") + "</w:p>", STYLES)
    )
    assert [p.text for p in found] == ["ĐẢNG BỘ"]


def test_merged_cells_appear_once_with_spans():
    across, start, on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        "<w:tbl>"
        f"<w:tr>{cell('STT', start)}{cell('Đảng viên', across)}</w:tr>"
        f"<w:tr>{cell('', on)}{cell('Tổng số')}{cell('Dự')}</w:tr>"
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{cell('53')}{cell('51')}</w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{cell('đã xóa')}</w:tr></w:tbl>"
    )
    [grid] = blocks(word(body))
    assert grid.rows == [["STT", "Đảng viên", None], [None, "Tổng số", "Dự"], [None, "53", "51"]]
    assert set(grid.merged) == {Span(0, 0, 1, 0), Span(0, 1, 0, 2)}
    assert grid.source == "table"


def test_nested_table_follows_its_parent_once():
    inner = f"<w:tbl><w:tr>{cell('trong')}</w:tr></w:tbl>"
    body = (
        f"<w:tbl><w:tr><w:tc><w:p>{run('ngoài')}</w:p>{inner}<w:p>{run('sau')}</w:p></w:tc></w:tr></w:tbl>"
        f"<w:tbl><w:tr>{cell('bảng sau')}</w:tr></w:tbl>"
    )
    assert [(g.sheet, g.rows) for g in blocks(word(body))] == [
        ("Bảng 1", [["ngoài\nsau"]]),
        ("Bảng 2", [["trong"]]),
        ("Bảng 3", [["bảng sau"]]),
    ]


def test_legacy_font_text_is_kept_beside_its_decoding():
    typed = run("bé", '<w:rFonts w:ascii=".VnTime"/>')
    [grid] = blocks(word(f"<w:tbl><w:tr><w:tc><w:p>{typed}</w:p></w:tc></w:tr></w:tbl>"))
    assert (grid.rows, grid.raw) == ([["bộ"]], {(0, 0): "bé"})


def test_python_docx_file_reads_the_same():
    document, buffer = docx.Document(), io.BytesIO()
    document.add_heading("BÁO CÁO", 1)
    document.add_paragraph("Tổng số chi bộ: 25")
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "gộp"
    table.cell(1, 2).text = "x"
    document.save(buffer)
    heading, line, grid = blocks(buffer.getvalue())
    assert (heading.text, heading.heading, line.text, line.heading) == (
        "BÁO CÁO",
        True,
        "Tổng số chi bộ: 25",
        False,
    )
    assert grid.rows == [["gộp", None, None], [None, None, "x"]]


def test_docm_macros_are_reported():
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    document = read(word(f"<w:p>{run('a')}</w:p>", content_type=kind), LIMITS)
    assert (document.kind, document.macros) == ("docm", True)


def test_doctype_declaration_is_unsafe():
    laughs = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;">]>'
    with pytest.raises(RefusedFile) as refusal:
        read(word(f"<w:p>{run('&c;')}</w:p>", before=laughs), LIMITS)
    assert refusal.value.rule == "unsafe"


def test_a_letterhead_in_the_page_header_comes_first() -> None:
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "ĐẢNG ỦY XÃ TÂN SƠN"
    file.add_paragraph("BÁO CÁO")
    saved = io.BytesIO()
    file.save(saved)
    found = [(b.sheet, b.text) for b in blocks(saved.getvalue())]
    assert found == [("Đầu trang › Đoạn 1", "ĐẢNG ỦY XÃ TÂN SƠN"), ("Đoạn 1", "BÁO CÁO")]
