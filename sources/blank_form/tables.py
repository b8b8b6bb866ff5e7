"""The form's tables: a header, rows to fill in, totals by formula, and colours for what cannot be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from sources.blank_form.guards import guard
from sources.blank_form.guidance import table_note
from sources.blank_form.looks import Looks, prepare_page, width, write_value
from sources.blank_form.values import (
    FormValues,
    Row,
    as_count,
    asked_fields,
    asked_sections,
    listed_as,
    prefilled_rows,
    written,
)
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.registry import Unit

ROOM = 40  # rows of a blank table
_SPARE = 5  # blank rows left below a filled one
_HEADER_ROW = 3
_FIRST_ROW = _HEADER_ROW + 1
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True)
class TablePlan:
    """A table section as it will stand on its sheet: the rows known, the rows of the table, and where its columns are.

    fixed  the keys that are filled in for the unit, and locked
    """

    section: Section
    numeral: str
    fields: tuple[FormField, ...]
    rows: Sequence[Row]
    size: int
    fixed: tuple[str, ...]

    @property
    def last_row(self) -> int:
        """The zero-based row of the table's last place."""
        return _FIRST_ROW + self.size - 1

    def column(self, key: str) -> int:
        """The zero-based column of a field; the first column holds the running number."""
        return next(i for i, f in enumerate(self.fields, 1) if f.key == key)

    @property
    def ranges(self) -> dict[str, str]:
        """Each field's cells as an absolute range with the sheet's name."""
        sheet = self.section.title.replace("'", "''")
        return {
            f.key: f"'{sheet}'!${xl_col_to_name(i)}${_FIRST_ROW + 1}:${xl_col_to_name(i)}${self.last_row + 1}"
            for i, f in enumerate(self.fields, 1)
        }


def plan_tables(values: FormValues, unit: Unit, campaign: Campaign) -> list[TablePlan]:
    """The tables that the unit is asked for, with its rows, or those that are known beforehand, or room for rows."""
    sections = [s for s in asked_sections(unit, campaign) if s.layout == "table"]
    plans = []
    for section, numeral in zip(sections, _ROMAN, strict=False):
        known = prefilled_rows(section, unit, campaign)
        rows = values.rows.get(section.key) or known
        size = max(len(rows), len(known)) if known else max(ROOM, len(rows) + _SPARE)
        fixed = section.row_key if known else ()
        plans.append(TablePlan(section, numeral, asked_fields(section, unit), rows, size, fixed))
    return plans


def write_table(sheet: Worksheet, table: TablePlan, campaign: Campaign, looks: Looks) -> None:
    """Writes the sheet: title, note, header, the rows known and the blank ones, totals; guards and colours."""
    title = f"{table.numeral}. {table.section.heading or table.section.title.upper()}"
    sheet.write_string(0, 0, title, looks.title)
    sheet.write_string(1, 0, table_note(table.section, bool(table.fixed), campaign), looks.note)
    _write_header(sheet, table, looks)
    _write_rows(sheet, table, campaign, looks)
    _write_totals(sheet, table, looks)
    _guard_columns(sheet, table, campaign)
    _colour(sheet, table, campaign, looks)
    sheet.freeze_panes(_FIRST_ROW, 2)
    prepare_page(sheet, landscape=True, header_row=_HEADER_ROW)


def _write_header(sheet: Worksheet, table: TablePlan, looks: Looks) -> None:
    sheet.set_row(_HEADER_ROW, 82)
    sheet.set_column(0, 0, 5)
    sheet.write_string(_HEADER_ROW, 0, "STT", looks.head)
    for column, field in enumerate(table.fields, 1):
        sheet.set_column(column, column, width(field, first=column == 1))
        sheet.write_string(_HEADER_ROW, column, field.label, looks.head)


def _write_rows(sheet: Worksheet, table: TablePlan, campaign: Campaign, looks: Looks) -> None:
    styles = [looks.fixed(f) if f.key in table.fixed else looks.input(f) for f in table.fields]
    columns = tuple(enumerate(zip(table.fields, styles, strict=True), 1))
    for index in range(table.size):
        row = _FIRST_ROW + index
        known = table.rows[index] if index < len(table.rows) else {}
        sheet.write_number(row, 0, index + 1, looks.number)
        for column, (field, look) in columns:
            value = listed_as(field, written(field, known.get(field.key), campaign))
            write_value(sheet, row, column, value, look)


def _write_totals(sheet: Worksheet, table: TablePlan, looks: Looks) -> None:
    """A last row that adds up the counts, with the result already in it for programs that do not calculate."""
    row = table.last_row + 1
    sheet.write_blank(row, 0, None, looks.total)
    for column, field in enumerate(table.fields, 1):
        if field.type == "count":
            letter = xl_col_to_name(column)
            total = sum(as_count(r.get(field.key)) for r in table.rows)
            sheet.write_formula(
                row,
                column,
                f"=SUM({letter}{_FIRST_ROW + 1}:{letter}{table.last_row + 1})",
                looks.total,
                total,
            )
        elif column == 1:
            sheet.write_string(row, column, "Tổng cộng", looks.total)
        else:
            sheet.write_blank(row, column, None, looks.total)


def _guard_columns(sheet: Worksheet, table: TablePlan, campaign: Campaign) -> None:
    def place(key: str) -> str:
        return f"{xl_col_to_name(table.column(key))}{_FIRST_ROW + 1}"

    for column, field in enumerate(table.fields, 1):
        if field.key in table.fixed:
            continue
        if rule := guard(field, table.section, campaign, place):
            sheet.data_validation(_FIRST_ROW, column, table.last_row, column, rule)


def _colour(sheet: Worksheet, table: TablePlan, campaign: Campaign, looks: Looks) -> None:
    """Pasted values pass the guards, so what breaks a rule is also coloured: red an error, yellow a warning."""
    held_in = table.section.window
    window = campaign.windows[held_in.name] if held_in else None
    for column, field in enumerate(table.fields, 1):
        own = f"{xl_col_to_name(column)}{_FIRST_ROW + 1}"
        if field.limit:
            limit = f"{xl_col_to_name(table.column(field.limit))}{_FIRST_ROW + 1}"
            _when(sheet, table, column, f'=AND({own}<>"",{limit}<>"",{own}>{limit})', looks.wrong)
        elif held_in and window and field.key in held_in.fields:
            days = (f"DATE({d.year},{d.month},{d.day})" for d in (window.first, window.last))
            _when(
                sheet,
                table,
                column,
                "=AND(ISNUMBER({0}),OR({0}<{1},{0}>{2}))".format(own, *days),
                looks.doubtful,
            )
        elif table.section.row_key == (field.key,):
            _when(
                sheet,
                table,
                column,
                f'=AND({own}<>"",COUNTIF({table.ranges[field.key].split("!")[1]},{own})>1)',
                looks.wrong,
            )


def _when(sheet: Worksheet, table: TablePlan, column: int, formula: str, look: object) -> None:
    sheet.conditional_format(
        _FIRST_ROW,
        column,
        table.last_row,
        column,
        {"type": "formula", "criteria": formula, "format": look},
    )
