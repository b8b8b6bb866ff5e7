"""Zip files: the members form one report, and hostile archives are refused."""

from __future__ import annotations

import io
import stat
import struct
import zipfile

import pytest
import xlsxwriter
from pdf_files import A4, PdfFile
from PIL import Image

from sources.campaigns import load_campaign
from sources.grids import Grid, RefusedFile
from sources.readers import read

LIMITS = load_campaign().limits


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (900, 1200), 255).save(buffer, "PNG")
    return buffer.getvalue()


CSV = "STT;Tên chi bộ\n1;Chi bộ thôn Cống\n".encode()


def zipped(*members, compression=zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of (name or ZipInfo, bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def workbook(*sheets: str) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as made:
        for name in sheets:
            made.add_worksheet(name).write(0, 0, name)
    return buffer.getvalue()


def sheets(data: bytes, limits=LIMITS) -> list[str]:
    return [block.sheet for block in read(data, limits).blocks]


def limits(**changed: int):
    return LIMITS.model_copy(update=changed)


def refusal(data: bytes, limits=LIMITS) -> RefusedFile:
    with pytest.raises(RefusedFile) as caught:
        read(data, limits)
    return caught.value


def test_members_form_one_report_in_name_order():
    data = zipped(
        ("b.xlsx", workbook("Chi bộ", "Trưởng thôn")),
        ("thư mục/c.xlsx", workbook("Một")),
        ("a.csv", CSV),
    )
    assert sheets(data) == ["a.csv", "b.xlsx › Chi bộ", "b.xlsx › Trưởng thôn", "thư mục/c.xlsx"]


def test_nested_archive_is_read_and_a_third_level_is_unsafe():
    inner = zipped(("a.csv", CSV))
    assert sheets(zipped(("trong.zip", inner))) == ["trong.zip › a.csv"]
    deep = refusal(zipped(("ngoài.zip", zipped(("trong.zip", inner)))))
    assert deep.rule == "unsafe"


def test_system_files_are_skipped_and_pictures_are_named():
    data = zipped(
        ("__MACOSX/._a.csv", b"junk"),
        ("Thumbs.db", b"junk"),
        (".DS_Store", b"junk"),
        ("~$a.docx", b"junk"),
        ("thư mục/", b""),
        ("ảnh.JPG", b"\xff\xd8\xff"),
        ("bản ký.pdf", b"%PDF"),
        ("a.csv", CSV),
    )
    document = read(data, LIMITS)
    assert [b.sheet for b in document.blocks] == ["a.csv"]
    assert document.skipped == ["bản ký.pdf", "ảnh.JPG"]


def pdf(*rows: list[str]) -> bytes:
    return PdfFile().new_page().table(60, 100, [60.0, 120.0], [list(row) for row in rows]).data()


def test_pdf_files_are_read_like_other_members():
    data = zipped(("a.pdf", pdf(["STT", "Tên"], ["1", "A"])), ("b.pdf", pdf(["STT", "Tên"])))
    assert sheets(data) == ["a.pdf › Bảng 1", "b.pdf › Bảng 1"]


def scanned_pdf() -> bytes:
    return PdfFile().new_page().picture(0, 0, *A4).data()


@pytest.mark.parametrize(("name", "make"), [("b.pdf", scanned_pdf), ("b.png", png)])
def test_scan_in_an_archive_is_refused_by_name_beside_pages_and_named_beside_word(name, make):
    page = make()
    found = refusal(zipped(("a.pdf", pdf(["STT", "Tên"])), (name, page)))
    assert (found.rule, name in str(found), "gửi riêng" in str(found)) == ("unreadable", True, True)
    assert read(zipped(("a.csv", CSV), (name, page)), LIMITS).skipped == [name]


def test_bomb_of_pages_is_unsafe_beside_other_members():
    data = zipped(("a.csv", CSV), ("b.pdf", b"%PDF" + b"0" * (2 << 20)))
    assert refusal(data).rule == "unsafe"


def test_unreadable_member_refuses_the_archive_by_name():
    found = refusal(zipped(("a.csv", CSV), ("b.docx", workbook("x")[:100])))
    assert (found.rule, "b.docx" in str(found), "hỏng" in str(found)) == ("unreadable", True, True)


TRICKS = ["../a.csv", "/etc/a.csv", "a/../../b.csv", "C:a.csv", "a\\..\\b.csv", "CON.csv", "a/aux"]


@pytest.mark.parametrize("name", TRICKS)
def test_path_that_leads_outside_is_unsafe(name):
    assert refusal(zipped((name, CSV), ("a.csv", CSV))).rule == "unsafe"


def test_a_link_is_unsafe():
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refusal(zipped((link, b"/etc/passwd"))).rule == "unsafe"


def test_zip_bomb_is_unsafe_by_ratio_total_or_count():
    assert refusal(zipped(("a.csv", b"0" * (2 << 20)))).rule == "unsafe"
    assert (
        refusal(
            zipped(("a.csv", CSV * 100), ("b.csv", CSV * 100)), limits(unpacked_bytes=4000)
        ).rule
        == "unsafe"
    )
    assert (
        refusal(zipped(*((f"{n}.csv", CSV) for n in range(9))), limits(archive_members=8)).rule
        == "unsafe"
    )
    stored = zipfile.ZIP_STORED
    nested = zipped(("x.zip", zipped(("a.csv", CSV * 100), compression=stored)), compression=stored)
    assert refusal(nested, limits(unpacked_bytes=6000)).rule == "unsafe"


def test_member_larger_than_declared_is_unsafe():
    data = bytearray(zipped(("a.csv", CSV * 1000)))
    directory = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 10)
    assert refusal(bytes(data)).rule == "unsafe"


def test_overlapping_members_are_unsafe():
    data = bytearray(zipped(("a.csv", CSV * 10), ("b.csv", CSV * 10)))
    first, second = (i for i in range(len(data)) if data[i : i + 4] == b"PK\x01\x02")
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert refusal(bytes(data)).rule == "unsafe"


def test_password_protection_is_named():
    data = bytearray(zipped(("a.csv", CSV)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert "mật khẩu" in str(refusal(bytes(data)))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1258", "cp437"])
def test_names_from_old_zip_programs_are_decoded(encoding):
    name = {"utf-8": "Chi bộ.csv", "cp1258": "Danh sách.csv", "cp437": "Danh sach.csv"}[encoding]
    data = zipped(("X" * len(name.encode(encoding)), CSV))
    assert sheets(data.replace(b"X" * len(name.encode(encoding)), name.encode(encoding))) == [name]


def test_truncated_or_damaged_zip_is_unreadable():
    data = workbook("Chi bộ")
    for end in range(4, len(data), 97):
        assert refusal(data[:end]).rule == "unreadable"
    for place in range(40, len(data), 53):
        damaged = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        try:
            assert isinstance(read(damaged, LIMITS).blocks[0], Grid)
        except RefusedFile as found:
            assert str(found)
