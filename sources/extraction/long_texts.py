"""Texts of a report that go on over several cells, one below another."""

from __future__ import annotations

import re

from sources.extraction.extract_builder import ExtractBuilder
from sources.extraction.labelled import pair_in_text
from sources.extraction.text_classes import TextClass
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.text import fold

MAX_ROWS_OF_TEXT = 60
_CHAPTER = re.compile(r"^\s*(?:[IVX]{1,5}|[A-Z])\s*[.)]\s*\S")


def continue_text(
    view: GridView,
    place: tuple[int, int],
    label_column: int,
    section: Section,
    field: FormField,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> set[int]:
    """Adds to a text what stands in the rows below it without a label of its own; returns these
    rows."""
    fact = builder.pairs.get((section.key, field.key))
    if fact is None or not fact.raw or fact.cell != view.ref(*place):
        return set()
    row, column = place
    texts, rows = [fact.raw], set()
    for below in range(row + 1, min(row + MAX_ROWS_OF_TEXT, view.height)):
        text = view.own_text(below, column).strip()
        if (
            not any(map(str.isalpha, text))
            or _starts_new_part(text, vocabulary)
            or (label_column != column and view.own_text(below, label_column))
        ):
            break
        texts.append(text)
        rows.add(below)
        view.account.mark(below, column, TextClass.VALUE)
    if rows:
        whole = "\n".join(texts)
        builder.pairs[section.key, field.key] = fact._replace(value=whole, raw=whole)
    return rows


def _starts_new_part(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text is a label, a heading or a signature, and does not continue the text above."""
    return (
        vocabulary.find_pair(text) is not None
        or pair_in_text(text, vocabulary) is not None
        or fold(text) in vocabulary.section_headings
        or vocabulary.lines.is_footer(text)
        or vocabulary.lines.is_caption(text)
        or text.isupper()
        or bool(_CHAPTER.match(text))
    )
