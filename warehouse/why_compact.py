"""The sources of many figures at once, small enough to stand in a page: file names once, long lists cut and counted."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

import duckdb

from warehouse.why import Part, Why, why


def compact_sources(con: duckdb.DuckDBPyConnection, figures: Iterable[str], most_units: int = 40,
                    most_places: int = 8) -> dict[str, Any]:
    """Where these figures (or keys of unit_summary) come from, as plain lists that JSON can hold.

    files    the names of all files, once
    figures  by name: `said` what it counts, `printed`; `units`, each [name, values, places, how many places in all];
             `more` units that are left out; `lacking`, each [unit's name, missing | returned | accepted]
    values   [label, value] of what the unit gave; of a table's rows none, their places say it
    places   [row's name, label, file (its number in `files`), sheet, ref, raw text or None, note or None]

    Raises UnknownFigureError.
    """
    files: dict[str, int] = {}
    told = {name: _figure(why(con, name), files, most_units, most_places) for name in figures}
    return {"files": list(files), "figures": told}


def _figure(answer: Why, files: dict[str, int], most_units: int, most_places: int) -> dict[str, Any]:
    grouped = groupby(answer.parts, key=lambda part: (part.unit_code, part.unit_name))
    units = [(name, list(parts)) for (_, name), parts in grouped]
    return {"said": answer.description, "printed": answer.printed,
            "units": [_unit(name, parts, files, most_places) for name, parts in units[:most_units]],
            "more": max(0, len(units) - most_units),
            "lacking": [[unit.unit_name, unit.status] for unit in answer.lacking]}


def _unit(name: str | None, parts: list[Part], files: dict[str, int], most_places: int) -> list[Any]:
    places = [place for part in parts for place in part.places]
    shown = [[place.row_name, place.label, files.setdefault(place.file_name or "", len(files)), place.sheet, place.cell,
              place.raw_text, place.note] for place in places[:most_places]]
    values = [[part.label, part.value] for part in parts if part.row_name is None]
    return [name, values, shown, len(places)]
