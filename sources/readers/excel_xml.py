"""XML spreadsheets of 2003, which much reporting software writes under the name .xls: values, merged
spans, errors, formulas in one pass."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from sources.campaigns import Limits
from sources.grids import ErrorValue, Grid, Span, Uncached, Value, column_letters
from sources.legacy_encodings import decoder_of_font
from sources.readers.cell_corrections import (
    MAX_PLACES,
    CellCorrection,
    apply_correction,
    percent,
    trim,
)
from sources.readers.comments import without_author
from sources.readers.hidden import conceal
from sources.readers.ink import ON_PAPER, WHITE, Ground, Ink, parse_colour
from sources.readers.number_formats import day_of, is_date, letters_of
from sources.readers.refusals import broken, too_far, too_many_sheets, too_much
from sources.readers.safe_xml import attribute, first_child, local_name, parse_xml, whole
from sources.readers.spreadsheet_ink import filled, shows_no_numbers
from sources.readers.text_effects import Run, TextEffect, seen_text

_MAX_COLUMNS = 1 << 14
_MAX_ROWS = 1 << 20
_MAX_STYLE_DEPTH = 20
_FIRST_DAYS = (dt.date(1899, 12, 30), dt.date(1899, 12, 31), dt.date(1904, 1, 1))
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RANGE = re.compile(r"R(\d{1,7})C\d+(?::R(\d{1,7})C\d+)?")
_EFFECTS: dict[str, TextEffect] = {
    "s": "struck",
    "strike": "struck",
    "del": "struck",
    "sup": "raised",
    "sub": "raised",
}


@dataclass(frozen=True, slots=True)
class _Style:
    is_share: bool = False
    is_date: bool = False
    font: str = ""
    effect: TextEffect = "plain"
    shows_no_numbers: bool = False
    ink: Ink = ON_PAPER


def read_excel_xml(data: bytes, limits: Limits) -> Iterator[Grid]:
    """The sheets that hold anything, hidden ones too, in the file's order. Raises RefusedFile."""
    root = parse_xml(data)
    styles = _styles(root)
    sheets = root.findall("{*}Worksheet")
    if len(sheets) > limits.sheets:
        raise too_many_sheets(limits)
    cells = 0
    for sheet in sheets:
        reader = _SheetReader(sheet, styles, limits)
        grid = reader.read()
        cells += trim(grid.rows, limits, cells) - cells
        reader.conceal()
        grid.hidden = (sheet.findtext("{*}WorksheetOptions/{*}Visible") or "").strip() in (
            "SheetHidden",
            "SheetVeryHidden",
        )
        if grid.rows or grid.left_out:
            yield grid


class _SheetReader:
    def __init__(self, sheet: etree._Element, styles: dict[str, _Style], limits: Limits) -> None:
        self.sheet, self.styles, self.limits = sheet, styles, limits
        self.grid = Grid(sheet=attribute(sheet, "Name") or "", rows=[])
        self.spans: list[Span] = []
        self.hidden_rows: set[int] = set()
        self.columns: dict[int, str] = {}
        self.hidden_columns: set[int] = set()
        self.found: dict[tuple[int, int], CellCorrection] = {}

    def read(self) -> Grid:
        """The grid, nothing hidden in it yet. Raises RefusedFile where it is too large."""
        table = first_child(self.sheet, "Table")
        if table is not None:
            self._read_columns(table)
            number = 0
            for row in table.iterchildren("{*}Row"):
                number = self._place(row, number, _MAX_ROWS)
                self._read_row(row, number)
                number += 1 + max(whole(attribute(row, "Span"), 0), 0)
        bottom = max((row for row, _ in self.found), default=-1) + 1
        right = max((column for _, column in self.found), default=-1) + 1
        if bottom * right > MAX_PLACES:
            raise too_far(f"{column_letters(right - 1)}{bottom}")
        for correction in self.found.values():
            apply_correction(self.grid, correction)
        self.grid.merged = tuple(span for span in self.spans if span.top < len(self.grid.rows))
        return self.grid

    def conceal(self) -> None:
        """Takes hidden rows and columns out of the grid, but for rows that a filter hides."""
        filtered: set[int] = set()
        for autofilter in self.sheet.iterchildren("{*}AutoFilter"):
            match = _RANGE.fullmatch(attribute(autofilter, "Range") or "")
            if match and len(autofilter):
                rows = range(int(match[1]), int(match[2] or _MAX_ROWS))  # below the header
                filtered = {row for row in self.hidden_rows if row in rows}
        conceal(self.grid, self.hidden_rows, self.hidden_columns, filtered)

    def _read_columns(self, table: etree._Element) -> None:
        number = 0
        for column in table.iterchildren("{*}Column"):
            number = self._place(column, number, _MAX_COLUMNS)
            last = number + max(whole(attribute(column, "Span"), 0), 0)
            for place in range(number, min(last + 1, _MAX_COLUMNS)):
                self.columns[place] = attribute(column, "StyleID") or ""
                if _is_hidden(column, "Width"):
                    self.hidden_columns.add(place)
            number = last + 1

    def _read_row(self, row: etree._Element, number: int) -> None:
        if _is_hidden(row, "Height"):
            self.hidden_rows.add(number)
        column = 0
        for cell in row.iterchildren("{*}Cell"):
            column = self._place(cell, column, _MAX_COLUMNS)
            across, down = (
                max(whole(attribute(cell, f"Merge{way}"), 0), 0) for way in ("Across", "Down")
            )
            if across or down:
                self.spans.append(Span(number, column, number + down, column + across))
            name = (
                attribute(cell, "StyleID")
                or attribute(row, "StyleID")
                or self.columns.get(column)
                or "Default"
            )
            self._read_cell(cell, number, column, self.styles.get(name, _Style()))
            column += 1 + across

    def _read_cell(self, cell: etree._Element, row: int, column: int, style: _Style) -> None:
        correction = _correction(cell, row, column, style)
        if correction is not None:
            self.found[row, column] = correction
            if len(self.found) > self.limits.cells:
                raise too_much(self.limits)
        comment = first_child(cell, "Comment")
        text = "" if comment is None else without_author("".join(comment.itertext()).strip())
        if text:
            self.grid.comments[row, column] = text

    @staticmethod
    def _place(element: etree._Element, following: int, end: int) -> int:
        """The place that the element names, else the one that follows. Raises RefusedFile where it
        lies before that, as no program reads."""
        place = whole(attribute(element, "Index"), following + 1) - 1
        if not following <= place < end:
            raise broken()
        return place


