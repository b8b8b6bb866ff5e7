"""A real mail server for the tests: dovecot on a free local port, with its own folder and
certificate.

`Cutter` is a proxy in front of it: it passes a given number of bytes per connection, then cuts the
connection.
"""

import contextlib
import datetime as dt
import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme
from imapclient import IMAPClient

PASSWORD = "mật-khẩu<của>tôi&5%"
USER = "vanthu@lucngan.example"
DOVECOT = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")

CONFIG = """
base_dir = {place}/run
log_path = {place}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{place}/server.pem
ssl_key = <{place}/server.key
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:{place}/mail/%u:LAYOUT=fs
mail_fsync = never
mail_max_userip_connections = 50
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={place}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
{more}
{users}
"""


class MailServer:
    """A running dovecot with any user, all with one password; `ca` certifies it as `localhost`."""

    def __init__(self, place: Path, more: str = "") -> None:
        self.place, self.ca = place, place / "ca.pem"
        self.port, self.plain_port = free_port(), free_port()
        (place / "mail").mkdir()
        self._certify()
        root = os.geteuid() == 0
        owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        if root:
            os.chown(place / "mail", owner.pw_uid, owner.pw_gid)
            place.chmod(0o755)
        users = (
            ""
            if root
            else (
                f"default_internal_user = {owner.pw_name}\ndefault_login_user = {owner.pw_name}\n"
                f"default_internal_group = {grp.getgrgid(owner.pw_gid).gr_name}\n"
            )
        )
        (place / "dovecot.conf").write_text(
            CONFIG.format(
                place=place,
                port=self.port,
                plain_port=self.plain_port,
                owner=owner.pw_uid,
                group=owner.pw_gid,
                users=users,
                more=more,
                password=PASSWORD.replace("%", "%%"),
            )
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        self._process = subprocess.Popen(
            [DOVECOT, "-F", "-c", self.place / "dovecot.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for _ in range(200):
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), timeout=1) as line,
            ):
                line.close()
                return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        log = self.place / "dovecot.log"
        pytest.fail(
            f"dovecot did not start: {log.read_text() if log.exists() else self._process.stderr.read()}"
        )

    def stop(self) -> None:
        """Stops it."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=20)

    def url(
        self, folder: str = "INBOX", user: str = USER, port: int | None = None, **options: object
    ) -> str:
        """The address of a folder of a user; `port` is a Cutter's."""
        more = "".join(f"&{name}={quote(str(value))}" for name, value in options.items())
        return f"imaps://{quote(user)}@localhost:{port or self.port}/{quote(folder)}?ca={self.ca}{more}"

    @contextlib.contextmanager
    def client(self, user: str = USER) -> Iterator[IMAPClient]:
        """A client of the server's own, to put things there and to look at them."""
        with IMAPClient("127.0.0.1", self.plain_port, ssl=False) as client:
            client.normalise_times = False
            client.plain_login(user, PASSWORD)
            yield client

    def put(self, message: bytes, at: dt.datetime, folder: str = "INBOX", user: str = USER) -> None:
        """A message that the server received at that moment."""
        with self.client(user) as client:
            if not client.folder_exists(folder):
                client.create_folder(folder)
            client.append(folder, message, msg_time=at)

    def remake(self, folder: str, user: str = USER, later: dt.timedelta = dt.timedelta(0)) -> None:
        """The same messages in a folder that is made again: other UIDs, another UIDVALIDITY, received
        later by `later`."""
        with self.client(user) as client:
            client.select_folder(folder, readonly=True)
            messages = (
                client.fetch(client.search(), ["INTERNALDATE", "BODY.PEEK[]"])
                if client.search()
                else {}
            )
            client.unselect_folder()
            client.rename_folder(folder, f"{folder}-{time.monotonic_ns()}")
            client.create_folder(folder)
            for uid in sorted(messages, reverse=True):
                client.append(
                    folder,
                    messages[uid][b"BODY[]"],
                    msg_time=messages[uid][b"INTERNALDATE"] + later,
                )

    def _certify(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca)
        issued = authority.issue_cert("localhost")
        issued.private_key_pem.write_to_path(self.place / "server.key")
        for pem in issued.cert_chain_pems:
            pem.write_to_path(self.place / "server.pem", append=True)


class Cutter:
    """A port that passes on to the server, and cuts each connection after the numbers of bytes
    from it that are listed."""

    def __init__(self, server: MailServer, after: list[int]) -> None:
        self.after, self.cuts, self.bytes = list(after), 0, 0
        self._to = server.port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listening.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # it was closed
            while True:
                near, _ = self._listening.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                for line in (near, far):
                    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                allowed = self.after.pop(0) if self.after else None
                threading.Thread(target=self._pass, args=(near, far, None), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, allowed), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, allowed: int | None) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 14):
                if allowed is not None:
                    data, allowed = data[:allowed], allowed - len(data)
                target.sendall(data)
                self.bytes += len(data)
                if allowed is not None and allowed <= 0:
                    self.cuts += 1
                    break
        for line in (source, target):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        return free.getsockname()[1]


@contextlib.contextmanager
def running_server(more: str = "") -> Iterator[MailServer]:
    """A server with `more` in its configuration, until the block ends; skips the test where there
    is no dovecot."""
    if DOVECOT is None:
        pytest.skip("dovecot is not installed (apt-get install dovecot-imapd)")
    # pytest's own are closed to whom dovecot serves as
    with tempfile.TemporaryDirectory() as place:
        server = MailServer(Path(place), more)
        server.start()
        try:
            yield server
        finally:
            server.stop()
