"""Workbooks of the units' own making: other labels, other columns, two-level headers, all on one
sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sources.blank_form.values import FormValues, Row, form_value
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.registry import Unit
from sources.samples.layouts.sheets import (
    Shown,
    answered,
    own_workbook,
    reported_tables,
    totals_line,
    write_line,
    write_pairs,
    write_table,
    write_title,
)
from sources.samples.layouts.wording import as_text, some_label

_DATE = {"num_format": "dd/mm/yyyy"}
_HEAD = {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}
_SIGNATURE = ("T/M BAN THƯỜNG VỤ", "BÍ THƯ")


def write_homemade(
    values: FormValues, unit: Unit, campaign: Campaign, target: Path, rng: Random
) -> None:
    """Own labels, columns shuffled with a column of notes among them, dates typed as dd.mm.yyyy."""
    with own_workbook(target, campaign) as book:
        date = book.add_format(_DATE)
        sheet = book.add_worksheet("Biểu chung")
        pairs = [
            (some_label(f, rng), as_text(f, v, campaign))
            for f, v in answered(values, unit, campaign)
        ]
        write_pairs(sheet, write_title(sheet, unit, campaign), pairs, date)
        for number, (section, rows) in enumerate(reported_tables(values, campaign), 1):
            fields = rng.sample(section.fields, len(section.fields))
            notes = rng.randrange(1, len(fields))
            header = [some_label(f, rng) for f in fields]
            lines = [[_typed(f, row, campaign) for f in fields] for row in rows]
            sheet = book.add_worksheet(f"Biểu {number}")
            sheet.write_string(0, 0, section.heading or section.title)
            write_table(
                sheet,
                3,
                [*header[:notes], "Ghi chú", *header[notes:]],
                [[*line[:notes], "", *line[notes:]] for line in lines],
                date,
            )


def write_two_level(
    values: FormValues, unit: Unit, campaign: Campaign, target: Path, rng: Random
) -> None:
    """Headers on two levels with merged cells, each choice of two marked in a column of its own."""
    with own_workbook(target, campaign) as book:
        date, head = book.add_format(_DATE), book.add_format(_HEAD)
        sheet = book.add_worksheet("Tổng hợp")
        pairs = [(f.label, form_value(f, v, campaign)) for f, v in answered(values, unit, campaign)]
        write_pairs(sheet, write_title(sheet, unit, campaign), pairs, date)
        for section, rows in reported_tables(values, campaign):
            sheet = book.add_worksheet(section.title)
            sheet.write_string(0, 0, section.heading or section.title)
            columns = _columns(section)
            _write_header(sheet, 2, columns, head)
            for number, row in enumerate(rows, 1):
                write_line(
                    sheet, number + 3, [number, *(c.shown(row, campaign) for c in columns)], date
                )


def write_one_sheet(
    values: FormValues, unit: Unit, campaign: Campaign, target: Path, rng: Random
) -> None:
    """All sections one under another on one sheet, each with a row of totals, and a signature block
    at the end."""
    with own_workbook(target, campaign) as book:
        date = book.add_format(_DATE)
        sheet = book.add_worksheet("Báo cáo")
        pairs = [(f.label, form_value(f, v, campaign)) for f, v in answered(values, unit, campaign)]
        row = write_pairs(sheet, write_title(sheet, unit, campaign), pairs, date)
        for section, rows in reported_tables(values, campaign):
            sheet.write_string(row + 1, 0, section.heading or section.title)
            lines = [[form_value(f, r.get(f.key), campaign) for f in section.fields] for r in rows]
            row = write_table(sheet, row + 2, [f.label for f in section.fields], lines, date)
            write_line(sheet, row, totals_line(section.fields, rows), date)
            row += 1
        for offset, line in enumerate(_SIGNATURE, 2):
            sheet.write_string(row + offset, 4, line)


def _typed(field: FormField, row: Row, campaign: Campaign) -> Shown:
    value = row.get(field.key)
    return (
        as_text(field, value, campaign)
        if field.type == "date"
        else form_value(field, value, campaign)
    )


class _Column(NamedTuple):
    """A column of a two-level table: a field, or one of its choices as a mark; no `lower` where one
    head spans both."""

    field: FormField
    upper: str
    lower: str | None
    choice: str | None = None

    def shown(self, row: Row, campaign: Campaign) -> Shown:
        if self.choice:
            return "x" if row.get(self.field.key) == self.choice else ""
        return form_value(self.field, row.get(self.field.key), campaign)


def _columns(section: Section) -> list[_Column]:
    columns: list[_Column] = []
    for field in section.fields:
        if field.type == "choice" and len(field.choice) == 2:
            columns += [_Column(field, field.label, c.label, c.code) for c in field.choice]
        elif field.group and field.under:
            columns.append(_Column(field, field.group[0], field.under[0]))
        else:
            columns.append(_Column(field, field.label, None))
    return columns


def _write_header(sheet: Worksheet, row: int, columns: Sequence[_Column], head: Format) -> None:
    """Neighbours under one upper head share it, merged; a head that stands alone spans both
    levels."""
    sheet.merge_range(row, 0, row + 1, 0, "TT", head)
    start = 0
    while start < len(columns):
        upper, lower = columns[start].upper, columns[start].lower
        end = start + 1
        while lower is not None and end < len(columns) and columns[end].upper == upper:
            end += 1
        if end - start == 1:
            sheet.merge_range(row, start + 1, row + 1, start + 1, columns[start].field.label, head)
        else:
            sheet.merge_range(row, start + 1, row, end, upper, head)
            for column in range(start, end):
                sheet.write_string(row + 1, column + 1, columns[column].lower or "", head)
        start = end
