"""`tonghop confirm`: the values of a scan beside their pictures, and an officer's answers about
them."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.decide import Account, At, File, refuse_call
from flows.commands.options import (
    HOME,
    CampaignOption,
    HomeOption,
    campaign_of_home,
    check_moment,
    open_home,
    published_warehouse,
    wrong_call,
)

if TYPE_CHECKING:
    from flows.commands.decision_checks import DecisionChecks
    from sources.campaigns import Campaign
    from warehouse.reports.confirm_page import WaitingValue

_KEYS = ("sha256", "page", "box", "section", "field")
REASON = "Đối chiếu với ảnh của trang"


def confirm(
    file: File,
    answers: Annotated[
        Path | None,
        typer.Option(
            help="The answers that the page has made, as a file; - reads them from the input (kết quả xác nhận)."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The page to write; beside where you are when left out.")
    ] = None,
    home: HomeOption = HOME,
    campaign: CampaignOption = None,
    at: At = None,
    account: Account = None,
) -> None:
    """Write the page on which an officer confirms what was read from a scan, or record its answers
    (xác nhận bản quét)."""
    published_warehouse(home)
    loaded = campaign_of_home(home, campaign)
    from flows.commands.decision_checks import DecisionChecks
    from sources.campaigns import DEFAULT_CAMPAIGN
    from sources.landing import Landing
    from warehouse.ask import open_warehouse
    from warehouse.reports.confirm_page import waiting_values

    folder = open_home(home).folder
    desk = DecisionChecks(folder, campaign or DEFAULT_CAMPAIGN, refuse_call)
    submission_id = desk.file(file)
    with open_warehouse(folder / "warehouse.duckdb") as con:
        values = waiting_values(con, submission_id)
    if not values:
        wrong_call(f"{file}: tệp này không có giá trị nào chờ xác nhận (nothing waits)")
    if answers is not None:
        check_moment(at, "--at")
        _record(desk, values, answers, loaded, at, account or getpass.getuser())
    else:
        name = Path(Landing(folder).file_names[submission_id]).name
        target = out or Path(f"{name} - xác nhận.html")
        target.write_text(_page(folder, loaded, name, values), encoding="utf-8")
        print(target)


def _page(folder: Path, campaign: Campaign, name: str, values: list[WaitingValue]) -> str:
    from sources.children.pictures import cut_pictures
    from sources.landing import Landing
    from warehouse.reports.confirm_page import confirm_page

    pictures = cut_pictures(
        Landing(folder).original(values[0].sha256), [(value.page, value.box) for value in values]
    )
    return confirm_page(campaign, name, values, pictures)


def _record(
    desk: DecisionChecks,
    values: list[WaitingValue],
    answers: Path,
    campaign: Campaign,
    at: str | None,
    account: str,
) -> None:
    """Records all answers or none; ends the call at the first that is no value of its field, or
    about nothing that waits."""
    from sources.page_boxes import box_text

    text = sys.stdin.read() if str(answers) == "-" else answers.read_text(encoding="utf-8-sig")
    waiting = {(v.sha256, v.page, box_text(v.box), v.section, v.field): v for v in values}
    subjects = [
        _checked(line, number, waiting, campaign)
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip()
    ]
    if not subjects:
        wrong_call(f"{answers}: không có kết quả nào; hãy xác nhận trên trang rồi lưu lại")
    decisions = desk.record_all("confirm", account, REASON, at, dt.datetime.now(dt.UTC), subjects)
    print(
        f"Đã ghi {len(decisions)} xác nhận (quyết định số {decisions[0].decision_id} đến "
        f"{decisions[-1].decision_id}); áp dụng từ lần tổng hợp tới (tonghop nightly). "
        f"Còn chờ: {len(values) - len(decisions)} giá trị."
    )


def _checked(
    line: str, number: int, waiting: dict[tuple[Any, ...], WaitingValue], campaign: Campaign
) -> dict[str, Any]:
    from expectations.scans import type_answer
    from sources.extraction.cell_types import Untyped
    from sources.extraction.people import hide_names
    from sources.text import visible

    try:
        answer = json.loads(line)
        subject = {key: answer[key] for key in _KEYS}
        value = str(answer["value"]).strip()
    except (ValueError, KeyError, TypeError):
        wrong_call(f"dòng {number}: không phải kết quả của trang xác nhận")
    about = waiting.get(tuple(subject.values()))
    if about is None:
        wrong_call(f"dòng {number}: không có giá trị nào như vậy đang chờ xác nhận của tệp này")
    field = campaign.form.by_key[about.section].by_key[about.field]
    if value != about.raw.strip() and isinstance(type_answer(value, field, campaign), Untyped):
        wrong_call(
            f"dòng {number}: “{visible(value, line_breaks=False)}” không phải là một giá trị của “{field.label}”"
        )
    if field.type == "text":
        value = hide_names(value, campaign.form.words.name_titles)
    return {**subject, "value": value}
