"""`tonghop decide`: refused without an existing target, applied by the next night."""

import datetime as dt
import shutil
import stat
from typing import NoReturn

import duckdb
import pytest
from desk_homes import MORNING, NAMELESS, NEXT, NIGHT, RETURNED, two_files
from killed_nights import run
from nights import Report, night_file
from test_cli import tonghop

from flows.commands.decision_checks import DecisionChecks
from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.decisions import DecisionLog, with_names
from sources.landing import Landing

WHY = "Đã gọi điện xác minh"


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """An inbox and a home after a night: one report that names no unit, and one with a date that is
    none."""
    folder = tmp_path_factory.mktemp("decide")
    inbox, home = two_files(folder), folder / "home"
    run(inbox, home, NIGHT)
    return inbox, home


def files(folder):
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        return {
            name: (status, unit)
            for name, status, unit in con.execute(
                "SELECT file_name, status, unit_code FROM submission"
            ).fetchall()
        }


REFUSED = [  # the call, and what its one line must say
    (("assign", "khong co.xlsx", "07552"), "chưa nhận tệp nào tên khong co.xlsx"),
    (("assign", NAMELESS, "1"), "không có đơn vị nào mã 1"),
    (("accept", RETURNED, "--rule", "not_a_count"), "tệp có lỗi: not_a_date (Ngày không hợp lệ)"),
    (("accept", NAMELESS, "--rule", "unit_unknown"), "tonghop decide assign"),
    (("accept", RETURNED, "--rule", "content_not_covered"), "không làm tệp bị trả lại"),
    (("accept", RETURNED, "--rule", "repeated_row"), "tệp không có lỗi như vậy"),
    (("accept", RETURNED), "thiếu --rule (tên lỗi); tệp có lỗi: not_a_date"),
    (("replace", RETURNED), "không thay được tệp nào"),
    (("rename", "07540", "Xã Tân Sơn"), "đã là tên của 07531"),
    (("settle", "youth_union", "07540", "219-DTN"), "chỉ chọn được giữa hai đơn vị"),
    (("settle", "doan", "07540", "219-DTN"), "youth_union (Đoàn TNCS Hồ Chí Minh)"),
    (("undo", "1"), "không có quyết định số 1"),
    (("withdraw", NAMELESS, "--at", NIGHT), "đã xong mà không có quyết định này"),
    (("withdraw", NAMELESS, "--at", "2200-01-01"), "chưa đến"),
    (("withdraw", NAMELESS, "--at", "mai"), "no ISO 8601 moment"),
    (("withdraw", NAMELESS, "--at", "9999-12-31T23:59:59-12:00"), "no year of a campaign"),
    (("withdraw", NAMELESS, "--at", "0001-01-01"), "no year of a campaign"),
    (("rename", "07540", "Xã {{ 7 * 7 }}"), "không phải là tên"),
    (("rename", "07540", "Xã {% for %}"), "không phải là tên"),
    (("alias", "07540", "Xã <b>"), "không phải là tên"),
    (("alias", "07540", "Xã A\x1b[31m\nB"), "không phải là tên"),
    (("rename", "07540", "Xã \u202eA"), "không phải là tên"),
    (("rename", "07540", "X" * 201), "không quá 200 chữ"),
]


@pytest.mark.parametrize(("call", "said"), REFUSED)
def test_decision_on_missing_target_is_refused_with_advice(evening, call, said):
    _, home = evening
    answer = tonghop("decide", *call, "--reason", WHY, "--home", home)
    assert (answer.returncode, said in answer.stderr) == (2, True), answer.stderr
    assert not (home / "decisions.jsonl").exists()


def test_decision_without_reason_is_refused(evening):
    _, home = evening
    for given in ((), ("--reason", " ")):
        answer = tonghop("decide", "withdraw", NAMELESS, *given, "--home", home)
        assert (answer.returncode, "hãy ghi lý do" in answer.stderr) == (2, True), answer.stderr


