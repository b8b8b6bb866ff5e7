"""The small part of `make soak`, with a fixed seed: nights killed, hostile files, and what fails while a night runs."""

import datetime as dt
import errno
import io
import os
import shutil
import subprocess
from pathlib import Path

import killed_nights
import pytest
import soak

from flows import stages
from flows.night import the_night
from sources.campaigns import load_campaign
from sources.channels import Incoming
from sources.channels.folder import FolderChannel
from sources.landing import Landing
from sources.samples import write_samples

pytestmark = pytest.mark.xdist_group("soak")
SEED = 20220419


@pytest.fixture(scope="module")
def inbox(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "inbox"
    write_samples(folder, load_campaign())
    return folder


@pytest.fixture(scope="module")
def home(inbox, tmp_path_factory):
    folder = tmp_path_factory.mktemp("good") / "home"
    killed_nights.run(inbox, folder)
    return folder


def test_killed_nights_lose_nothing_double_nothing_and_end_in_the_same_warehouse(inbox, tmp_path):
    hit = soak.soak_kills(tmp_path, inbox, kills=5, seed=SEED)
    assert hit.total() - hit[soak.TOO_LATE] >= 5


def test_a_hundred_hostile_files_are_each_read_or_refused_with_a_reason(inbox, tmp_path):
    outcomes = soak.soak_files(tmp_path, inbox, count=100, seed=SEED)
    assert all(outcomes[outcome] for outcome in ("read", "unreadable", "unsafe"))


def test_forty_hostile_files_among_the_good_ones_change_no_number(inbox, tmp_path):
    soak.soak_among_good(tmp_path, inbox, count=40, seed=SEED)


@pytest.mark.parametrize("leave", [shutil.rmtree, lambda folder: [path.unlink() for path in folder.iterdir()]])
def test_an_inbox_that_vanishes_while_it_is_landed_stops_the_night(inbox, tmp_path, monkeypatch, leave):
    passing = shutil.copytree(inbox, tmp_path / "inbox")

    class Vanishing(FolderChannel):
        def scan(self, as_of):
            seen = super().scan(as_of)
            leave(self.path)
            return seen

    monkeypatch.setattr("sources.channels.folder.FolderChannel", Vanishing)
    night = the_night(str(passing), str(tmp_path / "home"), killed_nights.AS_OF, None, "one", dt.datetime.now(dt.UTC))
    with pytest.raises(FileNotFoundError, match="inbox"):
        stages.collect(night)
    assert not night.home.nights.exists(), "a night that did not run missed no file"


def test_a_disk_that_is_full_while_files_land_is_no_fault_of_the_files(tmp_path):
    class Full(io.BytesIO):
        def read(self, size=-1):
            raise OSError(errno.ENOSPC, "No space left on device")

    file = Incoming("a.xlsx", dt.datetime.fromisoformat(killed_nights.AS_OF), "folder", Full, lambda: True)
    with pytest.raises(OSError, match="No space left"):
        Landing(tmp_path).land([file], file.received_at)


def on_a_mount(home: Path, inbox: Path, scratch: Path, options: str) -> subprocess.CompletedProcess[str]:
    """The command on a copy of the home that lies on a mount of its own; the copy's warehouse goes to `scratch`."""
    place = scratch / "mounted"
    place.mkdir()
    unshared = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*unshared, "mount", "-t", "tmpfs", "tmpfs", place],
                                                     capture_output=True).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    command = f"{killed_nights.TONGHOP} nightly --inbox {inbox} --home {place} --as-of {killed_nights.AS_OF}"
    script = (f"mount -t tmpfs tmpfs {place} && cp -R {home}/. {place} && "
              f"mount -o remount,{options} {place} || exit 9; "
              f"{command}; status=$?; cp {place}/warehouse.duckdb {scratch}; exit $status")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    return subprocess.run([*unshared, "sh", "-c", script], capture_output=True, text=True, env=environment, timeout=300)


@pytest.mark.parametrize(("fault", "remedy"), [("full", "is full: free some space"), ("ro", "cannot be written: mend")])
def test_a_disk_that_is_full_or_read_only_stops_the_night_and_the_old_warehouse_stands(
        home, inbox, tmp_path, fault, remedy):
    kilobytes = 3 * 1024 + sum(path.stat().st_size // 1024 + 4 for path in home.rglob("*"))
    answer = on_a_mount(home, inbox, tmp_path, f"size={kilobytes}k" if fault == "full" else "ro")
    assert answer.returncode == 1, answer.stderr
    assert remedy in answer.stderr.splitlines()[-1]
    assert "Traceback" not in answer.stderr
    assert (tmp_path / "warehouse.duckdb").read_bytes() == (home / "warehouse.duckdb").read_bytes()
