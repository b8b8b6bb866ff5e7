"""Pairs of label and value on a sheet: side by side, one under another, or in one cell (`1. Tổng số
chi bộ: 25`)."""

from __future__ import annotations

from collections.abc import Iterable

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.labelled import Label, pair_fact, pair_in_text
from sources.extraction.long_texts import continue_text
from sources.extraction.pair_headers import PairHeaders
from sources.extraction.pair_labels import MAX_LABEL_LETTERS, find_labels, right_of
from sources.extraction.pair_tables import labels_on_levels
from sources.extraction.pair_values import (
    at_lowest_row,
    is_number,
    names_unit,
    report_other_values,
    row_of_values,
    rows_of_labels,
    value_distances,
    value_place,
)
from sources.extraction.sentences import read_behind_count, read_sentences
from sources.extraction.sub_labels import SubLabels
from sources.extraction.text_classes import TextClass
from sources.extraction.unknown_labels import (
    nearest_pair,
    report_mistyped,
    report_unknown,
    report_unknown_below,
)
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.extraction.wide_rows import wide_table
from sources.text import fold


def read_pairs(
    view: GridView, free_rows: Iterable[int], vocabulary: Vocabulary, builder: ExtractBuilder
) -> set[int]:
    """Reads all pairs on the rows that no table has taken; returns the rows that it has read."""
    return _PairReader(view, list(free_rows), vocabulary, builder).read()


class _PairReader:
    """Reads the pairs on some rows of one grid.

    rows_read   rows that need no further look: pairs in one cell, tables of communes, headers above labels
    labels      the labels whose values are read
    label_rows  rows of several labels side by side, whose values stand below them
    value_rows  by row of labels the row of their values, None where it is unclear which one that is
    """

    def __init__(
        self, view: GridView, rows: list[int], vocabulary: Vocabulary, builder: ExtractBuilder
    ) -> None:
        self.view, self.rows, self.vocabulary, self.builder = view, rows, vocabulary, builder
        self.rows_read: set[int] = set()
        self.labels: list[Label] = []
        self.label_rows: set[int] = set()
        self.value_rows: dict[int, int | None] = {}

    def read(self) -> set[int]:
        """Reads the pairs, then the sentences on the other rows; returns all rows that were
        read."""
        self._find_labels()
        if not self.labels:
            return self.rows_read | self._read_sentences(set())
        self._leave_wide_tables()
        if not self.labels:
            return self.rows_read | self._read_sentences(self.rows_read)
        self.value_rows = {
            row: row_of_values(self.view, row, self.labels, self.vocabulary)
            for row in self.label_rows
        }
        rows_of_pairs = self._read_values() | {
            *(label.row for label in self.labels),
            *(row for row in self.value_rows.values() if row is not None),
            *(label.row + 1 for label in self.labels if label.section.key == "text"),
        }
        return self.rows_read | rows_of_pairs | self._read_sentences(rows_of_pairs)

    def _find_labels(self) -> None:
        """Finds the labels on single cells and on several levels, and which rows hold labels side
        by side."""
        view, vocabulary = self.view, self.vocabulary
        short = SubLabels(view, vocabulary)
        labels = [
            label
            for row in self.rows
            for label in find_labels(view, row, short, vocabulary, self.builder, self.rows_read)
        ]
        on_levels = labels_on_levels(view, self.rows, labels, vocabulary)
        header_rows = {row for rows in on_levels for row in rows}
        labels = sorted(
            [x for x in labels if x.row not in header_rows]
            + [x for found in on_levels.values() for x in found],
            key=lambda x: x.row,
        )
        if not labels:
            return
        self.label_rows = rows_of_labels(view, labels, vocabulary)
        self.label_rows |= {rows.stop - 1 for rows in on_levels}
        self.rows_read |= header_rows - self.label_rows
        self.rows_read |= {
            x.row - 1
            for x in labels
            if x.row in self.label_rows and not vocabulary.find_pair(view.own_text(x.row, x.column))
        }
        self.labels = [at_lowest_row(view, label, self.label_rows) for label in labels]
        self.label_rows &= {label.row for label in self.labels}  # not where all reach further down

    def _leave_wide_tables(self) -> None:
        """Leaves rows of labels above lines of communes to `read_wide_tables`, once the unit is
        known."""
        wide = [
            table
            for row in sorted(self.label_rows)
            if (table := wide_table(self.view, row, self.labels, self.vocabulary))
        ]
        self.builder.wide_tables += wide
        self.rows_read |= {
            row for table in wide for row in (table.labels[0].row, *table.lines, *table.others)
        }
        self.labels = [
            label
            for label in self.labels
            if label.row not in self.rows_read or label.row not in self.label_rows
        ]
        self.label_rows -= self.rows_read

    def _read_values(self) -> set[int]:
        """Reads the value of each label, and reports what stands beside them; returns the rows of
        the values."""
        view, vocabulary, builder = self.view, self.vocabulary, self.builder
        lines = [x for x in self.labels if x.row not in self.value_rows]
        headers = PairHeaders(view, lines, vocabulary)
        self.rows_read |= headers.codes
        distances = value_distances(view, lines, headers, vocabulary)
        rows = {
            row
            for label in self.labels
            if (row := self._read_value(label, headers, distances)) is not None
        }
        headers.report(view, {label.row for label in lines}, builder)
        beside = [
            r
            for r in self.rows
            if r not in self.value_rows and r - 1 not in self.value_rows and r not in self.rows_read
        ]
        _report_unknown_labels(view, beside, self.labels, distances, vocabulary, builder)
        _report_unknown_column_labels(view, self.value_rows, self.labels, vocabulary, builder)
        return rows

    def _read_value(
        self, label: Label, headers: PairHeaders, distances: dict[int, int]
    ) -> int | None:
        """Reads the value of one label; returns its row, None where it is unclear which row it
        stands on."""
        view, vocabulary, builder = self.view, self.vocabulary, self.builder
        is_above_values = label.row in self.value_rows
        row = self.value_rows.get(label.row, label.row)
        if row is None:
            return None
        place = (
            (row, label.column)
            if is_above_values
            else value_place(view, label, distances, vocabulary)
        )
        view.account.mark(label.row, label.column, TextClass.LABEL)
        if (
            is_above_values
            and label.field.type == "unit"
            and not names_unit(view.text(*place), vocabulary)
        ):
            return place[0]  # the head of a column of other names: `Đơn vị` above party cells
        _add_pair(view, label, place, vocabulary, builder)
        if is_above_values:
            return place[0]
        if label.section.key != "text":
            report_other_values(view, label, place, self.labels, headers, vocabulary, builder)
        else:
            self.rows_read |= continue_text(
                view, place, label.column, label.section, label.field, vocabulary, builder
            )
        return place[0]

    def _read_sentences(self, rows_read: set[int]) -> set[int]:
        free = [r for r in self.rows if r not in rows_read]
        return read_sentences(self.view, free, self.vocabulary, self.builder)


