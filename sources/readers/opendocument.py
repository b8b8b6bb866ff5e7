"""OpenDocument spreadsheets, read from their content.xml: values, merged spans, errors and formulas
in one pass.

Calamine reads them too, but tells neither spans nor which cells hold an error or a formula without
a result.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from sources.campaigns import Limits
from sources.grids import ErrorValue, Grid, Span, Uncached, Value
from sources.readers.cell_corrections import MAX_PLACES, percent, trim
from sources.readers.comments import without_author
from sources.readers.hidden import conceal
from sources.readers.opendocument_runs import runs_of
from sources.readers.opendocument_styles import Look, Styles
from sources.readers.packages import Package
from sources.readers.refusals import broken, encrypted, too_many_sheets, too_much
from sources.readers.safe_xml import attribute, local_name, parse_xml, whole
from sources.readers.text_effects import Run, TextEffect, seen_text

_MAX_COLUMNS = 1 << 14
_CELLS = ("table-cell", "covered-table-cell")
_TIME = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?$")
_ERROR = re.compile(r"^(?:#[A-Z/0!?]+[!?A0]|Err:\d+)$")


def read_opendocument(package: Package, limits: Limits) -> Iterator[Grid]:
    """The sheets that hold anything, hidden ones too, in the file's order. Raises RefusedFile."""
    root = content_of(package)
    hidden = {
        attribute(style, "name")
        for style in root.iter("{*}style")
        if any(
            attribute(p, "display") == "false" for p in style.iterchildren("{*}table-properties")
        )
    }
    styles = Styles(package, root)
    tables = root.findall("{*}body/{*}spreadsheet/{*}table")
    if len(tables) > limits.sheets:
        raise too_many_sheets(limits)
    for table in tables:
        grid = _SheetReader(table, styles, limits).read()
        grid.hidden = attribute(table, "style-name") in hidden
        if grid.rows or grid.left_out:
            yield grid


def content_of(package: Package) -> etree._Element:
    """The root of an OpenDocument file's content. Raises RefusedFile where there is none, or a
    password before it."""
    manifest = "META-INF/manifest.xml"
    if manifest in package and b"encryption-data" in package.read(manifest):
        raise encrypted()
    if "content.xml" not in package:
        raise broken()
    return parse_xml(package.read("content.xml"))


class _SheetReader:
    """Reads the rows of one table, its spans, what it hides and what is noted on its cells."""

    def __init__(self, table: etree._Element, styles: Styles, limits: Limits) -> None:
        self.table, self.styles, self.limits = table, styles, limits
        self.grid = Grid(sheet=attribute(table, "name") or "", rows=[])
        self.spans: list[Span] = []
        self.hidden_rows: set[int] = set()
        self.filtered_rows: set[int] = set()

    def read(self) -> Grid:
        """The grid. Raises RefusedFile where it is too large."""
        grid, empty_rows, cells = self.grid, 0, 0
        for row in self.table.iter("{*}table-row"):
            repeated = whole(attribute(row, "number-rows-repeated"), 1)
            number = len(grid.rows) + empty_rows
            values = self._row(row, number)
            if not values:
                empty_rows += repeated
                continue
            cells += repeated * len(values)
            if (
                number + repeated > MAX_PLACES // 4
                or repeated > self.limits.rows
                or cells > MAX_PLACES
            ):
                raise too_much(self.limits)
            grid.rows.extend([] for _ in range(empty_rows))
            grid.rows.extend(list(values) for _ in range(repeated))
            self._collect_hidden(row, range(number, number + repeated))
            empty_rows = 0
        trim(grid.rows, self.limits)
        grid.merged = tuple(self.spans)
        conceal(grid, self.hidden_rows, self._hidden_columns(), self.filtered_rows)
        return grid

    def _collect_hidden(self, row: etree._Element, numbers: range) -> None:
        visibility = attribute(row, "visibility")
        if visibility == "filter":
            self.filtered_rows.update(numbers)
        elif visibility == "collapse" or attribute(row, "style-name") in self.styles.sizeless:
            self.hidden_rows.update(numbers)

    def _hidden_columns(self) -> set[int]:
        columns, number = set[int](), 0
        for column in self.table.iter("{*}table-column"):
            repeated = min(whole(attribute(column, "number-columns-repeated"), 1), _MAX_COLUMNS)
            hides = attribute(column, "visibility") in ("collapse", "filter")
            if hides or attribute(column, "style-name") in self.styles.sizeless:
                columns.update(range(number, min(number + repeated, _MAX_COLUMNS)))
            number += repeated
        return columns

    def _row(self, row: etree._Element, number: int) -> list[Value]:
        """The row's values up to the last that is none; a repeated empty cell at the end is only
        counted."""
        values: list[Value] = []
        column = 0
        for cell in row:
            if local_name(cell) not in _CELLS:
                continue
            repeated = whole(attribute(cell, "number-columns-repeated"), 1)
            across, down = (
                whole(attribute(cell, f"number-{way}-spanned"), 1) for way in ("columns", "rows")
            )
            if across > 1 or down > 1:
                self.spans.append(Span(number, column, number + down - 1, column + across - 1))
            value = (
                None
                if local_name(cell) == "covered-table-cell"
                else self._cell(cell, number, column)
            )
            if value is not None:
                if column + repeated > _MAX_COLUMNS:
                    raise broken()
                values.extend([None] * (column - len(values)))
                values.extend([value] * repeated)
            column += repeated
        return values

    def _cell(self, cell: etree._Element, row: int, column: int) -> Value:
        """The cell's value as it is seen; what is not seen of it, and comments on it, go into the
        grid."""
        own = self.styles.of(cell)
        runs = (
            []
            if len(cell) == 0
            else _runs(cell, "struck" if own == "struck" else "plain", self.styles)
        )
        seen = seen_text(runs)
        value = _value(cell, seen.shown)
        for annotation in cell.iterchildren("{*}annotation"):
            text = "\n".join(
                "".join(run.shown for run, _ in runs_of(p, Look(), self.styles))
                for p in annotation
                if local_name(p) in ("p", "list")
            ).strip()
            if text:
                self.grid.comments[row, column] = without_author(text)
        if seen.left_out is None:
            if isinstance(value, str) and value == seen.shown != seen.raw:
                self.grid.raw[row, column] = seen.raw
            return value
        self.grid.left_out[row, column] = seen.left_out
        return seen.shown if seen.shown.strip() else None


