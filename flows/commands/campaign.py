"""`tonghop campaign`: a new campaign's folder of three files and its forms, and what is wrong in
such a folder."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from flows.commands.options import wrong_call

if TYPE_CHECKING:
    from sources.campaigns import Campaign

MEETINGS, DEADLINE = "2022-04-03..2022-04-15", "2022-04-18"  # how days are written
T = TypeVar("T")


def new(
    folder: Annotated[Path, typer.Argument(help="The new campaign's folder (thư mục đợt mới).")],
    topic: Annotated[str | None, typer.Option(help="The topic (chủ đề).")] = None,
    area: Annotated[
        str | None, typer.Option(help="Where, such as: huyện Lục Ngạn (địa bàn).")
    ] = None,
    meetings: Annotated[
        str | None,
        typer.Option(
            help=(
                f"First and last day of party cells' meetings, such as {MEETINGS} (thời gian sinh hoạt)."
            )
        ),
    ] = None,
    organisations: Annotated[
        str | None,
        typer.Option(
            help=(
                "The same of organisations; as --meetings when left out (thời gian của đoàn thể)."
            )
        ),
    ] = None,
    deadline: Annotated[
        str | None, typer.Option(help="Reports are due before this day (gửi trước ngày).")
    ] = None,
    units: Annotated[
        str | None,
        typer.Option(
            help=(
                "List of units, .csv or .xlsx: code, name, and as known type, kind, district, aliases, email."
            )
        ),
    ] = None,
    issuer: Annotated[
        str | None, typer.Option(help="Who issues the report (cơ quan ban hành).")
    ] = None,
    exchanged: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            help=(
                "Any other key of campaign.toml, such as document.place='Lục Ngạn'; may be repeated."
            ),
        ),
    ] = None,
    like: Annotated[
        Path | None, typer.Option("--from", help="An earlier campaign's folder to start from.")
    ] = None,
) -> None:
    """Make a new campaign: its folder of three files, and the form of each unit (đợt sinh hoạt
    mới)."""
    from sources.campaigns import DEFAULT_CAMPAIGN, CampaignError
    from sources.new_campaign import Plan, write_campaign

    topic = _asked(topic, "Chủ đề", "--topic", str)
    area = _asked(area, "Địa bàn (như: huyện Lục Ngạn)", "--area", str)
    days = _asked(
        meetings, f"Thời gian sinh hoạt, ngày đầu..ngày cuối (như: {MEETINGS})", "--meetings", _days
    )
    plan = Plan(
        topic=topic,
        area=area,
        windows={
            "cells": days,
            "orgs": _asked(organisations, "", "--organisations", _days) if organisations else days,
        },
        deadline=_asked(deadline, f"Gửi báo cáo trước ngày (như: {DEADLINE})", "--deadline", _day),
        units=_asked(units, "Tệp danh sách đơn vị (.xlsx, .csv)", "--units", Path),
        issuer=_asked(
            issuer, "Cơ quan ban hành báo cáo (như: Ban Tuyên giáo Huyện ủy)", "--issuer", str
        ),
        exchanged=dict(map(_pair, exchanged or ())),
    )
    try:
        campaign = write_campaign(plan, like or DEFAULT_CAMPAIGN, folder)
    except (CampaignError, FileExistsError) as error:
        wrong_call(str(error))
    written = sorted(path.name for path in folder.iterdir())
    _write_forms(campaign, folder / "bieu-mau")
    print(
        f"{folder}: {', '.join(written)}; {len(campaign.registry.units)} biểu mẫu trong bieu-mau/\n"
        f"Xem lại ba tệp (nhất là các mục của form.toml), kiểm tra: tonghop campaign check {folder}, rồi: "
        f"tonghop nightly --inbox … --campaign {folder} --home …"
    )


def check(
    folder: Annotated[Path, typer.Argument(help="A campaign's folder (thư mục đợt).")],
) -> None:
    """Say all that is wrong in a campaign's files; exit 1 if anything is (kiểm tra thư mục
    đợt sinh hoạt)."""
    from warehouse.campaign_check import campaign_mistakes

    mistakes = campaign_mistakes(folder)
    for line in mistakes or _own_files(folder):
        print(line)
    print(
        f"{folder}: dùng được (can be used)"
        if not mistakes
        else f"{folder}: {len(mistakes)} chỗ phải sửa (mistakes); sửa rồi kiểm tra lại"
    )
    raise typer.Exit(bool(mistakes))


def _own_files(folder: Path) -> Iterator[str]:
    """A line for each own file of a campaign that can be used: what it adds."""
    from sources.campaigns import load_campaign
    from sources.own_files import FIGURES, RULES, TEMPLATE

    own = load_campaign(folder).own
    if own.rules or own.changes:
        added, changed = len(own.rules), len(own.changes)
        yield f"{RULES}: thêm {added}, đổi {changed} (rules added, changed)"
    if own.figures:
        yield f"{FIGURES}: thêm {len(own.figures)} (figures added)"
    if own.template:
        yield f"{TEMPLATE}: mẫu báo cáo của đợt (the template of this campaign)"


def _asked(given: str | None, question: str, option: str, read: Callable[[str], T]) -> T:
    """What the option gives, else what is answered at the terminal, asked again where it cannot be
    read; ends the call where the option cannot be read, or nobody can be asked.
    """
    try:
        if given:
            return read(given)
    except ValueError as error:
        wrong_call(f"{option} {error}")
    if not sys.stdin.isatty():
        wrong_call(
            f"thiếu {option} (is left out): thêm vào lệnh, hoặc chạy lệnh trong cửa sổ lệnh để được hỏi"
        )
    while True:
        try:
            return read(str(typer.prompt(question)))
        except ValueError as error:
            print(error, file=sys.stderr)


def _days(text: str) -> tuple[dt.date, dt.date]:
    first, _, last = text.partition("..")
    return _day(first), _day(last or first)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{text}: không phải là ngày (no day); ghi năm-tháng-ngày như {DEADLINE}, hai ngày như "
            f"{MEETINGS}"
        ) from None


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or "." not in key:
        wrong_call(
            f"--set {text}: ghi mục, khóa và giá trị (a key with its section), như document.place='Lục Ngạn'"
        )
    return key, value


def _write_forms(campaign: Campaign, folder: Path) -> None:
    from sources.blank_form import form_name, write_form

    folder.mkdir()
    for unit in campaign.registry.units:
        write_form(unit, campaign, folder / form_name(unit))
