"""What the commands share: their common options, checks of a call, and the end of one that is wrong
(exit code 2)."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from flows.home.layout import Home
    from sources.campaigns import Campaign

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="TONGHOP_HOME", help="Where everything is kept (nơi lưu).")
]
CampaignOption = Annotated[
    Path | None,
    typer.Option(
        "--campaign",
        envvar="TONGHOP_CAMPAIGN",
        help=(
            "Folder with campaign.toml, form.toml, units.csv (đợt sinh hoạt khác); the built-in campaign when left out."
        ),
    ),
]
HOME = Path("home")


def wrong_call(message: str) -> NoReturn:
    """Says in one line what is wrong with the call, and ends it with exit code 2."""
    print(f"tonghop: {message}", file=sys.stderr)
    raise typer.Exit(2)


def checked_inboxes(inboxes: list[str], move_to: str | None = None) -> list[str]:
    """The inboxes, mailboxes with --move-to as their option; ends the call where one cannot be
    one."""
    from sources.channels import InboxAddressError, canonical_inboxes, is_folder
    from sources.channels.mail_account import with_move_to

    folders = [inbox for inbox in inboxes if is_folder(inbox)]
    if move_to and len(folders) == len(inboxes):
        wrong_call("--move-to: moves messages of a mailbox; a folder is only read. Leave it out")
    for folder in folders:
        if not Path(folder).is_dir():
            wrong_call(
                f"--inbox {folder}: không có thư mục này (there is no such folder); hãy ghi đúng thư mục chứa "
                "tệp báo cáo"
            )
    try:
        for inbox in inboxes:
            # by itself: what is added to a broken address would hide what is wrong with it
            canonical_inboxes([inbox])
        checked = [
            with_move_to(inbox, move_to) if move_to and not is_folder(inbox) else inbox
            for inbox in inboxes
        ]
        canonical_inboxes(checked)
    except InboxAddressError as error:
        wrong_call(f"--inbox: {error}")
    return checked


def check_apart(inbox: str, home: Path) -> None:
    """Ends the call where the home lies in the inbox: what nights write would come in as reports,
    more each night."""
    from sources.channels import is_folder

    if is_folder(inbox) and home.resolve().is_relative_to(Path(inbox).resolve()):
        wrong_call(
            f"--home {home} nằm trong --inbox {inbox} (lies in --inbox): kết quả sẽ bị thu lại như báo cáo; "
            "hãy chọn chỗ khác cho --home"
        )


def check_moment(moment: str | None, option: str = "--as-of") -> None:
    """Ends the call where the option's text is no ISO 8601 moment of a campaign's years; None is
    left out."""
    from sources.campaigns import YEARS

    try:
        if dt.datetime.fromisoformat(moment or "2022-04-18").year not in YEARS:
            wrong_call(
                f"{option} {moment}: năm phải từ {YEARS[0]} đến {YEARS[-1]} (no year of a campaign); ghi như "
                "2022-04-18"
            )
    except ValueError:
        wrong_call(
            f"{option} {moment}: không phải thời điểm (no ISO 8601 moment); ghi như 2022-04-18 hoặc "
            "2022-04-18T08:00"
        )


def open_home(folder: Path) -> Home:
    """The home, made where it is not there yet; it, and what is written from now on, is its owner's
    alone."""
    from flows.home.layout import Home
    from flows.home.rights import HomeNotPrivateError, make_private

    os.umask(0o077)  # reports hold names and numbers of people: the home is its owner's
    try:
        folder.mkdir(parents=True, exist_ok=True)
        make_private(folder.resolve())
    except HomeNotPrivateError as error:
        wrong_call(f"--home: {error}")
    except OSError as error:
        wrong_call(
            f"--home {folder}: không tạo được (cannot be made: {error}); hãy chọn thư mục mình được ghi"
        )
    return Home(folder.resolve())


def campaign_of_home(home: Path, campaign: Path | None) -> Campaign:
    """As `load_campaign_of`; ends the call, too, where the home is another campaign's."""
    loaded = load_campaign_of(campaign)
    from flows.home.campaign import HomeTakenError, check_campaign
    from flows.home.layout import Home

    try:
        check_campaign(Home(home.resolve()), loaded)
    except HomeTakenError as error:
        wrong_call(f"--home {home}: {error}")
    return loaded


def load_campaign_of(folder: Path | None) -> Campaign:
    """The campaign of --campaign, the built-in one where it is left out; ends the call where it
    cannot be used."""
    from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError, load_campaign

    try:
        return load_campaign(folder or DEFAULT_CAMPAIGN)
    except CampaignError as error:
        wrong_call(f"--campaign: {error}")


def published_warehouse(home: Path) -> Path:
    """The path of the home's warehouse; ends the call where no night has published one."""
    os.umask(0o077)  # a query too large for the memory is written beside the warehouse for a while
    path = home / "warehouse.duckdb"
    if not path.is_file():
        wrong_call(
            f"--home {home}: ở đó chưa có kho số liệu (no warehouse there yet); xem lại tên thư mục, hoặc "
            f"tổng hợp trước: tonghop nightly --inbox THƯ_MỤC --home {home}"
        )
    return path
