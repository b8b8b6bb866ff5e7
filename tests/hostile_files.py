"""Handmade files that attack their reader, each with one trick that a fuzzer of good files would
not find.

`HOSTILE` lists what it is, and a function of a good file, a random generator and the trap's
address; most need no good file. None is larger than some tens of MB.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from random import Random

import olefile
from hostile_pdfs import hostile_pdf
from hostile_pictures import hostile_picture
from hostile_texts import marks
from hostile_zips import LONG, zip_records, zipped

Change = Callable[[bytes, Random, str], bytes]
NAMES = "Tên chi bộ;Loại hình;Ngày sinh hoạt;Hình thức;Tổng số đảng viên;Số đảng viên dự;Số ĐV được phân công\n"
FIXTURES = Path(__file__).parent / "fixtures"
OFFICE = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/>'
    "</Types>"
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = (
    '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/>'
)
SHEETS = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets></workbook>'
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData>{}'
    "</worksheet>"
)
WORD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body>'
    "</w:document>"
)


def workbook(*sheets: bytes | str, stored: bool = True, **parts: bytes | str) -> bytes:
    """An xlsx of these sheets (whole parts), and of further parts: `styles`, `sharedStrings`."""
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": OFFICE.format(part="xl/workbook.xml", kind="spreadsheetml.sheet"),
        "_rels/.rels": RELATIONS.format(
            RELATION.format(id="a", kind="officeDocument", target="xl/workbook.xml")
        ),
        "xl/workbook.xml": SHEETS.format(
            "".join(
                f'<sheet name="S{n}" sheetId="{n + 1}" r:id="r{n}"/>' for n in range(len(sheets))
            )
        ),
        "xl/_rels/workbook.xml.rels": RELATIONS.format(
            "".join(
                [
                    *(
                        RELATION.format(id=f"r{n}", kind="worksheet", target=f"worksheets/s{n}.xml")
                        for n in range(len(sheets))
                    ),
                    *(RELATION.format(id=part, kind=part, target=f"{part}.xml") for part in parts),
                ]
            )
        ),
        **{f"xl/worksheets/s{n}.xml": sheet for n, sheet in enumerate(sheets)},
        **{f"xl/{part}.xml": content for part, content in parts.items()},
    }
    return zipped(members, stored)


def document(body: str, styles: str = "") -> bytes:
    """A docx of that body; stored, so that no ratio gives it away."""
    return zipped(
        {
            "[Content_Types].xml": OFFICE.format(
                part="word/document.xml", kind="wordprocessingml.document"
            ),
            "_rels/.rels": RELATIONS.format(
                RELATION.format(id="a", kind="officeDocument", target="word/document.xml")
            ),
            "word/_rels/document.xml.rels": RELATIONS.format(
                RELATION.format(id="s", kind="styles", target="styles.xml")
            ),
            "word/styles.xml": '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"{styles}</w:styles>",
            "word/document.xml": WORD.format(body),
        },
        stored=True,
    )


def spreadsheet(rows: str) -> bytes:
    """An ods of one table with these rows."""
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:spreadsheet>'
            f'<t:table t:name="a">{rows}</t:table></o:spreadsheet></o:body></o:document-content>',
        },
        stored=True,
    )


def _text(value: str) -> str:
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>'


def _row(*values: str) -> str:
    return f"<row>{''.join(map(_text, values))}</row>"


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


HEAD = _row(*NAMES.strip().split(";"))


def _csv(rng: Random) -> bytes:
    """Text with separators, at its worst."""
    word = rng.choice(
        (
            "9" * LONG,
            " " * LONG,
            "a" * LONG,
            "1 " * (LONG >> 1),
            "ông" + " " * LONG + "a",
            "x" + "1" * LONG,
            "9" * 5000 + "/" + "9" * 5001,
            "1" + ".234" * 2000,
        )
    )
    # of no encoding
    return rng.choice(
        (
            lambda: b'a;"' + b'x;""\n' * (4 * LONG),  # a quote that never ends
            lambda: b"a\n" + b"\n" * (24 * LONG),
            lambda: b"a" + b";" * (24 * LONG),
            lambda: b"\n".join(b";" * 60 for _ in range(400_000)) + b"a",
            lambda: b"a;b\n" + b"\0" * LONG + b"1;2\n" * 1000,
            lambda: bytes(rng.choice(b"\x80\xe1\xbf\xa0\xf4 ;\n") for _ in range(2 * LONG)),
            lambda: b"\xff\xfe" + NAMES.encode() * 100,  # marks that lie
            lambda: b"\xef\xbb\xbf" + NAMES.encode("utf-16") * 100,
            lambda: b"\xfe\xff" + NAMES.encode("utf-16-le") * 100,
            lambda: NAMES.encode("utf-7") * 100,
            lambda: NAMES.encode() + f"A;Thôn;{word};{word};{word};{word};{word}\n".encode(),
            lambda: NAMES.encode() * 60_000,
            lambda: ("Ngày sinh hoạt;;Số đảng viên dự;;" * 50_000).encode(),
            lambda: (
                NAMES.encode()
                + b"A;B;1e300;;1e400;nan;inf\n" * 100
                + b"-1;-1;-1;-1;-0;9e999;0x10\n" * 100
            ),
            lambda: f"Thuận lợi;{word}\nSố tin, bài: {word}\n{word}: 5\n".encode(),
        )
    )()


def _words_of_prose(rng: Random) -> bytes:
    """A Word report whose text is long where a pattern is looked for."""
    run = rng.choice(
        (
            "9",
            " ",
            "ông ",
            "đồng chí A ",
            "chuyên đề ",
            "- a:",
            "1.",
            "chi bộ 1 / ",
            "1. ",
            ";",
            "a:",
            "ngày 1 tháng 1 ",
            "Số 1-",
            "báo cáo ",
            "a, ",
            "&#9;",
            "&#160;",
        )
    )
    run *= LONG >> rng.choice((0, 2, 5))
    start = rng.choice(("", "Thuận lợi: ", "Tổng số chi bộ: ", "Số ", "ông", "chuyên đề", "x"))
    return document(
        rng.choice(
            (
                _paragraph(start + run) * 2,
                _paragraph(start + run[:500]) * 20_000,
                _paragraph("Thuận lợi") + _paragraph(run[:100]) * 100_000,
                f"<w:tbl><w:tr>{''.join(f'<w:tc>{_paragraph(n)}</w:tc>' for n in NAMES.split(';'))}</w:tr>"
                f"<w:tr>{f'<w:tc>{_paragraph(start + run)}</w:tc>' * 7}</w:tr></w:tbl>",
            )
        )
    )


def _word_tables(rng: Random) -> bytes:
    """Tables that are wider, longer, or more than memory."""
    cell, wide = (
        f"<w:tc>{_paragraph('a')}</w:tc>",
        '<w:tc><w:tcPr><w:gridSpan w:val="{}"/></w:tcPr></w:tc>',
    )
    before = '<w:tr><w:trPr><w:gridBefore w:val="1000000000"/></w:trPr>'
    merged = "<w:tc><w:tcPr><w:vMerge{}/></w:tcPr>" + _paragraph("a") + "</w:tc>"
    return document(
        rng.choice(
            (
                f"<w:tbl>{f'<w:tr>{wide.format(1000)}{cell}</w:tr>' * 60_000}</w:tbl>",
                f"<w:tbl>{f'{before}{cell}</w:tr>' * 60_000}</w:tbl>",
                f"<w:tbl><w:tr>{wide.format(10**9)}</w:tr></w:tbl>",
                f"<w:tbl><w:tr>{wide.format('9' * 5000)}</w:tr></w:tbl>",
                f"<w:tbl><w:tr>{wide.format(-5)}{cell}</w:tr></w:tbl>",
                f"<w:tbl><w:tr><w:tc>{'<w:tbl><w:tr><w:tc/></w:tr></w:tbl>' * 100_000}</w:tc></w:tr></w:tbl>",
                f"<w:tbl><w:tr>{merged.format(' w:val=' + chr(34) + 'restart' + chr(34)) * 60}</w:tr>"
                f"{f'<w:tr>{merged.format(str()) * 60}</w:tr>' * 5_000}</w:tbl>",
                ("<w:tbl><w:tr><w:tc>" * 80) + "</w:tc></w:tr></w:tbl>" * 80,
                f"<w:p><w:r>{'<w:txbxContent><w:p><w:r>' * 80}{'</w:r></w:p></w:txbxContent>' * 80}</w:r></w:p>",
            )
        )
    )


def _word_styles(rng: Random) -> bytes:
    """Styles that are based on each other, round and round or one after another."""
    style = '<w:style w:styleId="s{0}" w:type="paragraph"><w:basedOn w:val="s{1}"/></w:style>'
    styles = rng.choice(
        (
            "".join(style.format(n, (n + 1) % 3) for n in range(3)),
            style.format(0, 0),
            "".join(style.format(n, n + 1) for n in range(60_000)),
        )
    )
    return document(
        '<w:p><w:pPr><w:pStyle w:val="s0"/></w:pPr><w:r><w:t>a</w:t></w:r></w:p>', styles
    )


def _workbook_cells(rng: Random) -> bytes:
    """Sheets whose cells are too many, too long, or numbers that are none."""
    number = rng.choice(
        ("1e300", "1e400", "-1e300", "NaN", "INF", "-1", "2958466", "0.1e-320", "9" * 400)
    )
    dated = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
        '<xf numFmtId="14"/><xf numFmtId="46"/><xf numFmtId="9"/></cellXfs></styleSheet>'
    )
    kinds = "".join(f'<c s="{s}"><v>{number}</v></c>' for s in (0, 1, 2, 3, 99999, 4294967295))
    return rng.choice(
        (
            lambda: workbook(
                SHEET.format(HEAD + f"<row>{_text('A')}{kinds}</row>" * 50, ""), styles=dated
            ),
            lambda: workbook(SHEET.format('<row r="{0}"/>' * 1_000_000, "")),
            lambda: workbook(
                SHEET.format("".join(f'<row r="{n}"/>' for n in range(1, 1_000_001)), "")
            ),
            lambda: workbook(SHEET.format("<row><c><v>1</v></c></row>" * 400_000, "")),
            lambda: workbook(SHEET.format(f"<row>{'<c><v>1</v></c>' * 2_000_000}</row>", "")),
            lambda: workbook(SHEET.format(HEAD + _row("A" * (8 * LONG), "9" * (8 * LONG)), "")),
            lambda: workbook(
                SHEET.format(HEAD + _row("A", "B", "9" * 32_000, "x", "x" + "1" * 32_000) * 50, "")
            ),
            lambda: workbook(SHEET.format(HEAD + _row("x" * 32_767, *["a"] * 6) * 200, "")),
            lambda: workbook(
                SHEET.format(
                    HEAD
                    + _row("n" * 32_767, *["m" * 32_767] * 6)
                    + "<row><c><v>1</v></c></row>" * 19_000,
                    '<mergeCells count="2"><mergeCell ref="A2:A19000"/><mergeCell ref="B2:G19000"/></mergeCells>',
                )
            ),
            lambda: workbook(
                SHEET.format('<row><c t="s"><v>999999999</v></c></row>', ""),
                sharedStrings=(
                    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                    + "<si><t>a</t></si>" * 1_000_000
                    + "</sst>"
                ),
            ),
            lambda: workbook(
                SHEET.format(HEAD, ""),
                styles=(
                    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
                    + '<xf numFmtId="9"/>' * 1_000_000
                    + "</cellXfs></styleSheet>"
                ),
            ),
            lambda: workbook(*[SHEET.format(HEAD, "")] * 5_000),
            lambda: workbook(
                *[SHEET.format("<row><c><v>1</v></c></row>" * 19_000, "")] * 90, stored=False
            ),
            lambda: workbook(SHEET.format(HEAD * 20_000, "")),
            lambda: workbook(
                SHEET.format(
                    f"<row>{_text('Ngày sinh hoạt') + _text('')}" * 8_000 + "</row>" * 8_000, ""
                )
            ),
            lambda: workbook(
                SHEET.format(f"<row>{(_text('Ngày sinh hoạt') + '<c/>') * 8_000}</row>" * 3, "")
            ),
        )
    )()


def _workbook_xml(rng: Random) -> bytes:
    """XML of a workbook in other encodings, or such that a pattern searches it again and again."""
    declared = (
        '<?xml version="1.0" encoding="{0}"?><!DOCTYPE worksheet [<!ENTITY e "'
        + "ha" * 100
        + '">]>'
    )
    far = SHEET.format('<row r="1048576"><c r="XFD1048576" t="e"><v>#REF!</v></c></row>', "")
    coding = rng.choice(
        ("utf-16", "utf-16-le", "utf-16-be", "utf-7", "utf-32", "cp037", "iso2022_jp")
    )
    name = {"cp037": "IBM037", "iso2022_jp": "ISO-2022-JP"}.get(coding, coding.upper())
    odd = (declared.format(name) + far).encode(coding)
    plain = (f'<?xml version="1.0" encoding="{name}"?>' + far).encode(coding)
    start, end = SHEET.format("\1", "").encode().split(b"\1")
    repeated = rng.choice(
        (
            b"<f ",
            b"<c ",
            b"<row ",
            b"<c r='A1",
            b"<f></f>",
            b"<f>",
            b' r = "',
            b"<v ",
            b"<c><f/>",
            b"<c t='e",
            b"<!--",
            b"<![CDATA[",
        )
    )
    return rng.choice(
        (
            lambda: workbook(odd),
            lambda: workbook(plain),
            lambda: workbook(SHEET.format(HEAD, ""), sharedStrings=odd),
            lambda: workbook(SHEET.format(HEAD, ""), styles=odd),
            lambda: workbook(start + repeated * LONG + end),
            lambda: workbook(start + repeated * LONG + b'r="AA1"' + end),
        )
    )()


def _opendocument(rng: Random) -> bytes:
    """Repeats and spans that lie, and values that are none."""
    cell = (
        '<t:table-cell o:value-type="{}" o:value="{}" o:date-value="{}" o:time-value="{}" t:{}="{}"><x:p>a</x:p>'
        "</t:table-cell>"
    )
    kind = rng.choice(("float", "percentage", "currency", "date", "time", "boolean", "string", "?"))
    number = rng.choice(
        ("NaN", "sNaN", "Infinity", "-1", "1e999999999", "1e-999999999", "9" * 5000, "", "²", "1_0")
    )
    date = rng.choice(("2022-04-05", "0000-00-00", "99999-01-01", "-1", "2022-04-05T99:99:99", ""))
    way = rng.choice(("number-columns-repeated", "number-columns-spanned", "number-rows-spanned"))
    times = rng.choice((10**9, 2**31, 2**63, -1, -(10**9), 0, "9" * 5000, 16_384, 100))
    cells = cell.format(
        kind, number, date, rng.choice(("PT1H", "PT" + "9" * 5000 + "H", "")), way, times
    )
    rows = f't:number-rows-repeated="{rng.choice((10**9, 2**63, -1, 0, 20_000, 1_000_000, 1))}"'
    return spreadsheet(
        rng.choice(
            (
                f"<t:table-row>{cells}</t:table-row>",
                f"<t:table-row {rows}>{cells}</t:table-row>",
                f"<t:table-row {rows}/><t:table-row>{cells}</t:table-row>",
                f"<t:table-row>{cells * 300}</t:table-row>" * 5,
                "<t:table-row/>" * 1_000_000 + f"<t:table-row>{cells}</t:table-row>",
                '<t:table-row><t:table-cell><x:p><x:s x:c="1000000000"/></x:p></t:table-cell></t:table-row>',
            )
        )
    )


def compound(data: bytes, rng: Random, trap: str) -> bytes:
    """An xls whose container or records lie: chains in circles, cells far out, a sheet many times,
    streams cut off."""
    changed = bytearray(data)
    sector = 512
    fat = (struct.unpack_from("<I", data, 76)[0] + 1) * sector
    kind = rng.randrange(5)
    if kind == 0:  # each sector after itself, or the first again
        for place in range(fat, min(fat + sector, len(data) - 4), 4):
            struct.pack_into("<I", changed, place, rng.choice((0, (place - fat) // 4)))
        return bytes(changed)
    if kind == 1:  # the directory's tree in a circle
        directory = (struct.unpack_from("<I", data, 48)[0] + 1) * sector
        for entry in range(4):
            struct.pack_into(
                "<3I", changed, directory + entry * 128 + 68, entry, 1, rng.choice((0, entry))
            )
        return bytes(changed)
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        stream = bytearray(container.openstream("Workbook").read())
    _lie_in_records(stream, kind, rng)
    buffer = io.BytesIO(data)
    with olefile.OleFileIO(buffer, write_mode=True) as container:
        container.write_stream("Workbook", bytes(stream))
        return buffer.getvalue()


def _lie_in_records(stream: bytearray, kind: int, rng: Random) -> None:
    """In place: errors in the last cell there is, lengths past the end, shared strings that are not
    there."""
    place = 0
    while place + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, place)
        if kind == 2 and record == 0xFD and length == 10:
            struct.pack_into("<HH", stream, place + 4, rng.choice((0, 65535)), 65535)
            if rng.random() < 0.5:
                struct.pack_into(
                    "<HHHBBBB",
                    stream,
                    place,
                    0x205,
                    8,
                    *struct.unpack_from("<H", stream, place + 4),
                    255,
                    255,
                    0,
                    0,
                )
        elif kind == 3 and record == 0xFD:
            struct.pack_into("<I", stream, place + 10, 0xFFFFFFFF)
        elif kind == 4 and rng.random() < 0.01:
            struct.pack_into("<H", stream, place + 2, 65535)
        place += 4 + length


def _alone(make: Callable[[Random], bytes]) -> Change:
    return lambda data, rng, trap: make(rng)


def _encrypted(rng: Random) -> bytes:
    """A workbook with a password, whole or cut off."""
    data = (FIXTURES / "password.xlsb").read_bytes()
    return data[: rng.choice((len(data), len(data) // 2))] + rng.randbytes(16)


HOSTILE: tuple[tuple[str, Change], ...] = (
    ("text at its worst", _alone(_csv)),
    ("prose at its worst", _alone(_words_of_prose)),
    ("Word tables that lie", _alone(_word_tables)),
    ("Word styles in circles", _alone(_word_styles)),
    ("cells at their worst", _alone(_workbook_cells)),
    ("XML of other encodings", _alone(_workbook_xml)),
    ("an ods that lies", _alone(_opendocument)),
    ("marks at their worst", _alone(marks)),
    ("zip records that lie", _alone(zip_records)),
    ("a compound file that lies", compound),
    ("encrypted", _alone(_encrypted)),
    ("a PDF at its worst", _alone(hostile_pdf)),
    ("a picture that lies", _alone(hostile_picture)),
)
