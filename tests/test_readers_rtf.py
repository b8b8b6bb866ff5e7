"""Rich text becomes paragraphs and tables in reading order, as the same Word file does."""

from __future__ import annotations

import pytest
from made_texts import rtf

from sources.campaigns import load_campaign
from sources.grids import Grid, LeftOut, Paragraph, RefusedFile, Span
from sources.readers import read

LIMITS = load_campaign().limits
FONTS = (
    r"{\f0\froman\fcharset0 Times New Roman;}{\f1\fnil\fcharset0{\*\panose 0000}.VnTime;}"
    r"{\f2\fnil\fcharset0 VNI-Times;}{\f3\fnil\fcharset2 Wingdings;}{\f4\fcharset163 Arial (Vietnamese);}"
    r"{\f5\fnil .VnTimeH;}"
)


def blocks(body: str) -> list[Grid | Paragraph]:
    return read(rtf(body, FONTS), LIMITS).blocks


def row(*cells: str, ends: tuple[int, ...] = (), marks: tuple[str, ...] = ()) -> str:
    ends = ends or tuple(1000 * (n + 1) for n in range(len(cells)))
    marks = marks or ("",) * len(ends)
    definition = "".join(f"{mark}\\cellx{end}" for mark, end in zip(marks, ends, strict=True))
    inside = "".join(f"\\pard\\plain\\intbl {cell}\\cell" for cell in cells)
    return f"\\trowd{definition}{inside}\\row\n"


TEXTS = [
    (r"Chi b\u7897? th\u244\'f4n", "Chi bộ thôn"),
    (r"{\uc0 \u7897 }x", "ộx"),
    (r"{\uc2 \u7897 abc}", "ộc"),
    (r"\u7897 {\b ?}", "ộ?"),
    (r"\u-10179?\u-8704?.", "😀."),
    (r"{\f1 Tr\'ad\'eang Ti\'d3u h\'e4c}", "Trưêng Tiểu häc".replace("ê", "ờ").replace("ä", "ọ")),
    (r"{\f1 Tr\-\'eang}", "Trường"),
    (r"{\f0 ng\-ay}", "ngay"),
    (r"{\f2 chi bo\'e4}", "chi bộ"),
    (r"{\f2 chi bo\u228\'e4 ba\u249\'f9o}", "chi bộ báo"),
    (r"{\f2 b}{\f2\insrsid1 o}{\f2\insrsid2 \'e4 A}", "bộ A"),
    (r"{\f4 b\'f4\'f2}", "bộ"),
    (r"{\f3 \'fc}", "✓"),
    (r"{\f3 \u-3844\'fc}", "✓"),
    (r"25{\super 1} \u273?v", "25 đv"),
    (r"{\strike 21}23", "23"),
    (r"{\strike 21\strike0 23}", "23"),
    (r"{\v 9}25", "25"),
    (r"2{\deleted 9}5{\revised 1}", "251"),
    (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt 12}}", "12"),
    (r'{\field{\*\fldinst SYMBOL 252 \\f "Wingdings" \\s 12}{\fldrslt\f3\fs24}}', "✓"),
    (
        r"{\field{\*\fldinst { FORMCHECKBOX }{\*\formfield{\fftype1\ffres1{\*\ffname A}}}}{\fldrslt}}",
        "☑",
    ),
    (r"1{\pict\wmetafile8 0102}{\*\unknown 3}{\object\objemb{\*\objdata 04}{\result 5}}", "15"),
    (r"a\{b\}\\\~c\_d\endash", "a{b}\\\u00a0c-d–"),
    (r"{\upr{abc}{\*\ud{\u7897?}}}", "ộ"),
    (r"{\listtext 1.\tab}Chi", "Chi"),
    ("a\\bin5 }}}}}b", "ab"),
]


@pytest.mark.parametrize(("inside", "text"), TEXTS)
def test_paragraph_has_the_printed_text(inside: str, text: str) -> None:
    [paragraph] = [block for block in blocks(inside) if not block.sheet.startswith("Đầu trang")]
    assert isinstance(paragraph, Paragraph) and paragraph.text == text


def test_struck_and_hidden_text_is_reported() -> None:
    [struck] = blocks(r"{\striked1 21}23{\v 7}")
    assert isinstance(struck, Paragraph) and struck.left_out == LeftOut(struck="21", hidden="7")


