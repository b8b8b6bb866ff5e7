"""Hostile messages: each is opened, or kept and refused, without effect on others or the night."""

import os
import resource
import signal
import time
from pathlib import Path

import pytest
from hostile_mail import hostile_messages
from mailboxes import DAY, HOUR, collect, contents, landed, letter, workbook
from test_mail_parts import COSTLY

from sources.campaigns import load_campaign
from sources.channels import mail_opening, mail_reading
from sources.channels.mail_opening import DeferredError, MessageOpener, NotOpenedError
from sources.children.line_child import LineChild
from sources.grids import NOT_OPENED_NOTE, RefusedFile
from sources.readers import read
from sources.text import visible

pytest_plugins = ("mailboxes",)
pytestmark = [pytest.mark.long, pytest.mark.usefixtures("at_once")]
LIMITS = load_campaign().limits
SEED = 20220419
SURROGATE = (
    b"From: tanson@lucngan.example\nMIME-Version: 1.0\nMessage-ID: <%s@y>\n"
    b"Content-Type: multipart/mixed; boundary=B\n\n--B\nContent-Type: application/octet-stream\n"
    b'Content-Disposition: attachment; filename="%s"\nContent-Transfer-Encoding: base64\n\nUEsDBHg=\n--B--\n'
)
NAMES = [  # file names that end in halves of letters where the charset is believed
    b"=?unicode_escape?Q?=5Cud800?=.xlsx",
    b"=?raw_unicode_escape?Q?=5Cud800?=.xlsx",
    b"=?utf-7?Q?+2AA-?=.xlsx",
    b"\\\\ud800 =?utf-8?Q?a?=.xlsx",
    b"=?unicode-escape?B?XHVkODAw?=.xlsx",
]


def opened(tmp_path: Path, raw: bytes, limits=LIMITS):
    with MessageOpener(tmp_path, limits) as opener:
        opener.store([raw])
        return opener.open_message()


@pytest.mark.parametrize("name", NAMES)
def test_name_in_non_mail_charset_is_plain_text(tmp_path, name):
    [(found, data)] = opened(tmp_path, SURROGATE % (b"1", name)).files
    assert data == b"PK\x03\x04x"
    assert found.encode() and found.endswith(".xlsx")
    assert visible(found, line_breaks=False) == found


def test_hostile_names_do_not_affect_good_mail(server, user, tmp_path):
    for number, name in enumerate(NAMES):
        server.put(SURROGATE % (b"%d" % number, name), DAY + number * HOUR, user=user)
    server.put(letter(99, ("BC.xlsx", workbook(1))), DAY + 9 * HOUR, user=user)
    assert collect(tmp_path, server.url(user=user))["new"] == len(NAMES) + 1
    assert collect(tmp_path, server.url(user=user)) == {
        "new": 0,
        "known": len(NAMES) + 1,
        "left_alone": 0,
    }
    for arrival in landed(tmp_path):
        assert arrival.file_name.encode()


def test_random_messages_are_opened_or_refused(tmp_path):
    outcomes = {True: 0, False: 0}
    with MessageOpener(tmp_path, LIMITS) as opener:
        for raw in hostile_messages(400, SEED):
            opener.store([raw])
            try:
                message = opener.open_message()
            except NotOpenedError:
                message = opener.read_headers()
            outcomes[bool(message.files)] += 1
            assert len({name.casefold() for name, _ in message.files}) == len(message.files)
            for text in (message.key, message.sender or "", *(name for name, _ in message.files)):
                assert text.encode() is not None
    assert outcomes[True] > 300
    assert not list(tmp_path.iterdir()), "nothing is left that has a name"


def test_message_that_fails_to_parse_is_kept_whole_and_refused(
    server, user, tmp_path, monkeypatch, caplog
):
    """Of any kind: here the limit of memory is so small that no message can be opened."""
    raw = letter(1, ("BC.xlsx", workbook(1, 60_000)))
    server.put(raw, DAY, user=user)
    monkeypatch.setattr(
        mail_reading.MessageOpener,
        "open_message",
        _fail_first(mail_reading.MessageOpener.open_message),
    )
    server.put(letter(2, ("BC 2.xlsx", workbook(2))), DAY + HOUR, user=user)
    assert collect(tmp_path, server.url(user=user))["new"] == 2
    refused, good = sorted(contents(tmp_path), key=len, reverse=True)
    assert refused.startswith(NOT_OPENED_NOTE) and refused.endswith(
        raw.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")
    )
    assert good == workbook(2)
    assert "is kept and refused: it takes too much memory" in caplog.text
    assert [a.file_name.split("/")[1] for a in landed(tmp_path)] == ["thư không mở", "BC 2.xlsx"]
    assert landed(tmp_path)[0].sender == "tanson@lucngan.example"
    with pytest.raises(RefusedFile, match="Thư"):
        read(refused, LIMITS)
    assert collect(tmp_path, server.url(user=user)) == {"new": 0, "known": 2, "left_alone": 0}


