"""Pairs of label and value on a sheet: side by side, one under another, or in one cell (`1. Tổng số chi bộ: 25`)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from sources.extraction.cell_types import UNTYPED, raw_text, type_value
from sources.extraction.column_codes import is_column_codes
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.headings import MAX_HEADING_LETTERS, split_at_text_headings, text_heading
from sources.extraction.label_forms import label_forms
from sources.extraction.labelled import Label, pair_fact, pair_in_text
from sources.extraction.long_texts import continue_text
from sources.extraction.pair_headers import PairHeaders
from sources.extraction.pair_tables import labels_on_levels
from sources.extraction.sentences import read_behind_count, read_sentences
from sources.extraction.sub_labels import SubLabels, pair_beside
from sources.extraction.text_classes import TextClass
from sources.extraction.unknown_labels import (
    nearest_pair,
    note_hedged,
    report_mistyped,
    report_unknown,
    report_unknown_below,
)
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.extraction.wide_rows import wide_table
from sources.form import FormField, Section
from sources.grids import Value
from sources.text import fold

_DIGIT = re.compile(r"\d")
_MAX_LABEL_LETTERS = 120
_MAX_COLUMNS_BEHIND_VALUES = 3  # in which a value may stand by mistake


def read_pairs(
    view: GridView, free_rows: Iterable[int], vocabulary: Vocabulary, builder: ExtractBuilder
) -> set[int]:
    """Reads all pairs on the rows that no table has taken; returns the rows that it has dealt with."""
    rows = list(free_rows)
    pieces: set[int] = set()
    short = SubLabels(view, vocabulary)
    labels = [
        label
        for row in rows
        for label in _find_labels(view, row, short, vocabulary, builder, pieces)
    ]
    on_levels = labels_on_levels(view, rows, labels, vocabulary)
    headed = {row for taken in on_levels for row in taken}
    labels = sorted(
        [x for x in labels if x.row not in headed]
        + [x for found in on_levels.values() for x in found],
        key=lambda x: x.row,
    )
    if not labels:
        return pieces | read_sentences(view, rows, vocabulary, builder)
    rows_of_labels = _rows_of_labels(view, labels, vocabulary) | {
        taken.stop - 1 for taken in on_levels
    }
    pieces |= headed - rows_of_labels
    pieces |= {
        x.row - 1
        for x in labels
        if x.row in rows_of_labels and not vocabulary.find_pair(view.own_text(x.row, x.column))
    }
    labels = [_lowered(view, label, rows_of_labels) for label in labels]
    rows_of_labels &= {
        label.row for label in labels
    }  # one whose labels all reach further down is none
    wide = [
        table
        for row in sorted(rows_of_labels)
        if (table := wide_table(view, row, labels, vocabulary))
    ]
    builder.wide_tables += wide
    pieces |= {row for table in wide for row in (table.labels[0].row, *table.lines, *table.others)}
    labels = [
        label for label in labels if label.row not in pieces or label.row not in rows_of_labels
    ]
    rows_of_labels -= pieces
    if not labels:
        return pieces | read_sentences(
            view, [r for r in rows if r not in pieces], vocabulary, builder
        )
    value_rows = {row: _row_of_values(view, row, labels, vocabulary) for row in rows_of_labels}
    below_labels: set[int] = set()
    one_a_row = [x for x in labels if x.row not in value_rows]
    headers = PairHeaders(view, one_a_row, vocabulary)
    pieces |= headers.codes
    value_column = _value_columns(view, one_a_row, headers, vocabulary)
    for label in labels:
        below = value_rows.get(label.row, label.row)
        if below is None:
            continue
        place = (
            (below, label.column)
            if label.row in value_rows
            else _value_place(view, label, value_column, vocabulary)
        )
        below_labels.add(place[0])
        view.account.mark(label.row, label.column, TextClass.LABEL)
        if (
            label.row in value_rows
            and label.field.type == "unit"
            and not _names_unit(view.text(*place), vocabulary)
        ):
            continue  # the head of a column of other names: `Đơn vị` above party cells
        _add_pair(view, label, place, vocabulary, builder)
        if label.row not in value_rows and label.section.key != "text":
            _report_other_values(view, label, place, labels, headers, vocabulary, builder)
        elif label.row not in value_rows:
            pieces |= continue_text(
                view, place, label.column, label.section, label.field, vocabulary, builder
            )
    headers.report(view, {label.row for label in one_a_row}, builder)
    beside = [
        r for r in rows if r not in value_rows and r - 1 not in value_rows and r not in pieces
    ]
    _report_unknown_labels(view, beside, labels, value_column, vocabulary, builder)
    _report_unknown_column_labels(view, value_rows, labels, vocabulary, builder)
    read_rows = {
        *(label.row for label in labels),
        *(row for row in value_rows.values() if row is not None),
        *(label.row + 1 for label in labels if label.section.key == "text"),
        *below_labels,
    }
    return (
        pieces
        | read_rows
        | read_sentences(view, [r for r in rows if r not in read_rows], vocabulary, builder)
    )


def _row_of_values(
    view: GridView, row: int, labels: list[Label], vocabulary: Vocabulary
) -> int | None:
    """The row that tells the values of a row of labels: the one below it, of several the row of totals.

    None where several stand there and none is the total: whose values are the unit's, the file does not say.
    """
    columns = [label.column for label in labels if label.row == row]
    filled = []
    for below in range(row + 1, view.height):
        values = [text for c in columns if (text := view.own_text(below, c))]
        if any(vocabulary.find_pair(text) for text in values):
            break
        if is_column_codes([view.own_text(below, c) for c in view.filled_columns(below)]):
            for column in view.filled_columns(below):
                view.account.mark(below, column, TextClass.LABEL)
            continue
        if not values:
            if not view.filled_columns(below):
                break
            continue
        filled.append(below)
    if len(filled) < 2 or sum(view.own_text(filled[1], c) != "" for c in columns) * 2 < len(
        columns
    ):
        return filled[0] if filled else row + 1
    totals = [
        r
        for r in filled
        if any(vocabulary.lines.is_total(view.own_text(r, c)) for c in view.filled_columns(r))
    ]
    return totals[0] if len(totals) == 1 else None


def _report_other_values(
    view: GridView,
    label: Label,
    place: tuple[int, int],
    labels: list[Label],
    headers: PairHeaders,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """A value of the label's type further on in its row, where none or another one stands in the column of values."""
    if label.field.type not in ("count", "date", "mark"):
        return
    taken = view.value(*place)
    if taken is not None and label.field.type != "count":
        return
    cells = view.rows[label.row]
    beside = [
        c
        for c in range(label.right + 1, min(len(cells), place[1] + _MAX_COLUMNS_BEHIND_VALUES + 1))
        if c != place[1]
        and cells[c] is not None
        and (taken is None or _is_number(cells[c]))
        and c not in headers.ignored
        and c not in headers.other
    ]
    if not beside:
        return
    if _add_up(taken, [cells[c] for c in beside]):
        for column in beside:
            view.account.mark(label.row, column, TextClass.CHECK)
        return
    year = vocabulary.campaign.campaign.year
    first = type_value(taken, label.field, vocabulary, year)
    near = min(
        (x.column for x in labels if x.row == label.row and x.column > label.column),
        default=view.width,
    )
    for column in (c for c in beside if c < near):
        value = cells[column]
        if type_value(value, label.field, vocabulary, year) in (UNTYPED, None, "false", first):
            continue
        used = (
            f"số liệu lấy theo ô {view.ref(*place)}" if taken is not None else "nên không được đọc"
        )
        builder.add_finding(
            "value_outside_column",
            view.sheet,
            view.ref(label.row, column),
            section=label.section.key,
            field=label.field.key,
            value=shorten(raw_text(value)),
            label=label.field.label,
            used=used,
        )


