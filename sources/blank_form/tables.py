"""The form's tables: a header, rows to fill in, totals by formula, and colours for what cannot be
right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from sources.blank_form.formats import FormFormats, prepare_page, width, write_value
from sources.blank_form.guards import guard
from sources.blank_form.guidance import table_note
from sources.blank_form.values import (
    FormValues,
    Row,
    as_count,
    as_offered,
    asked_fields,
    asked_sections,
    form_value,
    prefilled_rows,
)
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.registry import Unit

BLANK_ROWS = 40  # rows of a blank table
_SPARE_ROWS = 5  # blank rows left below a filled one
_HEADER_ROW = 3
_FIRST_ROW = _HEADER_ROW + 1
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


@dataclass(frozen=True)
class TablePlan:
    """A table section as it will stand on its sheet: the rows known, the rows of the table, and
    where its columns are.

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
    """The tables that the unit is asked for, with its rows, or those that are known beforehand, or
    room for rows."""
    sections = [s for s in asked_sections(unit, campaign) if s.layout == "table"]
    plans = []
    for section, numeral in zip(sections, _ROMAN, strict=False):
        prefilled = prefilled_rows(section, unit, campaign)
        rows = values.rows.get(section.key) or prefilled
        size = (
            max(len(rows), len(prefilled))
            if prefilled
            else max(BLANK_ROWS, len(rows) + _SPARE_ROWS)
        )
        fixed = section.row_key if prefilled else ()
        plans.append(TablePlan(section, numeral, asked_fields(section, unit), rows, size, fixed))
    return plans


def write_table(
    sheet: Worksheet, table: TablePlan, campaign: Campaign, formats: FormFormats
) -> None:
    """Writes the sheet: title, note, header, the rows known and the blank ones, totals; guards and
    colours."""
    title = f"{table.numeral}. {table.section.heading or table.section.title.upper()}"
    sheet.write_string(0, 0, title, formats.title)
    sheet.write_string(1, 0, table_note(table.section, bool(table.fixed), campaign), formats.note)
    _write_header(sheet, table, formats)
    _write_rows(sheet, table, campaign, formats)
    _write_totals(sheet, table, formats)
    _guard_columns(sheet, table, campaign)
    _colour(sheet, table, campaign, formats)
    sheet.freeze_panes(_FIRST_ROW, 2)
    prepare_page(sheet, landscape=True, header_row=_HEADER_ROW)


def _write_header(sheet: Worksheet, table: TablePlan, formats: FormFormats) -> None:
    sheet.set_row(_HEADER_ROW, 82)
    sheet.set_column(0, 0, 5)
    sheet.write_string(_HEADER_ROW, 0, "STT", formats.head)
    for column, field in enumerate(table.fields, 1):
        sheet.set_column(column, column, width(field, first=column == 1))
        sheet.write_string(_HEADER_ROW, column, field.label, formats.head)


def _write_rows(
    sheet: Worksheet, table: TablePlan, campaign: Campaign, formats: FormFormats
) -> None:
    styles = [formats.fixed(f) if f.key in table.fixed else formats.input(f) for f in table.fields]
    columns = tuple(enumerate(zip(table.fields, styles, strict=True), 1))
    for index in range(table.size):
        row = _FIRST_ROW + index
        prefilled = table.rows[index] if index < len(table.rows) else {}
        sheet.write_number(row, 0, index + 1, formats.number)
        for column, (field, cell_format) in columns:
            value = as_offered(field, form_value(field, prefilled.get(field.key), campaign))
            write_value(sheet, row, column, value, cell_format)


def _write_totals(sheet: Worksheet, table: TablePlan, formats: FormFormats) -> None:
    """A last row that adds up the counts, with the result already in it for programs that do not
    calculate."""
    row = table.last_row + 1
    sheet.write_blank(row, 0, None, formats.total)
    for column, field in enumerate(table.fields, 1):
        if field.type == "count":
            letter = xl_col_to_name(column)
            total = sum(as_count(r.get(field.key)) for r in table.rows)
            sheet.write_formula(
                row,
                column,
                f"=SUM({letter}{_FIRST_ROW + 1}:{letter}{table.last_row + 1})",
                formats.total,
                total,
            )
        elif column == 1:
            sheet.write_string(row, column, "Tổng cộng", formats.total)
        else:
            sheet.write_blank(row, column, None, formats.total)


def _guard_columns(sheet: Worksheet, table: TablePlan, campaign: Campaign) -> None:
    def place(key: str) -> str:
        return f"{xl_col_to_name(table.column(key))}{_FIRST_ROW + 1}"

    for column, field in enumerate(table.fields, 1):
        if field.key in table.fixed:
            continue
        if rule := guard(field, table.section, campaign, place):
            sheet.data_validation(_FIRST_ROW, column, table.last_row, column, rule)


def _colour(sheet: Worksheet, table: TablePlan, campaign: Campaign, formats: FormFormats) -> None:
    """Pasted values pass the guards, so what breaks a rule is also coloured: red an error, yellow a
    warning."""
    checked = table.section.window
    window = campaign.windows[checked.name] if checked else None
    for column, field in enumerate(table.fields, 1):
        own = f"{xl_col_to_name(column)}{_FIRST_ROW + 1}"
        if field.limit:
            limit = f"{xl_col_to_name(table.column(field.limit))}{_FIRST_ROW + 1}"
            _add_condition(
                sheet, table, column, f'=AND({own}<>"",{limit}<>"",{own}>{limit})', formats.wrong
            )
        elif checked and window and field.key in checked.fields:
            days = (f"DATE({d.year},{d.month},{d.day})" for d in (window.first, window.last))
            _add_condition(
                sheet,
                table,
                column,
                "=AND(ISNUMBER({0}),OR({0}<{1},{0}>{2}))".format(own, *days),
                formats.doubtful,
            )
        elif table.section.row_key == (field.key,):
            _add_condition(
                sheet,
                table,
                column,
                f'=AND({own}<>"",COUNTIF({table.ranges[field.key].split("!")[1]},{own})>1)',
                formats.wrong,
            )


def _add_condition(
    sheet: Worksheet, table: TablePlan, column: int, formula: str, cell_format: object
) -> None:
    sheet.conditional_format(
        _FIRST_ROW,
        column,
        table.last_row,
        column,
        {"type": "formula", "criteria": formula, "format": cell_format},
    )
