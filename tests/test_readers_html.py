"""Web pages become paragraphs and tables as a browser shows them; the number behind a shown text is
used where the text may be mistaken."""

from __future__ import annotations

import datetime as dt

import pytest
from made_texts import html

from sources.campaigns import load_campaign
from sources.grids import Grid, LeftOut, Paragraph, RefusedFile, Span
from sources.readers import read

LIMITS = load_campaign().limits
HEAD = (
    "<style><!-- .vn {font-family:'.VnTime', serif} .xl1 {mso-number-format:'dd\\/mm\\/yyyy'} "
    ".xl2 {mso-number-format:'m\\/d\\/yyyy';} .an {display:none} #x b {display:none}"
    "@media print { .in {display:none} } .mau {font:12pt '.VnTime'} --></style>"
)


def blocks(body: str, head: str = HEAD) -> list[Grid | Paragraph]:
    return read(html(body, head), LIMITS).blocks


def grid(body: str) -> Grid:
    [found] = [block for block in blocks(body) if isinstance(block, Grid)]
    return found


TEXTS = [
    ("Chi\n   bộ <b>thôn</b>&nbsp;A&#7897;", "Chi bộ thôn\u00a0Aộ"),
    ("một<br>hai", "một\nhai"),
    ("<font face='.VnTime'>Tr\u00adêng Chi bé</font>", "Trường Chi bộ"),
    ("<span class=vn>Chi bé</span>", "Chi bộ"),
    ("<span class=mau>Chi bé</span>", "Chi bộ"),
    ("<span style=\"font-family:'VNI-Times'\">chi boä</span>", "chi bộ"),
    ("25<sup>1</sup> đv", "25 đv"),
    ("<del>21</del>23", "23"),
    ("2<span class=an>9</span>5", "25"),
    ("2<span class=in>9</span>5", "295"),
    ("<i id=x>2<b>9</b>5</i>", "25"),
    ("2<span style='font-size:0'>9</span>5", "25"),
    ("<span hidden>9</span>25", "25"),
    ("25<a style='mso-footnote-id:ftn1'><span>[1]</span></a>", "25"),
    ("<!--[if gte mso 9]><xml>9</xml><![endif]-->25<script>9</script>", "25"),
    ("<input value='25'><input type=hidden value=9>", "25"),
    ("<input type=checkbox checked>", "☑"),
    ("<select><option>1<option selected>2</select>", "2"),
    ("<pre>a  b</pre>", "a  b"),
]


@pytest.mark.parametrize(("inside", "text"), TEXTS)
def test_paragraph_has_the_printed_text(inside: str, text: str) -> None:
    [paragraph] = blocks(f"<p>{inside}</p>")
    assert isinstance(paragraph, Paragraph) and paragraph.text == text


CELLS = [  # a cell as programs write it, and its value
    ("<td x:num>25", "25"),
    ('<td x:num="1234">1.234', 1234),
    ('<td x:num="1234">1,234', 1234),
    ('<td sdval="1234" sdnum="1033;0;#,##0">1,234', 1234),
    ('<td x:num="1.234">1.234', 1.234),
    ('<td x:num="12.6">13', "13"),
    ('<td x:num="0.855">85,5%', "85,5%"),
    ('<td x:num="25">25 đv', "25 đv"),
    ('<td x:num="25">###', 25),
    ('<td x:num="25">', None),
    ('<td class=xl1 x:num="44656">05/04/2022', dt.date(2022, 4, 5)),
    ('<td x:num="44656">4/5/2022', dt.date(2022, 4, 5)),
    ('<td x:num="44656">7/8/2022', "7/8/2022"),
    ('<td class=xl1 x:num="44656">####', dt.date(2022, 4, 5)),
    ("<td class=xl2>4/5/2022", dt.date(2022, 4, 5)),
    ("<td x:num=25 style='mso-number-format:Fixed'>25.00", 25),
    ("<td x:num=25 style='mso-number-format:\"0\\ \\0022d\\0022\"'>25 d", "25 d"),
    ("<td class=xl2>4/25/2022", dt.date(2022, 4, 25)),
    ("<td class=xl1>4/5/2022", "4/5/2022"),
    ("""<td data-sheets-value='{"1":3,"3":1234}'>1,234""", 1234),
    ("""<td data-sheets-value='{"1":2,"2":"1,234"}'>1,234""", "1,234"),
    ("""<td data-sheets-value='[[[[{'>5""", "5"),
    ("<td><s>21</s>23", "23"),
]


@pytest.mark.parametrize(("cell", "value"), CELLS)
def test_cell_has_the_value_that_a_person_reads(cell: str, value: object) -> None:
    assert grid(f"<table><tr><td>x</td>{cell}</table>").rows == [
        ["x", value] if value is not None else ["x", None]
    ]


def test_the_shown_text_is_kept_beside_the_number() -> None:
    found = grid('<table><tr><td x:num="44656">4/5/2022</table>')
    assert found.raw == {(0, 0): "4/5/2022"}


