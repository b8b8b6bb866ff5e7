"""Questions to a published warehouse: the status of the units, any query, why a number is what it is.

Every function opens the file read-only and closes it again; `status`, `run_sql` and `why` return
values, the functions named `…_lines` and `run_query` the text that the terminal shows.
"""

from __future__ import annotations

import csv as csv_format
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from sources.moments import MOMENT_FORMAT
from warehouse.asked_figures import annex_place, choice_lines, figures_asked
from warehouse.figures import figure_values
from warehouse.numbers_vi import UNKNOWN
from warehouse.reports.queries import query as report_query
from warehouse.why import why
from warehouse.why_lines import MakePictures
from warehouse.why_lines import why_lines as explanation_lines

__all__ = [
    "Answer",
    "NotAQueryError",
    "open_warehouse",
    "run_query",
    "run_sql",
    "status",
    "status_lines",
    "why",
    "why_lines",
]

MAX_UNIT_NAMES = 6
QUERY_SECONDS = 60  # that a query may take; `tonghop sql --seconds` gives it more or less
MAX_ROWS = 200_000  # of an answer, which is kept in memory
MAX_LETTERS = 200_000_000  # of all its texts
_ROWS_PER_FETCH = 10_000  # rows at a time
_RUN_BY_SPREADSHEETS = tuple("=+-@\t\r\n＝＋－＠'")  # OWASP's list, and our own mark


class NotAQueryError(ValueError):
    """SQL that is not one query, or that cannot be answered; the message has what to do instead."""


