"""One writer at a time on one home, whoever starts it: a terminal, a worker of Prefect, or both."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import logging
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

_NOTE_SECONDS = 1.0  # a holder that has just come writes its note within that

_logger = logging.getLogger("tonghop")


class HomeBusyError(Exception):
    """Another night holds the home: its process, host and since when, as far as it is known."""

    def __init__(self, home: Path, holder: dict[str, object]) -> None:
        super().__init__(
            f"another night is running on {home} ({_describe(holder)}); wait for it, or give --wait SECONDS"
        )
        self.home, self.holder = home, holder


@contextlib.contextmanager
def lock_home(
    home: Path, wait: float = 0, notify: Callable[[str], None] = _logger.info
) -> Iterator[None]:
    """Holds the home until the block ends; HomeBusyError when another process still holds it after
    `wait` seconds.

    The lock is the system's (flock) on the open file `lock`, so it goes with its holder, even one
    that was killed; `lock.json` beside it only names it, and blocks nobody, whatever it says.
    `notify` hears once whom it waits for. The same process may hold it twice: the command takes it
    before it starts an engine in the home, and the flow takes it wherever it runs.

    Not covered: a home on a network drive without locks (OSError), or one whose mounts on two hosts
    do not share locks (NFS with `nolock` or `local_lock=flock`). Run all nights of a home on one
    host.
    """
    lock = FileLock(
        home / "lock", mode=0o600, is_singleton=True, thread_local=False, fallback_to_soft=False
    )
    note = home / "lock.json"
    _acquire(lock, home, wait, notify)
    try:
        if lock.lock_counter == 1:
            note.write_text(json.dumps(_own_note()), encoding="utf-8")
        yield
    finally:
        if lock.lock_counter == 1:
            # of a disk that fails; what stopped the night must be heard, not this
            with contextlib.suppress(OSError):
                note.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, home: Path, wait: float, notify: Callable[[str], None]) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if wait > 0:
            notify(
                f"waiting up to {wait:g} s for the night on {home} ({_describe(_read_note(home / 'lock.json'))})"
            )
        try:
            lock.acquire(timeout=wait)
        except Timeout:
            raise HomeBusyError(home, _read_note(home / "lock.json")) from None


def _own_note() -> dict[str, object]:
    now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": now}


def _describe(holder: dict[str, object]) -> str:
    return f"process {holder.get('pid', '?')} on {holder.get('host', '?')} since {holder.get('since', '?')}"


def _read_note(note: Path) -> dict[str, object]:
    """What the holder says of itself; nothing where what stands there is not of a process that may
    hold the home."""
    until = time.monotonic() + _NOTE_SECONDS
    while True:
        try:
            holder = json.loads(note.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # its holder has just come or gone
            holder = None
        if isinstance(holder, dict) and _may_be_running(holder):
            return holder
        if time.monotonic() > until:
            return {}
        time.sleep(0.02)


def _may_be_running(holder: dict[str, object]) -> bool:
    """Whether the process of a note may still run: of another host nobody knows here."""
    return holder.get("host") != socket.gethostname() or Path(f"/proc/{holder.get('pid')}").exists()