def _add_up(whole: Value, parts: list[Value]) -> bool:
    """Whether the numbers beside a value are what it is the sum of: `Đợt 1 | Đợt 2 | Cộng`."""
    return (
        len(parts) > 1
        and all(map(_is_number, (whole, *parts)))
        and sum(map(float, parts)) == float(whole)
    )


def _names_unit(text: str, vocabulary: Vocabulary) -> bool:
    issuer = vocabulary.issuers.of(text)
    return issuer is not None and issuer.kind == "unit"


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and value.strip().isdigit())


def _find_labels(
    view: GridView,
    row: int,
    short: SubLabels,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
    pieces: set[int],
) -> Iterator[Label]:
    for column in view.filled_columns(row):
        value = view.rows[row][column]
        if not isinstance(value, str):
            continue
        if fold(value) in vocabulary.pair_sub_labels and (
            pair := _pair_below(view, row, column, vocabulary)
            or pair_beside(view, row, column, vocabulary)
        ):
            yield Label(*pair, row, column, _right_of(view, row, column))
            continue
        if (
            len(value) <= _MAX_LABEL_LETTERS
            and (pair := vocabulary.find_pair(value))
            and (value[-1].isalnum() or not _ends_in_a_mark(value, vocabulary))
        ):
            if pair[1].type == "unit" and _heads_column(view, row, column, vocabulary):
                continue
            short.note(row, column, pair[1])
            yield Label(*pair, row, column, _right_of(view, row, column))
            if "(" in value or "\n" in value:
                note_hedged(value, *pair, view.sheet, view.ref(row, column), vocabulary, builder)
        elif fields := _text_fields(value, vocabulary):
            yield Label(*fields[0], row, column, _right_of(view, row, column))
            _report_shared(view, row, column, fields[1:], builder)
        elif pair := short.find(row, column):
            yield Label(*pair, row, column, _right_of(view, row, column))
        elif any(
            [
                _read_piece(view, row, column, piece, short, vocabulary, builder)
                for piece in _pieces(value, vocabulary)
            ]
        ):
            pieces.add(row)


