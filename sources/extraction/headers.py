"""Finding tables: a header may stand anywhere on a sheet, on one to three levels, and two may stand
side by side."""

from __future__ import annotations

from itertools import pairwise

from sources.extraction.column_codes import is_column_codes
from sources.extraction.columns import (
    HEADER_SEPARATOR,
    Column,
    Meaning,
    flag_hedged,
    meaning,
    with_nearest_fields,
)
from sources.extraction.header import ORDINAL_LABELS, Header
from sources.extraction.header_checks import continues_below, is_acceptable
from sources.extraction.header_paths import MAX_HEADER_ROWS, header_path, label_above
from sources.extraction.label_forms import label_forms
from sources.extraction.mark_columns import with_mark_columns
from sources.extraction.name_columns import with_name_column
from sources.extraction.section_labels import SectionLabels
from sources.extraction.view import GridView
from sources.extraction.vocabulary import MONTH, Vocabulary
from sources.text import fold

_MAX_LABEL_LETTERS = 120
_MAX_TABLES_SIDE_BY_SIDE = (
    40  # more are no tables side by side: joining them one by one would take for ever
)


def find_headers(view: GridView, vocabulary: Vocabulary) -> list[Header]:
    """All headers of tables on the grid, from top to bottom and from left to right."""
    headers: list[Header] = []
    row = 0
    while row < view.height:
        found = _headers_at(view, row, vocabulary) if _may_be_header(view, row, vocabulary) else []
        headers += found
        row = max((h.bottom for h in found), default=row) + 1
    return headers


def _may_be_header(view: GridView, row: int, vocabulary: Vocabulary) -> bool:
    """A cheap check first: two cells of the row are words of some header, and not both values of a
    row.

    One is enough beside words that qualify the labels below them: `Tên chi bộ | Kế hoạch | Thực
    hiện`.
    """
    texts = [v for v in view.rows[row] if isinstance(v, str) and 0 < len(v) < _MAX_LABEL_LETTERS]
    heads = list(filter(None, map(vocabulary.header_word, texts)))
    return "table" in heads and (len(heads) > 1 or any(map(vocabulary.qualifies_labels, texts)))


def _headers_at(view: GridView, row: int, vocabulary: Vocabulary) -> list[Header]:
    """The headers that begin on a row; columns that are no table of their own belong to the one
    beside them."""
    segments = _segments(view, row)
    if len(segments) > _MAX_TABLES_SIDE_BY_SIDE:
        segments = [(segments[0][0], segments[-1][1])]
    found = {segment: _best_header(view, row, *segment, vocabulary) for segment in segments}
    at = 0
    while at < len(segments):
        header = found[segments[at]]
        is_split = at + 1 < len(segments) and _is_split_header(header, found[segments[at + 1]])
        if (header and header.has_row_key and not is_split) or len(segments) == 1:
            at += 1
            continue
        at = at if is_split else max(at - 1, 0)
        joined = (segments[at][0], segments[at + 1][1])
        segments[at : at + 2] = [joined]
        found[joined] = _best_header(view, row, *joined, vocabulary)
    return [header for segment in segments if (header := found[segment])]


def _is_split_header(header: Header | None, beside: Header | None) -> bool:
    """Whether two headers are parts of one whose column between them lost its label: each names
    half of a row."""
    return (
        header is not None
        and beside is not None
        and header.section is beside.section
        and len(header.section.row_key) > 1
        and header.keys.isdisjoint(beside.keys)
    )


def _segments(view: GridView, row: int) -> list[tuple[int, int]]:
    """Where one table may end and the next begin: at an empty column, at a second column of
    ordinals."""
    starts, previous_empty = [], True
    for column in range(view.width):
        empty = not any(view.text(level, column) for level in range(row, min(row + 2, view.height)))
        ordinal = (
            fold(view.text(row, column)) in ORDINAL_LABELS and view.home(row, column)[1] == column
        )
        if not empty and (previous_empty or ordinal):
            starts.append(column)
        previous_empty = empty
    if starts:
        starts[0] = _left_of(view, row, starts[0])
    return [(start, after - 1) for start, after in pairwise([*starts, view.width])]


def _left_of(view: GridView, row: int, start: int) -> int:
    """The first of the columns beside a table's first one that have no label but several values
    below it."""
    while start and view.filled_below(row, start - 1) > 1:
        start -= 1
    return start


