"""Valid files are never refused: parts without cells are not opened, unusual packaging is read."""

from __future__ import annotations

import io
import zipfile

import pytest
from hostile_zips import zipped
from test_readers_workbooks import patched, with_sheet_data, xlsx

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.grids import Document, Grid, RefusedFile
from sources.readers import read
from sources.readers.delimited import read_delimited

CAMPAIGN = load_campaign()
PLAIN = xlsx(lambda book, page: page.write_row(0, 0, ["Tổng số chi bộ", 18]))
UTF_16 = '<?xml version="1.0" encoding="UTF-16"?><a/>'
MODULE = b'<sheet name="M" sheetId="9" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def added(data: bytes, **parts: bytes) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


def renamed(data: bytes, change) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(data))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo("x")
            info.filename = change(name)  # as the class itself would put slashes right
            target.writestr(info, source.read(name))
    return buffer.getvalue()


def with_sheet(attributes: bytes) -> bytes:
    return patched(
        PLAIN,
        r"xl/workbook\.xml",
        lambda part: part.replace(b"</sheets>", MODULE + attributes + b"/></sheets>"),
    )


def with_macro_sheet() -> bytes:
    relation = (
        b'<Relationship Id="rId77" Target="macrosheets/sheet1.xml" '
        b'Type="http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"/></Relationships>'
    )
    return patched(
        with_sheet(b' r:id="rId77"'),
        r"xl/_rels/workbook\.xml\.rels",
        lambda part: part.replace(b"</Relationships>", relation),
    )


SOUND = {
    "printer settings without a byte": added(
        PLAIN, **{"xl__printerSettings__printerSettings1.bin": b""}
    ),
    "printer settings of zeros": added(
        PLAIN, **{"xl__printerSettings__printerSettings1.bin": b"\0" * 300}
    ),
    "custom XML in UTF-16": added(PLAIN, **{"customXml__item1.xml": UTF_16.encode("utf-16")}),
    "a part of no XML": added(PLAIN, **{"docProps__app2.xml": b"\xff\xfe\0"}),
    "backslashes": renamed(PLAIN, lambda name: name.replace("/", "\\")),
    "other capitals": renamed(
        PLAIN,
        lambda name: name.replace("sharedStrings", "SharedStrings").replace(
            "[Content_Types]", "[content_types]"
        ),
    ),
    "a styled cell in the last row": with_sheet_data(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Tổng số chi bộ</t></is></c><c r="B1"><v>18</v></c></row>'
        '<row r="1048576"><c r="F1048576" s="0"></c><c r="XFD1048576" s="0"> </c></row>'
    ),
    "a sheet without a part": with_sheet(b' r:id=""'),
    "a sheet of macros": with_macro_sheet(),
    "roundabout targets": patched(
        PLAIN,
        r"xl/_rels/workbook\.xml\.rels",
        lambda part: part.replace(b'Target="worksheets/', b'Target="../xl/./worksheets/'),
    ),
    "targets with backslashes": patched(
        PLAIN,
        r"xl/_rels/workbook\.xml\.rels",
        lambda part: part.replace(b'Target="worksheets/', b'Target="worksheets\\'),
    ),
}


@pytest.mark.parametrize("kind", SOUND)
def test_a_sound_workbook_is_read(kind: str) -> None:
    [grid] = read(SOUND[kind], CAMPAIGN.limits).blocks
    assert isinstance(grid, Grid) and grid.rows == [["Tổng số chi bộ", 18]]


def test_archive_with_backslashes_is_read_by_folders() -> None:
    document = read(
        renamed(zipped({"BC/a.csv": b"a,b\n1,2\n"}), lambda name: name.replace("/", "\\")),
        CAMPAIGN.limits,
    )
    assert [block.sheet for block in document.blocks] == ["BC/a.csv"]


