"""Why a cell of phu-luc.xlsx or so-lieu-lam-viec.xlsx is what it is. Nothing is stored for
this: the sheet is made again from the warehouse."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import NamedTuple

import duckdb
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from sources.campaigns import Campaign
from warehouse.reports.annex import ANNEXES
from warehouse.reports.annex_book import create_unit_place
from warehouse.reports.annex_content import (
    FIRST_ROW,
    HEADER_ROW,
    Annex,
    AnnexCell,
    FormattedValue,
    Origin,
    lines,
    printed_number,
)
from warehouse.reports.annex_pages import divided
from warehouse.reports.annex_sheet import NO, YES
from warehouse.reports.working_file import WORKING_SHEETS
from warehouse.table import quoted
from warehouse.why import Explanation, NotTraceableError, Source, check_unit, explain, why

# The functions that make the sheets of a series (annex_content.SERIES), from number 1.
SHEETS = {"PL": ANNEXES, "LV": WORKING_SHEETS}
# PL1.F12, LV1.F12; PL1a.F12 of a part; PL1!F12 as Excel has it
PLACE = re.compile(
    rf"(?P<series>{'|'.join(SHEETS)})(?P<number>[0-9]{{1,3}})(?P<part>[a-z]{{0,2}})[.!]"
    r"(?P<ref>[A-Z]{1,3}[1-9][0-9]{0,6})",
    re.IGNORECASE,
)


class UnknownPlaceError(NotTraceableError):
    """A place that no annex has; the message names the cells that there are."""

    def __init__(self, place: str, there_are: str) -> None:
        super().__init__(f"Không có ô {place}. {there_are}")
        self.place = place


class OtherCampaignError(NotTraceableError):
    """The warehouse was made for another campaign than the one that the annex would be made
    with."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Kho số liệu này là của {name}, hoặc đợt đã sửa từ lần tổng hợp trước; thêm --campaign "
            "THƯ_MỤC của đợt đó, hoặc tổng hợp lại."
        )


class SheetName(NamedTuple):
    """The sheet that a place is on: series and number, and the letter of the part where the annex is
    divided."""

    series: str
    number: int
    part: str = ""

    @property
    def code(self) -> str:
        """As a sheet is named: PL1a."""
        return f"{self.series}{self.number}{self.part}"


class AnnexValue(NamedTuple):
    """A cell that holds a value: its ref in the sheet, and what it is of."""

    ref: str
    cell: AnnexCell


def why_cell(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, place: str, unit_code: str | None = None
) -> Explanation:
    """Where the cell `place` (PL1.F12 of an annex, LV1.F12 of the working file) comes from, as `why`
    answers for figures. PL1.F12 of an annex in parts is the first part's: PL1a.F12.

    For a cell that comes from no report (a name of the registry, a row number, a heading) the
    description names the source, and the answer's table is empty. Raises UnknownPlaceError, UnknownUnitError, and
    OtherCampaignError where `campaign` is not the warehouse's.
    """
    if unit_code is not None:
        check_unit(con, unit_code)
    _check_campaign(con, campaign)
    sheet, ref = parsed_place(place)
    annex = make_sheet(con, campaign, sheet)
    name = f"{annex.code}.{ref}"
    for value in values_of(annex):
        if value.ref == ref:
            return why_value(con, annex, value, unit_code)
    row, column = xl_cell_to_rowcol(ref)
    last = max((line.row for line in lines(annex)), default=HEADER_ROW)
    if row < FIRST_ROW or (column == 0 and row <= last):
        return Explanation(name, "Tiêu đề, số thứ tự của phụ lục", "", None, "", "", None, None, ())
    raise UnknownPlaceError(
        name,
        f"Số liệu của {annex.heading} ở các ô từ B{FIRST_ROW + 1} đến "
        f"{xl_rowcol_to_cell(last, len(annex.columns))}.",
    )