LAYOUTS = [
    ("<tr><td rowspan=2>a<td colspan=2>b<tr><td>1<td>2", [["a", "b", None], [None, "1", "2"]]),
    ("<tr><td>a<td>b<tr><td class=an>9<td>1<td>2", [["a", "b"], ["1", "2"]]),
    ("<tfoot><tr><td>Cộng</tfoot><tbody><tr><td>1</tbody>", [["1"], ["Cộng"]]),
    ("<td>1<td>2", [["1", "2"]]),
    ("<tr><form><td>1</td><td>2</td></form></tr>", [["1", "2"]]),
    ("<tr><td colspan=2 style='mso-ignore:colspan'>a<td>b", [["a", None, "b"]]),
    (
        "<thead><tr><td rowspan=9>a<td>b</thead><tbody><tr><td>1<td>2</tbody>",
        [["a", "b"], ["1", "2"]],
    ),
    ("<tr><td><table><tr><td>25</table><td>b", [["25", "b"]]),
    ("<tr><td rowspan=0>a<td>1<tr><td>2", [["a", "1"], [None, "2"]]),
    ("<tr><td><p>a</p><p>b</p>", [["a\nb"]]),
    ("<tr><td colspan=x>a<td rowspan=-3>b", [["a", "b"]]),
]


@pytest.mark.parametrize(("rows", "expected"), LAYOUTS)
def test_cells_stand_where_a_browser_puts_them(rows: str, expected: list[list[object]]) -> None:
    assert grid(f"<table>{rows}</table>").rows == expected


def test_hidden_columns_spans_and_cells_are_reported() -> None:
    found = grid(
        "<table><col><col style='display:none'><tr><td>1<td>2<td>3<tr><td colspan=2>4<td>5</table>"
    )
    assert (found.hidden_columns, found.concealed) == (frozenset({1}), {(0, 1): "2"})
    assert found.merged == (Span(1, 0, 1, 1),)
    assert grid("<table><tr><td>1<td hidden>2</table>").left_out == {(0, 0): LeftOut(hidden="2")}


def test_text_in_a_table_outside_of_cells_is_not_lost() -> None:
    first, second, third = blocks("<table>Cộng 25<caption>Bảng A</caption><tr><td>1</table>")
    assert [b.text for b in (first, second) if isinstance(b, Paragraph)] == ["Bảng A", "Cộng 25"]
    assert isinstance(third, Grid) and third.rows == [["1"]]


def test_nested_table_follows_its_parent() -> None:
    outer, inner = blocks("<table><tr><td>a<table><tr><td>1<td>2</table><td>b</table>")
    assert isinstance(outer, Grid) and outer.rows == [["a", "b"]]
    assert isinstance(inner, Grid) and inner.rows == [["1", "2"]]


PAGE = "<table><tr><td>Chi bộ thôn Đồng Rãng<td>53</table>"
ENCODED = [
    PAGE.encode("utf-8-sig"),
    PAGE.encode("utf-16"),
    b'<meta http-equiv=Content-Type content="text/html; charset=windows-1252">' + PAGE.encode(),
    b"<meta charset=windows-1252><style>td {font-family:.VnTime}</style>"
    + "<table><tr><td>Chi bé th«n §ång R·ng<td>53</table>".encode("latin-1"),
    "<table><tr><td>Chi bé th«n §ång R·ng<td>53</table>".encode("latin-1"),
    b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html><html>' + PAGE.encode(),
]


@pytest.mark.parametrize("data", ENCODED)
def test_page_reads_the_same_in_every_encoding(data: bytes) -> None:
    [found] = read(data, LIMITS).blocks
    assert isinstance(found, Grid) and found.rows == [["Chi bộ thôn Đồng Rãng", "53"]]


REFUSED = [
    (html("<table><tr><td>1<tr><td>2").removesuffix(b"</body></html>"), "trọn vẹn"),
    (html("<frameset><frame src=a></frameset>").replace(b"<body>", b""), "khung"),
    (html("<div>" * 3_000 + "9"), "hỏng"),
    (html("<table><tr><td>" * 200 + "9"), "hỏng"),
    (html("<table>" + "<tr><td colspan=1000>a<td>b<td colspan=1000>c" * 2 + "</table>"), "hỏng"),
    (html("<table>" + "<tr><td>a" * 5_001 + "</table>"), "quá lớn"),
    (
        html(
            "", "<style>" + "".join(f".a{n} b{{display:none}}" for n in range(6_000)) + "</style>"
        ),
        "hỏng",
    ),
]


@pytest.mark.parametrize(("data", "word"), REFUSED)
def test_hostile_page_is_refused_with_a_reason(data: bytes, word: str) -> None:
    with pytest.raises(RefusedFile, match=word):
        read(data, LIMITS)


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td rowspan=65534 colspan=1000>a" + "<tr><td>b" * 3_000 + "</table>",
        "<style>" + "{" * 100_000 + "</style><p>a",
        "<p style=\"a:'" + "x:" * 100_000 + '">a',
        "<p>" + "<" * 100_000,
        "<p>a" + "&#" * 100_000,
    ],
)
def test_costly_page_is_read(body: str) -> None:
    try:
        assert read(html(body), LIMITS).kind == "html"
    except RefusedFile as refusal:
        assert str(refusal)