def _report_shared(
    view: GridView,
    row: int,
    column: int,
    fields: Iterable[tuple[Section, FormField]],
    builder: ExtractBuilder,
) -> None:
    """Of a label of several texts only the first gets what is written: which part is whose, it does not say."""
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
    """The texts that a label without a value of its own opens: `Tồn tại, hạn chế và nguyên nhân`."""
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
    """The field of a label that stands below a header over several: `Chi bộ` over `Tổng số`, `Đã sinh hoạt`."""
    if not row or vocabulary.find_pair(view.own_text(row, column)):
        return None
    group = view.text(row - 1, column)
    if not group and view.span(row - 1, column) is None:
        group = next(
            (text for c in range(column - 1, -1, -1) if (text := view.own_text(row - 1, c))), ""
        )
    return vocabulary.pair_under(group, view.own_text(row, column)) if group else None


def _heads_column(view: GridView, row: int, column: int, vocabulary: Vocabulary) -> bool:
    """Whether a label of the unit heads a column of something else: `Nội dung | Đơn vị | Kế hoạch | Kết quả`."""
    beside, below = (
        view.own_text(row, _right_of(view, row, column) + 1),
        view.own_text(row + 1, column),
    )
    if any(vocabulary.issuers.of(text) for text in (beside, below) if text):
        return False
    headers = {fold(view.own_text(row, c)) for c in view.filled_columns(row) if c != column}
    return fold(below) in vocabulary.counts.units or not headers.isdisjoint(
        vocabulary.ignored_labels | vocabulary.result_words
    )


def _right_of(view: GridView, row: int, column: int) -> int:
    """The last column of the cell that stands at the place."""
    span = view.span(row, column)
    return span.right if span else column


