"""What one process learns of a campaign before it is forked, so that no reader has to learn it again.

The first report of a process costs ten times as much as the next: the vocabulary is folded, patterns are compiled,
labels are looked up. A report that says what every label is for makes all that without a file from outside.
"""

from __future__ import annotations

import datetime as dt

from sources.campaigns import Campaign
from sources.extraction.dictionary import dictionary_of
from sources.extraction.phrases import compile_phrases
from sources.extraction.report import extract
from sources.form import FormField, Section
from sources.grids import Document, Grid, Paragraph, Value

_ROWS = 3   # of a table: enough for rows that are compared with those above them


def warm_up(campaign: Campaign) -> None:
    """Extracts a workbook in which each label of the campaign's form has a value, and a short text."""
    extract(Document("xlsx", [_grid(section, campaign) for section in campaign.form.sections]), campaign)
    compile_phrases(dictionary_of(campaign))
    lines = ("BÁO CÁO", f"1. {campaign.campaign.topic}: 17/18 chi bộ", "2. Có mười tám chi bộ.")
    extract(Document("docx", [Paragraph(number, line) for number, line in enumerate(lines, 1)]), campaign)


def _grid(section: Section, campaign: Campaign) -> Grid:
    rows: list[list[Value]] = [[section.title], []]
    if section.layout == "pairs":
        rows += [[n, field.label, _value(field, n, campaign)] for n, field in enumerate(section.fields, 1)]
    else:
        rows.append(["STT", *(field.label for field in section.fields)])
        rows += [[n, *(_value(field, n, campaign) for field in section.fields)] for n in range(1, _ROWS + 1)]
        rows.append(["Tổng cộng"])
    return Grid(section.title, rows)


def _value(field: FormField, number: int, campaign: Campaign) -> Value:
    match field.type:
        case "count":
            return number
        case "mark":
            return "x"
        case "date":
            return dt.date(campaign.campaign.year, 4, number % 28 + 1)
        case "choice" | "organisation":
            return field.choice[number % len(field.choice)].label if field.choice else None
        case "unit" | "commune":
            names = [unit.name for unit in campaign.registry.communes]
            return names[number % len(names)] if names else None
        case _:
            return f"{field.label} {number}"
