"""`make bench`: the night beside what an office would write instead and beside the least that
reading can cost.

Prints, for 1,000 units in the form's layout: `limit` and `script` (shared/bench/baseline.py), the
night less the engine's start and the import of great_expectations, and the ratios with their
targets; growth to 4,000 units; the acceptance inbox as a whole process; and the desk at 35 and
1,000 units. Everything is measured in this one run, one after the other.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from desk import desk_rows
from measure import AS_OF, CACHE, ROOT, Measured, alone, fresh, run_night, sample_inbox, table

BASELINE = ROOT.parent / "shared" / "bench" / "baseline.py"
ACCEPTANCE = ROOT.parent / "shared" / "acceptance" / "inbox"


def main() -> None:
    """Runs every measurement and prints the tables."""
    inboxes = {units: sample_inbox(units) for units in (1000, 4000)}
    rows = [("what", "measured", "target", "")]
    first = run_night(inboxes[1000], fresh(CACHE / "home-1000"))
    rows.append(("night of 1,000 units, whole process", f"{first.seconds:.2f} s", "", ""))
    rows.append(("  less engine's start and GX import", f"{first.night:.2f} s", "", ""))
    rows += _beside_baseline(inboxes[1000], first)
    again = run_night(inboxes[1000], CACHE / "home-1000")
    rows.append(
        (
            "the same night again",
            f"{again.night:.2f} s",
            "",
            f"{again.night / first.night:.2f} of the first",
        )
    )
    rows += _growth(inboxes[4000], first)
    rows += _acceptance()
    small = sample_inbox(35)
    run_night(small, fresh(CACHE / "home-35"))
    rows += desk_rows(35, CACHE / "home-35", small)
    rows += desk_rows(1000, CACHE / "home-1000", inboxes[1000])
    print(table(rows), "\n")
    print(
        table(
            [("stage, seconds", "1,000 units"), *((k, f"{v:.2f}") for k, v in first.stages.items())]
        )
    )


def _beside_baseline(inbox: Path, night: Measured) -> list[tuple[str, ...]]:
    if not BASELINE.is_file():
        return [("limit, script", "not measured", "", f"{BASELINE} is not here")]
    answer = subprocess.run(
        [sys.executable, BASELINE, inbox], capture_output=True, text=True, check=True
    )
    base = json.loads(answer.stdout)
    return [
        ("limit (calamine reads every cell)", f"{base['limit']:.2f} s", "", ""),
        ("script (pandas and openpyxl)", f"{base['script']:.2f} s", "", ""),
        _ratio("night over limit", night.night / base["limit"], 10),
        _ratio("night over script", night.night / base["script"], 0.3),
    ]


def _growth(inbox: Path, first: Measured) -> list[tuple[str, ...]]:
    four = run_night(inbox, fresh(CACHE / "home-4000"))
    heavy = run_night(inbox, fresh(CACHE / "home-4000"), memory=True)
    return [
        ("night of 4,000 units, less the same", f"{four.night:.2f} s", "", ""),
        _ratio("growth from 1,000 to 4,000", four.night / first.night, 4),
        _ratio("peak memory at 4,000 units, MiB", heavy.peak_mib, 1024),
    ]


def _acceptance() -> list[tuple[str, ...]]:
    if not ACCEPTANCE.is_dir():
        return [("the sample's 43 files", "not measured", "", f"{ACCEPTANCE} is not here")]
    inbox = fresh(CACHE / "acceptance")
    inbox.mkdir()
    with (ACCEPTANCE / "received.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            shutil.copyfile(ACCEPTANCE / "files" / row["file"], inbox / row["file"])
            moment = dt.datetime.fromisoformat(row["received_at"]).timestamp()
            os.utime(inbox / row["file"], (moment, moment))
    night = run_night(inbox, fresh(CACHE / "home-acceptance"), AS_OF)
    engine = night.stages["engine"]
    return [
        ("43 files, whole process", f"{night.seconds:.2f} s", "", f"engine's start {engine:.2f} s"),
        _ratio("  less the engine's start, s", night.seconds - engine, 4),
    ]


def _ratio(what: str, value: float, target: float) -> tuple[str, ...]:
    return (what, f"{value:.2f}", f"<= {target:g}", "reached" if value <= target else "NOT reached")


if __name__ == "__main__":
    with alone():
        main()
