"""Fills the caches of one process for a campaign before it is forked, so that its children start
warm.

The first report of a process costs ten times as much as the next: the vocabulary is folded,
patterns are compiled, labels are looked up. A report with a value for every label does all that
without a file from outside.
"""

from __future__ import annotations

import datetime as dt

from sources.campaigns import Campaign
from sources.extraction.people import hide_names
from sources.extraction.phrases import compile_phrases
from sources.extraction.report import extract
from sources.extraction.vocabulary import vocabulary_of
from sources.form import FormField, Section
from sources.grids import Document, Grid, Paragraph, Value

_ROWS_PER_TABLE = 3  # enough for rows that are compared with those above them


def warm_up(campaign: Campaign) -> None:
    """Extracts workbooks in which each label of the campaign's form has a value, and a short
    text."""
    sections = campaign.form.sections
    for spelling in range(
        max(len(field.labels) for section in sections for field in section.fields)
    ):
        extract(
            Document("xlsx", [_grid(section, spelling, campaign) for section in sections]), campaign
        )
    compile_phrases(vocabulary_of(campaign))
    titles = campaign.form.words.name_titles
    hide_names(f"{titles[0]} Bình" if titles else "", titles)
    lines = ("BÁO CÁO", f"1. {campaign.campaign.topic}: 17/18 chi bộ", "2. Có mười tám chi bộ.")
    extract(
        Document("docx", [Paragraph(number, line) for number, line in enumerate(lines, 1)]),
        campaign,
    )


def _grid(section: Section, spelling: int, campaign: Campaign) -> Grid:
    """A section's table or pairs; `spelling` chooses among the ways to write each label."""
    labels = [field.labels[spelling % len(field.labels)] for field in section.fields]
    rows: list[list[Value]] = [[section.title], []]
    if section.layout == "pairs":
        rows += [
            [n, label, _value(field, n, campaign)]
            for n, (label, field) in enumerate(zip(labels, section.fields, strict=True), 1)
        ]
    else:
        rows.append(["STT", *labels])
        rows += [
            [n, *(_value(field, n, campaign) for field in section.fields)]
            for n in range(1, _ROWS_PER_TABLE + 1)
        ]
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
