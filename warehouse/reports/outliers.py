"""The unlikely values and tables that the page lists: those of UNLIKELY_RULES."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from sources.form import Form
from warehouse.reports import wording
from warehouse.reports.queries import query

UNLIKELY_RULES = ("implausible", "copied_table")
MAX_OUTLIERS = 20
MAX_TEXT_LENGTH = 400  # characters of one value or message


class Outlier(NamedTuple):
    """A value far from the usual one or not what the register says, or the first row of a table that
    is another unit's: the unit, its file and place, the value, and the finding's message, which says
    what is usual."""

    unit: str
    unit_code: str
    file_name: str
    place: str
    row: str
    field: str
    value: str
    message: str


def read_outliers(con: duckdb.DuckDBPyConnection, form: Form) -> tuple[tuple[Outlier, ...], int]:
    """The first MAX_OUTLIERS that are counted, unit by unit in the words of the form, and how many
    there are."""
    parameters = {
        "rules": list(UNLIKELY_RULES),
        "most": MAX_OUTLIERS,
        "longest": MAX_TEXT_LENGTH,
    }
    rows = con.execute(query("outliers"), parameters).fetchall()
    listed = tuple(
        Outlier(
            unit,
            unit_code,
            file_name,
            place,
            wording.row_label(form, section, row),
            wording.field_label(form, section, field),
            value or "",
            message,
        )
        for _, unit, unit_code, file_name, place, section, row, field, value, message in rows
    )
    return listed, rows[0][0] if rows else 0
