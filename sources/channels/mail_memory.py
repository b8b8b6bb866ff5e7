"""Which messages of a mailbox have landed: so that none is downloaded twice, nor lands twice when
UIDs change.

`landed/messages.jsonl` is a memory, not a record: without it all is downloaded again, and landing
knows it by name, time and bytes. A line of it counts only while every file that it names is landed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sources.channels import HasLanded
from sources.channels.mail_server import Head
from sources.ledger import Ledger

MEMORY = "landed/messages.jsonl"


@dataclass(frozen=True, slots=True)
class LandedMessage:
    """A message whose files have landed.

    head         Message-ID, time of receipt and size, digested
    message      Message-ID and all files, digested: the same again is the same message, whatever its time
    received_at  when it was first received; files: name and SHA-256 of each, none where it had none
    """

    validity: int
    uid: int
    head: str
    message: str
    received_at: dt.datetime
    files: tuple[tuple[str, str], ...]


class MailMemory:
    """What is remembered of one mailbox, by its name. Raises LedgerError where the memory is
    damaged."""

    def __init__(self, home: Path, mailbox: str, has_landed: HasLanded) -> None:
        self._ledger, self._mailbox = Ledger(home / MEMORY), mailbox
        self._uids: dict[tuple[int, int], LandedMessage] = {}
        self._heads: dict[str, LandedMessage] = {}
        self._messages: dict[str, LandedMessage] = {}
        for record in self._ledger.records():
            if record["mailbox"] == mailbox:
                landed = _landed(record)
                if all(
                    has_landed(name, landed.received_at, sha256) for name, sha256 in landed.files
                ):
                    self._index(landed)

    def find(self, validity: int, head: Head) -> LandedMessage | None:
        """The message of that UID, if it is still the same one: a server restored from a backup
        gives UIDs again.

        Under another UIDVALIDITY, the one with the same Message-ID, time and size.
        """
        digest = digest_of_head(head)
        found = self._uids.get((validity, head.uid))
        if found and found.head == digest:
            return found
        same_head = self._heads.get(digest) if head.message_id else None
        return (
            replace(same_head, validity=validity, uid=head.uid)
            if same_head and same_head.validity != validity
            else None
        )

    def by_message(self, message: str) -> LandedMessage | None:
        """The first message of that Message-ID with those files."""
        return self._messages.get(message)

    def add(self, messages: Iterable[LandedMessage]) -> None:
        """Remembers those messages that it does not know yet; to be called when all their files
        have landed."""
        messages = [
            landed for landed in messages if self._uids.get((landed.validity, landed.uid)) != landed
        ]
        self._ledger.append([_record(self._mailbox, landed) for landed in messages])
        for landed in messages:
            self._index(landed)

    def _index(self, landed: LandedMessage) -> None:
        self._uids[landed.validity, landed.uid] = landed
        self._messages.setdefault(landed.message, landed)
        self._heads.setdefault(landed.head, landed)


def digest_of_head(head: Head) -> str:
    """A digest of the message's Message-ID, time of receipt and size."""
    return _digest(
        [head.message_id, head.received_at.isoformat().encode(), str(head.size).encode()]
    )


def digest_of_message(key: bytes, files: Sequence[tuple[str, str]]) -> str:
    """A digest of the message's key (its Message-ID, or what stands for it) and its files."""
    return _digest(
        [key, *(part.encode("utf-8", "backslashreplace") for file in files for part in file)]
    )


def _digest(parts: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).hexdigest()[:32]


def _record(mailbox: str, landed: LandedMessage) -> dict[str, object]:
    values = {name: getattr(landed, name) for name in LandedMessage.__slots__}
    return {"mailbox": mailbox, **values, "received_at": landed.received_at.isoformat()}


def _landed(record: dict[str, Any]) -> LandedMessage:
    values = {name: record[name] for name in LandedMessage.__slots__}
    files = tuple((name, sha256) for name, sha256 in record["files"])
    received_at = dt.datetime.fromisoformat(str(record["received_at"]))
    return LandedMessage(**values | {"received_at": received_at, "files": files})
