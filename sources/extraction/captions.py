"""Whose table it is, and of which year, where the lines above it or its sheet's name say so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.text import fold

_MAX_ROWS_ABOVE_TABLE = 8
_MAX_CELLS_IN_CAPTION_ROW = 3
_MAX_CAPTION_LETTERS = 160
_YEAR = re.compile(r"\bnăm\s+(20\d\d)\b", re.IGNORECASE)
# and no day's: `Số liệu đến 31/12/2021`
_YEAR_OF_SHEET = re.compile(r"(?<![\d/.])\b(20\d\d)\b(?![/.]\d)")


@dataclass(frozen=True, slots=True)
class CaptionedTable:
    """The rows `first` to `last` of a section that came from one table, and what its caption
    states.

    unit_code   the commune that it names, None where it names none; `text` is the line that does
    other_year  the line that names a year which is not the campaign's other_meeting  the line that
    names a regular meeting, where none nearer to the table names the campaign's own
    """

    section: str
    first: int
    last: int
    sheet: str
    ref: str
    unit_code: str | None
    text: str
    other_year: str | None
    other_meeting: str | None = None


def lines_above(view: GridView, top: int) -> Iterator[str]:
    """The short lines above a table, the nearest first, up to the table above it; the sheet's name
    last."""
    for row in range(top - 1, max(top - 1 - _MAX_ROWS_ABOVE_TABLE, -1), -1):
        values = [v for v in view.rows[row] if v is not None]
        if len(values) > _MAX_CELLS_IN_CAPTION_ROW or not all(isinstance(v, str) for v in values):
            break
        yield from (str(v) for v in values)
    if view.grid.source == "sheet":
        yield view.sheet


def caption_of(
    lines: Iterable[str], vocabulary: Vocabulary
) -> tuple[str | None, str, str | None, str | None]:
    """The commune that the lines name, with the line that does; a line that names an earlier year;
    and one that names another meeting than the campaign's.
    """
    unit_code, text, other_year = None, "", None
    other_meeting, is_named = None, False
    for line in lines:
        if len(line) > _MAX_CAPTION_LETTERS:
            continue
        code, of_other_year = _unit_and_year(line, vocabulary)
        if code and unit_code is None:
            unit_code, text = code, line
        other_year = other_year or (line if of_other_year else None)
        if not is_named and (meeting := meeting_named(line, vocabulary)):
            is_named, other_meeting = True, line if meeting == "other" else None
    return unit_code, text, other_year, other_meeting


@lru_cache(maxsize=4096)
def meeting_named(line: str, vocabulary: Vocabulary) -> str | None:
    """Which meeting a line names: the campaign's own, another, none. `Lồng ghép sinh hoạt thường
    kỳ` is its own."""
    form_words, folded = vocabulary.campaign.form.words, f" {fold(line)} "
    if any(f" {fold(word)} " in folded for word in form_words.own_meeting_words):
        return "own"
    return (
        "other"
        if any(f" {fold(word)} " in folded for word in form_words.other_meeting_words)
        else None
    )


@lru_cache(maxsize=4096)  # the same few titles stand above the tables of all reports
def _unit_and_year(line: str, vocabulary: Vocabulary) -> tuple[str | None, bool]:
    """The commune that a line names, and whether it names an earlier year than the campaign's, and
    not as a date's."""
    unit = vocabulary.unit_names.commune(line)
    if unit and not vocabulary.unit_names.exact(line):
        found = vocabulary.issuers.in_title([line])
        unit = unit if found and found[0].kind == "unit" and found[0].code == unit.code else None
    year = str(vocabulary.campaign.campaign.year)
    years = _YEAR.findall(line) or (_YEAR_OF_SHEET.findall(line) if len(line) < 32 else [])
    earlier = (
        bool(years) and max(years) < year and year not in line and "ngày" not in line.casefold()
    )
    return unit.code if unit else None, earlier


def drop_tables_of_others(
    captioned_tables: list[CaptionedTable], vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """Drops the rows of tables that are of another commune than the one that reports, or of another
    year."""
    extract = builder.extract
    owner = extract.unit_code or next((c.unit_code for c in captioned_tables if c.unit_code), None)
    of_commune = (
        owner is not None and vocabulary.campaign.registry.by_code[owner].reporter == "commune"
    )
    for table in captioned_tables:
        if table.other_year:
            _drop_table(table, builder)
            builder.add_finding(
                "table_of_other_year",
                table.sheet,
                table.ref,
                section=table.section,
                value=shorten(table.other_year),
                year=vocabulary.campaign.campaign.year,
            )
        elif table.other_meeting:
            _drop_table(table, builder)
            builder.add_finding(
                "table_of_other_meeting",
                table.sheet,
                table.ref,
                section=table.section,
                value=shorten(table.other_meeting),
            )
        elif of_commune and table.unit_code not in (None, owner):
            _drop_table(table, builder)
            builder.add_finding(
                "line_of_another",
                table.sheet,
                table.ref,
                section=table.section,
                value=shorten(table.text),
                message=f"Bảng này ghi “{shorten(table.text)}”, không phải đơn vị báo cáo, nên không được tính. Đề "
                f"nghị mỗi đơn vị gửi một báo cáo riêng.",
            )


def _drop_table(table: CaptionedTable, builder: ExtractBuilder) -> None:
    extract = builder.extract
    rows = range(table.first, table.last + 1)
    extract.facts = [f for f in extract.facts if f.section != table.section or f.row not in rows]
    extract.findings = [
        f for f in extract.findings if f.section != table.section or f.row not in rows
    ]
