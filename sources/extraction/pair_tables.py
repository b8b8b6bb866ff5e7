"""Labels of pairs on two or three levels over a line of values: `Chi bộ` › `Đã sinh hoạt` ›
`Riêng`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sources.extraction.columns import field_of
from sources.extraction.header_paths import MAX_HEADER_ROWS, header_path
from sources.extraction.labelled import Label
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section

_MIN_FIELDS = 3
_TYPES_ON_LEVELS = ("count", "mark")
_MIN_NUMBERS = 2  # below the labels, on one row at least
_MAX_ROWS_BELOW = 40  # that are looked at for these: a line for each commune of a district


def labels_on_levels(
    view: GridView, rows: Sequence[int], labels: Sequence[Label], vocabulary: Vocabulary
) -> dict[range, list[Label]]:
    """The labels of each header on several levels on the given rows, by the rows that it takes; all
    on its last row.

    `labels` are those that stand on single cells: a header that names no more than these does not
    count.
    """
    free, found = set(rows), {}
    after = 0
    for row in rows:
        if row < after:
            continue
        best: tuple[range, list[tuple[Section, FormField, int]]] | None = None
        for levels in range(2, MAX_HEADER_ROWS + 1):
            header_rows = range(row, row + levels)
            if not free.issuperset(header_rows) or not all(
                _holds_labels_alone(view, r) for r in header_rows
            ):
                break
            fields = list(_fields(view, header_rows, vocabulary))
            fewest = max(
                _MIN_FIELDS - 1,
                len(best[1]) if best else 0,
                sum(x.row in header_rows for x in labels),
            )
            if len(fields) > fewest and _has_numbers_below(view, header_rows.stop, fields):
                best = header_rows, fields
        if best:
            bottom, after = best[0].stop - 1, best[0].stop
            others = [
                x._replace(row=bottom)
                for x in labels
                if x.row in best[0] and x.field.type not in _TYPES_ON_LEVELS
            ]
            found[best[0]] = [Label(s, f, bottom, c, c) for s, f, c in best[1]] + others
    return found


def _fields(
    view: GridView, rows: range, vocabulary: Vocabulary
) -> Iterator[tuple[Section, FormField, int]]:
    """The fields that the header's columns name, each once, with their columns."""
    header_rows: set[str] = set()
    for column in range(view.width):
        path = header_path(view, rows.start, len(rows), column, 0)
        for labels in vocabulary.pair_labels if path else ():
            key = field_of(path, labels, vocabulary)
            if (
                key
                and key not in header_rows
                and labels.section.by_key[key].type in _TYPES_ON_LEVELS
            ):
                header_rows.add(key)
                yield labels.section, labels.section.by_key[key], column
                break


def _holds_labels_alone(view: GridView, row: int) -> bool:
    """Whether all that a row holds is text without a number of its own."""
    values = [view.rows[row][c] for c in view.filled_columns(row)]
    return len(values) > 1 and all(
        isinstance(v, str) and not v.strip()[:1].isdigit() for v in values
    )


def _has_numbers_below(
    view: GridView, first: int, fields: list[tuple[Section, FormField, int]]
) -> bool:
    return any(
        sum(
            isinstance(view.own(row, column), int | float)
            or view.own_text(row, column)[:1].isdigit()
            for _, _, column in fields
        )
        >= _MIN_NUMBERS
        for row in range(first, min(first + _MAX_ROWS_BELOW, view.height))
    )
