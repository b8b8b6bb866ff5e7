"""Broken and hostile files made from good ones by a seed, as they reach an inbox by accident or ill
will.

`fuzz(good, count, seed)` yields them; the same arguments give the same bytes. None is larger than a
few MB.
"""

from __future__ import annotations

import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import openpyxl
import xlwt
from hostile_files import HOSTILE, compound
from made_books import Book, Sheet
from made_messages import eml, mht, msg
from made_texts import excel_xml_of, html_of, odt_of, rtf_of
from odf import opendocument, table, text
from pdf_files import PdfFile

FIXTURES = Path(__file__).parent / "fixtures"
ESCAPED = "tonghop-da-thoat-ra"  # no file of this name may stand anywhere after the files were read
FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
MANY_RANGES = b"".join(b'<mergeCell ref="A%d:B%d"/>' % (n, n) for n in range(1, 1_000_001))
NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"1048577",
    b"16777216",
    b"2147483648",
    b"4294967295",
    b"99999999999999999999",
    b"1e308",
    b"NaN",
    b"-0",
    b"\xef\xbc\x91",
    b"",
)
NAMES = (
    "{n}" * 60 + "ệ" * 40,
    "dòng một\ndòng hai {n}",
    "\r\n\t {n}",
    "CON",
    "aux.xlsx",
    "{n} ..",
    "=cmd|'{n}'!A1",
    "<img src=x onerror=alert({n})>",
    "{n}\u202excod.exe",
    "'; drop table submission; -- {n}",
    "-rf {n}",
    "{n}%s%n",
    "{n} \udce1\udcbb",
)


@dataclass(frozen=True)
class Fuzzed:
    """A file with the name of what it was made from and how."""

    name: str
    how: str
    data: bytes


Change = Callable[[bytes, Random, str], bytes]


def fuzz(
    good: dict[str, bytes], count: int, seed: int, trap: str = "file:///etc/passwd"
) -> Iterator[Fuzzed]:
    """`count` files out of the good ones, every change in turn; `trap` is the address of all that
    leads outside."""
    for number in range(count):
        rng = Random(f"{seed}/{number}")
        how, change = CHANGES[number % len(CHANGES)]
        fitting = [
            name
            for name in sorted(good)
            if change in OF_BYTES or zipfile.is_zipfile(io.BytesIO(good[name]))
        ]
        fitting = ["a.xls"] if change is compound else fitting
        fitting = ["o.pdf"] if change in OF_PDF else fitting
        name = rng.choice(fitting)
        yield Fuzzed(f"{number:04d} {name}", how, change(good[name], rng, trap))


def odd_names(files: list[Fuzzed], seed: int) -> dict[str, bytes]:
    """The files by names for an inbox, a third of them odd ones: up to 255 bytes, line breaks,
    devices, formulas."""
    rng, named = Random(f"{seed}/names"), {}
    for number, file in enumerate(files):
        odd = rng.choice(NAMES).format(n=number)
        stem, _, extension = file.name.rpartition(".")
        name = f"{odd}.{extension}" if number % 3 == 0 else f"{stem}.{extension}"
        while len(os.fsencode(name)) > 255:
            name = name[1:]
        named[name] = file.data
    return named


