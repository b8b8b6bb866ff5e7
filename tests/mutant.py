"""A good report with one change, and how a value in it is chosen and replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from made_books import Book, Place
from made_files import TEXT_KINDS
from made_reports import FORM, Key, Made, Said


@dataclass
class Mutant:
    """A changed report: what it means now, and the places of which one has to carry a finding
    (none: it need not)."""

    how: str
    made: Made
    book: Book
    kind: str
    truth: dict[Key, Said]
    must_flag: list[Place] = field(default_factory=list)
    may_lose: dict[Key, list[Place]] = field(default_factory=dict)


Mutation = Callable[[Mutant, Random], bool]


def put_instead(mutant: Mutant, key: Key, said: Said, must_flag: bool | None = None) -> bool:
    place = mutant.book.places[key]
    mutant.book.put(
        place,
        str(said.written)
        if mutant.kind in TEXT_KINDS and said.written is not None
        else said.written,
    )
    mutant.truth[key] = said
    if must_flag if must_flag is not None else not said.clear:
        mutant.must_flag = [place]
    return True


def pick(mutant: Mutant, rng: Random, *types: str, blank: bool = False) -> tuple[Key, Said] | None:
    """Any place of a field of these types; of a choice, where it stands in one column."""
    keys = [
        key
        for key, said in mutant.truth.items()
        if FORM.by_key[key[0]].by_key[key[2]].type in types
        and key in mutant.book.places
        and (blank or said.means is not None)
        and len(mutant.book.heads.get((key[0], key[2]), [])) < 3
        and (
            FORM.by_key[key[0]].by_key[key[2]].type != "choice" or len(columns_of(mutant, key)) == 1
        )
    ]
    if not keys:
        return None
    key = rng.choice(keys)
    return key, mutant.truth[key]


def columns_of(mutant: Mutant, key: Key) -> set[tuple[int, int]]:
    sheet = mutant.book.places[key].sheet
    return {
        (p.sheet, p.column) for p in mutant.book.heads.get((key[0], key[2]), []) if p.sheet == sheet
    }
