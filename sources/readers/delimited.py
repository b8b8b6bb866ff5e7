"""Text with separators: csv and tsv in whatever encoding and with whatever separator an office's
programs write."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re

from charset_normalizer import from_bytes

from sources.campaigns import Limits
from sources.grids import Grid, Value
from sources.legacy_encodings import decode_unnamed, sense
from sources.readers.cell_corrections import MAX_PLACES
from sources.readers.refusals import other_format, too_much, unknown_kind

_SEPARATORS = ",;\t|"
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_DECLARED = re.compile(r"sep=([,;\t|])\r?\n")
_GUARDED = re.compile(r'=\s*"((?:[^"]|"")*)"\s*')
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SAMPLE = 1 << 16
# letters; Excel holds a thirtieth of it, more is a quote that never ends
_MAX_CELL_LENGTH = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_delimited(data: bytes, limits: Limits, sheet: str = "csv") -> Grid:
    """One grid of all rows as they stand; several tables may follow one another. Every value is
    text.

    Raises RefusedFile (unreadable) where the bytes are no text, or are more than the limits allow.
    """
    text = decode(data)
    mark = separator(text)
    # Excel shows the line after it as the first, and so do the refs
    text = _DECLARED.sub("", text, count=1)
    rows: list[list[Value]] = []
    filled = cells = places = 0
    csv.field_size_limit(_MAX_CELL_LENGTH)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            values: list[Value] = [_unguarded(value) if value.strip() else None for value in row]
            rows.append(values)
            in_row = len(values) - values.count(None)
            filled, cells = filled + bool(in_row), cells + in_row
            places += 1 + len(values)
            if filled > limits.rows or cells > limits.cells or places > MAX_PLACES:
                raise too_much(limits)
    except csv.Error as error:
        raise other_format("văn bản không phân được thành cột") from error
    return Grid(sheet=sheet, rows=rows, source="delimited")


def decode(data: bytes) -> str:
    """The text: by its mark, as UTF-16 by its zeros, as UTF-8, else in the likeliest of the old
    encodings.

    Raises RefusedFile (unreadable) where it is none.
    """
    text = _decoded(data)
    if text is None or len(_CONTROL.findall(text, 0, 20_000)) > 2:
        raise unknown_kind()
    return text.removeprefix("\ufeff")


def separator(text: str) -> str:
    """The separator that splits most lines, and those alike: a comma within numbers or prose splits
    them unevenly."""
    if declared := _DECLARED.match(text):
        return declared[1]
    lines = [line for line in _QUOTED.sub("", text[:_SAMPLE]).splitlines() if line.strip()]
    return max(_SEPARATORS, key=lambda mark: _consistency([line.count(mark) for line in lines]))


def _unguarded(value: str) -> str | None:
    """What `="25"` holds, as programs export a text that Excel is not to take for a number or a
    day."""
    guarded = _GUARDED.fullmatch(value) if value.startswith("=") else None
    return (guarded[1].replace('""', '"').strip() or None) if guarded else value


def _consistency(counts: list[int]) -> tuple[int, int]:
    """How many lines have as many separators as their neighbour, and at least one; then how many
    have any."""
    alike = sum(a == b > 0 for a, b in itertools.pairwise(counts))
    return alike, sum(c > 0 for c in counts)


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if unmarked := _utf16_without_mark(data):
        return data.decode(unmarked, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        if b"\0" in data:
            return None
        old = decode_unnamed(data)  # an office's own programs first: cp1258, TCVN3, VNI
        if sense(old) > 0:
            return old
        best = from_bytes(data, cp_isolation=["cp1258", "cp1252", "utf_8"]).best()
        return None if best is None else str(best)


def _utf16_without_mark(data: bytes) -> str | None:
    """Latin letters in UTF-16 are every other byte zero: which half tells the byte order."""
    sample = data[:4096]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = len(sample) // 8
    if odd > enough and even * 10 < odd:
        return "utf-16-le"
    if even > enough and odd * 10 < even:
        return "utf-16-be"
    return None
