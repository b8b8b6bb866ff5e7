"""Supervision in a service: restarts of dead processes, and detection of killed runs."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from flows.home.running import dead_marks, is_running, mark_running
from flows.service import supervised
from flows.service.supervised import SupervisedProcess

RUN = "5b0c2f0e-0000-4000-8000-000000000001"
AT_WORK = f"""
import sys, time
from pathlib import Path
from flows.home.running import mark_running
with mark_running(Path(sys.argv[1]), "{RUN}"):
    print("at work", flush=True)
    time.sleep(60)
"""


def test_run_is_marked_while_its_process_lives(tmp_path):
    assert is_running(tmp_path, RUN) is None
    process = subprocess.Popen(
        [sys.executable, "-c", AT_WORK, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    assert is_running(tmp_path, RUN) is True
    process.kill()
    process.wait()
    assert is_running(tmp_path, RUN) is False
    for mark in dead_marks(tmp_path):
        mark.unlink()
    assert is_running(tmp_path, RUN) is None


def test_finished_run_leaves_no_mark(tmp_path):
    with mark_running(tmp_path, RUN):
        assert is_running(tmp_path, RUN) is True
    assert list((tmp_path / "running").iterdir()) == []


def process(folder: Path, script: str) -> SupervisedProcess:
    return SupervisedProcess(
        "thing",
        [sys.executable, "-u", "-c", script],
        {**os.environ},
        folder,
        folder / "thing.log",
        signal.SIGTERM,
    )


def run_for(thing: SupervisedProcess, seconds: float) -> None:
    """Keeps it for some seconds; a stop does not wait for the next start of what has just died."""

    async def both() -> None:
        keeping = asyncio.create_task(thing.supervise())
        await asyncio.sleep(seconds)
        await thing.stop(2)
        await asyncio.wait_for(keeping, 1.5)

    asyncio.run(both())


def test_dead_process_is_restarted_with_growing_pauses(tmp_path):
    thing = process(tmp_path, "import time; print(time.monotonic())")
    run_for(thing, 5)
    starts = [float(line) for line in (tmp_path / "thing.log").read_text().splitlines()]
    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert thing.deaths >= 2
    assert pauses == sorted(pauses)
    assert pauses[0] >= 1


@pytest.mark.parametrize(
    "stubborn", ["", "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);"]
)
def test_stop_ends_process_and_its_children(tmp_path, stubborn):
    child = "import os, subprocess, time; print(os.getpid(), subprocess.Popen(['sleep', '99']).pid); time.sleep(99)"
    run_for(process(tmp_path, stubborn + child), 1)
    time.sleep(0.2)
    for pid in (tmp_path / "thing.log").read_text().split():
        assert (
            not Path(f"/proc/{pid}").exists() or "zombie" in Path(f"/proc/{pid}/status").read_text()
        )


def test_log_is_rotated(tmp_path, monkeypatch):
    monkeypatch.setattr(supervised, "LOG_BYTES", 10_000)
    run_for(
        process(tmp_path, "import time\nfor n in range(9000): print(n, 'x' * 90)\ntime.sleep(9)"), 2
    )
    logs = sorted(tmp_path.glob("thing.log*"))
    assert len(logs) == 1 + supervised.LOGS_KEPT
    assert all(log.stat().st_size < 100_000 for log in logs)
    assert "8999 x" in (tmp_path / "thing.log").read_text()
