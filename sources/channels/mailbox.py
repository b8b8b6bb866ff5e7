"""A folder of a mail server as an inbox: the time of receipt of a message's files is its
INTERNALDATE.

The server is asked which messages there are; those that have not landed are read, oldest first
(`mail_reading.py`).
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sources.campaigns import Campaign
from sources.channels import Delivery, HasLanded, SkippedFile, has_not_come
from sources.channels.mail_account import Account, check_together, parse_account
from sources.channels.mail_memory import LandedMessage, MailMemory
from sources.channels.mail_opening import MessageOpener
from sources.channels.mail_reading import NOT_OPENED_NAME, MessageReader, ReadMessage
from sources.channels.mail_server import Head, MailServer

# before the campaign's first day of meetings: no report of it can be older
MARGIN_BEFORE_CAMPAIGN = dt.timedelta(days=30)
MAX_DELIVERY_BYTES = 1 << 25  # of the files of a delivery, which are all in memory
MAX_DELIVERY_MESSAGES = 100


def open_inbox(inbox: str, home: Path, campaign: Campaign, has_landed: HasLanded) -> MailboxChannel:
    """The channel of a mailbox's address. Raises AccountError where it cannot be used."""
    return MailboxChannel(parse_account(inbox), home, campaign, has_landed)


def canonical(inboxes: Sequence[str]) -> list[str]:
    """The addresses. Raises AccountError where one cannot be used, or not beside the others."""
    check_together([parse_account(inbox) for inbox in inboxes])
    return list(inboxes)


@dataclass(frozen=True, slots=True)
class MailboxChannel:
    """The inbox of an account; `home` keeps the memory of what has landed of it."""

    account: Account
    home: Path
    campaign: Campaign
    has_landed: HasLanded

    def deliveries(self, as_of: dt.datetime) -> Iterator[Delivery]:
        """The files of the messages received by `as_of` that have not landed, a few messages per
        delivery, oldest first; with them those whose time has not come by the clock.

        Raises MailboxDownError (an OSError) where the server does not answer, MailboxRefusedError
        where it will not.
        """
        memory = MailMemory(self.home, self.account.name, self.has_landed)
        with (
            MailServer(self.account) as server,
            MessageOpener(self.home / "landed", self.campaign.limits) as opener,
        ):
            reader = MessageReader(server, opener, memory, self.account.name, self.campaign.limits)
            known, new, skipped = self._partition(server, memory, as_of)
            yield Delivery(
                [],
                skipped,
                partial(self._confirm, server, memory, known),
                sum(len(k.files) for k in known),
            )
            messages: list[ReadMessage] = []
            size = 0
            for head in new:
                messages.append(reader.read(head, messages))
                size += head.size
                if size > MAX_DELIVERY_BYTES or len(messages) == MAX_DELIVERY_MESSAGES:
                    yield self._delivery(server, memory, messages)
                    messages, size = [], 0
            if messages:
                yield self._delivery(server, memory, messages)

    def _partition(
        self, server: MailServer, memory: MailMemory, as_of: dt.datetime
    ) -> tuple[list[LandedMessage], list[Head], list[SkippedFile]]:
        """The messages that have landed, the heads of those that have not, and the messages that
        are skipped."""
        validity = server.validity
        since = self.account.since or self._first_day()
        uids = server.uids(since)
        heads = server.heads(uids)
        known = {head.uid: landed for head in heads if (landed := memory.find(validity, head))}
        skipped = [
            SkippedFile(
                f"message {uid} of {self.account.name}", "gone, or the server does not list it"
            )
            for uid in sorted(set(uids) - {head.uid for head in heads})
        ]
        if since and (older := len(server.uids(None)) - len(uids)):
            skipped.append(
                SkippedFile(
                    f"{older} messages of {self.account.name}",
                    f"received before {since}, too early for this campaign; ?since=DAY looks at them",
                )
            )
        new = [
            head
            for head in heads
            if head.uid not in known
            and (head.received_at <= as_of or has_not_come(head.received_at, time.time))
        ]
        return (
            list(known.values()),
            sorted(new, key=lambda head: (head.received_at, head.uid)),
            skipped,
        )

    def _first_day(self) -> dt.date | None:
        first = min((window.first for window in self.campaign.windows.values()), default=None)
        return first - MARGIN_BEFORE_CAMPAIGN if first else None

    def _delivery(
        self, server: MailServer, memory: MailMemory, messages: list[ReadMessage]
    ) -> Delivery:
        landed = [message.landed for message in messages if message.landed]
        return Delivery(
            [file for message in messages for file in message.to_land],
            [file for message in messages for file in message.skipped],
            partial(self._confirm, server, memory, landed),
        )

    def _confirm(
        self,
        server: MailServer,
        memory: MailMemory,
        delivered: list[LandedMessage],
        skipped_files: list[SkippedFile],
    ) -> None:
        """Remembers the messages all of whose files have landed, and moves those with files where
        the account asks for it."""
        missing = {file.file_name for file in skipped_files}
        landed = [
            message
            for message in delivered
            if not missing.intersection(name for name, _ in message.files)
        ]
        memory.add(landed)
        moved = [
            message.uid
            for message in landed
            if message.files and not message.files[0][0].endswith(NOT_OPENED_NAME)
        ]
        if self.account.move_to and moved:
            server.move(moved, self.account.move_to)
