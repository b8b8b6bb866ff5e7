"""A mailbox as an inbox, on a real mail server over TLS: everything lands, once."""

import datetime as dt
import logging
import os
import socket
import subprocess
import sys
import traceback
from pathlib import Path

import duckdb
import pytest
from dovecot import PASSWORD, Cutter, MailServer, free_port, running_server
from mailboxes import AS_OF, DAY, HOUR, collect, contents, landed, letter, night, users, workbook

from flows import stages
from sources.campaigns import load_campaign
from sources.channels import mail_reading, mail_server
from sources.channels.mail_account import MailboxRefusedError
from sources.channels.mail_memory import MEMORY
from sources.channels.mail_server import BLOCK_BYTES, MailboxDownError
from sources.samples import write_samples

pytest_plugins = ("mailboxes",)
pytestmark = [pytest.mark.long, pytest.mark.usefixtures("at_once")]


def test_files_have_server_time_and_address_and_mail_stays_unseen(server, user, tmp_path):
    server.put(
        letter(1, ("Báo cáo.xlsx", workbook(1)), ("phụ lục.xlsx", workbook(2))), DAY, user=user
    )
    assert collect(tmp_path, server.url(user=user)) == {"new": 2, "known": 0, "left_alone": 0}
    arrivals = landed(tmp_path)
    assert {(a.received_at, a.sender, a.channel) for a in arrivals} == {
        (DAY, "tanson@lucngan.example", "mailbox")
    }
    assert [a.file_name.split("/")[1] for a in arrivals] == ["Báo cáo.xlsx", "phụ lục.xlsx"]
    assert contents(tmp_path) == sorted([workbook(1), workbook(2)])
    with server.client(user) as client:
        client.select_folder("INBOX", readonly=True)
        assert client.search("UNSEEN") == [1]
        assert client.search("RECENT") == [1]
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*.jsonl"))
    assert "Nguyễn".encode() not in kept
    assert "đồng chí".encode() not in kept


def test_only_mail_between_since_and_as_of_is_fetched(server, user, tmp_path, monkeypatch):
    moment = dt.datetime.fromisoformat(AS_OF)
    for number, at in enumerate(
        (moment, moment + dt.timedelta(seconds=1), DAY - dt.timedelta(days=300))
    ):
        server.put(letter(number, (f"{number}.xlsx", workbook(number))), at, user=user)
    assert collect(tmp_path, server.url(user=user)) == {"new": 1, "known": 0, "left_alone": 1}
    assert contents(tmp_path) == [workbook(0)]
    assert collect(tmp_path, server.url(user=user), as_of="2022-04-20T20:00")["new"] == 1
    assert (
        collect(tmp_path, server.url(user=user, since="2021-01-01"), as_of="2022-04-20T20:00")[
            "new"
        ]
        == 1
    )


def test_a_repeat_night_downloads_nothing_again(server, user, tmp_path):
    line = Cutter(server, [])
    for number in range(5):
        server.put(
            letter(number, ("BC.xlsx", workbook(number, 100_000))), DAY + number * HOUR, user=user
        )
    server.put(letter(9), DAY, user=user)  # one without a file is remembered too
    url = server.url(user=user, port=line.port)
    assert collect(tmp_path, url) == {"new": 5, "known": 0, "left_alone": 1}
    first, line.bytes = line.bytes, 0
    server.put(letter(10, ("BC.xlsx", workbook(10, 100_000))), DAY + 9 * HOUR, user=user)
    assert collect(tmp_path, url) == {"new": 1, "known": 5, "left_alone": 0}
    assert first > 500_000 > 200_000 > line.bytes > 100_000
    line.close()


def test_lost_or_wrong_mail_memory_neither_loses_nor_doubles(server, user, tmp_path):
    server.put(letter(1, ("BC.xlsx", workbook(1))), DAY, user=user)
    collect(tmp_path, server.url(user=user))
    before = landed(tmp_path)
    (tmp_path / MEMORY).rename(tmp_path / "memory")
    assert collect(tmp_path, server.url(user=user)) == {"new": 0, "known": 1, "left_alone": 0}
    assert landed(tmp_path) == before
    elsewhere = tmp_path / "restored" / MEMORY
    elsewhere.parent.mkdir(parents=True)
    (tmp_path / "memory").rename(elsewhere)
    assert collect(tmp_path / "restored", server.url(user=user))["new"] == 1


