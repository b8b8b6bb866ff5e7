"""The rows of a table: what is a row of data, what a total, a heading between rows, a signature below."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from sources.extraction.cell_types import UNTYPED, Typed, raw_text, type_value
from sources.extraction.collected import Collected, Sums, shorten
from sources.extraction.dictionary import Dictionary
from sources.extraction.facts import Fact
from sources.extraction.headers import Column, Header
from sources.extraction.view import GridView
from sources.form import FormField
from sources.text import clean, fold

_ORDINAL = re.compile(r"\d{1,4}\.?")
_HEADING_ORDINAL = re.compile(r"(?:[IVXLC]{1,5}|[A-Z])[.)]?")
_BRACKETED = re.compile(r"\(\d{1,2}\)")
_INDEX = re.compile(r"\(?(?:\d{1,2}|[A-Za-z])\)?")


class Reading(NamedTuple):
    """One field of one row: its canonical text, BLANK or UNTYPED; as it stands; and where."""

    field: FormField
    typed: Typed
    raw: str
    ref: str


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
        self.year = words.campaign.campaign.year
        self.fields = [(c, self.section.by_key[c.field]) for c in header.columns if c.role == "field" and c.field]
        self.choices = _by_field([c for c in header.columns if c.role == "choice"])
        self.read_columns = [c.index for c in header.columns if c.role in ("field", "choice")]
        self.others = [c for c in header.columns if c.role in ("unknown", "unlabelled")]
        self.ordinals = [c.index for c in header.columns if c.role == "ignored" or (
            c.role == "unlabelled" and c.index < min(f.index for f, _ in self.fields))]
        self.leading = self._leading_columns()
        self.since_total, self.in_table = Sums(), Sums()
        self.loose: list[Loose] = []
        self.last_ordinal = 0
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
        named = any(r.field.key in self.section.row_key and r.raw for r in readings)
        return named and len(filled) >= 3 and all(r.typed is not UNTYPED for r in filled)

    def _row(self, row: int) -> None:
        readings = self._readings(row) if self._holds_values(row) else []
        filled = [r for r in readings if r.raw]
        if not filled:
            self._keep_if_text(row)
            return
        typed = [r for r in filled if r.field.type != "text" and r.typed is not UNTYPED
                 and r.field.key not in self.section.row_key]
        named = any(r.field.key in self.section.row_key and r.raw for r in readings)
        if self._is_total(row, readings, named):
            self._check_total(readings)
        elif self._is_data(row, filled, typed, named):
            self._report_loose()
            self._add(row, readings)
        else:
            self._keep_loose(row, typed)

    def _holds_values(self, row: int) -> bool:
        """A cheap look before the thorough one: a template's rows hold an ordinal and nothing else."""
        if row in self.view.spanned_rows:
            return True
        cells = self.view.rows[row]
        return any(c < len(cells) and cells[c] is not None for c in self.read_columns)

    def _is_data(self, row: int, filled: list[Reading], typed: list[Reading], named: bool) -> bool:
        if not named:
            return len([r for r in typed if r.typed != "0"]) >= 2
        if any(r.field.key not in self.section.row_key for r in filled):
            name = next(r.raw for r in filled if r.field.key in self.section.row_key)
            return len(typed) > 1 or not self.words.is_footer(name)
        return len(self.section.row_key) == 1 and self._ordinal(row) is not None

    def _is_total(self, row: int, readings: list[Reading], named: bool) -> bool:
        numbered = self._ordinal(row) is not None
        leading = [self.view.own_text(row, c) for c in self.leading]
        if any(self.words.is_total(text, numbered) for text in leading if text):
            return True
        return not numbered and self._is_total_by_sum(readings, named)

    def _leading_columns(self) -> list[int]:
        """Where the word that heads a row of totals may stand: before the first count, or in the row's name."""
        keys = {c.index for c, f in self.fields if f.key in self.section.row_key}
        first_count = min((c.index for c, f in self.fields if f.type == "count"), default=self.header.left)
        return sorted({*self.ordinals, *keys, *range(self.header.left, first_count)})

    def _is_total_by_sum(self, readings: list[Reading], named: bool) -> bool:
        """A row without an ordinal of which every count is the sum of those above is a total, whatever it is called."""
        if self.in_table.rows < 2 or any(r.typed not in (None, "false") for r in readings
                                         if r.field.type in ("date", "choice", "mark")):
            return False
        counts = _counts(readings)
        different = [k for k, n in counts.items() if n != self.in_table.by_field[k]]
        return len(counts) >= (3 if named else 2) and not different and any(counts.values())

    def _check_total(self, readings: list[Reading]) -> None:
        """A total may be of the rows since the last one, of this table, or of all tables of the section so far."""
        sums = (self.since_total, self.in_table, self.collected.section_sums(self.section))
        for reading in readings:
            stated = _count(reading)
            if stated is None or not self.in_table.rows:
                continue
            if all(stated != s.by_field[reading.field.key] for s in sums):
                self.collected.finding(
                    "totals_differ", self.view.sheet, reading.ref, section=self.section.key, field=reading.field.key,
                    row_name="Tổng cộng", value=reading.raw,
                    message=f"Dòng tổng cộng ghi “{reading.field.label}” là {shorten(reading.raw)}, cộng các dòng là "
                            f"{self.in_table.by_field[reading.field.key]}. Số liệu tổng hợp lấy theo các dòng.")
        self.since_total = Sums()

    def _add(self, row: int, readings: list[Reading]) -> None:
        number = self.collected.next_row(self.section)
        for reading in readings:
            value = None if reading.typed is UNTYPED else reading.typed
            self.collected.extract.facts.append(Fact(
                self.section.key, number, reading.field.key, value, reading.raw, self.view.sheet, reading.ref))
        counts = _counts(readings)
        for sums in (self.since_total, self.in_table, self.collected.section_sums(self.section)):
            sums.add(counts)
        self.last_ordinal = self._ordinal(row) or self.last_ordinal
        self._note_strangers(row, number, readings)

    def _readings(self, row: int) -> list[Reading]:
        readings = [self._reading(row, c, f) for c, f in self.fields]
        return readings + [self._chosen(row, self.section.by_key[k], columns) for k, columns in self.choices.items()]

    def _reading(self, row: int, column: Column, field: FormField) -> Reading:
        home = self.view.home(row, column.index)
        value = self.view.own(*home)
        if value is None or home[0] <= self.header.bottom:
            return Reading(field, "false" if field.type == "mark" else None, "", self.view.grid.ref(row, column.index))
        raw = self.view.grid.raw.get(home) or raw_text(value)
        typed = type_value(value, field, self.words, self.year)
        if field.type == "count" and home != (row, column.index):
            typed = UNTYPED  # one number over several rows or columns: whose it is, the file does not say
        return Reading(field, typed, raw if raw.strip() else "", self.view.grid.ref(*home))

    def _chosen(self, row: int, field: FormField, columns: list[Column]) -> Reading:
        """A choice of which each value has a column of its own, marked."""
        marks = [(c, self._reading(row, c, _MARK)) for c in columns]
        said = [(c, r) for c, r in marks if r.typed != "false"]
        if not said:
            return Reading(field, None, "", marks[0][1].ref)
        column, reading = said[0]
        if len(said) > 1 or reading.typed is UNTYPED:
            return Reading(field, UNTYPED, " / ".join(f"{c.label}: {r.raw}" for c, r in said), reading.ref)
        return Reading(field, column.code, reading.raw, reading.ref)

    def _ordinal(self, row: int) -> int | None:
        for column in self.ordinals:
            text = clean(self.view.text(row, column))
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
        self.loose.append(Loose(text, self.view.ref(row, columns[0]), bool(_numbers(typed)), heading))

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
        name = next((r.raw for r in readings if r.field.key in self.section.row_key), None)
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


def _by_field(columns: list[Column]) -> dict[str, list[Column]]:
    fields: dict[str, list[Column]] = {}
    for column in columns:
        fields.setdefault(column.field or "", []).append(column)
    return fields


def _count(reading: Reading) -> int | None:
    typed = reading.typed
    return int(typed) if reading.field.type == "count" and isinstance(typed, str) else None


def _counts(readings: list[Reading]) -> dict[str, int]:
    return {r.field.key: n for r in readings if (n := _count(r)) is not None}


def _numbers(typed: list[Reading]) -> list[int]:
    return [n for r in typed if (n := _count(r))]
