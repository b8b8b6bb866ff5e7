"""The ruled tables of a page: rules that cross make a lattice, and places that no rule parts are one
merged cell."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from sources.grids import Span
from sources.readers.pdf.content import Box, Rule
from sources.readers.refusals import table_without_rules, too_many_objects

_SAME_LINE = 4.0  # points: rules so near each other, such as a double border, are one
_MAX_LINE_WIDTH = 6.0
_MAX_GAP = 4.5  # between the dashes of a rule
_TOUCH = 4.0
_MIN_COVERED = 0.6  # of a cell's side: then the side is ruled
_MAX_PLACES = 60_000


@dataclass(slots=True)
class RuledTable:
    """A table's lattice: its lines across (`xs`) and down (`ys`), and which ranges of it are one
    cell."""

    page: int
    xs: list[float]
    ys: list[float]
    cells: dict[tuple[int, int], Span] = field(default_factory=dict)

    @property
    def box(self) -> Box:
        """Where it stands."""
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def place(self, x: float, y: float) -> Span | None:
        """The cell at a point; None outside the table."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        return self.cells.get((row, column))

    def cell_box(self, cell: Span) -> Box:
        """Where a cell stands."""
        return Box(
            self.xs[cell.left], self.ys[cell.top], self.xs[cell.right + 1], self.ys[cell.bottom + 1]
        )


class _Line(NamedTuple):
    """A stretch of a line of the lattice."""

    horizontal: bool
    at: float
    start: float
    end: float


def ruled_tables(rules: list[Rule], page: int) -> tuple[list[RuledTable], list[Rule]]:
    """The tables of more than one cell, from the top, and the rules that make none. Raises
    RefusedFile where cells are no rectangles."""
    drawn = _joined(rules)
    tables: list[RuledTable] = []
    used: list[_Line] = []
    for group in _crossing(list(drawn)):
        # joined again: a rule of another table, nearly below, has moved this one's lines
        own = _joined([rule for line in group for rule in drawn[line]])
        table = _lattice(list(own), page)
        if table is not None:
            tables.append(table)
            used += group
    rest = [rule for rule in rules if not any(_lies_on(rule, line) for line in used)]
    return sorted(tables, key=lambda t: (t.ys[0], t.xs[0])), rest


def _lies_on(rule: Rule, line: _Line) -> bool:
    return (
        rule.horizontal == line.horizontal
        and abs(rule.at - line.at) <= _SAME_LINE
        and rule.start >= line.start - 1
        and rule.end <= line.end + 1
    )


def _joined(rules: list[Rule]) -> dict[_Line, list[Rule]]:
    """Rules on one line as one, gaps of dashes closed, with the rules that it is made of."""
    joined: dict[_Line, list[Rule]] = {}
    for group in [*_on_one_line(rules, True), *_on_one_line(rules, False)]:
        length = sum(rule.end - rule.start for rule in group) or 1
        at = sum(rule.at * (rule.end - rule.start) for rule in group) / length
        for stretch in _stretches(group):
            ends = min(rule.start for rule in stretch), max(rule.end for rule in stretch)
            joined[_Line(stretch[0].horizontal, at, *ends)] = stretch
    return joined


def _on_one_line(rules: list[Rule], horizontal: bool) -> list[list[Rule]]:
    ordered = sorted((r for r in rules if r.horizontal == horizontal), key=lambda r: r.at)
    groups: list[list[Rule]] = []
    for rule in ordered:
        if (
            groups
            and rule.at - groups[-1][-1].at <= _SAME_LINE
            and rule.at - groups[-1][0].at <= _MAX_LINE_WIDTH
        ):
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _stretches(rules: list[Rule]) -> list[list[Rule]]:
    """The rules of one line in groups that touch each other."""
    stretches: list[list[Rule]] = []
    end = 0.0
    for rule in sorted(rules, key=lambda r: r.start):
        if stretches and rule.start <= end + _MAX_GAP:
            stretches[-1].append(rule)
            end = max(end, rule.end)
        else:
            stretches.append([rule])
            end = rule.end
    return stretches


