"""The lock of a home: its holder, waiting, stale notes; and no child outlives a night."""

import datetime as dt
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from killed_nights import ENDS_WITHIN, left_behind, marked, wait_for_end
from test_cli import tonghop

from flows.home.lock import HomeBusyError, lock_home

HOLDER = """
import sys, time
from pathlib import Path
from flows.home.lock import lock_home
with lock_home(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def holder_of(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.fixture
def inbox(tmp_path_factory):
    return tmp_path_factory.mktemp("inbox")


@pytest.fixture
def first(tmp_path):
    process = holder_of(tmp_path)
    yield process
    process.kill()
    process.wait()


def test_second_holder_learns_process_host_and_time_of_first(first, inbox, tmp_path):
    answer = tonghop("nightly", "--inbox", inbox, "--home", tmp_path)
    assert answer.returncode == 1
    said = answer.stderr.splitlines()[-1]
    since = dt.datetime.fromisoformat(said.partition("since ")[2].partition(")")[0])
    assert f"process {first.pid} on {socket.gethostname()}" in said
    assert since.tzinfo and abs(dt.datetime.now(dt.UTC) - since) < dt.timedelta(minutes=2)
    assert "Traceback" not in answer.stderr


def test_second_holder_reports_waiting_and_times_out(first, inbox, tmp_path):
    begun = time.monotonic()
    answer = tonghop("nightly", "--inbox", inbox, "--home", tmp_path, "--wait", "1.5")
    assert answer.returncode == 1 and time.monotonic() - begun > 1.5
    waiting, gave_up = answer.stderr.splitlines()
    assert waiting.startswith("Có phiên khác đang chạy") and f"process {first.pid}" in waiting
    assert f"process {first.pid}" in gave_up


def test_second_holder_waits_and_then_gets_the_lock(first, tmp_path):
    waits = []
    first.terminate()
    with lock_home(tmp_path, wait=10, notify=waits.append):
        assert json.loads((tmp_path / "lock.json").read_text())["pid"] == os.getpid()


def test_a_killed_night_does_not_block_the_next(tmp_path):
    first = holder_of(tmp_path)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert (tmp_path / "lock.json").exists(), "the dead holder left its note"
    with lock_home(tmp_path):
        assert dt.datetime.fromisoformat(json.loads((tmp_path / "lock.json").read_text())["since"])
    assert not (tmp_path / "lock.json").exists()


def test_lock_is_reentrant(tmp_path):
    with lock_home(tmp_path):
        with lock_home(tmp_path):
            pass
        assert (tmp_path / "lock.json").exists()


LIVING = os.getppid()  # what a pid of a dead night may be by now: another process altogether


@pytest.mark.parametrize(
    "note",
    [
        json.dumps(
            {"pid": 4194304 + 1, "host": socket.gethostname(), "since": "2022-04-18T22:30:00+07:00"}
        ),
        json.dumps(
            {"pid": LIVING, "host": socket.gethostname(), "since": "2022-04-18T22:30:00+07:00"}
        ),
        json.dumps({"pid": 1, "host": "another-host", "since": "2022-04-18T22:30:00+07:00"}),
        "",
        "{",
        "[]",
        "null",
        "\0" * 100,
    ],
)
def test_stale_lock_note_blocks_nobody(tmp_path, note):
    (tmp_path / "lock").touch()
    (tmp_path / "lock.json").write_text(note)
    with lock_home(tmp_path):
        assert json.loads((tmp_path / "lock.json").read_text())["pid"] == os.getpid()
    assert not (tmp_path / "lock.json").exists()


def test_note_of_dead_night_is_not_shown_as_holder(first, tmp_path):
    (tmp_path / "lock.json").write_text(
        json.dumps({"pid": 4194305, "host": socket.gethostname(), "since": "x"})
    )
    with pytest.raises(HomeBusyError, match=r"process \? on \? since \?"), lock_home(tmp_path):
        pass


def test_only_one_of_many_contenders_gets_the_lock(tmp_path):
    script = (
        "import sys\nfrom pathlib import Path\nfrom flows.home.lock import lock_home\n"
        "with lock_home(Path(sys.argv[1]), wait=60):\n"
        "    n = int(Path(sys.argv[2]).read_text())\n    import time; time.sleep(0.05)\n"
        "    Path(sys.argv[2]).write_text(str(n + 1))\n"
    )
    counter = tmp_path / "n"
    counter.write_text("0")
    many = [subprocess.Popen([sys.executable, "-c", script, tmp_path, counter]) for _ in range(8)]
    assert [process.wait() for process in many] == [0] * 8
    assert counter.read_text() == "8"


PARENT = """
import subprocess, sys, time, os
for module in ("flows.writing.child", "warehouse.reports.feedback.marking_child"):
    subprocess.Popen([sys.executable, "-P", "-m", module, str(os.getpid())], stdin=subprocess.PIPE,
                     stdout=subprocess.PIPE)
from pathlib import Path
from sources.campaigns import DEFAULT_CAMPAIGN
from sources.children.reading import start_reading_server
server = start_reading_server(DEFAULT_CAMPAIGN)
reader = server.fork()
from flows.engine.start import prefect_engine
with prefect_engine(Path(sys.argv[1]), Path(sys.argv[1])):
    print("started", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("after", [0, 0.05, 0.3, 2])
def test_processes_of_a_killed_night_end_with_it(tmp_path, after):
    with marked() as (mark, environment):
        night = subprocess.Popen(
            [sys.executable, "-c", PARENT, tmp_path],
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert night.stdout.readline() == "started\n"
        time.sleep(after)
        # that process alone, as the system does where memory is short
        night.send_signal(signal.SIGKILL)
        night.wait()
        wait_for_end(mark, ENDS_WITHIN)
        assert not left_behind(mark)
