"""The whole night: the real command and the real engine on a sample inbox."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from sources.campaigns import DEFAULT_CAMPAIGN

pytestmark = pytest.mark.long
TONGHOP = Path(sys.executable).with_name("tonghop")
AS_OF = "2022-04-19T20:00:00+07:00"
REPORTS = ("bao-cao-tong-hop.docx", "phu-luc.xlsx", "tien-do.html")
TASKS = [
    "addendum",
    "annex",
    "begin",
    "build",
    "collect",
    "feedback",
    "list-unread",
    "page",
    "publish",
    "read-1",
    "report",
    "validate",
    "working-file",
]


def nightly(inbox: Path, home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.run(
        [TONGHOP, "nightly", "--inbox", inbox, "--home", home, "--as-of", AS_OF, *more],
        capture_output=True,
        text=True,
        timeout=300,
        env=environment,
    )


def recorded(home: Path, query: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(home / "prefect" / "prefect.db")) as con:
        return con.execute(query).fetchall()


def digests(home: Path) -> dict[str, str]:
    folder = home / "reports" / AS_OF[:10]
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in REPORTS}


@pytest.fixture(scope="module")
def good_night(inbox, tmp_path_factory):
    home = tmp_path_factory.mktemp("good") / "home"
    answer = nightly(inbox, home)
    assert answer.returncode == 0, answer.stderr
    return home, answer


def test_failed_document_does_not_stop_the_others(inbox, tmp_path):
    campaign = shutil.copytree(DEFAULT_CAMPAIGN, tmp_path / "campaign")
    about = (campaign / "campaign.toml").read_text(encoding="utf-8")
    (campaign / "campaign.toml").write_text(
        about.replace('place = "Lục Ngạn"', 'place = "None"'), encoding="utf-8"
    )
    reports = tmp_path / "home" / "reports" / AS_OF[:10]
    reports.mkdir(parents=True)
    (reports / REPORTS[0]).write_text("put there by a person")
    answer = nightly(inbox, tmp_path / "home", "--campaign", str(campaign))
    assert (
        answer.returncode == 1
        and "report: " in answer.stderr
        and "DocumentRefused" in answer.stderr
    )
    kept = {".published.json", "kiem-tra", "so-lieu-lam-viec.xlsx", *REPORTS}
    assert {path.name for path in reports.iterdir()} == kept
    assert (reports / REPORTS[0]).read_text() == "put there by a person"
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as con:
        assert (
            con.execute("select count(*) from submission where status = 'accepted'").fetchone()[0]
            > 20
        )
    assert (tmp_path / "home" / "feedback").is_dir() and not list(
        (tmp_path / "home" / "work").iterdir()
    )


def test_warehouse_has_the_sample_totals(inbox, good_night):
    home, _ = good_night
    expected = json.loads((inbox / ".expected.json").read_text())
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        columns = ", ".join(expected["campaign_summary"])
        assert con.execute(f"select {columns} from campaign_summary").fetchall() == [
            tuple(expected["campaign_summary"].values())
        ]
        rejected = con.execute(
            "select file_name from submission where status = 'rejected' order by 1"
        ).fetchall()
    assert [name for (name,) in rejected] == sorted(expected["rejected"])


def test_every_task_run_is_recorded_as_completed(good_night):
    home, _ = good_night
    assert recorded(home, "select name, state_type from task_run order by name") == [
        (name, "COMPLETED") for name in TASKS
    ]
    assert recorded(home, "select state_type from flow_run") == [("COMPLETED",)]


def test_good_night_logs_no_error_and_prints_eleven_lines(good_night):
    home, answer = good_night
    log = "".join(path.read_text() for path in (home / "logs").glob("*.log"))
    for text in (answer.stderr, log):
        assert "ERROR" not in text
        assert "Traceback" not in text
    lines = answer.stdout.splitlines()
    assert len(lines) == 11
    assert all((home / "reports" / AS_OF[:10] / name).is_file() for name in REPORTS)
    assert str(home / "reports" / AS_OF[:10] / REPORTS[0]) in lines[6]


def test_engine_shows_progress_arrivals_and_report_link(good_night):
    home, _ = good_night
    artifacts = dict(recorded(home, "select key, data from artifact"))
    assert artifacts["read"] == 100
    came = json.loads(json.loads(artifacts["what-came"]))
    assert {row["status"] for row in came} >= {"accepted", "returned", "rejected"}
    assert REPORTS[0] in artifacts["report"]


def test_home_is_private_and_keeps_no_scratch_files(good_night):
    home, _ = good_night
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert list((home / "work").iterdir()) == []
    assert not (home / "lock.json").exists()


def test_rerun_night_gives_same_bytes(inbox, good_night, tmp_path):
    home, _ = good_night
    again = shutil.copytree(home, tmp_path / "home")
    answer = nightly(inbox, again)
    assert answer.returncode == 0, answer.stderr
    assert digests(again) == digests(home)
    timings = json.loads(next((again / "logs").glob("timings-*.json")).read_text())
    assert "read" not in timings, "nothing is read twice"


def test_failed_night_keeps_old_warehouse_and_says_why(inbox, good_night, tmp_path):
    home = shutil.copytree(good_night[0], tmp_path / "home")
    (home / "landed" / "arrivals.jsonl").write_text("{ this is no record\n{}\n")
    before = (home / "warehouse.duckdb").read_bytes()
    answer = nightly(inbox, home)
    assert answer.returncode == 1
    assert "arrivals.jsonl" in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr
    assert (home / "warehouse.duckdb").read_bytes() == before
    assert recorded(home, "select state_type from flow_run order by created desc limit 1") == [
        ("FAILED",)
    ]


def test_night_failing_after_publish_says_new_warehouse_stands(inbox, good_night, tmp_path):
    home = shutil.copytree(good_night[0], tmp_path / "home")
    day = home / "reports" / AS_OF[:10]
    shutil.rmtree(day)
    day.write_text("no folder")
    before = (home / "warehouse.duckdb").stat().st_ino
    answer = nightly(inbox, home)
    assert answer.returncode == 1
    assert (home / "warehouse.duckdb").stat().st_ino != before
    said = answer.stderr.splitlines()[-1]
    assert "the new warehouse stands" in said
    assert "the old warehouse stands" not in said
    assert day.name in said
    day.unlink()
    assert nightly(inbox, home).returncode == 0, "the next night repairs it"


def test_engine_that_cannot_start_is_reported_with_advice(inbox, tmp_path):
    database = tmp_path / "home" / "prefect" / "prefect.db"
    database.parent.mkdir(parents=True)
    database.write_text("this is no database, and long enough to be looked at as one " * 20)
    answer = nightly(inbox, tmp_path / "home")
    assert answer.returncode == 1
    assert "engine" in answer.stderr
    assert f"move {database.parent} away" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_killed_night_leaves_no_server(inbox, tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    night = subprocess.Popen(
        [TONGHOP, "nightly", "--inbox", inbox, "--home", tmp_path],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    children = Path(f"/proc/{night.pid}/task/{night.pid}/children")
    while not (server := children.read_text().split()):
        time.sleep(0.02)
    time.sleep(1)
    night.send_signal(signal.SIGKILL)
    night.wait()
    for _ in range(300):
        if not Path(f"/proc/{server[0]}").exists():
            return
        time.sleep(0.1)
    pytest.fail("the embedded server outlived the night that started it")
