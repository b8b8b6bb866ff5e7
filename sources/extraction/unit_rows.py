"""A table with a row per commune, as the district sends it out: which row is the reporting unit's."""

from __future__ import annotations

from typing import NamedTuple

from sources.extraction.collected import Collected
from sources.extraction.dictionary import Dictionary
from sources.extraction.view import GridView

_FEWEST_UNITS = 2   # communes in one column: the table has a row for each


class UnitRows(NamedTuple):
    """The rows of a table by the communes that they name, and the column that names them."""

    column: int
    by_code: dict[str, int]


def unit_rows(view: GridView, header: int, words: Dictionary) -> UnitRows | None:
    """The communes' rows below a header; None where the table has none for several of them."""
    for column in view.filled_columns(header):
        by_code: dict[str, int] = {}
        for row in range(header + 1, view.height):
            unit = words.names.commune(text) if (text := view.own_text(row, column)) else None
            if unit:
                by_code.setdefault(unit.code, row)
            elif text and not words.is_total(text) and not by_code:
                break   # no column of communes
        if len(by_code) >= _FEWEST_UNITS:
            return UnitRows(column, by_code)
    return None


def own_row(view: GridView, rows: UnitRows, columns: list[int], collected: Collected) -> int | None:
    """The row of the unit that the report names elsewhere, else the only one that is filled in; None where none is."""
    told = next((fact.value for fact in collected.units if fact.value), None) or collected.named_unit
    if told in rows.by_code:
        return rows.by_code[told]
    filled = [row for row in rows.by_code.values()
              if any(view.own_text(row, c) for c in columns if c != rows.column)]
    return filled[0] if len(filled) == 1 and told is None else None
