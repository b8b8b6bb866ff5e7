"""Tables that list corrections one by one: `Tên chi bộ | Nội dung | Đã báo cáo | Đính chính`, a
value a row."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sources.extraction.cell_types import raw_text, type_value
from sources.extraction.corrected_rows import CorrectedRows
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.section_labels import SectionLabels
from sources.extraction.text_classes import TextClass
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.text import fold

_MIN_COLUMNS, _MAX_FIRST_ROWS = 3, 60


class _Listing(NamedTuple):
    """Where such a table stands: its header's row, the columns of names and of new values.

    `labels` are those of the section whose rows it corrects.
    """

    top: int
    names: int
    values: int
    labels: SectionLabels


def read_listed_corrections(
    view: GridView, vocabulary: Vocabulary, builder: ExtractBuilder
) -> set[int]:
    """Adds the values of such a table as rows of their own; returns the rows of the grid that it
    stands on.

    A value whose label or type is not known is a finding.
    """
    rows = range(min(view.height, _MAX_FIRST_ROWS))
    listing = next((found for row in rows if (found := _listing(view, row, vocabulary))), None)
    if listing is None:
        return set()
    corrected = CorrectedRows(builder, fold)
    read_rows = {listing.top}
    for column in view.filled_columns(listing.top):
        view.account.mark(listing.top, column, TextClass.LABEL)
    for row in range(listing.top + 1, view.height):
        name = view.text(row, listing.names).strip()
        if name and view.own(row, listing.values) not in (None, ""):
            read_rows.add(row)
            _read_row(view, row, name, listing, corrected, vocabulary, builder)
    return read_rows


def _listing(view: GridView, row: int, vocabulary: Vocabulary) -> _Listing | None:
    """The table whose header stands on a row: it heads one column of row names and the last of new
    values."""
    columns = view.filled_columns(row)
    if len(columns) < _MIN_COLUMNS:
        return None
    headers = {c: fold(view.own_text(row, c)) for c in columns}
    values = [c for c in columns if headers[c] in _amended_heads(vocabulary)]
    if not values and any(vocabulary.qualifiers.occur_in(view.own_text(row, c)) for c in columns):
        values = [c for c in columns if headers[c] in vocabulary.result_words]  # `Số cũ | Số mới`
    for labels in vocabulary.table_labels if len(values) == 1 else ():
        keys = [
            c
            for c in columns
            if len(labels.section.row_key) == 1
            and labels.find(view.own_text(row, c)) == labels.section.row_key[0]
        ]
        others = [c for c in columns if labels.find(view.own_text(row, c)) and c not in keys]
        if len(keys) == 1 and not others:
            return _Listing(row, keys[0], values[0], labels)
    return None


def _read_row(
    view: GridView,
    row: int,
    name: str,
    listing: _Listing,
    corrected: CorrectedRows,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    section, ref = listing.labels.section, view.ref(row, listing.values)
    key = next(
        (
            found
            for c in view.filled_columns(row)
            if c not in (listing.names, listing.values)
            and (found := listing.labels.find(view.own_text(row, c)))
        ),
        None,
    )
    field = section.by_key[key] if key else None
    value = view.own(row, listing.values)
    typed = (
        type_value(value, field, vocabulary, vocabulary.campaign.campaign.year) if field else None
    )
    for column in view.filled_columns(row):
        view.account.mark(row, column, TextClass.NOTE)
    if field is None or not isinstance(typed, str):
        view.account.mark(row, listing.values, TextClass.UNREAD)
        builder.add_finding(
            "not_read",
            view.sheet,
            ref,
            section=section.key,
            row_name=name,
            field=field.key if field else None,
            value=shorten(raw_text(value)),
        )
        return
    view.account.mark(row, listing.names, TextClass.VALUE)
    view.account.mark(row, listing.values, TextClass.VALUE)
    corrected.add(
        section,
        name,
        field,
        typed,
        raw_text(value),
        place=(view.sheet, ref),
        name_place=(view.sheet, view.ref(row, listing.names)),
    )


@lru_cache(maxsize=4)
def _amended_heads(vocabulary: Vocabulary) -> frozenset[str]:
    """The heads of columns of new values: those of results that speak of an amendment."""
    form = vocabulary.campaign.form
    verbs = [fold(word) for word in form.prose.amending_words]
    return frozenset(
        head
        for head in map(fold, form.words.result_words)
        if any(f" {verb} " in f" {head} " for verb in verbs)
    )
