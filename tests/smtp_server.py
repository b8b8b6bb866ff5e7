"""A real mail server for the tests: aiosmtpd on a free port of this machine, with TLS and
passwords."""

import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from dovecot import free_port

USER, PASSWORD = "vanthu", "mat khau & 5%"


@dataclass
class PostOffice:
    """What came: the messages by recipient. Refuses an address in `refused` (for good, or with the
    answer given there, and takes its leave where that is a 421), hangs up after one to `dying`."""

    came: list[tuple[str, EmailMessage]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    dying: set[str] = field(default_factory=set)
    address: str = ""

    def to(self, recipient: str) -> list[EmailMessage]:
        return [message for address, message in self.came if address == recipient]

    async def handle_RCPT(self, server, session, envelope, address: str, options: list[str]) -> str:
        if answer := self.refused.get(address):
            if answer.startswith("421"):
                await server.push(answer)
                server.transport.close()
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session: Session, envelope: Envelope) -> str:
        assert session.ssl and session.authenticated
        message = message_from_bytes(envelope.content, policy=default)
        self.came += [(address, message) for address in envelope.rcpt_tos]
        if self.dying & set(envelope.rcpt_tos):
            server.transport.abort()
        return "250 taken"


@contextlib.contextmanager
def post_office(folder: Path) -> Iterator[PostOffice]:
    """A running server; its address, with its certificates, is for TONGHOP_SMTP."""
    authority, office = trustme.CA(), PostOffice()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    controller = Controller(
        office,
        hostname="localhost",
        port=free_port(),
        ssl_context=None,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=_let_in,
    )
    controller.start()
    try:
        office.address = f"smtp://{USER}@localhost:{controller.port}?ca={folder / 'ca.pem'}"
        yield office
    finally:
        controller.stop()


def _let_in(server, session, envelope, mechanism: str, data: LoginPassword) -> AuthResult:
    """Whether they are the user's; not `handled`, so that the server answers a wrong password."""
    is_user = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=is_user, handled=False)
