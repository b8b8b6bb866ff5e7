"""How well made scans are read, by kind and dots to an inch: `python -m bench.scans [SEED] [PAGES]`.

For each kind of scan as many pages as asked; of the counts, dates, marks and empty cells of their
tables it prints the share that is right, how many are sure but wrong (each is named), the share not
sure, seconds of one core a page, and at the end the most memory.
"""

from __future__ import annotations

import re
import resource
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sources.campaigns import load_campaign
from sources.grids import Grid, RefusedFile
from sources.readers.page_images import PageImage
from sources.readers.scans import import_engines, read_page_images
from tests.made_scans import FACES, KINDS, Kind, MadePage, made_page, scanned

_MARKS = ("x", "X", "✓", "-", "có")
_DATE = re.compile(r"\d+/\d+/\d+")


def main() -> None:
    """Print the table."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    import_engines()
    print(f"seed {seed}, {count} pages of each kind")
    print(
        "| kind | dpi | counts and dates | right | sure but wrong | not sure | marks and empty "
        "| right | sure but wrong | not sure | words sure but wrong | refused | s a page |"
    )
    print("|---" * 13 + "|")
    confusions: list[str] = []
    for n, kind in enumerate(KINDS):
        print(_line(kind, 1000 * seed + 50 * n, count, confusions), flush=True)
    print(f"\nmost memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")
    print("\n".join(confusions))


def _line(kind: Kind, seed: int, count: int, confusions: list[str]) -> str:
    found: Counter[tuple[str, str]] = Counter()
    refused, seconds = 0, 0.0
    for n in range(seed, seed + count):
        page = made_page(n, list(FACES)[n % 3], points=(11, 12, 13)[n // 3 % 3])
        image = PageImage(1, scanned(page, kind, n), kind.dpi)
        start = time.process_time()
        try:
            blocks = read_page_images([image], load_campaign().limits).blocks
        except RefusedFile as refusal:
            refused += 1
            confusions.append(f"{kind.name} {kind.dpi} page {n}: {refusal}")
            continue
        finally:
            seconds += time.process_time() - start
        grids = [block for block in blocks if isinstance(block, Grid)]
        _compare(page, grids, found, f"{kind.name} {kind.dpi} page {n}", confusions)
    cells = [_shares(found, group) for group in ("number", "other")]
    return (
        f"| {kind.name} | {kind.dpi} | {cells[0]} | {cells[1]} | {found['words', 'wrong']} of "
        f"{found['words', 'all']} | {refused} | {seconds / count:.1f} |"
    )


def _shares(found: Counter[tuple[str, str]], group: str) -> str:
    total = max(found[group, "all"], 1)
    return (
        f"{found[group, 'all']} | {100 * found[group, 'right'] / total:.2f}% | "
        f"{found[group, 'wrong']} | {100 * found[group, 'unsure'] / total:.1f}%"
    )


def _compare(
    page: MadePage,
    grids: list[Grid],
    found: Counter[tuple[str, str]],
    where: str,
    confusions: list[str],
) -> None:
    whole = [grid for grid in grids if len(grid.rows) == len(page.rows)]
    if len(whole) != 1 or any(len(row) != len(page.rows[0]) for row in whole[0].rows):
        shapes = [(len(grid.rows), max(map(len, grid.rows))) for grid in grids]
        confusions.append(f"{where}: no such table, but {shapes}")
        found["number", "all"] += sum(_group(t) == "number" for row in page.rows for t in row)
        return
    [grid] = whole
    for r, row in enumerate(page.rows[1:], start=1):
        for c, truth in enumerate(row):
            group = _group(truth)
            value, reading = str(grid.rows[r][c] or ""), grid.readings[r, c]
            right = value.casefold() == truth.casefold()
            found[group, "all"] += 1
            found[group, "right"] += right
            found[group, "unsure"] += not reading.is_sure
            found[group, "wrong"] += reading.is_sure and not right
            if group == "words":
                continue
            if not right:
                sure = "SURE" if reading.is_sure else "not sure"
                confusions.append(f"{where} {grid.ref(r, c)}: {truth!r} as {value!r}, {sure}")


def _group(truth: str) -> str:
    if truth in _MARKS or not truth:
        return "other"
    return "number" if truth[0].isdigit() else "words"


if __name__ == "__main__":
    main()
