"""Who did what at the desk: one line each in `desk/actions.jsonl`, which is only added to."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

from sources.ledger import Ledger
from sources.text import visible


class ActionRecord:
    """The record of a home."""

    def __init__(self, folder: Path) -> None:
        self._ledger = Ledger(folder / "actions.jsonl")
        self._lock = threading.Lock()

    def add(self, account: str, action: str, about: str, address: str) -> None:
        """Adds that the account did it, from a browser of that address; on the disk when it
        returns."""
        record = {
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "account": account,
            "action": action,
            "about": visible(about, line_breaks=False)[:500],
            "address": address,
        }
        with self._lock:
            self._ledger.append([record])
