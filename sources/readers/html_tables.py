"""The tables of a web page: cells take the places that spans of earlier ones leave, as browsers lay
them out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from sources.readers.cell_corrections import MAX_PLACES
from sources.readers.html_styles import Style
from sources.readers.html_values import value_behind
from sources.readers.refusals import broken, too_much
from sources.readers.running_text import MAX_COLUMNS, TextCell, TextParagraph, TextTable
from sources.readers.text_effects import seen_text
from sources.readers.word_text import Text

if TYPE_CHECKING:
    from sources.readers.html import Look, PageReader

_CELLS = ("td", "th")
_GROUPS = {"thead": 0, "tfoot": 2}  # where a browser shows them, wherever they stand
_NO_ROWS = ("caption", "col", "colgroup", "script", "style", "template", "comment")
_MAX_DOWN = 65_534
_MAX_DEPTH = 250


class _Row(NamedTuple):
    cells: list[etree._Element]
    look: Look
    is_hidden: bool
    group: etree._Element  # that no cell goes down out of


class TableReader:
    """Reads the tables of one page."""

    def __init__(self, page: PageReader) -> None:
        self.page, self.places = page, 0

    def read(
        self, element: etree._Element, look: Look, depth: int
    ) -> list[TextParagraph | TextTable]:
        """The table, and before it what stands in it outside of all cells, as browsers show that."""
        table = TextTable(hidden_columns=set(self._hidden_columns(element)))
        stray: list[etree._Element | str] = []
        taken: dict[int, int] = {}  # by column, into how many rows more a cell above goes
        group: etree._Element | None = None
        first = 0
        for row in self._rows(element, look, depth, stray):
            if row.group is not group:
                _end_group(table, first)
                group, first, taken = row.group, len(table.rows), {}
            cells, new = self._row(row, depth, taken)
            if row.is_hidden:
                table.hidden_rows.add(len(table.rows))
            table.rows.append(cells)
            if len(table.rows) > self.page.limits.rows:
                raise too_much(self.page.limits)
            taken = {column: more - 1 for column, more in (taken | new).items() if more > 1}
        _end_group(table, first)
        captions = [child for child in element if child.tag == "caption"]
        before = self.page.items_within(captions, look, depth + 1)
        for outside in stray:
            if isinstance(outside, str):
                text = Text()
                shown = self.page.shown(outside, look.font)
                text.add(shown, outside, look.bold, look.seen_effect, look.font)
                before.append(TextParagraph(text))
            else:
                before += self.page.items_within([outside], look, depth + 1)
        return [*before, table]

    def _rows(
        self,
        container: etree._Element,
        look: Look,
        depth: int,
        stray: list[etree._Element | str],
        is_hidden: bool = False,
    ) -> Iterator[_Row]:
        """The rows of a table, a group of its rows or what wraps them; the head first, the foot
        last."""
        if depth > _MAX_DEPTH:
            raise broken()
        stray += _texts_between(container)
        loose: list[etree._Element] = []
        for child in sorted(container, key=lambda c: _GROUPS.get(str(c.tag), 1)):
            if child.tag in _CELLS:
                loose.append(child)
                continue
            if loose:
                yield _Row(loose, look, is_hidden, container)
                loose = []
            if not isinstance(child.tag, str) or child.tag in _NO_ROWS:
                continue
            style = self.page.style_of(child)
            own = self.page.look_of(child, style, look)
            hidden = is_hidden or (own.effect == "hidden" and look.effect != "hidden")
            own = own._replace(effect=look.effect) if hidden else own
            if child.tag == "tr":
                yield _Row(list(_cells(child, stray)), own, hidden, container)
            elif _has_cells(child):
                yield from self._rows(child, own, depth + 1, stray, hidden)
            else:
                stray.append(child)
        if loose:
            yield _Row(loose, look, is_hidden, container)

    def _row(
        self, row: _Row, depth: int, taken: dict[int, int]
    ) -> tuple[list[TextCell], dict[int, int]]:
        """The row's cells at their columns, and the columns that they take in rows below."""
        cells: list[TextCell] = []
        new: dict[int, int] = {}
        unseen: list[Text] = []  # of cells that are not laid out
        column = 0
        for element in row.cells:
            style = self.page.style_of(element)
            if style.get("display") == "none" or element.get("hidden") is not None:
                unseen += self._cell(element, style, row, depth).paragraphs
                continue
            while column in taken:
                column += 1
            across = min(max(_whole(element.get("colspan")), 1), MAX_COLUMNS)
            down = _whole(element.get("rowspan"), 1) or _MAX_DOWN
            cell = self._cell(element, style, row, depth)
            cell.left, cell.rows = column, min(max(down, 1), _MAX_DOWN)
            # Excel's mark of a text that runs over empty cells beside it
            cell.columns = 1 if style.get("mso-ignore") == "colspan" else across
            new |= dict.fromkeys(range(column, column + across), cell.rows)
            column += across
            self.places += across
            if column > MAX_COLUMNS or self.places > MAX_PLACES:
                raise broken()
            cells.append(cell)
        if cells and unseen:
            cells[-1].paragraphs += unseen
        elif unseen:
            cells.append(TextCell(column, paragraphs=unseen))
        return cells, new

    def _cell(self, element: etree._Element, style: Style, row: _Row, depth: int) -> TextCell:
        cell = TextCell()
        for item in self.page.items_within([element], row.look, depth + 1):
            if isinstance(item, TextTable):
                only = [inner for cells in item.rows for inner in cells]
                if len(only) == 1 and not only[0].nested:  # a frame around a value
                    cell.paragraphs += only[0].paragraphs
                else:
                    cell.nested.append(item)
            else:
                cell.paragraphs.append(item.text)
        if len(cell.paragraphs) == 1:
            shown = seen_text(cell.paragraphs[0].runs).shown
            cell.value = value_behind(element, shown, style.get("mso-number-format", ""))
        return cell

    def _hidden_columns(self, table: etree._Element) -> Iterator[int]:
        number = 0
        for column in (c for c in table.iter("col", "colgroup") if _is_of(c, table)):
            inner = column.tag == "colgroup" and any(c.tag == "col" for c in column)
            if inner:
                continue
            span = min(max(_whole(column.get("span")), 1), MAX_COLUMNS)
            style = self.page.style_of(column)
            if style.get("display") == "none" or style.get("visibility") == "collapse":
                yield from range(number, min(number + span, MAX_COLUMNS))
            number += span