def _crossing(lines: list[_Line]) -> list[list[_Line]]:
    """The lines in groups that touch each other."""
    across = [line for line in lines if line.horizontal]
    down = [line for line in lines if not line.horizontal]
    if len(across) * len(down) > 4_000_000:
        raise too_many_objects()
    group_of: dict[_Line, _Line] = {line: line for line in lines}

    def root(line: _Line) -> _Line:
        while group_of[line] != line:
            group_of[line] = line = group_of[group_of[line]]
        return line

    for h in across:
        for v in down:
            if (
                v.start - _TOUCH <= h.at <= v.end + _TOUCH
                and h.start - _TOUCH <= v.at <= h.end + _TOUCH
            ):
                group_of[root(h)] = root(v)
    groups: dict[_Line, list[_Line]] = defaultdict(list)
    for line in lines:
        groups[root(line)].append(line)
    return [group for group in groups.values() if len(group) > 2]


def _lattice(group: list[_Line], page: int) -> RuledTable | None:
    xs = _lines_at(
        [line.at for line in group if not line.horizontal],
        [end for line in group if line.horizontal for end in (line.start, line.end)],
    )
    ys = _lines_at(
        [line.at for line in group if line.horizontal],
        [end for line in group if not line.horizontal for end in (line.start, line.end)],
    )
    if len(xs) * len(ys) > _MAX_PLACES:
        raise too_many_objects()
    if len(xs) < 2 or len(ys) < 2 or (len(xs) == 2 and len(ys) == 2):
        return None  # a frame around a text, or a line below it
    table = RuledTable(page, xs, ys)
    table.cells = _cells(table, group)
    return table


def _lines_at(ruled: list[float], ends: list[float]) -> list[float]:
    """The places of the lattice's lines; an open side is where the others end."""
    places = sorted(set(ruled))
    if not ends or not places:
        return places
    if min(ends) < places[0] - _TOUCH:
        places.insert(0, min(ends))
    if max(ends) > places[-1] + _TOUCH:
        places.append(max(ends))
    return places


def _cells(table: RuledTable, group: list[_Line]) -> dict[tuple[int, int], Span]:
    """Each place's cell: places are one cell where no rule parts them."""
    height, width = len(table.ys) - 1, len(table.xs) - 1
    beside, below = _Sides(group, False), _Sides(group, True)
    own = {(r, c): (r, c) for r in range(height) for c in range(width)}

    def root(place: tuple[int, int]) -> tuple[int, int]:
        while own[place] != place:
            own[place] = place = own[own[place]]
        return place

    for r in range(height):
        for c in range(width):
            if c and not beside.ruled(table.xs[c], table.ys[r], table.ys[r + 1]):
                _unite(own, root((r, c - 1)), root((r, c)))
            if r and not below.ruled(table.ys[r], table.xs[c], table.xs[c + 1]):
                _unite(own, root((r - 1, c)), root((r, c)))
    members: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for place in own:
        members[root(place)].append(place)
    cells: dict[tuple[int, int], Span] = {}
    for places in members.values():
        rows, columns = [r for r, _ in places], [c for _, c in places]
        span = Span(min(rows), min(columns), max(rows), max(columns))
        if len(places) != (span.bottom - span.top + 1) * (span.right - span.left + 1):
            raise table_without_rules(table.page)
        cells |= dict.fromkeys(places, span)
    return cells


def _unite(
    own: dict[tuple[int, int], tuple[int, int]], one: tuple[int, int], other: tuple[int, int]
) -> None:
    own[max(one, other)] = min(one, other)


class _Sides:
    """Which sides of cells are ruled."""

    def __init__(self, group: list[_Line], horizontal: bool) -> None:
        self.stretches: dict[float, list[_Line]] = defaultdict(list)
        for line in group:
            if line.horizontal == horizontal:
                self.stretches[line.at].append(line)

    def ruled(self, at: float, start: float, end: float) -> bool:
        """Whether a side from `start` to `end` on the line at `at` is ruled."""
        covered = sum(
            max(0.0, min(line.end, end) - max(line.start, start))
            for line in self.stretches.get(at, ())
        )
        return covered >= _MIN_COVERED * (end - start)
