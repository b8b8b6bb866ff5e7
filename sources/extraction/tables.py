"""The rows of a table: what is a row of data, what a total, a heading between rows, a signature below."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from sources.extraction.cell_types import UNTYPED, Typed, raw_text, shown, typer_of
from sources.extraction.collected import Collected, shorten
from sources.extraction.dictionary import Dictionary
from sources.extraction.facts import Fact
from sources.extraction.headers import Column, Header
from sources.extraction.view import GridView
from sources.form import FormField
from sources.grids import Value
from sources.text import clean, fold

_ORDINAL = re.compile(r"\d{1,4}\.?")
_MOST_ORDINAL = 9999
_HEADING_ORDINAL = re.compile(r"(?:[IVXLC]{1,5}|[A-Z])[.)]?")
_BRACKETED = re.compile(r"\(\d{1,2}\)")
_INDEX = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?")


class Reading(NamedTuple):
    """One field of one row: its canonical text, BLANK or UNTYPED; as it stands; and where."""

    field: FormField
    typed: Typed
    raw: str
    ref: str


class Slot(NamedTuple):
    """A field and the column that it is read from; `cell` types a value and gives its raw text."""

    field: FormField
    index: int
    blank: Typed
    cell: Callable[[Value], tuple[Typed, str]]


class Loose(NamedTuple):
    """A row that is none of the table: its text, where it stands, and whether it holds numbers of the table."""

    text: str
    ref: str
    numbers: bool
    heading: bool


class TableReader:
    """Reads the rows under one header into facts and findings.

    `ends(row)` says that the row belongs to something else (another header, pairs of label and value).
    """

    def __init__(self, view: GridView, header: Header, words: Dictionary, collected: Collected) -> None:
        self.view, self.header, self.words, self.collected = view, header, words, collected
        self.section = header.section
        self.slots = [self._slot(c, self.section.by_key[c.field])
                      for c in header.columns if c.role == "field" and c.field]
        self.choices: dict[str, list[tuple[Column, Slot]]] = {}
        for column in (c for c in header.columns if c.role == "choice"):
            self.choices.setdefault(column.field or "", []).append((column, self._slot(column, _MARK)))
        fields = [s.field for s in self.slots] + [self.section.by_key[key] for key in self.choices]
        self.names = [i for i, f in enumerate(fields) if f.key in self.section.row_key]
        self.values = [i for i, f in enumerate(fields) if f.type != "text" and i not in self.names]
        self.counts = [(i, f.key) for i, f in enumerate(fields) if f.type == "count"]
        self.read_columns = [c.index for c in header.columns if c.role in ("field", "choice")]
        self.others = [c for c in header.columns if c.role in ("unknown", "unlabelled")]
        self.ordinals = [c.index for c in header.columns if c.role == "ignored" or (
            c.role == "unlabelled" and c.index < min(s.index for s in self.slots))]
        self.leading = self._leading_columns()
        self.sums = collected.section_sums(self.section)
        self.at_start = self.at_total = self.sums.copy()
        self.loose: list[Loose] = []
        self.strangers: dict[int, int] = {}

    def read(self, start: int, stop: int, ends: Callable[[int], bool]) -> int:
        """Reads the rows from `start` up to `stop`; returns the row after the last that it has dealt with."""
        row = start + 1 if start < stop and self._is_index(start) else start
        while row < stop and not ends(row):
            self._row(row)
            row += 1
        self._report_loose(at_end=True)
        self._report_columns()
        return row

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
        named = self._is_named(readings)
        if self._is_total(row, readings, named):
            self._check_total(readings)
        elif self._is_data(row, filled, typed, named):
            self._report_loose()
            self._add(row, readings)
        else:
            self._keep_loose(row, typed)

    def _is_named(self, readings: list[Reading]) -> bool:
        return any(readings[i].raw for i in self.names)

    def _holds_values(self, row: int) -> bool:
        """A cheap look before the thorough one: a template's rows hold an ordinal and nothing else."""
        if row in self.view.spanned_rows:
            return True
        cells = self.view.rows[row]
        return any(c < len(cells) and cells[c] is not None for c in self.read_columns)

    def _is_data(self, row: int, filled: list[Reading], typed: list[Reading], named: bool) -> bool:
        if not named:
            return len([r for r in typed if r.typed != "0"]) >= 2
        if len(typed) > 1:
            return True
        if any(r.field.key not in self.section.row_key for r in filled):
            return not self.words.is_footer(next(r.raw for r in filled if r.field.key in self.section.row_key))
        return len(self.section.row_key) == 1 and self._ordinal(row) is not None

    def _is_total(self, row: int, readings: list[Reading], named: bool) -> bool:
        numbered = self._ordinal(row) is not None
        leading = [self.view.own(row, c) for c in self.leading]
        if any(self.words.is_total(text, numbered) for text in leading if isinstance(text, str)):
            return True
        return not numbered and self._is_total_by_sum(readings, named)

    def _leading_columns(self) -> list[int]:
        """Where the word that heads a row of totals may stand: before the first count, or in the row's name."""
        keys = {s.index for s in self.slots if s.field.key in self.section.row_key}
        first_count = min((s.index for s in self.slots if s.field.type == "count"), default=self.header.left)
        return sorted({*self.ordinals, *keys, *range(self.header.left, first_count)})

    def _is_total_by_sum(self, readings: list[Reading], named: bool) -> bool:
        """A row without an ordinal of which every count is the sum of those above is a total, whatever it is called."""
        if self.sums.rows - self.at_start.rows < 2 or any(r.typed not in (None, "false") for r in readings
                                         if r.field.type in ("date", "choice", "mark")):
            return False
        counts = self._counts(readings)
        different = [k for k, n in counts.items() if n != self.sums.since(self.at_start, k)]
        return len(counts) >= (3 if named else 2) and not different and any(counts.values())

    def _check_total(self, readings: list[Reading]) -> None:
        """A total may be of the rows since the last one, of this table, or of all tables of the section so far."""
        told = self._counts(readings) if self.sums.rows > self.at_start.rows else {}
        for reading in readings:
            key = reading.field.key
            in_table = self.sums.since(self.at_start, key)
            if key in told and told[key] not in (in_table, self.sums.since(self.at_total, key), self.sums.of(key)):
                self.collected.finding(
                    "totals_differ", self.view.sheet, reading.ref, section=self.section.key, field=reading.field.key,
                    row_name="Tổng cộng", value=reading.raw,
                    message=f"Dòng tổng cộng ghi “{reading.field.label}” là {shorten(reading.raw)}, cộng các dòng là "
                            f"{in_table}. Số liệu tổng hợp lấy theo các dòng.")
        self.at_total = self.sums.copy()

    def _add(self, row: int, readings: list[Reading]) -> None:
        number = self.collected.next_row(self.section)
        section, sheet = self.section.key, self.view.sheet
        self.collected.extract.facts += [
            Fact(section, number, field.key, None if typed is UNTYPED else typed, raw, sheet, ref)
            for field, typed, raw, ref in readings]
        self.sums.add(self._counts(readings))
        self._note_strangers(row, number, readings)

    def _readings(self, row: int) -> list[Reading]:
        plain = row not in self.view.spanned_rows and not self.view.grid.raw
        readings = self._plain_readings(row) if plain else [self._reading(row, slot) for slot in self.slots]
        return readings + [self._chosen(row, self.section.by_key[k], columns) for k, columns in self.choices.items()]

    def _plain_readings(self, row: int) -> list[Reading]:
        """What `_reading` says of a row without merged ranges and converted texts, as nearly all rows are: sooner."""
        readings = []
        cells, ref = self.view.rows[row], self.view.grid.ref
        for field, column, blank, cell in self.slots:
            value = cells[column] if column < len(cells) else None
            typed, raw = (blank, "") if value is None else cell(value)
            readings.append(Reading(field, typed, raw, ref(row, column)))
        return readings

    def _reading(self, row: int, slot: Slot) -> Reading:
        home = self.view.home(row, slot.index)
        value = self.view.own(*home)
        if value is None or home[0] <= self.header.bottom:
            return Reading(slot.field, slot.blank, "", self.view.grid.ref(row, slot.index))
        typed, raw = slot.cell(value)
        if home in self.view.grid.raw:
            raw = shown(self.view.raw(*home))
        if slot.field.type == "count" and home != (row, slot.index):
            typed = UNTYPED  # one number over several rows or columns: whose it is, the file does not say
        return Reading(slot.field, typed, raw, self.view.grid.ref(*home))

    def _slot(self, column: Column, field: FormField) -> Slot:
        year = self.words.campaign.campaign.year
        return Slot(field, column.index, "false" if field.type == "mark" else None, typer_of(field, self.words, year))

    def _counts(self, readings: list[Reading]) -> dict[str, int]:
        return {key: int(typed) for i, key in self.counts if isinstance(typed := readings[i].typed, str)}

    def _chosen(self, row: int, field: FormField, columns: list[tuple[Column, Slot]]) -> Reading:
        """A choice of which each value has a column of its own, marked."""
        marks = [(c, self._reading(row, slot)) for c, slot in columns]
        said = [(c, r) for c, r in marks if r.typed != "false"]
        if not said:
            return Reading(field, None, "", marks[0][1].ref)
        column, reading = said[0]
        if len(said) > 1 or reading.typed is UNTYPED:
            return Reading(field, UNTYPED, " / ".join(f"{c.label}: {r.raw}" for c, r in said), reading.ref)
        return Reading(field, column.code, reading.raw, reading.ref)

    def _ordinal(self, row: int) -> int | None:
        for column in self.ordinals:
            value = self.view.value(row, column)
            if type(value) is int and 0 <= value <= _MOST_ORDINAL:
                return value  # as nearly all are
            text = clean(raw_text(value))
            if _ORDINAL.fullmatch(text):
                return int(text.rstrip("."))
        return None

    def _is_index(self, row: int) -> bool:
        """Whether the row numbers the columns: (1) (2) (3) … or A B 1 2 …"""
        texts = [clean(self.view.own_text(row, c.index)) for c in self.header.columns]
        texts = [t for t in texts if t]
        if sum(_BRACKETED.fullmatch(t) is not None for t in texts) >= 3:
            return True
        if len(texts) < 3 or not all(_INDEX.fullmatch(t) for t in texts):
            return False
        numbers = [int(d) for t in texts if (d := t.strip("()")).isdigit()]
        return len(numbers) >= 2 and all(b - a == 1 for a, b in pairwise(numbers))

    def _keep_if_text(self, row: int) -> None:
        texts = [self.view.own_text(row, c.index) for c in self.others]
        if any(texts) and self._ordinal(row) is None:
            self._keep_loose(row, [])

    def _keep_loose(self, row: int, typed: list[Reading]) -> None:
        columns = [c for c in range(self.header.left, self.header.right + 1) if self.view.own_text(row, c)]
        if not columns:
            return
        ordinal = clean(self.view.own_text(row, self.ordinals[0])) if self.ordinals else ""
        merged = self.view.span(row, columns[0]) is not None
        text = " ".join(self.view.own_text(row, c) for c in columns)
        heading = bool(_HEADING_ORDINAL.fullmatch(ordinal)) or merged or fold(text) in self.words.headings
        self.loose.append(Loose(text, self.view.ref(row, columns[0]), _holds_numbers(typed), heading))

    def _report_loose(self, at_end: bool = False) -> None:
        """Rows between data that are no headings are said; below the last row, only those that hold numbers."""
        for loose in self.loose:
            if loose.numbers if at_end else not loose.heading:
                self.collected.finding(
                    "label_unknown", self.view.sheet, loose.ref, section=self.section.key, value=shorten(loose.text),
                    message=f"Dòng “{shorten(loose.text)}” không phải dòng số liệu hay dòng tổng cộng nên không được "
                            f"tính. Nếu là một {self.section.row_word}, đề nghị ghi đủ tên và số liệu.")
        self.loose = []

    def _note_strangers(self, row: int, number: int, readings: list[Reading]) -> None:
        """What stands under a header that nobody knows is not dropped without a word."""
        name = readings[self.names[0]].raw if self.names else None
        for column in self.others:
            text = self.view.own_text(row, column.index)
            if not text:
                continue
            self.strangers[column.index] = self.strangers.get(column.index, 0) + 1
            if column.field and column.field not in self.header.keys:
                self.collected.finding(
                    "label_unknown", self.view.sheet, self.view.ref(row, column.index), section=self.section.key,
                    row=number, row_name=name, field=column.field, value=shorten(text),
                    message=f"Cột “{shorten(column.label)}” không có trong mẫu nên giá trị này không được đọc; gần "
                            f"nhất là “{self.section.by_key[column.field].label}”. Đề nghị ghi tên cột theo mẫu.")

    def _report_columns(self) -> None:
        for column in self.header.columns:
            message = self._column_message(column)
            if message:
                rule = "personal_names_skipped" if column.role == "personal" else "label_unknown"
                self.collected.finding(rule, self.view.sheet, column.ref, section=self.section.key, field=column.field,
                                       value=shorten(column.label) if column.label else None, message=message)

    def _column_message(self, column: Column) -> str | None:
        label = shorten(column.label)
        near = f"; gần nhất là “{self.section.by_key[column.field].label}”" if column.field else ""
        if column.typo:
            meant = self.section.by_key[column.field or ""].label
            return f"Tên cột “{label}” được hiểu là “{meant}”. Đề nghị kiểm tra."
        if column.role == "personal":
            return f"Cột “{label}” ghi thông tin cá nhân: không đọc và không lưu. Báo cáo không cần họ tên."
        if column.role == "unknown" and self.strangers.get(column.index):
            return f"Cột “{label}” không có trong mẫu nên không được đọc{near}."
        if column.role == "unlabelled" and self.strangers.get(column.index) and column.index not in self.ordinals:
            return "Cột không có tên mà có dữ liệu: không được đọc. Đề nghị ghi tên cột theo mẫu."
        return None


_MARK = FormField(key="chosen", label="", type="mark", clause="", description="")


def _holds_numbers(typed: list[Reading]) -> bool:
    return any(r.field.type == "count" and isinstance(r.typed, str) and int(r.typed) for r in typed)