def test_merged_cells_appear_once_with_spans() -> None:
    down = ("\\clvmgf", "\\clmgf", "\\clmrg"), ("\\clvmrg", "", "")
    [grid] = blocks(row("a", "b", "", marks=down[0]) + row("", "c", "d", marks=down[1]))
    assert isinstance(grid, Grid)
    assert grid.rows == [["a", "b", None], [None, "c", "d"]]
    assert set(grid.merged) == {Span(0, 0, 1, 0), Span(0, 1, 0, 2)}


def test_cells_stand_in_columns_by_their_edges() -> None:
    """A cell as wide as two below it spans them; edges that differ by a hair are one."""
    [grid] = blocks(
        row("wide", "x", ends=(2000, 3000)) + row("1", "2", "3", ends=(990, 2010, 3005))
    )
    assert isinstance(grid, Grid)
    assert grid.rows == [["wide", None, "x"], ["1", "2", "3"]]
    assert grid.merged == (Span(0, 0, 0, 1),)


@pytest.mark.parametrize("ends", [(0, 0, 0), (3000, 2000, 1000), (1000, 2000)])
def test_cells_with_impossible_edges_stand_one_after_another(ends: tuple[int, ...]) -> None:
    definition = "".join(f"\\cellx{end}" for end in ends)
    [grid] = blocks(f"\\trowd{definition}\\intbl 1\\cell 2\\cell 3\\cell\\row")
    assert isinstance(grid, Grid) and grid.rows == [["1", "2", "3"]]


def test_one_definition_serves_many_rows_and_intbl_may_be_missing() -> None:
    [grid] = blocks(r"\trowd\cellx1000\cellx2000 1\cell 2\cell\row\intbl 3\cell 4\cell\row")
    assert isinstance(grid, Grid) and grid.rows == [["1", "2"], ["3", "4"]]


def test_nested_table_follows_its_parent_once() -> None:
    inner = (
        r"\pard\intbl\itap2 5\nestcell{\nonesttables\par}6\nestcell"
        r"{\*\nesttableprops\trowd\cellx300\cellx600\nestrow}{\nonesttables\par}"
    )
    body = rf"\trowd\cellx1000\cellx2000\pard\intbl a\par{inner}\pard\intbl\itap1 b\cell c\cell\row"
    parent, nested = blocks(body)
    assert isinstance(parent, Grid) and parent.rows == [["a\nb", "c"]]
    assert isinstance(nested, Grid) and (nested.rows, nested.sheet) == ([["5", "6"]], "Bảng 2")


def test_text_boxes_headers_headings_and_comments() -> None:
    first, second = blocks(
        r"{\header\pard UBND x\'e3\par}{\stylesheet{\s1\b heading 1;}}\pard\s1 M\'f4c{\*\annotation S\'ea}"
        r"{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard h\'f4p\par}}{\shprslt{\*\do h}}}\par"
    )
    assert isinstance(first, Paragraph) and (first.sheet, first.text) == (
        "Đầu trang › Đoạn 1",
        "UBND xã",
    )
    assert isinstance(second, Paragraph) and second.text == "Môc\nhôp"
    assert second.heading and second.comment == "Sê"


def test_empty_paragraphs_are_numbered_and_tables_part_text() -> None:
    found = blocks(r"\par a\par" + row("1") + row("2") + r"\pard b\par" + row("3"))
    assert [block.sheet for block in found] == ["Đoạn 2", "Bảng 1", "Đoạn 3", "Bảng 2"]


@pytest.mark.parametrize(
    "data",
    [
        rtf("a" + "{" * 5_000 + "}" * 5_000),
        rtf(row("1"))[:-1],
        rtf("\\trowd" + "\\cellx1" * 2_000 + "\\cell\\row"),
        rtf("\\pard\\intbl\\itap999999 " * 3 + "x"),
        rtf("{" * 400_000 + "}" * 400_000),
        rtf("\\intbl\\cell" * 600_000),
        rtf("\\trowd" + "".join(f"\\cellx{n * 50}" for n in range(1000)) + "\\cell\\row" * 9_000),
    ],
)
def test_hostile_rtf_is_read_or_refused(data: bytes) -> None:
    try:
        assert read(data, LIMITS).kind == "rtf"
    except RefusedFile as refusal:
        assert str(refusal)


def test_a_file_that_is_cut_off_is_refused() -> None:
    with pytest.raises(RefusedFile, match="trọn vẹn"):
        read(rtf(row("1", "2") + row("3", "4"))[:-20], LIMITS)
