"""`tonghop status`, `sql` and `why`: what may be asked of a published warehouse."""

from __future__ import annotations

import datetime as dt
import os
import resource
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.arguments import plain_sql
from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    campaign_of_home,
    check_moment,
    load_campaign_of,
    published_warehouse,
    wrong_call,
)

# bytes of address space of `tonghop sql`, of which the database may use one GiB
SQL_MEMORY = 3 << 30

MAX_PICTURES = 50  # that `tonghop why` cuts without --all: each page takes up to a second

SQL_GRACE_SECONDS = 3  # seconds past its limit within which a query ends by itself


def status(home: HomeOption = HOME) -> None:
    """Who has reported, what counts, how the service fares and when it runs next (tình hình)."""
    from flows.service.health import health_lines

    lines = [*health_lines(home, dt.datetime.now(dt.UTC)), *_lock_lines()]
    if lines and not (home / "warehouse.duckdb").is_file():
        print("\n".join([*lines, "Chưa có kho số liệu: chưa lần chạy nào hoàn thành."]))
        return
    path = published_warehouse(home)
    from warehouse.ask import status_lines

    print("\n".join([*status_lines(path), *lines]))


def _lock_lines() -> list[str]:
    """What this kernel lacks to lock the processes that read untrusted files; no line where it
    lacks nothing."""
    from sources.children.kernel_lock import kernel_locks

    missing = kernel_locks().missing
    return (
        [
            f"Bảo vệ khi đọc tệp: nhân hệ điều hành này KHÔNG CÓ {' và '.join(missing)} nên tiến trình đọc tệp "
            "chưa được khóa hết; đề nghị dùng Linux 6.12 trở lên (x86_64, aarch64)."
        ]
        if missing
        else []
    )


def sql(
    query: Annotated[str, typer.Argument(help="One query; the warehouse is opened read-only.")],
    home: HomeOption = HOME,
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated, for a spreadsheet.")] = False,
    seconds: Annotated[
        float,
        typer.Option(
            min=0.1, max=3600, help=("Seconds that the query may take (thời gian tối đa).")
        ),
    ] = 60,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help=(
                "Day (its last night) or moment whose warehouse is asked (ngày); the newest when left out."
            ),
        ),
    ] = None,
    campaign: CampaignOption = None,
) -> None:
    """Ask the warehouse in SQL, read-only (truy vấn)."""
    path = _warehouse_of(home, as_of, campaign) if as_of else published_warehouse(home)
    from warehouse.ask import NotAQueryError, run_query

    # its answer is held outside of the database
    resource.setrlimit(resource.RLIMIT_AS, (SQL_MEMORY, SQL_MEMORY))
    end = _end_after(seconds + SQL_GRACE_SECONDS)
    try:
        answer = run_query(path, plain_sql(query), csv=csv, seconds=seconds)
        end.cancel()
        print(answer)
    except NotAQueryError as error:
        wrong_call(str(error))


def _warehouse_of(home: Path, as_of: str, campaign: Path | None) -> Path:
    """The warehouse of that day or moment; ends the call where none is published."""
    check_moment(as_of)
    zone = load_campaign_of(campaign).zone
    os.umask(0o077)
    from flows.home.layout import Home
    from flows.home.places import warehouse_of
    from flows.past_nights import resolve_moment
    from sources.moments import moment_text

    place = Home(home.resolve())
    moment = resolve_moment(place, as_of, zone)
    path = warehouse_of(place, moment)
    if path is None:
        wrong_call(
            f"--as-of {as_of}: chưa có kho số liệu của {moment_text(moment)} (no warehouse of that "
            f"moment); hãy dựng: tonghop nightly --inbox THƯ_MỤC --home {home} --as-of {moment.isoformat()}"
        )
    return path


def _end_after(seconds: float) -> threading.Timer:
    """Ends this process then, unless cancelled: within one function, as of a text of a billion
    letters, the database is not interrupted.
    """

    def end() -> None:
        print(
            "tonghop: Câu truy vấn không dừng được đúng hạn nên chương trình đã kết thúc; hãy hỏi hẹp hơn "
            "(ended: the query could not be stopped in time).",
            file=sys.stderr,
            flush=True,
        )
        os._exit(2)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    return timer


def why(
    figure: Annotated[
        str,
        typer.Argument(
            help="A number: its name, its label (with or without accents), as it is printed (94,4%), or "
            "a cell: PL1a.F12 or Phụ lục 1a F12 of phu-luc.xlsx, LV1.F12 of the working file."
        ),
    ],
    unit: Annotated[str | None, typer.Option(help="Only what this unit gave to it.")] = None,
    whole: Annotated[
        bool, typer.Option("--all", help="Every unit and every cell; long lists are cut else.")
    ] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(
            help=(
                "Where to write the pictures of what was read from scans; beside the day's reports when left out."
            )
        ),
    ] = None,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
) -> None:
    """Trace a number to file, sheet, ref and raw text (con số này từ đâu)."""
    path = published_warehouse(home)
    from flows.commands.page_pictures import FOLDER, write_pictures
    from flows.home.layout import Home
    from sources.decisions import DecisionLog, with_names
    from warehouse.ask import run_sql, why_lines
    from warehouse.why import NotTraceableError

    try:
        ((as_of,),) = run_sql(path, "SELECT as_of FROM night").rows
        assert isinstance(as_of, dt.datetime)  # a TIMESTAMPTZ
        named = with_names(campaign_of_home(home, campaign), DecisionLog(home).recorded(as_of))
        folder = pictures or Home(home).reports(as_of) / FOLDER
        most = None if whole else MAX_PICTURES
        lines = why_lines(
            path,
            figure,
            named,
            unit,
            whole=whole,
            make_pictures=lambda shown: write_pictures(home, folder, shown[:most]),
        )
        print("\n".join(lines))
    except NotTraceableError as error:
        wrong_call(str(error))
