"""Ticks and boxes of symbol fonts are read as shown, in spreadsheets and in Word."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from sources.campaigns import load_campaign
from sources.grids import Grid
from sources.readers import read
from sources.symbol_fonts import decoder_of_symbols

LIMITS = load_campaign().limits

SHOWN = [
    ("Wingdings", "ü", "✓"),
    ("Wingdings", "þ", "☑"),
    ("Wingdings", "û", "✗"),
    ("Wingdings", "x", "☒"),
    ("Wingdings", "o", "☐"),
    ("Wingdings", "¨", "☐"),
    ("Wingdings", "q", "☐"),
    ("Wingdings", "\uf0fc", "✓"),
    ("Wingdings 2", "P", "✓"),
    ("Wingdings 2", "R", "☑"),
    ("Wingdings 2", "£", "☐"),
    ("wingdings 2", "P P", "✓ ✓"),
    ("Wingdings", "P", "P"),
    ("Wingdings", "Có", "Có"),
    ("Wingdings", "25", "25"),
    ("Wingdings", "xã", "xã"),
    ("Wingdings", "✓", "✓"),
    ("Symbol", "Ö", "√"),
]


@pytest.mark.parametrize(("font", "typed", "shown"), SHOWN)
def test_symbol_font_letter_becomes_its_symbol(font: str, typed: str, shown: str) -> None:
    decode = decoder_of_symbols(font)
    assert decode is not None
    assert decode(typed) == shown


def test_ordinary_font_has_no_symbols() -> None:
    assert decoder_of_symbols("Times New Roman") is None


def test_spreadsheet_cell_in_symbol_font_is_read_as_shown() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet, symbols = book.add_worksheet(), book.add_format({"font_name": "Wingdings"})
        sheet.write(0, 0, "ü", symbols)
        sheet.write(0, 1, "o")
        sheet.write(0, 2, "o", symbols)
        sheet.write(0, 3, 25, symbols)
    [grid] = read(target.getvalue(), LIMITS).blocks
    assert isinstance(grid, Grid)
    assert grid.rows[0] == ["✓", "o", "☐", 25]
