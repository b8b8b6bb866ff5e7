"""The command: its help and its exit codes."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

TONGHOP = Path(sys.executable).with_name("tonghop")
COMMANDS = (
    "nightly",
    "backfill",
    "heal-time",
    "remind",
    "serve",
    "service install",
    "form",
    "sample",
    "status",
    "sql",
    "why",
    "diff",
    "purge",
    "issue",
    "decide report",
)


def tonghop(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **environment}
    return subprocess.run(
        [TONGHOP, *map(str, arguments)], capture_output=True, text=True, timeout=120, env=env
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(command):
    answer = tonghop(*command.split(), "--help")
    assert answer.returncode == 0
    assert f"tonghop {command}" in answer.stdout.split("Examples")[1]


def test_help_answers_at_once():
    begun = time.perf_counter()
    assert tonghop("--help").returncode == 0
    assert time.perf_counter() - begun < 1.5, (
        "something heavy is imported before a command is known"
    )


WRONG_CALLS = [  # the call, and what its one line must say
    (("nightly", "--inbox", "{tmp}/none", "--home", "{tmp}/home"), "there is no such folder"),
    (
        ("nightly", "--inbox", "{here}", "--home", "{tmp}/home", "--as-of", "yesterday"),
        "no ISO 8601 moment",
    ),
    (
        ("nightly", "--inbox", "{here}", "--home", "{tmp}/home", "--campaign", "{tmp}"),
        "campaign.toml: missing",
    ),
    (("nightly", "--inbox", "{here}", "--home", "/dev/null/home"), "cannot be made"),
    (("nightly", "--home", "{tmp}/home"), "--inbox"),
    (("nightly", "--inbox", "{tmp}", "--home", "{tmp}/new/home"), "lies in --inbox"),
    (("nightly", "--inbox", "{tmp}", "--home", "{tmp}"), "lies in --inbox"),
    (("serve", "--inbox", "{tmp}/none", "--home", "{tmp}/home"), "there is no such folder"),
    (
        ("serve", "--inbox", "{here}", "--home", "{tmp}/home", "--campaign", "{tmp}"),
        "campaign.toml: missing",
    ),
    (("serve", "--home", "{tmp}/home"), "--inbox"),
    (("form", "--unit", "00000", "--out", "{tmp}/forms"), "--unit 00000: không có đơn vị mã này"),
    (("status", "--home", "{tmp}/home"), "no warehouse there yet"),
    (("sql", "select 1", "--home", "{tmp}/home"), "no warehouse there yet"),
    (("why", "cells_held", "--home", "{tmp}/home"), "no warehouse there yet"),
    (("purge", "--before", "2023-01-01", "--home", "{tmp}/home"), "no warehouse there yet"),
    (("purge", "--before", "last year", "--home", "{tmp}/home"), "no ISO 8601 moment"),
]


@pytest.mark.parametrize(("call", "says"), WRONG_CALLS)
def test_wrong_call_exits_2_with_advice(call, says, tmp_path):
    folders = {"tmp": tmp_path, "here": Path(__file__).parent}
    answer = tonghop(*(part.format(**folders) for part in call))
    assert answer.returncode == 2
    assert says in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.stderr


def test_failed_night_prints_one_message_with_advice_and_log_path(tmp_path):
    answer = tonghop(
        "nightly", "--inbox", "imaps://vanthu@127.0.0.1:9/INBOX", "--home", tmp_path / "home"
    )
    assert answer.returncode == 1
    assert answer.stderr.count("the night did not run") == 1
    assert "set TONGHOP_IMAP_PASSWORD" in answer.stderr
    assert Path(answer.stderr.split("Nhật ký (log): ")[1].strip()).is_file()


def test_service_with_taken_port_exits_1(tmp_path):
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        answer = tonghop(
            "serve", "--inbox", Path(__file__).parent, "--home", tmp_path / "home", "--port", port
        )
    assert answer.returncode == 1
    assert f"port {port} of 127.0.0.1 is taken" in answer.stderr
    assert "Traceback" not in answer.stderr