def _end_group(table: TextTable, first: int) -> None:
    """No cell goes down out of its group of rows."""
    for number, cells in enumerate(table.rows[first:], start=first):
        for cell in cells:
            cell.rows = min(cell.rows, len(table.rows) - number)


def _cells(row: etree._Element, stray: list[etree._Element | str]) -> Iterator[etree._Element]:
    """The cells of a row, through what wraps them."""
    stray += _texts_between(row)
    for child in row:
        if child.tag in _CELLS:
            yield child
        elif _has_cells(child):
            yield from _cells(child, stray)
        elif isinstance(child.tag, str) and child.tag not in _NO_ROWS:
            stray.append(child)


def _has_cells(element: etree._Element) -> bool:
    """Whether it wraps rows or cells of the table that it stands in."""
    return element.tag != "table" and any(
        child.tag in ("tr", *_CELLS) or _has_cells(child) for child in element
    )


def _is_of(element: etree._Element, table: etree._Element) -> bool:
    return next(element.iterancestors("table"), None) is table


def _texts_between(element: etree._Element) -> list[str]:
    texts = [element.text or "", *(child.tail or "" for child in element)]
    return [" ".join(text.split()) for text in texts if text.strip()]


def _whole(text: str | None, default: int = 1) -> int:
    """The number that an attribute begins with, as browsers read it."""
    digits = (text or "").strip()[:9]
    digits = digits[: len(digits) - len(digits.lstrip("0123456789"))]
    return int(digits) if digits.isascii() and digits else default
