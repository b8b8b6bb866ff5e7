"""The labels of pairs on a sheet, and pairs that stand in one cell (`1. Tổng số chi bộ: 25`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.headings import MAX_HEADING_LETTERS, split_at_text_headings, text_heading
from sources.extraction.label_forms import label_forms
from sources.extraction.labelled import Label, pair_fact, pair_in_text
from sources.extraction.sentences import read_behind_count
from sources.extraction.sub_labels import SubLabels, pair_beside
from sources.extraction.unknown_labels import (
    note_hedged,
)
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.text import fold

MAX_LABEL_LETTERS = 120


def find_labels(
    view: GridView,
    row: int,
    short: SubLabels,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
    rows_read: set[int],
) -> Iterator[Label]:
    """The labels on a row, from left to right.

    Pairs that stand in one cell are read at once; their row is added to `rows_read`.
    """
    for column in view.filled_columns(row):
        value = view.rows[row][column]
        if not isinstance(value, str):
            continue
        if fold(value) in vocabulary.pair_sub_labels and (
            pair := _pair_below(view, row, column, vocabulary)
            or pair_beside(view, row, column, vocabulary)
        ):
            yield Label(*pair, row, column, right_of(view, row, column))
            continue
        if (
            len(value) <= MAX_LABEL_LETTERS
            and (pair := vocabulary.find_pair(value))
            and (value[-1].isalnum() or not _ends_in_a_mark(value, vocabulary))
        ):
            if pair[1].type == "unit" and _is_column_header(view, row, column, vocabulary):
                continue
            short.note(row, column, pair[1])
            yield Label(*pair, row, column, right_of(view, row, column))
            if "(" in value or "\n" in value:
                note_hedged(value, *pair, view.sheet, view.ref(row, column), vocabulary, builder)
        elif fields := _text_fields(value, vocabulary):
            yield Label(*fields[0], row, column, right_of(view, row, column))
            _report_shared(view, row, column, fields[1:], builder)
        elif pair := short.find(row, column):
            yield Label(*pair, row, column, right_of(view, row, column))
        elif any(
            [
                _read_piece(view, row, column, piece, short, vocabulary, builder)
                for piece in _pieces(value, vocabulary)
            ]
        ):
            rows_read.add(row)


def _report_shared(
    view: GridView,
    row: int,
    column: int,
    fields: Iterable[tuple[Section, FormField]],
    builder: ExtractBuilder,
) -> None:
    """Reports the other texts of a label of several: all that is written goes to the first."""
    for section, field in fields:
        builder.add_finding(
            "not_read",
            view.sheet,
            view.ref(row, column),
            section=section.key,
            field=field.key,
            value=shorten(view.own_text(row, column)),
        )


def _text_fields(value: str, vocabulary: Vocabulary) -> tuple[tuple[Section, FormField], ...]:
    """The texts that follow a label without a value of its own: `Tồn tại, hạn chế và nguyên
    nhân`."""
    if (
        len(value) > MAX_HEADING_LETTERS
        or not value.strip()
        or not vocabulary.section_headings.isdisjoint(label_forms(value))
    ):
        return ()  # `ĐÁNH GIÁ, KIẾN NGHỊ` is the title of all of them
    heading = text_heading(value, False, vocabulary)
    return heading.fields if heading and not heading.text else ()


def _pair_below(
    view: GridView, row: int, column: int, vocabulary: Vocabulary
) -> tuple[Section, FormField] | None:
    """The field of a label that stands below a header over several: `Chi bộ` over `Tổng số`, `Đã
    sinh hoạt`."""
    if not row or vocabulary.find_pair(view.own_text(row, column)):
        return None
    group = view.text(row - 1, column)
    if not group and view.span(row - 1, column) is None:
        group = next(
            (text for c in range(column - 1, -1, -1) if (text := view.own_text(row - 1, c))), ""
        )
    return vocabulary.pair_under(group, view.own_text(row, column)) if group else None


def _is_column_header(view: GridView, row: int, column: int, vocabulary: Vocabulary) -> bool:
    """Whether a label of the unit heads a column of something else: `Nội dung | Đơn vị | Kế hoạch |
    Kết quả`."""
    beside, below = (
        view.own_text(row, right_of(view, row, column) + 1),
        view.own_text(row + 1, column),
    )
    if any(vocabulary.issuers.of(text) for text in (beside, below) if text):
        return False
    headers = {fold(view.own_text(row, c)) for c in view.filled_columns(row) if c != column}
    return fold(below) in vocabulary.counts.units or not headers.isdisjoint(
        vocabulary.ignored_labels | vocabulary.result_words
    )


def right_of(view: GridView, row: int, column: int) -> int:
    """The last column of the cell that stands at the place."""
    span = view.span(row, column)
    return span.right if span else column


def _ends_in_a_mark(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a label is followed by a value that is no word: folded, `Chỉ thị 14-CT/TU: ✓` is the
    label alone."""
    found = pair_in_text(text, vocabulary)
    return found is not None and found[2] != "" and not fold(found[2])


def _pieces(text: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Where a cell holds several pairs, each of them; prose may hold semicolons of its own."""
    lines = [
        part
        for line in text.split("\n")
        for part in (split_at_text_headings(line, vocabulary) if ":" in line else [line])
    ]
    for line in lines:
        found = pair_in_text(line, vocabulary) if ";" in line else None
        yield from [line] if found and found[0].key == "text" else line.split(";")


def _read_piece(
    view: GridView,
    row: int,
    column: int,
    piece: str,
    short: SubLabels,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> bool:
    if found := pair_in_text(piece, vocabulary) or short.find_in(column, piece):
        section, field, value = found
        short.note(row, column, field)
        sheet, ref = view.sheet, view.ref(row, column)
        count = read_behind_count(value, field, sheet, ref, vocabulary, builder)
        fact = pair_fact(section, field, count, value, sheet, ref, vocabulary)
        builder.add_pair(section, field, fact)
        label = piece[: piece.rfind(value)] if value else piece
        note_hedged(label, section, field, sheet, ref, vocabulary, builder)
        return True
    return False
