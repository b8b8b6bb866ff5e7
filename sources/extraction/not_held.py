"""Rows that state in words that their meeting did not take place: `Chưa tổ chức do dịch`, `Hoãn
sang 20/4`."""

from __future__ import annotations

import re

from sources.extraction.cell_types import BLANK, UNTYPED
from sources.extraction.date_texts import names_a_day
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.totals import Reading
from sources.extraction.vocabulary import Vocabulary
from sources.form import Section
from sources.text import fold

_WORD = re.compile(r"[^\W\d]\w*")


def blank_not_held(
    readings: list[Reading],
    section: Section,
    row: int,
    sheet: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> list[Reading]:
    """The readings of a row with places that say "not held" or "-" as blank as if nothing stood
    there (II.3).

    A count, mode or mark with such words is blank where the row gives no day. A day to which a
    meeting was put off is a finding.
    """
    if _says_not_held(readings, section, vocabulary):
        builder.not_held_rows.append((section.key, row))
    days = [r for r in readings if section.window and r.field.key in section.window.fields]
    not_held = bool(days) and all(r.typed is BLANK for r in days)
    blanked = []
    for reading in readings:
        if reading.typed is UNTYPED and not_held and vocabulary.not_held_notes.begin(reading.raw):
            reading = reading._replace(typed=_value_of_not_held(reading, section), raw="")
        elif reading.typed is BLANK and reading.raw:
            if reading.field.type == "date" and names_a_day(reading.raw):
                _report_put_off(reading, section, sheet, readings, builder)
            reading = reading._replace(raw="")
        blanked.append(reading)
    return blanked


def _says_not_held(readings: list[Reading], section: Section, vocabulary: Vocabulary) -> bool:
    """Whether words for "not held" stand in the place of a day, and the row gives no other day."""
    days = [r for r in readings if section.window and r.field.key in section.window.fields]
    says_so = any(
        vocabulary.not_held_notes.begin(r.raw) or fold(r.raw) in vocabulary.counts.not_yet
        for r in days
        if r.raw
    )
    return says_so and all(r.typed is BLANK for r in days)


def _value_of_not_held(reading: Reading, section: Section) -> str | None:
    """The value of a place of a meeting that was not held: no mark, 0 meetings (orgs), else
    blank."""
    if reading.field.type == "mark":
        return "false"
    if reading.field.type == "count" and reading.field.key == _key_in_held_when(section):
        return "0"
    return BLANK


def _key_in_held_when(section: Section) -> str | None:
    """The first field that `held_when` names, such as `branches_held` of `branches_held > 0`.

    DuckDB's parser (sources/sql_parsing.py) is not used: it would load some 40 MB into the process
    that reads files.
    """
    words = _WORD.findall(section.held_when or "")
    return next((word for word in words if word in section.by_key), None)


def _report_put_off(
    reading: Reading, section: Section, sheet: str, readings: list[Reading], builder: ExtractBuilder
) -> None:
    name = next((r.raw for r in readings if r.field.key in section.row_key and r.raw), None)
    builder.add_finding(
        "meeting_put_off",
        sheet,
        reading.ref,
        section=section.key,
        field=reading.field.key,
        row_name=name,
        value=shorten(reading.raw),
        label=reading.field.label,
    )
