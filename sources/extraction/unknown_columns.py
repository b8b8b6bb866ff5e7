"""Columns of a table that are no field: their values are findings, names are never repeated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from sources.extraction.cell_types import UNTYPED, type_date, type_value
from sources.extraction.columns import Column, meaning
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.header import Header
from sources.extraction.person_rows import is_about_a_person
from sources.extraction.personal_numbers import HIDDEN
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.grids import Value
from sources.text import clean

ORDINAL = re.compile(r"\d{1,4}\.?")
# values of an unknown column, and fields that it may be
_MAX_VALUES_SAMPLED, _MAX_FIELDS_NAMED = (
    20,
    2,
)
HEADING_ORDINAL = re.compile(r"(?:[IVXLC]{1,5}|[A-Z])[.)]?")


class UnknownColumns:
    """The columns of one table that are unknown or have no name, and the rows that fill them."""

    def __init__(
        self,
        view: GridView,
        header: Header,
        ordinals: Sequence[int],
        vocabulary: Vocabulary,
        builder: ExtractBuilder,
    ) -> None:
        self.view, self.header, self.builder = view, header, builder
        self.section, self.ordinals = header.section, set(ordinals)
        self.titles = vocabulary.campaign.form.words.name_titles
        self.beside_names = any(c.role == "personal" for c in header.columns)
        self.columns = [c for c in header.columns if c.role in ("unknown", "unlabelled")]
        self.possible_fields = {
            c.index: self._fields_it_may_be(c, vocabulary)
            for c in self.columns
            if c.role == "unknown" and not c.field and not c.has_no_near_field
        }
        self.filled_rows: dict[int, list[int]] = {}  # by column, the rows that hold something there
        self.repeated_columns = self._columns_repeated(vocabulary)
        # the last ordinal of each column of ordinals that has no name
        self.last_ordinals: dict[int, int] = {}

    def texts(self, row: int) -> list[str]:
        """What stands in them on a row."""
        return [self.view.own_text(row, c.index) for c in self.columns]

    def note_row(self, row: int, number: int, name: str | None) -> None:
        """Notes what a row of data holds there; where a field is near, each value is a finding."""
        for column in self.columns:
            text = self.view.own_text(row, column.index)
            if not text or (
                column.index in self.ordinals and self._is_next_ordinal(column.index, text)
            ):
                continue
            self.filled_rows.setdefault(column.index, []).append(row)
            if column.index in self.repeated_columns:
                self._note_repeated(row, number, name, column.index, text)
                continue
            near = self._near_fields(column)
            for key in near or self.possible_fields.get(column.index, []):
                self.builder.add_finding(
                    "column_unknown",
                    self.view.sheet,
                    self.view.ref(row, column.index),
                    section=self.section.key,
                    row=number,
                    row_name=name,
                    field=key,
                    value=self._quotable(row, text),
                    label=shorten(column.label),
                    offer=f"; {'gần nhất' if near else 'có thể'} là “{self.section.by_key[key].label}”",
                )

    def _columns_repeated(self, vocabulary: Vocabulary) -> dict[int, Column]:
        """By index the columns whose header means the same as a column that is read, and that
        column."""
        labels = vocabulary.sections[self.section.key]
        read = {c.field: c for c in self.header.columns if c.role == "field" and c.field}
        return {
            c.index: read[found.field]
            for c in self.columns
            if c.has_no_near_field
            and (found := meaning(tuple(c.texts), labels, vocabulary)).role == "field"
            and found.field in read
        }

    def _note_repeated(
        self, row: int, number: int, name: str | None, column: int, text: str
    ) -> None:
        """Another value in a second column of the same header: which one counts is unclear."""
        read = self.repeated_columns[column]
        if clean(text) != clean(self.view.own_text(row, read.index)):
            label = self.section.by_key[read.field or ""].label
            self.builder.add_finding(
                "value_outside_column",
                self.view.sheet,
                self.view.ref(row, column),
                section=self.section.key,
                row=number,
                row_name=name,
                field=read.field,
                value=shorten(text),
                label=label,
                used=f"số liệu lấy theo ô {self.view.ref(row, read.index)}",
            )

    def _quotable(self, row: int, text: str) -> str:
        """The text as a finding may repeat it: what stands beside a person's name is that
        person's."""
        if self.beside_names or is_about_a_person(self.view, row, self.titles):
            return HIDDEN
        return shorten(text)

    def note_total(self, row: int) -> None:
        """Notes what a row of totals holds there."""
        for column in self.columns:
            if self.view.own_text(row, column.index) and column.index not in self.ordinals:
                self.filled_rows.setdefault(column.index, []).append(row)

    def report(self) -> None:
        """Reports what is odd about the table's columns."""
        for column in self.header.columns:
            if rule := self._rule(column):
                label = self.section.by_key[column.field].label if column.field else ""
                rows = self.filled_rows.get(column.index, [])
                # a value that slipped out of its column
                alone = len(rows) == 1 and not column.label
                ref = self.view.ref(rows[0], column.index) if alone else column.ref
                self.builder.add_finding(
                    rule,
                    self.view.sheet,
                    ref,
                    section=self.section.key,
                    field=column.field,
                    value=shorten(column.label) if column.label else None,
                    label=shorten(column.label),
                    meant=label,
                    offer=f"; gần nhất là “{label}”" if label else "",
                )

    def _near_fields(self, column: Column) -> list[str]:
        """The field that an unknown column is near to; of the days of a window all, which may stand
        in one column."""
        if not column.field or column.field in self.header.keys:
            return []
        days = self.section.window.fields if self.section.window else ()
        return (
            [key for key in days if key not in self.header.keys]
            if column.field in days
            else [column.field]
        )

    def _fields_it_may_be(self, column: Column, vocabulary: Vocabulary) -> list[str]:
        """The fields that no column holds and that all values of an unknown one may be; none where
        they are many."""
        year = vocabulary.campaign.campaign.year
        below = (
            self.view.own(row, column.index)
            for row in range(self.header.bottom + 1, self.view.height)
        )
        values = list(islice((v for v in below if v not in (None, "")), _MAX_VALUES_SAMPLED))
        missing = [
            f
            for f in self.section.fields
            if f.key not in self.header.keys and f.type in ("count", "date", "mark")
        ]
        if values and all(_is_day(v, year) for v in values):
            # `04/4` may be read as a part of a whole, too
            missing = [f for f in missing if f.type == "date"]
        fit = [
            f.key
            for f in missing
            if values
            and all(type_value(v, f, vocabulary, year) not in (UNTYPED, None) for v in values)
        ]
        return fit if len(fit) <= _MAX_FIELDS_NAMED else []

    def _is_next_ordinal(self, column: int, text: str) -> bool:
        """Whether a text in a column without a name, left of the table, is the next ordinal."""
        text = clean(text)
        if not ORDINAL.fullmatch(text):
            return bool(HEADING_ORDINAL.fullmatch(text))
        before, self.last_ordinals[column] = self.last_ordinals.get(column), int(text.rstrip("."))
        return before is None or self.last_ordinals[column] in (1, before + 1)

    def _rule(self, column: Column) -> str | None:
        """The rule that a column breaks; an unknown column that is empty breaks none."""
        if column.assumed:
            return "label_assumed"
        if column.role == "personal":
            return "personal_names_skipped"
        rules = {"unlabelled": "column_unlabelled", "unknown": "column_unknown"}
        return rules.get(column.role) if column.index in self.filled_rows else None


def _is_day(value: Value, year: int) -> bool:
    """Whether a value is a day, and no mere number, which a spreadsheet's number of a day may
    be."""
    return not isinstance(value, int | float) and isinstance(type_date(value, year), str)
