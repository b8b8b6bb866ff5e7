"""Good reports with one change each: the change is reported at its cell, or it changes that value
only.

usage: python tests/mutations.py [--count 5000] [--seed 1] It prints how many of each kind were
tried, reported, and read as changed. It raises AssertionError where one was silent: a value that is
not in the file, and no finding at its cell.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from compared_with_truth import wrongs
from kinds_of_mutation import MUTATIONS
from made_books import Layout, any_layout, laid_out
from made_files import KINDS, TEXT_KINDS, where, written
from made_reports import CAMPAIGN, made_report
from mutant import Mutant

from expectations.batches import load_inputs
from expectations.night import run
from sources.extraction import extract
from sources.extraction.facts import Extract
from sources.readers import read
from sources.registry import Unit
from sources.staged import CONTENT, FACT, FINDING

AS_OF = dt.datetime.fromisoformat("2022-04-19T20:00:00+07:00")
FLAGGED, LEGITIMATE, SILENT = "flagged", "legitimate", "silent"


def mutants(count: int, seed: int) -> Iterator[Mutant]:
    """Changed reports in all layouts and kinds of file, one change each, the same for the same
    seed."""
    done = 0
    for number in range(count * 20):
        if done == count:
            return
        rng = Random(f"{seed}/{number}")
        kind = rng.choice(KINDS)
        made = made_report(
            rng.choice(CAMPAIGN.registry.communes), rng, kind in TEXT_KINDS, rng.random() < 0.5
        )
        layout = _roomy(any_layout(rng))
        how = rng.choice(list(MUTATIONS))
        mutant = Mutant(how, made, laid_out(made, layout, rng), kind, made.truth())
        if MUTATIONS[how](mutant, rng):
            done += 1
            yield mutant
    raise AssertionError("too few reports could be changed")


def judge(tried: list[Mutant], folder: Path) -> list[str]:
    """What became of each: flagged, legitimate, or silent with what is wrong; by a night's own
    rules."""
    extracts = [extract(read(written(m.book, m.kind), CAMPAIGN.limits), CAMPAIGN) for m in tried]
    findings = findings_of([(m.made.unit, e) for m, e in zip(tried, extracts, strict=True)], folder)
    return [
        _judged(m, e, findings[n]) for n, (m, e) in enumerate(zip(tried, extracts, strict=True))
    ]


def findings_of(
    read_reports: list[tuple[Unit, Extract]], folder: Path
) -> dict[int, set[tuple[str, str]]]:
    """Sheet and cell of all findings of each report, as a night makes them of what was read.

    Without what compares a file with the unit's other files: here they are all of the same few
    units.
    """
    contents, facts, found = [], [], []
    for number, (unit, one) in enumerate(read_reports):
        contents.append(
            {
                "sha256": str(number),
                "outcome": "read",
                "kind": "xlsx",
                "macros": False,
                "unit_code": one.unit_code or unit.code,
            }
        )
        facts += [{"sha256": str(number), **f._asdict()} for f in one.facts]
        found += [{"sha256": str(number), **f._asdict()} for f in one.findings]
    for name, rows, schema in (
        ("content", contents, CONTENT),
        ("fact", facts, FACT),
        ("finding", found, FINDING),
    ):
        pq.write_table(pa.Table.from_pylist(rows, schema), folder / f"{name}.parquet")
    arrivals = [
        {
            "submission_id": str(n),
            "file_name": f"{n}.xlsx",
            "sha256": str(n),
            "size": 1,
            "channel": "folder",
            "is_trusted": True,
            "received_at": (AS_OF - dt.timedelta(days=2)).isoformat(),
            "first_seen": AS_OF.isoformat(),
        }
        for n in range(len(read_reports))
    ]
    places: dict[int, set[tuple[str, str]]] = defaultdict(set)
    with duckdb.connect() as con:
        load_inputs(
            con, arrivals, {k: [folder / f"{k}.parquet"] for k in ("content", "fact", "finding")}
        )
        run(con, CAMPAIGN, AS_OF)
        for number, sheet, cell in con.execute(
            "SELECT submission_id::INTEGER, sheet, cell FROM finding WHERE rule <> 'totals_differ'"
        ).fetchall():
            places[number].add((sheet, cell))
    for number, (_, one) in enumerate(read_reports):
        places[number] |= {(str(f.sheet), str(f.cell)) for f in one.findings}
    return places


def _judged(mutant: Mutant, one: Extract, flagged: set[tuple[str, str]]) -> str:
    said = any(where(mutant.book, mutant.kind, place) in flagged for place in mutant.must_flag)
    if mutant.must_flag and not said:
        return f"{SILENT}: no finding at {[where(mutant.book, mutant.kind, p) for p in mutant.must_flag]}"
    for key, expected, fact in wrongs(mutant.truth, one, mutant.made.unit):
        place = mutant.book.places.get(key)
        at = {
            where(mutant.book, mutant.kind, p)
            for p in (*([place] if place else []), *mutant.may_lose.get(key, []))
        }
        if fact is not None and fact.value is None:
            at.add((fact.sheet, fact.cell))
        elif (
            fact is not None and expected is None
        ):  # a row that is none, in which something stands by mistake
            at |= {
                (s, cell)
                for s, cell in flagged
                if s == fact.sheet and cell and _row_of(cell) == _row_of(fact.cell)
            }
        elif (
            fact is not None and key not in mutant.may_lose and (expected is None or expected.clear)
        ):
            return f"{SILENT}: {key} is {fact}, means {expected}"
        if not at & flagged:
            return f"{SILENT}: {key} is {fact}, means {expected}, nothing said at {at}"
        said = True
    return FLAGGED if said else LEGITIMATE


def _row_of(cell: str) -> str:
    return cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _roomy(layout: Layout) -> Layout:
    """The same layout with each pair in cells of its own."""
    return Layout(
        **{
            **layout.__dict__,
            "pairs": "beside" if layout.pairs == "one_cell" else layout.pairs,
            "combining": False,
        }
    )


def try_mutations(count: int, seed: int, chunk: int = 300) -> dict[str, Counter[str]]:
    """How many of each kind were flagged and how many legitimate. Raises AssertionError where any
    was silent.

    A night checks `limits.unit_files` of one unit's files, so no chunk may hold more.
    """
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    silent = []
    waiting = mutants(count, seed)
    while tried := [m for _, m in zip(range(chunk), waiting, strict=False)]:
        with tempfile.TemporaryDirectory() as folder:
            for mutant, outcome in zip(tried, judge(tried, Path(folder)), strict=True):
                outcomes[mutant.how][outcome.partition(":")[0]] += 1
                if outcome.startswith(SILENT):
                    silent.append(f"{mutant.how}, {mutant.kind}: {outcome}")
    assert not silent, f"{len(silent)} silent:\n" + "\n".join(silent[:40])
    return outcomes


def main() -> None:
    """Tries as many as asked for and says what became of them."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--count", type=int, default=5000)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    outcomes = try_mutations(given.count, given.seed)
    for how, found in sorted(outcomes.items()):
        print(
            f"{how:28} {found.total():5} tried {found[FLAGGED]:5} flagged {found[LEGITIMATE]:5} legitimate"
        )
    total = sum(outcomes.values(), Counter())
    print(
        f"mutations: {total.total()} tried, {total[FLAGGED]} flagged, {total[LEGITIMATE]} legitimate, 0 silent"
    )


if __name__ == "__main__":
    main()