class Answer(NamedTuple):
    """The result of a query: the names of its columns, and its rows."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


@contextmanager
def open_warehouse(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can only read this one file; times are shown in the campaign's zone.

    It writes no temporary files: what takes more memory than it has fails, and a killed query
    leaves nothing behind.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "python_enable_replacements": "false",
        "memory_limit": "1GB",
        "temp_directory": "",
    }
    # attached, not opened: while another connection of this process is open to that path, DuckDB would
    # give its file again, which a night has replaced since
    with duckdb.connect(":memory:", config=settings) as con:
        name = str(path).replace("'", "''")
        con.execute(f"ATTACH '{name}' AS warehouse (READ_ONLY)")
        con.execute("USE warehouse")
        con.execute("SET enable_external_access = false")
        if zones := con.execute("SELECT time_zone FROM night").fetchall():
            con.execute("SET GLOBAL TimeZone = $zone", {"zone": zones[0][0]})
        con.execute("SET GLOBAL lock_configuration = true")
        yield con


def run_sql(path: Path, query: str, seconds: float = QUERY_SECONDS) -> Answer:
    """The answer to one query over the warehouse, which it cannot change, nor any file beside it.

    Raises NotAQueryError where the text is no query, more than one, or one that cannot be answered
    within the limits of time, memory and length.
    """
    with open_warehouse(path) as con:
        try:
            statements = con.extract_statements(query)
            if len(statements) != 1 or statements[0].type not in _ALLOWED:
                raise NotAQueryError(
                    "Chỉ nhận một câu truy vấn SELECT; kho số liệu chỉ để đọc "
                    "(one SELECT only: the warehouse is read-only)."
                )
            with _interrupted_after(con, seconds):
                result = con.execute(statements[0])
                return Answer(tuple(d[0] for d in result.description), _rows(result))
        except duckdb.InterruptException:
            raise NotAQueryError(
                f"Câu truy vấn chạy quá {seconds:g} giây nên đã dừng; hãy hỏi hẹp hơn, hoặc thêm "
                "--seconds (stopped: it took too long)."
            ) from None
        except (duckdb.OutOfMemoryException, MemoryError):
            raise NotAQueryError(
                "Câu truy vấn cần quá nhiều bộ nhớ nên đã dừng; hãy hỏi hẹp hơn (WHERE, LIMIT) "
                "(stopped: it took too much memory)."
            ) from None
        except duckdb.Error as error:
            raise NotAQueryError(f"Không truy vấn được: {error}") from error


@contextmanager
def _interrupted_after(con: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()  # else it might stop what the connection does next


def _rows(result: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """All rows of the result. Raises NotAQueryError where they are too many to hold."""
    rows: list[tuple[object, ...]] = []
    letters = 0
    while some := result.fetchmany(_ROWS_PER_FETCH):
        rows += some
        letters += sum(
            len(value) for row in some for value in row if isinstance(value, str | bytes)
        )
        if len(rows) > MAX_ROWS or letters > MAX_LETTERS:
            raise NotAQueryError(
                f"Kết quả quá dài (hơn {MAX_ROWS:,} dòng, hoặc văn bản quá dài); hãy thêm WHERE hoặc "
                "LIMIT (the answer is too long)."
            )
    return rows


def run_query(path: Path, query: str, *, csv: bool = False, seconds: float = QUERY_SECONDS) -> str:
    """The answer to one query as a table of text, or as comma-separated values with a header.

    In the latter a text that a spreadsheet would run, or that begins with an apostrophe, gets an
    apostrophe before it; whoever takes one away from each text that begins with one has the text as
    it was. Numbers stay numbers.
    """
    answer = run_sql(path, query, seconds)
    if csv:
        text = io.StringIO()
        rows = ([_neutral(value) for value in row] for row in [answer.columns, *answer.rows])
        csv_format.writer(text, lineterminator="\n").writerows(rows)
        return text.getvalue().rstrip("\n")
    return "\n".join(_table(answer))


def _neutral(value: object) -> object:
    return (
        f"'{value}" if isinstance(value, str) and value.startswith(_RUN_BY_SPREADSHEETS) else value
    )


def status(con: duckdb.DuckDBPyConnection) -> list[str]:
    """How far the campaign is, in at most twelve lines of Vietnamese, from the figures of the
    night."""
    name, as_of, draft = con.execute(
        "SELECT campaign_name, strftime(as_of, ?), draft FROM night", [MOMENT_FORMAT]
    ).fetchall()[0]
    figures = {name: figure.printed for name, figure in figure_values(con).items()}
    files = dict(con.execute("SELECT status, count(*) FROM submission GROUP BY status").fetchall())
    n = {
        state: files.get(state, 0)
        for state in ("accepted", "returned", "rejected", "held", "duplicate")
    }
    scans = dict(con.execute(report_query("scans_on_hold")).fetchall())
    returned = [unit for _, unit in _units(con, "returned")]
    missing = _units(con, "missing")
    waiting = [unit for code, unit in missing if code in scans]
    withdrawn = dict(con.execute(report_query("withdrawn_files")).fetchall())
    not_sent = [
        unit + (" (tệp đã gửi được rút lại)" if code in withdrawn else "")
        for code, unit in missing
        if code not in scans
    ]
    newer = [name for name, _ in con.execute(report_query("newer_returned")).fetchall()]
    lines = [
        name,
        f"Số liệu tính đến {as_of}{'; chưa hết hạn gửi báo cáo (dự thảo)' if draft else '; đã hết hạn gửi báo cáo'}.",
        f"Tệp đã nhận: {sum(n.values())}; được tổng hợp {n['accepted']}, trả lại {n['returned']}, "
        f"từ chối {n['rejected']}, giữ lại chờ cán bộ {n['held']}, gửi trùng {n['duplicate']}.",
        f"Đơn vị đã báo cáo: {figures['units_reported']}/{figures['units_expected']} "
        f"({figures['units_reported_share']}); "
        f"đúng hạn {figures['units_on_time']}, muộn {figures['units_late']}.",
        f"Bị trả lại, chưa gửi lại: {_listed(returned)}. Chưa gửi: {_listed(not_sent)}.",
        *([f"Đã gửi, đang chờ cán bộ đối chiếu: {_listed(waiting)}."] if waiting else []),
        *([f"Bản gửi sau bị trả lại, đang tính bản gửi trước: {_listed(newer)}."] if newer else []),
        *_shares(figures),
        f"Lỗi đơn vị còn phải sửa: {figures['findings_errors']}; điểm cần lưu ý: {figures['findings_warnings']}.",
    ]
    return lines


def status_lines(path: Path) -> list[str]:
    """`status` of the warehouse at that path."""
    with open_warehouse(path) as con:
        return status(con)


def why_lines(
    path: Path,
    asked: str,
    campaign: Campaign,
    unit: str | None = None,
    *,
    whole: bool = False,
    make_pictures: MakePictures | None = None,
) -> list[str]:
    """`why` as text, of a number as people name it (`warehouse/asked_figures.py`): a figure's name,
    its label, a printed number, or a cell of the annexes; `whole`: with nothing cut.

    Where the text may mean several numbers, the lines are these, to choose from. `make_pictures` as in
    `warehouse/why_lines.py`. Raises NotTraceableError; of a cell also where the warehouse was not made
    for this campaign.
    """
    with open_warehouse(path) as con:
        if place := annex_place(asked):
            # what writes workbooks, which a figure does not need
            from warehouse.reports.annex_why import why_cell

            cell = why_cell(con, campaign, place, unit)
            return list(explanation_lines(cell, whole, campaign, make_pictures))
        found = figures_asked(con, asked, campaign.form)
        if len(found) > 1:
            return list(choice_lines(asked, found))
        figure = why(con, found[0].figure, unit)
        return list(explanation_lines(figure, whole, campaign, make_pictures))


_ALLOWED = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)

# Each line of `status`: a part, its whole, its share, and its Vietnamese name; shown where the
# campaign asks for it.
_SHARES = (
    ("cells_held_known", "cells_known", "cells_held_share", "Chi bộ đã sinh hoạt"),
    ("members_attended_known", "members_known", "members_attended_share", "Đảng viên dự sinh hoạt"),
    (
        "org_branches_held_known",
        "org_branches_known",
        "org_branches_held_share",
        "Chi hội, chi đoàn đã sinh hoạt",
    ),
    (
        "village_heads_party_known",
        "villages_heads_known",
        "village_heads_party_share",
        "Trưởng thôn là đảng viên",
    ),
)


def _shares(figures: dict[str, str]) -> Iterator[str]:
    for part, whole, share, name in _SHARES:
        if {part, whole, share} <= figures.keys():
            known = figures[part] != UNKNOWN
            yield (
                f"{name}: {figures[part]}/{figures[whole]} ({figures[share]})."
                if known
                else f"{name}: {UNKNOWN}."
            )


def _units(con: duckdb.DuckDBPyConnection, state: str) -> list[tuple[str, str]]:
    """Code and name of each unit in that state."""
    return con.execute(
        "SELECT unit_code, unit_name FROM unit_status WHERE status = $status", {"status": state}
    ).fetchall()


def _listed(names: list[str]) -> str:
    more = f" và {len(names) - MAX_UNIT_NAMES} đơn vị khác" if len(names) > MAX_UNIT_NAMES else ""
    return ", ".join(names[:MAX_UNIT_NAMES]) + more if names else "không có"


def _table(answer: Answer) -> Iterator[str]:
    rows = [
        answer.columns,
        *([("" if v is None else str(v).replace("\n", "⏎")) for v in row] for row in answer.rows),
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(len(answer.columns))]
    for number, row in enumerate(rows):
        yield "  ".join(
            value.ljust(width) for value, width in zip(row, widths, strict=True)
        ).rstrip()
        if number == 0:
            yield "  ".join("-" * width for width in widths)
    yield f"({len(answer.rows)} dòng)"