def test_list_of_missing_home_is_an_error(tmp_path):
    answer = tonghop("decide", "list", "--home", tmp_path / "hom")
    assert (answer.returncode, "chưa có kho số liệu" in answer.stderr) == (2, True), answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_decisions_apply_to_next_night_but_not_to_earlier_ones(evening):
    inbox, home = evening
    for call in (
        ("assign", NAMELESS, "07552"),
        ("accept", RETURNED, "--rule", "not_a_date"),
        ("alias", "07525", "Phố Kim"),
    ):
        answer = tonghop(
            "decide", *call, "--reason", WHY, "--at", MORNING, "--account", "canbo1", "--home", home
        )
        assert answer.returncode == 0, answer.stderr
    assert stat.S_IMODE((home / "decisions.jsonl").stat().st_mode) == 0o600
    before = {NAMELESS: ("rejected", None), RETURNED: ("returned", "07603")}
    assert files(home) == before, "nothing changes before the next night"
    run(inbox, home, NEXT)
    assert files(home) == {NAMELESS: ("accepted", "07552"), RETURNED: ("accepted", "07603")}
    asked = tonghop("why", "PL1.B4", "--home", home)
    assert (asked.returncode, asked.stderr) == (0, ""), (
        "a name that an officer gave makes no other campaign"
    )
    run(inbox, home, NIGHT)
    assert files(home / "reports" / NIGHT[:10]) == before, "that night did not know"
    assert files(home) != before, "and it leaves today's numbers alone"
    listed = tonghop("decide", "list", "--home", home).stdout.splitlines()
    assert len(listed) == 3
    assert f"Giao tệp: “{NAMELESS}”, 07552" in listed[0]
    assert "canbo1" in listed[0] and WHY in listed[0] and "đang áp dụng" in listed[0]


class Refused(Exception):
    """What the desk says where it refuses."""


def refuse(said: str) -> NoReturn:
    raise Refused(said)


NOON = dt.datetime(2022, 4, 12, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def name(
    home,
    unit: str,
    called: str,
    at: dt.datetime | None,
    now: dt.datetime,
    campaign=DEFAULT_CAMPAIGN,
):
    desk = DecisionChecks(home, campaign, refuse)
    about = {"unit_code": desk.unit(unit), "name": desk.new_name(unit, called)}
    return desk.record("rename", "canbo", WHY, at and at.isoformat(), now, about)


def test_replace_is_refused_for_a_file_that_counts_in_full(tmp_path):
    rows = [
        {
            "name": f"Chi bộ {name}",
            "held_on": "2022-04-05",
            "members_total": 20,
            "members_attended": 18,
        }
        for name in "AB"
    ]
    reports = [
        Report("07540", f"2022-04-{day}T08:00:00+07:00", cells=cells, named=named)
        for day, named, cells in ((10, "first", rows), (11, "part", rows[:1]), (12, "whole", rows))
    ]
    night_file(tmp_path, load_campaign(), reports, NEXT)
    desk = DecisionChecks(tmp_path, DEFAULT_CAMPAIGN, refuse)
    desk.check_replaceable("part")
    with pytest.raises(Refused, match="đã được tính đủ"):
        desk.check_replaceable("whole")


def undo(home, number: int, now: dt.datetime):
    desk = DecisionChecks(home, DEFAULT_CAMPAIGN, refuse)
    desk.check_undoable(number)
    return desk.record("undo", "canbo", WHY, None, now, {"undoes": number})


def test_undone_name_cannot_end_up_with_two_units(tmp_path):
    name(tmp_path, "07540", "Xã Mới", None, NOON)
    undo(tmp_path, 1, NOON + 2 * HOUR)
    # in the hours when 07540 was called so
    with pytest.raises(Refused, match="quyết định số 2 có hiệu lực từ"):
        name(tmp_path, "07531", "Xã Mới", NOON + HOUR, NOON + 3 * HOUR)
    name(tmp_path, "07531", "Xã Mới", None, NOON + 3 * HOUR)
    log = DecisionLog(tmp_path)
    for moment in (d.holds_from for d in log.recorded()):
        names = [
            n
            for u in with_names(load_campaign(), log.recorded(moment)).registry.units
            for n in u.folded_names
        ]
        assert names.count("xa moi") <= 1, moment


def test_name_shared_by_two_units_is_refused_for_a_third(tmp_path):
    folder = tmp_path / "campaign"
    shutil.copytree(DEFAULT_CAMPAIGN, folder)
    units = (folder / "units.csv").read_text(encoding="utf-8")
    for unit in ("xã Xa Lý", "xã Tân Sơn"):
        units = units.replace(f"Đảng ủy {unit}|", f"Đảng ủy {unit}|Trung Tâm|")
    (folder / "units.csv").write_text(units, encoding="utf-8")
    with pytest.raises(Refused, match="đã là tên của 075"):
        name(tmp_path, "07528", "Trung tâm", None, NOON, campaign=folder)


def test_decision_does_not_change_a_night_run_for_a_future_moment(tmp_path):
    Landing(tmp_path).record_night(NOON + HOUR, NOON)
    for at in (None, NOON):
        with pytest.raises(Refused, match="là lúc chưa tới"):
            name(tmp_path, "07540", "Xã Mới", at, NOON)
    assert DecisionLog(tmp_path).recorded() == []
    assert name(tmp_path, "07540", "Xã Mới", None, NOON + 2 * HOUR).holds_from > NOON + HOUR
