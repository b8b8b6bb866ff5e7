"""A mailbox with a cut connection or a killed night: everything lands exactly once."""

import datetime as dt
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dovecot import Cutter
from mailboxes import DAY, HOUR, collect, contents, landed, letter, night, workbook

from sources.channels import mailbox
from sources.channels.mail_server import BLOCK_BYTES, MailboxDownError

pytest_plugins = ("mailboxes",)
pytestmark = [pytest.mark.long, pytest.mark.usefixtures("at_once")]


def test_500_messages_land_exactly_once_over_ten_cut_connections(server, user, tmp_path):
    dice = random.Random(5)
    sizes = [dice.choice((3_000, 20_000, 60_000)) for _ in range(500)]
    sizes[77] = sizes[300] = 3 * BLOCK_BYTES
    files = {f"BC {number}.xlsx": workbook(number, size) for number, size in enumerate(sizes)}
    with server.client(user) as client:
        for number, (name, data) in enumerate(files.items()):
            client.append(
                "INBOX",
                letter(number, (name, data)),
                msg_time=DAY + number * dt.timedelta(minutes=1),
            )
    line = Cutter(server, [dice.randrange(500_000, 3_000_000) for _ in range(10)])
    assert collect(tmp_path, server.url(user=user, port=line.port)) == {
        "new": 500,
        "known": 0,
        "left_alone": 0,
    }
    assert line.cuts == 10
    assert line.bytes < 1.6 * sum(sizes) + 10 * BLOCK_BYTES, "a cut costs a block, not a message"
    arrivals = landed(tmp_path)
    assert [a.file_name.split("/")[1] for a in arrivals] == list(files)
    assert [a.received_at for a in arrivals] == [
        DAY + number * dt.timedelta(minutes=1) for number in range(500)
    ]
    assert contents(tmp_path) == sorted(files.values())
    line.close()


def test_night_with_lost_connection_keeps_landed_mail_and_next_resumes(
    server, user, tmp_path, monkeypatch
):
    monkeypatch.setattr(mailbox, "MAX_DELIVERY_MESSAGES", 4)
    for number in range(20):
        server.put(
            letter(number, ("BC.xlsx", workbook(number, 50_000))), DAY + number * HOUR, user=user
        )
    line = Cutter(server, [800_000] + [2_000] * 20)
    with pytest.raises(MailboxDownError, match="what had landed is kept"):
        collect(tmp_path, server.url(user=user, port=line.port))
    kept = len(landed(tmp_path))
    assert 4 <= kept < 20
    assert not night(tmp_path, "x").home.nights.exists(), "a night that did not run missed no file"
    line.after = []
    assert collect(tmp_path, server.url(user=user, port=line.port)) == {
        "new": 20 - kept,
        "known": kept,
        "left_alone": 0,
    }
    assert contents(tmp_path) == sorted(workbook(number, 50_000) for number in range(20))
    line.close()


SLOWLY = """
import sys, time
from mailboxes import collect
from sources.channels import mailbox
mailbox.MAX_DELIVERY_MESSAGES, opened = 2, mailbox.MessageOpener.open_message
mailbox.MessageOpener.open_message = lambda opener: time.sleep(0.2) or opened(opener)
collect(sys.argv[1], sys.argv[2])
"""


def test_night_killed_between_messages_neither_loses_nor_doubles(server, user, tmp_path):
    for number in range(20):
        server.put(letter(number, ("BC.xlsx", workbook(number))), DAY + number * HOUR, user=user)
    killed = subprocess.Popen(
        [sys.executable, "-c", SLOWLY, tmp_path, server.url(user=user)], cwd=Path(__file__).parent
    )
    arrivals = tmp_path / "landed" / "arrivals.jsonl"
    while not arrivals.exists() and killed.poll() is None:
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    kept = len(landed(tmp_path))
    assert 0 < kept < 20
    assert collect(tmp_path, server.url(user=user)) == {
        "new": 20 - kept,
        "known": kept,
        "left_alone": 0,
    }
    assert contents(tmp_path) == sorted(map(workbook, range(20)))


def test_connection_cut_at_any_moment_neither_loses_nor_doubles(server, user, tmp_path):
    server.put(
        letter(1, ("BC.xlsx", workbook(1, 20_000)), ("PL.xlsx", workbook(2, 3_000))), DAY, user=user
    )
    # during the handshake, the login, the list of messages, the download
    for cut in range(0, 45_000, 3_000):
        home, line = tmp_path / str(cut), Cutter(server, [cut])
        url = server.url(user=user, port=line.port)
        try:
            collect(home, url)
        except MailboxDownError:  # it never answered: the task is tried again
            collect(home, url)
        assert contents(home) == sorted([workbook(1, 20_000), workbook(2, 3_000)])
        assert collect(home, url) == {"new": 0, "known": 2, "left_alone": 0}
        line.close()
