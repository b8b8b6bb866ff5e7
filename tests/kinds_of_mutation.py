"""The single changes of a good report that tests/mutations.py tries, named as an officer would call
them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from random import Random

from made_books import Place, Sheet
from made_files import TEXT_KINDS
from made_reports import CAMPAIGN, FORM, Key, Said, Written
from mutant import Mutant, Mutation, columns_of, pick, put_instead

from sources.extraction.vocabulary import vocabulary_of
from sources.text import fold

VOCABULARY = vocabulary_of(CAMPAIGN)
NO_COUNTS: tuple[Written, ...] = (
    "hai mươi",
    "khoảng {n}",
    "{n},5",
    "-{n}",
    "({n})",
    "{n}%",
    "{n}²",
    "{n}-{n}",
    "O",
    "l{n}",
    "{n}+",
    "{n} hoặc {n}",
    "Nguyễn Thị Hoa",
    "{n}①",
    "{n}.5",
    "không rõ",
    "0.{n}00",
    "+{n}",
    "{n}/",
)
NO_DATES: tuple[Written, ...] = (
    "31/4/2022",
    "03-15/4",
    "từ ngày 5 đến 7/4",
    "tháng 4",
    "5/4/2022 và 7/4/2022",
    "5/13/2022",
    "05/4/222",
)
NO_MARKS: tuple[Written, ...] = ("một phần", "?", "x?", "có, chưa đủ", "Nguyễn Thị Hoa", "5/4/2022")


def _digits(change: Callable[[str, Random], str]) -> Mutation:
    def mutate(mutant: Mutant, rng: Random) -> bool:
        picked = pick(mutant, rng, "count")
        if not picked:
            return False
        key, said = picked
        number = int(change(str(said.means), rng))
        return str(number) != said.means and put_instead(mutant, key, Said(number, str(number)))

    return mutate


def _swap_digit(digits: str, rng: Random) -> str:
    at = rng.randrange(len(digits))
    return digits[:at] + str((int(digits[at]) + rng.randint(1, 9)) % 10) + digits[at + 1 :]


def _transpose(digits: str, rng: Random) -> str:
    at = rng.randrange(max(len(digits) - 1, 1))
    return digits[:at] + digits[at : at + 2][::-1] + digits[at + 2 :]


def _unclear(texts: tuple[Written, ...], *types: str) -> Mutation:
    def mutate(mutant: Mutant, rng: Random) -> bool:
        picked = pick(mutant, rng, *types, blank=True)
        if not picked:
            return False
        key, said = picked
        text = str(rng.choice(texts)).format(n=int(said.means or 7) if types[0] == "count" else 0)
        return put_instead(mutant, key, Said(text, None, clear=False))

    return mutate


def _number_that_is_none(mutant: Mutant, rng: Random) -> bool:
    picked = pick(mutant, rng, "count")
    if not picked:
        return False
    number = int(picked[1].means or 0) + 1
    # four decimals: of three a text is a count, 2.491 for 2491
    value = rng.choice((number + 0.5, -number, number / 100 + 0.0001, 3_000_000_000 + number))
    return put_instead(mutant, picked[0], Said(value, None, clear=False))


def _day_and_month(mutant: Mutant, rng: Random) -> bool:
    picked = pick(mutant, rng, "date")
    if not picked:
        return False
    day = dt.date.fromisoformat(str(picked[1].means))
    swapped = f"{day:%m/%d/%Y}"
    means = dt.date(day.year, day.day, day.month).isoformat() if day.day <= 12 else None
    return day.day != day.month and put_instead(
        mutant,
        picked[0],
        Said(swapped, means, means is not None),
        must_flag=picked[0][0] != "info" or means is None,
    )


def _other_date(mutant: Mutant, rng: Random) -> bool:
    """Another day, as a text, a serial number or a date; in the window of days of another year it
    must be said."""
    picked = pick(mutant, rng, "date")
    if not picked:
        return False
    day = dt.date(rng.choice((2012, 2021, 2023)), 4, rng.randint(5, 15))
    ways: list[Written] = [f"{day:%d/%m/%Y}", f"{day:%d.%m.%y}", f"{day:%Y-%m-%d}"]
    ways += [] if mutant.kind in TEXT_KINDS else [day, (day - dt.date(1899, 12, 30)).days]
    return put_instead(
        mutant, picked[0], Said(rng.choice(ways), day.isoformat()), must_flag=picked[0][0] != "info"
    )


def _mark_turned(mutant: Mutant, rng: Random) -> bool:
    picked = pick(mutant, rng, "mark")
    if not picked:
        return False
    was = picked[1].means == "true"
    return put_instead(
        mutant,
        picked[0],
        Said(rng.choice((None, "không")) if was else "x", "false" if was else "true"),
    )


def _rows(mutant: Mutant) -> dict[tuple[str, str], dict[Key, Place]]:
    rows: dict[tuple[str, str], dict[Key, Place]] = defaultdict(dict)
    for key, place in mutant.book.places.items():
        if key[1]:
            rows[key[:2]][key] = place
    return rows


def _free_row(mutant: Mutant, place: Place) -> int:
    """Makes room below the row of a place; all that stood below moves down by one."""
    sheet, row = mutant.book.sheets[place.sheet], place.row
    if any(top <= row < bottom for top, _, bottom, _ in sheet.merged):
        raise AssertionError("a row of data within a merged range")
    _move_rows(mutant, place.sheet, row + 1, 1)
    return row + 1


def _move_rows(mutant: Mutant, sheet: int, first: int, by: int) -> None:
    def moved(place: Place) -> Place:
        return (
            Place(sheet, place.row + by, place.column)
            if place.sheet == sheet and place.row >= first
            else place
        )

    page, book = mutant.book.sheets[sheet], mutant.book
    page.cells = {(r + by if r >= first else r, c): v for (r, c), v in page.cells.items()}
    page.merged = [
        (t + by, left, b + by, right) if t >= first else (t, left, b, right)
        for t, left, b, right in page.merged
    ]
    page.hidden_rows = {r + by if r >= first else r for r in page.hidden_rows}
    book.places = {k: moved(p) for k, p in book.places.items()}
    for places in (book.heads, book.totals):
        for key in places:
            places[key] = [moved(p) for p in places[key]]


def _row_twice(conflicting: bool) -> Mutation:
    def mutate(mutant: Mutant, rng: Random) -> bool:
        (section, _), places = rng.choice(list(_rows(mutant).items()))
        some = next(iter(places.values()))
        below = _free_row(mutant, some)
        page = mutant.book.sheets[some.sheet]
        page.cells.update(
            {(below, c): v for (r, c), v in list(page.cells.items()) if r == some.row}
        )
        mutant.must_flag = [Place(some.sheet, below, p.column) for p in places.values()]
        if conflicting:
            counts = [k for k in places if FORM.by_key[section].by_key[k[2]].type == "count"]
            key = rng.choice(counts)
            other = int(mutant.truth[key].means or 0) + 1
            page.cells[below, places[key].column] = (
                str(other) if mutant.kind in TEXT_KINDS else other
            )
            mutant.must_flag += list(places.values())
            mutant.may_lose = {key: mutant.must_flag}
        return True

    return mutate


def _row_deleted(mutant: Mutant, rng: Random) -> bool:
    (section, name), places = rng.choice(list(_rows(mutant).items()))
    some = next(iter(places.values()))
    page = mutant.book.sheets[some.sheet]
    page.cells = {(r, c): v for (r, c), v in page.cells.items() if r != some.row}
    _move_rows(mutant, some.sheet, some.row + 1, -1)
    for key in [key for key in mutant.truth if key[:2] == (section, name)]:
        del mutant.truth[key]
        mutant.book.places.pop(key, None)
    return True


def _header(change: Callable[[str, Random], str]) -> Mutation:
    def mutate(mutant: Mutant, rng: Random) -> bool:
        (section, key), heads = rng.choice(list(mutant.book.heads.items()))
        head = rng.choice(heads)
        label = mutant.book.at(head)
        changed = change(str(label), rng)
        if changed == label:
            return False
        mutant.book.put(head, changed)
        lost = [
            k
            for k, p in mutant.book.places.items()
            if k[0] == section
            and p.sheet == head.sheet
            and k[1]
            and (k[2] == key or _is_key(section, key))
        ]
        names = [p for k, p in mutant.book.places.items() if k in lost]
        mutant.may_lose = {
            k: [head, Place(head.sheet, head.row - 1, head.column), *names] for k in lost
        }
        if _is_key(section, key):  # rows without a name are rows of no name, and each is said
            mutant.must_flag = [
                head,
                *(Place(p.sheet, p.row, c) for p in names for c in range(head.column + 20)),
            ]
            for k in lost:
                mutant.truth.pop(k)
        return not _is_key(section, key)

    return mutate


def _is_key(section: str, key: str) -> bool:
    return key in FORM.by_key[section].row_key


def _misspelt(label: str, rng: Random) -> str:
    at = rng.randrange(max(len(label) - 1, 1))
    transposed = label[:at] + label[at + 1 : at + 2] + label[at : at + 1] + label[at + 2 :]
    return rng.choice((transposed, label[:at] + label[at + 1 :]))


def _shifted(down: int, across: int) -> Mutation:
    """A value one row or column off: it now says what it says where it stands, and nothing where it
    stood."""

    def mutate(mutant: Mutant, rng: Random) -> bool:
        picked = pick(mutant, rng, "count", "date", "mark")
        if not picked or not picked[0][1] or picked[1].written is None:
            return False
        key, said = picked
        place = mutant.book.places[key]
        target = Place(place.sheet, place.row + down, place.column + across)
        there = next((k for k, p in mutant.book.places.items() if p == target), None)
        heads = [p for ps in mutant.book.heads.values() for p in ps]
        merged = mutant.book.sheets[target.sheet].merged
        if any(
            t <= target.row <= b and left <= target.column <= right for t, left, b, right in merged
        ):
            return False  # nobody would see it there
        if there is None and (across or target in heads):
            return False
        if there and (_is_key(there[0], there[2]) or len(columns_of(mutant, there)) > 1):
            return False
        field_here, asked = (
            FORM.by_key[key[0]].by_key[key[2]],
            FORM.by_key[key[0]].by_key[there[2]] if there else None,
        )
        mutant.book.put(target, said.written)
        mutant.book.put(place, None)
        mutant.truth[key] = Said(None, "false" if field_here.type == "mark" else None)
        if there and asked:
            mutant.truth[there] = (
                said if asked.type == field_here.type else _elsewhere(said, asked.type)
            )
            mutant.must_flag = [] if mutant.truth[there].clear else [target]
        elif said.means not in ("false", "0"):
            row = range(max(p.column for p in mutant.book.places.values()) + 1)
            mutant.must_flag = [Place(target.sheet, target.row, c) for c in row]
            if any(target in ps for ps in mutant.book.totals.values()) or field_here.type == "date":
                mutant.must_flag += [place, *(p for ps in mutant.book.totals.values() for p in ps)]
                mutant.must_flag += [p for k, p in mutant.book.places.items() if k[:2] == key[:2]]
        return True

    return mutate


def _elsewhere(said: Said, type_there: str) -> Said:
    """What a value means in a column of another type, where that is plain: a 1 is a yes, a 0 a no;
    else nothing."""
    text = str(said.written)
    if type_there == "mark" and text in ("0", "1"):
        return Said(said.written, "true" if text == "1" else "false")
    if type_there == "mark" and text == "Không":
        return Said(said.written, "false")
    if type_there == "count" and text in ("0", "Không", "không"):
        return Said(said.written, "0")
    if type_there == "count" and isinstance(said.written, int):
        return Said(said.written, text)
    if type_there == "date" and text == "-":
        return Said(said.written, None)
    return Said(said.written, None, clear=False)


def _total_changed(mutant: Mutant, rng: Random) -> bool:
    if not mutant.book.totals:
        return False
    place = rng.choice(rng.choice(list(mutant.book.totals.values())))
    value = int(mutant.book.at(place) or 0) + rng.randint(1, 50)
    mutant.book.put(place, str(value) if mutant.kind in TEXT_KINDS else value)
    mutant.must_flag = [place]
    return True


def _number_at_a_free_place(mutant: Mutant, rng: Random) -> bool:
    """A number where nothing stands and nobody looks: beside, below or within a table, between the
    title lines."""
    number = rng.randrange(len(mutant.book.sheets))
    page = mutant.book.sheets[number]
    taken = {(p.row, p.column) for p in mutant.book.places.values() if p.sheet == number} | set(
        page.cells
    )
    below, right = max(r for r, _ in page.cells) + 3, max(c for _, c in page.cells) + 3
    free = [
        (r, c)
        for r in range(below)
        for c in range(right)
        if (r, c) not in taken
        and not _is_merged(page, r, c)
        and r not in page.hidden_rows
        and not _is_under(page, r, c, VOCABULARY.ignored_labels)
    ]
    if not free:
        return False
    place = Place(number, *rng.choice(free))
    value = rng.randint(11, 999)
    mutant.book.put(place, str(value) if mutant.kind in TEXT_KINDS else value)
    # at it, or at its row
    mutant.must_flag = [Place(number, place.row, column) for column in range(right)]
    return True


def _is_merged(page: Sheet, row: int, column: int) -> bool:
    return any(
        top <= row <= bottom and left <= column <= right for top, left, bottom, right in page.merged
    )


def _is_under(page: Sheet, row: int, column: int, heads: frozenset[str]) -> bool:
    """Whether the form declares that what stands in the column is ignored: ordinals, remarks,
    places."""
    return any(fold(str(page.cells.get((above, column), ""))) in heads for above in range(row))


MUTATIONS: dict[str, Mutation] = {
    "a number at a free place": _number_at_a_free_place,
    "a digit swapped": _digits(_swap_digit),
    "a digit added": _digits(lambda digits, rng: digits + str(rng.randrange(10))),
    "two digits transposed": _digits(_transpose),
    "a count that is none": _unclear(NO_COUNTS, "count"),
    "a number that is no count": _number_that_is_none,
    "a date that is none": _unclear(NO_DATES, "date"),
    "a mark that is none": _unclear(NO_MARKS, "mark"),
    "a choice that is none": _unclear(("Khác", "Riêng và lồng ghép", "1", "Không"), "choice"),
    "day and month swapped": _day_and_month,
    "a day of another year": _other_date,
    "a mark turned": _mark_turned,
    "a row twice": _row_twice(conflicting=False),
    "a row twice, differing": _row_twice(conflicting=True),
    "a row deleted": _row_deleted,
    "a header misspelt": _header(_misspelt),
    "a header deleted": _header(lambda label, rng: ""),
    "a value one column right": _shifted(0, 1),
    "a value one column left": _shifted(0, -1),
    "a value one row down": _shifted(1, 0),
    "a value one row up": _shifted(-1, 0),
    "a total changed": _total_changed,
}
