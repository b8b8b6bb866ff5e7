"""PDF files become paragraphs and tables as a Word file does, or are refused with what to do."""

from __future__ import annotations

import builtins
import sys
import types

import pytest
from hostile_pdfs import KINDS
from pdf_files import A4, PdfFile, page_of, raw_pdf, stream

from sources.campaigns import load_campaign
from sources.extraction import extract
from sources.grids import Document, Grid, Paragraph, RefusedFile, Span
from sources.readers import read
from sources.readers.pdf.glyphs import decoder_of_pdf_font

CAMPAIGN = load_campaign()
LIMITS = CAMPAIGN.limits
HEADER = ["TT", "Tên chi bộ", "Tổng số", "Dự"]
ROWS = [["1", "Chi bộ thôn Hả", "12", "11"], ["2", "Chi bộ thôn Lim", "30", "28"]]
WIDTHS = [30.0, 150.0, 60.0, 60.0]


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def refused(data: bytes) -> RefusedFile:
    with pytest.raises(RefusedFile) as refusal:
        read(data, LIMITS)
    return refusal.value


@pytest.mark.parametrize("style", ["lines", "bars", "dashes", "double"])
def test_ruled_table_is_a_grid_however_its_rules_are_drawn(style):
    data = PdfFile().new_page().table(60, 100, WIDTHS, [HEADER, *ROWS], style=style).data()
    document = read(data, LIMITS)
    assert document.kind == "pdf"
    [grid] = grids(document)
    assert (grid.sheet, grid.source, grid.rows) == ("Bảng 1", "table", [HEADER, *ROWS])


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_page_that_is_shown_turned_is_read_upright(turn):
    """Letters drawn at an angle, the page turned back by /Rotate or not at all."""
    file = PdfFile().new_page((842, 595), 0)
    for at in (100, 150):
        file.rule(100, at, 300, at)
    for at in (100, 200, 300):
        file.rule(at, 100, at, 150)
    file.text(110, 130, "Dự").text(210, 130, "25")
    turned = read(_rotated(file, turn), LIMITS)
    assert grids(turned)[0].rows in ([["Dự", "25"]], [["25", "Dự"]])


def _rotated(file: PdfFile, turn: int) -> bytes:
    import pypdfium2.raw as pdf

    pdf.FPDFPage_SetRotation(file.page, turn)
    return file.data()


def test_merged_cells_are_where_rules_are_left_out():
    file = PdfFile().new_page()
    for at in (100, 120, 140):
        file.rule(60 if at != 120 else 160, at, 260, at)
    for at in (60, 160, 260):
        file.rule(at, 100, at, 140)
    file.rule(210, 120, 210, 140)
    file.text(64, 124, "Tên").text(164, 114, "Đảng viên").text(164, 134, "12").text(214, 134, "11")
    [grid] = grids(read(file.data(), LIMITS))
    assert grid.rows == [["Tên", "Đảng viên", None], [None, "12", "11"]]
    assert grid.merged == (Span(0, 0, 1, 0), Span(0, 1, 0, 2))


def test_table_over_pages_is_one_grid_without_repeated_headers_and_page_numbers():
    file = PdfFile()
    for number in range(3):
        rows = [[str(2 * number + n), f"Chi bộ {2 * number + n}", "9", "8"] for n in (1, 2)]
        file.new_page().table(60, 60, WIDTHS, [HEADER, *rows]).text(290, 820, str(number + 1))
    document = read(file.data(), LIMITS)
    [grid] = grids(document)
    assert [row[0] for row in grid.rows] == ["TT", "1", "2", "3", "4", "5", "6"]
    assert texts(document) == []


def test_row_that_a_page_end_cuts_is_one_row():
    widths = [30.0, 90.0, 60.0, 60.0]
    file = PdfFile().new_page()
    file.table(60, 700, widths, [HEADER, *ROWS, ["3", "Chi bộ thôn Hữu", "7", "6"]])
    rest = [["", "Thượng Hạ", "", ""], ["4", "Chi bộ Y tế", "5", "5"]]
    file.new_page().table(60, 60, widths, rest)
    [grid] = grids(read(file.data(), LIMITS))
    assert [row[1] for row in grid.rows[-2:]] == ["Chi bộ thôn Hữu Thượng Hạ", "Chi bộ Y tế"]


def test_second_row_of_a_table_that_a_page_end_cuts_is_one_row():
    """Whether a column is often filled is also seen from the rows below."""
    header = ["TT", "Tên chi bộ", "Ngày", "Dự"]
    file = PdfFile().new_page()
    file.table(60, 700, [30, 60, 36, 40], [header, ["1", "Hữu Thượng", "05/4/20", "6"]])
    rest = [["", "Hạ", "22", ""], ["2", "Y tế", "", "5"], ["3", "Hả", "", "7"]]
    file.new_page().table(60, 60, [30, 60, 36, 40], rest)
    [grid] = grids(read(file.data(), LIMITS))
    assert grid.rows[1] == ["1", "Hữu Thượng Hạ", "05/4/2022", "6"]


