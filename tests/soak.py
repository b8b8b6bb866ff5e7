"""The soak: nights killed at many moments, and thousands of hostile files. `make soak`; a small
part is in `make test`.

usage: python tests/soak.py [--kills 85] [--commands 41] [--files 2000] [--mail 2000] [--entries
5000] [--races 2000]
       [--extremes 300] [--costly 39] [--forged 500] [--among 200] [--good FOLDER] [--faults N]
       [--seed 1]
`--good` is the inbox of good files that the 200 are put among: a sample's where none is named.
It prints a line per trial and raises AssertionError where one falls.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import logging
import os
import shutil
import socket
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import duckdb
from costly_files import costly_files
from extreme_reports import extreme_report
from faults import FAULTS, GROWS, Fault, meet, why_not
from fuzzed_files import ESCAPED, Fuzzed, fuzz, good_files, odd_names
from hostile_inboxes import SECRET, deep_folder, fill
from hostile_mail import hostile_messages
from killed_nights import (
    AS_OF,
    COMMAND_MOMENTS,
    EARLIER,
    Moment,
    arrived,
    content,
    document_hashes,
    moments,
    run,
    run_command,
    wrongs,
)
from measured_reading import read_measured
from soak_hostile import HOSTILE_TRIALS, racing
from watched_home import WatchedHome

from sources.campaigns import load_campaign
from sources.channels.mail_opening import MessageOpener, NotOpenedError
from sources.samples import write_samples
from sources.text import visible

KILLS_OF_A_HOME = 5
TOO_LATE = "too late"
SLACK = 10  # seconds over the limit of one file: a child to start, and one more try
BATCH = 25  # hostile files on the disk at a time
SLOW = 5  # seconds of one file that are worth a line
ORDINARY_NIGHT = 8  # seconds of the command, within which it is killed


def soak_kills(folder: Path, inbox: Path, kills: int, seed: int, commands: int = 0) -> Counter[str]:
    """Kills nights and runs one plain night after each few kills, every other home with an older
    warehouse.

    Goes on until `kills` have hit, the first `commands` of them the whole command. So most nights
    are killed while they repair what a killed one left. Returns how many hit, by kind, and how many
    nights had ended before. AssertionError where content, reports, feedback or arrivals are other
    than those of a night that was never killed, or where anything half-written stood under its
    final name meanwhile.
    """
    never = folder / "never-killed"
    whole = run(inbox, never)
    expected = _all_of(never)
    hit: Counter[str] = Counter()
    plan = itertools.chain(_commands(commands, seed), moments(seed, whole))
    for number in itertools.count():
        if hit.total() - hit[TOO_LATE] >= kills:
            break
        home, tried = folder / f"home-{number}", list(itertools.islice(plan, KILLS_OF_A_HOME))
        with WatchedHome(home) as watched:
            if number % 2:
                run(inbox, home, EARLIER)
            for moment in tried:
                hit[_kill(inbox, home, moment)] += 1
                assert not wrongs(home), (moment, wrongs(home))
            run(inbox, home)
        assert not watched.wrong, (tried, watched.wrong)
        assert watched.seen > len(expected[1]), "the watch has seen nothing"
        assert not wrongs(home), (tried, wrongs(home))
        assert _all_of(home) == expected, tried
        assert not list((home / "work").iterdir()), "scratch is left"
        shutil.rmtree(home)
    return hit


def _commands(count: int, seed: int) -> Iterator[float | tuple[str, str, int]]:
    """Moments of the whole command: each of the chosen events before any comes twice, and every
    third by the clock: 41 are all of the events, and those of the clock between them.
    """
    rng, events = Random(f"{seed}/commands"), itertools.cycle(COMMAND_MOMENTS)
    return (
        rng.uniform(0.5, ORDINARY_NIGHT) if number % 3 == 2 else next(events)
        for number in range(count)
    )


def _kill(inbox: Path, home: Path, moment: Moment | float | tuple[str, str, int]) -> str:
    """Kills one night; the kind of the kill, or that the night had ended before it."""
    if isinstance(moment, Moment):
        return moment.kind if run(inbox, home, AS_OF, moment).killed else TOO_LATE
    kind = "command" if isinstance(moment, float) else "command at an event"
    return kind if run_command(inbox, home, AS_OF, kill=moment) < 0 else TOO_LATE


@dataclass
class Reading:
    """What became of hostile files, and the most that one of them cost: seconds, bytes of the child
    and of ours."""

    outcomes: Counter[str]
    seconds: float = 0.0
    child: int = 0
    parent: int = 0

    def __str__(self) -> str:
        return (
            f"{dict(self.outcomes)}; at most {self.seconds:.1f} s, {self.child >> 20} MiB resident in the child, "
            f"{self.parent >> 20} MiB in the process that reads"
        )


def soak_files(folder: Path, inbox: Path, count: int, seed: int) -> Reading:
    """Reads fuzzed files as a night does; how many were read, unreadable, unsafe, and what they
    cost at most.

    AssertionError where one has no reason, costs more time or memory than the campaign allows,
    shows a defect of ours, writes a file or reaches out.
    """
    read, limits = Reading(Counter()), load_campaign().limits
    folder.mkdir(parents=True)
    with _trap() as trap, _defects() as defects:
        files = fuzz(good_files(inbox), count, seed, trap)
        before = _names_around(folder)
        while batch := list(itertools.islice(files, BATCH)):
            _read_batch(folder / "files", batch, read)
            assert not defects, "\n".join(defects)
        assert _names_around(folder) == before, "a file was written"
    assert read.outcomes.total() == count
    assert read.seconds < limits.seconds + SLACK
    assert read.child < limits.memory_bytes and read.parent < limits.memory_bytes
    return read


def _read_batch(folder: Path, batch: list[Fuzzed], read: Reading) -> None:
    folder.mkdir(parents=True)
    files: dict[str, list[Fuzzed]] = {}
    for file in batch:
        sha256 = hashlib.sha256(file.data).hexdigest()
        (folder / sha256).write_bytes(file.data)
        files.setdefault(sha256, []).append(replace(file, data=b""))
    batch.clear()
    for row, cost in read_measured([(sha256, str(folder / sha256)) for sha256 in files]):
        about = files[row["sha256"]]
        assert row["outcome"] in ("read", "unreadable", "unsafe"), about
        assert row["outcome"] == "read" or row["reason"], f"no reason for {about}"
        read.outcomes[row["outcome"]] += len(about)
        read.seconds, read.child = max(read.seconds, cost.seconds), max(read.child, cost.child)
        read.parent = max(read.parent, cost.parent)
        if cost.seconds > SLOW:
            print(
                f"{about[0].name}, {about[0].how}: {cost.seconds:.1f} s, {cost.child >> 20} MiB",
                flush=True,
            )
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Homes:
    """What faults are tried on: a home with the warehouse of an earlier night, and what a good
    night makes of it."""

    old: Path
    expected: tuple[object, ...]


def homes_of_faults(folder: Path, inbox: Path) -> Homes:
    """The homes, made by nights that nothing befell."""
    run(inbox, folder / "good")
    run(inbox, folder / "old", EARLIER)
    return Homes(folder / "old", _all_of(folder / "good"))


def _all_of(home: Path) -> tuple[object, ...]:
    return content(home), document_hashes(home), arrived(home)


def soak_fault(fault: Fault, homes: Homes, inbox: Path, scratch: Path) -> str:
    """One night that meets a fault, and a good one after it; how the first ended.

    AssertionError where the first ends otherwise than with exit code 1, a line that says why and
    the old warehouse, or with 0 and a whole night; or where the second is not whole.
    """
    met = meet(fault, homes.old, inbox, scratch)
    last = met.said.splitlines()[-1] if met.said else ""
    assert met.happened, f"{fault.name}: it did not happen; exit code {met.code}, said: {met.said}"
    assert "Traceback" not in met.said, met.said
    if met.code:
        assert met.code == 1 and fault.says and fault.says in last, (fault.name, met)
        assert last.startswith("Chưa tổng hợp"), last
        if "the old warehouse stands" in last:
            assert (
                fault.fresh
                or met.warehouse.read_bytes() == (homes.old / "warehouse.duckdb").read_bytes()
            )
    assert met.code_after == 0, met.said_after
    assert not wrongs(met.home), wrongs(met.home)
    assert arrived(met.home) == homes.expected[-1], fault.name
    # which is reported to the officer: it came before a night that did not see it
    if fault.name != GROWS:
        assert _all_of(met.home) == homes.expected, fault.name
    assert not list((met.home / "work").iterdir()), "scratch is left"
    return f"exit code {met.code}{': ' if met.code else ''}{last if met.code else ''}"


def soak_faults(folder: Path, inbox: Path, count: int) -> str:
    """The first `count` faults, one after another, with a line for each; how many were met."""
    folder.mkdir()
    homes = homes_of_faults(folder, inbox)
    for number, fault in enumerate(FAULTS[:count]):
        print(f"{fault.name}: {soak_fault(fault, homes, inbox, folder / str(number))}", flush=True)
        shutil.rmtree(folder / str(number))
    return f"faults met: {len(FAULTS[:count])}; after each the next night was whole"


def soak_among_good(folder: Path, inbox: Path, count: int, seed: int) -> None:
    """A night with every kind of hostile file of strangers among the good ones tells the same
    numbers as these alone.

    Beside fuzzed files there are as many pipes, devices, links, sparse files and odd times, folders
    without end, half as many reports of extreme values, some costly files, and a folder in which
    files are swapped all the while.
    """
    run(inbox, folder / "good-home")
    mixed, outside = folder / "mixed", folder / "outside"
    shutil.copytree(inbox, mixed)
    (mixed / "đua").mkdir()
    before = min(path.stat().st_mtime for path in inbox.rglob("*") if path.is_file())
    for name, data in {
        **odd_names(list(fuzz(strangers(folder), count, seed)), seed),
        **_extreme(count // 2, seed),
        **dict(costly_files(count // 20, seed)),
    }.items():
        (mixed / name).write_bytes(data)
        os.utime(mixed / name, (before, before))
    outside.write_bytes(SECRET)
    fill(mixed, count, seed, outside)
    deep_folder(mixed, 300, "a")
    with racing(mixed / "đua", outside, seed):
        run(mixed, folder / "mixed-home")
    assert not wrongs(folder / "mixed-home")
    came = arrived(folder / "mixed-home")
    assert len(came) >= count, "odd names are kept too"
    assert not [
        path
        for path in (folder / "mixed-home" / "landed").rglob("*")
        if path.is_file() and path.read_bytes() == SECRET
    ], "what lies outside of the inbox has come in"
    assert numbers(folder / "mixed-home") == numbers(folder / "good-home")


def _extreme(count: int, seed: int) -> dict[str, bytes]:
    """Reports of extreme values of a commune that there is not."""
    campaign, rng = load_campaign(), Random(f"{seed}/among")
    nobody = campaign.registry.communes[0].model_copy(update={"name": "Xã Vô Danh"})
    made = (extreme_report(campaign, nobody, rng) for _ in range(count))
    return {f"cực đoan {number}.{suffix}": data for number, (suffix, data) in enumerate(made)}


def soak_mail(folder: Path, count: int, seed: int) -> Counter[str]:
    """Opens hostile messages as a mailbox does; how many were opened, and how many are kept and
    refused.

    AssertionError where a name or an address could not be stored, or a file is left.
    """
    outcomes: Counter[str] = Counter()
    with MessageOpener(folder, load_campaign().limits) as opener:
        for raw in hostile_messages(count, seed):
            opener.store([raw])
            try:
                message, outcome = opener.open_message(), "opened"
            except NotOpenedError:
                message, outcome = opener.read_headers(), "refused"
            outcomes[outcome] += 1
            for text in (message.sender or "", *(name for name, _ in message.files)):
                assert visible(text, line_breaks=False) == text and text.encode() is not None
    assert not list(folder.iterdir()), "a file was written"
    return outcomes


def strangers(folder: Path) -> dict[str, bytes]:
    """Good files of units that the registry does not have: what a fuzzer leaves readable must not
    count for anyone."""
    write_samples(folder / "strangers", load_campaign(), units=60, seed=3)
    return good_files(folder / "strangers")


def numbers(home: Path) -> list[tuple[object, ...]]:
    """The campaign's numbers, every unit's own, and all that is printed, but for how many files did
    not count."""
    tables = (
        "campaign_summary",
        "unit_status",
        "unit_summary",
        "cell_meeting",
        "org_meeting",
        "village",
        "report_figure where not starts_with(figure, 'files_') and not starts_with(figure, 'findings_')",
    )
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return [
            row
            for table in tables
            for row in sorted(con.execute(f"select * from {table}").fetchall(), key=repr)
        ]


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
    logger = logging.getLogger("sources.children.reading")
    logger.addHandler(handler)
    try:
        yield found
    finally:
        logger.removeHandler(handler)


def _names_around(folder: Path) -> set[Path]:
    """All files in the folder and where a trick with paths would lead: here, its parents, places
    for scratch."""
    escaped = (
        place / ESCAPED for place in (*folder.resolve().parents, Path.cwd(), Path("/var/tmp"))
    )
    return {
        *folder.rglob("*"),
        *Path.cwd().iterdir(),
        *(place for place in escaped if place.exists()),
    }


def main() -> None:
    """Runs all trials, or those whose number is not 0, and says what each found."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, default in (
        ("kills", 85),
        ("commands", 41),
        ("files", 2000),
        ("mail", 2000),
        ("entries", 5000),
        ("races", 2000),
        ("extremes", 300),
        ("costly", 39),
        ("forged", 500),
        ("among", 200),
        ("faults", len(FAULTS)),
        ("seed", 1),
    ):
        options.add_argument(f"--{name}", type=int, default=default)
    options.add_argument("--good", type=Path)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        folder, inbox = Path(scratch), Path(scratch) / "inbox"
        write_samples(inbox, load_campaign())
        for path in inbox.glob(".*"):
            path.unlink()
        if given.files:
            print(
                f"fuzzed files: {soak_files(folder / 'fuzzed', inbox, given.files, given.seed)}",
                flush=True,
            )
        if given.mail:
            print(
                f"messages: {dict(soak_mail(folder / 'mail', given.mail, given.seed))}", flush=True
            )
        for name, trial in HOSTILE_TRIALS.items():
            if count := getattr(given, name):
                print(
                    f"{name}: {count} tried, {dict(trial(folder / name, inbox, count, given.seed))}",
                    flush=True,
                )
        if given.among:
            soak_among_good(folder, given.good or inbox, given.among, given.seed)
            print(f"{given.among} fuzzed files among good ones changed no number", flush=True)
        if given.faults:
            print(why_not() or soak_faults(folder / "faults", inbox, given.faults), flush=True)
        if given.kills:
            hit = soak_kills(folder, inbox, given.kills, given.seed, given.commands)
            print(
                f"nights killed: {dict(hit)}; each home then has what a night never killed has",
                flush=True,
            )


if __name__ == "__main__":
    main()
