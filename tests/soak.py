"""The soak: nights killed at many moments, and thousands of hostile files. `make soak`; a small part is in `make test`.

usage: python tests/soak.py [--kills 50] [--commands 4] [--files 2000] [--among 200] [--seed 1]
It prints a line per trial and raises AssertionError where one falls.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import logging
import os
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import duckdb
from fuzzed_files import ESCAPED, Fuzzed, fuzz, good_files, odd_names
from killed_nights import AS_OF, EARLIER, Moment, arrived, content, moments, run, run_command, wrongs

from sources.campaigns import DEFAULT_CAMPAIGN, load_campaign
from sources.reading import read_contents
from sources.samples import write_samples

KILLS_OF_A_HOME = 5
TOO_LATE = "too late"
SLACK = 10          # seconds over the limit of one file: a child to start, and one more try
ORDINARY_NIGHT = 8  # seconds of the command, within which it is killed


def soak_kills(folder: Path, inbox: Path, kills: int, seed: int, commands: int = 0) -> Counter[str]:
    """Kills nights and runs one plain night after each few kills, every other home with an older warehouse.

    Goes on until `kills` have hit, the first `commands` of them the whole command. Returns how many hit, by kind, and
    how many nights had ended before. AssertionError where the content, an arrival or a file is not as it must be.
    """
    whole = run(inbox, folder / "never-killed")
    expected, came = content(folder / "never-killed"), arrived(folder / "never-killed")
    hit: Counter[str] = Counter()
    rng = Random(f"{seed}/commands")
    plan = itertools.chain((rng.uniform(0.5, ORDINARY_NIGHT) for _ in range(commands)), moments(seed, whole))
    for number in itertools.count():
        if hit.total() - hit[TOO_LATE] >= kills:
            break
        home, tried = folder / f"home-{number}", list(itertools.islice(plan, KILLS_OF_A_HOME))
        if number % 2:
            run(inbox, home, EARLIER)
        for moment in tried:
            hit[_kill(inbox, home, moment)] += 1
            assert not wrongs(home), (moment, wrongs(home))
        run(inbox, home)
        assert not wrongs(home), (tried, wrongs(home))
        assert arrived(home) == came, tried
        assert content(home) == expected, tried
        assert not list((home / "work").iterdir()), "scratch is left"
    return hit


def _kill(inbox: Path, home: Path, moment: Moment | float) -> str:
    """Kills one night; the kind of the kill, or that the night had ended before it."""
    if isinstance(moment, Moment):
        return moment.kind if run(inbox, home, AS_OF, moment).killed else TOO_LATE
    return "command" if run_command(inbox, home, AS_OF, kill_after=moment) < 0 else TOO_LATE


def soak_files(folder: Path, inbox: Path, count: int, seed: int) -> Counter[str]:
    """Reads fuzzed files as a night does; how many were read, unreadable, unsafe.

    AssertionError where one has no reason, costs too much time, shows a defect of ours, writes a file or reaches out.
    """
    files: dict[str, Fuzzed] = {}
    paths = folder / "files"
    paths.mkdir(parents=True)
    outcomes: Counter[str] = Counter()
    with _trap() as trap, _defects() as defects:
        for file in fuzz(good_files(inbox), count, seed, trap):
            files[sha256 := hashlib.sha256(file.data).hexdigest()] = replace(file, data=b"")
            (paths / sha256).write_bytes(file.data)
        before = _names_around(folder)
        answered = [time.monotonic()]
        for result in read_contents([(sha256, str(paths / sha256)) for sha256 in files], DEFAULT_CAMPAIGN,
                                    lambda _: answered.append(time.monotonic()), workers=1):
            for row in result.contents:
                about = files[str(row["sha256"])]
                assert row["outcome"] in ("read", "unreadable", "unsafe"), about
                assert row["outcome"] == "read" or row["reason"], f"no reason for {about.name}, {about.how}"
                outcomes[str(row["outcome"])] += 1
        assert _names_around(folder) == before, "a file was written"
    assert not defects, "\n".join(defects)
    slowest = max(b - a for a, b in itertools.pairwise(answered))
    assert slowest < load_campaign().limits.seconds + SLACK
    assert outcomes.total() == len(files)
    return outcomes


def soak_among_good(folder: Path, inbox: Path, count: int, seed: int) -> None:
    """A night with fuzzed files of strangers among the good ones tells the same numbers as the good ones alone."""
    run(inbox, folder / "good-home")
    mixed = folder / "mixed"
    mixed.mkdir()
    for path in inbox.iterdir():
        os.link(path, mixed / path.name)
    before = min(path.stat().st_mtime for path in inbox.iterdir())
    for name, data in odd_names(list(fuzz(strangers(folder), count, seed)), seed).items():
        (mixed / name).write_bytes(data)
        os.utime(mixed / name, (before, before))
    run(mixed, folder / "mixed-home")
    assert not wrongs(folder / "mixed-home")
    assert len(arrived(folder / "mixed-home")) >= count, "odd names are kept too"
    assert numbers(folder / "mixed-home") == numbers(folder / "good-home")


def strangers(folder: Path) -> dict[str, bytes]:
    """Good files of units that the registry does not have: what a fuzzer leaves readable must not count for anyone."""
    write_samples(folder / "strangers", load_campaign(), units=60, seed=3)
    return good_files(folder / "strangers")


def numbers(home: Path) -> list[tuple[object, ...]]:
    """The campaign's numbers, every unit's own, and all that is printed, but for how many files did not count."""
    told = ("campaign_summary", "unit_status", "unit_summary", "cell_meeting", "org_meeting", "village",
            "report_figure where not starts_with(figure, 'files_') and not starts_with(figure, 'findings_')")
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return [row for table in told for row in sorted(con.execute(f"select * from {table}").fetchall(), key=repr)]


@contextmanager
def _trap() -> Iterator[str]:
    """The address of a listener that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/x.dtd"
        try:
            listener.accept()
        except BlockingIOError:
            return
        raise AssertionError("a file had the reader call an address")


@contextmanager
def _defects() -> Iterator[list[str]]:
    """What the reading says of defects of ours."""
    found: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: found.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("sources.reading")
    logger.addHandler(handler)
    try:
        yield found
    finally:
        logger.removeHandler(handler)


def _names_around(folder: Path) -> set[Path]:
    """All files in the folder and where a trick with paths would lead: here, its parents, places for scratch."""
    escaped = (place / ESCAPED for place in (*folder.resolve().parents, Path.cwd(), Path("/var/tmp")))
    return {*folder.rglob("*"), *Path.cwd().iterdir(), *(place for place in escaped if place.exists())}


def main() -> None:
    """Runs all trials and says what each found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("kills", 50), ("commands", 4), ("files", 2000), ("among", 200), ("seed", 1)):
        options.add_argument(f"--{name}", type=int, default=default)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        folder, inbox = Path(scratch), Path(scratch) / "inbox"
        write_samples(inbox, load_campaign())
        for path in inbox.glob(".*"):
            path.unlink()
        print(f"fuzzed files: {dict(soak_files(folder / 'fuzzed', inbox, given.files, given.seed))}", flush=True)
        soak_among_good(folder, inbox, given.among, given.seed)
        print(f"{given.among} fuzzed files among good ones changed no number", flush=True)
        hit = soak_kills(folder, inbox, given.kills, given.seed, given.commands)
        print(f"nights killed: {dict(hit)}; each home then told what a night never killed tells", flush=True)


if __name__ == "__main__":
    main()