def test_header_is_repeated_where_a_page_broke_its_words_otherwise():
    file = PdfFile().new_page().table(60, 700, WIDTHS, [HEADER, *ROWS])
    again = ["TT", "Tên chi b ộ", "Tổng số", "Dự"]
    file.new_page().table(60, 60, WIDTHS, [again, ["3", "Chi bộ Y tế", "7", "6"]])
    [grid] = grids(read(file.data(), LIMITS))
    assert [row[0] for row in grid.rows] == ["TT", "1", "2", "3"]


def test_table_keeps_its_columns_below_one_with_nearly_the_same():
    shifted = [30.0, 153.5, 56.5, 60.0]
    file = PdfFile().new_page().table(60, 60, WIDTHS, [HEADER, *ROWS * 8])
    file.table(60, 700, shifted, [HEADER, ROWS[0]]).new_page().table(60, 60, shifted, [ROWS[1]])
    assert [len(grid.rows) for grid in grids(read(file.data(), LIMITS))] == [17, 3]


@pytest.mark.parametrize("line", ["In ngày 16/4 - Trang {}", "Mẫu 2, tờ {} của xã"])
def test_footer_that_counts_pages_is_left_out_on_pages_of_any_size(line):
    file = PdfFile()
    for number, size in enumerate([A4, A4[::-1], A4], start=1):
        file.new_page(size).text(60, 200, f"Đoạn {number}.")
        file.text(60, size[1] - 40, line.format(number))
    assert texts(read(file.data(), LIMITS)) == ["Đoạn 1.", "Đoạn 2.", "Đoạn 3."]


def test_titles_that_count_stay():
    file = PdfFile()
    for number in (1, 2, 3):
        file.new_page().text(60, 60, f"PHỤ LỤC {number}").text(60, 200, "Hết.")
    assert [text for text in texts(read(file.data(), LIMITS)) if text != "Hết."] == [
        "PHỤ LỤC 1",
        "PHỤ LỤC 2",
        "PHỤ LỤC 3",
    ]


@pytest.mark.parametrize("count", [2, 3])
def test_rows_without_rules_below_their_header_are_refused(count):
    file = PdfFile().new_page().table(60, 100, WIDTHS, [[""] * 4, HEADER], height=90)
    for line in range(count):
        for x, text in ((64, str(line + 1)), (94, "Chi bộ Y tế"), (244, "12"), (304, "11")):
            file.text(x, 263 + 6 * line, text, 9)
    assert "kẻ thiếu" in str(refused(file.data()))


def test_columns_on_another_page_are_refused():
    file = PdfFile().new_page().table(60, 100, WIDTHS, [HEADER, *ROWS])
    file.new_page().table(60, 100, [40, 40], [["2.1", "2.2"], ["x", "x"], ["", "x"]])
    assert "tách cột" in str(refused(file.data()))


def test_table_without_rules_is_refused():
    file = PdfFile().new_page()
    for line, row in enumerate([HEADER, *ROWS]):
        for column, text in enumerate(row):
            file.text(60 + 120 * column, 100 + 20 * line, text)
    assert "không kẻ khung" in str(refused(file.data()))


def test_column_beside_a_ruled_table_is_refused():
    file = PdfFile().new_page().table(60, 100, WIDTHS, [HEADER, *ROWS]).text(400, 135, "17")
    assert "không kẻ khung" in str(refused(file.data()))


def test_letterhead_is_a_table_of_two_cells_and_tells_the_issuer():
    file = PdfFile().new_page()
    file.text(60, 60, "ĐẢNG BỘ HUYỆN LỤC NGẠN", 9).text(330, 60, "ĐẢNG CỘNG SẢN VIỆT NAM", 9)
    file.text(75, 75, "ĐẢNG ỦY XÃ TÂN SƠN", 9, bold=True)
    file.text(100, 90, "Số 12-BC/ĐU", 9).text(325, 90, "Tân Sơn, ngày 15 tháng 4 năm 2022", 9)
    file.text(260, 130, "BÁO CÁO", 12, bold=True)
    file.text(60, 160, "Tổng số chi bộ trực thuộc: 14.")
    document = read(file.data(), LIMITS)
    assert grids(document)[0].rows == [
        [
            "ĐẢNG BỘ HUYỆN LỤC NGẠN\nĐẢNG ỦY XÃ TÂN SƠN\nSố 12-BC/ĐU",
            "ĐẢNG CỘNG SẢN VIỆT NAM\nTân Sơn, ngày 15 tháng 4 năm 2022",
        ]
    ]
    assert texts(document) == ["BÁO CÁO", "Tổng số chi bộ trực thuộc: 14."]
    facts = {fact.field: fact.value for fact in extract(document, CAMPAIGN).facts}
    assert (facts["document_number"], facts["cells_total"]) == ("12-BC/ĐU", "14")


