"""One file as it was understood: a page in Vietnamese with each text coloured by its class, and the
findings beside."""

from __future__ import annotations

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


@dataclass(slots=True)
class ShownCell:
    """A text, the CSS class of what it was understood as, and the findings at its place."""

    text: str
    look: str
    findings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ShownSheet:
    """A sheet, a Word table or a run of paragraphs: `rows` holds its filled rows with their
    numbers."""

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[ShownCell | None]]] = field(default_factory=list)


def understood_page(file_name: str, texts: Iterable[Fact], findings: Iterable[ReadFinding]) -> str:
    """The page of one file, everything a unit wrote escaped.

    `texts` are those of `sources.extraction.classified_texts`.
    """
    listed = list(findings)
    return (
        page_environment()
        .get_template("da-hieu.html.j2")
        .render(
            file_name=file_name,
            sheets=_sheets(texts, _messages(listed)),
            legend=[CLASSES[c] for c in LEGEND],
            findings=[(rule_label(f.rule), f.sheet or "", f.cell or "", f.message) for f in listed],
        )
    )


def _messages(findings: list[ReadFinding]) -> dict[tuple[str | None, str | None], list[str]]:
    messages: dict[tuple[str | None, str | None], list[str]] = {}
    for finding in findings:
        messages.setdefault((finding.sheet, finding.cell), []).append(finding.message)
    return messages


def _sheets(
    texts: Iterable[Fact], messages: dict[tuple[str | None, str | None], list[str]]
) -> list[ShownSheet]:
    """The texts laid out as in the file; paragraphs that follow each other are one sheet of one
    column."""
    sheets: list[ShownSheet] = []
    cells: dict[tuple[int, int], ShownCell] = {}
    for text in texts:
        place = row_and_column(text.cell)
        name = text.sheet if place else ""
        if not sheets or sheets[-1].name != name:
            _lay_out(sheets, cells)
            sheets.append(ShownSheet(name))
            cells = {}
        at = place or (len(cells) + 1, 1)
        cells[at] = ShownCell(
            text.raw, CLASSES[text.section][0], messages.get((text.sheet, text.cell), [])
        )
    _lay_out(sheets, cells)
    return sheets


def _lay_out(sheets: list[ShownSheet], cells: dict[tuple[int, int], ShownCell]) -> None:
    """Gives the last sheet its rows: those that hold something, each as wide as the widest."""
    if not cells:
        return
    width = max(column for _, column in cells)
    sheets[-1].columns = (
        [column_letters(column) for column in range(width)] if sheets[-1].name else []
    )
    for row in sorted({row for row, _ in cells}):
        line = [cells.get((row, column)) for column in range(1, width + 1)]
        sheets[-1].rows.append((str(row) if sheets[-1].name else "", line))
