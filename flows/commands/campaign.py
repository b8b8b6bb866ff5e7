"""`tonghop campaign new`: a new campaign's folder of three files and its forms, from answers or options."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.call import wrong_call

if TYPE_CHECKING:
    from sources.campaigns import Campaign

MEETINGS, DEADLINE = "2022-04-03..2022-04-15", "2022-04-18"   # how days are written


def new(
    folder: Annotated[Path, typer.Argument(help="The new campaign's folder (thư mục đợt mới).")],
    topic: Annotated[str | None, typer.Option(help="The topic (chủ đề).")] = None,
    area: Annotated[str | None, typer.Option(help="Where, such as: huyện Lục Ngạn (địa bàn).")] = None,
    meetings: Annotated[str | None, typer.Option(help=(
        f"First and last day of party cells' meetings, such as {MEETINGS} (thời gian sinh hoạt)."))] = None,
    organisations: Annotated[str | None, typer.Option(help=(
        "The same of organisations; as --meetings when left out (thời gian của đoàn thể)."))] = None,
    deadline: Annotated[str | None, typer.Option(help="Reports are due before this day (gửi trước ngày).")] = None,
    units: Annotated[str | None, typer.Option(help=(
        "List of units, .csv or .xlsx: code, name, and as known type, kind, district, aliases, email."))] = None,
    issuer: Annotated[str | None, typer.Option(help="Who issues the report (cơ quan ban hành).")] = None,
    exchanged: Annotated[list[str] | None, typer.Option("--set", help=(
        "Any other key of campaign.toml, such as document.place='Lục Ngạn'; may be repeated."))] = None,
    like: Annotated[Path | None, typer.Option("--from", help="An earlier campaign's folder to start from.")] = None,
) -> None:
    """Make a new campaign: its folder of three files, and the form of each unit (đợt sinh hoạt mới)."""
    from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError
    from sources.new_campaign import Plan, write_campaign

    days = _days(_asked(meetings, f"Thời gian sinh hoạt của chi bộ ({MEETINGS})", "--meetings"), "--meetings")
    plan = Plan(
        topic=_asked(topic, "Chủ đề", "--topic"), area=_asked(area, "Địa bàn (huyện Lục Ngạn)", "--area"),
        windows={"cells": days, "orgs": _days(organisations, "--organisations") if organisations else days},
        deadline=_day(_asked(deadline, f"Gửi báo cáo trước ngày ({DEADLINE})", "--deadline"), "--deadline"),
        units=Path(_asked(units, "Tệp danh sách đơn vị (.xlsx, .csv)", "--units")),
        issuer=_asked(issuer, "Cơ quan ban hành báo cáo (Ban Tuyên giáo Huyện ủy)", "--issuer"),
        exchanged=dict(map(_pair, exchanged or ())))
    try:
        campaign = write_campaign(plan, like or DEFAULT_CAMPAIGN, folder)
    except (CampaignError, FileExistsError) as error:
        wrong_call(str(error))
    _write_forms(campaign, folder / "bieu-mau")
    print(f"{folder}: campaign.toml, form.toml, units.csv; {len(campaign.registry.units)} biểu mẫu trong bieu-mau/\n"
          f"Xem lại ba tệp (nhất là các mục của form.toml), rồi: tonghop nightly --campaign {folder} --inbox …")


def _asked(given: str | None, question: str, option: str) -> str:
    """What the option gives, else what is answered at the terminal; ends the call where nobody can be asked."""
    if given:
        return given
    if not sys.stdin.isatty():
        wrong_call(f"{option} is left out; give it, or run the command at a terminal to be asked")
    return str(typer.prompt(question))


def _days(text: str, option: str) -> tuple[dt.date, dt.date]:
    first, _, last = text.partition("..")
    return _day(first, option), _day(last or first, option)


def _day(text: str, option: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        wrong_call(f"{option} {text}: no day; write it like 2022-04-18, two days like 2022-04-03..2022-04-15")


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or "." not in key:
        wrong_call(f"--set {text}: write a key with its section and a value, such as document.place='Lục Ngạn'")
    return key, value


def _write_forms(campaign: Campaign, folder: Path) -> None:
    from sources.blank_form import write_form

    folder.mkdir()
    for unit in campaign.registry.units:
        write_form(unit, campaign, folder / f"{unit.code}.xlsx")
