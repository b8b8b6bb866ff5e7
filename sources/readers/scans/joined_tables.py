"""A table that goes on over pages as one: its parts joined, headers that each page repeats
dropped."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from sources.grids import Grid, Span
from sources.text import fold

_SAME_PLACE = 0.02  # of the table's width, between the rules of both parts
_ALIKE = 80  # of 100: a header read twice
_MAX_HEADER_ROWS = 4


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
    while count < min(_MAX_HEADER_ROWS, len(first.rows), len(second.rows)) and _alike(
        first.rows[count], second.rows[count]
    ):
        count += 1
    covered = [span.bottom for span in second.merged if span.top < count]
    return count if all(bottom < count for bottom in covered) else 0


def _alike(row: Sequence[object], other: Sequence[object]) -> bool:
    texts, others = ([fold(str(value or "")) for value in values] for values in (row, other))
    words = [text for text in texts if any(c.isalpha() for c in text)]
    if len(words) < 2 or [bool(t) for t in texts] != [bool(t) for t in others]:
        return False
    if fuzz.ratio(" ".join(texts), " ".join(others)) < _ALIKE:
        return False
    return all(fuzz.ratio(a, b) >= 60 for a, b in zip(texts, others, strict=True) if len(a) > 3)
