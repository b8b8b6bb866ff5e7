"""OpenDocument texts become paragraphs and tables in reading order, as the same Word file does."""

from __future__ import annotations

import pytest
from made_texts import odt

from sources.campaigns import load_campaign
from sources.grids import Grid, LeftOut, Paragraph, RefusedFile, Span
from sources.readers import read

LIMITS = load_campaign().limits
STYLES = (
    '<style:style style:name="V" style:family="text"><style:text-properties fo:font-family="\'.VnTime\'"/>'
    "</style:style>"
    '<style:style style:name="W" style:family="text" style:parent-style-name="V"/>'
    '<style:style style:name="B" style:family="paragraph"><style:text-properties fo:font-weight="bold" '
    'fo:font-family=".VnTime"/></style:style>'
    '<style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Heading_20_1" style:family="paragraph"/>'
)
CELL = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"


def blocks(body: str, page: str = "") -> list[Grid | Paragraph]:
    return read(odt(body, STYLES, page), LIMITS).blocks


def table(*rows: str) -> str:
    inside = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f"<table:table>{inside}</table:table>"


TEXTS = [
    ('a<text:s text:c="2"/>b<text:tab/>c<text:line-break/>d', "a  b\tc\nd"),
    ('<text:span text:style-name="V">Tr\u00adêng Chi bé</text:span>', "Trường Chi bộ"),
    ('<text:span text:style-name="W">Chi bé</text:span>', "Chi bộ"),
    ('2<text:span text:style-name="H">9</text:span>5', "25"),
    ('2<text:hidden-text text:is-hidden="true">9</text:hidden-text>5', "25"),
    ("25<text:note><text:note-citation>1</text:note-citation></text:note>", "25"),
    ("25<office:annotation><text:p>sai</text:p></office:annotation>", "25"),
    ("a<draw:frame><draw:text-box><text:p>hộp</text:p></draw:text-box></draw:frame>", "a\nhộp"),
    ('2<text:change text:change-id="c"/>5', "25"),
]


@pytest.mark.parametrize(("inside", "text"), TEXTS)
def test_paragraph_has_the_printed_text(inside: str, text: str) -> None:
    [paragraph] = blocks(f"<text:p>{inside}</text:p>")
    assert isinstance(paragraph, Paragraph) and paragraph.text == text


def test_deleted_text_and_hidden_sections_are_not_read() -> None:
    document = read(
        odt(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>9</text:p></text:deletion>"
            "</text:changed-region></text:tracked-changes><text:p>5</text:p>"
            f'<text:section text:display="none"><text:p>7</text:p>{table(CELL.format("", "8"))}</text:section>'
        ),
        LIMITS,
    )
    paragraph, grid = document.blocks
    assert isinstance(paragraph, Paragraph) and paragraph.text == "5"
    assert isinstance(grid, Grid) and grid.rows == [[None]]
    assert grid.left_out == {(0, 0): LeftOut(hidden="8")}
    assert [p.left_out for p in document.unseen] == [LeftOut(hidden="7")]


def test_spans_covered_and_repeated_cells() -> None:
    wide = ' table:number-columns-spanned="2"'
    tall = ' table:number-rows-spanned="2"'
    covered = "<table:covered-table-cell/>"
    [grid] = blocks(
        table(
            CELL.format(tall, "a") + CELL.format(wide, "b") + covered,
            covered + CELL.format(' table:number-columns-repeated="2"', "5"),
        )
    )
    assert isinstance(grid, Grid)
    assert grid.rows == [["a", "b", None], [None, "5", "5"]]
    assert set(grid.merged) == {Span(0, 0, 1, 0), Span(0, 1, 0, 2)}


def test_nested_table_follows_its_parent_and_header_rows_are_rows() -> None:
    inner = table(CELL.format("", "5"))
    rows = (
        f"<table:table-header-rows><table:table-row>{CELL.format('', 'Số')}</table:table-row>"
        f"</table:table-header-rows><table:table-row><table:table-cell>{inner}<text:p>x</text:p>"
        "</table:table-cell></table:table-row>"
    )
    parent, nested = blocks(f"<table:table>{rows}</table:table>")
    assert isinstance(parent, Grid) and parent.rows == [["Số"], ["x"]]
    assert isinstance(nested, Grid) and (nested.rows, nested.sheet) == ([["5"]], "Bảng 2")


def test_headings_numbers_and_page_header() -> None:
    found = blocks(
        '<text:p/><text:h>Mục</text:h><text:p text:style-name="B">Chi bé</text:p>'
        '<text:list><text:list-item><text:p text:style-name="Heading_20_1">x</text:p></text:list-item></text:list>'
        "<text:p>y</text:p>",
        "<style:header><text:p>UBND</text:p></style:header><style:footer><text:p>1</text:p></style:footer>",
    )
    assert [(b.sheet, b.text, b.heading) for b in found if isinstance(b, Paragraph)] == [
        ("Đầu trang › Đoạn 1", "UBND", False),
        ("Đoạn 2", "Mục", True),
        ("Đoạn 3", "Chi bộ", True),
        ("Đoạn 4", "x", True),
        ("Đoạn 5", "y", False),
    ]


@pytest.mark.parametrize(
    ("attributes", "word"),
    [
        (' table:number-columns-repeated="1000000000"', "hỏng"),
        (' table:number-columns-spanned="99999"', "hỏng"),
        (' table:number-columns-repeated="-1"', "hỏng"),
        (' table:number-columns-repeated="x"', "hỏng"),
    ],
)
def test_repeats_that_lie_are_refused(attributes: str, word: str) -> None:
    with pytest.raises(RefusedFile, match=word):
        blocks(table(CELL.format(attributes, "1")))


def test_rows_without_number_are_refused() -> None:
    row = f'<table:table-row table:number-rows-repeated="99999999">{CELL.format("", "1")}</table:table-row>'
    with pytest.raises(RefusedFile, match="quá lớn"):
        blocks(f"<table:table>{row}</table:table>")
