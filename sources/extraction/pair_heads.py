"""The line above pairs of label and value that names their columns: `Nội dung | Đơn vị tính | Kế hoạch | Kết quả`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sources.extraction.collected import Collected, shorten
from sources.extraction.column_codes import is_column_codes
from sources.extraction.dictionary import Dictionary
from sources.extraction.view import GridView
from sources.text import fold

if TYPE_CHECKING:
    from sources.extraction.pairs import Label

_HEADS_ABOVE, _SURE = 3, 1_000   # rows above the labels that may name the columns, and how much more that tells


class PairHeads:
    """What the lines above the labels of one sheet say of the columns beside them.

    results   the columns of what was reached, whose values count
    other     the columns of a plan, a share or another time, with the row of their heads: they do not count
    ignored   the columns that the form declares to be ignored: notes, codes, units of measure
    codes     the rows that number the columns
    """

    def __init__(self, view: GridView, labels: Sequence[Label], words: Dictionary) -> None:
        first = min((label.row for label in labels), default=0)
        self.results: set[int] = set()
        self.other: dict[int, int] = {}
        self.ignored: set[int] = set()
        above = range(max(first - _HEADS_ABOVE, 0), first)
        self.codes = {r for r in above if is_column_codes([view.own_text(r, c) for c in view.filled_columns(r)])}
        for row in above:
            for column in view.filled_columns(row) if row not in self.codes else ():
                text = view.own_text(row, column)
                if fold(text) in words.results:
                    self.results.add(column)
                elif fold(text) in words.ignored:
                    self.ignored.add(column)
                elif words.qualifiers.stand_in(text):
                    self.other[column] = row

    def prefer_results(self, labels: Sequence[Label], scores: dict[int, Counter[int]]) -> None:
        """Makes the distance at which the column of results stands from its labels the best of `scores`."""
        for label in labels if self.results else ():
            score = scores[label.column]
            score.update({d: _SURE for d in list(score)
                          if score[d] and label.right + d in self.results and score[d] < _SURE})

    def report(self, view: GridView, columns: set[int], collected: Collected) -> None:
        """A finding for each column that held values of another time, a plan or a share."""
        for column, row in sorted(self.other.items()):
            if column in columns:
                text = view.own_text(row, column)
                collected.finding("column_unknown", view.sheet, view.ref(row, column), section="info",
                                  value=shorten(text), label=shorten(text), offer="")
