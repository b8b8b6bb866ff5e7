"""Columns that hold several fields at once, as `Số đảng viên dự/Tổng số đảng viên`: read as a
column for each.

A cell that cannot be split is a finding there, and is not read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sources.extraction.cell_types import raw_text
from sources.extraction.columns import Column
from sources.extraction.combined_labels import combined_fields, spans_days
from sources.extraction.combined_values import (
    Parts,
    day_of_month,
    split_counts,
    split_days,
    split_marks,
)
from sources.extraction.derived_grids import DerivedGrid
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.header import Header
from sources.extraction.section_labels import SectionLabels
from sources.extraction.text_classes import MappedAccount
from sources.extraction.view import GridView
from sources.extraction.vocabulary import MONTH, Vocabulary
from sources.form import FormField
from sources.grids import Value


@dataclass(frozen=True, slots=True)
class _Combined:
    """A column, the fields that its cells hold in their order, and what splits a value among
    them."""

    column: Column
    fields: tuple[FormField, ...]
    split: Callable[[Value], Parts | None]


def split_columns(
    view: GridView, headers: list[Header], vocabulary: Vocabulary, builder: ExtractBuilder
) -> tuple[GridView, list[Header]]:
    """The view with a further column for each field of a combined one, and headers that name these;
    else both as given.

    The further columns stand right of all others; each of their cells refers to the one that it was
    split from.
    """
    by_header = [(header, _combined_columns(view, header, vocabulary)) for header in headers]
    if not any(combined for _, combined in by_header):
        return view, headers
    rows = [[*row, *[None] * (view.width - len(row))] for row in view.rows]
    grid = DerivedGrid(
        view.sheet,
        rows,
        view.grid.merged,
        view.grid.hidden,
        view.grid.source,
        dict(view.grid.raw),
        base=view.grid,
    )
    derived = [
        _split_header(view, header, combined, headers, grid, builder) if combined else header
        for header, combined in by_header
    ]
    split = GridView(grid, MappedAccount(view.account, grid.place))
    split.headers = view.headers
    return split, derived


def _split_header(
    view: GridView,
    header: Header,
    combined: list[_Combined],
    headers: list[Header],
    grid: DerivedGrid,
    builder: ExtractBuilder,
) -> Header:
    columns = {c.index: c for c in header.columns}
    stop = min((h.top for h in headers if h.top > header.bottom), default=view.height)
    for one in combined:
        del columns[one.column.index]
        first = max(map(len, grid.rows))
        for row in range(view.height):
            grid.rows[row] += [None] * (first + len(one.fields) - len(grid.rows[row]))
        for at, field in enumerate(one.fields):
            columns[first + at] = Column(
                first + at,
                "field",
                one.column.label,
                one.column.ref,
                field.key,
                assumed=one.column.assumed,
            )
        for row in range(header.bottom + 1, stop):
            _split_cell(view, header, one, row, first, grid, builder)
    derived = Header(header.section, header.top, header.bottom, list(columns.values()))
    derived.left, derived.right = header.left, header.right
    return derived


def _split_cell(
    view: GridView,
    header: Header,
    one: _Combined,
    row: int,
    first: int,
    grid: DerivedGrid,
    builder: ExtractBuilder,
) -> None:
    """Puts the parts of one cell into the further columns."""
    value = view.own(row, one.column.index)
    span = view.span(row, one.column.index)
    parts = None if span and span.bottom > span.top else one.split(value)
    for at in range(len(one.fields)):
        place = row, first + at
        grid.places[place] = row, one.column.index
        if value is not None and parts:
            grid.rows[row][place[1]] = parts[at]
            if not isinstance(parts[at], str):
                grid.raw[place] = view.raw(row, one.column.index)
    if value not in (None, "") and parts is None and _is_named(view, header, row):
        meant = ", ".join(f"“{field.label}”" for field in one.fields)
        builder.add_finding(
            "cell_not_split",
            view.sheet,
            view.ref(row, one.column.index),
            section=header.section.key,
            field=one.fields[0].key,
            value=shorten(raw_text(value)),
            label=shorten(one.column.label),
            meant=meant,
        )


def _is_named(view: GridView, header: Header, row: int) -> bool:
    return any(
        view.own(row, c.index) not in (None, "")
        for c in header.columns
        if c.role == "field" and c.field in header.section.row_key
    )


def _combined_columns(view: GridView, header: Header, vocabulary: Vocabulary) -> list[_Combined]:
    """The columns of a header that hold several fields, or days without their month."""
    labels, year = vocabulary.sections[header.section.key], vocabulary.campaign.campaign.year
    used_fields = set(header.keys)
    found = []
    for column in header.columns:
        if one := _combined(view, header, column, labels, used_fields, vocabulary, year):
            used_fields |= {field.key for field in one.fields}
            found.append(one)
    return found


def _combined(
    view: GridView,
    header: Header,
    column: Column,
    labels: SectionLabels,
    used_fields: set[str],
    vocabulary: Vocabulary,
    year: int,
) -> _Combined | None:
    if column.role == "field" and column.field:
        return _days_alone(view, header, column, labels.section.by_key[column.field], year)
    fields = (
        combined_fields(tuple(column.texts), labels)
        if column.role in ("unknown", "ignored")
        else ()
    )
    free_fields = tuple(field for field in fields if field.key not in used_fields)
    splits: dict[str, Callable[[Value], Parts | None]] = {
        "count": lambda value: split_counts(value, len(fields), vocabulary),
        "date": lambda value: split_days(value, year),
        "mark": lambda value: split_marks(value, list(fields), vocabulary),
    }
    split = splits.get(fields[0].type) if free_fields else None
    parts = [split(value) for value in _values(view, header, column)] if split else []
    if split is None or not any(parts):
        return None
    if spans_days(column.texts[-1], labels) and not any(len(set(p)) > 1 for p in parts if p):
        return None  # `Thời gian` over days alone: the first or the last, the label does not say
    if free_fields == fields:
        return _Combined(column, fields, split)
    return _Combined(
        column,
        free_fields,
        lambda value: _parts_of_free_fields(value, split(value), fields, free_fields),
    )


def _parts_of_free_fields(
    value: Value,
    parts: Parts | None,
    fields: tuple[FormField, ...],
    free_fields: tuple[FormField, ...],
) -> Parts | None:
    """The parts that no other column holds; a part of a whole with it, so that the two are
    compared."""
    if parts is None:
        return None
    if len(fields) == 2 and free_fields == fields[:1] and fields[0].limit == fields[1].key:
        return (value,)
    return tuple(part for part, field in zip(parts, fields, strict=True) if field in free_fields)


def _days_alone(
    view: GridView, header: Header, column: Column, field: FormField, year: int
) -> _Combined | None:
    """A column of days whose month stands in its header alone: `Ngày sinh hoạt (tháng 4)`."""
    month = MONTH.search(column.label) if field.type == "date" else None
    if month is None or not 1 <= int(month[1]) <= 12:
        return None
    number = int(month[1])
    if all(day_of_month(value, number, year) == value for value in _values(view, header, column)):
        return None
    return _Combined(column, (field,), lambda value: (day_of_month(value, number, year),))


def _values(view: GridView, header: Header, column: Column) -> list[Value]:
    below = (view.own(row, column.index) for row in range(header.bottom + 1, view.height))
    return [value for value in below if value not in (None, "")]
