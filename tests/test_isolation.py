"""A content on which our own program fails after reading is found, set aside and reported."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

import expectations.night
import warehouse.reports.progress_page
from flows import stages
from flows.cli import app
from flows.failing_contents import place_of
from flows.night import Night, parse_night
from sources.landing import Landing

AS_OF = "2022-04-19T08:00:00+07:00"
RECEIVED = dt.datetime.fromisoformat("2022-04-17T08:00:00+07:00").timestamp()
REPORT = (
    "Đơn vị báo cáo;Đảng ủy xã {}\nTổng số chi bộ trực thuộc;{}\nSố chi bộ đã tổ chức sinh hoạt;1\n"
)
COMMUNES = ("Tân Sơn", "Cấm Sơn", "Phong Vân", "Phong Minh", "Xa Lý")


@pytest.fixture
def night(tmp_path) -> Night:
    """A night over five good files, each of another commune, all read."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for number, commune in enumerate(COMMUNES, start=1):
        (inbox / f"{commune}.csv").write_text(REPORT.format(commune, number), encoding="utf-8")
    return read(tmp_path, "one")


def read(folder: Path, run: str) -> Night:
    """A night that has come as far as its files are read."""
    for path in (folder / "inbox").iterdir():
        os.utime(path, (RECEIVED, RECEIVED))
    night = parse_night(
        str(folder / "inbox"), str(folder / "home"), AS_OF, None, run, dt.datetime.now(dt.UTC)
    )
    stages.open_work(night)
    stages.collect(night)
    for number, chunk in enumerate(stages.list_unread(night), start=1):
        stages.read(night, number, chunk, len(chunk))
    return night


def fail_on(monkeypatch, module, name: str, *file_names: str) -> list[int]:
    """Has a function of ours fail where these files are among what was read; how many were each
    time it was called."""
    real, calls = getattr(module, name), []

    def failing(con, *arguments, **options):
        rows = con.execute(
            "SELECT file_name FROM submission_draft WHERE read"
            if name == "judge"
            else "SELECT file_name FROM submission WHERE status = 'accepted'"
        ).fetchall()
        calls.append(len(rows))
        if {name for (name,) in rows} & set(file_names):
            raise ValueError("a name that must not be logged: Nguyễn Văn Hoạnh")
        return real(con, *arguments, **options)

    monkeypatch.setattr(module, name, failing)
    return calls


def statuses(night: Night) -> dict[str, tuple[str, str | None]]:
    with duckdb.connect(str(night.draft), read_only=True) as con:
        rows = con.execute("SELECT file_name, status, reason FROM submission").fetchall()
    return {name.removesuffix(".csv"): (status, reason) for name, status, reason in rows}


def test_contents_that_crash_the_checks_are_set_aside(night, monkeypatch, caplog):
    fail_on(monkeypatch, expectations.night, "judge", "Cấm Sơn.csv", "Xa Lý.csv")
    assert stages.validate(night) == {"accepted": 3, "rejected": 2}
    stages.build(night)
    found = statuses(night)
    assert {name for name, (status, _) in found.items() if status == "rejected"} == {
        "Cấm Sơn",
        "Xa Lý",
    }
    assert "lỗi đã được báo" in found["Xa Lý"][1]
    warnings = [
        record.getMessage() for record in caplog.records if "defect of ours" in record.getMessage()
    ]
    assert len(warnings) == 2 and all(
        "test_isolation.py" in line and "Hoạnh" not in line for line in warnings
    )


def test_quarantined_content_is_not_searched_again(night, monkeypatch):
    calls = fail_on(monkeypatch, expectations.night, "judge", "Xa Lý.csv")
    stages.validate(night)
    before = len(calls)
    assert stages.validate(read(night.home.folder.parent, "two")) == {"accepted": 4, "rejected": 1}
    assert len(calls) == before + 1
    kept = night.home.staged / "quarantine.json"
    kept.write_text(
        kept.read_text(encoding="utf-8").replace(json.loads(kept.read_text())["version"], "older")
    )
    assert stages.validate(read(night.home.folder.parent, "three")) == {
        "accepted": 4,
        "rejected": 1,
    }
    assert len(calls) > before + 2  # another version of the code tries it again, and finds it again


def test_content_that_crashes_a_document_is_set_aside(night, monkeypatch):
    stages.validate(night)
    stages.build(night)
    fail_on(monkeypatch, warehouse.reports.progress_page, "write_page", "Phong Vân.csv")
    with pytest.raises(ValueError, match="must not") as raised:
        stages.write_document(night, "page")
    assert stages.rebuilt_without_failing_contents(night, raised.value)
    stages.write_document(night, "page")
    assert statuses(night)["Phong Vân"][0] == "rejected"


def test_failure_without_any_file_ends_the_night(night, monkeypatch):
    def failing(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(expectations.night, "judge", failing)
    with pytest.raises(ZeroDivisionError):
        stages.validate(night)
    assert not (night.home.staged / "quarantine.json").exists()


def test_full_disk_blames_no_file(night, monkeypatch):
    calls = []

    def failing(*_: object) -> None:
        calls.append(1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(expectations.night, "judge", failing)
    with pytest.raises(OSError, match="space"):
        stages.validate(night)
    assert len(calls) == 1


def test_error_location_contains_no_message_text():
    try:
        raise ValueError("Nguyễn Văn Hoạnh")
    except ValueError as error:
        error.add_note('File "/a/b/annex.py", line 7, in write\n  secret')
        assert place_of(error).startswith("ValueError in annex.py:7 < test_isolation.py:")
        assert "Hoạnh" not in place_of(error) and "secret" not in place_of(error)


def test_withdraw_and_purge_work_without_a_published_night(night):
    home = str(night.home.folder)
    stages.clear_work(night)
    assert not night.home.warehouse.exists()
    run = CliRunner()
    done = run.invoke(app, ["decide", "withdraw", "Xa Lý.csv", "--reason", "x", "--home", home])
    assert done.exit_code == 0, done.output
    done = run.invoke(app, ["purge", "--before", "2100-01-01", "--yes", "--home", home])
    assert done.exit_code == 0, done.output
    landing = Landing(night.home.folder)
    assert len(landing.purged) == 5 and not any(
        landing.original(sha256).exists() for sha256 in landing.purged
    )


def test_huge_counts_do_not_end_the_night(night, tmp_path):
    (tmp_path / "inbox" / "a.csv").write_text(
        "Đơn vị báo cáo;Đảng ủy xã Tân Sơn\nSố chi bộ tổ chức riêng;2147483647\nSố chi bộ tổ chức lồng ghép;1000000\n"
    )
    again = read(tmp_path, "two")
    assert stages.validate(again) == {"accepted": 5, "returned": 1}
    stages.build(again)
    with duckdb.connect(str(again.draft), read_only=True) as con:
        assert con.execute(
            "SELECT field, value FROM finding WHERE rule = 'not_a_count'"
        ).fetchall() == [("cells_held_separately", "2147483647")]