@pytest.mark.parametrize("later", [dt.timedelta(0), HOUR], ids=["same dates", "other dates"])
def test_recreated_mailbox_doubles_nothing(server, user, tmp_path, later):
    for number in range(20):
        server.put(
            letter(number, ("BC.xlsx", workbook(number)), ("PL.xlsx", b"PK same")),
            DAY,
            "Báo cáo",
            user,
        )
    server.put(
        letter(99, ("không tên.xlsx", workbook(99)), **{"Message-ID": ""}), DAY, "Báo cáo", user
    )
    url = server.url("Báo cáo", user)
    assert collect(tmp_path, url)["new"] == 41
    before = landed(tmp_path)
    server.remake("Báo cáo", user, later)
    server.put(letter(21, ("BC.xlsx", workbook(21))), DAY, "Báo cáo", user)
    assert collect(tmp_path, url) == {"new": 1, "known": 41, "left_alone": 0}
    assert [a for a in landed(tmp_path) if a in before] == before
    assert collect(tmp_path, url) == {"new": 0, "known": 42, "left_alone": 0}


def test_reused_uid_loses_nothing(server, user, tmp_path):
    """As one restored from a backup does, its UIDVALIDITY the same: here the memory is made to
    speak of another UID."""
    for number in (1, 2):
        server.put(letter(number, ("BC.xlsx", workbook(number))), DAY, user=user)
        collect(tmp_path, server.url(user=user), as_of=AS_OF if number == 2 else "2022-04-18")
        memory = tmp_path / MEMORY
        memory.write_text(memory.read_text().replace('"uid": 1', '"uid": 2'))
    assert contents(tmp_path) == sorted(map(workbook, (1, 2)))
    assert collect(tmp_path, server.url(user=user)) == {"new": 0, "known": 2, "left_alone": 0}


def test_same_message_id_with_other_files_is_kept(server, user, tmp_path):
    for number in range(3):  # as an office's scanner sends them
        server.put(letter(1, ("Scan.xlsx", workbook(number))), DAY, user=user)
    # the first one once more
    server.put(letter(1, ("Scan.xlsx", workbook(0))), DAY + HOUR, user=user)
    assert collect(tmp_path, server.url(user=user)) == {"new": 3, "known": 1, "left_alone": 0}
    assert contents(tmp_path) == sorted(map(workbook, range(3)))


def test_messages_are_moved_after_their_files_are_on_disk(server, user, tmp_path, monkeypatch):
    for number in range(3):
        server.put(letter(number, (f"{number}.xlsx", workbook(number))), DAY, user=user)
    server.put(letter(9), DAY, user=user)  # without a file: somebody must read it
    server.put(letter(10, ("mai.xlsx", workbook(10))), DAY + dt.timedelta(days=9), user=user)
    url = server.url(user=user, move_to="Đã nhận/2022")
    with pytest.raises(MailboxRefusedError, match="no folder Đã nhận/2022"):
        collect(tmp_path, url)
    with server.client(user) as client:
        client.create_folder("Đã nhận/2022")

    def count(folder: str) -> tuple[int, int]:
        with server.client(user) as client:
            client.select_folder(folder, readonly=True)
            return len(client.search()), len(client.search("UNSEEN"))

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("sources.landing.flush", fail)
        with pytest.raises(OSError, match="No space"):
            collect(tmp_path, url)
    assert (count("INBOX"), count("Đã nhận/2022")) == ((5, 5), (0, 0)), (
        "nothing is moved that has not landed"
    )
    assert collect(tmp_path, server.url(user=user))["new"] == 3
    assert collect(tmp_path, url)["known"] == 3, "what landed before is moved as well"
    assert (count("INBOX"), count("Đã nhận/2022")) == ((2, 2), (3, 3))
    assert collect(tmp_path, server.url("Đã nhận/2022", user)) == {
        "new": 0,
        "known": 3,
        "left_alone": 0,
    }


