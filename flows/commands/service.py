"""`tonghop serve`: the nights of a home by themselves; `tonghop service install`: the same under systemd."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.call import (
    HOME,
    CampaignOption,
    HomeOption,
    check_folder,
    load_campaign_of,
    open_home,
)

InboxOption = Annotated[list[str], typer.Option(help=(
    "Where reports come in: a folder, or another channel's address; may be repeated (nơi nhận báo cáo)."))]
PortOption = Annotated[int | None, typer.Option(min=1, max=65535, help=(
    "Port of Prefect's page on this machine; the last one, else the first free from 4200, when left out."))]


def serve(
    inbox: InboxOption,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    port: PortOption = None,
) -> None:
    """Run every night by itself: server, worker, schedule; until Ctrl+C (chạy thường trực)."""
    inboxes, folder = _checked(inbox, campaign)
    place = open_home(home)
    from flows.engine import EngineError
    from flows.service.access import HomeServedError
    from flows.service.serve import PortTakenError
    from flows.service.serve import serve as run

    try:
        run(place, inboxes, folder, port, lambda words: print(words, flush=True))
    except (HomeServedError, PortTakenError, EngineError, OSError) as error:
        print(f"Không phục vụ được (not served): {error}", file=sys.stderr)
        raise typer.Exit(1) from None


def _checked(inboxes: list[str], campaign: Path | None) -> tuple[list[str], Path]:
    """The inboxes, folders among them whole and there, and the folder of the campaign, which can be loaded."""
    from sources.campaigns import DEFAULT_CAMPAIGN

    for inbox in inboxes:
        if "://" not in inbox:
            check_folder(Path(inbox), "--inbox")
    load_campaign_of(campaign)
    return [inbox if "://" in inbox else str(Path(inbox).resolve()) for inbox in inboxes], (
        campaign or DEFAULT_CAMPAIGN).resolve()