def good_files(inbox: Path) -> dict[str, bytes]:
    """The files of an inbox of samples, and of each further kind that is read: xls, xlsb, ods,
    xlsm, UTF-16 csv, doc."""
    good = {
        path.name: path.read_bytes()
        for path in sorted(inbox.iterdir())
        if not path.name.startswith(".")
    }
    book = openpyxl.load_workbook(
        io.BytesIO(next(data for name, data in good.items() if name.endswith(".xlsx")))
    )
    rows = {
        sheet.title: [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }
    lines = "\n".join("\t".join(map(str, row)) for row in rows[book.sheetnames[0]])
    return good | {
        "a.xls": _xls(rows),
        "b.ods": _ods(rows),
        "c.csv": lines.encode("utf-16"),
        "d.csv": lines.encode(),
        "e.xlsb": (FIXTURES / "any_sheets.xlsb").read_bytes(),
        "f.xlsb": (FIXTURES / "base.xlsb").read_bytes(),
        "n.doc": (FIXTURES / "old_word.doc").read_bytes(),
        "o.pdf": _pdf(rows[book.sheetnames[0]]),
        **_texts_of_marks(rows),
    }


def _texts_of_marks(rows: dict[str, list[list[object]]]) -> dict[str, bytes]:
    book = Book(
        [
            Sheet(
                title[:31], {(r, c): v for r, line in enumerate(lines) for c, v in enumerate(line)}
            )
            for title, lines in rows.items()
        ]
    )
    page = html_of(book)
    return {
        "g.rtf": rtf_of(book),
        "h.xls": page,
        "i.xml": excel_xml_of(book),
        "j.odt": odt_of(book),
        "k.eml": eml(("g.rtf", rtf_of(book)), ("h.xls", page)),
        "l.msg": msg(("h.xls", page)),
        "m.mht": mht(("h.htm", "text/html", page.decode())),
    }


def _pdf(rows: list[list[object]]) -> bytes:
    texts = [[str(value)[:20] for value in row[:4]] for row in rows[:30]]
    file = PdfFile().new_page().text(60, 60, "Báo cáo kết quả sinh hoạt chuyên đề")
    return file.table(40, 80, [130.0] * 4, texts).data()


def _xls(rows: dict[str, list[list[object]]]) -> bytes:
    book, buffer = xlwt.Workbook(), io.BytesIO()
    for title, lines in rows.items():
        sheet = book.add_sheet(title[:31])
        for r, line in enumerate(lines):
            for c, value in enumerate(line):
                sheet.write(r, c, value if isinstance(value, int | float) else str(value))
    book.save(buffer)
    return buffer.getvalue()


def _ods(rows: dict[str, list[list[object]]]) -> bytes:
    document, buffer = opendocument.OpenDocumentSpreadsheet(), io.BytesIO()
    for title, lines in rows.items():
        sheet = table.Table(name=title)
        for line in lines[:80]:
            row = table.TableRow()
            for value in line:
                cell = table.TableCell(valuetype="string")
                cell.addElement(text.P(text=str(value)))
                row.addElement(cell)
            sheet.addElement(row)
        document.spreadsheet.addElement(sheet)
    document.write(buffer)
    return buffer.getvalue()


def _bits(data: bytes, rng: Random, trap: str) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 4, 32, 256))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(data: bytes, rng: Random, trap: str) -> bytes:
    return data[: rng.randrange(len(data))]


def _block(data: bytes, rng: Random, trap: str) -> bytes:
    """A block lost, doubled, or blank, as a bad disk or link leaves it."""
    start, size = rng.randrange(len(data)), rng.choice((1, 512, 4096))
    block = data[start : start + size]
    return data[:start] + rng.choice((b"", block * 2, bytes(len(block)))) + data[start + size :]


def _words(data: bytes, rng: Random, trap: str) -> bytes:
    """Lengths and offsets of binary formats set to extremes."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 8))):
        struct.pack_into(
            "<I",
            changed,
            rng.randrange(len(data) - 4),
            rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 65536)),
        )
    return bytes(changed)


def _pdf_stream(change: Change) -> Change:
    """The change made to a packed stream of a PDF, which is packed again."""

    def changed(data: bytes, rng: Random, trap: str) -> bytes:
        streams = list(re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.S))
        if not streams:
            return change(data, rng, trap)
        found = rng.choice(streams)
        try:
            inner = zlib.decompress(found[1])
        except zlib.error:
            inner = found[1]
        packed = zlib.compress(change(inner, rng, trap) if len(inner) > 8 else inner)
        return data[: found.start(1)] + packed + data[found.end(1) :]

    return changed


def _pdf_numbers(data: bytes, rng: Random, trap: str) -> bytes:
    """Some numbers of a PDF set to extremes: lengths, references, sizes."""
    places = list(re.finditer(rb"\d+", data))
    for place in sorted(
        rng.sample(places, min(len(places), rng.choice((1, 5, 50)))), key=lambda p: -p.start()
    ):
        data = data[: place.start()] + rng.choice(NUMBERS) + data[place.end() :]
    return data


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(members: dict[str, bytes] | list[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, content)
    return buffer.getvalue()


def _swapped(data: bytes, rng: Random, trap: str) -> bytes:
    members = _members(data)
    a, b = rng.choice(list(members)), rng.choice(list(members))
    members[a], members[b] = members[b], members[a]
    return _zipped(members)


def _dropped(data: bytes, rng: Random, trap: str) -> bytes:
    members = _members(data)
    del members[rng.choice(list(members))]
    return _zipped(members)


def _inner(change: Change) -> Change:
    """The change made to a member, and the package zipped again, so that checksums hold."""

    def changed(data: bytes, rng: Random, trap: str) -> bytes:
        members = _members(data)
        name = rng.choice(
            [name for name, content in members.items() if len(content) > 8] or list(members)
        )
        return _zipped({**members, name: change(members[name], rng, trap)})

    return changed


def _numbers(content: bytes, rng: Random, trap: str) -> bytes:
    """Some numbers of an XML, in attributes and texts, set to extremes."""
    places = list(re.finditer(rb'(?<=[">])[A-Z]{0,3}\d+(?=["<])', content)) or list(
        re.finditer(rb"\d+", content)
    )
    for place in sorted(
        rng.sample(places, min(len(places), rng.choice((1, 5, 50)))), key=lambda p: -p.start()
    ):
        content = content[: place.start()] + rng.choice(NUMBERS) + content[place.end() :]
    return content


def _elements(content: bytes, rng: Random, trap: str) -> bytes:
    """Some tags of an XML lost, doubled or put elsewhere, whether or not it stays well-formed."""
    tags = re.findall(rb"<[^>]*>|[^<]+", content)
    for _ in range(rng.choice((1, 3, 20))):
        a, b = rng.randrange(len(tags)), rng.randrange(len(tags))
        tags[a], tags[b] = rng.choice(((tags[b], tags[a]), (b"", tags[b]), (tags[b], tags[b])))
    return b"".join(tags)


def _attributes(content: bytes, rng: Random, trap: str) -> bytes:
    """Some attributes lost, so that what a format always has is absent."""
    places = list(re.finditer(rb'\s[\w:]+="[^"]*"', content))
    for place in sorted(
        rng.sample(places, min(len(places), rng.choice((1, 5)))), key=lambda p: -p.start()
    ):
        content = content[: place.start()] + content[place.end() :]
    return content


def _main_parts(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The change made to the parts that hold the content."""
    part = re.compile(r"xl/worksheets/.*\.xml|word/document\.xml|content\.xml")
    return _zipped(
        {
            name: change(body) if part.fullmatch(name) else body
            for name, body in _members(data).items()
        }
    )