def test_wrapped_lines_are_one_paragraph_and_items_are_their_own():
    file = PdfFile().new_page()
    file.text(
        60,
        100,
        "Trong đợt sinh hoạt, các chi bộ đã quán triệt đầy đủ nội dung và thống nhất cao về",
    )
    file.text(60, 115, "nhận thức.")
    file.text(60, 130, "- Tổng số đảng viên: 330.").text(60, 145, "- Số đảng viên dự: 269.")
    assert texts(read(file.data(), LIMITS)) == [
        "Trong đợt sinh hoạt, các chi bộ đã quán triệt đầy đủ nội dung và thống nhất cao về nhận thức.",
        "- Tổng số đảng viên: 330.",
        "- Số đảng viên dự: 269.",
    ]


def test_date_broken_for_want_of_room_is_whole():
    file = PdfFile().new_page().table(60, 100, [42, 60], [["", ""], ["", ""]], height=40)
    file.text(64, 115, "08/4/2", 9).text(64, 127, "022", 9).text(106, 115, "Riêng", 9)
    assert grids(read(file.data(), LIMITS))[0].rows[0] == ["08/4/2022", "Riêng"]


def test_two_lines_of_digits_are_never_joined_to_one_number():
    file = PdfFile().new_page().table(60, 100, [14, 60], [["", ""], ["", ""]], height=40)
    file.text(64, 115, "1", 9).text(64, 127, "2", 9).text(78, 115, "Riêng", 9)
    assert grids(read(file.data(), LIMITS))[0].rows[0][0] == "1\n2"


UNSEEN = [
    {"mode": 3},
    {"colour": (255, 255, 255)},
]


@pytest.mark.parametrize("look", UNSEEN)
def test_unseen_text_is_left_out_and_reported(look):
    file = PdfFile().new_page().table(60, 100, WIDTHS, [HEADER, *ROWS])
    file.text(262, 134, "99", 9, **look)
    [grid] = grids(read(file.data(), LIMITS))
    assert grid.rows[1] == ROWS[0]
    assert grid.left_out[1, 2].hidden == "99"


def test_text_below_white_paint_is_unseen():
    file = PdfFile().new_page().table(60, 100, WIDTHS, [HEADER, *ROWS])
    file.text(262, 134, "99", 9).bar(258, 124, 25, 13, grey=255)
    assert grids(read(file.data(), LIMITS))[0].left_out[1, 2].hidden == "99"


def test_struck_out_number_is_left_out():
    file = PdfFile().new_page().table(60, 100, WIDTHS, [HEADER, *ROWS])
    file.text(262, 134, "99", 9).rule(260, 131, 276, 131)
    grid = grids(read(file.data(), LIMITS))[0]
    assert (grid.rows[1][2], grid.left_out[1, 2].struck) == ("12", "99")


def test_text_over_several_cells_is_refused():
    file = PdfFile().new_page().table(60, 100, WIDTHS, [HEADER, *ROWS])
    file.text(170, 154, "từ ngày 4 đến 15", 9)
    assert "tràn" in str(refused(file.data()))


def test_texts_one_over_another_are_refused():
    file = PdfFile().new_page().table(60, 100, WIDTHS, [HEADER, *ROWS])
    file.text(66, 154, "Chi bộ thôn Cầu", 9).text(94, 154, "Chi bộ Quân sự", 9)
    refused(file.data())


def test_scanned_page_among_pages_of_text_is_read_where_it_stands(monkeypatch):
    asked: list[tuple[int, int]] = []

    def read_page_images(pages, limits):
        asked.extend((page.number, page.pixels.shape[2]) for page in pages)
        return Document("pdf", [Paragraph(1, "T/M ĐẢNG ỦY"), Grid("Bảng 1", [["7"]])])

    scans = types.ModuleType("sources.readers.scans")
    scans.read_page_images = read_page_images
    monkeypatch.setitem(sys.modules, "sources.readers.scans", scans)
    file = PdfFile().new_page().text(60, 90, "Tổng số chi bộ: 3").table(60, 100, WIDTHS, ROWS)
    file.new_page().picture(0, 0, *A4).new_page().text(60, 100, "Phụ lục")
    document = read(file.data(), LIMITS)
    assert [block.sheet for block in document.blocks] == [
        "Đoạn 1",
        "Bảng 1",
        "Đoạn 2",
        "Bảng 2",
        "Đoạn 3",
    ]
    assert asked == [(2, 3)]


