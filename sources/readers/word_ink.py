"""What the letters of a Word file are written with, and on: colours, sizes, fills of cells and
paragraphs."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from sources.readers.ink import WHITE, Colour, Ground, Ink, parse_colour
from sources.readers.safe_xml import attribute, local_name, properties_of

Fills = tuple[tuple[str, Ground], ...]  # of a table style: the part of the table, and its ground

WHOLE_TABLE = ""

_PROPERTIES = {"r": "rPr", "p": "pPr", "tc": "tcPr", "tbl": "tblPr"}
_FILLS = ("solidFill", "gradFill", "pattFill", "blipFill")
_SHAPES = ("wsp", "shape", "rect", "roundrect", "txbxContent")
_HIGHLIGHTS: dict[str, Colour] = {"white": WHITE, "black": (0, 0, 0), "lightGray": (192, 192, 192)}
_NO_GROUND = ("", "nil", "none")


def ink_of(marks: dict[str, etree._Element]) -> Ink:
    """The ink of a run's properties, by their names."""
    colour, size = marks.get("color"), marks.get("sz")
    half_points = attribute(size, "val") if size is not None else None
    return Ink(
        "" if colour is None else attribute(colour, "val") or "",
        int(half_points) / 2 if half_points and half_points.isdecimal() else 0,
        ground_in(marks),
    )


def ground_in(properties: dict[str, etree._Element]) -> Ground:
    """The ground that the properties of a run, paragraph or cell give."""
    highlight = properties.get("highlight")
    name = attribute(highlight, "val") if highlight is not None else None
    if name and name not in _NO_GROUND:
        return _HIGHLIGHTS.get(name, "unknown")
    shading = properties.get("shd")
    if shading is None:
        return None
    pattern = attribute(shading, "val") or ""
    if pattern in _NO_GROUND:
        return None
    if pattern in ("clear", "solid"):
        return parse_colour(attribute(shading, "fill" if pattern == "clear" else "color"))
    return "unknown"  # a pattern of two colours


def is_unseen(run: etree._Element, ink: Ink, fills_of_table: Callable[[str], Fills]) -> bool:
    """Whether a run that is written so cannot be seen where it stands; `fills_of_table` gives what
    the table style of that id fills."""
    if ink.ground is not None or ink.is_speck or parse_colour(ink.colour) is None:
        return ink.is_unseen_on(WHITE)
    return all(map(ink.is_unseen_on, _grounds_below(run, fills_of_table)))


def _grounds_below(run: etree._Element, fills_of_table: Callable[[str], Fills]) -> list[Ground]:
    """What the run may stand on: one ground, or several where a table style fills rows by turns."""
    cell: etree._Element | None = None
    for around in run.iterancestors():
        name = local_name(around)
        if name in _SHAPES and _is_filled(around):
            return ["unknown"]
        if name not in _PROPERTIES:
            continue
        properties = properties_of(around, _PROPERTIES[name])
        ground = ground_in(properties)
        if ground is not None:
            return [ground]
        if name == "tc":
            cell = around
        style = properties.get("tblStyle")
        fills = fills_of_table(attribute(style, "val") or "") if style is not None else ()
        if cell is not None and (found := _fills_of_cell(cell, fills)):
            return found
    return [WHITE]


def _fills_of_cell(cell: etree._Element, fills: Fills) -> list[Ground]:
    """Of a table style's fills those that the cell may have, with the paper's white where it has
    them in some rows or columns only."""
    row = cell.getparent()
    edges = {
        ("first", "Col"): not any(True for _ in cell.itersiblings("{*}tc", preceding=True)),
        ("last", "Col"): not any(True for _ in cell.itersiblings("{*}tc")),
        ("first", "Row"): row is None
        or not any(True for _ in row.itersiblings("{*}tr", preceding=True)),
        ("last", "Row"): row is None or not any(True for _ in row.itersiblings("{*}tr")),
    }
    outside = {which + line for (which, line), is_there in edges.items() if not is_there}
    found = [ground for part, ground in fills if part not in outside]
    is_whole = any(part == WHOLE_TABLE for part, _ in fills)
    return found if is_whole or not found else [*found, WHITE]


def _is_filled(shape: etree._Element) -> bool:
    properties = properties_of(shape, "spPr")
    return any(fill in properties for fill in _FILLS) or "fillcolor" in shape.attrib
