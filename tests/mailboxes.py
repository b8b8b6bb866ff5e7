"""Nights over mailboxes on a real mail server: letters, what landed, and the server as a
fixture."""

import datetime as dt
import itertools
import random
from email.message import EmailMessage
from pathlib import Path

import pytest
from dovecot import PASSWORD, running_server

from flows import stages
from flows.night import Night, parse_night
from sources.arrivals import Arrival
from sources.channels import mail_server
from sources.landing import Landing

ICT = dt.timezone(dt.timedelta(hours=7))
DAY = dt.datetime(2022, 4, 16, 9, 30, tzinfo=ICT)
AS_OF = "2022-04-19T20:00:00+07:00"
HOUR = dt.timedelta(hours=1)
users = (f"vanthu{number}@lucngan.example" for number in itertools.count())


@pytest.fixture(scope="module")
def server():
    with running_server() as server:
        yield server


@pytest.fixture
def user() -> str:
    return next(users)


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setenv("TONGHOP_IMAP_PASSWORD", PASSWORD)
    monkeypatch.setattr(mail_server, "RETRY_PAUSES", (0.01,) * len(mail_server.RETRY_PAUSES))


def letter(number: int, *files: tuple[str, bytes], **headers: str) -> bytes:
    message = EmailMessage()
    fields = {
        "Message-ID": f"<{number}@tanson.example>",
        "From": "Nguyễn Văn A <tanson@lucngan.example>",
        "Date": "Fri, 01 Jan 2100 00:00:00 +0000",
        "Subject": "Báo cáo của đồng chí A",
        **headers,
    }
    for name, value in fields.items():
        if value:
            message[name] = value
    message.set_content("Kính gửi")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def workbook(number: int, size: int = 40) -> bytes:
    return b"PK\x03\x04" + random.Random(number).randbytes(size)


def night(home: Path, *inboxes: str, as_of: str = AS_OF) -> Night:
    return parse_night(list(inboxes), str(home), as_of, None, "run", dt.datetime.now(dt.UTC))


def collect(home: Path, *inboxes: str, as_of: str = AS_OF) -> dict[str, int]:
    return stages.collect(night(home, *inboxes, as_of=as_of))


def landed(home: Path) -> list[Arrival]:
    return Landing(home).arrivals(dt.datetime.fromisoformat("2100-01-01T00:00:00Z"))


def contents(home: Path) -> list[bytes]:
    """The bytes of every arrival, doubles too."""
    return sorted(Landing(home).original(arrival.sha256).read_bytes() for arrival in landed(home))
