"""What the columns of a table hold, by the texts of their headers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from sources.extraction.label_forms import label_forms
from sources.extraction.personal_numbers import is_private_label
from sources.extraction.section_labels import NearField, Qualifiers, SectionLabels
from sources.extraction.vocabulary import Vocabulary
from sources.text import fold

_NUMBER_IN_BRACKETS = re.compile(r"\(([^()]*\d[^()]*)\)\s*$")
HEADER_SEPARATOR = " › "  # the texts of a header, one below the other

Role = Literal["field", "choice", "ignored", "personal", "unknown", "unlabelled"]


@dataclass(slots=True)
class Column:
    """What a column of a table holds.

    field   the key that the header names; of an unknown header the nearest known one that no other column holds
    code    the choice that a mark in this column makes, where each choice has a column of its own
    settled the header is a field's that another column holds, or that words make another one: it is
    near to no other
    typo    the header is a field's but for a typing error, or for words beside it that may change its meaning
    """

    index: int
    role: Role
    label: str
    ref: str
    field: str | None = None
    code: str | None = None
    assumed: bool = False
    has_no_near_field: bool = False

    @property
    def texts(self) -> list[str]:
        """The texts of its header, from the spanning one down."""
        return self.label.split(HEADER_SEPARATOR)


class Meaning(NamedTuple):
    """What the texts of a header mean, wherever it stands: the role, field and code of a column.

    An unknown one has the field that its label would be of but for words that make it another one.
    """

    role: Role
    field: str | None = None
    code: str | None = None


@lru_cache(maxsize=16384)
def meaning(path: tuple[str, ...], labels: SectionLabels, vocabulary: Vocabulary) -> Meaning:
    """What a column of that header is in a table of that section."""
    if not path:
        return Meaning("unlabelled")
    if len(path) > 1 and _is_of_another_table(path, labels, vocabulary):
        return Meaning("unknown")
    if key := _field_of(path, labels) or _result_of(path, labels, vocabulary):
        return Meaning("unknown" if _is_qualified(path, labels, vocabulary) else "field", key)
    if choice := _choice_of(path, labels):
        return Meaning("choice", *choice)
    forms = {form for text in path for form in label_forms(text)}
    if not vocabulary.personal_labels.isdisjoint(label_forms(path[-1])) or is_private_label(
        path[-1]
    ):
        return Meaning("personal")
    return Meaning(
        "ignored"
        if not vocabulary.ignored_labels.isdisjoint(forms) and len(path) == 1
        else "unknown"
    )


def _is_of_another_table(
    path: tuple[str, ...], labels: SectionLabels, vocabulary: Vocabulary
) -> bool:
    """Whether a header above the label is another section's: `Chi bộ` over `Đã sinh hoạt`, or
    `Riêng`."""
    return any(
        not vocabulary.other_groups[labels.section.key].isdisjoint(label_forms(group))
        for group in path[:-1]
    )


def _is_qualified(path: tuple[str, ...], labels: SectionLabels, vocabulary: Vocabulary) -> bool:
    """Whether the label speaks of a plan, another time or a share, by itself or by a header above
    it."""
    groups = path[:-1]
    return labels.is_qualified(path[-1], vocabulary.qualifiers) or any(
        labels.is_qualified(text, vocabulary.qualifiers, whole=True) for text in groups
    )


def field_of(path: tuple[str, ...], labels: SectionLabels, vocabulary: Vocabulary) -> str | None:
    """The key of the field that the texts of a header name in pairs of a unit's values, None where
    they name none."""
    key = _field_of(path, labels) or _result_of(path, labels, vocabulary)
    if not key and len(path) > 1:
        key = labels.within(_field_of(path[:-1], labels), path[-1])
    key = key or labels.find(f"Số {path[-1]}")  # `Trưởng thôn là đảng viên` over a number of them
    return None if key and _is_qualified(path, labels, vocabulary) else key


def _field_of(path: tuple[str, ...], labels: SectionLabels) -> str | None:
    # `Đảng viên` › `Dự sinh hoạt` › `Tổng số` are those of the last header but one
    inner = path[:-1]
    groups = inner[-1:] if len(inner) > 1 and _field_of(inner, labels) else inner
    for group in reversed(groups):
        if key := labels.under(group, path[-1]) or _numbered_under(group, path[-1], labels):
            return key
    return labels.find(path[-1]) or (labels.find(" ".join(path), False) if len(path) > 1 else None)


def _numbered_under(group: str, text: str, labels: SectionLabels) -> str | None:
    """The field below a header whose number a label gives in brackets: `Quán triệt các văn bản
    (2.1)`."""
    number = _NUMBER_IN_BRACKETS.search(text)
    return labels.under(group, number[1]) if number else None


def _result_of(path: tuple[str, ...], labels: SectionLabels, vocabulary: Vocabulary) -> str | None:
    """The field of a column under its label that holds what was reached: `Số đảng viên dự` › `Năm
    2022`."""
    key = (
        _field_of(path[:-1], labels)
        if len(path) > 1 and fold(path[-1]) in vocabulary.result_words
        else None
    )
    return None if key in labels.section.row_key else key


def _choice_of(path: tuple[str, ...], labels: SectionLabels) -> tuple[str, str] | None:
    for form in label_forms(path[-1]):
        if choice := labels.choice_columns.get(form):
            grouped = any(
                labels.find(group) == choice[0] or not labels.groups.isdisjoint(label_forms(group))
                for group in path[:-1]
            )
            return (
                choice
                if grouped or (len(path) == 1 and len(labels.section.by_key[choice[0]].choice) == 2)
                else None
            )
    return None


def with_nearest_fields(
    columns: list[Column], labels: SectionLabels, qualifiers: Qualifiers
) -> list[Column]:
    """Unknown columns with the nearest field that no column holds; but for a typing error they are
    that field.

    One that speaks of a plan, another time or a part is no such error, and near to no field by its
    values alone.
    """
    used = {c.field for c in columns if c.field and c.role != "unknown"}
    result = []
    for column in columns:
        if (
            column.role == "unknown"
            and len(column.texts) == 1
            and (sole := labels.sole_under(column.texts[0]))
            and sole not in used
        ):
            used.add(sole)
            result.append(
                Column(column.index, "field", column.label, column.ref, sole, assumed=True)
            )
            continue
        if column.role == "unknown" and (column.field or labels.find(column.texts[-1]) in used):
            result.append(
                replace(
                    column,
                    field=None if column.field in used else column.field,
                    has_no_near_field=True,
                )
            )
            continue
        near = _nearest(column, labels, frozenset(used)) if column.role == "unknown" else None
        qualified = column.role == "unknown" and any(map(qualifiers.occur_in, column.texts))
        near = (
            None
            if near and qualified and not labels.is_within(near.key, column.texts[-1])
            else near
        )
        if near and near.mistyped and not qualified:
            used.add(near.key)
            column = Column(column.index, "field", column.label, column.ref, near.key, assumed=True)
        elif key := near.key if near else field_of_group(column, labels, used):
            column = Column(column.index, "unknown", column.label, column.ref, key)
        elif qualified:
            column = replace(column, has_no_near_field=True)
        result.append(column)
    return result


def _nearest(column: Column, labels: SectionLabels, used: frozenset[str]) -> NearField | None:
    """The field nearest to a header's last text, else to all its texts; by these it is no typing
    error."""
    if near := labels.nearest(column.texts[-1], used):
        return near
    groups = column.texts[:-1]
    near = (
        labels.nearest(" ".join(column.texts), used)
        if groups and not any(map(labels.find, groups))
        else None
    )
    return near and near._replace(mistyped=False)


def field_of_group(column: Column, labels: SectionLabels, used: set[str]) -> str | None:
    """The field that a header above an unknown one names, which no column holds."""
    groups = column.texts[:-1] if column.role == "unknown" else []
    return next((key for group in groups if (key := labels.find(group)) and key not in used), None)


def flag_hedged(column: Column, labels: SectionLabels, vocabulary: Vocabulary) -> Column:
    """The column, marked as assumed where its header adds words to its field's label."""
    if "(" not in column.label and "\n" not in column.label:
        return column
    is_choice = (
        column.role == "field" and labels.section.by_key[column.field or ""].type == "choice"
    )
    # `Hình thức (riêng/lồng ghép)`
    hints = (
        vocabulary.label_hints | vocabulary.choices.labels if is_choice else vocabulary.label_hints
    )
    if column.role in ("field", "choice") and any(labels.is_hedged(t, hints) for t in column.texts):
        return replace(column, assumed=True)
    return column
