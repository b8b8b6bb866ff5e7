"""Generated reports laid out on sheets in the ways in which units arrange them; the cell of each
value is kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from made_reports import CAMPAIGN, FORM, Key, Made, Said, Written, row_name

from sources.form import FormField, Section
from sources.grids import Grid, Span


class Place(NamedTuple):
    """A cell: the number of its sheet, its row and its column, from zero."""

    sheet: int
    row: int
    column: int


@dataclass
class Sheet:
    """A sheet as it will be written."""

    name: str
    cells: dict[tuple[int, int], Written] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)  # by a filter, so that they count
    hidden_columns: set[int] = field(default_factory=set)

    @property
    def bottom(self) -> int:
        """The first row below all that stands on the sheet."""
        return max((row for row, _ in self.cells), default=-1) + 1

    def rows(self) -> list[list[Written]]:
        """All cells as rows from A1 on."""
        right = max((column for _, column in self.cells), default=-1) + 1
        return [[self.cells.get((r, c)) for c in range(right)] for r in range(self.bottom)]

    def grid(self) -> Grid:
        """The sheet as a reader yields it."""
        rows = [[None if v == "" else v for v in row] for row in self.rows()]
        return Grid(self.name, rows, tuple(Span(*m) for m in self.merged))  # type: ignore[arg-type]


@dataclass
class Book:
    """Sheets, and where on them each value, each header and each total stands."""

    sheets: list[Sheet] = field(default_factory=list)
    places: dict[Key, Place] = field(default_factory=dict)
    heads: dict[tuple[str, str], list[Place]] = field(default_factory=dict)
    totals: dict[tuple[str, str], list[Place]] = field(default_factory=dict)

    def at(self, place: Place) -> Written:
        """What stands at a place."""
        return self.sheets[place.sheet].cells.get((place.row, place.column))

    def put(self, place: Place, value: Written) -> None:
        """Writes a value over what stands at a place."""
        self.sheets[place.sheet].cells[place.row, place.column] = value


@dataclass(frozen=True)
class Layout:
    """How a report is laid out; the default is the plainest."""

    levels: int = 1
    shuffled: bool = False
    variants: bool = False
    ordinals: bool = True
    extra: bool = False
    blank_rows: bool = False
    titles: int = 0
    down: int = 0
    right: int = 0
    totals: str = ""  # "below", "above" or "within"
    groups: bool = False
    notes: bool = False
    one_sheet: bool = False
    split: bool = False
    names: str = "own"  # of sheets: "own", "plain" or "odd"
    combining: bool = False
    hidden: bool = False
    pairs: str = "beside"  # "beside", "numbered", "unit", "one_cell"


def any_layout(rng: Random) -> Layout:
    """A layout in which each trait is drawn by itself."""

    def yes(share: float = 0.5) -> bool:
        return rng.random() < share

    return Layout(
        rng.choice((1, 1, 2, 3)),
        yes(),
        yes(),
        yes(0.7),
        yes(),
        yes(0.3),
        rng.randrange(5),
        rng.randrange(6),
        rng.randrange(5),
        rng.choice(("", "below", "above", "within")),
        yes(0.3),
        yes(),
        yes(0.3),
        yes(0.3),
        rng.choice(("own", "plain", "odd")),
        yes(0.2),
        yes(0.2),
        rng.choice(("beside", "numbered", "unit", "one_cell")),
    )


def laid_out(made: Made, layout: Layout, rng: Random) -> Book:
    """The report on sheets: its pairs first, then its tables."""
    book = Book()
    _sheet(book, "Thông tin chung", layout, 0)
    _draw_pairs(book, made, layout, rng)
    for section in FORM.tables:
        rows = made.tables.get(section.key)
        if not rows:
            continue
        middle = len(rows) // 2
        for part in (rows[:middle], rows[middle:]) if layout.split and middle else (rows,):
            if not layout.one_sheet:
                _sheet(book, section.title, layout, len(book.sheets))
            _draw_table(book, section, part, layout, rng)
    if layout.combining:
        for sheet in book.sheets:
            sheet.cells = {
                k: unicodedata.normalize("NFD", v) if isinstance(v, str) else v
                for k, v in sheet.cells.items()
            }
    return book


def _sheet(book: Book, title: str, layout: Layout, number: int) -> None:
    name = {
        "own": f"{title} {number}" if number else title,
        "plain": f"Sheet{number + 1}",
        "odd": f"biểu {number} (sửa)",
    }[layout.names]
    book.sheets.append(Sheet(name[:31]))


def _draw_pairs(book: Book, made: Made, layout: Layout, rng: Random) -> None:
    sheet, row, left = book.sheets[-1], layout.down, layout.right
    for line in ("BÁO CÁO", f"Kết quả sinh hoạt chuyên đề “{CAMPAIGN.campaign.topic}”")[
        : layout.titles
    ]:
        sheet.cells[row, left] = line
        row += 1
    for number, ((section, key), said) in enumerate(made.pairs.items(), 1):
        asked = FORM.by_key[section].by_key[key]
        label = rng.choice(asked.labels) if layout.variants else asked.label
        row += layout.blank_rows and rng.random() < 0.2
        if (
            layout.pairs == "one_cell"
            and isinstance(said.written, str)
            and "\n" not in said.written
        ):
            sheet.cells[row, left] = f"{number}. {label}: {said.written}"
            book.places[section, "", key] = Place(len(book.sheets) - 1, row, left)
        else:
            before: list[Written] = [number, label] if layout.pairs == "numbered" else [label]
            before += [asked.unit_word] if layout.pairs == "unit" else []
            for offset, value in enumerate((*before, said.written)):
                sheet.cells[row, left + offset] = value
            book.places[section, "", key] = Place(len(book.sheets) - 1, row, left + len(before))
        row += 1


class _Column(NamedTuple):
    """A column of a table: a field; of a choice that is split, one of its codes; or a column of no
    field."""

    field: FormField | None
    upper: str
    lower: str | None = None
    code: str | None = None


def _columns(section: Section, keys: Sequence[str], layout: Layout, rng: Random) -> list[_Column]:
    blocks: list[list[_Column]] = []
    by_group: dict[str, list[_Column]] = {}
    for asked in (f for f in section.fields if f.key in keys):
        if layout.levels > 1 and asked.type == "choice" and len(asked.choice) == 2:
            blocks.append([_Column(asked, asked.label, c.label, c.code) for c in asked.choice])
        elif layout.levels > 1 and asked.group and asked.under:
            if asked.group[0] not in by_group:
                by_group[asked.group[0]] = []
                blocks.append(by_group[asked.group[0]])
            by_group[asked.group[0]].append(_Column(asked, asked.group[0], asked.under[0]))
        else:
            blocks.append(
                [_Column(asked, rng.choice(asked.labels) if layout.variants else asked.label)]
            )
    if layout.extra:
        blocks += [[_Column(None, "Ghi chú")], [_Column(None, "Địa điểm tổ chức")]]
    if layout.shuffled:
        rng.shuffle(blocks)
    ordinal = [[_Column(None, rng.choice(("TT", "STT", "Số TT")))]] if layout.ordinals else []
    return [column for block in (*ordinal, *blocks) for column in block]


def _draw_table(
    book: Book, section: Section, rows: list[dict[str, Said]], layout: Layout, rng: Random
) -> None:
    sheet = book.sheets[-1]
    columns = _columns(section, list(rows[0]), layout, rng)
    row = sheet.bottom + 2 if sheet.cells else layout.down
    for line in (
        "BIỂU TỔNG HỢP",
        "(Kèm theo báo cáo của đơn vị)",
        section.heading or section.title,
    )[: layout.titles]:
        sheet.cells[row, layout.right] = line
        row += 1
    row += layout.titles > 3
    row = _draw_header(book, section, columns, row, layout)
    if layout.totals == "above":
        row = _draw_total(book, section, columns, rows, row, layout, "Tổng cộng")
    grouped = layout.groups and layout.ordinals
    for number, said in enumerate(rows, 1):
        if grouped and number in (1, len(rows) // 2 + 1):
            sheet.cells[row, layout.right] = "I" if number == 1 else "II"
            sheet.cells[
                row,
                layout.right
                + 1
                + next(
                    i
                    for i, c in enumerate(columns[1:])
                    if c.field and c.field.key in section.row_key
                ),
            ] = f"Khối {number}"
            row += 1
        if layout.blank_rows and number > 1 and rng.random() < 0.2:
            row += 1
        _draw_row(book, section, columns, said, row, layout, number)
        if layout.hidden and rng.random() < 0.2:
            sheet.hidden_rows.add(row)
        row += 1
        if layout.totals == "within" and number == len(rows) // 2 and number > 1:
            row = _draw_total(book, section, columns, rows[:number], row, layout, "Cộng")
    if layout.totals in ("below", "within"):
        row = _draw_total(book, section, columns, rows, row, layout, "Tổng cộng")
    if layout.notes:
        sheet.cells[row + 1, layout.right] = "Ghi chú: số liệu tính đến ngày 15/4/2022"
        sheet.cells[row + 2, layout.right + 3] = "T/M BAN THƯỜNG VỤ"
        sheet.cells[row + 3, layout.right + 3] = "BÍ THƯ"


def _draw_header(
    book: Book, section: Section, columns: list[_Column], top: int, layout: Layout
) -> int:
    sheet, number = book.sheets[-1], len(book.sheets) - 1
    if layout.levels == 3:
        sheet.cells[top, layout.right] = f"Biểu số liệu {section.title}"
        sheet.merged.append((top, layout.right, top, layout.right + len(columns) - 1))
        top += 1
    depth = min(layout.levels, 2)
    start = 0
    while start < len(columns):
        upper, lower = columns[start].upper, columns[start].lower
        end = start + 1
        while lower is not None and end < len(columns) and columns[end].upper == upper:
            end += 1
        sheet.cells[top, layout.right + start] = upper
        if lower is None and depth > 1:
            sheet.merged.append((top, layout.right + start, top + 1, layout.right + start))
        elif end - start > 1:
            sheet.merged.append((top, layout.right + start, top, layout.right + end - 1))
        for index in range(start, end):
            if columns[index].lower:
                sheet.cells[top + 1, layout.right + index] = columns[index].lower
            if asked := columns[index].field:
                place = Place(
                    number, top + (depth - 1 if columns[index].lower else 0), layout.right + index
                )
                book.heads.setdefault((section.key, asked.key), []).append(place)
        start = end
    return top + depth


def _draw_row(
    book: Book,
    section: Section,
    columns: list[_Column],
    said: dict[str, Said],
    row: int,
    layout: Layout,
    number: int,
) -> None:
    sheet, at = book.sheets[-1], len(book.sheets) - 1
    name = row_name(section.key, said)
    for index, column in enumerate(columns):
        place = Place(at, row, layout.right + index)
        if column.field is None:
            text: Written = (
                number
                if index == 0 and layout.ordinals
                else "Nhà văn hóa"
                if number % 3 == 0
                else None
            )
            sheet.cells[row, place.column] = text
            continue
        value = said[column.field.key]
        if column.code is None or (value.means == column.code and value.clear):
            sheet.cells[row, place.column] = value.written if column.code is None else "x"
            book.places[section.key, name, column.field.key] = place
        elif value.means is None:
            book.places[section.key, name, column.field.key] = place


def _draw_total(
    book: Book,
    section: Section,
    columns: list[_Column],
    rows: list[dict[str, Said]],
    row: int,
    layout: Layout,
    word: str,
) -> int:
    sheet, at = book.sheets[-1], len(book.sheets) - 1
    named = next(i for i, c in enumerate(columns) if c.field and c.field.key in section.row_key)
    sheet.cells[row, layout.right + named] = word
    for index, column in enumerate(columns):
        if column.field and column.field.type == "count":
            sheet.cells[row, layout.right + index] = sum(
                int(r[column.field.key].means or 0) for r in rows
            )
            book.totals.setdefault((section.key, column.field.key), []).append(
                Place(at, row, layout.right + index)
            )
    return row + 1
