"""The numbers of single units that changed since the issued report, beside the totals that did: rows
of the addendum's table.

A value is left out where the table already names the unit for it: behind a figure that is made from
it, behind the unit's own number that its rows give, or as a unit that came in since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from warehouse import numbers_vi
from warehouse.differences import Differences
from warehouse.printed_numbers import printed_numbers
from warehouse.queries import query
from warehouse.reports import wording
from warehouse.reports.party_words import in_sentence, quoted
from warehouse.unit_values import ValuePlace, unit_values

NOTHING = "–"
ROWS = "các dòng của đơn vị"
MAX_TEXT_LENGTH = 40  # characters of a text that are shown
MAX_UNITS_SHOWN = 40  # of one label
MAX_ROWS_SHOWN = 10  # of one unit

Values = Mapping[ValuePlace, object]
Place = tuple[str, str | None, str]  # table, unit and column


class Change(NamedTuple):
    """A value of a unit in the issued report and now; None: not known, or no such row."""

    place: ValuePlace
    old: object
    new: object


class Labels(NamedTuple):
    """What people call tables, columns and figures, and the codes in them."""

    names: Mapping[tuple[str, str], str]
    codes: Mapping[tuple[str, str], str]


def unit_changes(
    con: duckdb.DuckDBPyConnection,
    before: duckdb.DuckDBPyConnection,
    found: Differences,
    campaign: Campaign,
) -> list[dict[str, str]]:
    """The rows of the addendum's table on single units, by what their values are called; `before` is
    the warehouse of the issued report, `found` what else the addendum says."""
    old, new = unit_values(before), unit_values(con)
    came = {u.unit_code for u in found.units if u.old[0] != u.new[0]}
    named = _columns_named(con, found)
    labels = _labels(con)
    # a report that an older version issued lacks what that version did not have
    known = labels.names.keys() & _labels(before).names.keys()
    groups: dict[tuple[str, str], dict[str, list[Change]]] = {}
    for change in _changes(old, new):
        place = change.place
        column = (place.table, place.unit_code, place.field)
        if place.unit_code in came or column in named or (place.table, place.field) not in known:
            continue
        group = groups.setdefault((place.table, place.field), {})
        group.setdefault(place.unit_code, []).append(change)
        if place.table == "unit_summary":
            named |= {
                (table, place.unit_code, field)
                for table, field in _made_from(con, [place.field])
                if table != "unit_summary"
            }
    printed = printed_numbers(con)
    return [
        {
            "nhan": _label(table, field, labels),
            "cu": printed.get(field, "") if table in ("unit_summary", "unit_figure") else "",
            "moi": printed.get(field, "") if table in ("unit_summary", "unit_figure") else "",
            "don_vi": changed_units(units, labels, campaign),
        }
        for (table, field), units in groups.items()
    ]


def _changes(old: Values, new: Values) -> Iterator[Change]:
    """The values that differ, those of units' own numbers first; of a row that is gone or new only
    the row itself."""
    rows = old.keys() ^ new.keys()
    for place in {**new, **old}:
        is_of_lost_row = place.field and place._replace(field="") in rows
        if not is_of_lost_row and old.get(place) != new.get(place):
            yield Change(place, old.get(place), new.get(place))


def _columns_named(con: duckdb.DuckDBPyConnection, found: Differences) -> set[Place]:
    """By table, unit and column what the changed figures name a unit for; of a row itself too."""
    named: set[Place] = set()
    for change in found.figures:
        ((table, fields),) = con.execute(
            "SELECT table_name, fields FROM figure_source WHERE kind = 'figure' AND figure = $1",
            [change.figure],
        ).fetchall() or [("", [])]
        read = {(table, field) for field in fields} | {("unit_figure", change.figure)}
        if table == "unit_summary":
            read |= set(_made_from(con, fields))
        read |= {(name, "") for name, _ in read}
        named |= {(name, share.unit_code, field) for share in change.shares for name, field in read}
    return named


def _made_from(con: duckdb.DuckDBPyConnection, keys: list[str]) -> Iterator[tuple[str, str]]:
    """The tables and columns that give these keys of unit_summary."""
    for table, fields in con.execute(query("columns_of_keys"), {"keys": keys}).fetchall():
        yield from ((table, field) for field in (*fields, ""))


def _labels(con: duckdb.DuckDBPyConnection) -> Labels:
    names: dict[tuple[str, str], str] = {}
    for table, field, label in con.execute(query("labels_of_columns")).fetchall():
        names[table, field] = label
    codes = con.execute("SELECT column_name, code, label FROM code_label").fetchall()
    return Labels(names, {(column, code): label for column, code, label in codes})


def _label(table: str, field: str, labels: Labels) -> str:
    label, section = labels.names.get((table, field), field), labels.names.get((table, ""))
    if not field:
        return f"{section} ({ROWS})"
    return f"{label} ({section})" if section else label


def changed_units(units: Mapping[str, list[Change]], labels: Labels, campaign: Campaign) -> str:
    """The units with their values before and now; of many the first, and how many others."""
    shown = [
        f"{_name(unit, campaign)}{_values(changes, labels, campaign)}"
        for unit, changes in list(units.items())[:MAX_UNITS_SHOWN]
    ]
    if len(units) > MAX_UNITS_SHOWN:
        shown.append(f"và {len(units) - MAX_UNITS_SHOWN} đơn vị khác")
    return "; ".join(shown)


def _values(changes: list[Change], labels: Labels, campaign: Campaign) -> str:
    """A unit's value before and now, or those of its rows with their names."""
    if not changes[0].place.row:
        (change,) = changes
        return f": {_moved(change, labels)}"
    shown = [
        f"{_row(change.place, labels, campaign)}: {_moved(change, labels)}"
        for change in changes[:MAX_ROWS_SHOWN]
    ]
    if len(changes) > MAX_ROWS_SHOWN:
        shown.append(f"và {len(changes) - MAX_ROWS_SHOWN} dòng khác")
    return f" ({', '.join(shown)})"


def _moved(change: Change, labels: Labels) -> str:
    field = change.place.field
    if not field:
        return "bớt" if change.new is None else "thêm"
    old, new = (_printed(value, field, labels) for value in (change.old, change.new))
    return f"{old} → {new}" if old != new else "đã sửa lời văn"


def _row(place: ValuePlace, labels: Labels, campaign: Campaign) -> str:
    """A row's name: what its key says, units and codes by their names."""
    keys = place.row[:-1]  # after them its number among rows of the same key
    return " – ".join(_key(str(key), labels, campaign) for key in keys if key is not None)


def _key(key: str, labels: Labels, campaign: Campaign) -> str:
    if unit := campaign.registry.by_code.get(key):
        return in_sentence(unit.name, unit.type)
    return labels.codes.get(("organisation", key)) or quoted(key, MAX_TEXT_LENGTH)


def _printed(value: object, field: str, labels: Labels) -> str:
    match value:
        case None:
            return NOTHING
        case bool():
            return "có" if value else "không"
        case int():
            return numbers_vi.count(value)
        case dt.date():
            return wording.day(value)
    text = str(value)
    return labels.codes.get((field, text)) or quoted(text, MAX_TEXT_LENGTH)


def _name(code: str, campaign: Campaign) -> str:
    unit = campaign.registry.by_code.get(code)
    return in_sentence(unit.name, unit.type) if unit else code
