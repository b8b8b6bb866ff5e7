"""The address of a mailbox: `imaps://user@host[:port]/FOLDER[?option=value&…]`, with no password in
it.

ca       a file of certificates that the server's is checked against, for an office's own server
move_to  the folder that a message is moved to once all its files have landed; left out, nothing is
changed
since    the first day looked at (2022-03-01); left out, 30 days before the campaign's first day of meetings
tls      `none`, which only `imap://` may have and must have, on this very machine alone
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sources.channels import InboxAddressError
from sources.secrets import SecretError, secret_of
from sources.server_address import (
    AddressError,
    PasswordInAddressError,
    ServerAddress,
    certificates,
    is_this_machine,
    server_address,
)

PASSWORD_VARIABLE = "TONGHOP_IMAP_PASSWORD"
ADDRESS_FORM = "imaps://user@host[:port]/FOLDER"
OPTIONS = ("ca", "move_to", "since", "tls")
_PLAIN_HOST = re.compile(r"[\w.:\[\]-]+")


class AccountError(InboxAddressError):
    """The address of a mailbox that cannot be used, and how to write it. Never repeats what may be
    a password."""


class MailboxRefusedError(Exception):
    """The mailbox was not opened, and trying again will not help: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """A folder of a mail server and how to open it; its password is asked for when it is needed."""

    host: str
    port: int
    user: str
    folder: str
    tls: bool = True
    ca: Path | None = None
    move_to: str | None = None
    since: dt.date | None = None

    @property
    def name(self) -> str:
        """What ledgers, logs and errors call it."""
        return f"{self.login}:{self.port}/{self.folder}"

    @property
    def login(self) -> str:
        """What the file of passwords calls it."""
        return f"{self.user}@{self.host}"

    def password(self, environment: Mapping[str, str] = os.environ) -> str:
        """Its password, from TONGHOP_IMAP_PASSWORD_FILE or TONGHOP_IMAP_PASSWORD. Raises
        MailboxRefusedError."""
        try:
            secret = secret_of(PASSWORD_VARIABLE, self.login, environment)
        except SecretError as error:
            raise MailboxRefusedError(f"{PASSWORD_VARIABLE}_FILE: {error}") from None
        if secret is None:
            raise MailboxRefusedError(
                f"no password for {self.login}: set {PASSWORD_VARIABLE}, or {PASSWORD_VARIABLE}_FILE to a file of "
                f"mode 0600 with a line `{self.login} PASSWORD`"
            )
        return secret


def parse_account(url: str) -> Account:
    """The mailbox of that address. Raises AccountError."""
    parts = _parts(url)
    host, options = parts.host, _options(parts)
    tls = parts.scheme == "imaps"
    if not tls and not (options.get("tls") == "none" and is_this_machine(host)):
        raise AccountError(
            f"imap://…@{host} would send the password in the clear: write imaps://; only for a server "
            "on this machine, imap://user@127.0.0.1/FOLDER?tls=none"
        )
    if tls and "tls" in options:
        raise AccountError("?tls=none is for imap:// on this very machine: leave it out")
    folder = parts.path or "INBOX"
    if options.get("move_to") == folder:
        raise AccountError(
            f"messages of {folder} cannot be moved to {folder} itself: name another folder"
        )
    try:
        ca = certificates(options.get("ca"))
    except FileNotFoundError as error:
        raise AccountError(str(error)) from None
    return Account(
        host,
        parts.port or (993 if tls else 143),
        parts.user,
        folder,
        tls,
        ca,
        options.get("move_to"),
        _day(options.get("since")),
    )


def check_together(
    accounts: Collection[Account], environment: Mapping[str, str] = os.environ
) -> None:
    """Raises AccountError where one password would be sent to the servers of several accounts."""
    logins = sorted({account.login for account in accounts})
    if len(logins) > 1 and not environment.get(f"{PASSWORD_VARIABLE}_FILE"):
        raise AccountError(
            f"several accounts ({', '.join(logins)}) and one {PASSWORD_VARIABLE}: write a line `user@host "
            f"PASSWORD` for each into a file of mode 0600, and its path into {PASSWORD_VARIABLE}_FILE"
        )


def with_move_to(url: str, folder: str) -> str:
    """The address with the option move_to."""
    return f"{url}{'&' if '?' in url else '?'}move_to={quote(folder, safe='')}"


def _parts(url: str) -> ServerAddress:
    """User, host and port, and what follows. What is odd is not repeated: it may be a password."""
    try:
        parts = server_address(url)
    except PasswordInAddressError:
        raise AccountError(
            f"a mailbox with a password in its address: write {ADDRESS_FORM}, and the password into "
            f"{PASSWORD_VARIABLE} or a file of mode 0600 that {PASSWORD_VARIABLE}_FILE names; "
            "change it, it may be in a log by now"
        ) from None
    except AddressError:
        raise AccountError(
            f"a mailbox whose port is no number, that holds a line break, or whose password stands in "
            f"its address: write {ADDRESS_FORM}, and the password into {PASSWORD_VARIABLE}"
        ) from None
    if not parts.user or not _PLAIN_HOST.fullmatch(parts.host) or parts.fragment:
        raise AccountError(f"a mailbox is written {ADDRESS_FORM}, a # in it as %23, a ? as %3F")
    return parts


def _options(parts: ServerAddress) -> dict[str, str]:
    if unknown := sorted(set(parts.options) - set(OPTIONS)):
        raise AccountError(
            f"{len(unknown)} unknown option(s) in the mailbox of {parts.host}; there are "
            f"{', '.join(OPTIONS)}"
        )
    if empty := sorted(name for name, value in parts.options.items() if not value):
        raise AccountError(
            f"?{empty[0]}= in the mailbox of {parts.host} is empty: give a value, or leave it out"
        )
    return parts.options


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise AccountError(f"?since={text}: no day; write it like 2022-03-01") from None
