"""What a unit's later files changed, for the page: which value, from what to what, and where each
stands."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from sources.campaigns import Campaign
from warehouse.reports import wording
from warehouse.reports.queries import query

MAX_CHANGES = 2_000  # on the whole page
MAX_CHANGES_PER_UNIT = 40
MAX_VALUE_LENGTH = 200  # characters of one value
NO_VALUE = "(không có)"


class FilePlace(NamedTuple):
    """A sheet and ref of a file; both None where the value follows from who sent it."""

    submission_id: str
    sheet: str | None
    cell: str | None


class Change(NamedTuple):
    """A value that a later accepted file changed; values as people read them, places as file ·
    sheet!ref."""

    row: str
    field: str
    old: str
    old_place: str
    new: str
    new_place: str
    old_at: FilePlace
    new_at: FilePlace


class Changes(NamedTuple):
    """A unit's changes: those that are shown, and the number of the others."""

    listed: tuple[Change, ...]
    left_out: int


NO_CHANGES = Changes((), 0)


def changes(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> dict[str, Changes]:
    """By unit what its later files changed, the latest file first; units without any are left
    out."""
    (units,) = con.execute(
        "SELECT count(DISTINCT unit_code) FROM submission_change"
    ).fetchone() or (0,)
    per_unit = min(MAX_CHANGES_PER_UNIT, max(1, MAX_CHANGES // max(units, 1)))
    found: dict[str, list[Change]] = {}
    numbers: dict[str, int] = {}
    for unit, section, row, field, old, new, *places, old_id, new_id, number, _ in con.execute(
        query("changes_shown"), {"most": per_unit, "longest": MAX_VALUE_LENGTH}
    ).fetchall():
        numbers[unit] = number
        found.setdefault(unit, []).append(
            Change(
                wording.row_label(campaign.form, section, row),
                wording.field_label(campaign.form, section, field),
                _value(campaign, section, field, old),
                _place(*places[:3]),
                _value(campaign, section, field, new),
                _place(*places[3:]),
                FilePlace(old_id, *places[1:3]),
                FilePlace(new_id, *places[4:]),
            )
        )
    return {
        unit: Changes(tuple(listed), numbers[unit] - len(listed)) for unit, listed in found.items()
    }


def _value(campaign: Campaign, section: str, field: str, value: str | None) -> str:
    if value is None:
        return NO_VALUE
    known = campaign.registry.by_code.get(value)
    return (
        known.name
        if known and campaign.form.field(section, field).type == "commune"
        else wording.value_label(campaign.form, section, field, value)
    )


def _place(file: str, sheet: str | None, cell: str | None) -> str:
    return " · ".join(filter(None, (file, "!".join(filter(None, (sheet, cell))))))
