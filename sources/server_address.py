"""The address of a mail server as an operator writes it:
`scheme://user@host[:port]/…?option=value`, no password."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from sources.text import visible


class AddressError(Exception):
    """An address that cannot be parsed. Never repeats the address: a password with a / or # in it
    may stand in any part."""


class PasswordInAddressError(AddressError):
    """An address with a password in it, which may be in a log by now."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The parts of an address; `path` without its first /, `user`, `host` and `fragment` "" where
    it has none."""

    scheme: str
    user: str
    host: str
    port: int | None
    path: str
    options: dict[str, str]
    fragment: str


def server_address(url: str) -> ServerAddress:
    """The parts of the address.

    Raises PasswordInAddressError, and AddressError where its port is no number, or a part holds
    what would begin a line of its own, also where it is written as %0D%0A.
    """
    try:
        parts = urlsplit(url)
        who = parts.netloc.rpartition("@")[0]
        if ":" in who:
            raise PasswordInAddressError
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AddressError from None
    address = ServerAddress(
        parts.scheme,
        unquote(who),
        host,
        port,
        unquote(parts.path.removeprefix("/")),
        dict(parse_qsl(parts.query, keep_blank_values=True)),
        parts.fragment,
    )
    texts = (url, address.user, address.path, *address.options, *address.options.values())
    if any(visible(text, line_breaks=False) != text for text in texts):
        raise AddressError
    return address


def certificates(path: str | None) -> Path | None:
    """The file of certificates that the option `ca` names. Raises FileNotFoundError where there is
    none."""
    if path is None:
        return None
    if not Path(path).is_file():
        raise FileNotFoundError(
            f"?ca={path}: there is no such file; give the office's certificates in PEM"
        )
    return Path(path).resolve()


def is_this_machine(host: str) -> bool:
    """Whether what is sent to that host does not leave this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
