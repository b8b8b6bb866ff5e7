"""OpenDocument spreadsheets, read from their content.xml: values, merged spans, errors and formulas in one pass.

Calamine reads them too, but tells neither spans nor which cells hold an error or a formula without a result.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from sources.campaigns import Limits
from sources.grids import ErrorValue, Grid, Span, Uncached, Value
from sources.readers.notes import MOST_PLACES, percent, trim
from sources.readers.packages import Package
from sources.readers.refusals import broken, encrypted, too_many_sheets, too_much
from sources.readers.safe_xml import attribute, local_name, parse_xml, whole

_CELLS = ("table-cell", "covered-table-cell")
_NO_TEXT = ("annotation", "frame", "custom-shape", "rect", "line", "ellipse", "tracked-changes", "ruby-text")
_TIME = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?$")
_ERROR = re.compile(r"^(?:#[A-Z/0!?]+[!?A0]|Err:\d+)$")


def read_opendocument(package: Package, limits: Limits) -> Iterator[Grid]:
    """The sheets that hold anything, hidden ones too, in the file's order. Raises RefusedFile."""
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise encrypted()
    if "content.xml" not in package:
        raise broken()
    root = parse_xml(package.read("content.xml"))
    hidden = {attribute(style, "name") for style in root.iter("{*}style")
              if any(attribute(p, "display") == "false" for p in style.iterchildren("{*}table-properties"))}
    tables = root.findall("{*}body/{*}spreadsheet/{*}table")
    if len(tables) > limits.sheets:
        raise too_many_sheets(limits)
    for table in tables:
        grid = _grid(table, limits)
        grid.hidden = attribute(table, "style-name") in hidden
        if grid.rows:
            yield grid


def _grid(table: etree._Element, limits: Limits) -> Grid:
    grid, spans, empty_rows, cells = Grid(sheet=attribute(table, "name") or "", rows=[]), [], 0, 0
    for row in table.iter("{*}table-row"):
        repeated = whole(attribute(row, "number-rows-repeated"), 1)
        number = len(grid.rows) + empty_rows
        values = _row(row, number, spans, grid.raw)
        if not values:
            empty_rows += repeated
            continue
        cells += repeated * len(values)
        if number + repeated > MOST_PLACES // 4 or repeated > limits.rows or cells > MOST_PLACES:
            raise too_much(limits)
        grid.rows.extend([] for _ in range(empty_rows))
        grid.rows.extend(list(values) for _ in range(repeated))
        empty_rows = 0
    trim(grid.rows, limits)
    grid.merged = tuple(spans)
    return grid


def _row(row: etree._Element, number: int, spans: list[Span], raw: dict[tuple[int, int], str]) -> list[Value]:
    """The row's values up to the last that is none; a repeated empty cell at the end is only counted."""
    values: list[Value] = []
    column = 0
    for cell in row:
        if local_name(cell) not in _CELLS:
            continue
        repeated = whole(attribute(cell, "number-columns-repeated"), 1)
        across, down = (whole(attribute(cell, f"number-{way}-spanned"), 1) for way in ("columns", "rows"))
        if across > 1 or down > 1:
            spans.append(Span(number, column, number + down - 1, column + across - 1))
        value = None if local_name(cell) == "covered-table-cell" else _value(cell)
        if value is not None:
            if column + repeated > 1 << 14:
                raise broken()
            values.extend([None] * (column - len(values)))
            values.extend([value] * repeated)
            if attribute(cell, "value-type") == "percentage" and isinstance(value, str):
                raw[number, column] = attribute(cell, "value") or ""
        column += repeated
    return values


def _value(cell: etree._Element) -> Value:
    kind, formula = _own(cell, "value-type"), attribute(cell, "formula")
    text = _text(cell)
    is_error = any(key.endswith("}value-type") and kind == "error" for key, kind in cell.attrib.items())
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
        return int(number) if number == number.to_integral_value() and abs(number) < 10**15 else float(number)
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


def _text(element: etree._Element) -> str:
    return "\n".join(_inline(p) for p in element if local_name(p) in ("p", "h"))


def _inline(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "s":
            parts.append(" " * min(whole(attribute(child, "c"), 1), 100))
        elif name in ("tab", "line-break"):
            parts.append("\t" if name == "tab" else "\n")
        elif name not in _NO_TEXT:
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)
