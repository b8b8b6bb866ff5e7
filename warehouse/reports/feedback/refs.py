"""Refs of findings, such as C7."""

from __future__ import annotations

import re

_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def row_and_column(ref: str) -> tuple[int, int] | None:
    """The row and column of a ref such as C7, from 1 on; None for anything that is no ref of a
    sheet."""
    if not (found := _REF.fullmatch(ref)):
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row, column) if row <= _LAST_ROW and column <= _LAST_COLUMN else None
