"""Scans and photographs: what is sure is right, and what is not read says why."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random

import numpy as np
import pytest

from sources.campaigns import load_campaign
from sources.grids import Grid, Paragraph, RefusedFile
from sources.readers import read

pytest.importorskip("cv2", reason="the extra ocr is not installed")
from hostile_pictures import hostile_picture
from made_scans import BASE_DPI, FACES, FONTS, Kind, made_page, scanned
from PIL import Image, ImageDraw, ImageFont

from sources.readers.page_images import PageImage
from sources.readers.scans import read_page_images
from sources.readers.scans.engines import EngineMissing, LineText, load_engines
from sources.readers.scans.ink import ink_of, pieces
from sources.readers.scans.line_boxes import TextLine, lines_in_cell
from sources.readers.scans.marks import mark_of
from sources.readers.scans.misreadings import corrected_heading
from sources.readers.scans.numbers import SureText
from sources.readers.scans.pixels import Box
from sources.readers.scans.wrapped_lines import joined_number

LIMITS = load_campaign().limits


def _engines_are_there() -> bool:
    try:
        load_engines()
    except EngineMissing:
        return False
    return True


pytestmark = [
    pytest.mark.skipif(not _engines_are_there(), reason="tesseract-ocr-vie is not installed"),
    pytest.mark.skipif(
        not all(Path(FONTS, font).is_file() for face in FACES.values() for font in face),
        reason="the fonts that pages are drawn with are not installed",
    ),
]


def encoded(pixels: np.ndarray, format: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format, **options)
    return buffer.getvalue()


def differences(grid: Grid, rows: list[list[str]]) -> tuple[list[object], int]:
    """Counts, dates, marks and empty cells that are sure and wrong, and how many are not sure."""
    wrong, unsure = [], 0
    assert [len(row) for row in grid.rows] == [len(row) for row in rows]
    for r, row in enumerate(rows[1:], start=1):
        for c, truth in enumerate(row):
            if truth and not truth[0].isdigit() and truth not in ("x", "X", "✓", "-"):
                continue
            value = str(grid.rows[r][c] or "")
            if not grid.readings[r, c].is_sure:
                unsure += 1
            elif value.casefold() != truth.casefold():
                wrong.append((r, c, truth, value))
    return wrong, unsure


EXAMPLES = [
    Kind("clean", 200),
    Kind("poor", 150, noise=9, blur=0.7, skew=1.5, quality=35),
    Kind("stamp", 200, noise=4, skew=0.8, quality=75, stamp=True),
    Kind("photo", 200, noise=4, blur=0.7, quality=80, photo=True),
]


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.name)
def test_what_is_sure_in_a_scanned_table_is_right(kind):
    page = made_page(7, rows=6)
    document = read_page_images([PageImage(1, scanned(page, kind, 7), kind.dpi)], LIMITS)
    assert document.kind == "scan"
    [grid] = [block for block in document.blocks if isinstance(block, Grid)]
    assert grid.sheet == "Bảng 1" and grid.source == "table"
    assert len(grid.readings) == len(page.rows) * len(page.rows[0])
    wrong, unsure = differences(grid, page.rows)
    assert not wrong
    assert unsure <= 12


def test_totals_that_narrow_cells_cut_in_two_are_joined():
    page = made_page(11_450, "dejavu", points=11)
    assert page.rows[-1][4] == "12032"  # drawn as 1203, and 2 below it
    kind = Kind("bilevel", 200, noise=6, skew=0.7, bilevel=True)
    document = read_page_images([PageImage(1, scanned(page, kind, 11_450), kind.dpi)], LIMITS)
    [grid] = [block for block in document.blocks if isinstance(block, Grid)]
    assert [grid.rows[-1][column] for column in (4, 5)] == page.rows[-1][4:6]


def line_of_digits(text: str, top: int) -> TextLine:
    """Digits 20 pixels wide, 30 high and 24 apart."""
    letters = [Box(10 + 24 * n, top, 30 + 24 * n, top + 30) for n in range(len(text))]
    return TextLine(Box(10, top, letters[-1].right, top + 30), letters)


@pytest.mark.parametrize(
    ("texts", "width", "joined", "is_sure"),
    [
        (("1480", "6"), 170, "14806", True),
        (("1480", "6"), 240, "1480\n6", False),  # a fifth digit had room: two numbers
        (("1", "0"), 100, "10", True),
        (("12/4/", "2022"), 180, "12/4/2022", True),
        (("12/4", "15/4"), 150, "12/4\n15/4", False),
    ],
)
def test_number_is_joined_where_no_digit_more_had_room(texts, width, joined, is_sure):
    parts = [SureText(text, 95, True) for text in texts]
    lines = [line_of_digits(text, 40 * n) for n, text in enumerate(texts)]
    number = joined_number(parts, lines, Box(0, 0, width, 90))
    assert (number.text, number.is_sure) == (joined, is_sure)


SIGNS = "✓✔ abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/\\<>()-+=~^×đĐ"


@pytest.mark.parametrize("size", [36, 60])
@pytest.mark.parametrize("font", ["dejavu/DejaVuSans.ttf", *FACES["serif"], *FACES["sans"]])
def test_nothing_but_a_tick_has_the_shape_of_one(font: str, size: int):
    face = ImageFont.truetype(FONTS + font, size)
    has_ticks = font.startswith("dejavu")  # the others have no such sign
    found = []
    for sign in SIGNS[0 if has_ticks else 2 :]:
        picture = Image.new("L", (160, 160), 255)
        ImageDraw.Draw(picture).text((40, 30), sign, font=face, fill=0)
        grey = np.asarray(picture)
        for line in lines_in_cell(pieces(ink_of(grey))):
            mark = mark_of(line, LineText("?", 10), grey)
            found += [sign] if mark is not None and mark.text == "✓" else []
    assert found == (["✓", "✔"] if has_ticks else [])


def test_a_table_over_two_pages_is_one():
    pages, images = [made_page(7, rows=4), made_page(8, rows=4)], []
    for number, page in enumerate(pages, start=1):
        pixels = scanned(page, Kind("clean", 200), 7)
        (rules,) = np.nonzero((pixels.min(axis=2) < 128).mean(axis=1) > 0.5)
        pixels[: rules[0] - 10] = pixels[rules[-1] + 10 :] = 255  # all but the table
        images.append(PageImage(number, pixels, 200))
    [grid] = read_page_images(images, LIMITS).blocks
    assert isinstance(grid, Grid) and grid.sheet == "Bảng 1"
    # the second header is left out where it is read as the first one
    assert len(grid.rows) >= sum(len(page.rows) for page in pages) - 1
    assert {reading.page for reading in grid.readings.values()} == {1, 2}


def test_a_picture_file_is_a_scan():
    page = made_page(3, rows=4)
    document = read(encoded(scanned(page, Kind("clean", 150), 3)), LIMITS)
    first = document.blocks[0]
    assert isinstance(first, Paragraph)
    assert first.text == "PHỤ LỤC 1" and first.sheet == "Đoạn 1"
    assert first.reading is not None and first.reading.page == 1


def test_a_page_of_less_than_120_dpi_is_refused():
    page = made_page(3, rows=4)
    with pytest.raises(RefusedFile, match="quét lại ở 300 dpi"):
        read(encoded(scanned(page, Kind("clean", 100), 3)), LIMITS)


def test_a_picture_without_writing_is_refused():
    with pytest.raises(RefusedFile, match="Không thấy chữ"):
        read(encoded(np.full((2000, 1500, 3), 255, np.uint8)), LIMITS)


BAD = [
    (b"\x89PNG\r\n\x1a\n" + bytes(99), "hỏng"),
    (b"\xff\xd8\xff\xe0" + bytes(99), "hỏng"),
    (encoded(np.zeros((1, 1, 3), np.uint8)), "120 dpi"),
    (encoded(np.zeros((3000, 40, 3), np.uint8)), "120 dpi"),
    (encoded(np.full((1800, 1300, 3), 200, np.uint8))[:2000], "hỏng"),
]


@pytest.mark.parametrize(("data", "reason"), BAD)
def test_broken_and_tiny_pictures_are_refused(data, reason):
    with pytest.raises(RefusedFile, match=reason) as refusal:
        read(data, LIMITS)
    assert refusal.value.rule == "unreadable"


def test_without_its_data_the_refusal_names_the_package(monkeypatch):
    from sources.readers.scans import engines, read_scan

    def missing() -> None:
        raise EngineMissing("tesseract-ocr-vie")

    monkeypatch.setattr(engines, "load_engines", missing)
    with pytest.raises(RefusedFile, match="tesseract-ocr-vie"):
        read_scan(b"", LIMITS)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_page_that_lies_on_its_side_or_head_is_turned(turn):
    page = made_page(5, rows=4)
    pixels = np.rot90(scanned(page, Kind("clean", 200), 5), turn)
    document = read_page_images([PageImage(1, pixels, 200)], LIMITS)
    [grid] = [block for block in document.blocks if isinstance(block, Grid)]
    wrong, _ = differences(grid, page.rows)
    assert not wrong
    across, down = grid.readings[0, 0].box[::2], grid.readings[0, 0].box[1::2]
    assert across[0] < across[1] and down[0] < down[1]


def test_a_page_of_noise_is_refused():
    noise = np.random.default_rng(1).integers(0, 256, (3508, 2480, 3), dtype=np.uint8)
    with pytest.raises(RefusedFile, match="đề nghị quét lại"):
        read_page_images([PageImage(1, noise, 300)], LIMITS)


@pytest.mark.parametrize("seed", range(12))
def test_a_hostile_picture_is_read_or_refused_with_a_reason(seed):
    try:
        read(hostile_picture(Random(seed)), LIMITS)
    except RefusedFile as refusal:
        assert "đề nghị" in str(refusal)


def test_a_rule_that_a_seal_breaks_still_parts_two_rows():
    page = made_page(7, rows=6)
    pixels = scanned(page, Kind("clean", 200), 7)
    (rules,) = np.nonzero((pixels.min(axis=2) < 128).mean(axis=1) > 0.5)
    rule = next(y for y in rules if y > rules[len(rules) // 2])
    in_second_column = round((180 + 0.155 * (page.picture.width - 330)) * 200 / BASE_DPI)
    pixels[rule - 4 : rule + 5, in_second_column - 15 : in_second_column + 15] = 255
    document = read_page_images([PageImage(1, pixels, 200)], LIMITS)
    [grid] = [block for block in document.blocks if isinstance(block, Grid)]
    assert len(grid.rows) == len(page.rows)


def test_a_table_below_a_dark_header_is_refused_and_not_read_as_prose():
    page = made_page(7, rows=6)
    pixels = scanned(page, Kind("clean", 200), 7)
    dark = (pixels.min(axis=2) < 128).mean(axis=1) > 0.5
    rules = np.flatnonzero(dark)
    below_header = rules[np.flatnonzero(np.diff(rules) > 20)[0] + 1]
    columns = np.flatnonzero((pixels.min(axis=2) < 128)[rules[0] : rules[-1]].mean(axis=0) > 0.5)
    pixels[rules[0] : below_header + 3, columns[0] : columns[-1]] = (31, 56, 100)
    with pytest.raises(RefusedFile, match="đường kẻ"):
        read_page_images([PageImage(1, pixels, 200)], LIMITS)


HEADINGS = [
    ("H. THUẬN LỢI", "II. THUẬN LỢI"),
    ("lIl. KHÓ KHĂN, HẠN CHẾ", "III. KHÓ KHĂN, HẠN CHẾ"),
    ("1T. THUẬN LỢI", "II. THUẬN LỢI"),
    ("TII. KHÓ KHĂN", "III. KHÓ KHĂN"),
    ("IV. ĐỀ XUẤT", "IV. ĐỀ XUẤT"),
    ("11. TỔNG SỐ", "11. TỔNG SỐ"),
    ("T. HĐND", "T. HĐND"),
    ("II. Kết quả", "II. Kết quả"),
    ("T/M ĐẢNG ỦY", "T/M ĐẢNG ỦY"),
]


@pytest.mark.parametrize(("read_as", "heading"), HEADINGS)
def test_misread_roman_numbers_of_headings_are_put_right(read_as: str, heading: str):
    assert corrected_heading(read_as) == heading
