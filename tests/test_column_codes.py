"""The row of column codes below a header, in all its notations, and rows that look like it."""

from __future__ import annotations

import pytest

from sources.extraction.column_codes import is_column_codes

CODES = [
    ["(1)", "(2)", "(3)", "(4)"],
    ["A", "B", "1", "2", "3"],
    ["A", "B", "1", "2", "3=2/1"],
    ["1", "2", "3=1+2", "4"],
    ["(1)", "(2)", "(3)", "(4)=(3)/(2)*100"],
    ["(1)", "(2)", "(3)=(1)+(2)", "(4)", "(5) = (4)/(3)"],
    ["1", "2", "3", "4", "5=4/3x100%"],
    ["1", "2", "3 (=1+2)"],
    ["I", "II", "III", "IV"],
    ["(a)", "(b)", "(c)", "(d)"],
    ["A", "B", "C"],
    ["A", "B", "1"],
    ["A", "(1)", "(2)", "(3)"],
    ["[1]", "[2]", "[3]"],
    ["1.", "2.", "3."],
    ["", "1", " 2 ", "3", ""],
    ["1", "2", "3", "5", "6"],
]
DATA = [
    [],
    ["1", "2"],
    ["A", "1"],
    ["A", "C", "1"],
    ["1", "Chi bộ thôn Hạ", "2", "3"],
    ["x", "x", "x"],
    ["1", "x", "x", "2"],
    ["25", "26", "27"],
    ["3", "3", "0", "5"],
    ["5", "4", "3"],
    ["1", "12", "11", "1"],
    ["I", "Khu trung tâm", "50", "48"],
    ["1", "05/4/2022", "2", "3"],
    ["1", "3", "5", "7", "9"],
]


@pytest.mark.parametrize("texts", CODES, ids=" ".join)
def test_row_of_column_codes_is_recognised(texts: list[str]) -> None:
    assert is_column_codes(texts)


@pytest.mark.parametrize("texts", DATA, ids=" ".join)
def test_row_of_data_is_not_column_codes(texts: list[str]) -> None:
    assert not is_column_codes(texts)
