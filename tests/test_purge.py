"""Originals removed by policy: figures, reports and records stay, wherever a crash happens."""

import datetime as dt
import hashlib
import json
import multiprocessing
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from killed_nights import AS_OF, TONGHOP, content, run
from planted_inbox import write_inbox
from test_lock import holder_of

from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.landing import Landing
from sources.purged import Reason, StoredReadingMissingError, purge, purgeable, stage_purged
from sources.staged import CONTENT, FACT, StagedStore, staged_version, with_current_schema

pytestmark = pytest.mark.long
CAMPAIGN = load_campaign()
DAY = dt.datetime(2022, 4, 17, tzinfo=CAMPAIGN.zone)
WHY = Reason("officer", dt.datetime(2023, 1, 1, tzinfo=dt.UTC), "policy")
LATER = "BC Phong Vân.csv"  # received after DAY; all other files before it


@pytest.fixture(scope="module")
def inbox(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("purge") / "inbox"
    write_inbox(folder)
    for path in folder.iterdir():
        at = (DAY + dt.timedelta(hours=9 if path.name == LATER else -9)).timestamp()
        os.utime(path, (at, at))
    return folder


@pytest.fixture(scope="module")
def whole(inbox, tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("purge") / "home"
    run(inbox, home)
    return home


@pytest.fixture
def home(whole, tmp_path) -> Path:
    return shutil.copytree(whole, tmp_path / "home")


def purged(home: Path) -> list[dict[str, str]]:
    path = home / "landed" / "purged.jsonl"
    return (
        [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        if path.exists()
        else []
    )


def originals(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "landed" / "originals").glob("*/[0-9a-f]*"))


def reports(home: Path) -> dict[str, str]:
    files = (path for path in (home / "reports" / AS_OF[:10]).iterdir() if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def purge_home(home: Path) -> int:
    landing = Landing(home)
    return purge(home, landing, purgeable(landing, DAY), WHY, DEFAULT_CAMPAIGN)


def night_tables(home: Path) -> list[pa.Table]:
    """All that a night would read, in a fixed order, whatever is staged."""
    shutil.rmtree(home / "staged", ignore_errors=True)
    staged, landing = StagedStore(home, "any"), Landing(home)
    stage_purged(landing, staged, home)
    tables = staged.tables(staged.known())
    return [
        tables[name].sort_by([(column, "ascending") for column in tables[name].column_names])
        for name in ("content", "fact", "finding")
    ]


def command(home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [TONGHOP, "purge", "--before", "2022-04-17", "--home", home, *more],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_purge_removes_nothing_until_confirmed(home):
    before = originals(home)
    shown = command(home)
    assert (shown.returncode, originals(home), purged(home)) == (0, before, [])
    assert (
        "Sẽ xóa 6 tệp gốc" in shown.stdout and LATER not in shown.stdout and "--yes" in shown.stdout
    )
    done = command(home, "--yes", "--why", "theo quy chế")
    assert "Đã xóa 6 tệp gốc" in done.stdout and "can no longer be remade" in done.stdout
    assert len(originals(home)) == 1
    records = purged(home)
    assert sorted(r["sha256"] for r in records) == sorted(set(before) - set(originals(home)))
    assert {(r["by"], r["reason"]) for r in records} == {
        (pwd.getpwuid(os.getuid()).pw_name, "theo quy chế")
    }
    assert "Đã xóa 0 tệp gốc" in command(home, "--yes").stdout


def test_night_after_purge_is_equal_with_lists_instead_of_copies(inbox, whole, home):
    assert list((home / "feedback").glob("*/*.docx")), "a copy was marked in the original"
    assert purge_home(home) == 6
    shutil.rmtree(home / "staged")  # as code that has changed leaves it
    run(inbox, home)
    assert content(home) == content(whole)
    assert reports(home) == reports(whole)
    assert not list((home / "feedback").glob("*/*.docx"))
    assert len(list((home / "feedback").glob("*/*.xlsx"))) >= 3
    assert len(originals(home)) == 1, (
        "the inbox still holds the files; they are known and not stored again"
    )


def test_purged_content_is_recognised_when_it_returns(inbox, home, tmp_path):
    purge_home(home)
    again = tmp_path / "inbox"
    again.mkdir()
    shutil.copy(inbox / "BC Phong Minh.docx", again / "gui lai.docx")
    os.utime(again / "gui lai.docx", (DAY.timestamp() + 90000,) * 2)
    run(again, home)
    out = subprocess.run(
        [
            TONGHOP,
            "sql",
            "--csv",
            "select status, unit_code from submission where file_name = 'gui lai.docx'",
            "--home",
            home,
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert out.stdout.split() == ["status,unit_code", "duplicate,07534"]
    assert len(originals(home)) == 1


def test_unread_content_is_read_before_it_is_purged(whole, home):
    expected = read_from_staged(whole)
    shutil.rmtree(home / "staged")
    purge_home(home)
    assert night_tables(home) == expected


def read_from_staged(home: Path) -> list[pa.Table]:
    staged = StagedStore(home, staged_version(CAMPAIGN))
    going = {c.sha256 for c in purgeable(Landing(home), DAY)}
    tables = staged.tables(going)
    return [
        tables[name].sort_by([(column, "ascending") for column in tables[name].column_names])
        for name in ("content", "fact", "finding")
    ]


def purge_until(home: str, last: int) -> None:
    """In a child: purges, and ends before its step number `last`: a file opened to write, renamed
    or removed."""
    steps = 0

    def watch(event: str, details: tuple[object, ...]) -> None:
        nonlocal steps
        writes = (
            event == "open"
            and isinstance(details[2], int)
            and details[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        )
        if (writes or event in ("os.rename", "os.remove")) and home in str(details[0]):
            if steps == last:
                os._exit(9)
            steps += 1

    sys.addaudithook(watch)
    purge_home(Path(home))
    os._exit(0)


def test_killed_purge_loses_nothing_and_next_one_finishes(whole, home, tmp_path):
    expected, hashes, step = read_from_staged(whole), originals(home), 0
    while True:
        struck = shutil.copytree(home, tmp_path / f"struck-{step}")
        child = multiprocessing.get_context("forkserver").Process(
            target=purge_until, args=(str(struck), step)
        )
        child.start()
        child.join()
        left = set(originals(struck))
        assert all(
            hashlib.sha256(p.read_bytes()).hexdigest() == p.name
            for p in (struck / "landed" / "originals").glob("*/[0-9a-f]*")
        )
        assert left | {r["sha256"] for r in purged(struck)} == set(hashes), f"step {step}"
        night_tables(struck)  # raises where what was read of a purged one is not there
        purge_home(struck)
        assert night_tables(struck) == expected, f"step {step}"
        assert len(originals(struck)) == 1
        assert len({r["sha256"] for r in purged(struck)}) == len(purged(struck)) == 6
        shutil.rmtree(struck)
        if child.exitcode == 0:
            break
        assert child.exitcode == 9
        step += 1
    assert step >= 10


def test_purge_does_not_wait_for_a_night_and_names_the_holder(home):
    night = holder_of(home)
    try:
        answer = command(home, "--yes")
    finally:
        night.kill()
        night.wait()
    assert (answer.returncode, len(originals(home))) == (1, 7)
    assert f"process {night.pid}" in answer.stderr


def test_home_of_another_campaign_is_not_purged(home, tmp_path):
    other = shutil.copytree(DEFAULT_CAMPAIGN, tmp_path / "campaign")
    (other / "units.csv").write_text(
        (other / "units.csv").read_text(encoding="utf-8") + "\n", encoding="utf-8"
    )
    answer = command(home, "--yes", "--campaign", str(other))
    assert (answer.returncode, len(originals(home))) == (2, 7)
    assert "another campaign" in answer.stderr


def test_missing_kept_reading_stops_the_night_with_advice(home):
    purge_home(home)
    next((home / "landed" / "read").glob("content-*")).unlink()
    with pytest.raises(StoredReadingMissingError, match=r"restore .*read from a backup"):
        night_tables(home)


def test_readings_in_older_format_are_converted_and_logged(tmp_path, caplog):
    old = pa.table({"sha256": ["a"], "outcome": ["read"], "no_more": [1]})
    pq.write_table(old, tmp_path / "old.parquet")
    now = with_current_schema("content", pq.read_table(tmp_path / "old.parquet"))
    assert (
        now.schema == CONTENT
        and now.to_pylist()[0]["outcome"] == "read"
        and now.to_pylist()[0]["unit_code"] is None
    )
    assert "no_more" in caplog.text
    caplog.clear()
    assert with_current_schema("fact", FACT.empty_table()).schema == FACT and not caplog.text
