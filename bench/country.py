"""`make bench-country`: the night on 10,600 units, the communes of the whole country, and again
with 5% new files.

Prints time, peak memory of all processes together, and the repeat over the first, with their
targets.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from measure import CACHE, Measured, alone, fresh, run_night, sample_inbox, table

UNITS = 10_600
NEW = 0.05
FEW = 1_000


def main() -> None:
    """Runs a first night on 95% of the files, then one on all, and one on a thousand units to
    compare growth with."""
    whole = sample_inbox(UNITS)
    inbox, late = _split(whole)
    home = fresh(CACHE / "home-country")
    first = run_night(inbox, home, memory=True, campaign=whole / ".campaign")
    for path in late:
        shutil.copy2(path, inbox / path.name)
    again = run_night(inbox, home, memory=True, campaign=whole / ".campaign")
    few = run_night(sample_inbox(FEW), fresh(CACHE / "home-1000"))
    print(table(_rows(first, again, few)), "\n")
    stages = [(k, f"{v:.2f}", f"{again.stages.get(k, 0):.2f}") for k, v in first.stages.items()]
    print(table([("stage, seconds", "first", "again"), *stages]))


def _split(whole: Path) -> tuple[Path, list[Path]]:
    """An inbox of all files but the last twentieth, and those."""
    inbox = fresh(CACHE / "country-inbox")
    inbox.mkdir()
    files = sorted(p for p in whole.rglob("*.xlsx"))
    late = files[len(files) - round(len(files) * NEW) :]
    for path in files[: len(files) - len(late)]:
        shutil.copy2(path, inbox / path.name)
    return inbox, late


def _rows(first: Measured, again: Measured, few: Measured) -> list[tuple[str, ...]]:
    growth = (first.night / few.night) / (UNITS * (1 - NEW) / FEW)
    peak = max(first.peak_mib, again.peak_mib)
    return [
        ("what", "measured", "target"),
        (f"night of {UNITS * (1 - NEW):,.0f} units, whole process", f"{first.seconds:.1f} s", ""),
        ("  less engine's start and GX import", f"{first.night:.1f} s", ""),
        ("time per unit over that of 1,000 units", f"{growth:.2f}", "<= 1"),
        ("peak memory of all processes", f"{peak:.0f} MiB", "< 1024 MiB"),
        (f"night again with {NEW:.0%} new files", f"{again.night:.1f} s", ""),
        ("  over the first", f"{again.night / first.night:.2f}", "<= 0.25"),
    ]


if __name__ == "__main__":
    with alone():
        main()
