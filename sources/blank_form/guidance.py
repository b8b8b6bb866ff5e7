"""The form's instructions, made from the campaign: how to fill it in, by when, and where to send
it."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import segno
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from sources.blank_form.formats import FormFormats, prepare_page
from sources.campaigns import Campaign
from sources.form import Section
from sources.sql_parsing import field_when_held

SHEET = "Hướng dẫn"
LINK_WORDS = (
    "Gửi qua mạng: bấm vào mã bên dưới, hoặc quét mã bằng điện thoại, rồi thả tệp vào là biết ngay chỗ cần sửa. "
    "Mã này của riêng đơn vị, không chuyển cho nơi khác."
)
_LINES = Path(__file__).parent / "huong-dan.txt"


def deadline_words(campaign: Campaign) -> str:
    """The deadline as an office writes it: `trước ngày 18/4/2022`, with the hour where it is not
    midnight."""
    local = campaign.campaign.deadline.astimezone(campaign.zone)
    hour = "" if local.time() == dt.time() else f"{local:%H} giờ {local:%M} "
    return f"trước {hour}ngày {day_words(local.date())}"


def day_words(day: dt.date) -> str:
    """A day as Vietnamese offices write it: a zero before days below 10 and months 1 and 2."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year}"


def receiver(campaign: Campaign) -> str:
    """Who receives the reports."""
    return campaign.document.issuer_name


def how_to_send(campaign: Campaign) -> str:
    """One line: to whom, by when."""
    return (
        f"Gửi về {receiver(campaign)} {deadline_words(campaign)}. Chỉ điền vào các ô nền vàng nhạt."
    )


def table_note(section: Section, known: bool, campaign: Campaign) -> str:
    """The line under a table's title: what a row is, what blank means, the window of the
    guideline."""
    word = section.row_word or "nội dung"
    notes = [
        "Mỗi dòng đã ghi sẵn tên; nơi không có thì ghi 0 ở các cột số."
        if known
        else f"Mỗi {word} một dòng; dòng không dùng thì để trống."
    ]
    if field := field_when_held(section):
        notes.append(f"Chưa tổ chức thì để trống cột “{field.label}”.")
    if section.window:
        notes.append(f"Thời gian theo hướng dẫn {campaign.windows[section.window.name].label}.")
    return " ".join(notes)


def write_guidance(
    book: Workbook, campaign: Campaign, formats: FormFormats, link: str | None
) -> None:
    """Adds the last sheet: how to fill the form in and send it, one line each of huong-dan.txt; with
    the unit's own link, if it has one, and its QR code."""
    sheet = book.add_worksheet(SHEET)
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, "CÁCH ĐIỀN VÀ GỬI BÁO CÁO", formats.title)
    values = {
        "year": campaign.campaign.year,
        "receiver": receiver(campaign),
        "deadline": deadline_words(campaign),
    }
    lines = _LINES.read_text(encoding="utf-8").splitlines()
    for row, line in enumerate(lines, 2):
        text = f"- {line.format(**values)}"
        sheet.write_string(row, 0, text, formats.line)
        sheet.set_row(row, 38 if len(text) > 100 else 21)
    if link:
        _write_link(sheet, 2 + len(lines), link, formats)
    prepare_page(sheet, landscape=True)


def _write_link(sheet: Worksheet, row: int, link: str, formats: FormFormats) -> None:
    """As a picture that is scanned or clicked: the digits of a link's text would be read as numbers
    of the report."""
    sheet.write_string(row, 0, f"- {LINK_WORDS}", formats.line)
    sheet.set_row(row, 38)
    picture = io.BytesIO()
    segno.make(link, error="m").save(picture, kind="png", scale=4, border=4)
    place = {"image_data": picture, "x_offset": 20, "url": link, "description": LINK_WORDS}
    sheet.insert_image(row + 1, 0, "qr.png", place)
