"""What a report's first lines state: the document's number, date and topic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz import fuzz

from sources.extraction.extract_builder import ExtractBuilder
from sources.extraction.issuer_lines import Line
from sources.extraction.labelled import pair_fact
from sources.extraction.vocabulary import Vocabulary
from sources.grids import Document, Grid, Paragraph
from sources.text import clean, fold

_NUMBER = re.compile(
    r"^\s*Số\s*[:.]?\s*(?P<number>\d{1,5}\s*[-‐‑–/]\s*[A-ZĐa-zđ]{1,6}(?:\s*[-‐‑–/]\s*[\wĐđ.&]+)*)\s*$"
)
_DATE = re.compile(
    r"(?P<date>ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4}"
    r"|(?:(?<=^)|(?<=,\s))ngày\s+\d{1,2}[/.-]\d{1,2}[/.-]\d{4})\s*$",
    re.IGNORECASE,
)
_QUOTED_TOPIC = re.compile(
    r"chuyên đề\s*[:\-–]?\s*(?:về\s+)?[“\"«](?P<topic>[^”\"»]{8,300})[”\"»]", re.IGNORECASE
)
_STATED_TOPIC = re.compile(r"chuyên đề\s*(?::|về)\s*(?P<topic>[^“\"«.;]{12,300})", re.IGNORECASE)
_MIN_TOPIC_LIKENESS = 80  # from this likeness on (of 100) a stated topic is the campaign's
_MAX_FIRST_BLOCKS = 25
_MAX_FIRST_ROWS = 12
_MAX_CELLS_IN_LETTERHEAD_ROW = 4
_MAX_LINE_LETTERS = 160


def read_letterhead(lines: list[Line], vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Reads number, date and topic from the first lines (`first_lines`), where no label gave
    them."""
    for key, pattern, group in (
        ("document_number", _NUMBER, "number"),
        ("document_date", _DATE, "date"),
    ):
        _add_from_lines(lines, key, pattern, group, vocabulary, builder)
    _find_other_topic(lines, vocabulary, builder)


def first_lines(document: Document) -> Iterator[Line]:
    """The short lines of the first paragraphs, tables and rows of sheets."""
    for block in document.blocks[:_MAX_FIRST_BLOCKS]:
        if isinstance(block, Paragraph):
            yield from (
                Line(clean(t), block.sheet, block.ref) for t in block.text.split("\n") if clean(t)
            )
        elif not block.hidden:
            yield from _lines_of_grid(block)


def _lines_of_grid(grid: Grid) -> Iterator[Line]:
    for r, row in enumerate(grid.rows[:_MAX_FIRST_ROWS]):
        if len(row) - row.count(None) > _MAX_CELLS_IN_LETTERHEAD_ROW:
            continue  # a row of a table, not a line of a letterhead
        for c, value in enumerate(row):
            for text in _lines_of(value) if isinstance(value, str) else ():
                yield Line(text, grid.sheet, grid.ref(r, c))


@lru_cache(maxsize=8192)
def _lines_of(text: str) -> tuple[str, ...]:
    return (
        tuple(filter(None, map(clean, text.split("\n"))))
        if len(text) <= 4 * _MAX_LINE_LETTERS
        else ()
    )


def _add_from_lines(
    lines: list[Line],
    key: str,
    pattern: re.Pattern[str],
    group: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    if not vocabulary.campaign.form.has("info", key):
        return
    section = vocabulary.campaign.form.by_key["info"]
    existing = builder.pairs.get(("info", key))
    match = next(
        (
            (line, m)
            for line in lines
            if len(line.text) <= _MAX_LINE_LETTERS and (m := pattern.search(line.text))
        ),
        None,
    )
    if match and (existing is None or not existing.raw):
        line, found = match
        field = section.by_key[key]
        text = found[group]
        builder.pairs["info", key] = pair_fact(
            section, field, text, text, line.sheet, line.ref, vocabulary
        )


def _find_other_topic(lines: list[Line], vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Another topic is one that the first lines state and that is not like the campaign's
    (II.1)."""
    title = [line for line in lines if len(line.text) <= 2 * _MAX_LINE_LETTERS]
    text = " ".join(line.text for line in title)
    stated = [
        m["topic"] for pattern in (_QUOTED_TOPIC, _STATED_TOPIC) for m in pattern.finditer(text)
    ]
    topic = fold(vocabulary.campaign.campaign.topic)
    if not stated or any(topic in fold(known) for known in (stated[0], text)):
        return
    if any(fuzz.partial_ratio(topic, fold(s)) >= _MIN_TOPIC_LIKENESS for s in stated):
        return
    extract = builder.extract
    place = next((line for line in title if fold(stated[0])[:40] in fold(line.text)), title[0])
    extract.other_topic, extract.other_topic_sheet, extract.other_topic_cell = (
        clean(stated[0]),
        place.sheet,
        place.ref,
    )
