"""A message in a folder is read as its attachments are, as one in a mailbox; a page kept in one file
as the page."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_messages import compound, eml, mht, msg, msg_tree

from sources.campaigns import load_campaign
from sources.grids import Document, Grid, RefusedFile
from sources.readers import read

LIMITS = load_campaign().limits
TABLE = "STT;Tên chi bộ\n1;Chi bộ thôn Đồng Rãng\n".encode()
ROWS = [["STT", "Tên chi bộ"], ["1", "Chi bộ thôn Đồng Rãng"]]
MESSAGES = {"eml": eml, "msg": msg}


def grids(data: bytes) -> dict[str, list[list[object]]]:
    return {b.sheet: list(b.rows) for b in read(data, LIMITS).blocks if isinstance(b, Grid)}


@pytest.mark.parametrize("kind", MESSAGES)
def test_attachments_form_one_report(kind: str) -> None:
    document = read(MESSAGES[kind](("báo cáo.csv", TABLE), ("ảnh.jpg", b"\xff\xd8\xff")), LIMITS)
    assert document.kind == kind and document.skipped == ["ảnh.jpg"]
    assert [(b.sheet, b.rows) for b in document.blocks if isinstance(b, Grid)] == [
        ("báo cáo.csv", ROWS)
    ]


@pytest.mark.parametrize("kind", MESSAGES)
@pytest.mark.parametrize(
    ("files", "words"),
    [
        ((), "không kèm tệp"),
        ((("a.png", b"\x89PNG"),), "tệp kèm “a.png”.*gửi riêng"),
        ((("a.xlsx", b"PK\x03\x04xx"),), "Trong thư, tệp kèm “a.xlsx”.*hỏng"),
        ((("winmail.dat", b"\x78\x9f\x3e\x22" + b"rest"),), "thư Outlook"),
        ((("a.rar", b"Rar!\x1a\x07\x01\x00"),), "RAR"),
    ],
)
def test_message_without_a_readable_report_is_refused(kind: str, files, words: str) -> None:
    with pytest.raises(RefusedFile, match=words):
        read(MESSAGES[kind](*files), LIMITS)


def test_messages_in_messages_are_read_and_named() -> None:
    inner = msg_tree(("b.csv", TABLE))
    assert list(grids(msg(("thư", inner), ("a.csv", TABLE)))) == ["thư kèm 1/b.csv", "a.csv"]
    assert list(grids(eml(("thư.eml", eml(("b.csv", TABLE)))))) == ["thư kèm 1/b.csv"]
    assert list(grids(eml(("thư.msg", msg(("b.csv", TABLE)))))) == ["thư.msg › b.csv"]


def test_hidden_attachments_are_pictures_of_the_letter() -> None:
    with pytest.raises(RefusedFile, match="không kèm tệp"):
        read(msg(("a.csv", TABLE), hidden=1), LIMITS)


def test_no_end_of_messages_in_messages_is_refused() -> None:
    tree = msg_tree(("a.csv", TABLE))
    data = eml(("a.csv", TABLE))
    for _ in range(12):
        tree = msg_tree(("thư", tree))
        data = eml(("thư.eml", data))
    for nested in (compound(tree), data, msg(("x.msg", msg(("x.msg", msg(("x.msg", msg()))))))):
        with pytest.raises(RefusedFile):
            read(nested, LIMITS)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 6_000), st.binary(min_size=1, max_size=40))
def test_damaged_message_is_read_or_refused(place: int, junk: bytes) -> None:
    for data in (msg(("a.csv", TABLE), ("thư", msg_tree(("b.csv", TABLE)))), eml(("a.csv", TABLE))):
        place %= len(data)
        try:
            assert isinstance(
                read(data[:place] + junk + data[place + len(junk) :], LIMITS), Document
            )
        except RefusedFile as refusal:
            assert str(refusal)


@pytest.mark.parametrize(
    "text",
    [
        b"From: xa;a@b.vn\n1;2\n",
        b"Subject: x\nTo: y\n",
        "Tên: chi bộ\nSố: 25\n".encode(),
    ],
)
def test_text_with_colons_is_no_message(text: bytes) -> None:
    assert read(text, LIMITS).kind == "csv"


def test_page_in_one_file_is_read_with_its_styles() -> None:
    page = (
        '<html><link rel=Stylesheet href="a.css"><body><p>Chi bộ</p><table><tr><td class=vn>Chi bé</td>'
        "<td class=an>9</td></tr></table></body></html>"
    )
    document = read(
        mht(
            ("a.htm", "text/html", page),
            ("a.css", "text/css", ".vn {font-family:'.VnTime'} .an {display:none}"),
        ),
        LIMITS,
    )
    assert document.kind == "mht" and grids(
        mht(("a.htm", "text/html", page), ("a.css", "text/css", ".an {display:none}"))
    ) == {"Bảng 1": [["Chi bé"]]}
    assert [b.rows for b in document.blocks if isinstance(b, Grid)] == [[["Chi bộ"]]]


def test_workbook_in_one_file_has_its_sheets_by_their_names() -> None:
    frame = (
        "<html><head><xml><x:ExcelWorkbook><x:ExcelWorksheets><x:ExcelWorksheet><x:Name>Chi &amp; bộ</x:Name>"
        '<x:WorksheetSource HRef="b_files/sheet001.htm"/></x:ExcelWorksheet><x:ExcelWorksheet><x:Name>Nháp'
        '</x:Name><x:WorksheetSource HRef="b_files/sheet002.htm"/><x:Visible>SheetHidden</x:Visible>'
        "</x:ExcelWorksheet></x:ExcelWorksheets></x:ExcelWorkbook></xml></head><frameset><frame></frameset></html>"
    )
    cell = "<html><table><tr><td>{}</td></tr></table></html>"
    document = read(
        mht(
            ("b.htm", "text/html", frame),
            ("b_files/sheet001.htm", "text/html", cell.format(1)),
            ("b_files/sheet002.htm", "text/html", cell.format(2)),
        ),
        LIMITS,
    )
    assert [(b.sheet, b.rows, b.hidden) for b in document.blocks if isinstance(b, Grid)] == [
        ("Chi & bộ", [["1"]], False),
        ("Nháp", [["2"]], True),
    ]
    with pytest.raises(RefusedFile, match="hỏng"):
        read(mht(("b.htm", "text/html", frame)), LIMITS)


@pytest.mark.parametrize(
    "data",
    [eml(("a.csv", TABLE)), mht(("a.htm", "text/html", "<p>5</p>"), ("a.css", "text/css", ""))],
)
def test_message_that_is_cut_off_is_refused(data: bytes) -> None:
    with pytest.raises(RefusedFile, match="trọn vẹn"):
        read(data[: data.rstrip().rindex(b"--", 0, -4)], LIMITS)
