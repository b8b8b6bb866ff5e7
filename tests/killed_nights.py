"""Nights that are killed: SIGKILL to the whole process group, at a chosen moment.

Most run the stages of a night without the engine, in a process that has done its imports: a kill
then costs seconds. A moment is the n-th file that Python opens for writing or renames in a stage
(an audit hook, so the kill comes just before it), or a share of the stage's time (so it comes while
DuckDB or Arrow is writing).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import itertools
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import duckdb

from flows.home.layout import Home
from flows.home.places import places_of_night
from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from warehouse.reports.documents import ANNEX, DOCUMENTS, PAGE, REPORT
from warehouse.schema import tables

TONGHOP = Path(sys.executable).with_name("tonghop")
AS_OF = "2022-04-19T20:00:00+07:00"
EARLIER = "2022-04-16T20:00:00+07:00"
DOCUMENT_NAMES = [document.name for document in DOCUMENTS]
STAGES = (
    "collect",
    "read",
    "validate",
    "build",
    *DOCUMENT_NAMES,
    "publish",
    "clear_work",
)
PRELOADED = [
    "flows.stages",
    "expectations.batches",
    "expectations.night",
    "great_expectations",
    *(document.module for document in DOCUMENTS),
]
INTERRUPTING = Path(__file__).parent / "interrupting"  # what kills: see there
ENDS_WITHIN = (
    15.0  # seconds, for all that a killed night had started: some have yet to import what they need
)
WRITTEN, RENAMED, TIMED = "written", "renamed", "timed"


@dataclass(frozen=True)
class Moment:
    """When a night is killed: in which stage, and before its n-th file written or renamed or after
    n seconds."""

    stage: str
    kind: str
    number: float


@dataclass
class Night:
    """How far a night without the engine came: the seconds of its stages, and what was written and
    renamed in each."""

    seconds: dict[str, float]
    touched: dict[tuple[str, str], int]
    killed: bool


def run(
    inbox: Path,
    home: Path,
    as_of: str = AS_OF,
    moment: Moment | None = None,
    campaign: Path | None = None,
) -> Night:
    """Runs the stages of a night in a process group of its own, and kills the group at `moment`."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_stages, args=(theirs, str(inbox), str(home), as_of, moment, campaign)
    )
    process.start()
    theirs.close()
    night = Night({}, {}, killed=False)
    with contextlib.suppress(EOFError):
        while True:
            stage, seconds, touched = ours.recv()
            if seconds is not None:
                night.seconds[stage] = seconds
                night.touched |= {(stage, kind): count for kind, count in touched.items()}
            elif moment and (moment.stage, moment.kind) == (stage, TIMED):
                time.sleep(moment.number)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
    process.join()
    night.killed = process.exitcode == -signal.SIGKILL
    if not night.killed and process.exitcode:
        raise AssertionError(
            f"a night that was not killed failed with exit code {process.exitcode}"
        )
    return night


COMMAND_MOMENTS = (  # of the whole command with its children: what it is about to do when it is killed
    ("open", r"/lock$", 0),
    ("open", r"/lock\.json$", 0),
    ("open", r"/prefect\.copying$", 0),
    ("os.rename", r"/prefect\.db$", 0),
    ("subprocess.Popen", r"flows\.engine\.server", 0),
    ("open", r"/logs/engine\.log$", 0),
    ("open", r"/logs/night-", 0),
    ("open", r"/landed/originals/../\.incoming-", 20),
    ("os.rename", r"/landed/originals/../[0-9a-f]{64}$", 7),
    ("open", r"/arrivals\.jsonl$", 0),
    ("open", r"/nights\.jsonl$", 0),
    ("subprocess.Popen", r"sources\.children\.reading_child", 0),
    ("os.rename", r"/staged/.*/fact-", 0),
    ("os.rename", r"/staged/.*/content-", 0),
    ("subprocess.Popen", r"flows\.writing\.child", 0),
    ("open", r"/\.bao-cao-tong-hop\.docx\.part$", 0),
    ("os.rename", r"/bao-cao-tong-hop\.docx$", 0),
    ("os.rename", r"/phu-luc\.xlsx$", 0),
    ("subprocess.Popen", r"marking_child", 0),
    ("open", r"/\.feedback\.part/.*\.xlsx$", 0),
    ("os.rename", r"/home[^/]*/warehouse\.duckdb$", 0),
    ("os.rename", r"/reports/[^/]+/bao-cao-tong-hop\.docx$", 0),
    ("os.rename", r"/reports/[^/]+/tien-do\.html$", 0),
    ("os.rename", r"/reports/[^/]+/\.published\.json$", 0),
    ("os.rename", r"/reports/[^/]+/kiem-tra/[^/]+$", 0),
    ("os.rename", r"/feedback/\.published\.json$", 0),
    ("os.rename", r"/home[^/]*/feedback/[^/]+/[^/]+$", 0),
    ("open", r"/timings", 0),
)


