"""One night at a time on one home, whoever starts it: a terminal, a worker of Prefect, or both."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout


class HomeBusyError(Exception):
    """Another night holds the home: its process, host and since when, as far as it told."""

    def __init__(self, home: Path, holder: dict[str, object]) -> None:
        who = f"process {holder.get('pid', '?')} on {holder.get('host', '?')} since {holder.get('since', '?')}"
        super().__init__(f"another night is running on {home} ({who}); wait for it, or give --wait SECONDS")
        self.home, self.holder = home, holder


@contextlib.contextmanager
def hold(home: Path, wait: float = 0) -> Iterator[None]:
    """Holds the home until the block ends; HomeBusyError when another process still holds it after `wait` seconds.

    The lock is the system's on the open file `lock`, so it goes with its holder, even one that was killed;
    `lock.json` beside it only tells who. The same process may hold it twice: the command takes it before it starts an
    engine in the home, and the flow takes it wherever it runs.
    """
    lock = FileLock(home / "lock", mode=0o600, is_singleton=True, thread_local=False)
    note = home / "lock.json"
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise HomeBusyError(home, _told(note)) from None
    try:
        if lock.lock_counter == 1:
            note.write_text(json.dumps(_me()), encoding="utf-8")
        yield
    finally:
        if lock.lock_counter == 1:
            note.unlink(missing_ok=True)
        lock.release()


def _me() -> dict[str, object]:
    now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": now}


def _told(note: Path) -> dict[str, object]:
    try:
        return json.loads(note.read_text(encoding="utf-8"))
    except (OSError, ValueError):   # its holder has just come or gone
        return {}
