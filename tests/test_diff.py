"""`tonghop diff`: which figures changed between two nights, and because of which file."""

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from nights import Report, night_file
from rerun_nights import FOUR_NIGHTS, add_to_inbox, run_night, write_two_samples

from flows.home.layout import Home
from flows.home.lock import lock_home
from flows.past_nights import resolve_moment
from sources.campaigns import load_campaign
from sources.ledger import Ledger
from warehouse.difference_report import difference_csv, difference_lines
from warehouse.differences import FigureChange, differences

TONGHOP = Path(sys.executable).with_name("tonghop")
CAMPAIGN = load_campaign()
XA_LY, TAN_SON, CAM_SON, YOUTH = "07540", "07531", "07528", "219-DTN"
TEN, ELEVEN, TWELVE, LATE = (f"2022-04-{day}T08:00:00+07:00" for day in (10, 11, 12, 18))


def cell(name: str, attended: int | None) -> dict:
    return {
        "name": name,
        "held_on": "2022-04-05",
        "mode": "separate",
        "members_total": 20,
        "members_attended": attended,
    }


def line(commune: str, held: int) -> dict:
    return {
        "organisation": "youth_union",
        "commune": commune,
        "branches_total": 9,
        "branches_held": held,
        "first_on": "2022-04-05",
        "last_on": "2022-04-06",
    }


