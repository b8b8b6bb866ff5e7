"""Reports as offices may write them: the text at each place, and the value that the writer meant by
it.

This is the truth of these tests: nothing here asks the product how a text is read. A `Said` is made
from a value, in one of the ways in which offices write such values, so its meaning is known before
it is written.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random

from sources.blank_form import FormValues
from sources.campaigns import load_campaign
from sources.form import FormField, Section
from sources.registry import Unit
from sources.samples.reports import make_reports

CAMPAIGN = load_campaign()
FORM = CAMPAIGN.form
_EPOCH = dt.date(1899, 12, 30)
_YES = ["x", "X", "×", "✓", "có", "Có", "đ"]
_NO = ["0", "không", "chưa", "Không"]

Written = str | int | float | dt.date | None
Key = tuple[str, str, str]  # section, name of the row ("" of a pair), field


@dataclass(frozen=True)
class Said:
    """What is written at a place and what it means: canonical text, None for blank; not `clear`:
    nothing to count."""

    written: Written
    means: str | None
    clear: bool = True


@dataclass
class Made:
    """A report: pairs by (section, field); of each table section its rows, by field."""

    unit: Unit
    pairs: dict[tuple[str, str], Said]
    tables: dict[str, list[dict[str, Said]]] = field(default_factory=dict)

    def truth(self) -> dict[Key, Said]:
        """All that the report says, by section, row and field."""
        values = {(section, "", key): said for (section, key), said in self.pairs.items()}
        for section, rows in self.tables.items():
            values |= {
                (section, row_name(section, row), key): said
                for row in rows
                for key, said in row.items()
            }
        return values


def row_name(section: str, row: dict[str, Said]) -> str:
    """By what a row is known: the meanings of its key's fields."""
    return " / ".join(str(row[k].means) for k in FORM.by_key[section].row_key if k in row)


def made_report(unit: Unit, rng: Random, texts_only: bool = False, styles: bool = True) -> Made:
    """A plausible report of a unit, each value written in a style of its own (`styles`), or all as
    the form has them.

    `texts_only` for files that hold nothing but text, such as csv and Word.
    """
    values = _values(rng.randrange(6))[unit.code]
    made = Made(unit, {})
    for section, row in values.pairs.items():
        for key, value in row.items():
            made.pairs[section, key] = say(
                FORM.by_key[section], key, value, row, rng, texts_only, styles
            )
    for section, rows in values.rows.items():
        made.tables[section] = [
            {
                key: say(FORM.by_key[section], key, value, row, rng, texts_only, styles)
                for key, value in row.items()
            }
            for row in rows
        ]
    return made


@lru_cache(maxsize=6)
def _values(seed: int) -> dict[str, FormValues]:
    units = CAMPAIGN.registry.units
    return dict(zip((u.code for u in units), make_reports(units, CAMPAIGN, seed), strict=True))


def say(
    section: Section,
    key: str,
    value: object,
    row: dict,
    rng: Random,
    texts_only: bool = False,
    styles: bool = True,
) -> Said:
    """A value in one of the ways in which offices write it."""
    asked = section.by_key[key]
    if value is None:
        return Said(None, None)
    if asked.type == "count":
        return _count(asked, int(value), row, rng, texts_only, styles)
    if asked.type == "date":
        return _date(value, rng, texts_only, styles)
    if asked.type == "mark":
        if not styles:
            return Said("x" if value else None, "true" if value else "false")
        return Said(
            rng.choice(_YES) if value else rng.choice([None, None, *_NO]),
            "true" if value else "false",
        )
    if asked.type in ("unit", "commune"):
        return Said(CAMPAIGN.registry.by_code[value].name, str(value))
    if asked.choice:
        choice = next(c for c in asked.choice if c.code == value)
        return Said(
            rng.choice((choice.label, *choice.variants)) if styles else choice.label, str(value)
        )
    return Said(str(value), str(value))


def _count(
    asked: FormField, value: int, row: dict, rng: Random, texts_only: bool, styles: bool
) -> Said:
    ways: list[Written] = [str(value)] if texts_only else [value]
    if styles:
        dotted = f"{value:,}"
        ways += [
            str(value),
            dotted.replace(",", "."),
            dotted.replace(",", "\u00a0"),
            f"{value} {asked.unit_word}",
        ]
        whole = row.get(asked.limit) if asked.limit else None
        if whole and value <= whole:
            share = f"{100 * value / whole:.1f}".replace(".", ",")
            ways.append(f"{value}/{whole} {asked.unit_word} (đạt {share}%)")
        ways += ["-", "Không"] if value == 0 else []
    return Said(rng.choice(ways), str(value))


def _date(day: dt.date, rng: Random, texts_only: bool, styles: bool) -> Said:
    ways: list[Written] = [f"{day:%d/%m/%Y}"] if texts_only else [day]
    if styles:
        ways += [
            f"{day:%d/%m/%Y}",
            f"{day.day}.{day.month}.{day.year}",
            f"{day:%d-%m-%Y}",
            f"{day.day}/{day.month}/22",
            f"{day.day}/{day.month}",
            f"ngày {day:%d} tháng {day.month} năm {day.year}",
            f"14h00 ngày {day:%d/%m/%Y}",
            f"sáng {day.day}/{day.month}",
        ]
        ways += [] if texts_only else [(day - _EPOCH).days]
    return Said(rng.choice(ways), day.isoformat())


def combining(made: Made) -> Made:
    """The same report with all its texts in combining Unicode, which means the same."""

    def apart(said: Said) -> Said:
        return replace(
            said,
            written=unicodedata.normalize("NFD", said.written)
            if isinstance(said.written, str)
            else said.written,
        )

    return Made(
        made.unit,
        {k: apart(s) for k, s in made.pairs.items()},
        {
            t: [{k: apart(s) for k, s in row.items()} for row in rows]
            for t, rows in made.tables.items()
        },
    )