def _add_pair(
    view: GridView,
    label: Label,
    place: tuple[int, int],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    if view.home(*place) == (label.row, label.column) or vocabulary.find_pair(view.text(*place)):
        value, raw = None, ""
    else:
        value, raw = view.value(*place), view.raw(*place)
    value = read_behind_count(value, label.field, view.sheet, view.ref(*place), vocabulary, builder)
    fact = pair_fact(
        label.section, label.field, value, raw, view.sheet, view.ref(*place), vocabulary
    )
    builder.add_pair(label.section, label.field, fact)


def _report_unknown_labels(
    view: GridView,
    rows: list[int],
    labels: list[Label],
    distance: dict[int, int],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """Reports unknown texts in a column of labels that have a value beside them."""
    known = {(label.row, label.column) for label in labels}
    first, last = min(r for r, _ in known) - 1, max(r for r, _ in known) + 1
    for column in distance:
        for row in rows:
            text, place = (
                view.own_text(row, column),
                right_of(view, row, column) + distance[column],
            )
            value = view.own_text(row, place)
            if (
                (row, column) in known
                or not first <= row <= last
                or not value
                or vocabulary.find_pair(value)
            ):
                continue
            if vocabulary.lines.is_share(text):
                view.account.mark(row, place, TextClass.IGNORED)
                continue
            if row in (first, last) and not is_number(view.own(row, place)):
                continue  # above and below them, a title or a signature
            if not fold(text) or not _is_known_otherwise(text, vocabulary):
                _read_unknown_label(view, row, column, place, vocabulary, builder)


def _report_unknown_column_labels(
    view: GridView,
    value_rows: dict[int, int | None],
    labels: list[Label],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """Reports values below a row of labels that stand under an unknown label."""
    for row, below in value_rows.items():
        known = {label.column for label in labels if label.row == row}
        if below is None:
            for label in (x for x in labels if x.row == row):
                builder.add_finding(
                    "rows_ambiguous",
                    view.sheet,
                    view.ref(row, label.column),
                    section=label.section.key,
                    field=label.field.key,
                    value=shorten(view.own_text(row, label.column)),
                )
            continue
        unknown = (column for column in range(min(known), max(known) + 1) if column not in known)
        report_unknown_below(view, row, below, unknown, vocabulary, builder)


def _read_unknown_label(
    view: GridView,
    row: int,
    column: int,
    place: int,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    text, value, ref = view.own_text(row, column), view.own_text(row, place), view.ref(row, column)
    near = nearest_pair(text, vocabulary)
    if near and near.mistyped and (near.section.key, near.field.key) not in builder.pairs:
        _add_pair(
            view,
            Label(near.section, near.field, row, column, place - 1),
            (row, place),
            vocabulary,
            builder,
        )
        report_mistyped(view.sheet, ref, text, near, builder)
    else:
        report_unknown(view.sheet, ref, text, value, near, builder)
        view.account.mark(row, place, TextClass.UNREAD)


def _is_known_otherwise(text: str, vocabulary: Vocabulary) -> bool:
    folded = fold(text)
    return (
        len(text) > MAX_LABEL_LETTERS
        or folded in vocabulary.ignored_labels
        or folded in vocabulary.section_headings
        or pair_in_text(text, vocabulary) is not None
    )
