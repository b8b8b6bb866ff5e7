"""Columns headed by an office, such as `Trưởng thôn (ĐV/QC)`, that hold marks and no names."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice, takewhile

from sources.extraction.cell_types import UNTYPED, type_value
from sources.extraction.columns import Column
from sources.extraction.label_forms import label_forms
from sources.extraction.section_labels import SectionLabels
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField

_MAX_VALUES_SAMPLED = 20  # per column


def with_mark_columns(
    columns: list[Column],
    labels: SectionLabels,
    view: GridView,
    bottom: int,
    vocabulary: Vocabulary,
) -> list[Column]:
    """The columns of a header, those made a mark's that no label names and whose every value is one
    of its marks.

    `Trưởng thôn` heads names or marks: what stands below the row `bottom` decides. They are read
    with the finding of a guess.
    """
    used_fields = {c.field for c in columns if c.field}
    result = []
    for column in columns:
        field = _mark_field(column, labels) if column.role in ("personal", "unknown") else None
        if (
            field
            and field.key not in used_fields
            and _holds_marks(column, field, view, bottom, vocabulary)
        ):
            used_fields.add(field.key)
            column = replace(column, role="field", field=field.key, assumed=True)
        result.append(column)
    return result


def _mark_field(column: Column, labels: SectionLabels) -> FormField | None:
    """The one mark that the last text of a header names below any other header."""
    if not column.label or len(column.texts) > 1:
        return None
    keys = {
        key for form in label_forms(column.texts[0]) for key in labels.marks_under.get(form, ())
    }
    return labels.section.by_key[keys.pop()] if len(keys) == 1 else None


def _holds_marks(
    column: Column, field: FormField, view: GridView, bottom: int, vocabulary: Vocabulary
) -> bool:
    below = (view.own(row, column.index) for row in range(bottom + 1, view.height))
    ended = takewhile(lambda value: value != column.texts[-1], below)  # the header again
    values = list(
        islice((value for value in ended if value not in (None, "")), _MAX_VALUES_SAMPLED)
    )
    year = vocabulary.campaign.campaign.year
    return bool(values) and all(
        type_value(value, field, vocabulary, year) is not UNTYPED for value in values
    )
