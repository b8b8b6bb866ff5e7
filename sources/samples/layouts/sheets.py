"""What workbooks of the units' own making have in common: a title, pairs, a plain table, a row of
totals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sources.blank_form.values import (
    Canonical,
    FormValues,
    Row,
    as_count,
    asked_fields,
    asked_sections,
)
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.registry import Unit
from sources.samples.layouts.wording import letterhead_name

Shown = str | int | dt.date


def own_workbook(target: Path, campaign: Campaign) -> Workbook:
    """A new workbook in the office's font, of the same bytes each time."""
    book = Workbook(
        str(target),
        {
            "in_memory": True,
            "default_format_properties": {"font_name": "Times New Roman", "font_size": 12},
        },
    )
    book.set_properties(
        {"created": campaign.campaign.deadline.astimezone(campaign.zone).replace(tzinfo=None)}
    )
    return book


def answered(
    values: FormValues, unit: Unit, campaign: Campaign
) -> list[tuple[FormField, Canonical]]:
    """Every field that the unit is asked for as a pair, with its value."""
    return [
        (f, values.pairs.get(s.key, {}).get(f.key))
        for s in asked_sections(unit, campaign)
        if s.layout == "pairs"
        for f in asked_fields(s, unit)
    ]


def reported_tables(values: FormValues, campaign: Campaign) -> list[tuple[Section, Sequence[Row]]]:
    """The table sections that the report has rows in."""
    return [(s, values.rows[s.key]) for s in campaign.form.tables if values.rows.get(s.key)]


def write_title(sheet: Worksheet, unit: Unit, campaign: Campaign) -> int:
    """Writes the letterhead and the topic; returns the next free row."""
    sheet.write_string(0, 0, letterhead_name(unit))
    sheet.write_string(1, 0, "BÁO CÁO KẾT QUẢ SINH HOẠT CHUYÊN ĐỀ")
    sheet.write_string(2, 0, f"“{campaign.campaign.topic}”")
    return 4


def write_pairs(
    sheet: Worksheet, row: int, pairs: Sequence[tuple[str, Shown]], date: Format
) -> int:
    """Writes numbered labels and their values; returns the next free row."""
    for number, (label, value) in enumerate(pairs, 1):
        write_line(sheet, row, [number, label, value], date)
        row += 1
    return row


def write_table(
    sheet: Worksheet,
    row: int,
    header: Sequence[str],
    lines: Sequence[Sequence[Shown]],
    date: Format,
) -> int:
    """Writes a header and numbered lines from column A on; returns the next free row."""
    numbered: list[Sequence[Shown]] = [[n, *line] for n, line in enumerate(lines, 1)]
    for offset, line in enumerate((["TT", *header], *numbered)):
        write_line(sheet, row + offset, line, date)
    return row + len(lines) + 1


def write_line(sheet: Worksheet, row: int, values: Sequence[Shown], date: Format) -> None:
    """Writes values side by side from column A on, blank ones left out."""
    for column, value in enumerate(values):
        if isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, date)
        elif isinstance(value, int):
            sheet.write_number(row, column, value)
        elif value:
            sheet.write_string(row, column, value)


def totals_line(fields: Sequence[FormField], rows: Sequence[Row]) -> list[Shown]:
    """`Tổng cộng` and the sums of the counts."""
    return [
        "",
        "Tổng cộng",
        *(
            sum(as_count(r.get(f.key)) for r in rows) if f.type == "count" else ""
            for f in fields[1:]
        ),
    ]
