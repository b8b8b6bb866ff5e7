"""`tonghop nightly`: one night, run from a shell or a timer."""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
import sys
import traceback
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    campaign_of_home,
    check_apart,
    check_moment,
    checked_inboxes,
    load_campaign_of,
    open_home,
)

if TYPE_CHECKING:
    from flows.home.layout import Home
    from flows.night import Night

MIN_FREE_BYTES = 16 << 20  # bytes; with less a disk counts as full


Inbox = Annotated[
    list[str],
    typer.Option(
        "--inbox",
        help=(
            "Folder with the report files, or imaps://user@host/FOLDER, only read; may be repeated (nơi báo cáo đến)."
        ),
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help=("ISO 8601 moment up to which reports count (thời điểm chốt); now when left out."),
    ),
]
MoveTo = Annotated[
    str | None,
    typer.Option(
        help=(
            "Folder of the mail server that a message is moved to once all its files have landed."
        )
    ),
]
Wait = Annotated[float, typer.Option(min=0, help="Seconds to wait for another night on this home.")]


def nightly(
    inbox: Inbox,
    home: HomeOption = HOME,
    as_of: AsOf = None,
    campaign: CampaignOption = None,
    move_to: MoveTo = None,
    wait: Wait = 0,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Collect, check, consolidate and publish one night (chạy tổng hợp)."""
    run(inbox, home, as_of, campaign, move_to, wait, debug)
    exit_at_once(0)


def run(
    inbox: list[str],
    home: Path,
    as_of: str | None,
    campaign: Path | None,
    move_to: str | None,
    wait: float,
    debug: bool,
) -> Night:
    """Runs a night and says how it went; which night it was. Ends the process where it failed."""
    inboxes = checked_inboxes(inbox, move_to)
    for folder in inboxes:
        check_apart(folder, home)
    check_moment(as_of)
    campaign_of_home(home, campaign)
    place = open_home(home)
    from flows.engine.embedded import NightFailedError, file_identity, run_night
    from flows.engine.start import EngineError
    from flows.home.lock import HomeBusyError
    from flows.logs.progress import Terminal

    before = file_identity(place.warehouse)
    try:
        with Terminal():
            night_result = run_night(inboxes, place, as_of, campaign, wait, notify=_print_waiting)
    except NightFailedError as error:
        print(file=sys.stderr)  # Prefect may have left a line of its own unfinished
        _notify_officers(place, campaign, str(error))
        _night_failed(
            _why(error, place),
            f"Nhật ký (log): {error.log}",
            error if debug else None,
            published=file_identity(place.warehouse) != before,
        )
    except (EngineError, HomeBusyError, OSError) as error:
        _night_failed(
            _why(error, place),
            "",
            error if debug else None,
            published=file_identity(place.warehouse) != before,
        )
    from flows.commands.night_summary import night_summary
    from flows.night import parse_night

    for warning in night_result.warnings:
        print(warning, file=sys.stderr)
    print("\n".join(night_summary(place, dt.datetime.fromisoformat(night_result.result["as_of"]))))
    return parse_night(
        inboxes,
        str(place.folder),
        night_result.result["as_of"],
        str(campaign) if campaign else None,
        "command",
        dt.datetime.now(dt.UTC),
    )


def _print_waiting(why: str) -> None:
    print(f"Có phiên khác đang chạy, xin chờ: {why}.", file=sys.stderr, flush=True)


def _notify_officers(home: Home, campaign: Path | None, why: str) -> None:
    """By mail, where a mail server is named; where that fails too, the terminal and the log must
    do."""
    from flows.mailing.bulletins import mail_failure

    now = dt.datetime.now(dt.UTC)
    mail_failure(
        home,
        load_campaign_of(campaign),
        f"nightly {now:%Y-%m-%dT%H:%M:%SZ}",
        "Failed",
        why,
        lambda: now,
    )


def exit_at_once(code: int) -> NoReturn:
    """Ends the process at once: all is on the disk and the engine has stopped.

    Taking down what Prefect and great_expectations imported would take another second, and duckdb's
    binding complains of what other libraries still hold of it.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _why(error: Exception, home: Home) -> str:
    """What stopped the night and what to do. Where it is the home's disk, that comes first,
    whatever broke over it."""
    if not os.access(home.folder, os.W_OK):
        remedy = (
            "không ghi được vào thư mục lưu, hãy sửa quyền hoặc cách gắn đĩa "
            f"({home.folder} cannot be written: correct its rights or how it is mounted)"
        )
    elif shutil.disk_usage(home.folder).free < MIN_FREE_BYTES:
        remedy = (
            "đĩa đã đầy, hãy dọn bớt rồi chạy lại "
            f"(the disk of {home.folder} is full: free some space, then run the night again)"
        )
    else:
        return " ".join(str(error).split())
    return f"{remedy}; {shorten(str(error), 160, placeholder=' …')}"


OLD_WAREHOUSE_STANDS = "Kho số liệu cũ vẫn giữ nguyên (the old warehouse stands)."
NEW_WAREHOUSE_STANDS = (
    "Kho số liệu mới đã được công bố nhưng báo cáo kèm theo có thể chưa đủ; hãy chạy lại lệnh này "
    "(the new warehouse stands, its reports may be incomplete: run the night again)."
)


def _night_failed(why: str, log: str, error: Exception | None, published: bool) -> NoReturn:
    failed = (
        "Chưa tổng hợp xong (the night did not end)"
        if published
        else "Chưa tổng hợp được (the night did not run)"
    )
    print(
        f"{failed}: {why.rstrip('.')}. {NEW_WAREHOUSE_STANDS if published else OLD_WAREHOUSE_STANDS} {log}".rstrip(),
        file=sys.stderr,
    )
    if error is not None:
        traceback.print_exception(error)
    exit_at_once(1)
