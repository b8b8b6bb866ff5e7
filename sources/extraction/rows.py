"""What the cells of a table's row hold: each field's typed value, and the ordinal before them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from sources.extraction.cell_types import UNTYPED, Typed, raw_or_blank, raw_text, typer_of
from sources.extraction.columns import Column
from sources.extraction.extract_builder import ExtractBuilder
from sources.extraction.header import Header
from sources.extraction.totals import Reading
from sources.extraction.unknown_columns import ORDINAL
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField
from sources.grids import Value
from sources.text import clean, whole_number

_MAX_ORDINAL = 9999
# of a tuple, in half the time of `Reading(…)`: one is made for each cell
_reading = partial(tuple.__new__, Reading)


class Slot(NamedTuple):
    """A field and the column that it is read from; `cell` types a value and gives its raw text."""

    field: FormField
    column: int
    blank: Typed
    cell: Callable[[Value], tuple[Typed, str]]


class RowReader:
    """Reads the cells of the rows under one header."""

    def __init__(
        self, view: GridView, header: Header, vocabulary: Vocabulary, builder: ExtractBuilder
    ) -> None:
        self.view, self.header = view, header
        self.vocabulary, self.builder = vocabulary, builder
        self.section = header.section
        self.slots = [
            self._slot(c, self.section.by_key[c.field])
            for c in header.columns
            if c.role == "field" and c.field
        ]
        self.choices: dict[str, list[tuple[Column, Slot]]] = {}
        for column in (c for c in header.columns if c.role == "choice"):
            self.choices.setdefault(column.field or "", []).append(
                (column, self._slot(column, _MARK_FIELD))
            )
        fields = [s.field for s in self.slots] + [self.section.by_key[key] for key in self.choices]
        self.names = [i for i, f in enumerate(fields) if f.key in self.section.row_key]
        self.values = [i for i, f in enumerate(fields) if f.type != "text" and i not in self.names]
        self.counts = [(i, f.key) for i, f in enumerate(fields) if f.type == "count"]
        self.read_columns = [c.index for c in header.columns if c.role in ("field", "choice")]
        self.ordinals = [
            c.index
            for c in header.columns
            if c.role == "ignored"
            or (c.role == "unlabelled" and c.index < min(s.column for s in self.slots))
        ]
        self.leading = self._leading_columns()

    def _readings(self, row: int) -> list[Reading]:
        plain = row not in self.view.spanned_rows and not self.view.grid.raw
        readings = (
            self._plain_readings(row)
            if plain
            else [self._reading(row, slot) for slot in self.slots]
        )
        return readings + [
            self._choice_reading(row, self.section.by_key[k], columns)
            for k, columns in self.choices.items()
        ]

    def _plain_readings(self, row: int) -> list[Reading]:
        """The same as `_reading` for a row without merged ranges and converted texts, but
        faster."""
        readings = []
        cells, ref = self.view.rows[row], self.view.grid.ref
        for field, column, blank, cell in self.slots:
            value = cells[column] if column < len(cells) else None
            typed, raw = (blank, "") if value is None else cell(value)
            readings.append(_reading((field, typed, raw, ref(row, column))))
        return readings

    def _reading(self, row: int, slot: Slot) -> Reading:
        home = self.view.home(row, slot.column)
        value = self.view.own(*home)
        if value is None or home[0] <= self.header.bottom:
            return Reading(slot.field, slot.blank, "", self.view.grid.ref(row, slot.column))
        typed, raw = slot.cell(value)
        if home in self.view.grid.raw:
            raw = raw_or_blank(self.view.raw(*home))
        if slot.field.type == "count" and home != (row, slot.column):
            typed = UNTYPED  # one number over several rows or columns: whose it is, the file does not say
        return Reading(slot.field, typed, raw, self.view.grid.ref(*home))

    def _choice_reading(
        self, row: int, field: FormField, columns: list[tuple[Column, Slot]]
    ) -> Reading:
        """A choice of which each value has a column of its own, marked."""
        marks = [(c, self._reading(row, slot)) for c, slot in columns]
        chosen = [(c, r) for c, r in marks if r.typed != "false"]
        if not chosen:
            return Reading(field, None, "", marks[0][1].ref)
        column, reading = chosen[0]
        if len(chosen) > 1:
            return Reading(
                field, UNTYPED, " / ".join(f"{c.label}: {r.raw}" for c, r in chosen), reading.ref
            )
        return Reading(
            field, UNTYPED if reading.typed is UNTYPED else column.code, reading.raw, reading.ref
        )

    def _slot(self, column: Column, field: FormField) -> Slot:
        year = self.vocabulary.campaign.campaign.year
        return Slot(
            field,
            column.index,
            "false" if field.type == "mark" else None,
            typer_of(field, self.vocabulary, year),
        )

    def _counts(self, readings: list[Reading]) -> dict[str, int]:
        return {
            key: int(typed) for i, key in self.counts if isinstance(typed := readings[i].typed, str)
        }

    def _is_named(self, readings: list[Reading]) -> bool:
        return any(readings[i].raw for i in self.names)

    def _holds_values(self, row: int) -> bool:
        """A cheap check before the thorough one: a template's rows hold an ordinal and nothing
        else."""
        if row in self.view.spanned_rows:
            return True
        cells = self.view.rows[row]
        return any(c < len(cells) and cells[c] is not None for c in self.read_columns)

    def _holds_non_counts(self, readings: list[Reading]) -> bool:
        """Whether a row holds what no total does: a day, a choice, a mark that is no number."""
        return any(
            isinstance(r.typed, str)
            and r.raw
            and r.typed != "false"
            and not r.raw.strip().isdigit()
            for r in readings
            if r.field.type in ("date", "choice", "mark")
        )

    def _is_example(self, row: int) -> bool:
        """Whether a row is one of a template, left in to show how the form is filled in."""
        return any(
            self.vocabulary.lines.is_example(text)
            for c in self.leading
            if isinstance(text := self.view.own(row, c), str)
        )

    def _leading_columns(self) -> list[int]:
        """Where the word that heads a row of totals may stand: before the first count, or in the
        row's name."""
        keys = {s.column for s in self.slots if s.field.key in self.section.row_key}
        first_count = min(
            (s.column for s in self.slots if s.field.type == "count"), default=self.header.left
        )
        return sorted({*self.ordinals, *keys, *range(self.header.left, first_count)})

    def _first_ordinal(self, row: int) -> str:
        return clean(self.view.own_text(row, self.ordinals[0])) if self.ordinals else ""

    def _ordinal(self, row: int) -> int | None:
        for column in self.ordinals:
            value = self.view.value(row, column)
            if type(value) is int and 0 <= value <= _MAX_ORDINAL:
                return value  # as nearly all are
            text = clean(raw_text(value))
            if ORDINAL.fullmatch(text):
                return whole_number(text.rstrip("."))
        return None


_MARK_FIELD = FormField(key="chosen", label="", type="mark", clause="", description="")
