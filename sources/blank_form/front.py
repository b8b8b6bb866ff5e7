"""The form's first sheet: pairs of label and answer, and a check of the unit's own totals against
its tables."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from sources.blank_form.formats import FormFormats, prepare_page, write_value
from sources.blank_form.formulas import from_rows_formula
from sources.blank_form.guards import guard
from sources.blank_form.guidance import how_to_send
from sources.blank_form.tables import TablePlan
from sources.blank_form.values import FormValues, asked_fields, form_value
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.registry import Unit

_NUMBER, _LABEL, _ANSWER, _NOTE = range(4)
_HEADER_ROW = 4
_COLUMNS = (("STT", 6), ("Nội dung", 54), ("Trả lời", 44), ("Ghi chú", 34))
_LINE_HEIGHT, _PROSE_HEIGHT = 21, 66


def write_front(
    sheet: Worksheet,
    sections: Sequence[Section],
    tables: Sequence[TablePlan],
    values: FormValues,
    unit: Unit,
    campaign: Campaign,
    formats: FormFormats,
) -> None:
    """Writes the pairs of all `sections`, one under another; a note shows in red where a total and
    its rows differ."""
    _write_head(sheet, sections[0], campaign, formats)
    row, number = _HEADER_ROW + 1, 0
    for section in sections:
        if section is not sections[0]:
            sheet.merge_range(row, _NUMBER, row, _NOTE, section.title.upper(), formats.part)
            row += 1
        fields = asked_fields(section, unit)
        places = {f.key: f"$C${row + i + 1}" for i, f in enumerate(fields)}
        for field in fields:
            number += 1
            value = values.pairs.get(section.key, {}).get(field.key)
            answer_text = unit.name if field.type == "unit" else form_value(field, value, campaign)
            sheet.write_number(row, _NUMBER, number, formats.number)
            sheet.write_string(row, _LABEL, field.label, formats.label)
            prose = _is_prose(section)
            sheet.set_row(row, _PROSE_HEIGHT if prose else _LINE_HEIGHT)
            cell_format = (
                formats.prose
                if prose
                else formats.fixed(field)
                if field.type == "unit"
                else formats.input(field)
            )
            write_value(sheet, row, _ANSWER, answer_text, cell_format)
            if rule := guard(field, section, campaign, places.__getitem__):
                sheet.data_validation(row, _ANSWER, row, _ANSWER, rule)
            _write_check(sheet, row, field, tables, formats)
            row += 1
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    prepare_page(sheet, landscape=False, header_row=_HEADER_ROW)


def _write_head(sheet: Worksheet, first: Section, campaign: Campaign, formats: FormFormats) -> None:
    sheet.write_string(0, 0, (first.heading_variants or (first.title,))[0].upper(), formats.title)
    sheet.write_string(1, 0, f"“{campaign.campaign.topic}”", formats.title)
    sheet.write_string(2, 0, how_to_send(campaign), formats.note)
    sheet.set_row(_HEADER_ROW, 24)
    for column, (head, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADER_ROW, column, head, formats.head)


def _is_prose(section: Section) -> bool:
    return all(f.type == "text" for f in section.fields)


def _write_check(
    sheet: Worksheet, row: int, field: FormField, tables: Sequence[TablePlan], formats: FormFormats
) -> None:
    """A formula that warns where the answer differs from its table; a blank cell where no table
    has the value."""
    source = field.from_rows
    table = next((t for t in tables if source and t.section.key == source.section), None)
    total_formula = (
        table and source and from_rows_formula(source.value, table.section, table.ranges)
    )
    if not table or not total_formula:
        sheet.write_blank(row, _NOTE, None, formats.check)
        return
    answer, rows = f"C{row + 1}", f"COUNTA({table.ranges[table.section.row_key[0]]})"
    warning = f'"Bảng “{table.section.title}” cho: "&{total_formula}'
    # as text: a result of "" stands in the file as a formula never computed
    sheet.write_formula(
        row,
        _NOTE,
        f'=IF(OR({answer}="",{rows}=0),"",IF({answer}={total_formula},"",{warning}))',
        formats.check,
        " ",
    )
