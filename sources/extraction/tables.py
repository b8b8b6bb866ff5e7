"""The rows of a table: what is a row of data, what a total, a heading between rows, a signature
below."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from sources.extraction.cell_types import UNTYPED, raw_text
from sources.extraction.column_codes import is_column_codes, is_units_row
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.facts import Fact
from sources.extraction.header import Header
from sources.extraction.not_held import blank_not_held
from sources.extraction.row_checks import RowChecks
from sources.extraction.row_kinds import RowKind
from sources.extraction.text_classes import TextClass
from sources.extraction.totals import CHOICE_SEPARATOR, Reading
from sources.extraction.unknown_columns import HEADING_ORDINAL, UnknownColumns
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.text import clean, whole_number

_MAX_TALLY_DIGITS = 6  # of a number of rows
# Made of a tuple, in half the time of `Fact(…)`: there is one for each cell.
_fact = partial(tuple.__new__, Fact)


class TableReader(RowChecks):
    """Reads the rows under one header into facts and findings.

    `ends(row)` says that the row belongs to something else (another header, pairs of label and
    value).
    """

    def __init__(
        self, view: GridView, header: Header, vocabulary: Vocabulary, builder: ExtractBuilder
    ) -> None:
        super().__init__(view, header, vocabulary, builder)
        self.unknown_columns = UnknownColumns(view, header, self.ordinals, vocabulary, builder)
        self.dates = [i for i, slot in enumerate(self.slots) if slot.field.type == "date"]
        self.with_raised_digits = [
            i for i, slot in enumerate(self.slots) if slot.field.type in ("count", "date")
        ]
        self.data_classes, self.total_classes = _classes_of_rows(header, self.ordinals)
        self.tallied = [
            (s.column, s.field.key) for s in self.slots if s.field.type in ("mark", "date")
        ] + [
            (column.index, f"{key}{CHOICE_SEPARATOR}{column.code}")
            for key, columns in self.choices.items()
            for column, _ in columns
        ]
        self.last_ordinal = 0

    def read(self, start: int, stop: int, ends: Callable[[int], bool]) -> set[int]:
        """Reads the rows from `start` up to `stop`; returns those that it has read.

        Where pairs stand between two rows of the table, it goes on below them.
        """
        self.stop = stop
        rows_read = self._column_codes(start, stop)
        row: int | None = max(rows_read, default=start - 1) + 1
        while row is not None and row < stop:
            if ends(row):
                row = next((r for r in range(row + 1, stop) if self.fits(r) and not ends(r)), None)
                continue
            self._row(row)
            rows_read.add(row)
            row += 1
        self.totals.close()
        self.other_rows.report(at_end=True)
        self.unknown_columns.report()
        self._report_blank_marks()
        return rows_read

    def _column_codes(self, start: int, stop: int) -> set[int]:
        """The first rows under the header where these number its columns or give their units, with
        blank ones."""
        columns = range(self.header.left, self.header.right + 1)
        last = start - 1
        for row in (r for r in range(start, stop) if self.view.filled_columns(r)):
            texts = [self.view.own_text(row, c) for c in columns]
            if not is_column_codes(texts) and not is_units_row(
                texts, self.vocabulary.counts.measures
            ):
                break
            self.view.account.mark_row(
                row, bytes(self.header.left) + bytes([TextClass.LABEL]) * len(columns)
            )
            last = row
        return set(range(start, last + 1))

    def fits(self, row: int) -> bool:
        """Whether a row is plainly one of this table: it has a name, and all that is filled is
        typed."""
        readings = self._readings(row)
        filled = [r for r in readings if r.raw]
        return (
            self._is_named(readings)
            and len(filled) >= 3
            and all(r.typed is not UNTYPED for r in filled)
        )

    def _row(self, row: int) -> None:
        readings = self._readings(row) if self._holds_values(row) else []
        found = self._classify(row, readings)
        if found.rule:
            self._report_row(found.rule, row, readings)
        match found.kind:
            case RowKind.EMPTY:
                if any(self._leading_texts(row)):
                    self.totals.begin_group()
                self._keep_if_text(row)
            case RowKind.DATA:
                self.other_rows.report()
                self._add(row, readings)
                self.below_total, self.numbered = (
                    False,
                    self.numbered and self._ordinal(row) is not None,
                )
            case RowKind.TOTAL:
                self._add_total(row, readings)
                self.other_rows.follows_data, self.below_total = False, True
            case RowKind.GROUP_TOTAL:
                self.other_rows.report()
                self.totals.checkpoints.append(self.totals.sums.copy())
                self.totals.begin_group()
                self._tallies(row)
                self.view.account.mark_row(row, self.total_classes)
            case RowKind.NAME_CONTINUED:
                self._continue_name(row, readings)
            case _:
                self.totals.begin_group()
                self._keep_other_row(row, readings)

    def _add_total(self, row: int, readings: list[Reading]) -> None:
        heads = self._texts_of_heads(row, readings)
        subtotal = next(filter(self.vocabulary.lines.names_subtotal, heads), "")
        self.totals.check_total(readings, self._counts(readings) | self._tallies(row), subtotal)
        self._report_strays(readings)
        self.unknown_columns.note_total(row)
        self.view.account.mark_row(row, self._classes_of_total(row))

    def _classes_of_total(self, row: int) -> bytes:
        """The classes of a row of totals; a number below names has none yet, unless it is how many
        rows there are."""
        classes = bytearray(self.total_classes)
        for column in (self.slots[i].column for i in self.names):
            text = self.view.own_text(row, column).strip()
            if text.isdecimal():
                classes[column] = TextClass.CHECK if whole_number(text) == self.totals.rows else 0
        return bytes(classes)

    def _tally(self, readings: list[Reading]) -> dict[str, int]:
        """What a row of data adds to the number of rows with a mark, a day, a choice."""
        tally = {readings[i].field.key: 1 for i in self.marks if readings[i].typed == "true"}
        tally |= {readings[i].field.key: 1 for i in self.dates if readings[i].typed}
        if self.choices:
            tally |= {
                f"{field.key}{CHOICE_SEPARATOR}{typed}": 1
                for field, typed, _, _ in readings
                if typed and field.key in self.choices
            }
        return tally

    def _tallies(self, row: int) -> dict[str, int]:
        """In a row of totals the numbers below marks, days and choices: of how many rows they
        hold."""
        tallies = {}
        for column, key in self.tallied:
            text = self.view.own_text(row, column).strip()
            if text.isascii() and text.isdigit() and len(text) <= _MAX_TALLY_DIGITS:
                tallies[key] = int(text)
                self.view.account.mark(row, column, TextClass.CHECK)
        return tallies

    def _report_row(self, rule: str, row: int, readings: list[Reading]) -> None:
        name = next((readings[i].raw for i in self.names if readings[i].raw), "")
        column = next(
            (
                c
                for c in range(self.header.left, self.header.right + 1)
                if self.view.own_text(row, c)
            ),
            0,
        )
        self.builder.add_finding(
            rule,
            self.view.sheet,
            self.view.ref(row, column),
            section=self.section.key,
            row_name=name or None,
            value=shorten(name),
            row_word=self.section.row_word,
        )

    def _add(self, row: int, readings: list[Reading]) -> None:
        number = self.builder.next_row(self.section)
        section, sheet = self.section.key, self.view.sheet
        # sooner than a generator
        if any([raw and not isinstance(typed, str) for _, typed, raw, _ in readings]):
            readings = blank_not_held(
                readings, self.section, number, sheet, self.vocabulary, self.builder
            )
        self.builder.extract.facts += [
            _fact(
                (section, number, field.key, None if typed is UNTYPED else typed, raw, sheet, ref)
            )
            for field, typed, raw, ref in readings
        ]
        self.blank_marks = self.blank_marks and not any(readings[i].raw for i in self.marks)
        counts = self._tally(readings)
        for i in self.with_raised_digits:
            field, typed, raw, ref = readings[i]
            if not raw.isascii() and isinstance(typed, str):
                self.builder.check_raised_digits(self.section, field, raw, sheet, ref)
        for i, key in self.counts:
            _, typed, raw, _ = readings[i]
            if isinstance(typed, str):
                counts[key] = int(typed)
                if typed != raw:
                    self._check_whole(readings, readings[i])
        self._check_merged_counts(row, number, readings)
        if self.people_marks:
            self._check_people_marks(number, readings)
        self.totals.add(counts)
        self.view.account.mark_row(row, self.data_classes)
        self.last_name = readings[self.names[0]].raw if self.names else ""
        self.other_rows.follows_data = True
        for column in self.note_columns:
            self._check_note(row, number, column, readings)
        if self.unknown_columns.columns:
            self.unknown_columns.note_row(row, number, self.last_name or None)

    def _continue_name(self, row: int, readings: list[Reading]) -> None:
        """Adds the rest of a name to the row of data above."""
        rest = next(readings[i] for i in self.names if readings[i].raw)
        facts = self.builder.extract.facts
        place = next(n for n in range(len(facts) - 1, -1, -1) if facts[n].field == rest.field.key)
        whole = f"{facts[place].raw} {rest.raw}"
        facts[place] = facts[place]._replace(value=clean(whole), raw=whole)
        self.view.account.mark_row(row, self.data_classes)

    def _keep_if_text(self, row: int) -> None:
        numbered = self._ordinal(row) is not None
        if numbered:
            self._mark_ordinal(row)
        if any(self.unknown_columns.texts(row)) and not numbered:
            self._keep_other_row(row, [])
        self.other_rows.follows_data = self.other_rows.follows_data and numbered

    def _mark_ordinal(self, row: int) -> None:
        """The ordinal of a row that is not filled in, as of a form's, is a label while it counts
        on."""
        for column in self.ordinals:
            value = self.view.own(row, column)
            text = "" if value is None else clean(raw_text(value)).rstrip(".")
            if text.isdecimal() and (
                whole_number(text) == self.last_ordinal + 1 or not self.last_ordinal
            ):
                self.last_ordinal = whole_number(text)
                self.view.account.mark(row, column, TextClass.LABEL)

    def _keep_other_row(self, row: int, readings: list[Reading]) -> None:
        typed = [
            r for i in self.values if readings and (r := readings[i]).raw and r.typed is not UNTYPED
        ]
        named = bool(readings) and self._is_named(readings)
        follows_data = self.other_rows.follows_data and not self.other_rows.ends_table(row)
        values = self._is_example(row) or any(
            type(self.view.own(row, c)) in (int, float) for c in self.read_columns
        )
        values = values or any(
            r.typed not in ("0", "false") and (follows_data or r.field.type != "date")
            for r in typed
        )
        self.other_rows.keep(
            row, values, named, bool(HEADING_ORDINAL.fullmatch(self._first_ordinal(row)))
        )


def _classes_of_rows(header: Header, ordinals: Collection[int]) -> tuple[bytes, bytes]:
    """The classes of the columns in a row of data, and in a row of totals."""
    of_role = {
        "field": TextClass.VALUE,
        "choice": TextClass.VALUE,
        "ignored": TextClass.IGNORED,
        "personal": TextClass.IGNORED,
    }
    width = max(header.right, *(column.index for column in header.columns)) + 1
    data, total = bytearray(width), bytearray(width)
    for column in header.columns:
        data[column.index] = of_role.get(column.role, TextClass.UNREAD)
        total[column.index] = TextClass.UNREAD if column.role in ("unknown", "unlabelled") else 0
        field = header.section.by_key.get(column.field or "") if column.role == "field" else None
        if field and field.type == "count":
            total[column.index] = TextClass.CHECK
        elif column.role in ("ignored", "personal") or (
            field and field.key in header.section.row_key
        ):
            total[column.index] = TextClass.LABEL
    return bytes(data), bytes(total)
