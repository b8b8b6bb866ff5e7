"""The mail server that messages are sent through: `smtps://user@host[:port]`, in TONGHOP_SMTP, with
no password in it.

`smtps` speaks TLS from the start, `smtp` asks for it before anything else (STARTTLS); without it
only on this machine (`smtp://127.0.0.1:25?tls=none`). `?ca=FILE` names the certificates of an
office's own server.
"""

from __future__ import annotations

import contextlib
import os
import smtplib
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from sources.secrets import SecretError, secret_of
from sources.server_address import (
    AddressError,
    PasswordInAddressError,
    certificates,
    is_this_machine,
    server_address,
)

ADDRESS, PASSWORD = "TONGHOP_SMTP", "TONGHOP_SMTP_PASSWORD"
ADDRESS_FORM = "smtps://user@host[:port] or smtp://user@host[:port]"
TIMEOUT_SECONDS = 60

Send = Callable[[EmailMessage], object]


class MailServerError(Exception):
    """The mail server cannot be used as it is named, or did not let us in: why, and what to do.
    Prints no password."""


@dataclass(frozen=True)
class MailServer:
    """A server to send through. `tls` from the start, else asked for (`starttls`), else none."""

    host: str
    port: int
    user: str | None
    tls: bool
    starttls: bool
    ca: Path | None = None


def mail_server(environment: Mapping[str, str] = os.environ) -> MailServer | None:
    """The server of TONGHOP_SMTP; None where it is not set: nothing is sent then. Raises
    MailServerError."""
    address = environment.get(ADDRESS)
    return _parsed(address) if address else None


@contextlib.contextmanager
def sending(server: MailServer, environment: Mapping[str, str] = os.environ) -> Iterator[Send]:
    """A function that sends a message, over one connection. Raises MailServerError where the server
    is not to be had.

    The function raises smtplib.SMTPException or OSError where the server does not take a message.
    """
    password = _password(server, environment)
    try:
        connection = _connected(server)
    except (OSError, smtplib.SMTPException) as error:
        place = f"{server.host}:{server.port}"
        raise MailServerError(
            f"{place}: {_error_text(error)}; check {ADDRESS} and the network"
        ) from error
    try:
        if server.user is not None:
            try:
                connection.login(server.user, password)
            except smtplib.SMTPException as error:
                raise MailServerError(
                    f"{server.host} did not let {server.user} in: {_error_text(error)}; check the user and "
                    f"{PASSWORD}"
                ) from None
            except UnicodeEncodeError:
                raise MailServerError(
                    f"{PASSWORD}: letters with accents cannot be sent to a mail server; choose "
                    "another password"
                ) from None
        yield connection.send_message
    finally:
        # all was taken or not by now, whatever it says to a QUIT
        with contextlib.suppress(smtplib.SMTPException):
            connection.quit()
        connection.close()


def _parsed(address: str) -> MailServer:
    wrong = MailServerError(
        f"{ADDRESS} is no mail server: write {ADDRESS_FORM}, with ?ca=FILE where the office has its own "
        "certificates"
    )
    try:
        parts = server_address(address)
    except PasswordInAddressError:
        raise MailServerError(
            f"{ADDRESS} has a password in it: put it into {PASSWORD}, or a file of mode 0600 that "
            f"{PASSWORD}_FILE names; change it, it may be in a log by now"
        ) from None
    except AddressError:
        raise wrong from None
    host, options = parts.host, parts.options
    if parts.scheme not in ("smtps", "smtp") or not host or set(options) - {"ca", "tls"}:
        raise wrong
    plain = parts.scheme == "smtp" and options.get("tls") == "none"
    if plain and not is_this_machine(host):
        raise MailServerError(
            f"{ADDRESS}: ?tls=none would send reports in the clear to {host}: leave it out"
        )
    try:
        ca = certificates(options.get("ca"))
    except FileNotFoundError as error:
        raise MailServerError(f"{ADDRESS}: {error}") from None
    tls = parts.scheme == "smtps"
    return MailServer(
        host,
        parts.port or (465 if tls else 587),
        parts.user or None,
        tls,
        not tls and not plain,
        ca,
    )


def _password(server: MailServer, environment: Mapping[str, str]) -> str:
    if server.user is None:
        return ""
    try:
        secret = secret_of(PASSWORD, f"{server.user}@{server.host}", environment)
    except SecretError as error:
        raise MailServerError(f"{PASSWORD}_FILE: {error}") from None
    if secret is None:
        raise MailServerError(
            f"no password for {server.user}@{server.host}: set {PASSWORD}, or {PASSWORD}_FILE to a "
            f"file of mode 0600 with a line `{server.user}@{server.host} PASSWORD`"
        )
    return secret


def _connected(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context(cafile=str(server.ca) if server.ca else None)
    if server.tls:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=trusted)
    connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        if server.starttls:
            connection.starttls(context=trusted)
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection


def _error_text(error: Exception) -> str:
    """What the server or the system said, in one line."""
    text = getattr(error, "smtp_error", None) or getattr(error, "strerror", None) or str(error)
    return " ".join(
        (text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)).split()
    )
