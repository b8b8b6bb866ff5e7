"""A connection to a folder of an IMAP server: where it is cut, it is made again and goes on.

It is opened read-only (EXAMINE) and read with PEEK, so that nothing is marked as seen; only where
messages are to be moved away is it opened for writing.
"""

from __future__ import annotations

import datetime as dt
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError

from sources.channels.mail_account import Account, MailboxRefusedError

BLOCK_BYTES = 1 << 18  # bytes of a message asked for at a time: what a cut costs
HEADS_PER_REQUEST = 500  # messages whose heads are asked for at a time
TIMEOUT_SECONDS = 60  # without a byte from the server, and it is given up
# seconds before each try to connect again, until something comes through
RETRY_PAUSES = (
    1,
    2,
    4,
    8,
    16,
)

_logger = logging.getLogger(__name__)
_HEAD = ("INTERNALDATE", "RFC822.SIZE", "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]")
_CONNECTION_ERRORS = (OSError, IMAPClientAbortError)
T = TypeVar("T")


class MailboxDownError(OSError):
    """The server does not answer, or not any more: trying again later may help."""


@dataclass(frozen=True, slots=True)
class Head:
    """A message as the server lists it: `received_at` is its INTERNALDATE, `size` is in bytes."""

    uid: int
    received_at: dt.datetime
    size: int
    message_id: bytes


class MessageUnavailableError(Exception):
    """The server answers, but does not give this message."""


class MailServer:
    """An account's folder; connects when first asked."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client: IMAPClient | None = None
        self._validity: int | None = None
        self._failed_tries = 0
        # at DEBUG it logs all that is sent and received
        logging.getLogger("imapclient").setLevel(logging.INFO)

    def __enter__(self) -> MailServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._disconnect()

    @property
    def validity(self) -> int:
        """The folder's UIDVALIDITY: UIDs mean the same messages as long as it is the same."""
        if self._validity is None:
            self._ask(lambda client: client.noop())
        assert self._validity is not None
        return self._validity

    def uids(self, since: dt.date | None) -> list[int]:
        """The UIDs of the messages received since that day; a day more, as the server's days are in
        its own zone."""
        criteria = ["SINCE", since - dt.timedelta(days=1)] if since else "ALL"
        return self._ask_required(lambda client: sorted(client.search(criteria)))

    def heads(self, uids: Sequence[int]) -> list[Head]:
        """The heads of the messages that are still there."""
        found: list[Head] = []
        for start in range(0, len(uids), HEADS_PER_REQUEST):
            some = uids[start : start + HEADS_PER_REQUEST]
            answer = self._ask_required(partial(_fetch_heads, uids=some))
            found += [_head(uid, data) for uid, data in answer.items() if b"INTERNALDATE" in data]
        return found

    def download(self, head: Head) -> Iterator[bytes]:
        """The message, block by block, also where the connection is cut. Raises
        MessageUnavailableError where the server does not give it."""
        offset = 0
        while block := self._block(head.uid, offset):
            offset += len(block)
            yield block
            # the size alone is no end: some servers only guess it
            if len(block) < BLOCK_BYTES and offset >= head.size:
                return

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Moves the messages that are still there to another folder."""
        for start in range(0, len(uids), HEADS_PER_REQUEST):
            self._ask(partial(_move, uids=uids[start : start + HEADS_PER_REQUEST], folder=folder))

    def _block(self, uid: int, offset: int) -> bytes:
        try:
            answer = self._ask(
                lambda client: client.fetch([uid], [f"BODY.PEEK[]<{offset}.{BLOCK_BYTES}>"])
            )
        except IMAPClientError:
            raise MessageUnavailableError("the server refuses to give it") from None
        data = answer.get(uid, {})
        found = [value for key, value in data.items() if key.startswith(b"BODY[]")]
        if not found:
            raise MessageUnavailableError("it has gone from the server")
        return found[0] or b""

    def _ask_required(self, question: Callable[[IMAPClient], T]) -> T:
        """The same for requests that every server must answer. Raises MailboxRefusedError where it
        does not."""
        try:
            return self._ask(question)
        except IMAPClientError as error:
            raise MailboxRefusedError(
                f"the mailbox {self._account.name} cannot be read, its server says “{error}”: "
                "ask who keeps that server"
            ) from None

    def _ask(self, question: Callable[[IMAPClient], T]) -> T:
        """The answer, however often the connection is cut, as long as something comes through in
        between."""
        while True:
            try:
                answer = question(self._connected())
            except MailboxDownError:
                raise
            except _CONNECTION_ERRORS as error:
                self._disconnect()
                if self._validity is None or self._failed_tries == len(RETRY_PAUSES):
                    raise MailboxDownError(
                        f"the mailbox {self._account.name} does not answer ({_error_text(error)}): see "
                        "that the server is up and its address right, then run the night again; "
                        "what had landed is kept"
                    ) from None
                pause = RETRY_PAUSES[self._failed_tries]
                self._failed_tries += 1
                _logger.warning(
                    "%s: connection cut (%s), again in %s s",
                    self._account.name,
                    _error_text(error),
                    pause,
                )
                time.sleep(pause)
            else:
                self._failed_tries = 0
                return answer

    def _connected(self) -> IMAPClient:
        if self._client is None:
            account, context = self._account, self._context()
            password = account.password()
            try:
                self._client = IMAPClient(
                    account.host,
                    account.port,
                    ssl=account.tls,
                    ssl_context=context,
                    timeout=TIMEOUT_SECONDS,
                )
            except ssl.SSLCertVerificationError as error:
                raise MailboxRefusedError(
                    f"the certificate of {account.host}:{account.port} is not to be trusted "
                    f"({error.verify_message}): see that the address is right; for an office's "
                    "own server give its certificates by ?ca=FILE"
                ) from None
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                raise MailboxRefusedError(
                    f"{account.host}:{account.port} does not speak IMAP: see that the address is "
                    "right"
                ) from None
            self._client.normalise_times = False
            _log_in(self._client, account, password)
            self._open_folder(self._client)
        return self._client

    def _context(self) -> ssl.SSLContext | None:
        if not self._account.tls:
            return None
        try:
            return ssl.create_default_context(cafile=self._account.ca)
        except ssl.SSLError:
            raise MailboxRefusedError(
                f"?ca={self._account.ca}: holds no certificate in PEM; give the office's "
                "certificates"
            ) from None

    def _open_folder(self, client: IMAPClient) -> None:
        account = self._account
        try:
            if account.move_to and not client.folder_exists(account.move_to):
                raise MailboxRefusedError(
                    f"{account.login} has no folder {account.move_to} to move messages to: make "
                    f"it there; there are {_folders(client)}"
                )
            data = client.select_folder(account.folder, readonly=account.move_to is None)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            raise MailboxRefusedError(
                f"{account.login} has no folder {account.folder} that can be opened: write one "
                f"of {_folders(client)}"
            ) from None
        validity = data[b"UIDVALIDITY"]
        if self._validity not in (None, validity):
            raise MailboxDownError(
                f"{account.name} was recreated while it was read: what had landed is kept, run the "
                "night again"
            )
        self._validity = validity

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            try:
                client.shutdown()
            except _CONNECTION_ERRORS as error:
                _logger.debug("%s: %s", self._account.name, error)


def _log_in(client: IMAPClient, account: Account, password: str) -> None:
    """Logs in. No error repeats the server's text, which may hold anything."""
    try:
        if client.has_capability("AUTH=PLAIN"):  # LOGIN knows no letters but ASCII's
            client.plain_login(account.user, password)
        else:
            client.login(account.user, password)
    except (IMAPClientError, UnicodeEncodeError) as error:
        # the library calls a cut a wrong password, too
        if isinstance(error.__context__, IMAPClientAbortError):
            raise error.__context__ from None
        if "[UNAVAILABLE]" in str(error) or "[INUSE]" in str(error):
            raise OSError("the server takes no logins now") from None
        raise MailboxRefusedError(
            f"{account.host} refuses {account.user}: see that the user, and the password in the "
            "environment or its file, are right, and that the account may use IMAP"
        ) from None


