"""One mail with 500 costly attachments beside the sample's good files: a whole night, in the unit's
memory.

usage: python tests/costly_mail.py [--attachments 500] [--seed 1]
A real mail server holds the mail; the night is the whole command in a cgroup with the systemd
unit's MemoryMax. It prints the time of the night, the peak memory of all its processes, and what
became of the files. It fails where a good file's figure differs from a night without the mail, or
where the night takes more than two hours.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import duckdb
from costly_files import slow_file
from dovecot import PASSWORD, running_server
from mailboxes import letter
from soak import numbers

import flows.service
from sources.campaigns import load_campaign
from sources.samples import write_samples

TONGHOP = Path(sys.executable).with_name("tonghop")
UNIT = Path(flows.service.__file__).parent / "tonghop.service.j2"
AS_OF, SENT = "2022-04-19T20:00:00+07:00", dt.datetime(2022, 4, 16, 1, 0, tzinfo=dt.UTC)
MORNING = 2 * 3600  # seconds: nights begin at 22:30, and the budget of all slow files is an hour
_KINDS = (
    ("memory/", "memory.limit_in_bytes", "memory.max_usage_in_bytes"),
    ("", "memory.max", "memory.peak"),
)


class MemoryGroup:
    """A cgroup of so many bytes; where none can be made, nothing is bounded and `peak` is 0."""

    def __init__(self, limit: int) -> None:
        self.folder, self._peak = None, ""
        for kind, bound, peak in _KINDS:
            folder = Path(f"/sys/fs/cgroup/{kind}tonghop-{os.getpid()}")
            with contextlib.suppress(OSError):
                folder.mkdir()
                (folder / bound).write_text(str(limit))
                self.folder, self._peak = folder, peak
                return

    def join(self) -> None:
        """Puts this process, and all that it will start, into it."""
        if self.folder:
            (self.folder / "cgroup.procs").write_text(str(os.getpid()))

    def peak(self) -> int:
        """The peak memory of its processes together, with the kernel's cache of their files."""
        return int((self.folder / self._peak).read_text()) if self.folder else 0

    def kills(self) -> int:
        """How many of its processes the kernel ended for want of memory."""
        for name in ("memory.oom_control", "memory.events") if self.folder else ():
            with contextlib.suppress(OSError):
                return int(re.search(r"^oom_kill (\d+)", (self.folder / name).read_text(), re.M)[1])
        return 0

    def end(self) -> None:
        """Removes it; its processes have ended."""
        if self.folder:
            self.folder.rmdir()


def unit_memory() -> int:
    """MemoryMax of the shipped unit, in bytes."""
    number, power = re.search(r"^MemoryMax=(\d+)([MG])", UNIT.read_text(), re.M).groups()
    return int(number) << (20 if power == "M" else 30)


def hostile_mail(attachments: int, seed: int) -> bytes:
    """The mail, its attachments all different."""
    rng = Random(f"{seed}/attachments")
    files = [slow_file(Random(rng.random())) for _ in range(attachments)]
    return letter(
        1, *((f"BC {number}.{suffix}", data) for number, (suffix, data) in enumerate(files))
    )


def run_night(home: Path, *inboxes: str) -> str:
    """The whole command; its seconds, peak of memory, and processes ended for want of it, and its
    last lines."""
    group = MemoryGroup(unit_memory())
    call = [
        TONGHOP,
        "nightly",
        "--home",
        home,
        "--as-of",
        AS_OF,
        *(x for i in inboxes for x in ("--inbox", i)),
    ]
    begun = time.monotonic()
    try:
        done = subprocess.run(
            call,
            preexec_fn=group.join,
            capture_output=True,
            text=True,
            env={**os.environ, "TONGHOP_IMAP_PASSWORD": PASSWORD},
        )
        seconds = time.monotonic() - begun
        assert done.returncode == 0, done.stderr
        assert seconds < MORNING
        bound = (
            f"of {unit_memory() >> 20}"
            if group.folder
            else "not bounded: no cgroup can be made here;"
        )
        return f"{seconds:.0f} s, peak {group.peak() >> 20} MiB {bound}, {group.kills()} processes killed"
    finally:
        group.end()


def outcomes(home: Path) -> list[tuple[str, str, int]]:
    """Channel, status and number of what came."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(
            "SELECT channel, status, left(reason, 100), count(*) FROM submission GROUP BY ALL "
            "ORDER BY ALL"
        ).fetchall()


@contextlib.contextmanager
def mailbox(mail: bytes) -> Iterator[str]:
    """The address of a mailbox that holds the mail."""
    with running_server() as server:
        server.put(mail, SENT)
        yield server.url()


def main() -> None:
    """Runs a night without the mail and one with it."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--attachments", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="costly-mail-") as scratch:
        folder, inbox = Path(scratch), Path(scratch) / "inbox"
        write_samples(inbox, load_campaign())
        print(f"without the mail: {run_night(folder / 'good', str(inbox))}", flush=True)
        mail = hostile_mail(given.attachments, given.seed)
        with mailbox(mail) as address:
            print(
                f"with {given.attachments} attachments ({len(mail) >> 10} KiB): "
                f"{run_night(folder / 'home', str(inbox), address)}",
                flush=True,
            )
        for row in outcomes(folder / "home"):
            print(*row, flush=True)
        assert numbers(folder / "home") == numbers(folder / "good"), "figures have changed"


if __name__ == "__main__":
    main()
