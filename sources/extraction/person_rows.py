"""Rows about persons: what stands beside a name is personal, whatever its column is called."""

from __future__ import annotations

from sources.extraction.cell_types import raw_text
from sources.extraction.people import hide_names
from sources.extraction.personal_numbers import is_private_label
from sources.extraction.view import GridView

_MAX_LABEL_LETTERS = 60
_MAX_ROWS_BELOW_HEADER = 300


def is_about_a_person(view: GridView, row: int, titles: tuple[str, ...]) -> bool:
    """Whether a row names a person, or stands under a header of names or numbers of persons, or
    behind such a label."""
    return (
        _names_a_person(view, row, titles)
        or _has_private_label(view, row)
        or _is_in_a_list(view, row)
    )


def _names_a_person(view: GridView, row: int, titles: tuple[str, ...]) -> bool:
    texts = (raw_text(value) for value in view.rows[row] if isinstance(value, str))
    return any(hide_names(text, titles, True) != text for text in texts)


def _has_private_label(view: GridView, row: int) -> bool:
    return any(
        isinstance(value, str) and len(value) <= _MAX_LABEL_LETTERS and is_private_label(value)
        for value in view.rows[row]
    )


def _is_in_a_list(view: GridView, row: int) -> bool:
    """Whether the rows above, up to a blank one, begin with a header of names or numbers of
    persons."""
    for above in range(row - 1, max(row - _MAX_ROWS_BELOW_HEADER, 0) - 1, -1):
        if not view.is_filled(above):
            return False
        if _has_private_label(view, above):
            return True
    return False