def _value(cell: etree._Element, text: str) -> Value:
    kind, formula = _own(cell, "value-type"), attribute(cell, "formula")
    is_error = any(
        key.endswith("}value-type") and kind == "error" for key, kind in cell.attrib.items()
    )
    if is_error or (formula and _ERROR.match(text)):
        return ErrorValue(text or "#N/A")
    if kind is None:
        if formula is not None and not text:
            return Uncached(formula.partition("=")[2])
        return text if text.strip() else None
    try:
        return _typed(cell, kind, text)
    except (ValueError, ArithmeticError) as error:
        raise broken() from error


def _typed(cell: etree._Element, kind: str, text: str) -> Value:
    value = _own(cell, "value") or ""
    if kind in ("float", "currency"):
        number = Decimal(value)
        return (
            int(number)
            if number == number.to_integral_value() and abs(number) < 10**15
            else float(number)
        )
    if kind == "percentage":
        return percent(value)
    if kind == "date":
        moment = dt.datetime.fromisoformat(_own(cell, "date-value") or "")
        return moment.date() if moment.time() == dt.time() else moment
    if kind == "time":
        return _time(_own(cell, "time-value") or "", text)
    if kind == "boolean":
        return _own(cell, "boolean-value") == "true"
    text = text or _own(cell, "string-value") or ""
    return text if text.strip() else None


def _time(duration: str, text: str) -> Value:
    match = _TIME.match(duration)
    if not match:
        return text or None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    if hours >= 24:
        return dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return dt.time(hours, minutes, seconds)


def _own(cell: etree._Element, name: str) -> str | None:
    """The office namespace's attribute: LibreOffice repeats its type in a namespace of its own."""
    return next((v for k, v in cell.attrib.items() if k.endswith(f":office:1.0}}{name}")), None)


def _runs(cell: etree._Element, effect: TextEffect, styles: Styles) -> list[Run]:
    """The runs of the cell's paragraphs, each paragraph on a line of its own."""
    look = styles.look_of(cell, Look())._replace(effect=effect)
    runs: list[Run] = []
    for number, paragraph in enumerate(p for p in cell if local_name(p) in ("p", "h")):
        runs += [Run("\n", "\n")] * bool(number)
        runs += [run for run, _ in runs_of(paragraph, look, styles)]
    return runs
