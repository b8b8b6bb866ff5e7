"""Runs a night as a whole process and measures it: seconds, and the peak memory of all its
processes together."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

ROOT = Path(__file__).resolve().parent.parent
TONGHOP = Path(sys.executable).with_name("tonghop")
CACHE = ROOT / ".bench"
AS_OF = "2022-04-19T20:00:00+07:00"
SAMPLE_EVERY = 0.05  # seconds; a look costs some milliseconds a process, so it is taken only where memory is asked


@dataclass(frozen=True)
class Measured:
    """A night: seconds from start to exit, peak memory (MiB, shared pages once; 0: not asked),
    seconds by stage."""

    seconds: float
    peak_mib: float
    stages: dict[str, float]

    @property
    def night(self) -> float:
        """Seconds less all that came before the flow: the engine's start and the import of
        great_expectations."""
        return self.seconds - self.stages["until the flow"]


def run_night(
    inbox: Path, home: Path, as_of: str = AS_OF, memory: bool = False, campaign: Path | None = None
) -> Measured:
    """Runs `tonghop nightly` and measures it. Ends the bench with the night's last words when it
    did not run."""
    command = [
        str(TONGHOP),
        "nightly",
        "--inbox",
        str(inbox),
        "--home",
        str(home),
        "--as-of",
        as_of,
    ]
    if (campaign or inbox / ".campaign").is_dir():
        command += ["--campaign", str(campaign or inbox / ".campaign")]
    log = home.with_suffix(".out")
    begun = time.perf_counter()
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        peak = 0.0
        while process.poll() is None:
            if memory:
                peak = max(peak, _memory_mib(process.pid))
                time.sleep(SAMPLE_EVERY)
            else:
                process.wait()
    seconds = time.perf_counter() - begun
    if process.returncode:
        sys.exit(f"{' '.join(command)}: exit {process.returncode}\n{log.read_text()[-2000:]}")
    timings = max((home / "logs").glob("timings-*.json"), key=lambda p: p.stat().st_mtime)
    return Measured(seconds, peak, json.loads(timings.read_text()))


def fresh(folder: Path) -> Path:
    """The folder's path, with nothing there and its parent made."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    return folder


def sample_inbox(units: int) -> Path:
    """The folder of files of a sample inbox of `units` units in the form's own layout, made once
    and kept in .bench."""
    folder = CACHE / f"units-{units}"
    made, made_by = folder / ".made", _what_makes_samples()
    if not made.is_file() or made.read_text() != made_by:
        print(f"making the sample of {units:,} units …", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(
            [TONGHOP, "sample", folder, "--units", str(units), "--layout", "form"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        made.write_text(made_by)
    return folder


def _what_makes_samples() -> str:
    """A digest of the campaign and of the code that makes samples: where it changes they are made
    again."""
    digest = hashlib.sha256()
    for room in ("campaign", "samples", "blank_form"):
        for path in sorted((ROOT / "sources" / room).rglob("*.*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Keeps a second bench out of .bench, and off the numbers of this one."""
    CACHE.mkdir(exist_ok=True)
    try:
        with FileLock(CACHE / "lock", timeout=0):
            yield
    except Timeout:
        sys.exit(f"another bench is running in {CACHE}")


def table(rows: list[tuple[str, ...]]) -> str:
    """The rows as text, columns aligned, the first row underlined."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * w for w in widths), *lines[1:]])


def _memory_mib(root: int) -> float:
    return sum(_pss_kib(pid) for pid in _tree(root)) / 1024


def _tree(root: int) -> list[int]:
    pids, queue = [], [root]
    while queue:
        pid = queue.pop()
        pids.append(pid)
        try:
            tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - twenty times a second
            for task in tasks:
                queue += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
    return pids


def _pss_kib(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it has just ended
    return 0
