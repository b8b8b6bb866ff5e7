"""A table that goes on over pages as one: its parts joined, headers that each page repeats
dropped.

Only a header is dropped. A page that was scanned twice repeats the first rows of the table as well:
these stay, so that rows which repeat others are found by the rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from sources.grids import Grid, Span
from sources.text import fold

_SAME_PLACE = 0.02  # of the table's width, between the rules of both parts
_ALIKE = 80  # of 100: a header read twice
_MAX_HEADER_ROWS = 4
# A count, a share, a day (31, 25 đ/c, 94,4%, 04/4/2022), and what a header has instead (2.1).
_VALUE = re.compile(r"[\d\W]*\d[\d\W]*|\d+\s*[^\W\d_].*", re.DOTALL)
_COLUMN_CODE = re.compile(r"[(\[]?(\d{1,2}|[A-Ha-h])[)\].]?(?:\s*=.*)?")
_MIN_COLUMN_CODES = 3
_NUMBERING = re.compile(r"\d{1,2}(\.\d{1,2})+\.?")


def goes_on(before: Sequence[int], after: Sequence[int]) -> bool:
    """Whether the vertical rules of two tables stand at the same shares of their widths."""
    if len(before) != len(after):
        return False
    first, second = _shares(before), _shares(after)
    return all(abs(a - b) <= _SAME_PLACE for a, b in zip(first, second, strict=True))


def join(first: Grid, second: Grid) -> None:
    """Puts the second part's rows below the first's, without a header that stands there already."""
    skipped = _repeated_rows(first, second)
    below = len(first.rows) - skipped
    first.rows += second.rows[skipped:]
    first.merged += tuple(
        Span(span.top + below, span.left, span.bottom + below, span.right)
        for span in second.merged
        if span.top >= skipped
    )
    first.readings.update(
        {
            (row + below, column): reading
            for (row, column), reading in second.readings.items()
            if row >= skipped
        }
    )


def _shares(places: Sequence[int]) -> list[float]:
    width = max(places[-1] - places[0], 1)
    return [(place - places[0]) / width for place in places]


def _repeated_rows(first: Grid, second: Grid) -> int:
    count = 0
    while count < min(_MAX_HEADER_ROWS, len(first.rows), len(second.rows)) and _repeats_header(
        first.rows[count], second.rows[count]
    ):
        count += 1
    covered = [span.bottom for span in second.merged if span.top < count]
    return count if all(bottom < count for bottom in covered) else 0


def _repeats_header(row: Sequence[object], other: Sequence[object]) -> bool:
    """Whether both are the same row of a header, and none of values: its labels, or A, B, 1, 2."""
    if _numbers_columns(row):
        return list(row) == list(other)
    return _alike(row, other) and not (_has_values(row) or _has_values(other))


def _numbers_columns(row: Sequence[object]) -> bool:
    """Whether it counts the columns: letters first, then 1, 2, 3 with or without brackets and
    formulas."""
    texts = [str(value).strip() for value in row if value]
    codes = [match[1] if (match := _COLUMN_CODE.fullmatch(text)) else "" for text in texts]
    numbers = [code for code in codes if code.isdecimal()]
    letters = codes[: len(codes) - len(numbers)]
    return (
        len(codes) >= _MIN_COLUMN_CODES
        and "".join(letters).upper() == "ABCDEFGH"[: len(letters)]
        and numbers == [str(n) for n in range(1, len(numbers) + 1)]
    )


def _alike(row: Sequence[object], other: Sequence[object]) -> bool:
    texts, others = ([fold(str(value or "")) for value in values] for values in (row, other))
    words = [text for text in texts if any(c.isalpha() for c in text)]
    if len(words) < 2 or [bool(t) for t in texts] != [bool(t) for t in others]:
        return False
    if fuzz.ratio(" ".join(texts), " ".join(others)) < _ALIKE:
        return False
    return all(fuzz.ratio(a, b) >= 60 for a, b in zip(texts, others, strict=True) if len(a) > 3)


def _has_values(row: Sequence[object]) -> bool:
    """Whether a cell of it is a number or a mark, as of a row below the header."""
    texts = [str(value or "").strip() for value in row]
    return any(
        len(text) == 1 or (_VALUE.fullmatch(text) and not _NUMBERING.fullmatch(text))
        for text in texts
    )
