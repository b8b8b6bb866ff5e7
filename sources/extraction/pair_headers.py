"""The line above pairs of label and value that names their columns: `Nội dung | Đơn vị tính | Kế
hoạch | Kết quả`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sources.extraction.column_codes import is_column_codes
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.labelled import Label
from sources.extraction.text_classes import TextClass
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.text import fold

_MIN_HEADERS, _MAX_HEADER_LETTERS = 2, 60
# rows above the labels, and the score of a column of results
_MAX_ROWS_ABOVE, _SCORE_OF_RESULTS = (
    3,
    1_000,
)


class PairHeaders:
    """What the lines above the labels of one sheet name the columns beside them.

    results   the columns of what was reached, whose values count
    other     the columns of a plan, a share or another time, with the row of their heads: they do not count
    ignored   the columns that the form declares to be ignored: notes, codes, units of measure
    codes     the rows that number the columns
    """

    def __init__(self, view: GridView, labels: Sequence[Label], vocabulary: Vocabulary) -> None:
        first, columns = (
            min((label.row for label in labels), default=0),
            {label.column for label in labels},
        )
        self.results: set[int] = set()
        self.other: dict[int, int] = {}
        self.ignored: set[int] = set()
        above = range(max(first - _MAX_ROWS_ABOVE, 0), first)
        self.codes = {
            r
            for r in above
            if is_column_codes([view.own_text(r, c) for c in view.filled_columns(r)])
        }
        for row in above:
            filled = view.filled_columns(row)
            if row in self.codes or len(filled) < _MIN_HEADERS:
                continue  # a title, a note
            for column in filled:
                text = view.own_text(row, column)
                if len(text) > _MAX_HEADER_LETTERS or column in columns:
                    continue
                if fold(text) in vocabulary.result_words or vocabulary.lines.is_total(text):
                    self.results.add(column)
                elif fold(text) in vocabulary.ignored_labels:
                    self.ignored.add(column)
                elif vocabulary.qualifiers.occur_in(text):
                    self.other[column] = row
                elif vocabulary.lines.is_share(text):
                    self.ignored.add(column)

    def prefer_results(self, labels: Sequence[Label], scores: dict[int, Counter[int]]) -> None:
        """Makes the distance at which the column of results stands from its labels the best of
        `scores`."""
        for label in labels if self.results else ():
            score = scores[label.column]
            score.update(
                {
                    d: _SCORE_OF_RESULTS
                    for d in list(score)
                    if score[d] and label.right + d in self.results and score[d] < _SCORE_OF_RESULTS
                }
            )

    def report(self, view: GridView, rows: set[int], builder: ExtractBuilder) -> None:
        """A finding for each column that holds values of another time, a plan or a share on the
        labels' rows.

        All that stands in columns that do not count, and in rows of codes, is accounted for.
        """
        for row in self.codes:
            for column in view.filled_columns(row):
                view.account.mark(row, column, TextClass.LABEL)
        for row in rows:
            for column in self.ignored:
                view.account.mark(row, column, TextClass.IGNORED)
        for column, header_row in sorted(self.other.items()):
            filled = [row for row in rows if view.own(row, column) not in (None, "")]
            for row in filled:
                view.account.mark(row, column, TextClass.UNREAD)
            if filled:
                text = view.own_text(header_row, column)
                builder.add_finding(
                    "column_unknown",
                    view.sheet,
                    view.ref(header_row, column),
                    section="info",
                    value=shorten(text),
                    label=shorten(text),
                    offer="",
                )
