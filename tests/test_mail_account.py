"""The address of a mailbox, and its password, which appears nowhere."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.commands.options import checked_inboxes
from flows.night import parse_night
from sources.channels.mail_account import (
    Account,
    AccountError,
    MailboxRefusedError,
    check_together,
    parse_account,
)
from sources.secrets import environment_without_secrets

SECRET = "t0p-s3cret"
ACCOUNTS = [
    ("imaps://vanthu@mail.example", Account("mail.example", 993, "vanthu", "INBOX")),
    ("imaps://vanthu@mail.example/", Account("mail.example", 993, "vanthu", "INBOX")),
    (
        "IMAPS://vanthu@mail.example:1993/B%C3%A1o c%C3%A1o/2022",
        Account("mail.example", 1993, "vanthu", "Báo cáo/2022"),
    ),
    (
        "imaps://a%40b.example@mail.example/INBOX",
        Account("mail.example", 993, "a@b.example", "INBOX"),
    ),
    (
        "imaps://a@b.example@mail.example/INBOX",
        Account("mail.example", 993, "a@b.example", "INBOX"),
    ),
    (
        "imaps://a@mail.example/INBOX?move_to=%C4%90%C3%A3 nh%E1%BA%ADn&since=2022-03-01",
        Account("mail.example", 993, "a", "INBOX", move_to="Đã nhận", since=dt.date(2022, 3, 1)),
    ),
    ("imap://a@127.0.0.1:1143/INBOX?tls=none", Account("127.0.0.1", 1143, "a", "INBOX", tls=False)),
    ("imap://a@localhost/?tls=none", Account("localhost", 143, "a", "INBOX", tls=False)),
]
REFUSED = [  # the address, and the error
    (f"imaps://a:{SECRET}@mail.example/INBOX", "TONGHOP_IMAP_PASSWORD"),
    (f"imaps://a:{SECRET}@mail.example:993/INBOX", "change it"),
    (f"imaps://a:1/{SECRET}@mail.example/INBOX", "imaps://user@host"),
    (f"imaps://a:/{SECRET}@mail.example/INBOX", "imaps://user@host"),
    (f"imaps://a:x/{SECRET}@mail.example/INBOX", "no number"),
    (f"imaps://a:{SECRET}#1@mail.example/INBOX", "no number"),
    (f"imaps://a@mail.example/INBOX#{SECRET}", "%23"),
    (f"imaps://a@mail.example/INBOX?{SECRET}=1", "there are ca, move_to, since, tls"),
    ("imaps://mail.example/INBOX", "imaps://user@host"),
    ("imaps://a@/INBOX", "imaps://user@host"),
    ("imaps://a@mail.example/INBOX?move_to=", "empty"),
    ("imaps://a@mail.example/Đến?move_to=Đến", "another folder"),
    ("imaps://a@mail.example/INBOX?since=hôm qua", "2022-03-01"),
    ("imaps://a@mail.example/INBOX?ca=/there/is/none.pem", "no such file"),
    ("imaps://a@mail.example/INBOX?tls=none", "leave it out"),
    ("imap://a@mail.example/INBOX", "in the clear"),
    ("imap://a@mail.example/INBOX?tls=none", "in the clear"),
    ("imap://a@127.0.0.1/INBOX", "tls=none"),
]


@pytest.mark.parametrize(("url", "account"), ACCOUNTS)
def test_address_identifies_the_mailbox(url, account):
    assert parse_account(url) == account


@pytest.mark.parametrize(("url", "error"), REFUSED)
def test_unusable_address_is_explained_without_password(url, error):
    with pytest.raises(AccountError) as refused:
        parse_account(url)
    assert error in str(refused.value)
    assert SECRET not in str(refused.value)


def test_command_refuses_password_in_address_and_move_for_folders(tmp_path):
    def error_of(*arguments: str) -> str:
        answer = subprocess.run(
            [
                Path(sys.executable).with_name("tonghop"),
                "nightly",
                "--home",
                tmp_path / "home",
                *arguments,
            ],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert answer.returncode == 2
        assert "Traceback" not in answer.stderr
        return answer.stderr

    error = error_of("--inbox", str(tmp_path), "--inbox", f"imaps://a:{SECRET}@mail.example/INBOX")
    assert "password in its address" in error
    assert SECRET not in error
    assert "--move-to" in error_of("--inbox", str(tmp_path), "--move-to", "Xong")
    assert checked_inboxes([str(tmp_path), "imaps://a@h/INBOX?since=2022-03-01"], "Đã nhận") == [
        str(tmp_path),
        "imaps://a@h/INBOX?since=2022-03-01&move_to=%C4%90%C3%A3%20nh%E1%BA%ADn",
    ]


def test_night_takes_one_or_several_inboxes_but_no_password(tmp_path):
    def inboxes(inbox: object) -> tuple[str, ...]:
        night = parse_night(inbox, str(tmp_path), None, None, "run", dt.datetime.now(dt.UTC))
        assert type(night)(*night.__reduce__()[1]).inboxes == night.inboxes
        return night.inboxes

    assert inboxes(str(tmp_path)) == (str(tmp_path),)
    assert inboxes([str(tmp_path), "imaps://a@h/INBOX", str(tmp_path / "x" / "..")]) == (
        str(tmp_path),
        "imaps://a@h/INBOX",
    )
    with pytest.raises(AccountError):
        inboxes([f"imaps://a:{SECRET}@h/INBOX"])
    with pytest.raises(ValueError, match="no inbox"):
        inboxes([])


def test_password_comes_from_environment_or_private_file(tmp_path):
    account, file = (
        Account("mail.example", 993, "vanthu@huyen.example", "INBOX"),
        tmp_path / "passwords",
    )
    file.write_text(
        f"other@mail.example no\nvanthu@huyen.example@mail.example \tmật khẩu {SECRET} \n\n"
    )
    file.chmod(0o600)
    by_file = {"TONGHOP_IMAP_PASSWORD_FILE": str(file)}
    assert account.password({"TONGHOP_IMAP_PASSWORD": SECRET}) == SECRET
    assert (
        account.password(by_file | {"TONGHOP_IMAP_PASSWORD": "for others"}) == f"mật khẩu {SECRET}"
    )
    with pytest.raises(MailboxRefusedError, match="no password for x@h"):
        Account("h", 993, "x", "INBOX").password(by_file | {"TONGHOP_IMAP_PASSWORD": "for others"})
    for environment, error in (
        ({}, "mode 0600"),
        ({"TONGHOP_IMAP_PASSWORD_FILE": "/no/file"}, "cannot be read"),
    ):
        with pytest.raises(MailboxRefusedError, match=error):
            account.password(environment)
    for mode in (0o640, 0o604, 0o644, 0o660):
        file.chmod(mode)
        with pytest.raises(MailboxRefusedError, match="chmod 600") as refused:
            account.password(by_file)
        assert SECRET not in str(refused.value)


def test_one_password_is_not_sent_to_several_servers():
    accounts = [Account("a.example", 993, "x", "INBOX"), Account("b.example", 993, "x", "INBOX")]
    with pytest.raises(AccountError, match="_FILE"):
        check_together(accounts, {"TONGHOP_IMAP_PASSWORD": SECRET})
    check_together(accounts, {"TONGHOP_IMAP_PASSWORD_FILE": "passwords"})
    check_together([accounts[0], Account("a.example", 993, "x", "Khác")], {})


def test_children_get_no_password(monkeypatch):
    for name in ("TONGHOP_IMAP_PASSWORD", "TONGHOP_IMAP_PASSWORD_FILE", "TONGHOP_SMTP_PASSWORD"):
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("TONGHOP_HOME", "home")
    assert SECRET not in environment_without_secrets().values()
    assert environment_without_secrets()["TONGHOP_HOME"] == "home"
    assert os.environ["TONGHOP_IMAP_PASSWORD"] == SECRET, "the night itself keeps it"
