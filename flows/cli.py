"""The command `tonghop`. Each command checks its call, does one thing and says in a line what went wrong.

Exit codes: 0 it ran; 1 it did not (of a night: the old warehouse stands, unless it is said that the new one does);
2 wrong call.
Everything heavy is imported inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import shutil
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from flows.home import Home
    from sources.campaigns import Campaign

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich",
                  help="Consolidates the reports of many units into one report, every number traced to its cell.\n\n"
                       "Tổng hợp báo cáo của các đơn vị; mọi con số đều truy được về tận ô trong tệp gốc.")

HomeOption = Annotated[Path, typer.Option("--home", envvar="TONGHOP_HOME", help="Where everything is kept (nơi lưu).")]
CampaignOption = Annotated[Path | None, typer.Option("--campaign", envvar="TONGHOP_CAMPAIGN", help=(
    "Folder with campaign.toml, form.toml, units.csv (đợt sinh hoạt khác); the built-in campaign when left out."))]
HOME = Path("home")
LEAST_FREE = 16 << 20   # bytes; with less a disk counts as full


def _examples(*lines: str) -> str:
    return "Examples (ví dụ):\n\n" + "\n\n".join(f"  {line}" for line in lines)


@app.command(epilog=_examples(
    "tonghop nightly --inbox ./bao-cao-den --home ./home",
    "tonghop nightly --inbox ./bao-cao-den --as-of 2022-04-18T08:00",
    "tonghop nightly --inbox ./bao-cao-den --campaign ./dot-moi --wait 600"))
def nightly(
    inbox: Annotated[Path, typer.Option(help="Folder with the report files; it is only read (thư mục báo cáo đến).")],
    home: HomeOption = HOME,
    as_of: Annotated[str | None, typer.Option("--as-of", help=(
        "ISO 8601 moment up to which reports count (thời điểm chốt); now when left out."))] = None,
    campaign: CampaignOption = None,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for another night on this home.")] = 0,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Collect, check, consolidate and publish one night (chạy tổng hợp)."""
    _check_folder(inbox, "--inbox")
    _check_moment(as_of)
    if campaign:
        _campaign(campaign)
    place = _open_home(home)
    from flows.embedded import NightFailedError, run_night
    from flows.engine import EngineError
    from flows.lock import HomeBusyError
    from flows.progress import Terminal

    try:
        with Terminal():
            told = run_night(inbox, place, as_of, campaign, wait)
    except NightFailedError as error:
        _night_failed(str(error) + _remedy(place), f"Nhật ký (log): {error.log}", error if debug else None,
                      error.published)
    except (EngineError, HomeBusyError, OSError) as error:
        _night_failed(str(error) + _remedy(place), "", error if debug else None)
    from flows.closing import closing_words

    for complaint in told.complaints:
        print(complaint, file=sys.stderr)
    print("\n".join(closing_words(place, dt.datetime.fromisoformat(told.result["as_of"]))))
    _leave(0)


@app.command(epilog=_examples("tonghop form --out ./bieu-mau", "tonghop form --unit 07540 --out ./bieu-mau"))
def form(
    unit: Annotated[list[str] | None, typer.Option(help="Code of the unit; every unit when left out.")] = None,
    out: Annotated[Path, typer.Option(help="Folder to write the workbooks to.")] = Path("bieu-mau"),
    campaign: CampaignOption = None,
) -> None:
    """Write the blank report form, the unit filled in (biểu mẫu báo cáo)."""
    from sources.blank_form import write_form

    loaded = _campaign(campaign)
    codes = unit or list(loaded.registry.by_code)
    if unknown := [code for code in codes if code not in loaded.registry.by_code]:
        _wrong_call(f"unknown unit {', '.join(unknown)}; the units stand in units.csv "
                    f"({', '.join(list(loaded.registry.by_code)[:5])}, …)")
    out.mkdir(parents=True, exist_ok=True)
    for code in codes:
        target = out / f"{code}.xlsx"
        write_form(loaded.registry.by_code[code], loaded, target)
        print(target)


@app.command(epilog=_examples("tonghop sample ./thu", "tonghop sample ./thu --units 1000 --seed 7 --layout form"))
def sample(
    folder: Annotated[Path, typer.Argument(help="Folder to fill with reports (thư mục mẫu).")],
    units: Annotated[int | None, typer.Option(min=1, help="How many units; those of the campaign if left out.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, other numbers.")] = 1,
    layout: Annotated[str | None, typer.Option(help="One layout for all files; each in turn if left out.")] = None,
    campaign: CampaignOption = None,
) -> None:
    """Make an inbox of filled reports with its expected totals, for trying (dữ liệu thử)."""
    from sources.campaigns import DEFAULT_CAMPAIGN
    from sources.samples import LAYOUTS, FolderNotEmpty, write_samples

    if layout is not None and layout not in LAYOUTS:
        _wrong_call(f"--layout {layout}: there is no such layout; there are {', '.join(LAYOUTS)}")
    try:
        write_samples(folder, _campaign(campaign), units, seed, layout, campaign or DEFAULT_CAMPAIGN)
    except FolderNotEmpty as error:
        _wrong_call(str(error))
    made_up = folder / ".campaign"
    with_campaign = f" --campaign {made_up}" if made_up.is_dir() else ""
    print(f"{folder}\ntonghop nightly --inbox {folder}{with_campaign}")


