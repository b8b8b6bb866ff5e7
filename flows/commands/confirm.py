"""`tonghop confirm`: the values of a scan beside their pictures, and an officer's answers about
them."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

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
    from flows.commands.confirmed_answers import pictures_of, record_answers, recorded_words
    from flows.commands.decision_checks import DecisionChecks
    from sources.campaigns import DEFAULT_CAMPAIGN
    from sources.landing import Landing
    from warehouse.ask import open_warehouse
    from warehouse.reports.confirm_page import confirm_page, waiting_values

    folder = open_home(home).folder
    checks = DecisionChecks(folder, campaign or DEFAULT_CAMPAIGN, refuse_call)
    submission_id = checks.file(file)
    with open_warehouse(folder / "warehouse.duckdb") as con:
        values = waiting_values(con, submission_id)
    if not values:
        wrong_call(f"{file}: tệp này không có giá trị nào chờ xác nhận (nothing waits)")
    if answers is not None:
        check_moment(at, "--at")
        text = sys.stdin.read() if str(answers) == "-" else answers.read_text(encoding="utf-8-sig")
        who = account or getpass.getuser()
        decisions = record_answers(checks, wrong_call, values, text, loaded, at, who)
        print(recorded_words(decisions, len(values) - len(decisions)))
    else:
        name = Path(Landing(folder).file_names[submission_id]).name
        target = out or Path(f"{name} - xác nhận.html")
        page = confirm_page(loaded, name, values, pictures_of(folder, values))
        target.write_text(page, encoding="utf-8")
        print(target)
