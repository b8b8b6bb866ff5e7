"""Text tables in any encoding, and files that are not reports, refused by their type."""

from __future__ import annotations

import codecs
import io
import zipfile

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.campaigns import load_campaign
from sources.grids import Document, RefusedFile
from sources.readers import read
from sources.readers.delimited import separator

LIMITS = load_campaign().limits
TABLE = "STT;Tên chi bộ;Số ĐV\n1;Chi bộ thôn Đồng Rãng;53\n2;Chi bộ Trường Tiểu học;19\n"
ROWS = [
    ["STT", "Tên chi bộ", "Số ĐV"],
    ["1", "Chi bộ thôn Đồng Rãng", "53"],
    ["2", "Chi bộ Trường Tiểu học", "19"],
]

ENCODED = [
    TABLE.encode(),
    codecs.BOM_UTF8 + TABLE.encode(),
    TABLE.encode("utf-16"),
    TABLE.encode("utf-16-le"),
    TABLE.encode("utf-16-be"),
    codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"),
    TABLE.replace("\n", "\r\n").encode(),
    ("sep=;\n" + TABLE).encode(),
]


@pytest.mark.parametrize("data", ENCODED)
def test_csv_reads_the_same_in_every_encoding(data):
    [grid] = read(data, LIMITS).blocks
    assert (grid.rows, grid.sheet, grid.source) == (ROWS, "csv", "delimited")


def test_csv_in_legacy_encoding_reads_the_same():
    """The bytes as programs of offices wrote them for the fonts .VnTime and VNI-Times."""
    tcvn3 = "STT;Tªn chi bé;Sè §V\n1;Chi bé th«n §ång R·ng;53\n2;Chi bé Tr­êng TiÓu häc;19\n".encode(
        "latin-1"
    )
    vni = "STT;Teân chi boä;Soá ÑV\n1;Chi boä thoân Ñoàng Raõng;53\n2;Chi boä Tröôøng Tieåu hoïc;19\n".encode(
        "latin-1"
    )
    assert [read(data, LIMITS).blocks[0].rows for data in (tcvn3, vni)] == [ROWS, ROWS]


SEPARATED = [
    ("a;b;c\n1,5;2;3\n2,5;3;4\n", ";"),
    ("a\tb\nx, y\tz\nu, v\tw\n", "\t"),
    ("a,b\n1,2\n3,4\n", ","),
    ("a|b\n1|2\n", "|"),
    ('a;b\n"một, hai, ba\nbốn, năm";2\n"x";3\n', ";"),
    ("Thông tin\nĐơn vị;Xã Tân Sơn\n\nSTT;Tên;Ngày\n1;A;5/4\n2;B;6/4\n", ";"),
]


@pytest.mark.parametrize(("text", "mark"), SEPARATED)
def test_separator_is_the_one_that_splits_lines_evenly(text, mark):
    assert separator(text) == mark


def test_a_quoted_field_may_hold_line_breaks_and_separators():
    [grid] = read('Tên;Ghi chú\n"Chi bộ; thôn";"dòng 1\ndòng 2"\nB;\n'.encode(), LIMITS).blocks
    assert grid.rows == [["Tên", "Ghi chú"], ["Chi bộ; thôn", "dòng 1\ndòng 2"], ["B", None]]


OTHERS = [
    (b"", "rỗng"),
    (b"\0" * 4096, "rỗng"),
    (b" \r\n\t", "rỗng"),
    (b"%PDF-1.7\n", "hỏng"),
    (b"GIF89a" + bytes(99), "ảnh GIF"),
    (b"\0\0\0\x18ftypheic" + bytes(99), "ảnh HEIC"),
    (b"{\\rtf1\\ansi}", "rỗng"),
    (b"<html><body></body></html>", "rỗng"),
    (b"\r\n<table border=1>", "hỏng"),
    (b'<?xml version="1.0"?><data/>', "tệp XML"),
    (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "rỗng",
    ),
    (b"Rar!\x1a\x07\x01\x00", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"MZ\x90\x00\x03" + bytes(99), "chương trình"),
    (b"\x00\x00\x00\x18ftypheic", "điện thoại"),
    (bytes(range(256)) * 8, "Không nhận ra"),
    (olefile.MAGIC + bytes(600), "hỏng"),
]


@pytest.mark.parametrize(("data", "reason"), OTHERS)
def test_other_file_types_are_refused_by_name(data, reason):
    with pytest.raises(RefusedFile, match=reason) as refusal:
        read(data, LIMITS)
    assert refusal.value.rule == "unreadable"


@pytest.mark.parametrize("data", [b"BM;1\nMZ;2\n", b"MZ;1\n", b"ID3,4\n", b"RIFF;x\n"])
def test_text_starting_like_a_picture_is_still_text(data):
    assert read(data, LIMITS).kind == "csv"


OPEN_DOCUMENTS = [
    ("application/vnd.oasis.opendocument.text", "hỏng"),
    ("application/vnd.oasis.opendocument.graphics", "OpenDocument"),
]


@pytest.mark.parametrize(("mimetype", "reason"), OPEN_DOCUMENTS)
def test_other_opendocument_types_are_refused_by_name(mimetype, reason):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", mimetype)
    with pytest.raises(RefusedFile, match=reason):
        read(buffer.getvalue(), LIMITS)


def test_oversized_file_is_refused():
    with pytest.raises(RefusedFile, match="lớn hơn"):
        read(b"a;b\n" * 10, LIMITS.model_copy(update={"file_bytes": 39}))


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(str.encode)
    | st.binary(max_size=200).map(lambda junk: b"PK\x03\x04" + junk)
    | st.binary(max_size=2000).map(lambda junk: olefile.MAGIC + junk)
)
def test_any_bytes_are_read_or_refused(data):
    try:
        assert isinstance(read(data, LIMITS), Document)
    except RefusedFile as refusal:
        assert str(refusal)
