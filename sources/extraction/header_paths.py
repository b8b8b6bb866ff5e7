"""The texts of a column's header, from the spanning one down; also where a csv has lost the merged
ranges."""

from __future__ import annotations

from sources.extraction.columns import (
    meaning,
)
from sources.extraction.label_forms import label_forms
from sources.extraction.section_labels import SectionLabels
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary

MAX_HEADER_ROWS = 3


def header_path(view: GridView, row: int, levels: int, column: int, left: int) -> tuple[str, ...]:
    """The texts of a column's header from the spanning one down; a span counts once."""
    homes = list(dict.fromkeys(view.home(level, column) for level in range(row, row + levels)))
    texts = [view.own_text(*home) for home in homes]
    named = tuple(t for t in texts if label_forms(t))
    if levels > 1 and not texts[0] and named and view.span(row, column) is None:
        field_of_group = [
            level
            for level in range(row, row + levels)
            if not any(view.own_text(upper, column) for upper in range(row, level + 1))
        ]
        return (
            *(
                text
                for level in field_of_group
                for text in group_to_the_left(view, level, column, left)
            ),
            *named,
        )
    return named


def label_above(
    view: GridView, row: int, column: int, labels: SectionLabels, vocabulary: Vocabulary
) -> tuple[str, ...]:
    """The label of a column that has none on a header's rows, from a line right above it (csv)."""
    for upper in range(row - 1, max(row - MAX_HEADER_ROWS, -1), -1):
        values = [v for v in view.rows[upper] if v is not None]
        if not all(isinstance(v, str) and not v.strip().isdigit() for v in values):
            return ()
        if text := view.own_text(upper, column):
            return (
                (text,)
                if meaning((text,), labels, vocabulary).role in ("field", "ignored", "personal")
                else ()
            )
    return ()


def group_to_the_left(view: GridView, row: int, column: int, left: int) -> tuple[str, ...]:
    """Where merged ranges are lost (csv), the spanning header is the nearest one on the left."""
    return next(
        (
            (view.own_text(row, c),)
            for c in range(column - 1, left - 1, -1)
            if view.own_text(row, c)
        ),
        (),
    )
