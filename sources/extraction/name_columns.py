"""Which column names the rows of a table where no header does: found by the values below."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import islice, takewhile

from sources.extraction.cell_types import UNTYPED, raw_text, type_count, type_date, type_mark
from sources.extraction.columns import Column
from sources.extraction.label_forms import label_forms
from sources.extraction.people import hide_names
from sources.extraction.section_labels import SectionLabels
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.grids import Value
from sources.text import fold

_MAX_VALUES_SAMPLED = 20  # per column
_MIN_FIELDS_BESIDE_OTHER_LABEL = 3  # beside a column whose label is not one for names
_MIN_FIELDS_BESIDE_NAME_LABEL = 2


def with_name_column(
    columns: list[Column],
    labels: SectionLabels,
    view: GridView,
    bottom: int,
    vocabulary: Vocabulary,
) -> list[Column]:
    """The columns of a header, those that name the rows made so where no label does and what is
    below shows it.

    `Đơn vị` heads names of party cells, communes or units of measure: what stands below the row
    `bottom` and the other columns decide. A column whose label is not known to head names is read
    with the finding of a guess.
    """
    fields = [c for c in columns if c.role == "field" and c.field]
    missing = [key for key in labels.section.row_key if all(c.field != key for c in fields)]
    if len(fields) < _MIN_FIELDS_BESIDE_NAME_LABEL or not missing:
        return columns
    if any(
        c.role == "unknown"
        and vocabulary.find_pair(c.label)
        and not _may_label_names(c, vocabulary)
        for c in columns
    ):
        return columns  # totals of a unit: `Đơn vị | Tổng số chi bộ | …`
    first, rows = (
        min(c.index for c in fields),
        max(view.filled_below(bottom, c.index) for c in fields),
    )
    named = list(columns)
    for at, column in enumerate(columns):
        known = _may_label_names(column, vocabulary)
        if column.index > first or not (
            column.role == "unknown" or (column.role == "ignored" and known)
        ):
            continue
        if len(fields) < (
            _MIN_FIELDS_BESIDE_NAME_LABEL
            if known and column.role == "unknown"
            else _MIN_FIELDS_BESIDE_OTHER_LABEL
        ):
            continue
        if view.filled_below(bottom, column.index) * 2 >= rows and (
            key := _named_field(column, missing, labels, view, bottom, vocabulary)
        ):
            named[at] = replace(column, role="field", field=key, assumed=not known)
            missing.remove(key)
    return named


def _may_label_names(column: Column, vocabulary: Vocabulary) -> bool:
    """Whether the label may head a column of names."""
    return bool(column.label) and not vocabulary.name_labels.isdisjoint(
        label_forms(column.texts[-1])
    )


def _named_field(
    column: Column,
    missing: list[str],
    labels: SectionLabels,
    view: GridView,
    bottom: int,
    vocabulary: Vocabulary,
) -> str | None:
    """The field of `missing` that the values below the header may be, None where they may be no
    names."""
    below = (view.own(row, column.index) for row in range(bottom + 1, view.height))
    ended = takewhile(lambda value: value != column.texts[-1], below)  # the header again
    values = list(
        islice((value for value in ended if value not in (None, "")), _MAX_VALUES_SAMPLED)
    )
    texts = [raw_text(v) for v in values if _may_be_name(v, vocabulary)]
    if (
        not texts
        or len(texts) * 5 < len(values) * 4
        or len(set(map(fold, texts))) * 5 < len(texts) * 4
    ):
        return None
    communes = sum(vocabulary.unit_names.commune(text) is not None for text in texts) * 2 >= len(
        texts
    )
    for key in missing:
        field = labels.section.by_key[key]
        if field.type == "text" and not communes:
            return key
        if field.type == "commune" and communes:
            return key
        if field.choice and sum(
            vocabulary.choices.code(field, text) is not None for text in texts
        ) * 2 >= len(texts):
            return key
    return None


@lru_cache(maxsize=4096)  # asked for the labels of each section in turn
def _may_be_name(value: Value, vocabulary: Vocabulary) -> bool:
    """Whether a value may be a row's name: a text that is no number, day, mark or unit of
    measure."""
    if (
        not isinstance(value, str)
        or fold(value) in vocabulary.counts.units
        or _is_person(value, vocabulary)
    ):
        return False
    typed = (
        type_count(value, vocabulary),
        type_date(value, vocabulary.campaign.campaign.year),
        type_mark(value, vocabulary),
    )
    return all(t is UNTYPED for t in typed)


def _is_person(text: str, vocabulary: Vocabulary) -> bool:
    """Whether the text is nothing but a person's name."""
    return not any(
        letter.isalpha()
        for letter in hide_names(text, vocabulary.campaign.form.words.name_titles, True)
    )
