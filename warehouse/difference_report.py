"""What lies between two nights in words: lines for a terminal, or rows for a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator

from warehouse import numbers_vi
from warehouse.differences import Differences, FigureChange, MovedFile, ShareChange, UnitMove
from warehouse.reports import wording

NOTHING = "–"
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
    """The differences in Vietnamese: units first, then figures, each with the units and files
    behind it."""
    yield f"Từ {_moment(found.old_as_of)} đến {_moment(found.new_as_of)}."
    yield f"Đơn vị thay đổi tình trạng: {len(found.units) or 'không có'}."
    for unit in found.units:
        yield f"- {_unit(unit)}: {_state(unit.old)} → {_state(unit.new)}{_through(unit.files)}"
    yield f"Số liệu thay đổi: {len(found.figures) or 'không có'}."
    for figure in found.figures:
        yield f"- {figure.figure} · {figure.description}: {figure.old or NOTHING} → {figure.new or NOTHING}"
        for share in figure.shares:
            yield f"    {_unit(share)}: {printed_share(share.old)} → {printed_share(share.new)}{_through(share.files)}"


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
    return (
        f"{about.unit_name or 'Chưa rõ đơn vị'} ({about.unit_code})"
        if about.unit_code
        else "Chưa rõ đơn vị"
    )


def _state(state: tuple[str, bool | None]) -> str:
    return wording.STATES[wording.state(*state)]


def _through(files: Iterable[MovedFile]) -> str:
    described = [
        f"tệp “{' '.join(f.file_name.split())}” nhận lúc {_moment(f.received_at)} "
        f"({wording.FILE_STATES[f.status].lower() if f.status else 'không còn được tính'})"
        for f in files
    ]
    return f"; {'; '.join(described) or 'không qua tệp nào mới'}"


def _moment(at: dt.datetime) -> str:
    return f"{at:%H:%M ngày %d/%m/%Y}"