TRICKS = [
    ({"..\\a.csv": b"a,b\n1,2\n"}, "unsafe"),
    ({"C:\\a.csv": b"a,b\n1,2\n"}, "unsafe"),
    ({"\\\\server\\a.csv": b"a,b\n1,2\n"}, "unsafe"),
    ({"a\\..\\..\\b.csv": b"a,b\n1,2\n"}, "unsafe"),
    ({"a\\b.csv": b"a,b\n", "a/b.csv": b"a,b\n"}, "unreadable"),  # two members of one name
]


@pytest.mark.parametrize(("members", "rule"), TRICKS)
def test_backslashes_do_not_lead_outside(members: dict[str, bytes], rule: str) -> None:
    plain = zipped({f"{number}": content for number, content in enumerate(members.values())})
    names = dict(zip([str(n) for n in range(len(members))], members, strict=True))
    with pytest.raises(RefusedFile) as refusal:
        read(renamed(plain, names.__getitem__), CAMPAIGN.limits)
    assert refusal.value.rule == rule


SUMS = [  # a formula and what the file keeps as its result; the value
    ("20+3", "<v>19</v>", 23),
    ("20+3", "", 23),
    ("20+3-1", "<v>22</v>", 22),
    ("+5+6", "<v>1</v>", 11),
    ("A1+3", "<v>19</v>", 19),
    ("20/3", "<v>6</v>", 6),
]


@pytest.mark.parametrize(("formula", "result", "value"), SUMS)
def test_formula_of_plain_numbers_is_computed(formula: str, result: str, value: int) -> None:
    data = with_sheet_data(f'<row r="1"><c r="A1"><f>{formula}</f>{result}</c></row>')
    assert read(data, CAMPAIGN.limits).blocks[0].rows == [[value]]


def test_parts_differing_only_in_case_are_refused() -> None:
    with pytest.raises(RefusedFile, match="trùng tên"):
        read(added(PLAIN, **{"XL__worksheets__Sheet1.xml": b"<worksheet/>"}), CAMPAIGN.limits)


GUARDED = [
    ('="25"', "25"),
    ('"=""25"""', "25"),
    ('="05/04/2022"', "05/04/2022"),
    ('=""', None),
    ("=1+1", "=1+1"),
]


@pytest.mark.parametrize(("written", "value"), GUARDED)
def test_apostrophe_guard_is_removed_from_text(written: str, value: str | None) -> None:
    assert read_delimited(f"a,{written},b\n".encode(), CAMPAIGN.limits).rows == [["a", value, "b"]]


LINES = [
    "TT,Tên thôn,Trưởng thôn là đảng viên,Phó thôn là đảng viên,Số đảng viên,Số quần chúng ưu tú",
    "1,Thôn Cầu,x,,30,2",
    "2,Thôn Bến,x,x,25,1",
    "3,Thôn Chùa,x,,18,0",
]
# a remark beside the table, all values in their columns
SHIFTED = [  # the third line, whether it is set aside
    ("2,Thôn Bến, Chợ,x,x,25,1", True),
    ("2,Thôn Bến,x,x,25,1", False),
    ("2,Thôn Bến,x,x,25,1,,", False),  # empty cells behind the last
    (
        "2,Thôn Bến,x,x,25,1,đã kiểm tra",
        False,
    ),
]


@pytest.mark.parametrize(("line", "is_shifted"), SHIFTED)
def test_line_shifted_by_a_stray_comma_gives_no_values(line: str, is_shifted: bool) -> None:
    data = "\n".join([*LINES[:2], line, *LINES[3:]]).encode()
    found = extract(Document("csv", [read_delimited(data, CAMPAIGN.limits)]), CAMPAIGN)
    values = {f.field: f.value for f in found.facts if f.row == 2}
    assert [f.row_name for f in found.findings if f.rule == "row_shifted"] == [
        "Thôn Bến"
    ] * is_shifted
    assert values["name"] == "Thôn Bến" and (values["party_members"] == "25") is not is_shifted
