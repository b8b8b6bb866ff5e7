"""The rows of a table: what is a row of data, what a total, a heading between rows, a signature below."""

from __future__ import annotations

from collections.abc import Callable

from sources.extraction.cell_types import UNTYPED
from sources.extraction.collected import Collected, shorten
from sources.extraction.dictionary import Dictionary
from sources.extraction.facts import Fact
from sources.extraction.headers import Header
from sources.extraction.loose_rows import LooseRows
from sources.extraction.not_held import settle_blanks
from sources.extraction.rows import RowReader
from sources.extraction.totals import Reading, Totals
from sources.extraction.unknown_columns import HEADING_ORDINAL, UnknownColumns
from sources.extraction.view import GridView


class TableReader(RowReader):
    """Reads the rows under one header into facts and findings.

    `ends(row)` says that the row belongs to something else (another header, pairs of label and value).
    """

    def __init__(self, view: GridView, header: Header, words: Dictionary, collected: Collected) -> None:
        super().__init__(view, header, words, collected)
        self.totals = Totals(self.section, view.sheet, collected)
        self.unknown_columns = UnknownColumns(view, header, self.ordinals, words, collected)
        self.loose = LooseRows(view, header, words, collected)
        self.stop = view.height
        self.below_total, self.numbered = False, True   # a total was the last row; all rows so far have ordinals

    def read(self, start: int, stop: int, ends: Callable[[int], bool]) -> set[int]:
        """Reads the rows from `start` up to `stop`; returns those that it has dealt with.

        Where pairs stand between two rows of the table, it goes on below them.
        """
        self.stop = stop
        taken = {start} if start < stop and self._is_index(start) else set()
        row: int | None = start + len(taken)
        while row is not None and row < stop:
            if ends(row):
                row = next((r for r in range(row + 1, stop) if self.fits(r) and not ends(r)), None)
                continue
            self._row(row)
            taken.add(row)
            row += 1
        self.totals.close()
        self.loose.report(at_end=True)
        self.unknown_columns.report()
        return taken

    def fits(self, row: int) -> bool:
        """Whether a row is plainly one of this table: it has a name, and all that is filled is typed."""
        readings = self._readings(row)
        filled = [r for r in readings if r.raw]
        return self._is_named(readings) and len(filled) >= 3 and all(r.typed is not UNTYPED for r in filled)

    def _row(self, row: int) -> None:
        readings = self._readings(row) if self._holds_values(row) else []
        filled = [r for r in readings if r.raw]
        if not filled:
            self._keep_if_text(row)
            return
        typed = [r for i in self.values if (r := readings[i]).raw and r.typed is not UNTYPED]
        named, ordinal = self._is_named(readings), self._ordinal(row)
        if self._is_total(row, readings, named, ordinal is not None):
            self.totals.tell(readings, self._counts(readings))
            self._report_strays(readings)
            self.loose.adjoins, self.below_total = False, True
        elif self._is_data(row, filled, typed, named) and not self._is_none(row, filled, ordinal) and not (
                ordinal is None and self._is_below_total(readings)):
            self.loose.report()
            if ordinal is not None or not self._heads_group(row, readings):
                self._add(row, readings)
                self.below_total, self.numbered = False, self.numbered and ordinal is not None
        else:
            self._keep_loose(row, typed, named)

    def _is_none(self, row: int, filled: list[Reading], ordinal: int | None) -> bool:
        """Whether a row holds one merged cell alone, a line between the rows, or shows how a row is filled in."""
        if row in self.view.spanned_rows and len(filled) > 1 and len({r.ref for r in filled}) == 1:
            return True
        return ordinal is None and self._is_example(row)

    def _is_below_total(self, readings: list[Reading]) -> bool:
        """Whether a row without an ordinal below the total of numbered ones is none of them: a share, last year's."""
        return self.below_total and self.numbered and self.totals.rows > 0 and not self._says_more(readings)

    def _is_data(self, row: int, filled: list[Reading], typed: list[Reading], named: bool) -> bool:
        if not named:
            return len([r for r in typed if r.typed != "0"]) >= 2
        if len(typed) > 1:
            return True
        if any(r.field.key not in self.section.row_key for r in filled):
            return not self.words.is_footer(next(r.raw for r in filled if r.field.key in self.section.row_key))
        return len(self.section.row_key) == 1 and self._ordinal(row) is not None

    def _is_total(self, row: int, readings: list[Reading], named: bool, numbered: bool) -> bool:
        leading = [self.view.own(row, c) for c in self.leading]
        if any(self.words.is_total(text, numbered) for text in leading if isinstance(text, str)):
            return numbered or not self._says_more(readings) or any(
                self.words.is_total(text, True) for text in leading if isinstance(text, str))
        return not numbered and self._is_total_by_sum(row, readings, named)

    def _report_strays(self, readings: list[Reading]) -> None:
        """What stands in a row of totals and is no total, as a mark that slipped down a row, is said."""
        for reading in readings:
            if reading.field.type in ("date", "choice", "mark") and self._says_more([reading]):
                self.collected.finding(
                    "value_in_total_row", self.view.sheet, reading.ref, section=self.section.key,
                    field=reading.field.key,
                    row_name="Tổng cộng", value=shorten(reading.raw), label=reading.field.label)

    def _is_total_by_sum(self, row: int, readings: list[Reading], named: bool) -> bool:
        """A row without an ordinal of which every count is the sum of those above is a total, whatever it is called."""
        if self.totals.rows < 2 or any(r.typed not in (None, "false") and not r.raw.strip().isdigit() for r in readings
                                       if r.field.type in ("date", "choice", "mark")):
            return False   # a number among marks is how many there are
        counts = self._counts(readings)
        telling = sum(n > 0 for n in counts.values())
        if not telling or not self.totals.are_sums(counts):
            return False
        if len(counts) > 1 and telling > named:
            if named:
                self._say_taken_for_total(row, readings)
            return True
        self._report_row("row_may_be_total", row, readings)
        return False

    def _heads_group(self, row: int, readings: list[Reading]) -> bool:
        """A row above a group that gives its sums (`I | Khu trung tâm | 50`) is none of the rows that are counted.

        Where it looks like one and its numbers are not the sums, it counts, and that is said.
        """
        told = {key: n for key, n in self._counts(readings).items() if n}
        numbered = bool(HEADING_ORDINAL.fullmatch(self._first_ordinal(row)))
        if not numbered and (not told or self._says_more(readings)):
            return False
        adds_up = bool(told) and not self._says_more(readings) and self._adds_up_below(row, told, 1 if numbered else 2)
        if adds_up and (numbered or len(told) > 1):
            self.totals.ends.append(self.totals.sums.copy())
            if not numbered:
                self._say_taken_for_total(row, readings)
            return True
        below = next((r for r in range(row + 1, self.stop) if self._holds_values(r)), None)
        if adds_up or (numbered and below is not None and self._ordinal(below) is not None):
            self._report_row("row_may_be_total", row, readings)
        return False

    def _adds_up_below(self, row: int, told: dict[str, int], fewest: int) -> bool:
        sums = dict.fromkeys(told, 0)
        found = 0
        for below in range(row + 1, self.stop):
            if not self._holds_values(below):
                continue
            counts = self._counts(self._readings(below))
            found += 1
            for key in sums:
                sums[key] += counts.get(key, 0)
            if found >= fewest and sums == told:
                return True
            if any(sums[key] > n for key, n in told.items()):
                return False
        return False

    def _say_taken_for_total(self, row: int, readings: list[Reading]) -> None:
        self._report_row("row_taken_for_total", row, readings)

    def _report_row(self, rule: str, row: int, readings: list[Reading]) -> None:
        name = next((readings[i].raw for i in self.names if readings[i].raw), "")
        column = next((c for c in range(self.header.left, self.header.right + 1) if self.view.own_text(row, c)), 0)
        self.collected.finding(rule, self.view.sheet, self.view.ref(row, column), section=self.section.key,
                               row_name=name or None, value=shorten(name), row_word=self.section.row_word)

    def _add(self, row: int, readings: list[Reading]) -> None:
        number = self.collected.next_row(self.section)
        section, sheet = self.section.key, self.view.sheet
        if any(r.raw and not isinstance(r.typed, str) for r in readings):
            readings = settle_blanks(readings, self.section, sheet, self.words, self.collected)
        self.collected.extract.facts += [
            Fact(section, number, field.key, None if typed is UNTYPED else typed, raw, sheet, ref)
            for field, typed, raw, ref in readings]
        counts = {}
        for i, key in self.counts:
            _, typed, raw, _ = readings[i]
            if isinstance(typed, str):
                counts[key] = int(typed)
                if typed != raw:
                    self._check_whole(readings, readings[i])
                    self.collected.check_raised(self.section, readings[i].field, raw, sheet, readings[i].ref)
        self.totals.add(counts)
        self.loose.adjoins = True
        if self.unknown_columns.columns:
            self.unknown_columns.note(row, number, readings[self.names[0]].raw if self.names else None)

    def _check_whole(self, readings: list[Reading], reading: Reading) -> None:
        """A part of a whole (17/18) whose whole another column tells differently, or whose share is another one."""
        whole = next((r.typed for r in readings if r.field.key == reading.field.limit), None)
        self.collected.check_whole(self.section, reading.field, reading.raw, whole, self.view.sheet, reading.ref)

    def _keep_if_text(self, row: int) -> None:
        numbered = self._ordinal(row) is not None
        if any(self.unknown_columns.texts(row)) and not numbered:
            self._keep_loose(row, [], named=False)
        self.loose.adjoins = self.loose.adjoins and numbered

    def _keep_loose(self, row: int, typed: list[Reading], named: bool) -> None:
        adjoins = self.loose.adjoins and not self.loose.ends_table(row)
        values = self._is_example(row) or any(type(self.view.own(row, c)) in (int, float) for c in self.read_columns)
        values = values or any(r.typed not in ("0", "false") and (adjoins or r.field.type != "date") for r in typed)
        self.loose.keep(row, values, named, bool(HEADING_ORDINAL.fullmatch(self._first_ordinal(row))))
