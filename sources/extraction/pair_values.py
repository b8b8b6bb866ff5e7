"""Where the values of labels on a sheet stand: beside them, below them, or in the row below a row
of labels."""

from __future__ import annotations

import re
from collections import Counter
from typing import TypeGuard

from sources.extraction.cell_types import UNTYPED, raw_text, type_value
from sources.extraction.column_codes import is_column_codes
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.labelled import Label, pair_in_text
from sources.extraction.pair_headers import PairHeaders
from sources.extraction.text_classes import TextClass
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField
from sources.grids import Value
from sources.text import fold

_DIGIT = re.compile(r"\d")


_MAX_COLUMNS_BEHIND_VALUES = 3  # in which a value may stand by mistake


def row_of_values(
    view: GridView, row: int, labels: list[Label], vocabulary: Vocabulary
) -> int | None:
    """The row of the values below a row of labels: the next one, or of several the row of totals.

    None where there are several and none is the total: it is unclear which are the unit's.
    """
    columns = [label.column for label in labels if label.row == row]
    filled = []
    for below in range(row + 1, view.height):
        values = [text for c in columns if (text := view.own_text(below, c))]
        if any(vocabulary.find_pair(text) for text in values):
            break
        if is_column_codes([view.own_text(below, c) for c in view.filled_columns(below)]):
            for column in view.filled_columns(below):
                view.account.mark(below, column, TextClass.LABEL)
            continue
        if not values:
            if not view.filled_columns(below):
                break
            continue
        filled.append(below)
    if len(filled) < 2 or sum(view.own_text(filled[1], c) != "" for c in columns) * 2 < len(
        columns
    ):
        return filled[0] if filled else row + 1
    totals = [
        r
        for r in filled
        if any(vocabulary.lines.is_total(view.own_text(r, c)) for c in view.filled_columns(r))
    ]
    return totals[0] if len(totals) == 1 else None


