"""`tonghop desk`: the whole campaign in a browser; `tonghop desk account`: who may enter."""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    campaign_of_home,
    check_apart,
    checked_inboxes,
    open_home,
    wrong_call,
)

if TYPE_CHECKING:
    from flows.desk.accounts import Role
    from flows.desk.desk import Desk

LOOPBACK = "127.0.0.1"
CertificateOption = Annotated[
    Path | None,
    typer.Option(help="The desk's certificate (PEM) for TLS; made when needed and left out."),
]
KeyOption = Annotated[Path | None, typer.Option(help="Private key of the certificate (PEM).")]
NameArgument = Annotated[str, typer.Argument(help="The account's name (tên tài khoản).")]


def desk(
    context: typer.Context,
    inbox: Annotated[
        list[str] | None,
        typer.Option(help="Where else reports come in, beside the desk; may be repeated."),
    ] = None,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    host: Annotated[
        str, typer.Option(help="Address to listen on; other machines reach it over TLS only.")
    ] = LOOPBACK,
    port: Annotated[
        int | None,
        typer.Option(min=1, max=65535, help="Port; the first free from 8080 when left out."),
    ] = None,
    certificate: CertificateOption = None,
    key: KeyOption = None,
) -> None:
    """Work in a browser: bring files, decide, chase, report; until Ctrl+C (bàn làm việc)."""
    if context.invoked_subcommand is not None:
        return
    inboxes = checked_inboxes(inbox or [])
    for one in inboxes:
        check_apart(one, home)
    campaign_of_home(home, campaign)
    place = open_home(home)
    from flows.desk.server import Address, NotServedError, serve_desk
    from sources.campaigns import DEFAULT_CAMPAIGN

    address = Address(host, port, certificate, key)
    folder = (campaign or DEFAULT_CAMPAIGN).resolve()
    try:
        serve_desk(place, folder, inboxes, address, _print_ready)
    except (NotServedError, OSError) as error:
        print(f"Không mở được (not served): {error}", file=sys.stderr)
        raise typer.Exit(1) from None


def account_add(
    name: NameArgument,
    home: HomeOption = HOME,
    role: Annotated[str, typer.Option(help="officer, or reader who only looks.")] = "officer",
) -> None:
    """Add an account, or give one a new password; it is asked for (thêm tài khoản)."""
    from flows.desk.accounts import ROLES, AccountError, Accounts

    if role not in ROLES:
        wrong_call(f"--role {role}: ghi {' hoặc '.join(ROLES)}")
    accounts = Accounts(open_home(home).desk)
    chosen: Role = "officer" if role == "officer" else "reader"
    try:
        accounts.add(name, _password(), chosen, dt.datetime.now(dt.UTC))
    except AccountError as error:
        wrong_call(str(error))
    print(f"Đã lưu tài khoản {name} ({ROLES[role]}).")


def account_close(name: NameArgument, home: HomeOption = HOME) -> None:
    """Close an account (đóng tài khoản)."""
    from flows.desk.accounts import AccountError, Accounts

    try:
        Accounts(open_home(home).desk).close(name, dt.datetime.now(dt.UTC))
    except AccountError as error:
        wrong_call(str(error))
    print(f"Đã đóng tài khoản {name}.")


def account_list(home: HomeOption = HOME) -> None:
    """The accounts (các tài khoản)."""
    from flows.desk.accounts import ROLES, Accounts

    for account in Accounts(open_home(home).desk).listed():
        print(f"{account.name}: {ROLES[account.role]}")


def _password() -> str:
    """Asked for twice at a terminal; else the first line of the input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Mật khẩu (password): ")
    if getpass.getpass("Ghi lại (again): ") != first:
        wrong_call("hai lần ghi mật khẩu không giống nhau")
    return first


def _print_ready(desk: Desk, address: str) -> None:
    from flows.desk.accounts import Account
    from flows.desk.server import fingerprint

    token = desk.sessions.one_time_link(Account(getpass.getuser(), "officer"))
    print(
        f"Mở đường dẫn này bằng trình duyệt (dùng được một lần, trong một giờ):\n{address}/vao?ma={token}"
    )
    if desk.is_secure and (own := desk.home.desk / "certificate.pem").is_file():
        print(f"Dấu vân tay chứng thư (SHA-256): {fingerprint(own)}")
    if desk.accounts.listed():
        print(f"Hoặc vào bằng tài khoản: {address}")
    print("Dừng: Ctrl+C", flush=True)
