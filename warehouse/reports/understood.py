"""One file as it was understood: a page in Vietnamese with each text coloured by its class, and the
findings beside. Each place has an id (`place_id`), so that a link can lead to it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from sources.extraction.facts import Fact, ReadFinding
from sources.grids import column_letters
from warehouse.reports.feedback.refs import row_and_column
from warehouse.reports.page_environment import page_environment
from warehouse.reports.wording import rule_label

CLASSES = {
    "V": ("value", "Số liệu, nội dung đã đọc"),
    "C": ("check", "Số tổng cộng, dùng để đối chiếu"),
    "L": ("label", "Tên mục, tên cột, số thứ tự"),
    "I": ("ignored", "Bỏ qua theo mẫu (ghi chú, địa điểm, họ tên, phần bị ẩn)"),
    "U": ("unread", "Chưa đọc được"),
    "T": ("title", "Tiêu đề"),
    "H": ("title", "Tiêu đề, thể thức văn bản"),
    "S": ("note", "Phần ký, nơi nhận"),
    "N": ("note", "Lời văn không chứa số liệu"),
}
LEGEND = ("V", "C", "L", "I", "U", "T", "N")
MAX_BLANK_COLUMNS = 20  # to the right of a sheet's last text, up to which a blank place is shown

Place = tuple[str | None, str | None]  # sheet and ref, as in findings and lineage


@dataclass(slots=True)
class ShownCell:
    """A text, the CSS class of what it was understood as, the id of its place and the findings there;
    of a blank place that is shown all the same `text` and `look` are empty."""

    text: str
    look: str
    id: str
    findings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ShownSheet:
    """A sheet, a Word table or a run of paragraphs: `rows` holds its filled rows with their
    numbers."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[ShownCell | None]]] = field(default_factory=list)


def understood_page(
    file_name: str,
    texts: Iterable[Fact],
    findings: Iterable[ReadFinding],
    asked: Place | None = None,
) -> str:
    """The page of one file, everything a unit wrote escaped.

    `texts` are those of `sources.extraction.classified_texts`. `asked` is the place that the reader
    of the page comes for: it is shown where it is blank too, and the page says so where the file has
    no such place.
    """
    listed = list(findings)
    messages = _messages(listed)
    sheets = _sheets(texts, messages, [*messages, *([asked] if asked else [])])
    ids = {cell.id for sheet in sheets for _, cells in sheet.rows for cell in cells if cell}
    return (
        page_environment()
        .get_template("da-hieu.html.j2")
        .render(
            file_name=file_name,
            sheets=sheets,
            legend=[CLASSES[c] for c in LEGEND],
            findings=[
                (
                    rule_label(f.rule),
                    f.sheet or "",
                    f.cell or "",
                    f.message,
                    place_id(f.sheet, f.cell) if place_id(f.sheet, f.cell) in ids else "",
                )
                for f in listed
            ],
            not_found=asked if asked and place_id(*asked) not in ids else None,
        )
    )


def place_id(sheet: str | None, cell: str | None) -> str:
    """The id of a place in the page, whatever stands in the sheet's name."""
    return "o" + hashlib.sha256(f"{sheet}!{cell}".encode()).hexdigest()[:16]


def _messages(findings: list[ReadFinding]) -> dict[Place, list[str]]:
    messages: dict[Place, list[str]] = {}
    for finding in findings:
        messages.setdefault((finding.sheet, finding.cell), []).append(finding.message)
    return messages


def _sheets(
    texts: Iterable[Fact], messages: dict[Place, list[str]], places: list[Place]
) -> list[ShownSheet]:
    """The texts laid out as in the file; paragraphs that follow each other are one sheet of one
    column. `places` are shown where they are blank too."""
    sheets: list[ShownSheet] = []
    cells: dict[tuple[int, int], ShownCell] = {}
    for text in texts:
        place = row_and_column(text.cell)
        name = text.sheet if place else ""
        if not sheets or sheets[-1].name != name:
            _lay_out(sheets, cells, messages, places)
            sheets.append(ShownSheet(name))
            cells = {}
        at = place or (len(cells) + 1, 1)
        cells[at] = ShownCell(
            text.raw,
            CLASSES[text.section][0],
            place_id(text.sheet, text.cell),
            messages.get((text.sheet, text.cell), []),
        )
    _lay_out(sheets, cells, messages, places)
    return sheets


def _lay_out(
    sheets: list[ShownSheet],
    cells: dict[tuple[int, int], ShownCell],
    messages: dict[Place, list[str]],
    places: list[Place],
) -> None:
    """Gives the last sheet its rows: those that hold something, or a place to be shown, each as wide
    as the widest."""
    if not cells:
        return
    last = max(column for _, column in cells) + MAX_BLANK_COLUMNS
    for sheet, cell in places:
        at = row_and_column(cell or "")
        if at and sheet == sheets[-1].name and at not in cells and at[1] <= last:
            cells[at] = ShownCell("", "", place_id(sheet, cell), messages.get((sheet, cell), []))
    width = max(column for _, column in cells)
    sheets[-1].columns = (
        [column_letters(column) for column in range(width)] if sheets[-1].name else []
    )
    for row in sorted({row for row, _ in cells}):
        line = [cells.get((row, column)) for column in range(1, width + 1)]
        sheets[-1].rows.append((str(row) if sheets[-1].name else "", line))
