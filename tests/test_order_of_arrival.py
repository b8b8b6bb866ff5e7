"""The order of files, and their grouping into nights, do not change the warehouse."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path
from random import Random

import duckdb
import pytest
from killed_nights import content
from made_books import Layout, laid_out
from made_files import written
from made_reports import CAMPAIGN, made_report

from flows import stages
from flows.night import parse_night

DAYS = [
    dt.datetime(2022, 4, day, hour, tzinfo=CAMPAIGN.zone)
    for day in (14, 16, 18)
    for hour in (8, 15)
]
AS_OF = "2022-04-19T20:00:00+07:00"


@pytest.fixture(scope="module")
def reports() -> dict[str, tuple[bytes, dt.datetime]]:
    """Five units' files by name, with their times: some late, one sent twice, one corrected later, one
    of nobody."""
    communes, organisations = CAMPAIGN.registry.communes, CAMPAIGN.registry.organisations
    files = {}
    for number, unit in enumerate((*communes[:4], organisations[0])):
        book = laid_out(
            made_report(unit, Random(number)), Layout(shuffled=True, totals="below"), Random(number)
        )
        files[f"{unit.code} a.xlsx"] = written(book, "xlsx"), DAYS[number % len(DAYS)]
    again = laid_out(made_report(communes[0], Random(9)), Layout(), Random(9))
    files[f"{communes[0].code} b.ods"] = written(again, "ods"), DAYS[3]
    files[f"{communes[1].code} b.xlsx"] = files[f"{communes[1].code} a.xlsx"][0], DAYS[5]
    files["không rõ.csv"] = b"Ten;So\n1;2\n", DAYS[2]
    return files


def a_home(
    folder: Path, files: dict[str, tuple[bytes, dt.datetime]], names: list[str], nights: list[str]
) -> Path:
    """A home after these nights, without the engine; the inbox filled in the order of `names`."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True)
    for name in names:
        data, moment = files[name]
        (inbox / name).write_bytes(data)
        os.utime(inbox / name, (moment.timestamp(), moment.timestamp()))
    for number, as_of in enumerate(nights):
        night = parse_night(
            str(inbox),
            str(folder / "home"),
            as_of,
            None,
            f"run{number}",
            dt.datetime.now(CAMPAIGN.zone),
        )
        night.home.folder.mkdir(exist_ok=True)
        stages.open_work(night)
        stages.collect(night)
        for at, chunk in enumerate(stages.list_unread(night)):
            stages.read(night, at, chunk, len(chunk))
        stages.validate(night)
        stages.build(night)
        shutil.copyfile(night.draft, folder / "home" / "warehouse.duckdb")
    return folder / "home"


@pytest.fixture(scope="module")
def at_once(reports, tmp_path_factory) -> dict[str, str]:
    """The content of the warehouse where all came in one night."""
    home = a_home(tmp_path_factory.mktemp("once"), reports, sorted(reports), [AS_OF])
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        statuses = con.execute(
            "SELECT status, count(*) FROM submission GROUP BY 1 ORDER BY 1"
        ).fetchall()
    assert dict(statuses) == {"accepted": 6, "duplicate": 1, "rejected": 1}
    return content(home)


def test_inbox_order_does_not_change_the_warehouse(reports, at_once, tmp_path) -> None:
    assert content(a_home(tmp_path, reports, sorted(reports, reverse=True), [AS_OF])) == at_once


def test_grouping_into_nights_does_not_change_the_warehouse(reports, at_once, tmp_path) -> None:
    nights = [
        "2022-04-14T22:30:00+07:00",
        "2022-04-16T12:00:00+07:00",
        "2022-04-18T22:30:00+07:00",
        AS_OF,
    ]
    assert (
        content(a_home(tmp_path, reports, Random(3).sample(sorted(reports), len(reports)), nights))
        == at_once
    )
