"""The command: its help, its exit codes, and one night at a time on a home."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.lock import HomeBusyError, hold

TONGHOP = Path(sys.executable).with_name("tonghop")
COMMANDS = ("nightly", "form", "sample", "status", "sql", "why", "diff")
HOLDER = """
import sys, time
from pathlib import Path
from flows.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def tonghop(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run([TONGHOP, *map(str, arguments)], capture_output=True, text=True, timeout=120, env=env)


def holder_of(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command):
    answer = tonghop(command, "--help")
    assert answer.returncode == 0
    assert f"tonghop {command}" in answer.stdout.split("Examples")[1]


def test_help_answers_at_once():
    begun = time.perf_counter()
    assert tonghop("--help").returncode == 0
    assert time.perf_counter() - begun < 1.5, "something heavy is imported before a command is known"


WRONG_CALLS = [   # the call, and what its one line must say
    (("nightly", "--inbox", "{tmp}/none", "--home", "{tmp}/home"), "there is no such folder"),
    (("nightly", "--inbox", "{tmp}", "--home", "{tmp}/home", "--as-of", "yesterday"), "no ISO 8601 moment"),
    (("nightly", "--inbox", "{tmp}", "--home", "{tmp}/home", "--campaign", "{tmp}"), "campaign.toml: missing"),
    (("nightly", "--inbox", "{tmp}", "--home", "/dev/null/home"), "cannot be made"),
    (("nightly", "--home", "{tmp}/home"), "--inbox"),
    (("form", "--unit", "00000", "--out", "{tmp}/forms"), "unknown unit 00000"),
    (("status", "--home", "{tmp}/home"), "no warehouse there yet"),
    (("sql", "select 1", "--home", "{tmp}/home"), "no warehouse there yet"),
    (("why", "cells_held", "--home", "{tmp}/home"), "no warehouse there yet"),
]


@pytest.mark.parametrize(("call", "says"), WRONG_CALLS)
def test_a_wrong_call_exits_2_and_says_what_to_give(call, says, tmp_path):
    answer = tonghop(*(part.replace("{tmp}", str(tmp_path)) for part in call))
    assert answer.returncode == 2
    assert says in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.stderr


def test_a_second_night_says_who_holds_the_home_and_gives_up(tmp_path):
    first = holder_of(tmp_path)
    try:
        answer = tonghop("nightly", "--inbox", tmp_path, "--home", tmp_path)
    finally:
        first.kill()
        first.wait()
    assert answer.returncode == 1
    assert f"process {first.pid}" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_second_night_waits_for_the_first(tmp_path):
    first = holder_of(tmp_path)
    with pytest.raises(HomeBusyError, match=str(first.pid)), hold(tmp_path, wait=0.2):
        pass
    first.terminate()
    with hold(tmp_path, wait=10):
        assert json.loads((tmp_path / "lock.json").read_text())["pid"] == os.getpid()
    first.wait()


def test_a_killed_night_does_not_block_the_next(tmp_path):
    first = holder_of(tmp_path)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert (tmp_path / "lock.json").exists(), "the dead holder left its note"
    with hold(tmp_path):
        assert dt.datetime.fromisoformat(json.loads((tmp_path / "lock.json").read_text())["since"])
    assert not (tmp_path / "lock.json").exists()


def test_the_same_process_may_hold_its_home_twice(tmp_path):
    with hold(tmp_path):
        with hold(tmp_path):
            pass
        assert (tmp_path / "lock.json").exists()