BEFORE = [
    Report(
        XA_LY,
        TEN,
        file="a.xlsx",
        info={"news_items": 4},
        cells=[cell("A", 15), cell("B", 15)],
        orgs=[line(XA_LY, 7)],
    ),
    Report(TAN_SON, TEN, file="sai.xlsx", cells=[cell("A", 40)]),
]
AFTER = [
    Report(XA_LY, ELEVEN, file="số người dự.xlsx", cells=[cell("A", 16), cell("B", 15)]),
    Report(XA_LY, TWELVE, file="tin bài.xlsx", info={"news_items": 6}),
    Report(TAN_SON, LATE, file="sửa.xlsx", cells=[cell("A", 18)]),
    Report(CAM_SON, ELEVEN, file="=sai.xlsx", cells=[cell("A", 40)]),
    Report(YOUTH, ELEVEN, file="đoàn.xlsx", orgs=[line(XA_LY, 8)]),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("diff")
    old = night_file(folder / "old", CAMPAIGN, BEFORE, "2022-04-10T20:00:00+07:00")
    new = night_file(folder / "new", CAMPAIGN, BEFORE + AFTER, "2022-04-19T20:00:00+07:00")
    return differences(old, new, CAMPAIGN)


def behind(found, figure: str) -> list[tuple]:
    (change,) = (change for change in found.figures if change.figure == figure)
    return [(s.unit_code, s.old, s.new, [f.file_name for f in s.files]) for s in change.shares]


THROUGH = [  # a figure, and of each unit whose share changed: before, after, and the files that answer for it
    (
        "members_attended",
        [(TAN_SON, None, "18", ["sửa.xlsx"]), (XA_LY, "30", "31", ["số người dự.xlsx"])],
    ),
    (
        "members_attended_share",
        [(TAN_SON, None, "18/20", ["sửa.xlsx"]), (XA_LY, "30/40", "31/40", ["số người dự.xlsx"])],
    ),
    ("news_items", [(XA_LY, "4", "6", ["tin bài.xlsx"])]),
    ("org_branches_held", [(XA_LY, "7", None, ["đoàn.xlsx"]), (YOUTH, None, "8", ["đoàn.xlsx"])]),
    ("units_reported", [(TAN_SON, None, "1", ["sửa.xlsx"]), (YOUTH, None, "1", ["đoàn.xlsx"])]),
    (
        "units_reported_share",
        [(TAN_SON, "0/1", "1/1", ["sửa.xlsx"]), (YOUTH, "0/1", "1/1", ["đoàn.xlsx"])],
    ),
    ("units_late", [(TAN_SON, None, "1", ["sửa.xlsx"])]),
]


@pytest.mark.parametrize(("figure", "expected"), THROUGH)
def test_changed_figure_names_units_and_files_that_changed_it(found, figure, expected):
    assert sorted(behind(found, figure)) == sorted(expected)


def test_share_of_marks_names_units_and_a_known_nothing_is_zero(tmp_path):
    def report(at: str, held_on: str | None, candidate: bool) -> Report:
        military = {**cell("Quân sự", None), "kind": "military", "held_on": held_on, "mode": None}
        village = {"name": "Một", "head_is_party": True, "candidate_is_party": candidate}
        return Report(XA_LY, at, file="sửa.xlsx", cells=[military], villages=[village])

    reports = [report(TEN, None, False), report(ELEVEN, "2022-04-05", True)]
    old = night_file(tmp_path / "old", CAMPAIGN, reports[:1], "2022-04-10T20:00:00+07:00")
    new = night_file(tmp_path / "new", CAMPAIGN, reports, "2022-04-19T20:00:00+07:00")
    found = differences(old, new, CAMPAIGN)
    for figure, before, after in (
        ("cells_listed_held.military", "0", "1"),
        ("cells_listed_held_share.military", "0/1", "1/1"),
        ("candidates_compared_share", "0/1", "1/1"),
        ("heads_change_points", "0/1/1", "1/1/1"),
    ):
        assert behind(found, figure) == [(XA_LY, before, after, ["sửa.xlsx"])]


def test_unit_status_changes_are_listed_with_files(found):
    changes = {u.unit_code: (u.old, u.new, [f.file_name for f in u.files]) for u in found.units}
    assert changes == {
        TAN_SON: (("returned", None), ("accepted", False), ["sửa.xlsx"]),
        CAM_SON: (("missing", None), ("returned", None), ["=sai.xlsx"]),
        YOUTH: (("missing", None), ("accepted", True), ["đoàn.xlsx"]),
    }


def test_output_is_vietnamese_lines_or_csv_without_formulas(found):
    lines = list(difference_lines(found))
    assert lines[0] == "Từ 20:00 ngày 10/04/2022 đến 20:00 ngày 19/04/2022."
    assert lines[1:3] == [
        "Đã có báo cáo được tổng hợp (2 đơn vị): Xã Tân Sơn (nộp muộn), Huyện đoàn.",
        "Báo cáo bị trả lại, chưa gửi lại (1 đơn vị): Xã Cấm Sơn.",
    ]
    summary = lines[3 : lines.index("CHI TIẾT")]
    assert "- Số đảng viên dự sinh hoạt: 30 → 49; do Xã Tân Sơn tăng 18, Xã Xa Lý tăng 1" in summary
    assert not {code for code in (XA_LY, TAN_SON, YOUTH) if code in " ".join(lines)}
    assert (
        "- Xã Tân Sơn: Bị trả lại → Nộp muộn; tệp “sửa.xlsx” nhận lúc 08:00 ngày 18/04/2022 "
        "(được tổng hợp)" in lines
    )
    assert "- Số tin, bài, lượt phát thanh tuyên truyền: 4 → 6" in lines
    rows = list(csv.DictReader(io.StringIO(difference_csv(found))))
    assert [
        (r["old"], r["new"], r["unit_old"], r["unit_new"], r["file_name"])
        for r in rows
        if r["figure"] == "news_items"
    ] == [("4", "6", "4", "6", "tin bài.xlsx")]
    assert "'=sai.xlsx" in {r["file_name"] for r in rows}


def test_same_moment_has_no_differences(tmp_path):
    night = night_file(tmp_path / "night", CAMPAIGN, BEFORE, "2022-04-10T20:00:00+07:00")
    shutil.copyfile(night, tmp_path / "copy.duckdb")
    assert list(difference_lines(differences(night, tmp_path / "copy.duckdb", CAMPAIGN)))[1:] == [
        "Không đơn vị nào thay đổi tình trạng.",
        "Không số tổng nào thay đổi.",
    ]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home after the nights of rerun_nights.FOUR_NIGHTS, and the figures of each as that night
    gave them."""
    folder = tmp_path_factory.mktemp("four")
    of, figures = write_two_samples(folder), []
    for as_of, files in FOUR_NIGHTS.items():
        add_to_inbox(files, of, folder / "inbox")
        run_night(folder / "inbox", folder / "home", as_of)
        with duckdb.connect(str(folder / "home" / "warehouse.duckdb"), read_only=True) as con:
            figures.append(
                dict(con.execute("SELECT figure, printed FROM report_figure").fetchall())
            )
        shutil.copyfile(folder / "home" / "warehouse.duckdb", folder / f"{as_of[:10]}.duckdb")
    return folder / "home", figures


@pytest.mark.parametrize("night", [1, 2, 3])
def test_unit_changes_add_up_to_figure_change(home, night):
    figures = figures_between(home, night - 1)
    old, new = home[1][night - 1], home[1][night]
    assert {f.figure: (f.old, f.new) for f in figures} == {
        name: (old[name], new[name]) for name in old if old[name] != new[name]
    }
    for figure in figures:
        assert figure.shares, figure.figure
        assert all(share.files for share in figure.shares), figure.figure
        values = [(number(s.old), number(s.new)) for s in figure.shares]
        if None not in {v for pair in values for v in pair} and number(figure.old) is not None:
            assert sum(b - a for a, b in values) == number(figure.new) - number(figure.old), (
                figure.figure
            )


def figures_between(home, first: int) -> tuple[FigureChange, ...]:
    """The figures that changed from that night of FOUR_NIGHTS to the next one."""
    days = [as_of[:10] for as_of in FOUR_NIGHTS][first : first + 2]
    return differences(*(home[0].parent / f"{day}.duckdb" for day in days), CAMPAIGN).figures


def number(text: str | None) -> int | None:
    """A count; None of a share, or of what is not known."""
    return (
        int(text.replace(".", ""))
        if text and re.fullmatch(r"[\d.]+", text)
        else 0
        if text is None
        else None
    )


def tonghop(*arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TONGHOP_")}
    return subprocess.run(
        [TONGHOP, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
    )


def test_diff_command_rebuilds_past_nights_without_publishing(home):
    folder = home[0]
    shutil.rmtree(folder / "staged")
    before = written(folder)
    answer = tonghop("diff", "2022-04-16", "2022-04-17", "--home", folder)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith("Từ 20:00 ngày 16/04/2022 đến 20:00 ngày 17/04/2022.\n")
    changed = [name for name in home[1][1] if home[1][1][name] != home[1][2][name]]
    described = [f.description for f in figures_between(home, 1) if f.figure in changed]
    details = answer.stdout.partition("Số liệu thay đổi: ")[2]
    assert re.findall(r"^- (.+): .+ → .+$", details, re.MULTILINE) == described
    assert len(described) == len(changed)
    assert "Dựng lại số liệu" in answer.stderr
    assert written(folder) == before, (
        "staged/, which may always be made again, is the only thing that was written"
    )
    assert list((folder / "work").iterdir()) == []


def written(home: Path) -> dict[Path, int]:
    """When each file of the home was written, but for what was read and for the lock."""
    return {
        path: path.stat().st_mtime_ns
        for path in home.rglob("*")
        if path.is_file() and home / "staged" not in path.parents and path.name != "lock"
    }


WRONG = [  # the call, its exit code, and what it says
    (("2022-04-17", "2022-04-16"), 2, "the earlier one first"),
    (("hôm qua", "2022-04-16"), 2, "ghi ngày như"),
    (("2022-04-16", "2022-04-17", "--home", "nowhere"), 2, "nothing has landed there"),
]


@pytest.mark.parametrize(("call", "code", "says"), WRONG)
def test_wrong_call_is_refused_with_advice(home, call, code, says):
    answer = tonghop("diff", *call, *(() if "--home" in call else ("--home", home[0])))
    assert (answer.returncode, says in answer.stderr) == (code, True), answer.stderr
    assert not Path("nowhere").exists()


def test_diff_refuses_a_locked_home(home):
    with lock_home(home[0]):
        answer = tonghop("diff", "2022-04-16", "2022-04-17", "--home", home[0])
    assert answer.returncode == 1
    assert "another night is running" in answer.stderr and "Traceback" not in answer.stderr


MOMENTS = [  # what is asked for, and the moment that it means
    ("2022-04-16", "2022-04-16T22:30:00+07:00"),
    ("2022-04-15", "2022-04-15T23:59:59+07:00"),
    ("2022-04-16T08:00", "2022-04-16T08:00:00+07:00"),
    ("2022-04-16T08:00+00:00", "2022-04-16T15:00:00+07:00"),
]


@pytest.mark.parametrize(("asked", "meant"), MOMENTS)
def test_date_means_its_last_night_or_end_of_day(tmp_path, asked, meant):
    Ledger(tmp_path / "nights.jsonl").append(
        [
            {"as_of": as_of, "started": "2022-04-17T00:00:00+00:00"}
            for as_of in ("2022-04-16T15:30:00+00:00", "2022-04-16T08:00:00+07:00")
        ]
    )
    assert resolve_moment(Home(tmp_path), asked, CAMPAIGN.zone).isoformat() == meant