def _fetch_heads(client: IMAPClient, uids: Sequence[int]) -> dict[int, dict[bytes, Any]]:
    answer: dict[int, dict[bytes, Any]] = client.fetch(uids, _HEAD)
    return answer


def _move(client: IMAPClient, uids: Sequence[int], folder: str) -> None:
    try:
        if client.has_capability("MOVE"):
            client.move(uids, folder)
        elif client.has_capability("UIDPLUS"):
            client.copy(uids, folder)
            client.delete_messages(uids, silent=True)
            client.uid_expunge(uids)
        else:  # a plain EXPUNGE would also remove what others marked
            raise CapabilityError
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        raise MailboxRefusedError(
            f"the server does not move messages to {folder}: see the rights of that folder, or "
            "leave out --move-to; all that landed is kept"
        ) from None


def _head(uid: int, data: dict[bytes, Any]) -> Head:
    [field] = [value for key, value in data.items() if key.startswith(b"BODY[HEADER.FIELDS")]
    message_id = b"".join((field or b"").partition(b":")[2].split())
    return Head(uid, data[b"INTERNALDATE"].astimezone(dt.UTC), data[b"RFC822.SIZE"], message_id)


def _folders(client: IMAPClient) -> str:
    return ", ".join(sorted(str(name) for _, _, name in client.list_folders())) or "none"


def _error_text(error: Exception) -> str:
    """The error's text by the operating system, never one by the server."""
    if isinstance(error, IMAPClientAbortError):
        return "connection cut"
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
