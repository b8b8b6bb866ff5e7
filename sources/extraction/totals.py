"""Rows of totals: compared with the rows that they add up, below or above, and never read as
data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sources.extraction.cell_types import Typed
from sources.extraction.extract_builder import ExtractBuilder, Sums, shorten
from sources.form import FormField, Section

CHOICE_SEPARATOR = (
    ":"  # between a choice's field and its code, in the sums of how many rows make that choice
)
# it does not say which rows it adds up, so no sum is named
_DIFFERENCE_OF_SUBTOTAL = (
    "Dòng “{name}” ghi “{label}” là {total}, không bằng tổng các dòng của phần đó. Số liệu tổng hợp "
    "lấy theo các dòng."
)


class Reading(NamedTuple):
    """One field of one row: its canonical text, BLANK or UNTYPED; as it stands; and where."""

    field: FormField
    typed: Typed
    raw: str
    ref: str


class _PendingTotal(NamedTuple):
    """A row of totals that may add up the rows below it; `at` are the sums where it stands."""

    readings: list[Reading]
    printed: dict[str, int]
    subtotal: str
    starts: tuple[Sums, ...]
    at: Sums


class Totals:
    """The sums of one table so far, and the totals that the file prints for it.

    start, last, group  the sums where the table began, at its last total, at its last heading
    """

    def __init__(self, section: Section, sheet: str, builder: ExtractBuilder) -> None:
        self.section, self.sheet, self.builder = section, sheet, builder
        self.sums = builder.section_sums(section)
        self.start = self.last = self.group = self.sums.copy()
        self.pending: list[_PendingTotal] = []
        self.checkpoints: list[Sums] = []

    @property
    def rows(self) -> int:
        """How many rows of data the table has had so far."""
        return self.sums.rows - self.start.rows

    def add(self, counts: dict[str, int]) -> None:
        """Adds a row of data."""
        self.sums.add(counts)

    def match_sums(self, counts: dict[str, int]) -> bool:
        """Whether each count is the sum of those above it in the table."""
        return all(n == self.sums.since(self.start, key) for key, n in counts.items())

    def match_any_sums(self, counts: dict[str, int]) -> bool:
        """Whether each count is the sum of several rows above it: of all of the table, of those
        since its last total, or of those below its last heading."""
        return any(
            all(n == self.sums.since(start, key) for key, n in counts.items())
            for start in (self.start, self.last, self.group)
            if self.sums.rows - start.rows > 1
        )

    def begin_group(self) -> None:
        """Notes that a heading stands here, above rows of data."""
        self.group = self.sums.copy()

    def check_total(
        self, readings: list[Reading], printed: dict[str, int], subtotal: str = ""
    ) -> None:
        """Checks a row of totals: of the rows since the last one, of its group, of the table, or of
        all tables of the section so far. `subtotal` is the name of a total of some rows.

        A total with no row above it is compared with the rows below it, at the table's end.
        """
        self.checkpoints.append(self.sums.copy())
        if any(printed.values()) and (
            self.match_sums(printed) or all(n == self.sums.of(key) for key, n in printed.items())
        ):
            self.builder.rows_summed[self.section.key] = self.sums.rows
        self._note_matches(printed)
        if self.pending or (self.sums.rows == self.last.rows and not self._agree(printed)):
            self.pending.append(
                _PendingTotal(readings, printed, subtotal, self._starts(), self.sums.copy())
            )
        else:
            for key, total in printed.items():
                if total not in self._sums_of(key, self._starts(), self.sums):
                    self._report_difference(key, readings, subtotal)
        self.last = self.sums.copy()

    def close(self) -> None:
        """Compares the totals that stood above their rows with these."""
        for readings, printed, subtotal, starts, at in self.pending if self.rows else ():
            if any(printed.values()) and self.match_sums(printed):
                self.builder.rows_summed[self.section.key] = self.sums.rows
            self._note_matches(printed)
            for key, total in printed.items():
                below = {
                    end.since(at, key)
                    for end in (*self.checkpoints, self.sums)
                    if end.rows > at.rows
                }
                above = self._sums_of(key, starts, at) if at.rows > self.start.rows else ()
                if total not in {*above, *self._sums_of(key, (), self.sums), *below}:
                    self._report_difference(key, readings, subtotal)
        self.pending, self.checkpoints = [], []

    def _note_matches(self, printed: dict[str, int]) -> None:
        """Notes the columns whose total is the sum of all rows of the section so far."""
        for key, total in printed.items():
            if total and total == self.sums.of(key):
                self.builder.totals_matched[self.section.key, key] = self.sums.rows

    def _agree(self, printed: dict[str, int]) -> bool:
        return all(
            total in self._sums_of(key, self._starts(), self.sums) for key, total in printed.items()
        )

    def _starts(self) -> tuple[Sums, ...]:
        """Where the rows that a total adds up may begin, besides the table's first."""
        return (self.last, self.group) if self.group.rows < self.sums.rows else (self.last,)

    def _sums_of(self, key: str, starts: Iterable[Sums], at: Sums) -> Iterable[int]:
        return at.of(key), *(at.since(start, key) for start in (self.start, *starts))

    def _report_difference(self, key: str, readings: list[Reading], subtotal: str) -> None:
        reading = next(r for r in readings if r.field.key == key.partition(CHOICE_SEPARATOR)[0])
        self.builder.add_finding(
            "totals_differ",
            self.sheet,
            reading.ref,
            section=self.section.key,
            field=reading.field.key,
            row_name=shorten(subtotal) or "Tổng cộng",
            value=reading.raw,
            message=_DIFFERENCE_OF_SUBTOTAL.format(
                name=shorten(subtotal), label=reading.field.label, total=shorten(reading.raw)
            )
            if subtotal
            else f"Dòng tổng cộng ghi “{reading.field.label}” là {shorten(reading.raw)}, cộng các dòng là "
            f"{self.sums.since(self.start, key)}. Số liệu tổng hợp lấy theo các dòng.",
        )
