"""Data validation of the form: what Excel accepts in a cell, and its message when it refuses a
value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sources.blank_form.formulas import list_item
from sources.campaigns import Campaign
from sources.form import FormField, Section

_MAX_LIST_LENGTH = 255  # what Excel keeps of a drop-down's values
_MAX_TITLE_LENGTH = 32
_MAX_MESSAGE_LENGTH = 255
_MAX_COUNT = 9_999_999

Guard = dict[str, object]


def guard(
    field: FormField, section: Section, campaign: Campaign, place: Callable[[str], str]
) -> Guard | None:
    """The data validation of a field's cells for xlsxwriter, None where anything may stand.

    `place` gives the relative reference, in the first of these cells' rows, of another field's cell
    of the section.
    """
    if field.type == "mark":
        rule = _choice(["x"], "Ghi “x” nếu có; để trống nếu không.")
    elif field.choice:
        rule = _choice(
            [list_item(c.label) for c in field.choice], "Chọn một giá trị trong danh sách."
        )
    elif field.type == "date":
        rule = _date(section, campaign)
    elif field.type == "count":
        rule = _count(field, section, place)
    elif field.type == "text" and field.key in section.row_key:
        rule = _name(section)
    else:
        return None
    return {
        "ignore_blank": True,
        "error_title": "Chưa đúng",
        "error_type": "stop",
        "input_title": _short(field.label),
        **rule,
    }


def _choice(values: list[str], prompt: str) -> Guard:
    if len(",".join(values)) > _MAX_LIST_LENGTH:
        return {
            "validate": "any",
            "input_message": f"Một trong: {'; '.join(values)}"[:_MAX_MESSAGE_LENGTH],
        }
    return {
        "validate": "list",
        "source": values,
        "input_message": prompt,
        "error_message": f"{prompt} Giá trị được nhận: {'; '.join(values)}."[:_MAX_MESSAGE_LENGTH],
    }


def _date(section: Section, campaign: Campaign) -> Guard:
    """Meetings take place in the campaign's year; the report itself may be signed in the year in
    which it is due."""
    year = campaign.campaign.year
    last = (
        year
        if section.window
        else max(year, campaign.campaign.deadline.astimezone(campaign.zone).year)
    )
    years = f"năm {year}" if last == year else f"các năm {year}-{last}"
    window = campaign.windows[section.window.name].label if section.window else None
    when = f" Thời gian tổ chức theo hướng dẫn: {window}." if window else ""
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": dt.date(year, 1, 1),
        "maximum": dt.date(last, 12, 31),
        "input_message": f"Nhập ngày/tháng/năm, trong {years}.{when}",
        "error_message": f"Phải là một ngày có thật trong {years}, nhập dạng ngày/tháng/năm.",
    }


def _count(field: FormField, section: Section, place: Callable[[str], str]) -> Guard:
    number = "Nhập số nguyên, không âm; không có thì ghi 0."
    if not field.limit:
        return {
            "validate": "integer",
            "criteria": "between",
            "minimum": 0,
            "maximum": _MAX_COUNT,
            "input_message": number,
            "error_message": "Phải là số nguyên từ 0 trở lên, không kèm chữ.",
        }
    own, limit = place(field.key), place(field.limit)
    label = section.by_key[field.limit].label
    return {
        "validate": "custom",
        "value": f'=AND(ISNUMBER({own}),{own}>=0,{own}=INT({own}),OR({limit}="",{own}<={limit}))',
        "input_message": f"{number} Không lớn hơn “{label}”."[:_MAX_MESSAGE_LENGTH],
        "error_message": f"Phải là số nguyên từ 0 trở lên và không lớn hơn “{label}”."[
            :_MAX_MESSAGE_LENGTH
        ],
    }


def _name(section: Section) -> Guard:
    word = section.row_word or "đối tượng"
    return {
        "validate": "length",
        "criteria": "between",
        "minimum": 2,
        "maximum": 200,
        "input_message": f"Mỗi {word} một dòng, không trùng nhau. Không ghi họ, tên người.",
        "error_message": f"Ghi tên {word}, từ 2 đến 200 ký tự.",
    }


def _short(label: str) -> str:
    return label if len(label) <= _MAX_TITLE_LENGTH else label[: _MAX_TITLE_LENGTH - 1] + "…"