def why_value(
    con: duckdb.DuckDBPyConnection, annex: Annex, value: AnnexValue, unit_code: str | None = None
) -> Explanation:
    """Where one of the annex's values comes from, as `why_cell` answers."""
    name, cell = f"{annex.code}.{value.ref}", value.cell
    origin, text = origin_of(annex, cell), shown_value(annex, cell)
    label = annex.column(cell.column).label
    description = f"{annex.title} · {cell.name} · {label}" + (
        f" ({origin.description})" if origin.description != label else ""
    )
    if origin.figure:
        return replace(
            why(con, origin.figure, unit_code), figure=name, description=description, printed=text
        )
    if not origin.table:
        return Explanation(name, description, "", None, text, "", None, None, ())
    source = _source(name, description, origin)
    number = float(cell.value) if isinstance(cell.value, (int, float)) else None
    answer = explain(con, source, number, text, origin.unit or unit_code)
    if answer.parts or source.asked is None or not origin.fields:
        return answer
    keys = con.execute(
        "SELECT fields FROM figure_source WHERE kind = 'row' AND figure = $table",
        {"table": origin.table},
    ).fetchone()
    # blank: where its row stands
    return explain(con, source._replace(fields=keys[0] if keys else []), number, text)


def make_sheet(con: duckdb.DuckDBPyConnection, campaign: Campaign, sheet: SheetName) -> Annex:
    """The sheet of that name, as the warehouse open in `con` gives it; of an annex in parts without
    a letter the first. Raises UnknownPlaceError."""
    parts = make_parts(con, campaign, sheet)
    for part in parts:
        if part.code == sheet.code or (not sheet.part and part is parts[0]):
            return part
    raise UnknownPlaceError(sheet.code, f"Có {', '.join(part.code for part in parts)}.")


def make_parts(
    con: duckdb.DuckDBPyConnection, campaign: Campaign, sheet: SheetName
) -> tuple[Annex, ...]:
    """The sheets of that series and number: one, or the parts of an annex that is divided. Raises
    UnknownPlaceError."""
    there = SHEETS[sheet.series]
    if not 1 <= sheet.number <= len(there):
        raise UnknownPlaceError(
            sheet.code, f"Có các biểu từ {sheet.series}1 đến {sheet.series}{len(there)}."
        )
    create_unit_place(con)
    return divided(there[sheet.number - 1](con, campaign))


def values_of(annex: Annex) -> list[AnnexValue]:
    """The cells of an annex that are there for a value, blank ones too: rows, and sums of groups
    and totals."""
    values_found = []
    for line in lines(annex):
        values = line.values if line.style == "row" else {**line.values, annex.name_key: line.label}
        name = str(values[annex.name_key] or "")
        values_found += [
            AnnexValue(
                xl_rowcol_to_cell(line.row, n),
                AnnexCell(line.style, line.key, name, column.key, values.get(column.key)),
            )
            for n, column in enumerate(annex.columns, 1)
        ]
    return values_found


def origin_of(annex: Annex, cell: AnnexCell) -> Origin:
    """What a cell is made from; the name of a heading or of the totals is the form's."""
    if cell.style != "row" and cell.column == annex.name_key:
        return Origin("tên dòng của phụ lục")
    return annex.origin(cell)


def shown_value(annex: Annex, cell: AnnexCell) -> str:
    """The value as the sheet shows it; empty where it is blank."""
    value, kind = (
        cell.value
        if isinstance(cell.value, FormattedValue)
        else (cell.value, annex.column(cell.column).kind)
    )
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y %H:%M}" if isinstance(value, dt.datetime) else f"{value:%d/%m/%Y}"
    return printed_number(value, kind)


def parsed_place(place: str) -> tuple[SheetName, str]:
    """The sheet and the ref that the text names, such as PL1a.F12. Raises UnknownPlaceError."""
    found = PLACE.fullmatch(place.strip())
    if not found:
        raise UnknownPlaceError(place, "Ghi như PL1.F12: phụ lục 1, ô F12.")
    sheet = SheetName(found["series"].upper(), int(found["number"]), found["part"].lower())
    return sheet, found["ref"].upper()


def _check_campaign(con: duckdb.DuckDBPyConnection, campaign: Campaign) -> None:
    found = con.execute("SELECT campaign_name, campaign_digest FROM night").fetchone()
    if found and found[1] != campaign.digest:
        raise OtherCampaignError(found[0])


def _source(name: str, description: str, origin: Origin) -> Source:
    """The cell's source. For a single row `asked` is empty: units without a value are not listed."""
    of_row = (origin.condition or "").startswith("rowid")
    of_unit = f"unit_code = {quoted(origin.unit)}" if origin.unit else None
    where = " AND ".join(filter(None, (origin.condition, of_unit)))
    query = f"SELECT {', '.join(origin.fields) or '*'} FROM {origin.table}" + (
        f" WHERE {where}" if where else ""
    )
    return Source(
        name,
        "cell",
        description,
        query,
        origin.table,
        list(origin.fields),
        origin.condition,
        [] if of_row else None,
    )