def _ends_in_a_mark(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a label is followed by a value that is no word: folded, `Chỉ thị 14-CT/TU: ✓` is the label alone."""
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


def _rows_of_labels(view: GridView, labels: list[Label], vocabulary: Vocabulary) -> set[int]:
    """Rows in which labels stand side by side as the header of values below them, and no values between them."""
    by_row: dict[int, list[Label]] = {}
    for label in labels:
        by_row.setdefault(label.row, []).append(label)
    return {
        row
        for row, beside in by_row.items()
        if len(beside) >= 3
        and sum(_has_value_beside(view, label, vocabulary) for label in beside) * 2 < len(beside)
    }


def _has_value_beside(view: GridView, label: Label, vocabulary: Vocabulary) -> bool:
    value = view.own(label.row, label.right + 1)
    if value is None or vocabulary.find_pair(raw_text(value)):
        return False
    return label.field.type != "text" and _fits(value, label.field, vocabulary)


def _fits(value: Value, field: FormField, vocabulary: Vocabulary) -> bool:
    """Whether a value can be the field's."""
    if field.type == "unit":
        return vocabulary.issuers.of(raw_text(value)) is not None
    return type_value(value, field, vocabulary, vocabulary.campaign.campaign.year) is not UNTYPED


def _lowered(view: GridView, label: Label, rows_of_labels: set[int]) -> Label:
    """A label whose cell reaches down to a row of labels is one of these."""
    span = view.span(label.row, label.column)
    return label._replace(row=span.bottom) if span and span.bottom in rows_of_labels else label


def _value_columns(
    view: GridView, labels: list[Label], headers: PairHeaders, vocabulary: Vocabulary
) -> dict[int, int]:
    """For each column of labels the distance at which most of its values stand: notes and units lie further on."""
    scores: dict[int, Counter[int]] = {}
    for label in labels:
        score = scores.setdefault(label.column, Counter())
        for distance in (1, 2, 3, 4):
            value = view.value(label.row, label.right + distance)
            if (
                value is None
                or value == ""
                or view.home(label.row, label.right + distance)[1] <= label.right
            ):
                continue
            if label.right + distance in headers.other:
                continue
            typed = type_value(value, label.field, vocabulary, vocabulary.campaign.campaign.year)
            fitting = typed is not UNTYPED and (
                label.field.type != "text" or label.section.key == "text"
            )
            score[distance] += 3 if fitting and label.field.type != "text" else 1 if fitting else 0
    headers.prefer_results(labels, scores)
    return {
        column: max(s, key=lambda d: (s[d], -d)) if s and max(s.values()) else 1
        for column, s in scores.items()
    }


def _value_place(
    view: GridView, label: Label, distance: dict[int, int], vocabulary: Vocabulary
) -> tuple[int, int]:
    """Where the label's value stands: beside it, or below it where nothing is beside it."""
    beside = (label.row, label.right + distance.get(label.column, 1))
    if view.text(*beside):
        return beside
    below = (label.row + 1, label.column)
    text = view.own_text(*below)
    if (
        text
        and vocabulary.find_pair(text) is None
        and pair_in_text(text, vocabulary) is None
        and fold(text) not in vocabulary.section_headings
    ):
        return (
            below
            if label.section.key == "text" or _is_alone_with_value(view, label, vocabulary)
            else beside
        )
    return beside


def _is_alone_with_value(view: GridView, label: Label, vocabulary: Vocabulary) -> bool:
    """Whether a label and, in the row below it, a value that it may have are all that these rows hold."""
    value = view.own(label.row + 1, label.column)
    if view.filled_columns(label.row)[-1:] != [label.column] or view.filled_columns(
        label.row + 1
    ) != [label.column]:
        return False
    return _fits(value, label.field, vocabulary) and (
        label.field.type != "text" or _DIGIT.search(raw_text(value)) is not None
    )


def _add_pair(
    view: GridView,
    label: Label,
    place: tuple[int, int],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    if view.home(*place) == (label.row, label.column) or vocabulary.find_pair(view.text(*place)):
        value, raw = None, ""
    else:
        value, raw = view.value(*place), view.raw(*place)
    value = read_behind_count(value, label.field, view.sheet, view.ref(*place), vocabulary, builder)
    fact = pair_fact(
        label.section, label.field, value, raw, view.sheet, view.ref(*place), vocabulary
    )
    builder.add_pair(label.section, label.field, fact)


def _report_unknown_labels(
    view: GridView,
    rows: list[int],
    labels: list[Label],
    distance: dict[int, int],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """A text in a column of labels, with a value beside it, that is no label anyone knows."""
    known = {(label.row, label.column) for label in labels}
    first, last = min(r for r, _ in known) - 1, max(r for r, _ in known) + 1
    for column in distance:
        for row in rows:
            text, place = (
                view.own_text(row, column),
                _right_of(view, row, column) + distance[column],
            )
            value = view.own_text(row, place)
            if (
                (row, column) in known
                or not first <= row <= last
                or not value
                or vocabulary.find_pair(value)
            ):
                continue
            if vocabulary.lines.is_share(text):
                view.account.mark(row, place, TextClass.IGNORED)
                continue
            if row in (first, last) and not _is_number(view.own(row, place)):
                continue  # above and below them, a title or a signature
            if not fold(text) or not _is_known_otherwise(text, vocabulary):
                _read_unknown_label(view, row, column, place, vocabulary, builder)


def _report_unknown_column_labels(
    view: GridView,
    value_rows: dict[int, int | None],
    labels: list[Label],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """A value below a row of labels, under one that nobody knows."""
    for row, below in value_rows.items():
        known = {label.column for label in labels if label.row == row}
        if below is None:
            for label in (x for x in labels if x.row == row):
                builder.add_finding(
                    "rows_ambiguous",
                    view.sheet,
                    view.ref(row, label.column),
                    section=label.section.key,
                    field=label.field.key,
                    value=shorten(view.own_text(row, label.column)),
                )
            continue
        unknown = (column for column in range(min(known), max(known) + 1) if column not in known)
        report_unknown_below(view, row, below, unknown, vocabulary, builder)


def _read_unknown_label(
    view: GridView,
    row: int,
    column: int,
    place: int,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    text, value, ref = view.own_text(row, column), view.own_text(row, place), view.ref(row, column)
    near = nearest_pair(text, vocabulary)
    if near and near.mistyped and (near.section.key, near.field.key) not in builder.pairs:
        _add_pair(
            view,
            Label(near.section, near.field, row, column, place - 1),
            (row, place),
            vocabulary,
            builder,
        )
        report_mistyped(view.sheet, ref, text, near, builder)
    else:
        report_unknown(view.sheet, ref, text, value, near, builder)
        view.account.mark(row, place, TextClass.UNREAD)


def _is_known_otherwise(text: str, vocabulary: Vocabulary) -> bool:
    folded = fold(text)
    return (
        len(text) > _MAX_LABEL_LETTERS
        or folded in vocabulary.ignored_labels
        or folded in vocabulary.section_headings
        or pair_in_text(text, vocabulary) is not None
    )
