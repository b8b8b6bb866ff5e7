"""What a night has put off: contents not read in it, since slow files of the same sender had taken
too much time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from flows.logs.progress import log


class DeferredContents:
    """The record in a night's scratch folder: the seconds `spent` by sender so far, and the
    `reasons` by SHA-256."""

    def __init__(self, work: Path) -> None:
        self._path = work / "put-off.json"
        kept = json.loads(self._path.read_text(encoding="utf-8")) if self._path.is_file() else {}
        self.spent: dict[str, float] = kept.get("spent", {})
        self.reasons: dict[str, str] = kept.get("reasons", {})

    def add(self, deferred: Iterable[tuple[str, str]], spent: Mapping[str, float]) -> None:
        """Record contents with the reasons why they are not read in this night, and what was spent
        until now."""
        new = dict(deferred)
        if new:
            log.warning(
                "%d files are not read in this night, as files of their senders took too long; the next night "
                "goes on with them (để lại cho lần tổng hợp sau)",
                len(new),
            )
        elif not spent:
            return
        self.reasons |= new
        self.spent = dict(spent)
        self._path.write_text(
            json.dumps({"spent": self.spent, "reasons": self.reasons}), encoding="utf-8"
        )
