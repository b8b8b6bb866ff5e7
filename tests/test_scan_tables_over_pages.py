"""A scanned table over pages: its header is read once, and no row of values is dropped."""

import pytest

from sources.grids import Grid, PictureReading, Span
from sources.readers.scans.joined_tables import join

HEADER = ["TT", "Tên chi bộ", "Ngày sinh hoạt", "Nội dung 2.1", "Số đảng viên dự"]
ROWS = [
    ["1", "Chi bộ thôn Một", "04/4/2022", "x", "19"],
    ["2", "Chi bộ thôn Hai", "05/4/2022", "x", "30"],
    ["3", "Chi bộ thôn Ba", "06/4/2022", "", "11"],
]


def part(rows, page, merged=()):
    """A page's part of the table, with a reading for each cell."""
    readings = {
        (r, c): PictureReading(page, (c, r, c + 1, r + 1), 99, True)
        for r, row in enumerate(rows)
        for c in range(len(row))
    }
    return Grid("", [list(row) for row in rows], merged, source="table", readings=readings)


def joined(first, second):
    join(first, second)
    return first


def test_page_that_was_scanned_twice_loses_no_row():
    grid = joined(part([HEADER, *ROWS], 1), part([HEADER, *ROWS], 2))
    assert grid.rows == [HEADER, *ROWS, *ROWS]
    assert (grid.readings[4, 1].page, grid.readings[4, 1].box[1]) == (2, 1)


def test_repeated_header_is_dropped_though_it_is_read_with_a_slip():
    again = ["TT", "Tên chỉ bộ", *HEADER[2:]]
    grid = joined(part([HEADER, *ROWS[:2]], 1), part([again, ROWS[2]], 2))
    assert grid.rows == [HEADER, *ROWS]


def test_second_row_of_a_header_is_dropped_with_the_first():
    header = [
        ["TT", "Tên chi bộ", "Nội dung", None, "Số đảng viên dự"],
        [None, None, "2.1", "Phòng dịch", "14-CT/TU"],
    ]
    spans = (Span(0, 0, 1, 0), Span(0, 2, 0, 3))
    first, second = part([*header, ROWS[0]], 1, spans), part([*header, ROWS[1]], 2, spans)
    assert joined(first, second).rows == [*header, *ROWS[:2]]


@pytest.mark.parametrize(
    "codes",
    [
        ["A", "B", "1", "2", "3"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        ["A", "B", "C", "1", "2=1/3"],
    ],
    ids=" ".join,
)
def test_row_of_column_codes_is_dropped_with_the_header(codes):
    grid = joined(part([HEADER, codes, ROWS[0]], 1), part([HEADER, codes, ROWS[1]], 2))
    assert grid.rows == [HEADER, codes, *ROWS[:2]]


@pytest.mark.parametrize(
    "row",
    [
        ["Chi bộ thôn Một", "Riêng", "25 đ/c"],
        ["Chi bộ thôn Một", "Riêng", "100 đảng viên"],
        ["Chi bộ thôn Một", "Riêng", "1.234"],
        ["Chi bộ thôn Một", "Riêng", "94,4%"],
        ["Chi bộ thôn Một", "Riêng", "4/4"],
        ["Chi bộ thôn Một", "Riêng", "x"],
        ["1", "Chi bộ thôn Một", "2"],
        ["5", "4", "3"],
        ["Chi bộ thôn Một", "Riêng", "✓"],
    ],
)
def test_row_with_a_count_a_day_or_a_mark_is_no_header(row):
    header = ["Tên chi bộ", "Hình thức", "Số đảng viên"]
    assert joined(part([header, row], 1), part([header, row], 2)).rows == [header, row, row]