def _fail_first(method):
    """Opens the first message in a child whose memory is spent at once."""
    calls = iter((True,))

    def opened(opener: MessageOpener):
        if next(calls, False):
            small = MessageOpener(Path("/tmp"), LIMITS.model_copy(update={"memory_bytes": 1 << 20}))
            with small:
                small.store([opener.stored_bytes()])
                return small.open_message()
        return method(opener)

    return opened


def test_own_defect_leaves_that_message_on_the_server_only(server, user, tmp_path, monkeypatch):
    for number in (1, 2):
        server.put(
            letter(number, (f"BC {number}.xlsx", workbook(number))), DAY + number * HOUR, user=user
        )
    with monkeypatch.context() as broken:
        digest = mail_reading.digest_of_message
        broken.setattr(
            mail_reading,
            "digest_of_message",
            lambda key, files: 1 / 0 if "1.xlsx" in files[0][0] else digest(key, files),
        )
        assert collect(tmp_path, server.url(user=user)) == {"new": 1, "known": 0, "left_alone": 1}
    assert collect(tmp_path, server.url(user=user)) == {"new": 1, "known": 1, "left_alone": 0}


def resident() -> int:
    """Bytes of this process's memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.parametrize("raw", COSTLY, ids=range(len(COSTLY)))
def test_costly_message_uses_no_parent_memory(tmp_path, raw):
    begun = time.monotonic()
    with MessageOpener(tmp_path, LIMITS) as opener:
        opener.store([raw])
        before = resident()
        try:
            opener.open_message()
        except NotOpenedError:
            assert opener.read_headers().files == []
        assert resident() - before < 32 << 20
    assert time.monotonic() - begun < 3 * LIMITS.seconds


class StoppedChild(LineChild):
    """It does not go on while `stopped` is true, as if its message took it for ever."""

    stopped = True

    def start(self):
        is_new = self.process is None
        process = super().start()
        if is_new and self.stopped:
            os.kill(process.pid, signal.SIGSTOP)
        return process


def test_slow_messages_share_a_budget_and_others_are_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(mail_opening, "_GRACE_SECONDS", 0)
    monkeypatch.setattr(mail_opening, "LineChild", StoppedChild)
    limits = LIMITS.model_copy(update={"seconds": 1, "seconds_per_sender": 1})
    with MessageOpener(tmp_path, limits) as opener:
        opener.store([letter(1, ("BC.xlsx", workbook(1)))])
        with pytest.raises(NotOpenedError, match="too long"):
            opener.open_message()
        with pytest.raises(DeferredError):
            opener.open_message()
        opener._child.stopped, opener._limits = False, LIMITS
        assert [name for name, _ in opener.open_message().files] == ["BC.xlsx"]


LIES = [
    b"",
    b"\n",
    b"{}\n" + b"x",
    b'{"why": 5}\n',
    b'{"files": [["a", 10]]}\n123',
    b'{"files": [["a", -1]]}\n',
    b'{"files": [["a"]]}\n',
    b'{"other": 1}\n',
    b'{"key": "' + b"x" * (mail_opening.MAX_ANSWER_BYTES + 1) + b'"}\n',
    b"\xff\n",
    b'{"sender": "' + b"x" * 5000 + b'"}\n',
]


@pytest.mark.parametrize("answer", LIES, ids=range(len(LIES)))
def test_malformed_answer_is_rejected(tmp_path, monkeypatch, answer):
    """As of a child that runs what a message had it run."""

    def asked(self: MessageOpener, whole: bool, seconds: int) -> int:
        self._answer.seek(0)
        self._answer.truncate()
        self._answer.write(answer)
        return 0

    monkeypatch.setattr(MessageOpener, "_exit_code_of", asked)
    if answer.startswith(b"{}"):
        assert opened(tmp_path, b"").files == []
    else:
        with pytest.raises(NotOpenedError):
            opened(tmp_path, b"")


def test_killed_child_is_replaced(tmp_path):
    raw = letter(1, ("BC.xlsx", workbook(1)))
    with MessageOpener(tmp_path, LIMITS) as opener:
        opener.store([raw])
        opener.open_message()
        opener._child.process.kill()
        assert [name for name, _ in opener.open_message().files] == ["BC.xlsx"]
