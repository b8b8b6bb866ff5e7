"""Whether what looks like a table's header is one."""

from __future__ import annotations

from sources.extraction.cell_types import is_second_header
from sources.extraction.columns import (
    Column,
    field_of_group,
)
from sources.extraction.combined_labels import combined_fields
from sources.extraction.header import Header
from sources.extraction.header_paths import group_to_the_left
from sources.extraction.label_forms import label_forms
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import Section
from sources.grids import Value
from sources.text import fold

_MIN_FIELDS_WITHOUT_NAMES = 3


def is_acceptable(header: Header, view: GridView, vocabulary: Vocabulary) -> bool:
    """Whether a header names enough fields, and most of its labels are of its own section."""
    if not header.has_row_key:
        return len(header.keys) >= _MIN_FIELDS_WITHOUT_NAMES and _has_rows_below(
            header, view, vocabulary
        )
    if (
        header.top
        and len(view.filled_columns(header.top - 1)) > 1
        and _most_are_below_another(header, view, vocabulary)
    ):
        return False  # a district's table with a line per commune: `Chi bộ` over `Đã sinh hoạt`
    if len(header.keys) != 2:
        return len(header.keys) > 2
    labels = vocabulary.sections[header.section.key]
    unknown = [
        c
        for c in header.columns
        if c.role == "unknown" and not combined_fields(tuple(c.texts), labels)
    ]
    return not any(
        not c.field
        and not field_of_group(c, labels, set())
        and not labels.sole_under(c.texts[-1])
        and not labels.nearest(c.texts[-1], header.keys)
        for c in unknown
    )


def _has_rows_below(header: Header, view: GridView, vocabulary: Vocabulary) -> bool:
    """Whether several rows stand below a header that names no rows, not one row of a unit's totals.

    Its rows are read without names, which the rules refuse: better than to drop them, or to take
    the first for a total.
    """
    named = [c.index for c in header.columns if c.field and c.role == "field"]
    if any(_is_below_another(view, header, column, vocabulary) for column in named):
        return False
    pairs = sum(vocabulary.find_pair(c.label) is not None for c in header.columns)
    filled = [
        sum(view.own(row, c) not in (None, "") for c in named)
        for row in (header.bottom + 1, header.bottom + 2)
    ]
    return min(filled) >= 2 and pairs <= len(header.keys)


def _most_are_below_another(header: Header, view: GridView, vocabulary: Vocabulary) -> bool:
    """Whether most columns of values in lines of communes stand below headers of another
    section."""
    if not any(header.section.by_key[key].type == "commune" for key in header.section.row_key):
        return False
    values = [
        c.index
        for c in header.columns
        if c.role == "field" and c.field and c.field not in header.section.row_key
    ]
    return sum(_is_below_another(view, header, column, vocabulary) for column in values) * 2 > len(
        values
    )


def _is_below_another(view: GridView, header: Header, column: int, vocabulary: Vocabulary) -> bool:
    """Whether the header above a column's label is another section's: `Chi bộ` over `Đã sinh
    hoạt`."""
    groups = (
        (view.text(header.top - 1, column),)
        if view.span(header.top - 1, column)
        else group_to_the_left(view, header.top - 1, column + 1, 0)
    )
    return any(
        not vocabulary.other_groups[header.section.key].isdisjoint(label_forms(group))
        for group in groups
    )


def continues_below(view: GridView, header: Header, vocabulary: Vocabulary) -> bool:
    """Whether the row below names parts of the header's columns, and of these only: `Năm 2021`."""
    bottom, below = (
        header.bottom,
        [c for c in header.columns if view.own(header.bottom + 1, c.index) not in (None, "")],
    )
    if len(below) < 2 or len(below) == len(header.columns):
        return False
    named = [
        c
        for c in header.columns
        if c.role != "unlabelled" and view.home(bottom, c.index)[1] == c.index
    ]
    heads = [
        max((c for c in named if c.index <= part.index), key=lambda c: c.index, default=part)
        for part in below
    ]
    return all(
        [h.index for h in heads].count(head.index) > 1
        and _cannot_be_value(head, view.own(bottom + 1, part.index), header.section, vocabulary)
        for head, part in zip(heads, below, strict=True)
    )


def _cannot_be_value(head: Column, value: Value, section: Section, vocabulary: Vocabulary) -> bool:
    """Whether a text below a header can be no value of its column."""
    if head.role in ("personal", "unknown"):
        return isinstance(value, str) and len(fold(value)) > 1 and not fold(value).isdigit()
    if (
        isinstance(value, str)
        and head.role in ("field", "choice")
        and vocabulary.qualifies_labels(value)
    ):
        return True  # `Dự kiến | Thực tế`, of which a word may be a value of some other column
    if head.role != "field":
        return False
    field = section.by_key[head.field or ""]
    # `Hình thức` over `Riêng` and `Lồng ghép`: a row holds one of them
    return is_second_header(value, field, vocabulary) or (
        field.type == "choice"
        and isinstance(value, str)
        and vocabulary.choices.code(field, value) is not None
    )
