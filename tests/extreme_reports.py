"""Reports whose every value is at the edge of what a database, a calendar or a page can hold, made
from a seed.

`extreme_report(campaign, unit, rng)` is one report of a unit, as csv or xlsx, with the form's own
labels.
"""

from __future__ import annotations

import io
import re
from random import Random

import openpyxl

from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.registry import Unit

NUMBERS = (
    0,
    -0.0,
    -1,
    1,
    999_999,
    1_000_000,
    1_000_001,
    2**31 - 1,
    2**31,
    2**32,
    2**53,
    2**63 - 1,
    2**63,
    10**19,
    1e300,
    5e-324,
    0.1,
    1.5,
    "1e9",
    "1e-9",
    "١٢",
    "²",
    "9" * 30,
    "1_000",
    "0x10",
    "NaN",
    "inf",
    "-inf",
    "1/0",
    "½",
    "1.000.000",
    "1,000,000",
    "1 000 000",
    "+5",
    "--5",
    "5-",
    "5" * 7,
    "000000005",
    "#REF!",
    "#DIV/0!",
    True,
    "=1+1",
    "12%",
    "1e308%",
    "999999/999999",
    "1000000/1",
)
DATES = (
    "01/01/0001",
    "31/12/9999",
    "30/02/2022",
    "29/02/2022",
    "00/00/0000",
    "1/1/10000",
    0,
    1,
    60,
    2958465,
    2958466,
    1e10,
    -1,
    "0001-01-01",
    "9999-12-31T23:59:59",
    "05/4/2022 99:99",
    "5/4/22",
    "5/4/-2022",
    "2022-04-05Z",
    "32/13/2022",
    "05/4/20222",
    "1582-10-10",
    "ngày 5 tháng 4 năm 99999",
    "05/04/2022" * 50,
)
LONG = (
    "x" * 32_767,
    "ệ" * 32_767,
    "a\u0301" * 500,
    "🎉" * 2_000,
    "9" * 5_000,
    "A, " * 9_000,
    "đ/c A, " * 3_000,
)
TEXTS = (
    "",
    " ",
    "\u200b",
    "\u0000",
    "\ufffe",
    "\U0010ffff",
    "\u202e" * 50,
    "{{7*7}}",
    "{% raw %}",
    "'; DROP TABLE finding; --",
    "<script>",
    "=cmd|'/c calc'!A1",
    "%s%n",
    "$1",
    "\\",
    "\\N",
    "NULL",
    "None",
    "a\nb\r\nc",
    "\t",
    "“",
    "”",
    "…",
    " · ",
    "“a” · “b”",
    "A" * 300,
    "ﷺ" * 300,
    "1" * 300,
    "-",
    "x",
    ",",
    "Tổng cộng",
    "Cộng",
    "Chi bộ 1",
    "chi bộ  1",
    "CHI BỘ 1",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍" * 20,
)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def extreme_report(campaign: Campaign, unit: Unit, rng: Random) -> tuple[str, bytes]:
    """The ending of its name, and the bytes: the unit's name, then sections with some values
    replaced."""
    lines: list[list[object]] = [
        ["Đơn vị báo cáo", f"Đảng ủy {unit.name[0].lower()}{unit.name[1:]}"]
    ]
    for section in rng.sample(
        campaign.form.sections, rng.randrange(1, len(campaign.form.sections) + 1)
    ):
        lines += _table(section, rng) if section in campaign.form.tables else _pairs(section, rng)
    return ("csv", _csv(lines, rng)) if rng.random() < 0.5 else ("xlsx", _xlsx(lines))


def _pairs(section: Section, rng: Random) -> list[list[object]]:
    return [[field.label, _value(field, rng)] for field in section.fields if rng.random() < 0.8]


def _table(section: Section, rng: Random) -> list[list[object]]:
    fields = [field for field in section.fields if rng.random() < 0.9] or list(section.fields)
    rows = [[_value(field, rng) for field in fields] for _ in range(rng.choice((1, 5, 40)))]
    if rng.random() < 0.3:
        rows *= rng.choice((2, 20))
    return [[], [field.label for field in fields], *rows, []]


def _value(field: FormField, rng: Random) -> object:
    """Mostly one at the edge of its own type, at times one of another."""
    if rng.random() < 0.01:
        return rng.choice(LONG)
    kind = field.type if rng.random() < 0.8 else rng.choice(("count", "date", "text"))
    if kind == "count":
        return rng.choice(NUMBERS)
    return rng.choice(DATES) if kind == "date" else rng.choice(TEXTS)


def _csv(lines: list[list[object]], rng: Random) -> bytes:
    def cell(value: object) -> str:
        return '"' + str(value).replace('"', '""') + '"'

    text = "\n".join(";".join(map(cell, line)) for line in lines)
    return text.encode(rng.choice(("utf-8", "utf-8-sig", "utf-16")), "replace")


def _xlsx(lines: list[list[object]]) -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(
            [_UNWRITABLE.sub("", v)[:32_767] if isinstance(v, str) else v for v in line]
        )
    for row in book.active.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.data_type == "f":
                cell.data_type = "s"
    book.save(buffer)
    return buffer.getvalue()