FIELD = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(330)/F 4/Rect[100 690 200 710]/DA(/F1 12 Tf 0 g)%s>>"
APPEARANCE = b"/Tx BMC BT /F1 12 Tf 2 5 Td (330) Tj ET EMC"


def form(field: bytes) -> bytes:
    """A page with a filled-in field."""
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[6 0 R]"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(b"BT /F1 12 Tf 40 695 Td (Tong so:) Tj ET"),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        field,
        stream(
            APPEARANCE,
            b"/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 5 0 R>>>>",
        ),
    )


def test_filled_in_field_is_read_as_it_is_shown():
    assert texts(read(form(FIELD % b"/AP<</N 7 0 R>>"), LIMITS)) == ["Tong so: 330"]


def test_field_that_the_page_does_not_show_is_refused():
    assert "biểu mẫu" in str(refused(form(FIELD % b"")))


def test_comment_hangs_on_the_line_that_it_points_at():
    note = b"<</Type/Annot/Subtype/Text/Rect[60 685 80 700]/Contents(sua lai: 333)>>"
    [paragraph] = read(form(note), LIMITS).blocks
    assert paragraph.comment == "sua lai: 333"


def test_header_that_is_turned_up_is_read_along_its_lines():
    file = PdfFile().new_page().table(60, 100, [40, 40], [["", ""], ["12", "11"]], height=80)
    file.text(78, 175, "Tổng số", 9, turn=1).text(90, 175, "đảng viên", 9, turn=1)
    grid = grids(read(file.data(), LIMITS))[0]
    assert (grid.rows[0][0].split(), grid.rows[1]) == (["Tổng", "số", "đảng", "viên"], ["12", "11"])


@pytest.mark.parametrize("is_searchable", [True, False])
def test_picture_of_a_page_is_a_scan_whatever_invisible_text_lies_over_it(is_searchable):
    file = PdfFile().new_page().picture(0, 0, *A4)
    if is_searchable:
        file.text(60, 100, "Tổng số đảng viên: 330", mode=3)
    assert "bản quét" in str(refused(file.data()))


@pytest.mark.parametrize(
    "names", [b"2 beginbfchar <33> <0038> <38> <0033>", b"1 beginbfchar <33> <0038>"]
)
def test_font_whose_letters_are_not_what_they_seem_is_found(names, monkeypatch):
    """A 3 is drawn that the file calls 8, whether or not another 8 is called so too. The page is
    read as a picture, and refused where nothing reads pictures."""
    monkeypatch.setitem(sys.modules, "sources.readers.scans", None)
    content = b"BT /F1 12 Tf 60 700 Td (Tong so dang vien: 83, 38, 88) Tj ET"
    map_of_names = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        b"1 begincodespacerange <00> <FF> endcodespacerange %s endbfchar endcmap end end" % names
    )
    swapped = raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        stream(content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        stream(map_of_names),
    )
    assert "không khớp" in str(refused(swapped))
    assert texts(read(page_of(content), LIMITS)) == ["Tong so dang vien: 83, 38, 88"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ABCDEF+.VnTime", "Đảng"),
        ("VnTime-Bold", "Đảng"),
        ("BAAAAA+VnTimeH", "ĐẢNG"),
    ],
)
def test_legacy_fonts_are_known_by_their_names_in_a_pdf(name, shown):
    decode = decoder_of_pdf_font(name)
    assert decode is not None
    assert decode("§¶ng") == shown


def test_a_font_of_today_is_not_taken_for_a_legacy_one():
    assert decoder_of_pdf_font("ABCDEF+TimesNewRomanPSMT") is None
    assert decoder_of_pdf_font("VnSomething") is None


def test_file_is_known_by_its_bytes_also_after_a_mail_gateways_line():
    data = PdfFile().new_page().text(60, 100, "Tổng số đảng viên: 330").data()
    assert texts(read(b"Content-Type: application/pdf\r\n\r\n" + data, LIMITS))


def test_missing_extra_is_named(monkeypatch):
    real = builtins.__import__

    def without(name, *arguments, **named):
        if name.startswith(("pypdfium2", "sources.readers.pdf.document")):
            raise ImportError(name=name.split(".")[0].replace("sources", "pypdfium2"))
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "tonghop[pdf]" in str(refused(b"%PDF-1.7\n"))


def test_too_many_pages_are_refused():
    file = PdfFile()
    for _ in range(61):
        file.new_page()
    assert "61 trang" in str(refused(file.data()))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_pdf_at_its_worst_is_refused(kind):
    assert "đề nghị" in str(refused(kind()))
