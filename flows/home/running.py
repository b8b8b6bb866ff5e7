"""Which flow runs a living process is at: how a run that was killed differs from one that works or
waits.

Prefect itself learns that a process is gone where its worker started it, not where a person did;
its heartbeats would tell after three minutes, at the price of "database is locked" on SQLite. A
lock of the system's goes with its holder.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from flows.home.layout import Home


@contextlib.contextmanager
def mark_running(home: Path, flow_run: str) -> Iterator[None]:
    """Marks the flow run as one that this process is at, until the block ends.

    Every flow that a service deploys does this first: a run without it is taken for dead after a
    while (flows.service. watch). Raises filelock's Timeout where another process is at the very
    same run.
    """
    mark = Home(home).running / flow_run
    mark.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(mark)
    with lock.acquire(timeout=5):
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)


def is_running(home: Path, flow_run: str) -> bool | None:
    """Whether a living process is at the flow run; None where none ever said so, or where it ended
    well."""
    mark = Home(home).running / flow_run
    if not mark.exists():
        return None
    lock = FileLock(mark)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    return False


def dead_marks(home: Path) -> list[Path]:
    """The marks that dead processes left."""
    return [m for m in Home(home).running.glob("*") if is_running(home, m.name) is False]