@app.command(epilog=_examples("tonghop status", "tonghop status --home /srv/tonghop"))
def status(home: HomeOption = HOME) -> None:
    """Who has reported, what counts, when the last night ran (tình hình)."""
    path = _warehouse(home)
    from warehouse.ask import status_lines

    print("\n".join(status_lines(path)))


@app.command(epilog=_examples(
    'tonghop sql "select unit_name, status from unit_status"',
    'tonghop sql --csv "select * from finding where severity = \'error\'" > loi.csv'))
def sql(
    query: Annotated[str, typer.Argument(help="One query; the warehouse is opened read-only.")],
    home: HomeOption = HOME,
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated, for a spreadsheet.")] = False,
) -> None:
    """Ask the warehouse in SQL, read-only (truy vấn)."""
    path = _warehouse(home)
    from warehouse.ask import NotAQueryError, run_query

    try:
        print(run_query(path, query, csv=csv))
    except NotAQueryError as error:
        _wrong_call(str(error))


@app.command(epilog=_examples("tonghop why cells_held", "tonghop why members_attended --unit 07540"))
def why(
    figure: Annotated[str, typer.Argument(help="A figure of the report or of campaign_summary.")],
    unit: Annotated[str | None, typer.Option(help="Only what this unit gave to it.")] = None,
    home: HomeOption = HOME,
) -> None:
    """Trace a figure: query, rows, file, sheet, ref, raw text (con số này từ đâu)."""
    path = _warehouse(home)
    from warehouse.ask import why_lines
    from warehouse.why import UnknownFigureError, UnknownUnitError

    try:
        print("\n".join(why_lines(path, figure, unit)))
    except (UnknownFigureError, UnknownUnitError) as error:
        _wrong_call(str(error))


def main() -> None:
    """The entry point of the command."""
    app()


def _leave(code: int) -> NoReturn:
    """Ends the process at once: all is on the disk and the engine has stopped.

    Taking down what Prefect and great_expectations imported would take another second, and duckdb's binding complains
    of what other libraries still hold of it.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _check_folder(folder: Path, option: str) -> None:
    if not folder.is_dir():
        _wrong_call(f"{option} {folder}: there is no such folder; give the folder that holds the report files")


def _check_moment(as_of: str | None) -> None:
    try:
        dt.datetime.fromisoformat(as_of or "2022-04-18")
    except ValueError:
        _wrong_call(f"--as-of {as_of}: no ISO 8601 moment; write it like 2022-04-18T08:00:00+07:00")


def _open_home(home: Path) -> Home:
    from flows.home import Home

    os.umask(0o077)   # reports hold names and numbers of people: the home is its owner's
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _wrong_call(f"--home {home}: cannot be made ({error}); choose a folder that you may write")
    return Home(home.resolve())


def _campaign(folder: Path | None) -> Campaign:
    from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError, load_campaign

    try:
        return load_campaign(folder or DEFAULT_CAMPAIGN)
    except CampaignError as error:
        _wrong_call(f"--campaign: {error}")


def _warehouse(home: Path) -> Path:
    path = home / "warehouse.duckdb"
    if not path.is_file():
        _wrong_call(f"--home {home}: no warehouse there yet; run `tonghop nightly --inbox FOLDER --home {home}` first")
    return path


def _wrong_call(message: str) -> NoReturn:
    print(f"tonghop: {message}", file=sys.stderr)
    raise typer.Exit(2)


def _remedy(home: Home) -> str:
    """What to do where it is the home's disk that stopped the night, whatever broke first; else nothing."""
    if not os.access(home.folder, os.W_OK):
        return f"; {home.folder} cannot be written: mend its rights or how it is mounted"
    if shutil.disk_usage(home.folder).free < LEAST_FREE:
        return f"; the disk of {home.folder} is full: free some space, then run the night again"
    return ""


OLD_STANDS = "Kho số liệu cũ vẫn giữ nguyên (the old warehouse stands)."
NEW_STANDS = ("Kho số liệu mới đã được công bố nhưng báo cáo kèm theo có thể chưa đủ; hãy chạy lại lệnh này "
              "(the new warehouse stands, its reports may be incomplete: run the night again).")


def _night_failed(why: str, log: str, error: Exception | None, published: bool = False) -> NoReturn:
    failed = "Chưa tổng hợp xong (the night did not end)" if published else "Chưa tổng hợp được (the night did not run)"
    print(f"{failed}: {why.rstrip('.')}. {NEW_STANDS if published else OLD_STANDS} {log}".rstrip(), file=sys.stderr)
    if error is not None:
        traceback.print_exception(error)
    _leave(1)
