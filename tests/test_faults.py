"""Faults before or during a night: disk, home, inbox, a file in it, the clock."""

import datetime as dt
import errno
import io
import os
import shutil

import faults
import killed_nights
import pytest
import soak
from prefect.states import State

from flows import stages
from flows.logs.night_log import night_log
from flows.night import parse_night
from flows.stages import working_database
from sources.channels import IncomingFile
from sources.channels.folder import FolderChannel, InboxEmptiedError
from sources.landing import Landing

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def homes(inbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("homes")
    return soak.homes_of_faults(folder, inbox)


@pytest.mark.parametrize(
    "fault", [f for f in faults.FAULTS if f.name in faults.QUICK], ids=lambda f: f.name
)
def test_faulty_night_keeps_old_warehouse_and_next_night_is_complete(fault, homes, inbox, tmp_path):
    if reason := faults.why_not():
        pytest.skip(reason)
    soak.soak_fault(fault, homes, inbox, tmp_path)


@pytest.mark.parametrize(
    ("leave", "error", "again"),
    [
        (shutil.rmtree, FileNotFoundError, True),
        (lambda folder: [path.unlink() for path in folder.iterdir()], InboxEmptiedError, False),
    ],
)
def test_inbox_vanishing_during_landing_stops_the_night(
    inbox, tmp_path, monkeypatch, leave, error, again
):
    passing = shutil.copytree(inbox, tmp_path / "inbox")

    class Vanishing(FolderChannel):
        def scan(self, as_of):
            seen = super().scan(as_of)
            leave(self.path)
            return seen

    monkeypatch.setattr("sources.channels.folder.FolderChannel", Vanishing)
    night = parse_night(
        str(passing),
        str(tmp_path / "home"),
        killed_nights.AS_OF,
        None,
        "one",
        dt.datetime.now(dt.UTC),
    )
    with pytest.raises(error, match="inbox") as stopped:
        stages.collect(night)
    assert stages.may_succeed_later(None, None, State(type="FAILED", data=stopped.value)) == again
    assert not night.home.nights.exists(), "a night that did not run missed no file"


def test_full_disk_during_landing_blames_no_file(tmp_path):
    class Full(io.BytesIO):
        def read(self, size=-1):
            raise OSError(errno.ENOSPC, "No space left on device")

    file = IncomingFile(
        "a.xlsx", dt.datetime.fromisoformat(killed_nights.AS_OF), "folder", Full, lambda: True
    )
    with pytest.raises(OSError, match="No space left"):
        Landing(tmp_path).land([file], file.received_at)


def test_unreadable_inbox_stops_the_night(tmp_path):
    closed = tmp_path / "inbox"
    closed.mkdir(mode=0o000)
    other = os.geteuid() == 0
    try:
        if other:
            tmp_path.chmod(0o755)
            os.seteuid(65534)
        with pytest.raises(PermissionError):
            FolderChannel(closed).scan(dt.datetime.now(dt.UTC))
    finally:
        if other:
            os.seteuid(0)


def test_inbox_that_became_empty_is_warned_about(inbox, homes, tmp_path, caplog):
    home = shutil.copytree(homes.old, tmp_path / "home")
    (tmp_path / "empty").mkdir()
    for where, warned in ((inbox, False), (tmp_path / "empty", True)):
        night = parse_night(
            str(where), str(home), killed_nights.AS_OF, None, "one", dt.datetime.now(dt.UTC)
        )
        stages.collect(night)
        assert ("is it mounted?" in caplog.text) == warned


def test_empty_inbox_is_a_valid_night(inbox, homes, tmp_path):
    home = shutil.copytree(homes.old, tmp_path / "home")
    (tmp_path / "empty").mkdir()
    killed_nights.run(tmp_path / "empty", home)
    assert killed_nights.arrived(home) == killed_nights.arrived(homes.old)
    assert not killed_nights.wrongs(home)


def test_night_is_retried_with_more_database_memory(inbox, homes, tmp_path, monkeypatch, caplog):
    home = shutil.copytree(homes.old, tmp_path / "home")
    night = parse_night(
        str(inbox), str(home), killed_nights.EARLIER, None, "run", dt.datetime.now(dt.UTC)
    )
    stages.open_work(night)
    monkeypatch.setattr(working_database, "DATABASE_MEMORY", "2MB")
    stages.validate(night)
    stages.build(night)
    assert caplog.text.count("once more with") == 2
    night.draft.replace(tmp_path / "warehouse.duckdb")
    assert killed_nights.content(tmp_path) == killed_nights.content(homes.old)


def test_close_error_on_full_disk_is_logged_without_traceback(tmp_path, capfd):
    class Unfinished:
        def __del__(self):
            raise OSError(errno.ENOSPC, "No space left on device")

    with night_log(tmp_path / "night.log"):
        made = Unfinished()
        del made
    assert (tmp_path / "night.log").read_text().count("No space left on device") == 1
    assert capfd.readouterr() == ("", "")