def _is_hidden(element: etree._Element, size: str) -> bool:
    if attribute(element, "Hidden") in ("1", "true"):
        return True
    try:
        return float(attribute(element, size) or 1) == 0
    except ValueError:
        return False


def _correction(
    cell: etree._Element, row: int, column: int, style: _Style
) -> CellCorrection | None:
    """What stands in the cell; None for nothing."""
    data = first_child(cell, "Data")
    formula = (attribute(cell, "Formula") or "").removeprefix("=")
    kind = "" if data is None else attribute(data, "Type") or "String"
    text = "" if data is None else "".join(data.itertext())
    if formula and (data is None or (not text.strip() and kind != "String")):
        return CellCorrection(row, column, Uncached(formula))
    if data is None:
        return None
    if kind == "String":
        shown, raw, left_out = seen_text(_runs(data, style))
        if not shown.strip() and left_out is None:
            return None
        value = shown if shown.strip() else None
        return CellCorrection(row, column, value, raw if raw != shown else None, left_out)
    if not text.strip():
        return None
    try:
        value_found = _typed(kind, text.strip(), style)
    except (ValueError, OverflowError) as error:
        raise broken() from error
    return CellCorrection(
        row,
        column,
        value_found,
        effect="hidden" if style.shows_no_numbers and kind == "Number" else style.effect,
    )


def _typed(kind: str, text: str, style: _Style) -> Value:
    if kind == "Error":
        return ErrorValue(text)
    if kind == "Boolean":
        return text in ("1", "true")
    if kind == "DateTime":
        moment = dt.datetime.fromisoformat(text).replace(tzinfo=None)
        if moment.date() in _FIRST_DAYS and moment.time() != dt.time():
            return moment.time()
        return moment.date() if moment.time() == dt.time() else moment
    number = float(text)
    if not abs(number) < float("inf"):
        raise ValueError(text)
    if style.is_share:
        return percent(text)
    day = day_of(number) if style.is_date else None
    if day is not None:
        return day
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _runs(element: etree._Element, around: _Style) -> Iterator[Run]:
    name = local_name(element).lower()
    look = replace(around, effect=_EFFECTS.get(name, around.effect))
    if name == "font":
        ink = _ink(attribute(element, "Color"), attribute(element, "Size"))
        look = replace(look, font=attribute(element, "Face") or look.font, ink=ink.over(look.ink))
    if element.text:
        yield _run(element.text, look)
    for child in element:
        yield from _runs(child, look)
        if child.tail:
            yield _run(child.tail, look)


def _run(text: str, look: _Style) -> Run:
    decode = decoder_of_font(look.font)
    is_unseen = look.effect in ("plain", "raised") and look.ink.is_unseen_on(None)
    effect = "hidden" if is_unseen else look.effect
    return Run(decode(text) if decode else text, text, effect)


def _styles(root: etree._Element) -> dict[str, _Style]:
    found = {attribute(s, "ID") or "": s for s in root.iterfind("{*}Styles/{*}Style")}
    return {name: _resolved(style, found) for name, style in found.items()}


def _resolved(style: etree._Element, found: dict[str, etree._Element]) -> _Style:
    """What the style says, and where it says nothing the one that it is based on."""
    number_format: str | None = None
    about: dict[str, str] = {}
    ground: Ground = None
    for _ in range(_MAX_STYLE_DEPTH):
        for child in style:
            if local_name(child) == "NumberFormat" and number_format is None:
                number_format = attribute(child, "Format") or ""
            elif local_name(child) == "Font":
                for name in ("FontName", "StrikeThrough", "VerticalAlign", "Color", "Size"):
                    about.setdefault(name, attribute(child, name) or "")
            elif local_name(child) == "Interior" and ground is None:
                ground = _ground(child)
        parent = found.get(attribute(style, "Parent") or "Default")
        if parent is None or parent is style:
            break
        style = parent
    letters = letters_of(number_format or "")
    is_struck = about.get("StrikeThrough") in ("1", "true")
    raised = about.get("VerticalAlign") in ("Superscript", "Subscript")
    ink = replace(_ink(about.get("Color"), about.get("Size")), ground=ground or WHITE)
    effect: TextEffect = "raised" if raised else "plain"
    effect = "hidden" if ink.is_unseen_on(None) else effect
    return _Style(
        letters.startswith("percent") or "%" in letters,
        is_date(letters),
        about.get("FontName", ""),
        "struck" if is_struck else effect,
        shows_no_numbers(number_format or ""),
        ink,
    )


def _ink(colour: str | None, size: str | None) -> Ink:
    points = float(size) if size and _NUMBER.fullmatch(size) else 0
    return Ink("auto" if colour == "Automatic" else colour or "", points)


def _ground(interior: etree._Element) -> Ground:
    pattern = attribute(interior, "Pattern") or "None"
    number = {"None": 0, "Solid": 1}.get(pattern, 2)
    return filled(number, parse_colour(attribute(interior, "Color")))
