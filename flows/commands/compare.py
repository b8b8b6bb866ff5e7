"""`tonghop diff`: what changed between two nights, and through whose file."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    campaign_of_home,
    open_home,
    wrong_call,
)


def diff(
    first: Annotated[
        str, typer.Argument(metavar="DATE1", help="Date (its last night) or ISO 8601 moment.")
    ],
    second: Annotated[str, typer.Argument(metavar="DATE2", help="A later one.")],
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for a night on this home.")
    ] = 0,
    csv: Annotated[bool, typer.Option("--csv", help="Comma-separated, for a spreadsheet.")] = False,
) -> None:
    """What changed between two nights, through whose file (so hai thời điểm)."""
    if not (home / "landed").is_dir():
        wrong_call(
            f"--home {home}: ở đó chưa nhận tệp nào (nothing has landed there); xem lại tên thư mục, hoặc "
            f"tổng hợp trước: tonghop nightly --inbox THƯ_MỤC --home {home}"
        )
    loaded = campaign_of_home(home, campaign)
    place = open_home(home)
    from flows.commands.compare_nights import (
        NotComparableError,
        compare_nights,
        moments_to_compare,
    )
    from flows.home.lock import HomeBusyError
    from flows.logs.progress import Terminal
    from sources.children.reading import ReadingError
    from sources.ledger import LedgerError
    from warehouse.difference_report import difference_csv, difference_lines

    try:
        moments = moments_to_compare(place, first, second, loaded.zone)
    except NotComparableError as error:
        wrong_call(error.problem.command)
    try:
        with Terminal():
            found = compare_nights(place, campaign, loaded, moments, wait)
    except (HomeBusyError, LedgerError, ReadingError, OSError) as error:
        print(f"Chưa so được (not compared): {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    print(difference_csv(found) if csv else "\n".join(difference_lines(found)))