def _of_content(change: Change) -> Change:
    return lambda data, rng, trap: _main_parts(data, lambda part: change(part, rng, trap))


def _far(data: bytes, rng: Random, trap: str) -> bytes:
    wide = rng.choice(
        (b'table:number-columns-repeated="1048576"', b'table:number-rows-repeated="2147483647"')
    )

    def change(part: bytes) -> bytes:
        part = part.replace(b"</sheetData>", FAR).replace(
            b"<table:table-cell", b"<table:table-cell " + wide
        )
        return part.replace(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="2147483647"/>')

    return _main_parts(data, change)


def _merged(data: bytes, rng: Random, trap: str) -> bytes:
    ranges = rng.choice((MANY_RANGES, b'<mergeCell ref="A1:XFD1048576"/>' * 1000))
    return _main_parts(
        data,
        lambda part: part.replace(
            b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"
        ),
    )


def _deep(data: bytes, rng: Random, trap: str) -> bytes:
    depth = rng.choice((200, 300, 5_000, 200_000))
    name = rng.choice((b"w:p", b"w:tbl", b"w:sdt", b"c", b"table:table", b"text:span"))
    nested = b"<" + name + b">"
    nested = nested * depth + nested.replace(b"<", b"</") * depth

    def change(part: bytes) -> bytes:
        return re.sub(
            rb"(<w:body>|<sheetData>|<table:table\b[^>]*>)",
            lambda found: found[0] + nested,
            part,
            count=1,
        )

    return _main_parts(data, change)


def _entities(data: bytes, rng: Random, trap: str) -> bytes:
    bomb = b"".join(b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(9))
    kind = rng.choice(
        (
            b'<!ENTITY e0 "ha">' + bomb,
            b'<!ENTITY e9 SYSTEM "%s">' % trap.encode(),
            b'<!ENTITY %% x SYSTEM "%s"> %%x; <!ENTITY e9 "">' % trap.encode(),
        )
    )

    def change(part: bytes) -> bytes:
        declared = b"<!DOCTYPE a [" + kind + b"]>"
        head = re.match(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*\?>", part)
        part = part[: head.end()] + declared + part[head.end() :] if head else declared + part
        return re.sub(
            rb"(<v>|<w:t[^>]*>|<text:p[^>]*>)", lambda found: found[0] + b"&e9;", part, count=3
        )

    return _main_parts(data, change)


def _external(data: bytes, rng: Random, trap: str) -> bytes:
    """Relations that lead to the trap instead of a part: templates, linked workbooks, the sheets
    themselves."""
    members, target = _members(data), trap.encode()
    for name in [name for name in members if name.endswith(".rels")]:
        if rng.random() < 0.7:
            members[name] = re.sub(
                rb'Target="[^"]*"',
                lambda _: b'Target="' + target + b'" TargetMode="External"',
                members[name],
                count=rng.choice((0, 1)),
            )
    linked = (
        b'<Relationship Id="rIdX" Type="x/externalLink" Target="%s" TargetMode="External"/>'
        % target
    )
    return _zipped(
        {
            name: content.replace(b"</Relationships>", linked + b"</Relationships>")
            for name, content in members.items()
        }
    )


def _paths(data: bytes, rng: Random, trap: str) -> bytes:
    trick = rng.choice(
        (
            "../" * 8 + ESCAPED,
            "/var/tmp/" + ESCAPED,
            "..\\..\\" + ESCAPED,
            "C:\\" + ESCAPED,
            "a/../../" + ESCAPED,
            "CON",
            "nul.csv",
            "a" * 300 + ".csv",
            "a\nb.csv",
            "com1.xlsx",
            "./././a.csv",
        )
    )
    members = list(_members(data).items())
    members.insert(rng.randrange(len(members) + 1), (trick, b"a;b\n1;2\n"))
    return _zipped(members)


def _nested(data: bytes, rng: Random, trap: str) -> bytes:
    inner = data
    for level in range(rng.choice((1, 2, 3, 50))):
        inner = _zipped(
            [(f"{level}.zip", inner), (f"{level}b.zip", inner[:100])][: rng.choice((1, 1, 2))]
        )
    return inner


def _bomb(data: bytes, rng: Random, trap: str) -> bytes:
    blank = rng.choice((b"0", b" ", b"<a>", b";", b"\n")) * (1 << rng.choice((20, 22, 24)))
    members = _members(data)
    return _zipped({**members, rng.choice([*members, "them.csv", "xl/media/image1.png"]): blank})


def _headers(data: bytes, rng: Random, trap: str) -> bytes:
    """The zip's own records: sizes, offsets, flags and methods that lie."""
    changed = bytearray(data)
    records = [m.start() for m in re.finditer(b"PK\x01\x02|PK\x03\x04|PK\x05\x06", data)]
    for _ in range(rng.choice((1, 3))):
        place = rng.choice(records) + rng.randrange(4, 44)
        if place + 4 <= len(changed):
            struct.pack_into(
                "<I", changed, place, rng.choice((0, 1, 99, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF))
            )
    return bytes(changed)


def _foreign(data: bytes, rng: Random, trap: str) -> bytes:
    """The head of another kind of file before this one, or bytes of none."""
    head = rng.choice(
        (
            b"%PDF-1.7\n",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"PK\x03\x04",
            b"{\\rtf1",
            b"<html>",
            b"MZ",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"sep=;\n",
            b'"',
            b"\0" * 64,
        )
    )
    return head + rng.choice(
        (data, b"", rng.randbytes(4096), rng.randbytes(30) * 1000, b'";' * 100_000)
    )


OF_BYTES = (_bits, _cut, _block, _words, _foreign)
PDF_NUMBERS, PDF_BITS, PDF_CUT = _pdf_numbers, _pdf_stream(_bits), _pdf_stream(_cut)
OF_PDF = (PDF_NUMBERS, PDF_BITS, PDF_CUT)
CHANGES: tuple[tuple[str, Change], ...] = (
    ("bits flipped", _bits),
    ("cut off", _cut),
    ("a block lost", _block),
    ("lengths that lie", _words),
    ("members swapped", _swapped),
    ("a member dropped", _dropped),
    ("bits flipped in a member", _inner(_bits)),
    ("a member cut off", _inner(_cut)),
    ("lengths that lie in a member", _inner(_words)),
    ("extreme numbers", _inner(_numbers)),
    ("elements moved", _inner(_elements)),
    ("attributes dropped", _inner(_attributes)),
    ("a cell far out", _far),
    ("a million merged ranges", _merged),
    ("deep XML", _deep),
    ("entities", _entities),
    ("external links", _external),
    ("path tricks", _paths),
    ("archives in archives", _nested),
    ("a bomb", _bomb),
    ("a zip that lies", _headers),
    ("another kind", _foreign),
    ("extreme numbers in the content", _of_content(_numbers)),
    ("elements moved in the content", _of_content(_elements)),
    ("attributes dropped in the content", _of_content(_attributes)),
    ("extreme numbers in a PDF", PDF_NUMBERS),
    ("bits flipped in a PDF's stream", PDF_BITS),
    ("a PDF's stream cut off", PDF_CUT),
    *HOSTILE,
)
