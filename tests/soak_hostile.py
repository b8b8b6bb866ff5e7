"""The hostile part of the soak, by a seed: inbox entries and races, extreme values, costly files,
forged answers.

Each function says what became of its trials. It raises AssertionError where a good file was lost,
where anything from outside the inbox was imported, or where our own program failed on a file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import duckdb
from campaign_folders import copy_campaign, set_key
from costly_files import costly_files
from extreme_reports import extreme_report
from hostile_inboxes import SECRET, deep_folder, fill, swap
from killed_nights import run, wrongs

from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.channels.folder import FolderChannel
from sources.children.answers import STRANGE
from sources.children.reading import ChunkResult, ReadingBudget, read_contents
from sources.grids import TOO_LARGE_NOTE
from sources.landing import Landing
from sources.quarantine import REASON
from sources.staged import StagedStore

ROUND = 250  # entries of one inbox
LOOK_SECONDS = 20  # for the look at one inbox and its landing
NIGHT = 300  # extreme reports of one night
A_UNIT = 25  # of them of one unit
COSTLY_SECONDS = 180  # that all costly files together may take, as a night has its own bound
FORGING = "extracts_that_forge:extract"


def soak_entries(folder: Path, _: Path, count: int, seed: int) -> Counter[str]:
    """Inboxes of hostile entries beside good files, half of them swapped between the look and the
    landing."""
    outcomes: Counter[str] = Counter()
    outside = _outside(folder)
    for number in range(-(-count // ROUND)):
        rng, inbox, home = (
            Random(f"{seed}/entries/{number}"),
            folder / f"inbox-{number}",
            folder / f"home-{number}",
        )
        good = _good_files(inbox / "xã")
        fill(inbox, ROUND, seed * 1000 + number, outside)
        deep_folder(inbox, rng.randrange(10, 700), rng.choice(("a", "thư mục dài", "x" * 100)))
        begun, now = time.monotonic(), dt.datetime.now(dt.UTC)
        channel = FolderChannel(
            inbox, wait=lambda _: None, max_bytes=load_campaign().limits.file_bytes
        )
        incoming, left = channel.scan(now)
        swappable = [path for path in inbox.iterdir() if path.is_file() and not path.is_symlink()]
        for path in rng.sample(swappable, len(swappable) // 2):
            swap(path, rng, outside)
        landed = Landing(home).land(incoming, now)
        again = Landing(home).land(channel.scan(now)[0], now)
        assert time.monotonic() - begun < LOOK_SECONDS
        kept = set(_originals(home, landed.new))
        assert good <= kept and SECRET not in kept
        assert {a.submission_id for a in again.new}.isdisjoint(a.submission_id for a in landed.new)
        outcomes += Counter(
            {
                "landed": len(landed.new),
                "left alone": len(left),
                "slipped away": len(landed.skipped),
            }
        )
        # which Python's own removal is too deep for
        subprocess.run(["rm", "-rf", inbox, home], check=True)
    return outcomes


def soak_races(folder: Path, _: Path, count: int, seed: int) -> Counter[str]:
    """That many looks at an inbox and landings, while another process swaps its files and folders
    without a pause."""
    outcomes: Counter[str] = Counter()
    outside, inbox, home = _outside(folder), folder / "inbox", folder / "home"
    good, now = _good_files(inbox / "yên"), dt.datetime.now(dt.UTC)
    (inbox / "đua").mkdir()
    landing = Landing(home)
    with racing(inbox / "đua", outside, seed):
        for _look in range(count):
            now += dt.timedelta(seconds=1)
            incoming, left = FolderChannel(inbox, wait=lambda _: None, max_bytes=1 << 20).scan(now)
            landed = landing.land(incoming, now)
            outcomes += Counter(
                {
                    "looks": 1,
                    "landed": len(landed.new),
                    "left alone": len(left),
                    "slipped away": len(landed.skipped),
                }
            )
    kept = set(_originals(home, landing.known()))
    assert good <= kept
    assert all(
        data in good or data.startswith((b"real", b"other", TOO_LARGE_NOTE)) or not data
        for data in kept
    )
    assert outcomes["slipped away"], "no swap was met"
    subprocess.run(["rm", "-rf", inbox, home], check=True)
    return outcomes


@contextmanager
def racing(folder: Path, outside: Path, seed: int) -> Iterator[None]:
    """A process that swaps files of the folder until the block ends; AssertionError where it has
    ended before."""
    racer = subprocess.Popen(
        [sys.executable, Path(__file__).with_name("racing_inbox.py"), folder, outside, str(seed)]
    )
    try:
        yield
        assert racer.poll() is None, "the race ended too early"
    finally:
        racer.kill()
        racer.wait()


def soak_extremes(folder: Path, inbox: Path, count: int, seed: int) -> Counter[str]:
    """Nights with reports of extreme values of some units beside the good files of the others,
    whose figures stay."""
    campaign, outcomes = load_campaign(), Counter[str]()
    folder.mkdir()
    run(inbox, folder / "good-home")
    for number in range(-(-count // NIGHT)):
        rng, mixed, home = (
            Random(f"{seed}/extremes/{number}"),
            folder / f"mixed-{number}",
            folder / f"home-{number}",
        )
        units = rng.sample(campaign.registry.communes, NIGHT // A_UNIT)
        mixed.mkdir()
        for path in inbox.iterdir():
            os.link(path, mixed / path.name)
        for place in range(min(NIGHT, count - number * NIGHT)):
            suffix, data = extreme_report(campaign, units[place % len(units)], rng)
            _dated(mixed / f"{place}.{suffix}", data)
        run(mixed, home)
        assert not wrongs(home)
        assert not (home / "staged" / "quarantine.json").exists(), "a content made our program fail"
        named = {unit.code for unit in units}
        assert figures_but_of(home, named) == figures_but_of(folder / "good-home", named)
        outcomes += _statuses(home)
    return outcomes


def soak_costly(folder: Path, inbox: Path, count: int, seed: int) -> Counter[str]:
    """Files made to be costly, one sender a kind, beside good files: all are answered for, in
    bounded time."""
    good = dict(
        _stored(folder, ((path.name, path.read_bytes()) for path in sorted(inbox.iterdir())))
    )
    expected = {
        row["sha256"]: row
        for chunk in read_contents(good.items(), DEFAULT_CAMPAIGN)
        for row in chunk.contents
    }
    costly = dict(_stored(folder, costly_files(count, seed)))
    origins = {sha256: str(number % 13) for number, sha256 in enumerate(costly)}
    limits, outcomes, begun = load_campaign().limits, Counter[str](), time.monotonic()
    budget = ReadingBudget(per_origin=4 * limits.seconds, per_night=COSTLY_SECONDS)
    chunks = read_contents(
        [*costly.items(), *good.items()], DEFAULT_CAMPAIGN, origins=origins, budget=budget
    )
    for chunk in chunks:
        outcomes.update(str(row["outcome"]) for row in chunk.contents if row["sha256"] in costly)
        outcomes["put off"] += len(chunk.deferred)
        assert all(
            row == expected[row["sha256"]] for row in chunk.contents if row["sha256"] in good
        )
    assert outcomes.total() == len(costly)
    assert time.monotonic() - begun < COSTLY_SECONDS + 2 * limits.seconds + 10 * len(costly)
    return outcomes


def soak_forged(folder: Path, _: Path, count: int, seed: int) -> Counter[str]:
    """Readers that answer what they were not asked, beside honest ones of other senders: no lie
    reaches these."""
    honest = [(f"honest {n}", f"thật {n};{seed}\n".encode()) for n in range(count)]
    victims = list(_stored(folder, honest))
    forging = list(
        _stored(
            folder,
            ((f"forge {n}", f"forge;{seed}/{n};{victims[n][0]}\n".encode()) for n in range(count)),
        )
    )
    files = [one for pair in zip(forging, victims, strict=True) for one in pair]
    origins = {sha256: f"{number % 2} {number // 40}" for number, (sha256, _) in enumerate(files)}
    wanted = {sha256: f"thật {n}" for n, (sha256, _) in enumerate(victims)}
    outcomes, answered, store = Counter[str](), set[str](), StagedStore(folder / "home", "v")
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)  # where readers find what forges
    for chunk in read_contents(
        files, _hasty_campaign(folder / "campaign"), extract=FORGING, origins=origins
    ):
        store.write(chunk)
        for sha256, outcome, facts in _answers(chunk):
            assert sha256 not in answered
            answered.add(sha256)
            assert sha256 not in wanted or (outcome, facts) == ("read", [wanted[sha256]]), (
                sha256,
                outcome,
                facts,
            )
            outcomes[outcome if sha256 not in wanted else "honest, as it is"] += 1
    assert answered == {sha256 for sha256, _ in files} == store.known()
    return outcomes


def _hasty_campaign(folder: Path) -> Path:
    """The campaign with two seconds for a file: a reader that trickles is waited for no longer."""
    set_key(copy_campaign(folder), "limits.seconds", "2")
    return folder


def _answers(chunk: ChunkResult) -> Iterator[tuple[str, str, list[str]]]:
    facts = {sha256: list(columns[3]) if columns else [] for sha256, columns in chunk.facts}
    return (
        (str(row["sha256"]), str(row["outcome"]), facts[str(row["sha256"])])
        for row in chunk.contents
    )


def figures_but_of(home: Path, units: set[str]) -> list[tuple[object, ...]]:
    """What stands in the marts of all units but these."""
    tables = ("unit_status", "unit_summary", "cell_meeting", "village")
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return [
            row
            for table in tables
            for row in sorted(
                con.execute(
                    f"SELECT * FROM {table} WHERE unit_code NOT IN (SELECT unnest(?))",
                    [sorted(units)],
                ).fetchall(),
                key=repr,
            )
        ]


def _statuses(home: Path) -> Counter[str]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        assert not con.execute(
            "SELECT file_name FROM submission WHERE reason IN (?, ?)", [REASON, STRANGE]
        ).fetchall()
        return Counter(
            dict(con.execute("SELECT status, count(*) FROM submission GROUP BY ALL").fetchall())
        )


def _outside(folder: Path) -> Path:
    """A file that lies outside of every inbox, dated as if it had come."""
    folder.mkdir(parents=True)
    _dated(folder / "bí mật.txt", SECRET)
    return folder / "bí mật.txt"


def _good_files(folder: Path) -> set[bytes]:
    folder.mkdir(parents=True)
    files = {b"good %d" % number for number in range(20)}
    for number, data in enumerate(sorted(files)):
        _dated(folder / f"{number}.xlsx", data)
    return files


def _dated(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    os.utime(path, (1_650_000_000, 1_650_000_000))  # 15 April 2022


def _originals(home: Path, arrivals: Iterable[object]) -> Iterator[bytes]:
    landing = Landing(home)
    return (landing.original(arrival.sha256).read_bytes() for arrival in arrivals)


def _stored(folder: Path, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
    folder.mkdir(parents=True, exist_ok=True)
    for _, data in files:
        sha256 = hashlib.sha256(data).hexdigest()
        (folder / sha256).write_bytes(data)
        yield sha256, str(folder / sha256)


HOSTILE_TRIALS: dict[str, Callable[[Path, Path, int, int], Counter[str]]] = {
    "entries": soak_entries,
    "races": soak_races,
    "extremes": soak_extremes,
    "costly": soak_costly,
    "forged": soak_forged,
}
