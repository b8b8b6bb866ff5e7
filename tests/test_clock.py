"""Time is never believed blindly: a night of a wrong moment or clock stops, and leaves no harm."""

import dataclasses
import datetime as dt
import json
import os

import pytest
from test_cli import tonghop
from test_landing import drop

from flows import stages
from flows.clock import MAX_GAP, ClockReading, WrongTimeError, check_clock, nights_after
from flows.night import parse_night
from sources.landing import Landing
from sources.nights import NightLog, RecordedNight
from sources.wrong_times import held_up_arrivals, set_right

NOW = dt.datetime(2026, 5, 4, 15, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def night_of(home, as_of=NOW, started=NOW, inbox="inbox"):
    return parse_night(inbox, str(home), as_of.isoformat(), None, "run", started)


def record(home, as_of, started=None):
    Landing(home).record_night(as_of, started or as_of)


def ids(home, as_of):
    return {a.file_name for a in Landing(home).arrivals(as_of)}


def collect(inbox, home, as_of):
    stages.collect(night_of(home, as_of, inbox=str(inbox)))


def test_moment_in_the_future_is_refused(home):
    with pytest.raises(WrongTimeError, match=r"chưa tới.*in the future"):
        check_clock(night_of(home, NOW + HOUR), ClockReading(NOW))
    assert not list(home.iterdir())


@pytest.mark.parametrize("as_of", [NOW, NOW + MINUTE, NOW - 1000 * DAY])
def test_first_night_may_be_of_any_past_moment(home, as_of):
    check_clock(night_of(home, as_of), ClockReading(NOW))
    assert json.loads((home / "clock.json").read_text())["now"] == NOW.isoformat()


LATER_NIGHTS = {
    "a night started after the clock": (NOW - DAY, NOW + HOUR),
    "a night reports a moment after the clock": (NOW + 1000 * DAY, NOW - DAY),
}


@pytest.mark.parametrize("case", LATER_NIGHTS)
def test_clock_before_a_recorded_night_is_refused_with_the_remedy(home, case):
    record(home, *LATER_NIGHTS[case])
    with pytest.raises(WrongTimeError, match=r"the clock went back.*tonghop heal-time --home"):
        check_clock(night_of(home), ClockReading(NOW))


def test_retry_of_an_older_run_is_no_clock_that_went_back(home):
    record(home, NOW - HOUR)
    check_clock(night_of(home, NOW - 2 * HOUR, NOW - 2 * HOUR), ClockReading(NOW))


def test_clock_ahead_of_the_machine_is_refused_until_confirmed(home):
    check_clock(night_of(home), ClockReading(NOW, "boot", 100.0))
    later = NOW + 3 * DAY
    with pytest.raises(WrongTimeError, match="seems to be ahead"):
        check_clock(night_of(home, later, later), ClockReading(later, "boot", 3700.0))
    check_clock(night_of(home, later, later), ClockReading(later, "boot", 100.0 + 3 * 86_400))
    week = later + 7 * DAY
    check_clock(night_of(home, week, week), ClockReading(week, "another boot", 5.0))


def test_clock_half_a_year_after_the_last_night_is_refused(home):
    record(home, NOW - MAX_GAP - DAY)
    with pytest.raises(WrongTimeError, match="seems to be ahead"):
        check_clock(night_of(home), ClockReading(NOW))
    check_clock(night_of(home, NOW - MAX_GAP), ClockReading(NOW))  # a past moment depends on none


def test_damaged_memory_of_the_clock_stops_no_night(home):
    (home / "clock.json").write_text('{"now": 3, "boot": ')
    check_clock(night_of(home), ClockReading(NOW))


def freeze(tmp_path, home):
    """Nights of yesterday and of 2030, then files that arrive and one that is copied in late."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    drop(inbox, "trước.xlsx", b"1", NOW - 2 * DAY)
    collect(inbox, home, NOW - DAY)
    record(home, NOW + 1000 * DAY, NOW - 20 * HOUR)
    drop(inbox, "sau.xlsx", b"2", NOW - 2 * HOUR)
    drop(inbox, "chép muộn.xlsx", b"3", NOW - 3 * DAY)
    collect(inbox, home, NOW - HOUR)
    return inbox


def test_frozen_home_counts_what_came_since_once_healed(tmp_path, home):
    inbox = freeze(tmp_path, home)
    assert ids(home, NOW) == {"trước.xlsx"}
    log, landing = NightLog(home), Landing(home)
    wrong = nights_after(log, NOW)
    set_right(log, landing, wrong, held_up_arrivals(landing, wrong, NOW), "canbo", "sai năm", NOW)
    assert ids(home, NOW) == {"trước.xlsx", "sau.xlsx", "chép muộn.xlsx"}
    assert ids(home, NOW - DAY) == {"trước.xlsx"}, "that night stays as it was"
    check_clock(night_of(home), ClockReading(NOW))
    collect(inbox, home, NOW)
    assert len(Landing(home).known()) == 3


def test_healing_changes_no_line_and_records_who_and_why(tmp_path, home):
    freeze(tmp_path, home)
    ledgers = [home / "nights.jsonl", home / "landed" / "arrivals.jsonl"]
    before = [path.read_bytes() for path in ledgers]
    log, landing = NightLog(home), Landing(home)
    wrong = nights_after(log, NOW)
    set_right(log, landing, wrong, held_up_arrivals(landing, wrong, NOW), "canbo", "sai năm", NOW)
    after = [path.read_bytes() for path in ledgers]
    assert all(new.startswith(old) and new != old for old, new in zip(before, after, strict=True))
    last = json.loads(after[0].splitlines()[-1])
    assert (last["account"], last["reason"]) == ("canbo", "sai năm")
    assert NightLog(home).withdrawn == [RecordedNight(NOW + 1000 * DAY, NOW - 20 * HOUR)]
    assert held_up_arrivals(Landing(home), [], NOW) == []


def test_night_of_a_past_moment_by_a_clock_ahead_stays_once_healed(home):
    record(home, NOW - DAY, NOW + 400 * DAY)
    log = NightLog(home)
    set_right(log, Landing(home), nights_after(log, NOW), [], "canbo", "sai năm", NOW)
    assert NightLog(home).nights == [RecordedNight(NOW - DAY, NOW)]
    check_clock(night_of(home), ClockReading(NOW))


def test_file_of_a_future_time_is_received_when_first_seen(tmp_path, home, caplog):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    drop(inbox, "năm sau.xlsx", at=dt.datetime(2199, 1, 1, tzinfo=dt.UTC))
    for as_of in (NOW - 2 * DAY, NOW - DAY):
        collect(inbox, home, as_of)
    (arrival,) = Landing(home).known()
    assert (arrival.received_at, arrival.own_time.year) == (NOW - 2 * DAY, 2199)
    (said,) = [r.getMessage() for r in caplog.records if "năm sau.xlsx" in r.getMessage()]
    assert "22:00 ngày 02/05/2026" in said and "tonghop decide received" in said
    assert ids(home, NOW - 3 * DAY) == set()


def test_file_of_a_future_time_in_a_past_night_counts_from_the_newest(tmp_path, home):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    collect(inbox, home, NOW)
    drop(inbox, "năm sau.xlsx", at=dt.datetime(2199, 1, 1, tzinfo=dt.UTC))
    collect(inbox, home, NOW - DAY)
    assert (ids(home, NOW - DAY), ids(home, NOW)) == (set(), {"năm sau.xlsx"})


def test_files_newer_than_a_past_moment_are_just_not_there_yet(tmp_path, home):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(4):
        drop(inbox, f"{number}.xlsx", at=NOW - HOUR * number)
    collect(inbox, home, NOW - 30 * DAY)
    assert Landing(home).known() == []


def test_files_known_to_be_dated_ahead_stop_no_later_night(tmp_path, home):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    right = [drop(inbox, f"đúng {n}.xlsx", b"%d" % n, NOW - n * DAY) for n in range(1, 5)]
    for number in range(3):
        drop(inbox, f"{number}.xlsx", at=dt.datetime(2199, 1, number + 1, tzinfo=dt.UTC))
    collect(inbox, home, NOW)
    for path in right:
        path.unlink()
    collect(inbox, home, NOW + DAY)
    assert len(Landing(home).known()) == 7


def test_clock_behind_most_files_lands_nothing(tmp_path, home):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number in range(3):
        drop(inbox, f"{number}.xlsx", at=dt.datetime(2199, 1, number + 1, tzinfo=dt.UTC))
    with pytest.raises(WrongTimeError, match=r"3 trong 3 tệp.*it is behind"):
        collect(inbox, home, NOW)
    assert Landing(home).known() == [] and not (home / "nights.jsonl").exists()


def test_command_refuses_a_moment_in_the_future_and_heals_a_frozen_home(tmp_path, home):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "BC.txt").write_text("x")
    os.utime(inbox / "BC.txt", (NOW.timestamp(), NOW.timestamp()))
    call = ("nightly", "--inbox", inbox, "--home", home)
    answer = tonghop(*call, "--as-of", "2099-01-01")
    assert (answer.returncode, "is in the future" in answer.stderr) == (1, True), answer.stderr
    assert not (home / "nights.jsonl").exists() and not (home / "landed").exists()
    future = RecordedNight(*[dt.datetime(2099, 1, 1, tzinfo=dt.UTC)] * 2)
    NightLog(home).add(future)
    answer = tonghop(*call)
    assert (answer.returncode, "tonghop heal-time" in answer.stderr) == (1, True), answer.stderr
    shown = tonghop("heal-time", "--home", home)
    assert (shown.returncode, "Sẽ hủy lần tổng hợp" in shown.stdout) == (0, True), shown.stderr
    assert NightLog(home).nights == [future]
    assert tonghop("heal-time", "--home", home, "--yes").returncode == 0
    assert NightLog(home).nights == []
    assert dataclasses.asdict(NightLog(home).withdrawn[0])["as_of"].year == 2099
