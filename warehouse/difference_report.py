"""What lies between two nights in words: lines for a terminal, or rows for a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from sources.moments import moment_text
from warehouse import numbers_vi
from warehouse.differences import Differences, FigureChange, MovedFile, ShareChange, UnitMove
from warehouse.reports import wording

NOTHING = "–"
MAX_UNITS_OF_TOTAL = 5  # that a line of the summary names
_CAME_TO = {  # by the status that units have come to, as in unit_status
    "accepted": "Đã có báo cáo được tổng hợp",
    "returned": "Báo cáo bị trả lại, chưa gửi lại",
    "missing": "Không còn báo cáo nào",
}
COLUMNS = (
    "figure",
    "description",
    "old",
    "new",
    "unit_code",
    "unit_name",
    "unit_old",
    "unit_new",
    "file_name",
    "received_at",
    "file_status",
    "submission_id",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def difference_lines(found: Differences) -> Iterator[str]:
    """The differences in Vietnamese: first which units came in, which totals moved and because of
    whom; then each unit and figure with the files behind it."""
    yield f"Từ {moment_text(found.old_as_of)} đến {moment_text(found.new_as_of)}."
    yield from _unit_groups(found.units)
    yield from _totals(found.figures)
    if found.units or found.figures:
        yield from ("", "CHI TIẾT")
    if found.units:
        yield f"Đơn vị thay đổi tình trạng: {len(found.units)}."
    for unit in found.units:
        yield f"- {_unit(unit)}: {_state(unit.old)} → {_state(unit.new)}{_through(unit.files)}"
    if found.figures:
        yield f"Số liệu thay đổi: {len(found.figures)}."
    for figure in found.figures:
        yield f"- {_moved(figure)}"
        for share in figure.shares:
            yield f"    {_unit(share)}: {printed_share(share.old)} → {printed_share(share.new)}{_through(share.files)}"


def _unit_groups(units: Sequence[UnitMove]) -> Iterator[str]:
    """A line per state that units have come to, with their names; a late one is marked."""
    if not units:
        yield "Không đơn vị nào thay đổi tình trạng."
    for status, title in _CAME_TO.items():
        names = [
            _unit(unit) + (" (nộp muộn)" if unit.new[1] is False else "")
            for unit in units
            if unit.new[0] == status
        ]
        if names:
            yield f"{title} ({len(names)} đơn vị): {', '.join(names)}."


def _totals(figures: Sequence[FigureChange]) -> Iterator[str]:
    totals = [figure for figure in figures if figure.is_total]
    if not totals:
        yield "Không số tổng nào thay đổi."
        return
    yield "Số tổng thay đổi:"
    for figure in totals:
        # which units have reported, the lines above say
        because = "" if figure.figure.startswith("units_") else _because(figure.shares)
        yield f"- {_moved(figure)}{because}"


def _because(shares: Sequence[ShareChange]) -> str:
    """The units that moved a total, the largest change first; nothing where a share is no
    number."""
    changes = [(_unit(s), _whole(s.new) - _whole(s.old)) for s in shares if _is_whole(s)]
    if not changes or len(changes) < len(shares):
        return ""
    changes.sort(key=lambda unit_change: -abs(unit_change[1]))
    named = [f"{unit} {_signed(change)}" for unit, change in changes[:MAX_UNITS_OF_TOTAL]]
    others = len(changes) - len(named)
    return f"; do {', '.join(named)}" + (f" và {others} đơn vị khác" if others else "")


def _is_whole(share: ShareChange) -> bool:
    return all(value is None or value.isdecimal() for value in (share.old, share.new))


def _whole(value: str | None) -> int:
    return int(value) if value else 0


def _signed(change: int) -> str:
    return f"{'tăng' if change > 0 else 'giảm'} {numbers_vi.count(abs(change))}"


def _moved(figure: FigureChange) -> str:
    return f"{figure.description}: {figure.old or NOTHING} → {figure.new or NOTHING}"


def difference_csv(found: Differences) -> str:
    """The same as comma-separated values: a row per figure, unit and file; a unit's state is the
    figure unit_status."""
    text = io.StringIO()
    rows = [
        row
        for unit in found.units
        for row in _rows(
            ("unit_status", "Tình trạng của đơn vị", "", ""),
            unit,
            _state(unit.old),
            _state(unit.new),
        )
    ]
    for figure in found.figures:
        rows += _figure_rows(figure)
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *(map(_safe, row) for row in rows)])
    return text.getvalue().rstrip("\n")


def _figure_rows(figure: FigureChange) -> Iterator[tuple[str, ...]]:
    head = figure.figure, figure.description, figure.old or "", figure.new or ""
    if not figure.shares:
        yield (*head, *[""] * (len(COLUMNS) - len(head)))
    for share in figure.shares:
        yield from _rows(
            head, share, *((value or "").replace("/", " trên ") for value in (share.old, share.new))
        )


def _rows(
    head: tuple[str, ...], about: UnitMove | ShareChange, old: str, new: str
) -> Iterator[tuple[str, ...]]:
    unit = about.unit_code or "", about.unit_name or "", old, new
    if not about.files:
        yield (*head, *unit, "", "", "", "")
    for file in about.files:
        yield (
            *head,
            *unit,
            file.file_name,
            file.received_at.isoformat(),
            file.status or "",
            file.submission_id,
        )


def _safe(value: str) -> str:
    """Text as text: what a unit wrote becomes no formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def printed_share(share: str | None) -> str:
    """A unit's share, such as 1200/1300, with its numbers as Vietnamese writes them; a dash where it
    gave nothing."""
    return (
        re.sub(r"\d+", lambda number: numbers_vi.count(int(number[0])), share) if share else NOTHING
    )


def _unit(about: UnitMove | ShareChange) -> str:
    return about.unit_name or "Chưa rõ đơn vị"


def _state(state: tuple[str, bool | None]) -> str:
    return wording.STATES[wording.state(*state)]


def _through(files: Iterable[MovedFile]) -> str:
    described = [
        f"tệp “{' '.join(f.file_name.split())}” nhận lúc {moment_text(f.received_at)} "
        f"({wording.FILE_STATES[f.status].lower() if f.status else 'không còn được tính'})"
        for f in files
    ]
    return f"; {'; '.join(described) or 'không qua tệp nào mới'}"
