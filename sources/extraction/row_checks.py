"""What may be wrong in a single row of a table: a count that slipped, a note that contradicts it,
blank marks."""

from __future__ import annotations

from sources.extraction.cell_types import UNTYPED
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.header import ORDINAL_LABELS, Header
from sources.extraction.note_numbers import contradicted_count
from sources.extraction.note_phrases import contradicts
from sources.extraction.row_classifier import RowClassifier
from sources.extraction.totals import Reading
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.text import fold

_MIN_ROWS_OF_BLANK_MARKS = 3


class RowChecks(RowClassifier):
    """Reports what is odd about the values of rows under one header.

    people_marks  the marks that may be numbers of people, with the counts in the columns beside
    each
    blank_marks   no row so far holds anything in a column of marks
    """

    def __init__(
        self, view: GridView, header: Header, vocabulary: Vocabulary, builder: ExtractBuilder
    ) -> None:
        super().__init__(view, header, vocabulary, builder)
        self.marks = [i for i, slot in enumerate(self.slots) if slot.field.type == "mark"]
        self.people_marks = [
            (i, self._counts_beside(i)) for i in self.marks if self.slots[i].field.counts_people
        ]
        self.blank_marks = True
        self.note_columns = [
            c.index
            for c in header.columns
            if c.role == "ignored" and fold(c.label) not in ORDINAL_LABELS
        ]
        days = self.section.window.fields if self.section.window else ()
        self.days = [i for i, slot in enumerate(self.slots) if slot.field.key in days]

    def _counts_beside(self, mark: int) -> list[int]:
        """The counts in the columns left and right of a mark's."""
        return [
            i
            for i, slot in enumerate(self.slots)
            if slot.field.type == "count" and abs(slot.column - self.slots[mark].column) == 1
        ]

    def _check_people_marks(self, number: int, readings: list[Reading]) -> None:
        """A number of people where others set a mark, beside an empty count: it may have slipped by
        a column."""
        for mark, beside in self.people_marks:
            field, typed, raw, ref = readings[mark]
            empty = next((readings[i] for i in beside if not readings[i].raw), None)
            if typed == "true" and empty and any(map(str.isdigit, raw)):
                self.builder.add_finding(
                    "count_among_marks",
                    self.view.sheet,
                    ref,
                    section=self.section.key,
                    row=number,
                    row_name=next((readings[i].raw for i in self.names if readings[i].raw), None),
                    field=empty.field.key,
                    value=shorten(raw),
                    label=field.label,
                    other=empty.field.label,
                )

    def _check_merged_counts(self, row: int, number: int, readings: list[Reading]) -> None:
        """A count in a range merged with other rows or columns: each row but the first, and each
        column but the first, has none of its own."""
        if row not in self.view.spanned_rows:
            return
        name = next((readings[i].raw for i in self.names if readings[i].raw), None)
        for i, key in self.counts:
            place = row, self.slots[i].column
            field, typed, raw, ref = readings[i]
            home = self.view.home(*place)
            if typed is not UNTYPED or not raw or home == place:
                continue
            in_rows = home[0] != row
            self.builder.add_finding(
                "count_in_merged_cell",
                self.view.sheet,
                ref,
                section=self.section.key,
                row=number,
                row_name=name,
                field=key,
                value=shorten(raw),
                label=field.label,
                over="dòng" if in_rows else "cột",
                each=(self.section.row_word or "dòng") if in_rows else "cột",
            )

    def _check_whole(self, readings: list[Reading], reading: Reading) -> None:
        """Reports a part of a whole (17/18) whose whole or share another column contradicts."""
        whole = next((r.typed for r in readings if r.field.key == reading.field.limit), None)
        self.builder.check_whole(
            self.section, reading.field, reading.raw, whole, self.view.sheet, reading.ref
        )

    def _check_note(self, row: int, number: int, column: int, readings: list[Reading]) -> None:
        """A remark beside a row that contradicts it: `Hoãn sang 20/4` beside a day."""
        note = self.view.own_text(row, column)
        if not note:
            return
        took_place = any(readings[i].typed for i in self.days) if self.days else None
        if contradicts(note, took_place, self.vocabulary):
            field = readings[self.days[0]].field if self.days else None
        else:
            field = contradicted_count(note, self._counts(readings), self.section, self.vocabulary)
            if field is None:
                return
        self.builder.add_finding(
            "note_contradicts",
            self.view.sheet,
            self.view.ref(row, column),
            section=self.section.key,
            row=number,
            row_name=self.last_name or None,
            value=shorten(note),
            field=field.key if field else None,
        )

    def _report_strays(self, readings: list[Reading]) -> None:
        """What stands in a row of totals and is no total, as a mark that slipped down a row, is a
        finding."""
        for reading in readings:
            if reading.field.type in ("date", "choice", "mark") and self._holds_non_counts(
                [reading]
            ):
                self.builder.add_finding(
                    "value_in_total_row",
                    self.view.sheet,
                    reading.ref,
                    section=self.section.key,
                    field=reading.field.key,
                    row_name="Tổng cộng",
                    value=shorten(reading.raw),
                    label=reading.field.label,
                )

    def _report_blank_marks(self) -> None:
        """Columns of marks without one mark in a table of several rows may be marked by colours,
        which are not read."""
        marks = [slot for slot in self.slots if slot.field.type == "mark"]
        if self.totals.rows >= _MIN_ROWS_OF_BLANK_MARKS and len(marks) > 1 and self.blank_marks:
            self.builder.add_finding(
                "marks_all_blank",
                self.view.sheet,
                self.view.ref(self.header.bottom, marks[0].column),
                section=self.section.key,
                row_word=self.section.row_word,
            )
