"""A past moment by the command: its files lie beside the newest ones, which stay as they are."""

import datetime as dt
import os
import subprocess

import pytest
from rerun_nights import run_night
from smtp_server import PASSWORD, post_office
from test_cli import TONGHOP, tonghop

from flows.home.layout import Home
from flows.mailing.reminders import reason_not_to_remind

NEWEST = "2022-04-19T20:00:00+07:00"
FILES = {
    "Xã Tân Sơn.csv": "2022-04-15T08:00:00+07:00",
    "Xã Xa Lý.csv": "2022-04-16T08:00:00+07:00",
    "Xã Quý Sơn.csv": "2022-04-17T08:00:00+07:00",
}
REPORT = "Đơn vị báo cáo,{}\nTổng số chi bộ trực thuộc,9\nSố chi bộ đã tổ chức sinh hoạt,9\n"


@pytest.fixture(scope="module")
def filled_back(tmp_path_factory):
    """Inbox and home after a night of 19/4 and a backfill of 15/4 and 16/4, with what that said."""
    folder = tmp_path_factory.mktemp("past")
    inbox, home = folder / "inbox", folder / "home"
    inbox.mkdir()
    for name, received in FILES.items():
        (inbox / name).write_text(REPORT.format(name.removesuffix(".csv")), encoding="utf-8")
        moment = dt.datetime.fromisoformat(received).timestamp()
        os.utime(inbox / name, (moment, moment))
    run_night(inbox, home, NEWEST)
    before = (home / "warehouse.duckdb").stat().st_ino, (home / "feedback").stat().st_ino
    call = ("backfill", "2022-04-15", "2022-04-16", "--inbox", inbox, "--home", home)
    answer = subprocess.run([TONGHOP, *call], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    return inbox, home, before, answer.stdout


def counted(home, *options):
    query = "SELECT count(*) FROM submission"
    answer = tonghop("sql", "--csv", query, "--home", home, *options)
    assert answer.returncode == 0, answer.stderr
    return int(answer.stdout.split()[-1])


def test_backfill_leaves_the_newest_warehouse_and_feedback_alone(filled_back):
    _, home, before, said = filled_back
    assert ((home / "warehouse.duckdb").stat().st_ino, (home / "feedback").stat().st_ino) == before
    assert counted(home) == 3
    assert said.count("Đây là thời điểm đã qua") == 2
    assert said.index("ngày 15/04/2022") < said.index("ngày 16/04/2022")
    for day in ("2022-04-15", "2022-04-16"):
        assert (home / "reports" / day / "bao-cao-tong-hop.docx").is_file()


def test_sql_asks_the_warehouse_of_a_day(filled_back):
    _, home, _, _ = filled_back
    days = ("2022-04-15", "2022-04-16", "2022-04-19", "2022-04-19T20:00")
    assert [counted(home, "--as-of", day) for day in days] == [1, 2, 3, 3]
    answer = tonghop("sql", "SELECT 1", "--home", home, "--as-of", "2022-04-17")
    assert (answer.returncode, "tonghop nightly --inbox" in answer.stderr) == (2, True)


def test_reminders_are_of_the_newest_moment_and_of_no_past_one(filled_back):
    home, newest = Home(filled_back[1]), dt.datetime.fromisoformat(NEWEST)
    minute = dt.timedelta(minutes=1)
    assert reason_not_to_remind(home, newest) is None
    assert reason_not_to_remind(home, newest, newest + minute) is None
    assert "20:00 ngày 19/04/2022" in reason_not_to_remind(home, newest, newest + 60 * minute)
    assert "nobody is reminded" in reason_not_to_remind(home, newest - minute)


def test_command_reminds_nobody_as_of_a_past_moment(filled_back, tmp_path):
    inbox, home, _, _ = filled_back
    call = ("remind", "--inbox", inbox, "--home", home, "--as-of", "2022-04-16T12:00")
    with post_office(tmp_path) as office:
        server = {"TONGHOP_SMTP": office.address, "TONGHOP_SMTP_PASSWORD": PASSWORD}
        answer = subprocess.run(
            [TONGHOP, *call], capture_output=True, text=True, env={**os.environ, **server}
        )
    assert (answer.returncode, "nobody is reminded" in answer.stderr) == (1, True), answer.stderr
    assert office.came == [] and not (home / "notices.jsonl").exists()


WRONG_DAYS = [
    ("2022-04-16", "2022-04-15", "the earlier one first"),
    ("2022-04-16", "2199-01-01", "none in the future"),
    ("hôm qua", "2022-04-16", "ghi ngày như"),
    ("2012-04-16", "2022-04-16", "too many days"),
]


@pytest.mark.parametrize(("first", "last", "said"), WRONG_DAYS)
def test_backfill_of_wrong_days_is_refused_with_advice(tmp_path, first, last, said):
    answer = tonghop("backfill", first, last, "--inbox", tmp_path, "--home", tmp_path.parent / "h")
    assert (answer.returncode, said in answer.stderr) == (2, True), answer.stderr
