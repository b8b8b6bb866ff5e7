"""A workbook with nothing but the list of what is to be corrected, for files that cannot be marked
themselves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from xlsxwriter import Workbook

from sources.text import day_first
from warehouse.reports.feedback.returned_files import FeedbackItem, ReturnedFile

LIST_SHEET = "Cần sửa"
COPY_NOTE = "Tệp này là bản sao để xem chỗ sai (tô màu, có ghi chú). Đề nghị sửa trên tệp gốc của đơn vị rồi gửi lại."
COLUMNS = (
    ("STT", 6),
    ("Mức độ", 10),
    ("Vị trí", 26),
    ("Nội dung", 44),
    ("Đang ghi", 24),
    ("Cần sửa như sau", 70),
)
_BOX = {
    "border": 1,
    "border_color": "#7F7F7F",
    "text_wrap": True,
    "valign": "top",
    "quote_prefix": True,
}
ERROR_FILL, WARNING_FILL = "#F4B183", "#FFE699"


def list_line(number: int, item: FeedbackItem) -> tuple[str, ...]:
    """A finding as a line of the list, in the order of COLUMNS."""
    return (
        str(number),
        "Sai" if item.is_error else "Xem lại",
        item.place or "Cả tệp",
        item.about or item.rule,
        day_first(item.value),
        item.message,
    )


def line_height(texts: Sequence[str]) -> float:
    """The height in points that shows all of a line, since programs differ in whether they work it
    out."""
    lines = (
        sum(max(1, math.ceil(len(part) / (width - 2))) for part in text.split("\n"))
        for text, (_, width) in zip(texts, COLUMNS, strict=True)
    )
    return 16.5 * min(max(lines), 24)


def list_title(file_name: str) -> str:
    """The list's title."""
    return f"NHỮNG CHỖ CẦN SỬA TRONG TỆP “{file_name}”"


def write_list(file: ReturnedFile, target: Path) -> None:
    """Writes the list of the file's findings to `target` (.xlsx); every text a string, none a
    formula.

    It bears the file's time of receipt and not the night's: a night that keeps it has the bytes of
    one that makes it.
    """
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": "Times New Roman", "font_size": 12},
    }
    with Workbook(str(target), options) as book:
        book.set_properties({"created": file.received_at.replace(tzinfo=None, microsecond=0)})
        sheet = book.add_worksheet(LIST_SHEET)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.write_string(
            0, 0, list_title(file.file_name), book.add_format({"bold": True, "font_size": 14})
        )
        if not file.findings:
            sheet.write_string(1, 0, file.reason)
        head = book.add_format({**_BOX, "bold": True, "bg_color": "#1F4E79", "font_color": "white"})
        fills = {
            True: book.add_format({**_BOX, "bg_color": ERROR_FILL}),
            False: book.add_format({**_BOX, "bg_color": WARNING_FILL}),
        }
        plain = book.add_format(_BOX)
        for column, (title, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(2, column, title, head)
        for number, item in enumerate(file.findings, 1):
            line = list_line(number, item)
            sheet.set_row(2 + number, line_height(line))
            for column, text in enumerate(line):
                sheet.write_string(
                    2 + number, column, text, fills[item.is_error] if column == 1 else plain
                )
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)
