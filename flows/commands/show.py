"""`tonghop show`: one file with each of its texts coloured by what it was understood as."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from flows.commands.file_names import files_named
from flows.commands.options import HOME, CampaignOption, HomeOption, load_campaign_of, wrong_call


def show(
    file: Annotated[
        str, typer.Argument(help="A file on this machine, or the name of one that has landed.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="The page to write; beside where you are when left out.")
    ] = None,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
) -> None:
    """Show how a file was understood, each cell and paragraph coloured by class (đã hiểu tệp thế
    nào)."""
    load_campaign_of(campaign)
    path, name = _file(file, home)
    from flows.commands.understood_file import NotUnderstoodError, understood_file
    from sources.campaigns import DEFAULT_CAMPAIGN
    from warehouse.reports.understood import understood_page

    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        found = understood_file(sha256, path, campaign or DEFAULT_CAMPAIGN)
    except NotUnderstoodError as error:
        wrong_call(f"{name}: {error}")
    target = out or Path(f"{Path(name).name} - đã hiểu.html")
    target.write_text(understood_page(name, *found), encoding="utf-8")
    print(target)


def _file(named: str, home: Path) -> tuple[Path, str]:
    """The path of the file's bytes, and its name (`files_named`): of a file on this machine as it is
    written, of one that has landed, or of one here whose name is written a little differently.

    Ends the call where there is none, or more than one.
    """
    from sources.landing import Landing

    landing = Landing(home) if (home / "landed").is_dir() else None
    arrivals = files_named(named, landing.known() if landing else (), lambda a: a.file_name)
    found = {arrival.sha256: arrival.file_name for arrival in arrivals}
    if Path(named).is_file() or not found:
        beside = [p for p in _listed(Path(named).parent) if p.is_file()]
        here = (
            [Path(named)]
            if Path(named).is_file()
            else files_named(Path(named).name, beside, lambda p: p.name)
        )
        if len(here) == 1:
            return here[0], here[0].name
    if landing is None or not found:
        wrong_call(
            f"{named}: không có tệp này trên máy, cũng chưa nhận tệp nào tên như vậy (no such file here, and "
            f"none of that name has landed in {home})"
        )
    if len(found) > 1:
        wrong_call(
            f"{named}: có {len(found)} tệp cùng tên (several files of that name have landed); ghi đường dẫn của "
            "một tệp"
        )
    sha256, name = next(iter(found.items()))
    return landing.original(sha256), name


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []
