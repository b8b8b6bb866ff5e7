"""The rows of a table: what is a row of data, what a total, a heading between rows, a signature below."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from sources.extraction.cell_types import UNTYPED, raw_text
from sources.extraction.column_codes import is_column_codes, is_units_row
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.facts import Fact
from sources.extraction.headers import ORDINAL_LABELS, Header
from sources.extraction.not_held import blank_not_held
from sources.extraction.note_numbers import contradicted_count
from sources.extraction.note_phrases import contradicts
from sources.extraction.other_rows import OtherRows
from sources.extraction.row_kinds import Classification, RowEvidence, RowKind, SumMatch, kind_of_row
from sources.extraction.rows import RowReader
from sources.extraction.text_classes import TextClass
from sources.extraction.totals import CHOICE_SEPARATOR, Reading, Totals
from sources.extraction.unknown_columns import HEADING_ORDINAL, UnknownColumns
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.text import clean, fold, whole_number

_MIN_ROWS_OF_BLANK_MARKS = 3
_MAX_TALLY_DIGITS = 6  # of a number of rows
_EMPTY_ROW = kind_of_row(RowEvidence())
_PLAIN_ROW = kind_of_row(
    RowEvidence(filled=3, typed=2, beyond_name=True, named=True, numbered=True)
)
_fact = partial(
    tuple.__new__, Fact
)  # of a tuple, in half the time of `Fact(…)`: one is made for each cell


class TableReader(RowReader):
    """Reads the rows under one header into facts and findings.

    `ends(row)` says that the row belongs to something else (another header, pairs of label and value).
    """

    def __init__(
        self, view: GridView, header: Header, vocabulary: Vocabulary, builder: ExtractBuilder
    ) -> None:
        super().__init__(view, header, vocabulary, builder)
        self.totals = Totals(self.section, view.sheet, builder)
        self.unknown_columns = UnknownColumns(view, header, self.ordinals, vocabulary, builder)
        self.other_rows = OtherRows(view, header, vocabulary, builder)
        self.stop = view.height
        self.below_total, self.numbered = (
            False,
            True,
        )  # a total was the last row; all rows so far have ordinals
        self.last_name = ""
        self.marks, self.dates = (
            [i for i, slot in enumerate(self.slots) if slot.field.type == kind]
            for kind in ("mark", "date")
        )
        self.raisable = [
            i for i, slot in enumerate(self.slots) if slot.field.type in ("count", "date")
        ]
        self.choice_fields = [i for i, slot in enumerate(self.slots) if slot.field.type == "choice"]
        self.data_classes, self.total_classes = _classes_of_rows(header, self.ordinals)
        self.tallied = [
            (s.index, s.field.key) for s in self.slots if s.field.type in ("mark", "date")
        ] + [
            (column.index, f"{key}{CHOICE_SEPARATOR}{column.code}")
            for key, columns in self.choices.items()
            for column, _ in columns
        ]
        self.people_marks = [
            (i, self._counts_beside(i)) for i in self.marks if self.slots[i].field.counts_people
        ]
        self.last_ordinal = 0
        self.blank_marks = True  # in no row so far does any column of marks hold anything
        self.note_columns = [
            c.index
            for c in header.columns
            if c.role == "ignored" and fold(c.label) not in ORDINAL_LABELS
        ]
        days = self.section.window.fields if self.section.window else ()
        self.days = [i for i, slot in enumerate(self.slots) if slot.field.key in days]

    def read(self, start: int, stop: int, ends: Callable[[int], bool]) -> set[int]:
        """Reads the rows from `start` up to `stop`; returns those that it has dealt with.

        Where pairs stand between two rows of the table, it goes on below them.
        """
        self.stop = stop
        taken = self._column_codes(start, stop)
        row: int | None = max(taken, default=start - 1) + 1
        while row is not None and row < stop:
            if ends(row):
                row = next((r for r in range(row + 1, stop) if self.fits(r) and not ends(r)), None)
                continue
            self._row(row)
            taken.add(row)
            row += 1
        self.totals.close()
        self.other_rows.report(at_end=True)
        self.unknown_columns.report()
        self._report_blank_marks()
        return taken

    def _report_blank_marks(self) -> None:
        """Columns of marks without one mark in a table of several rows may be marked by colours, which are not read."""
        marks = [slot for slot in self.slots if slot.field.type == "mark"]
        if self.totals.rows >= _MIN_ROWS_OF_BLANK_MARKS and len(marks) > 1 and self.blank_marks:
            self.builder.add_finding(
                "marks_all_blank",
                self.view.sheet,
                self.view.ref(self.header.bottom, marks[0].index),
                section=self.section.key,
                row_word=self.section.row_word,
            )

    def _column_codes(self, start: int, stop: int) -> set[int]:
        """The first rows under the header where these number its columns or give their units, with blank ones."""
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
        """Whether a row is plainly one of this table: it has a name, and all that is filled is typed."""
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
                self._keep_if_text(row)
            case RowKind.DATA:
                self.other_rows.report()
                self._add(row, readings)
                self.below_total, self.numbered = (
                    False,
                    self.numbered and self._ordinal(row) is not None,
                )
            case RowKind.TOTAL:
                self._take_total(row, readings)
                self.other_rows.follows_data, self.below_total = False, True
            case RowKind.GROUP_TOTAL:
                self.other_rows.report()
                self.totals.checkpoints.append(self.totals.sums.copy())
                self._tallies(row)
                self.view.account.mark_row(row, self.total_classes)
            case RowKind.NAME_CONTINUED:
                self._continue_name(row, readings)
            case _:
                self._keep_other_row(row, readings)

    def _classify(self, row: int, readings: list[Reading]) -> Classification:
        if readings and self._is_plain(row, readings):
            return _PLAIN_ROW
        filled = [r for r in readings if r.raw]
        if not filled:
            return _EMPTY_ROW
        evidence = self._evidence(row, readings, filled)
        found = kind_of_row(evidence)
        if found.kind is RowKind.DATA and not evidence.numbered:
            found = kind_of_row(evidence._replace(sums_below=self._sums_below(row, readings)))
        return found

    def _is_plain(self, row: int, readings: list[Reading]) -> bool:
        """Whether a row has an ordinal, a name and two values, as nearly all have: nothing else changes its kind."""
        if (
            row in self.view.spanned_rows
            or self._ordinal(row) is None
            or not self._is_named(readings)
        ):
            return False
        values = (1 for i in self.values if (r := readings[i]).raw and r.typed is not UNTYPED)
        return next(values, 0) + next(values, 0) > 1 and not any(
            [self.vocabulary.lines.is_total(text, True) for text in self._leading_texts(row)]
        )

    def _leading_texts(self, row: int) -> list[str]:
        cells = self.view.rows[row]
        return [v for c in self.leading if c < len(cells) and isinstance(v := cells[c], str)]

    def _evidence(self, row: int, readings: list[Reading], filled: list[Reading]) -> RowEvidence:
        typed = [r for i in self.values if (r := readings[i]).raw and r.typed is not UNTYPED]
        names, numbered = (
            sum(readings[i].raw != "" for i in self.names),
            self._ordinal(row) is not None,
        )
        named = names > 0
        leading = self._leading_texts(row)
        total_word = any(self.vocabulary.lines.is_total(text, numbered) for text in leading)
        plain = named and numbered and len(typed) > 1  # the rest of the evidence changes nothing
        evidence = RowEvidence(
            filled=len(filled),
            typed=len(typed),
            nonzero=sum(r.typed != "0" for r in typed),
            beyond_name=len(filled) > names,
            named=named,
            name_alone=len(self.section.row_key) == 1,
            numbered=numbered,
            follows_data=self.other_rows.follows_data,
            total_word=total_word,
            total_alone=total_word
            and (numbered or any(self.vocabulary.lines.is_total(text, True) for text in leading)),
            merged_line=row in self.view.spanned_rows
            and len(filled) > 1
            and len({r.ref for r in filled}) == 1,
        )
        if plain:
            return evidence
        holds_non_counts = self._holds_non_counts(readings)
        name = next((readings[i].raw for i in self.names if readings[i].raw), "")
        return evidence._replace(
            holds_non_counts=holds_non_counts,
            like_a_name=self.vocabulary.lines.begins_row_name(self.section, name)
            and not self._heads_its_kind(row, name),
            sums_above="none" if numbered else self._sums_above(readings, named, total_word),
            example=self._is_example(row),
            below_total=not numbered
            and self.below_total
            and self.numbered
            and self.totals.rows > 0
            and not holds_non_counts,
            footer=named and self.vocabulary.lines.is_footer(name),
            opens_name=self.vocabulary.lines.is_unfinished_row_name(self.section, self.last_name),
            heading_ordinal=bool(HEADING_ORDINAL.fullmatch(self._first_ordinal(row))),
        )

    def _heads_its_kind(self, row: int, name: str) -> bool:
        """Whether a name is that of the kind of the rows below it, as `Chi bộ trường học` above the schools'."""
        kinds = {
            code
            for i in self.choice_fields
            if (code := self.vocabulary.choices.listed(self.slots[i].field, name))
        }
        below = (
            next((r for r in range(row + 1, self.stop) if self._holds_values(r)), None)
            if kinds
            else None
        )
        return below is not None and any(r.typed in kinds for r in self._readings(below))

    def _take_total(self, row: int, readings: list[Reading]) -> None:
        self.totals.check_total(readings, self._counts(readings) | self._tallies(row))
        self._report_strays(readings)
        self.unknown_columns.note_total(row)
        self.view.account.mark_row(row, self._classes_of_total(row))

    def _classes_of_total(self, row: int) -> bytes:
        """The classes of a row of totals; a number below names has none yet, unless it is how many rows there are."""
        classes = bytearray(self.total_classes)
        for column in (self.slots[i].index for i in self.names):
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
        """In a row of totals the numbers below marks, days and choices: of how many rows they hold."""
        tallies = {}
        for column, key in self.tallied:
            text = self.view.own_text(row, column).strip()
            if text.isascii() and text.isdigit() and len(text) <= _MAX_TALLY_DIGITS:
                tallies[key] = int(text)
                self.view.account.mark(row, column, TextClass.CHECK)
        return tallies

    def _report_strays(self, readings: list[Reading]) -> None:
        """What stands in a row of totals and is no total, as a mark that slipped down a row, is a finding."""
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

    def _sums_above(self, readings: list[Reading], named: bool, total_word: bool) -> SumMatch:
        """Whether each count of a row without an ordinal is the sum of those above it, whatever the row is called.

        Below its days and choices a row that is called a total may say anything: `02/02`, `2 chi bộ`.
        """
        marks = [r for r in readings if r.field.type in ("date", "choice", "mark")]
        holds_non_counts = any(
            r.typed not in (None, "false") and not r.raw.strip().isdigit() for r in marks
        )
        if self.totals.rows < 2 or (holds_non_counts and not total_word):
            return "none"  # a number among marks is how many there are
        counts = self._counts(readings)
        above_zero = sum(n > 0 for n in counts.values())
        if not above_zero or not self.totals.match_sums(counts):
            return "none"
        return "certain" if len(counts) > 1 and above_zero > named else "chance"

    def _sums_below(self, row: int, readings: list[Reading]) -> SumMatch:
        """Whether a row stands above a group and gives its sums: `I | Khu trung tâm | 50`."""
        counts = {key: n for key, n in self._counts(readings).items() if n}
        numbered = bool(HEADING_ORDINAL.fullmatch(self._first_ordinal(row)))
        if not numbered and (not counts or self._holds_non_counts(readings)):
            return "none"
        adds_up = (
            bool(counts)
            and not self._holds_non_counts(readings)
            and self._adds_up_below(row, counts, 1 if numbered else 2)
        )
        if adds_up and (numbered or len(counts) > 1):
            return "certain"
        below = next((r for r in range(row + 1, self.stop) if self._holds_values(r)), None)
        return (
            "chance"
            if adds_up or (numbered and below is not None and self._ordinal(below) is not None)
            else "none"
        )

    def _adds_up_below(self, row: int, counts_of_row: dict[str, int], fewest: int) -> bool:
        sums = dict.fromkeys(counts_of_row, 0)
        found = 0
        for below in range(row + 1, self.stop):
            if not self._holds_values(below):
                continue
            counts = self._counts(self._readings(below))
            found += 1
            for key in sums:
                sums[key] += counts.get(key, 0)
            if found >= fewest and sums == counts_of_row:
                return True
            if any(sums[key] > n for key, n in counts_of_row.items()):
                return False
        return False

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
        if any(
            [raw and not isinstance(typed, str) for _, typed, raw, _ in readings]
        ):  # sooner than a generator
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
        for i in self.raisable:
            field, typed, raw, ref = readings[i]
            if not raw.isascii() and isinstance(typed, str):
                self.builder.check_raised_digits(self.section, field, raw, sheet, ref)
        for i, key in self.counts:
            _, typed, raw, _ = readings[i]
            if isinstance(typed, str):
                counts[key] = int(typed)
                if typed != raw:
                    self._check_whole(readings, readings[i])
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

    def _counts_beside(self, mark: int) -> list[int]:
        """The counts in the columns left and right of a mark's."""
        return [
            i
            for i, slot in enumerate(self.slots)
            if slot.field.type == "count" and abs(slot.index - self.slots[mark].index) == 1
        ]

    def _check_people_marks(self, number: int, readings: list[Reading]) -> None:
        """A number of people where others set a mark, beside an empty count: it may have slipped by a column."""
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

    def _check_whole(self, readings: list[Reading], reading: Reading) -> None:
        """A part of a whole (17/18) whose whole another column tells differently, or whose share is another one."""
        whole = next((r.typed for r in readings if r.field.key == reading.field.limit), None)
        self.builder.check_whole(
            self.section, reading.field, reading.raw, whole, self.view.sheet, reading.ref
        )

    def _check_note(self, row: int, number: int, column: int, readings: list[Reading]) -> None:
        """A remark beside a row that contradicts it: `Hoãn sang 20/4` beside a day."""
        note = self.view.own_text(row, column)
        took_place = any(readings[i].typed for i in self.days) if self.days else None
        if note and contradicts(note, took_place, self.vocabulary):
            self.builder.add_finding(
                "note_contradicts",
                self.view.sheet,
                self.view.ref(row, column),
                section=self.section.key,
                row=number,
                row_name=self.last_name or None,
                value=shorten(note),
                field=readings[self.days[0]].field.key if self.days else None,
            )
        elif note and (
            field := contradicted_count(note, self._counts(readings), self.section, self.vocabulary)
        ):
            self.builder.add_finding(
                "note_contradicts",
                self.view.sheet,
                self.view.ref(row, column),
                section=self.section.key,
                row=number,
                row_name=self.last_name or None,
                value=shorten(note),
                field=field.key,
            )

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
        """The ordinal of a row that is not filled in, as of a form's, is a label while it counts on."""
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