def run_command(
    inbox: Path,
    home: Path,
    as_of: str = AS_OF,
    kill: float | tuple[str, str, int] | None = None,
    campaign: Path = DEFAULT_CAMPAIGN,
) -> int:
    """The exit code of the real command with its engine, its process group killed after some
    seconds or at an event.

    AssertionError where any process that it had started is still there a moment after.
    """
    with marked() as (mark, environment):
        if isinstance(kill, tuple):
            environment |= {"TONGHOP_AT": " ".join(map(str, kill)), "PYTHONPATH": str(INTERRUPTING)}
        options = ["--inbox", inbox, "--home", home, "--as-of", as_of, "--campaign", campaign]
        night = subprocess.Popen(
            [TONGHOP, "nightly", *options],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            _, said = night.communicate(timeout=kill if isinstance(kill, float) else 120)
        except subprocess.TimeoutExpired:
            os.killpg(night.pid, signal.SIGKILL)
            _, said = night.communicate()
        assert night.returncode in (0, -signal.SIGKILL), said
        wait_for_end(mark, ENDS_WITHIN)
        assert not left_behind(mark), f"a killed night has left processes behind: {kill}"
    return night.returncode


@contextlib.contextmanager
def marked() -> Iterator[tuple[str, dict[str, str]]]:
    """A mark, and an environment that bears it and no engine: by the mark all that is started in it
    can be found."""
    mark = f"TONGHOP_SOAK={uuid.uuid4()}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    yield mark, environment | dict([mark.split("=")])
    for pid in left_behind(mark):
        os.kill(pid, signal.SIGKILL)


def left_behind(mark: str) -> list[int]:
    """The living processes whose environment bears the mark."""
    found = []
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            pid = int(folder.name)
            if mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                found.append(pid)
    return found


def wait_for_end(mark: str, seconds: float) -> float:
    """Waits until no process bears the mark, `seconds` at most; how long it took."""
    begun = time.monotonic()
    while left_behind(mark) and time.monotonic() - begun < seconds:
        time.sleep(0.02)
    return time.monotonic() - begun


def moments(seed: int, whole: Night) -> Iterator[Moment]:
    """Moments by a seed without end, over all stages and kinds in turn, as a night that was not
    killed has them."""
    rng = Random(f"{seed}/moments")
    choices = [
        (stage, kind)
        for kind in (TIMED, RENAMED, WRITTEN)
        for stage in STAGES
        if kind == TIMED or whole.touched.get((stage, kind))
    ]
    rng.shuffle(choices)
    for stage, kind in itertools.cycle(choices):
        at = (
            rng.random() * whole.seconds[stage]
            if kind == TIMED
            else rng.randrange(whole.touched[stage, kind])
        )
        yield Moment(stage, kind, at)


def content(home: Path) -> dict[str, str]:
    """A hash per table of the published warehouse, whatever the order of its rows."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        rows = {
            table.name: con.execute(
                f"select {', '.join(table.column_names)} from {table.name}"
            ).fetchall()
            for table in tables(load_campaign().form)
        }
    return {
        name: hashlib.sha256("\n".join(sorted(map(repr, found))).encode()).hexdigest()
        for name, found in rows.items()
    }


def document_hashes(home: Path, as_of: str = AS_OF) -> dict[str, str]:
    """A hash of each file of the night's documents by its path in the home."""
    day = dt.datetime.fromisoformat(as_of)
    places = [places_of_night(Home(home), day).place_of(document) for document in DOCUMENTS]
    files = [
        file
        for place in places
        for file in (place.rglob("*") if place.is_dir() else (place,))
        if file.is_file()
    ]
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def wrongs(home: Path) -> list[str]:
    """What is wrong with the home whatever happened to its nights: half files, arrivals doubled,
    originals changed."""
    found = [
        f"{path} does not hash to its name"
        for path in (home / "landed" / "originals").glob("*/[0-9a-f]*")
        if hashlib.sha256(path.read_bytes()).hexdigest() != path.name
    ]
    ids = Counter(record["submission_id"] for record in _arrivals(home))
    found += [f"arrival {name} stands {count} times" for name, count in ids.items() if count > 1]
    found += [
        f"the original of {record['file_name']} is lost"
        for record in _arrivals(home)
        if not (home / "landed" / "originals" / record["sha256"][:2] / record["sha256"]).exists()
    ]
    if (home / "warehouse.duckdb").exists():
        with contextlib.suppress(duckdb.Error):
            content(home)
            return found + _half_reports(home)
        found.append("the warehouse does not open")
    return found + _half_reports(home)


def arrived(home: Path) -> set[tuple[str, str]]:
    """Name and SHA-256 of all arrivals."""
    return {(record["file_name"], record["sha256"]) for record in _arrivals(home)}


def _arrivals(home: Path) -> list[dict[str, str]]:
    """The arrivals whose lines are whole: a last line that a crash cut off was never said to have
    landed."""
    ledger = home / "landed" / "arrivals.jsonl"
    lines = ledger.read_bytes().split(b"\n")[:-1] if ledger.exists() else []
    return [json.loads(line) for line in lines]


def _half_reports(home: Path) -> list[str]:
    whole: dict[str, Callable[[Path], bool]] = {
        REPORT.file_name: _is_whole_package,
        ANNEX.file_name: _is_whole_package,
        PAGE.file_name: lambda path: path.read_bytes().rstrip().endswith(b"</html>"),
    }
    return [
        f"{path} is half a file"
        for name, is_whole in whole.items()
        for path in home.glob(f"reports/*/{name}")
        if not is_whole(path)
    ]


def _is_whole_package(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as package:
            return package.testzip() is None
    except zipfile.BadZipFile:
        return False


def _stages(
    night_process: Connection,
    inbox: str,
    home: str,
    as_of: str,
    moment: Moment | None,
    campaign: Path | None,
) -> None:
    """In the child: the flow's order of stages, without the engine."""
    from flows import stages
    from flows.home.lock import lock_home
    from flows.night import parse_night

    os.setsid()
    os.umask(0o077)
    Home(Path(home)).folder.mkdir(parents=True, exist_ok=True)
    night = parse_night(
        inbox,
        home,
        as_of,
        campaign and str(campaign),
        f"run-{os.getpid()}",
        dt.datetime.now(dt.UTC),
    )
    watch = _Watch(moment)
    sys.addaudithook(watch)
    with lock_home(night.home.folder):
        stages.open_work(night)
        for name in STAGES:
            watch.begin(name)
            night_process.send((name, None, {}))
            started = time.monotonic()
            if name == "read":
                chunks = stages.list_unread(night)
                for number, chunk in enumerate(chunks, start=1):
                    stages.read(night, number, chunk, sum(map(len, chunks)))
            elif name in DOCUMENT_NAMES:
                stages.write_document(night, name)
            else:
                getattr(stages, name)(night)
            night_process.send((name, time.monotonic() - started, dict(watch.touched)))


class _Watch:
    """An audit hook that counts a stage's files written and renamed, and kills the process group at
    the moment."""

    def __init__(self, moment: Moment | None) -> None:
        self._moment, self._stage, self.touched = moment, "", Counter[str]()

    def begin(self, stage: str) -> None:
        """From now on it is this stage's turn."""
        self._stage, self.touched = stage, Counter()

    def __call__(self, event: str, details: tuple[object, ...]) -> None:
        if event == "os.rename":
            self._touch(RENAMED)
        elif (
            event == "open"
            and isinstance(details[2], int)
            and details[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        ):
            self._touch(WRITTEN)

    def _touch(self, kind: str) -> None:
        if self._moment == Moment(self._stage, kind, self.touched[kind]):
            os.killpg(0, signal.SIGKILL)
        self.touched[kind] += 1
