"""When a file was received: what is unlikely is said, and an officer's word settles it."""

import dataclasses
import datetime as dt

import pytest
from nights import Report, fetch, night, one
from test_decide_command import Refused, refuse
from test_decisions import CAMPAIGN, NIGHT, decided
from test_landing import collect, drop

from flows.commands.decision_checks import DecisionChecks
from sources.campaigns import DEFAULT_CAMPAIGN
from sources.decisions import DecisionLog
from warehouse.reports.decision_texts import decision_texts

TOTALS = {"cells_total": 9, "cells_held": 9}
OLD = Report("07540", "2021-01-01T08:00:00+07:00", info=TOTALS)  # a camera's clock
LATE = Report("07540", "2022-04-19T08:00:00+07:00", info=TOTALS)  # copied the day after
ON_TIME = "2022-04-15T09:30:00+07:00"


def received(report: Report, time: str, sha256: str = ""):
    return decided(
        1,
        "received",
        submission_id=report.submission_id,
        sha256=sha256 or report.sha256,
        received_at=time,
    )


@pytest.mark.parametrize(
    ("report", "decision", "findings", "on_time"),
    [
        (OLD, None, [("received_unlikely", None)], True),
        (OLD, "2022-04-19T07:00:00+07:00", [], False),
        (OLD, "2022-04-01T08:00:00+07:00", [("received_unlikely", 1)], True),
        (LATE, None, [], False),
        (LATE, ON_TIME, [], True),
    ],
)
def test_officer_settles_when_a_file_was_received(tmp_path, report, decision, findings, on_time):
    decisions = [received(report, decision)] if decision else []
    con = night(tmp_path, CAMPAIGN, [report], NIGHT, decisions)
    rule = "SELECT rule, decision_id FROM finding WHERE rule LIKE 'received%'"
    assert fetch(con, rule) == findings
    assert one(con, "SELECT on_time FROM unit_status WHERE unit_code = '07540'") == on_time
    told = dt.datetime.fromisoformat(decision or report.received_at)
    assert one(con, "SELECT received_at FROM submission") == told
    assert fetch(con, "SELECT state FROM decision") == [("in_force",)] * len(decisions)


def test_decision_on_receipt_speaks_of_one_content(tmp_path):
    con = night(tmp_path, CAMPAIGN, [LATE], NIGHT, [received(LATE, ON_TIME, "another")])
    assert one(con, "SELECT on_time FROM unit_status WHERE unit_code = '07540'") is False
    assert one(con, "SELECT state FROM decision") == "unmatched"


def test_decision_on_receipt_is_listed_with_its_time(tmp_path):
    con = night(tmp_path, CAMPAIGN, [LATE], NIGHT, [received(LATE, ON_TIME)])
    (text,) = decision_texts(con, CAMPAIGN)
    assert (text.unit, text.named) == ("Xã Xa Lý", "09:30 ngày 15/04/2022")


def test_time_of_receipt_after_the_decision_is_refused(tmp_path):
    inbox, now = tmp_path / "inbox", dt.datetime(2022, 4, 18, 1, tzinfo=dt.UTC)
    inbox.mkdir()
    drop(inbox, "BC.xlsx")
    _, landed = collect(inbox, tmp_path / "home")
    desk = DecisionChecks(tmp_path / "home", DEFAULT_CAMPAIGN, refuse)
    name = desk.file("BC.xlsx")
    with pytest.raises(Refused, match="phải trước lúc quyết định có hiệu lực"):
        desk.received(name, "2022-04-18T09:00", None, now)
    about = {"submission_id": name, **desk.received(name, "2022-04-15T09:30", None, now)}
    desk.record("received", "canbo", "đã ký nhận", None, now, about)
    (decision,) = DecisionLog(tmp_path / "home").recorded()
    assert decision.received_at == dt.datetime.fromisoformat(ON_TIME)
    assert decision.sha256 == landed.new[0].sha256


def test_file_of_a_future_time_is_flagged_until_decided(tmp_path):
    moment = "2022-04-17T20:00:00+07:00"
    ahead = dataclasses.replace(LATE, received_at=moment, own_time="2031-01-05T08:00:00+07:00")
    con = night(tmp_path / "1", CAMPAIGN, [ahead], NIGHT)
    message = one(con, "SELECT message FROM finding WHERE rule = 'received_unlikely'")
    assert "20:00 ngày 17/04/2022 là lúc thấy tệp lần đầu" in message
    assert "chưa tới (08:00 ngày 05/01/2031)" in message
    con = night(tmp_path / "2", CAMPAIGN, [ahead], NIGHT, [received(ahead, ON_TIME)])
    assert fetch(con, "SELECT 1 FROM finding WHERE rule = 'received_unlikely'") == []