def _best_header(
    view: GridView, row: int, left: int, right: int, vocabulary: Vocabulary
) -> Header | None:
    """The header of most fields over all sections and depths, the shallowest of equals; None where
    none is acceptable.

    One that is as good without its first row begins below it: that row is data, or a title.
    """
    best: Header | None = None
    for levels in range(1, MAX_HEADER_ROWS + 1):
        if row + levels > view.height or (
            levels > 1 and _is_column_code_row(view, row + levels - 1, left, right)
        ):
            break
        paths = {c: header_path(view, row, levels, c, left) for c in range(left, right + 1)}
        if sum(len(set(path)) < len(path) for path in paths.values()) > 1:
            break  # the header stands there again, as on each page of a printed table
        found = [
            {c: meaning(path, labels, vocabulary) for c, path in paths.items()}
            for labels in vocabulary.table_labels
        ]
        most = [_most_keys(paths, meanings, vocabulary) for meanings in found]
        first = -1  # the best one's place among the sections: the first of equals, and one of less levels before all
        # who names most leaves the others nothing to try
        for n in sorted(range(len(found)), key=lambda n: -most[n]):
            if best and best.has_row_key and (most[n], -n) < (len(best.keys), -first):
                continue
            header = _header(
                view, row, levels, paths, found[n], vocabulary.table_labels[n], vocabulary
            )
            if (
                header
                and is_acceptable(header, view, vocabulary)
                and (best is None or (header.rank, -n) > (best.rank, -first))
            ):
                best, first = header, n
        if best and _is_complete(best, row, levels):
            break  # nothing is left for a further level to name
    if best and best.bottom > row and _may_be_header(view, row + 1, vocabulary):
        below = _best_header(view, row + 1, left, right, vocabulary)
        best = (
            None
            if below and _is_as_good(below, best) and not _qualifies_spanned_labels(best)
            else best
        )
    if best:
        labels = vocabulary.sections[best.section.key]
        columns = [
            flag_hedged(c, labels, vocabulary)
            for c in with_nearest_fields(best.columns, labels, vocabulary.qualifiers)
        ]
        best = Header(best.section, best.top, best.bottom, columns)
    return best


def _is_complete(header: Header, row: int, levels: int) -> bool:
    """Whether a header names all its columns on the levels looked at; what spans several may be
    told apart below."""
    roles = {c.role for c in header.columns}
    return "unknown" not in roles and (
        header.bottom == row
        or (header.bottom == row + levels - 1 and "unlabelled" not in roles and header.has_row_key)
    )


def _most_keys(
    paths: dict[int, tuple[str, ...]], meanings: dict[int, Meaning], vocabulary: Vocabulary
) -> int:
    """No header of these meanings names more keys: a look that costs less than to make the
    header."""
    ignored = sum(
        m.role == "ignored" and vocabulary.name_labels.isdisjoint(label_forms(paths[column][-1]))
        for column, m in meanings.items()
    )
    choices = [m.field for m in meanings.values() if m.role == "choice"]
    return len(meanings) - ignored - len(choices) + len(set(choices))


def _is_as_good(below: Header, best: Header) -> bool:
    """Whether the header without its first row names as many fields, and assumes no more."""
    below_guesses, best_guesses = (
        sum(c.assumed for c in header.columns) for header in (below, best)
    )
    return below.rank > best.rank or (below.rank == best.rank and below_guesses <= best_guesses)


def _is_column_code_row(view: GridView, row: int, left: int, right: int) -> bool:
    """Whether the row numbers the columns."""
    return is_column_codes([view.own_text(row, c) for c in range(left, right + 1)])


def _qualifies_spanned_labels(header: Header) -> bool:
    """Whether a header qualifies the labels that it spans: `Kế hoạch` or `Tháng 4` over `Ngày sinh
    hoạt`."""
    return any(
        c.field and len(c.texts) > 1 and (c.role == "unknown" or MONTH.search(c.texts[0]))
        for c in header.columns
    )


def _header(
    view: GridView,
    row: int,
    levels: int,
    paths: dict[int, tuple[str, ...]],
    meanings: dict[int, Meaning],
    labels: SectionLabels,
    vocabulary: Vocabulary,
) -> Header | None:
    bare = {
        index: text
        for index, path in paths.items()
        if not path and (text := label_above(view, row, index, labels, vocabulary))
    }
    if bare:
        paths = paths | bare
        meanings = meanings | {
            index: meaning(path, labels, vocabulary) for index, path in bare.items()
        }
    if len({found.field for found in meanings.values() if found.role != "unknown"} - {None}) < 2:
        return None
    bottom = row + levels - 1
    columns: list[Column] = []
    used_fields: set[str] = set()
    for index, path in paths.items():
        role, key, code = meanings[index]
        column = Column(
            index,
            role,
            HEADER_SEPARATOR.join(path),
            view.ref(bottom if path else row, index),
            key,
            code,
        )
        if column.role == "field" and column.field in used_fields:
            spanned = view.home(bottom, index)[1] < index
            column = Column(index, "unlabelled" if spanned else "unknown", column.label, column.ref)
        if column.role == "field" and column.field:
            used_fields.add(column.field)
        columns.append(column)
    columns = with_mark_columns(
        with_name_column(columns, labels, view, bottom, vocabulary),
        labels,
        view,
        bottom,
        vocabulary,
    )
    header = Header(labels.section, row, bottom, columns)
    return None if continues_below(view, header, vocabulary) else header
