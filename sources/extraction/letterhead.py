"""What a report's first lines say: who reports, the document's number and date, and the topic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from rapidfuzz import fuzz

from sources.extraction.collected import Collected
from sources.extraction.dictionary import Dictionary
from sources.extraction.facts import Extract
from sources.extraction.labelled import pair_fact
from sources.grids import Document, Grid, Paragraph
from sources.registry import Unit
from sources.text import clean, fold

_NUMBER = re.compile(
    r"^\s*Số\s*[:.]?\s*(?P<number>\d{1,5}\s*[-‐‑–/]\s*[A-ZĐa-zđ]{1,6}(?:\s*[-‐‑–/]\s*[\wĐđ.&]+)*)\s*$")
_DATE = re.compile(
    r"(?P<date>ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"
    r"|(?:(?<=^)|(?<=,\s))ngày\s+\d{1,2}[/.-]\d{1,2}[/.-]\d{4})\s*$", re.IGNORECASE)
_QUOTED_TOPIC = re.compile(r"chuyên đề\s*[:\-–]?\s*(?:về\s+)?[“\"«](?P<topic>[^”\"»]{8,300})[”\"»]", re.IGNORECASE)
_STATED_TOPIC = re.compile(r"chuyên đề\s*(?::|về)\s*(?P<topic>[^“\"«.;]{12,300})", re.IGNORECASE)
_INTRODUCTION = re.compile(r"(?P<who>[^,;]{4,80}?)\s+(?:xin\s+)?báo cáo\s+(?:kết quả|tình hình|việc)", re.IGNORECASE)
_COMMUNE = re.compile(r"(?:đảng (?:ủy|bộ)|ban chấp hành đảng bộ)\s+(?:xã|thị trấn|phường)\s", re.IGNORECASE)
_LIKE = 80          # from this likeness on (of 100) a stated topic is the campaign's
_FIRST_BLOCKS = 25
_MOST_LETTERHEAD = 8   # of its lines
_FIRST_ROWS = 12
_MOST_CELLS = 4
_LONGEST_LINE = 160


class Line(NamedTuple):
    """A line near a document's beginning, and its place."""

    text: str
    sheet: str
    ref: str


def read_letterhead(document: Document, words: Dictionary, collected: Collected) -> None:
    """Takes unit, number, date and topic from the first lines, where no labelled value has told them."""
    lines = list(first_lines(document))
    for key, pattern, group in (("document_number", _NUMBER, "number"), ("document_date", _DATE, "date")):
        _take_labelled(lines, key, pattern, group, words, collected)
    _name_unit(lines, words, collected)
    _state_topic(lines, words, collected)


def first_lines(document: Document) -> Iterator[Line]:
    """The short lines of the first paragraphs, tables and rows of sheets."""
    for block in document.blocks[:_FIRST_BLOCKS]:
        if isinstance(block, Paragraph):
            yield from (Line(clean(t), block.sheet, block.ref) for t in block.text.split("\n") if clean(t))
        elif not block.hidden:
            yield from _lines_of_grid(block)


def _lines_of_grid(grid: Grid) -> Iterator[Line]:
    for r, row in enumerate(grid.rows[:_FIRST_ROWS]):
        if len(row) - row.count(None) > _MOST_CELLS:
            continue  # a row of a table, not a line of a letterhead
        for c, value in enumerate(row):
            if isinstance(value, str) and len(value) <= 4 * _LONGEST_LINE:
                yield from (Line(clean(t), grid.sheet, grid.ref(r, c)) for t in value.split("\n") if clean(t))


def _take_labelled(lines: list[Line], key: str, pattern: re.Pattern[str], group: str, words: Dictionary,
                   collected: Collected) -> None:
    if not words.campaign.form.has("info", key):
        return
    section = words.campaign.form.by_key["info"]
    held = collected.pairs.get(("info", key))
    match = next(((line, m) for line in lines if len(line.text) <= _LONGEST_LINE
                  and (m := pattern.search(line.text))), None)
    if match and (held is None or not held.raw):
        line, found = match
        field = section.by_key[key]
        said = found[group]
        collected.pairs["info", key] = pair_fact(section, field, said, said, line.sheet, line.ref, words)


def _name_unit(lines: list[Line], words: Dictionary, collected: Collected) -> None:
    """The labelled line counts; else the letterhead's, else the sentence that introduces the report."""
    extract = collected.extract
    labelled = collected.pairs.get(("info", "unit"))
    if labelled and labelled.raw:
        extract.unit_code, extract.unit_text = labelled.value, clean(labelled.raw)
        extract.unit_sheet, extract.unit_cell = labelled.sheet, labelled.cell
        return
    if named := named_in(lines, words):
        unit, line = named
        extract.unit_code, extract.unit_text = unit.code, line.text
        extract.unit_sheet, extract.unit_cell = line.sheet, line.ref
        return
    _keep_unknown_unit(lines, words, extract)


def named_in(lines: list[Line], words: Dictionary) -> tuple[Unit, Line] | None:
    """The first unit that the lines of a letterhead name, and the line that does.

    None where that is only the superior of a commune's organisation, which is named below it.
    """
    for line, below in zip_longest(lines, lines[1:]):
        if len(line.text) <= _LONGEST_LINE and (unit := words.names.reporter(_without_introduction(line.text))):
            of_commune = below is not None and words.names.is_organisation_of_commune(below.text)
            return None if of_commune else (unit, line)
    return None


def _without_introduction(text: str) -> str:
    match = _INTRODUCTION.search(text)
    return match["who"] if match else text


def _keep_unknown_unit(lines: list[Line], words: Dictionary, extract: Extract) -> None:
    """A letterhead of a unit that the registry does not know is kept: the file's name must not speak against it.

    Such is that of a commune's organisation, whose report is none of the commune's.
    """
    for number, line in enumerate(lines):
        of_organisation = number < _MOST_LETTERHEAD and words.names.is_organisation_of_commune(line.text)
        if of_organisation or _COMMUNE.match(line.text):
            extract.unit_text, extract.unit_sheet, extract.unit_cell = line.text, line.sheet, line.ref
            return


def _state_topic(lines: list[Line], words: Dictionary, collected: Collected) -> None:
    """Another topic is one that the first lines state and that is not like the campaign's (II.1)."""
    title = [line for line in lines if len(line.text) <= 2 * _LONGEST_LINE]
    text = " ".join(line.text for line in title)
    stated = [m["topic"] for pattern in (_QUOTED_TOPIC, _STATED_TOPIC) for m in pattern.finditer(text)]
    topic = fold(words.campaign.campaign.topic)
    if not stated or any(topic in fold(said) for said in (stated[0], text)):
        return
    if any(fuzz.partial_ratio(topic, fold(s)) >= _LIKE for s in stated):
        return
    extract = collected.extract
    place = next((line for line in title if fold(stated[0])[:40] in fold(line.text)), title[0])
    extract.other_topic, extract.other_topic_sheet, extract.other_topic_cell = clean(stated[0]), place.sheet, place.ref

