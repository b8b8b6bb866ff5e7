"""Text of TCVN3 and VNI whose font nobody names becomes Unicode, and other text stays as it is."""

from __future__ import annotations

import io
from random import Random

import openpyxl
import pytest
from made_texts import rtf

from sources.campaigns import load_campaign
from sources.grids import Grid, RefusedFile
from sources.readers import read

LIMITS = load_campaign().limits
UNICODE = [
    ["STT", "Tên chi bộ", "Số đảng viên được phân công"],
    ["1", "Chi bộ thôn Đồng Rãng", "12"],
    ["2", "Chi bộ Trường Tiểu học", "9"],
]
TCVN3 = [
    ["STT", "Tªn chi bé", "Sè ®¶ng viªn ®\xadîc ph©n c«ng"],
    ["1", "Chi bé th«n §ång R·ng", "12"],
    ["2", "Chi bé Tr\xadêng TiÓu häc", "9"],
]
VNI = [
    ["STT", "Teân chi boä", "Soá ñaûng vieân ñöôïc phaân coâng"],
    ["1", "Chi boä thoân Ñoàng Raõng", "12"],
    ["2", "Chi boä Tröôøng Tieåu hoïc", "9"],
]
LATIN_1 = "Xã Hoà Bình có tám thôn là Già, Cà, Bèo, Vàng, Hàm, Sân, Tân và Lâm"
FRENCH = "déjà été créé élève père mère tâche forêt naïve façade château théâtre hôtel"


def as_csv(rows: list[list[str]]) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode()


def as_html(rows: list[list[str]]) -> bytes:
    lines = ("".join(f"<td>{text}</td>" for text in row) for row in rows)
    inside = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<html><meta charset=utf-8><table>{inside}</table></html>".encode()


def as_xlsx(rows: list[list[str]]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(buffer)
    return buffer.getvalue()


def as_rtf(rows: list[list[str]]) -> bytes:
    def cell(text: str) -> str:
        letters = (c if c.isascii() else f"\\u{ord(c)}?" for c in text)
        return f"\\pard\\intbl {''.join(letters)}\\cell"

    line = r"\trowd\cellx1000\cellx2000\cellx3000{}\row "
    body = "".join(line.format("".join(map(cell, row))) for row in rows)
    return rtf(body, r"{\f0\fswiss\fcharset0 Arial;}")


@pytest.mark.parametrize("rows", [TCVN3, VNI], ids=["TCVN3", "VNI"])
@pytest.mark.parametrize("write", [as_csv, as_html, as_xlsx, as_rtf])
def test_legacy_text_in_a_plain_font_is_decoded_and_kept_as_raw(write, rows):
    [grid] = read(write(rows), LIMITS).blocks
    assert isinstance(grid, Grid)
    assert [[str(value) for value in row] for row in grid.rows] == UNICODE
    assert grid.raw[1, 1] == rows[1][1]


def test_text_that_lost_its_soft_hyphens_stays_as_it_is():
    """A program that takes TCVN3's ư for a place to part a word makes another name of it."""
    rows = [[text.replace("\xad", "") for text in row] for row in TCVN3]
    assert read(as_csv(rows), LIMITS).blocks[0].rows == rows


@pytest.mark.parametrize("text", [LATIN_1, FRENCH], ids=["Vietnamese", "French"])
def test_unicode_words_without_a_letter_beyond_latin_1_stay(text):
    rng, words = Random(1), text.split()
    for _ in range(200):
        rows = [["STT", "Tên"], *([str(n), " ".join(rng.choices(words, k=3))] for n in range(9))]
        assert read(as_csv(rows), LIMITS).blocks[0].rows == rows


def test_one_unicode_letter_keeps_the_whole_document():
    rows = [*TCVN3, ["3", "Chi bộ Y tế", "5"]]
    assert read(as_csv(rows), LIMITS).blocks[0].rows == rows


# the letters of these words in VPS and VISCII, as a program without such a font shows them
VPS = "Chi bµ thôn ñ‡ng R§ng ñäng viên ðßþc phân công ch— ðŒo cƒp ûy t± dân ph¯ ‹n ‰n"
VISCII = "Chi b\x97 thôn \x90°ng Rãng ð\x98ng viên ðßþc phân công ch\x9b ð\x90o c¤p üy t± dân ph¯"


@pytest.mark.parametrize("text", [VPS, VISCII], ids=["VPS", "VISCII"])
def test_text_in_an_encoding_that_is_not_read_is_refused_with_what_to_do(text):
    rows = [["STT", "Tên"], *([str(n), text] for n in range(9))]
    with pytest.raises(RefusedFile, match="Unikey"):
        read(as_csv(rows), LIMITS)