def report_other_values(
    view: GridView,
    label: Label,
    place: tuple[int, int],
    labels: list[Label],
    headers: PairHeaders,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """A value of the label's type further on in its row, where none or another one stands in the
    column of values."""
    if label.field.type not in ("count", "date", "mark"):
        return
    value_of_label = view.value(*place)
    if value_of_label is not None and label.field.type != "count":
        return
    cells = view.rows[label.row]
    beside = [
        c
        for c in range(label.right + 1, min(len(cells), place[1] + _MAX_COLUMNS_BEHIND_VALUES + 1))
        if c != place[1]
        and cells[c] is not None
        and (value_of_label is None or is_number(cells[c]))
        and c not in headers.ignored
        and c not in headers.other
    ]
    if not beside:
        return
    if _add_up(value_of_label, [cells[c] for c in beside]):
        for column in beside:
            view.account.mark(label.row, column, TextClass.CHECK)
        return
    year = vocabulary.campaign.campaign.year
    first = type_value(value_of_label, label.field, vocabulary, year)
    near = min(
        (x.column for x in labels if x.row == label.row and x.column > label.column),
        default=view.width,
    )
    for column in (c for c in beside if c < near):
        value = cells[column]
        if type_value(value, label.field, vocabulary, year) in (UNTYPED, None, "false", first):
            continue
        used = (
            f"số liệu lấy theo ô {view.ref(*place)}"
            if value_of_label is not None
            else "nên không được đọc"
        )
        builder.add_finding(
            "value_outside_column",
            view.sheet,
            view.ref(label.row, column),
            section=label.section.key,
            field=label.field.key,
            value=shorten(raw_text(value)),
            label=label.field.label,
            used=used,
        )


def _add_up(whole: Value, parts: list[Value]) -> bool:
    """Whether the numbers beside a value are what it is the sum of: `Đợt 1 | Đợt 2 | Cộng`."""
    numbers = [float(part) for part in parts if is_number(part)]
    return len(numbers) == len(parts) > 1 and is_number(whole) and sum(numbers) == float(whole)


def names_unit(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text names a unit of the registry."""
    issuer = vocabulary.issuers.of(text)
    return issuer is not None and issuer.kind == "unit"


def is_number(value: Value) -> TypeGuard[int | float | str]:
    """Whether a value is a number, or digits alone."""
    return isinstance(value, int | float) or (isinstance(value, str) and value.strip().isdigit())


def rows_of_labels(view: GridView, labels: list[Label], vocabulary: Vocabulary) -> set[int]:
    """Rows in which labels stand side by side as the header of values below them, and no values
    between them."""
    by_row: dict[int, list[Label]] = {}
    for label in labels:
        by_row.setdefault(label.row, []).append(label)
    return {
        row
        for row, beside in by_row.items()
        if len(beside) >= 3
        and sum(_has_value_beside(view, label, vocabulary) for label in beside) * 2 < len(beside)
    }


def _has_value_beside(view: GridView, label: Label, vocabulary: Vocabulary) -> bool:
    value = view.own(label.row, label.right + 1)
    if value is None or vocabulary.find_pair(raw_text(value)):
        return False
    return label.field.type != "text" and _fits(value, label.field, vocabulary)


def _fits(value: Value, field: FormField, vocabulary: Vocabulary) -> bool:
    """Whether a value can be the field's."""
    if field.type == "unit":
        return vocabulary.issuers.of(raw_text(value)) is not None
    return type_value(value, field, vocabulary, vocabulary.campaign.campaign.year) is not UNTYPED


def at_lowest_row(view: GridView, label: Label, label_rows: set[int]) -> Label:
    """A label whose cell reaches down to a row of labels is one of these."""
    span = view.span(label.row, label.column)
    return label._replace(row=span.bottom) if span and span.bottom in label_rows else label


def value_distances(
    view: GridView, labels: list[Label], headers: PairHeaders, vocabulary: Vocabulary
) -> dict[int, int]:
    """For each column of labels the distance at which most of its values stand: notes and units lie
    further on."""
    scores: dict[int, Counter[int]] = {}
    for label in labels:
        score = scores.setdefault(label.column, Counter())
        for distance in (1, 2, 3, 4):
            value = view.value(label.row, label.right + distance)
            if (
                value is None
                or value == ""
                or view.home(label.row, label.right + distance)[1] <= label.right
            ):
                continue
            if label.right + distance in headers.other:
                continue
            typed = type_value(value, label.field, vocabulary, vocabulary.campaign.campaign.year)
            fitting = typed is not UNTYPED and (
                label.field.type != "text" or label.section.key == "text"
            )
            score[distance] += 3 if fitting and label.field.type != "text" else 1 if fitting else 0
    headers.prefer_results(labels, scores)
    return {
        column: max(s, key=lambda d: (s[d], -d)) if any(s.values()) else 1
        for column, s in scores.items()
    }


def value_place(
    view: GridView, label: Label, distance: dict[int, int], vocabulary: Vocabulary
) -> tuple[int, int]:
    """Where the label's value stands: beside it, or below it where nothing is beside it."""
    beside = (label.row, label.right + distance.get(label.column, 1))
    if view.text(*beside):
        return beside
    below = (label.row + 1, label.column)
    text = view.own_text(*below)
    if (
        text
        and vocabulary.find_pair(text) is None
        and pair_in_text(text, vocabulary) is None
        and fold(text) not in vocabulary.section_headings
    ):
        return (
            below
            if label.section.key == "text" or _is_alone_with_value(view, label, vocabulary)
            else beside
        )
    return beside


def _is_alone_with_value(view: GridView, label: Label, vocabulary: Vocabulary) -> bool:
    """Whether a label and, in the row below it, a value that it may have are all that these rows
    hold."""
    value = view.own(label.row + 1, label.column)
    if view.filled_columns(label.row)[-1:] != [label.column] or view.filled_columns(
        label.row + 1
    ) != [label.column]:
        return False
    return _fits(value, label.field, vocabulary) and (
        label.field.type != "text" or _DIGIT.search(raw_text(value)) is not None
    )
