"""Nights whose disk, home, inbox or files fail at a chosen moment, by real mounts.

Each runs on a copy of a home on a small disk of its own (a tmpfs in its own mount namespace): first
the night with the fault, then, with the fault repaired, a good night. Where this machine does not
allow mounts, `why_not` says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from killed_nights import AS_OF, INTERRUPTING, TONGHOP

UNSHARED = ("unshare", "--user", "--map-root-user", "--mount")
FILL = "dd if=/dev/zero of=$P/home/filler bs=4k; true"
READ_ONLY = "mount --bind $P/home $P/home && mount -o remount,bind,ro $P/home"
WRITABLE = "umount $P/home; true"


@dataclass(frozen=True)
class Fault:
    """What happens, at which event of the night (None: before it), and what repairs it. `$P` is the
    disk's folder.

    says     what stands in the last line that the night says; "" where it ends well
    fresh    the home is new: there is no old warehouse
    """

    name: str
    do: str
    repair: str
    at: tuple[str, str, int] | None = None
    says: str = ""
    fresh: bool = False


LANDING, RECORD = ("open", r"/originals/../\.incoming-", 5), ("open", r"/arrivals\.jsonl$", 0)
READING, STAGING = (
    ("subprocess.Popen", r"sources\.children\.reading_child", 0),
    ("os.rename", r"/staged/.*/fact-", 0),
)
CHECKING, BUILDING = (
    ("os.rename", r"/staged/.*/content-", 0),
    ("subprocess.Popen", r"flows\.writing\.child", 0),
)
REPORT, FEEDBACK = (
    ("open", r"/\.bao-cao-tong-hop\.docx\.part$", 0),
    ("subprocess.Popen", r"marking_child", 0),
)
ANNEX, PUBLISHING = (
    ("os.rename", r"/phu-luc\.xlsx$", 0),
    ("os.rename", r"/home/warehouse\.duckdb$", 0),
)
ENGINE, AFTER = (
    ("open", r"/logs/engine\.log$", 0),
    ("os.rename", r"/reports/[^/]+/phu-luc\.xlsx$", 0),
)
# Marked copies that an earlier night has made are used again: only in a new home is there certainly
# one to be marked.
FULL, NO_WRITING = "is full: free some space", "cannot be written: correct"
GROWS = "a file that grows while others land"
AWAY = "mv $P/inbox $P/away"

FAULTS = (
    Fault("a full disk before the night", FILL, "rm $P/home/filler", says=FULL),
    Fault("a full disk under a new home", FILL, "rm $P/home/filler", says=FULL, fresh=True),
    *(
        Fault(
            f"a disk that fills {when}", FILL, "rm $P/home/filler", at, FULL, fresh=at is FEEDBACK
        )
        for when, at in (
            ("as the engine starts", ENGINE),
            ("while files land", LANDING),
            ("as arrivals are recorded", RECORD),
            ("while files are read", READING),
            ("while what was read is staged", STAGING),
            ("before the checks", CHECKING),
            ("before the build", BUILDING),
            ("while the report is written", REPORT),
            ("as the annexes are", ANNEX),
            ("while feedback is written", FEEDBACK),
            ("as the night is published", PUBLISHING),
            ("while reports are", AFTER),
        )
    ),
    Fault("a read-only home", READ_ONLY, WRITABLE, says=NO_WRITING),
    *(
        Fault(f"a home that turns read-only {when}", READ_ONLY, WRITABLE, at, NO_WRITING)
        for when, at in (
            ("as the engine starts", ENGINE),
            ("while files land", LANDING),
            ("while what was read is staged", STAGING),
            ("before the build", BUILDING),
            ("as the night is published", PUBLISHING),
            ("while reports are", AFTER),
        )
    ),
    Fault("an inbox that goes while its files land", AWAY, "mv $P/away $P/inbox", LANDING, "inbox"),
    Fault(
        "an inbox that is unmounted while its files land",
        "mv $P/inbox $P/away; mkdir $P/inbox",
        "rmdir $P/inbox; mv $P/away $P/inbox",
        LANDING,
        "inbox",
    ),
    Fault(
        "an inbox that becomes a file",
        f"{AWAY}; touch $P/inbox",
        "rm $P/inbox; mv $P/away $P/inbox",
        LANDING,
        "inbox",
    ),
    Fault(
        GROWS,
        'f=$(ls $P/inbox/*.docx | tail -1); cp -p "$f" $P/kept; echo "$f" > $P/name; echo x >> "$f"',
        'cp -p $P/kept "$(cat $P/name)"',
        LANDING,
    ),
)
QUICK = (
    "a disk that fills while what was read is staged",
    "a home that turns read-only as the night is published",
    GROWS,
)


@cache
def why_not() -> str:
    """Why faults of mounts cannot be tried here; "" where they can."""
    if not shutil.which("unshare") or not shutil.which("mount"):
        return "there is no unshare or mount here: a full disk and a read-only home are not tried"
    tried = subprocess.run(
        [*UNSHARED, "sh", "-c", "mount -t tmpfs tmpfs /mnt"], capture_output=True, text=True
    )
    return (
        f"this machine does not let us mount ({tried.stderr.strip()}): no fault is tried"
        if tried.returncode
        else ""
    )


@dataclass(frozen=True)
class Outcome:
    """The exit code and words of the night that the fault met, the home after it, and the good
    night's after that."""

    code: int
    said: str
    happened: bool
    warehouse: Path
    home: Path
    code_after: int
    said_after: str


def meet(fault: Fault, home: Path, inbox: Path, scratch: Path) -> Outcome:
    """Runs both nights on a copy of `home`; what is left of them lies under `scratch`."""
    place = scratch / "disk"
    place.mkdir(parents=True)
    size = (
        sum(path.stat().st_size // 1024 + 4 for path in (*home.rglob("*"), *inbox.rglob("*")))
        + 40 * 1024
    )
    night = f"{TONGHOP} nightly --inbox $P/inbox --home $P/home --as-of {AS_OF}"
    script = f"""
mount -t tmpfs -o size={size}k tmpfs $P && cp -a {inbox} $P/inbox && mkdir $P/home || exit 9
{"" if fault.fresh else f"cp -a {home}/. $P/home"}
{fault.do if fault.at is None else ""}
{_environment(fault)} {night} > /dev/null 2> {scratch}/said; echo $? > {scratch}/code
{"test -e $P/done &&" if fault.at else ""} touch {scratch}/happened
cp $P/home/warehouse.duckdb {scratch}/after.duckdb 2> /dev/null
{fault.repair}
{night} > /dev/null 2> {scratch}/said-after; echo $? > {scratch}/code-after
cp -a $P/home {scratch}/home
"""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")} | {
        "P": str(place)
    }
    answer = subprocess.run(
        [*UNSHARED, "sh", "-c", script],
        capture_output=True,
        text=True,
        env=environment,
        timeout=500,
    )
    assert answer.returncode != 9, answer.stderr
    return Outcome(
        int((scratch / "code").read_text()),
        (scratch / "said").read_text().strip(),
        (scratch / "happened").exists(),
        scratch / "after.duckdb",
        scratch / "home",
        int((scratch / "code-after").read_text()),
        (scratch / "said-after").read_text().strip(),
    )


def _environment(fault: Fault) -> str:
    """What the shell sets for the night that the fault meets."""
    if fault.at is None:
        return ""
    return (
        f"TONGHOP_AT='{' '.join(map(str, fault.at))}' TONGHOP_DO='{fault.do}' TONGHOP_DONE=$P/done "
        f"PYTHONPATH={INTERRUPTING}"
    )
