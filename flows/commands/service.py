"""`tonghop serve`: the nights of a home by themselves; `tonghop service install`: the same under
systemd."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.desk import LOOPBACK, CertificateOption, KeyOption
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

COMMAND = Path(sys.executable).with_name("tonghop")
InboxOption = Annotated[
    list[str],
    typer.Option(
        help=(
            "Where reports come in: a folder, or another channel's address; may be repeated (nơi nhận báo cáo)."
        )
    ),
]
PortOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65535,
        help=(
            "Port of Prefect's page on this machine; the last one, else the first free from 4200, when left out."
        ),
    ),
]
HostOption = Annotated[
    str, typer.Option(help="Address of the desk; other machines reach it over TLS only.")
]
DeskPortOption = Annotated[
    int | None,
    typer.Option(
        min=1, max=65535, help="Port of the desk; the first free from 8080 when left out."
    ),
]


def serve(
    inbox: InboxOption,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    port: PortOption = None,
    desk_host: HostOption = LOOPBACK,
    desk_port: DeskPortOption = None,
    certificate: CertificateOption = None,
    key: KeyOption = None,
) -> None:
    """Run every night by itself, with the desk: server, worker, schedule; until Ctrl+C (chạy thường
    trực)."""
    inboxes, folder = _checked(inbox, home, campaign)
    place = open_home(home)
    from flows.desk.server import Address, NotServedError
    from flows.engine.start import EngineError
    from flows.service.access import HomeServedError
    from flows.service.serve import PortTakenError
    from flows.service.serve import serve as run

    desk = Address(desk_host, desk_port, certificate, key)
    try:
        run(place, inboxes, folder, port, desk, lambda words: print(words, flush=True))
    except (HomeServedError, PortTakenError, NotServedError, EngineError, OSError) as error:
        print(f"Không phục vụ được (not served): {error}", file=sys.stderr)
        raise typer.Exit(1) from None


def install(
    inbox: InboxOption,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    port: PortOption = None,
    desk_host: HostOption = LOOPBACK,
    desk_port: DeskPortOption = None,
    certificate: CertificateOption = None,
    key: KeyOption = None,
    user: Annotated[
        bool, typer.Option("--user", help="For this account's own systemd, without root.")
    ] = False,
    account: Annotated[
        str | None,
        typer.Option(
            help=(
                "Account that the service runs as; the owner of the home when left out. Not with --user."
            )
        ),
    ] = None,
    directory: Annotated[
        Path | None,
        typer.Option("--dir", help=("Folder to write the unit to; systemd's own when left out.")),
    ] = None,
) -> None:
    """Write the systemd unit that runs `tonghop serve` on this machine for good (cài dịch vụ)."""
    inboxes, folder = _checked(inbox, home, campaign)
    from flows.service import unit

    if not home.is_dir():
        wrong_call(
            f"--home {home}: there is no such folder; make it, owned by the account that is to run the service"
        )
    runs_as = None if user else account or unit.owner(home)
    if runs_as == "root":
        wrong_call(
            "a service is not to run as root: give the home to an account of its own, or name one by --account"
        )
    place = home.resolve()
    options = [
        *(word for one in inboxes for word in ("--inbox", one)),
        "--home",
        str(place),
        *(["--campaign", str(folder)] if campaign else []),
        *(["--port", str(port)] if port else []),
        *(["--desk-host", desk_host] if desk_host != LOOPBACK else []),
        *(["--desk-port", str(desk_port)] if desk_port else []),
        *(["--certificate", str(certificate.resolve())] if certificate else []),
        *(["--key", str(key.resolve())] if key else []),
    ]
    target = (directory or (unit.user_units() if user else unit.SYSTEM_UNITS)) / unit.NAME
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(
            unit.unit_file([str(COMMAND), "serve", *options], place, runs_as), encoding="utf-8"
        )
    except OSError as error:
        wrong_call(
            f"{target} cannot be written ({error}); run it as root, or give --user, or another --dir"
        )
    systemctl = "systemctl --user" if user else "systemctl"
    print(
        f"{target}\n{systemctl} daemon-reload\n{systemctl} enable --now {unit.NAME}"
        + ("\nloginctl enable-linger   # so that it runs while nobody is logged in" if user else "")
    )


def _checked(inboxes: list[str], home: Path, campaign: Path | None) -> tuple[list[str], Path]:
    """The inboxes, folders among them whole and there, and the folder of the campaign, which can be
    loaded."""
    from sources.campaigns import DEFAULT_CAMPAIGN

    checked = checked_inboxes(inboxes)
    for inbox in checked:
        check_apart(inbox, home)
    campaign_of_home(home, campaign)
    return checked, (campaign or DEFAULT_CAMPAIGN).resolve()