@pytest.mark.parametrize("able", [True, False], ids=["with UIDPLUS", "without"])
def test_server_without_move_copies_and_deletes_only_landed_mail(tmp_path, able):
    with running_server(f"imap_capability = IMAP4rev1 AUTH=PLAIN {'UIDPLUS' * able}\n") as old:
        old.put(letter(1, ("BC.xlsx", workbook(1))), DAY)
        old.put(letter(2), DAY)
        with old.client() as client:
            client.create_folder("Xong")
            client.select_folder("INBOX")
            client.add_flags([2], ["\\Deleted"])  # by somebody who has not yet made up their mind
        if able:
            assert collect(tmp_path, old.url(move_to="Xong"))["new"] == 1
        else:
            with pytest.raises(MailboxRefusedError, match="leave out --move-to"):
                collect(tmp_path, old.url(move_to="Xong"))
        with old.client() as client:
            assert [client.select_folder(folder)[b"EXISTS"] for folder in ("INBOX", "Xong")] == [
                2 - able,
                1 * able,
            ]
        assert contents(tmp_path) == [workbook(1)]


def test_oversized_message_is_not_fetched_or_moved_and_is_reported(
    server, user, tmp_path, monkeypatch
):
    limits = load_campaign().limits
    monkeypatch.setattr(mail_reading, "MAX_SIZE_FACTOR", 0.04)  # of a file's limit: two megabytes
    server.put(letter(1, ("phim.mp4", b"x" * (limits.file_bytes // 20))), DAY, user=user)
    with server.client(user) as client:
        client.create_folder("Xong")
    line = Cutter(server, [])
    tonight = night(tmp_path, server.url(user=user, port=line.port, move_to="Xong"))
    assert stages.collect(tonight)["new"] == 1
    assert line.bytes < 2 * BLOCK_BYTES
    [arrival] = landed(tmp_path)
    assert arrival.sender == "tanson@lucngan.example"
    stages.open_work(tonight)
    [chunk] = stages.list_unread(tonight)
    stages.read(tonight, 1, chunk, 1)
    [content] = (tmp_path / "staged").rglob("content-*.parquet")
    with duckdb.connect() as con:
        read = con.execute("select outcome, reason from read_parquet(?)", [str(content)]).fetchall()
    assert read[0][0] == "unreadable"
    assert "Thư quá lớn" in read[0][1]
    for known in (1, 1):
        assert stages.collect(tonight) == {"new": 0, "known": known, "left_alone": 0}
    line.close()


def test_hostile_message_does_not_affect_others(server, user, tmp_path):
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(3000)
    )
    server.put(deep, DAY, user=user)
    server.put(letter(1, ("BC.xlsx", workbook(1))), DAY + HOUR, user=user)
    assert collect(tmp_path, server.url(user=user))["new"] == 2
    assert collect(tmp_path, server.url(user=user)) == {"new": 0, "known": 2, "left_alone": 0}
    assert [a.file_name.split("/")[1] for a in landed(tmp_path)] == ["thư không mở", "BC.xlsx"]


def test_several_inboxes_make_one_night_and_all_must_be_up(server, user, tmp_path, monkeypatch):
    folder, other, passwords = tmp_path / "inbox", next(users), tmp_path / "passwords"
    passwords.write_text("".join(f"{one}@localhost {PASSWORD}\n" for one in (user, other)))
    passwords.chmod(0o600)
    monkeypatch.setenv("TONGHOP_IMAP_PASSWORD_FILE", str(passwords))
    folder.mkdir()
    (folder / "BC.xlsx").write_bytes(workbook(3))
    os.utime(folder / "BC.xlsx", (DAY.timestamp(), DAY.timestamp()))
    server.put(letter(1, ("BC.xlsx", workbook(1))), DAY, user=user)
    # the same message, sent to both
    server.put(letter(1, ("BC.xlsx", workbook(1))), DAY + HOUR, user=other)
    inboxes = [str(folder), server.url(user=user), server.url(user=other)]
    assert collect(tmp_path / "home", *inboxes)["new"] == 3
    assert [a.channel for a in landed(tmp_path / "home")] == ["folder", "mailbox", "mailbox"]
    with pytest.raises(MailboxDownError):
        collect(tmp_path / "other", *inboxes, server.url(user=user, port=free_port()))
    assert not night(tmp_path / "other", "x").home.nights.exists()


def silent_port() -> int:
    """A port that takes connections and never sends a byte."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    listening.detach()
    return port


def refused(server: MailServer, what: str) -> tuple[str, str]:
    """An address that does not work, and the error for it."""
    return {
        "silent": (server.url(port=silent_port()), "does not answer"),
        "down": (server.url(port=free_port()), "Connection refused"),
        "no such host": (
            server.url().replace("localhost", "mail.lucngan.invalid"),
            "does not answer",
        ),
        "not mail": (server.url(port=server.plain_port), "does not answer"),
        "folder": (
            server.url("Không có"),
            "no folder Không có that can be opened: write one of INBOX",
        ),
        "certificate": (server.url().split("?")[0], "?ca=FILE"),
        "host name": (server.url().replace("localhost", "127.0.0.1"), "?ca=FILE"),
        "ca": (f"{server.url().split('?')[0]}?ca={__file__}", "holds no certificate"),
        "password": (server.url(), "refuses vanthu@lucngan.example"),
    }[what]


@pytest.mark.parametrize(
    "what",
    [
        "down",
        "silent",
        "no such host",
        "not mail",
        "folder",
        "certificate",
        "host name",
        "ca",
        "password",
    ],
)
def test_error_is_one_line_without_password(server, tmp_path, monkeypatch, caplog, what):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(mail_server, "TIMEOUT_SECONDS", 3)
    for logger in ("imapclient", "imapclient.imaplib"):
        logging.getLogger(logger).setLevel(logging.DEBUG)
    password = f"wrong-{PASSWORD}" if what == "password" else PASSWORD
    monkeypatch.setenv("TONGHOP_IMAP_PASSWORD", password)
    url, message = refused(server, what)
    with pytest.raises((MailboxDownError, MailboxRefusedError)) as error:
        collect(tmp_path, url)
    assert message in str(error.value)
    assert "\n" not in str(error.value)
    may_succeed_later = what in ("down", "silent", "no such host", "not mail")
    assert isinstance(error.value, OSError) == may_succeed_later, "such are tried again"
    written = (
        "".join(traceback.format_exception(error.value))
        + caplog.text
        + "".join(
            path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()
        )
    )
    assert password not in written
    assert password.encode().hex() not in written.encode().hex()


def test_unencrypted_connection_is_only_for_localhost(server, user, tmp_path):
    server.put(letter(1, ("BC.xlsx", workbook(1))), DAY, user=user)
    assert (
        collect(tmp_path, f"imap://{user}@127.0.0.1:{server.plain_port}/INBOX?tls=none")["new"] == 1
    )


def test_command_runs_a_night_of_folder_and_mailbox(server, user, tmp_path):
    inbox, home = tmp_path / "inbox", tmp_path / "home"
    write_samples(inbox, load_campaign(), units=5, layout="form")
    addresses = {f"BC {unit.name}.xlsx": unit.email for unit in load_campaign().registry.units}
    files = sorted(path for path in inbox.rglob("*.xlsx") if not path.name.startswith("."))
    assert len(files) == 5
    senders = [addresses[files[0].name], addresses[files[1].name], "ai-do@nguoi-la.example"]
    for number, (sender, path) in enumerate(zip(senders, files, strict=False)):
        server.put(letter(number, (path.name, path.read_bytes()), From=sender), DAY, user=user)
        path.unlink()

    def run(*inboxes: str) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        call = [
            Path(sys.executable).with_name("tonghop"),
            "nightly",
            "--home",
            home,
            "--as-of",
            AS_OF,
        ]
        return subprocess.run(
            [*call, *(f"--inbox={one}" for one in inboxes)],
            capture_output=True,
            text=True,
            timeout=300,
            env=environment,
        )

    answer = run(str(inbox), server.url(user=user))
    assert answer.returncode == 0, answer.stderr
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        arrived = con.execute(
            "select channel, status, count(*) from submission group by all order by all"
        ).fetchall()
        assert con.execute("select units_reported from campaign_summary").fetchall() == [(4,)]
        on_hold = con.execute("select sender from submission where set_aside").fetchall()
    assert arrived == [
        ("folder", "accepted", 2),
        ("mailbox", "accepted", 2),
        ("mailbox", "held", 1),
    ]
    assert on_hold == [(senders[2],)], (
        "an officer decides on a report that no address of its unit sent"
    )
    before = (home / "warehouse.duckdb").read_bytes()
    answer = run(str(inbox), server.url("Không có", user))
    assert answer.returncode == 1
    assert "no folder Không có" in answer.stderr.splitlines()[-1]
    assert "the old warehouse stands" in answer.stderr.splitlines()[-1]
    assert (home / "warehouse.duckdb").read_bytes() == before
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in kept + answer.stderr.encode()
