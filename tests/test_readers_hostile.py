"""Hostile content of files: refused with a reason, or read harmlessly."""

import pytest
from hostile_files import NAMES, SHEET, document, spreadsheet, workbook
from hostile_zips import zipped

from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.children.reading import read_contents
from sources.extraction.cell_types import UNTYPED, type_count
from sources.extraction.vocabulary import vocabulary_of
from sources.grids import Grid, RefusedFile
from sources.readers import read

CAMPAIGN = load_campaign()
LIMITS = CAMPAIGN.limits
DECLARED = '<?xml version="1.0" encoding="{}"?>'
DTD = '<!DOCTYPE worksheet [<!ENTITY e "ha">]>'
ROW = '<row r="1"><c r="A1"><v>1</v></c></row>'
WIDE = (
    '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="{}"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr>'
    "</w:tbl>"
)
DAYS = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf numFmtId="46"/>'
    "</cellXfs></styleSheet>"
)
STYLES = "".join(
    f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(20_000)
)

REFUSED = [  # the file, the rule, and a word of the reason
    (
        workbook((DECLARED.format("UTF-16") + SHEET.format(ROW, "")).encode("utf-16")),
        "unreadable",
        "hỏng",
    ),
    (
        workbook((DECLARED.format("UTF-16LE") + SHEET.format(ROW, "")).encode("utf-16-le")),
        "unreadable",
        "hỏng",
    ),
    (
        workbook((DECLARED.format("UTF-7") + SHEET.format(ROW, "")).encode("utf-7")),
        "unreadable",
        "hỏng",
    ),
    (
        workbook(DECLARED.format("IBM037").encode("cp037") + SHEET.format(ROW, "").encode("cp037")),
        "unreadable",
        "hỏng",
    ),
    (
        workbook(
            SHEET.format(ROW, ""),
            sharedStrings=(DECLARED.format("UTF-16") + "<sst/>").encode("utf-16"),
        ),
        "unreadable",
        "hỏng",
    ),
    (workbook(DECLARED.format("UTF-8") + DTD + SHEET.format(ROW, "")), "unsafe", "DTD"),
    (
        zipped(
            {
                "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": (DECLARED.format("UTF-7") + DTD + "<a/>").encode("utf-7"),
            }
        ),
        "unsafe",
        "DTD",
    ),
    (
        workbook(
            SHEET.format('<row r="1"><c r="A1" s="0"><v>2147483647</v></c></row>', ""), styles=DAYS
        ),
        "unreadable",
        "hỏng",
    ),
    (
        workbook(*[SHEET.format("<row><c><v>1</v></c></row>" * 19_000, "")] * 30),
        "unreadable",
        "quá lớn",
    ),
    (workbook(workbook="<sheet/>"), "unreadable", "hỏng"),  # its root is the sheet itself
    (document("<w:p/>", STYLES), "unreadable", "hỏng"),
    (
        document(
            "<w:tbl>"
            + '<w:tr><w:trPr><w:gridBefore w:val="1024"/></w:trPr></w:tr>' * 5_000
            + "</w:tbl>"
        ),
        "unreadable",
        "hỏng",
    ),
    (b"a\n" + b"\n" * 5_000_000, "unreadable", "quá lớn"),
    (b'a;"' + b'x;""\n' * 500_000, "unreadable", "không phân được"),
    (
        spreadsheet(
            '<t:table-row t:number-rows-repeated="1000000000"><t:table-cell><x:p>a</x:p></t:table-cell>'
            "</t:table-row>"
        ),
        "unreadable",
        "quá lớn",
    ),
]


@pytest.mark.parametrize(("data", "rule", "word"), REFUSED)
def test_hostile_file_is_refused_with_a_reason(data, rule, word):
    with pytest.raises(RefusedFile, match=word) as refusal:
        read(data, LIMITS)
    assert refusal.value.rule == rule


@pytest.mark.parametrize("span", ["0", "-5"])
def test_word_cell_with_zero_span_is_read_as_one_column(span):
    [grid] = read(document(WIDE.format(span)), LIMITS).blocks
    assert isinstance(grid, Grid) and grid.rows == [["a"]]


@pytest.mark.parametrize(
    "text",
    [
        "9" * 5000 + "/" + "9" * 5001,
        "1" + ".234" * 2000,
        "1 x" + "1" * 100_000,
        "(" * 30_000,
        " " * 30_000 + "\n5 x",
        "5 (" * 10_000,
    ],
)
def test_huge_number_is_no_count_and_no_crash(text):
    assert type_count(text, vocabulary_of(CAMPAIGN)) is UNTYPED


def test_oversized_answer_is_refused(tmp_path):
    lines = "".join(f"{'n' * 5_000}{n};Thôn;5/4/2022;Riêng;5;5;5\n" for n in range(4_000))
    (tmp_path / "a").write_text(NAMES + lines)
    [result] = read_contents([("a", str(tmp_path / "a"))], DEFAULT_CAMPAIGN)
    assert result.contents[0]["outcome"] == "unreadable" and "quá 2000 dòng" in str(
        result.contents[0]["reason"]
    )
    assert not any(columns for _, columns in result.facts)
