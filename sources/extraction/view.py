"""A grid made easy to look at: any place may be asked for, and merged ranges answer from their
span."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from sources.extraction.cell_types import raw_text
from sources.extraction.text_classes import GridAccount, MappedAccount, TextClass
from sources.grids import Grid, Span, Value

if TYPE_CHECKING:
    from sources.extraction.header import Header


class GridView:
    """Read access to a grid by zero-based row and column; places outside it are empty."""

    def __init__(self, grid: Grid, account: GridAccount | None = None) -> None:
        self.grid = grid
        self.sheet = grid.sheet
        self.rows = grid.rows
        self.height = len(grid.rows)
        self.width = max(map(len, grid.rows), default=0)
        self.has_spans = bool(grid.merged)
        self.spanned_rows = {
            r for s in grid.merged for r in range(s.top, min(s.bottom, self.height - 1) + 1)
        }
        self._span_at: dict[tuple[int, int], Span] = {
            (r, c): s
            for s in grid.merged
            for r in range(s.top, min(s.bottom, self.height - 1) + 1)
            if r not in grid.hidden_rows
            for c in range(s.left, min(s.right, self.width - 1) + 1)
            if c not in grid.hidden_columns
        }
        self._filled: dict[int, list[int]] = {}
        self.account = account or GridAccount()
        self.headers: list[Header] = []  # of the tables that were read on it, from top to bottom

    def own(self, row: int, column: int) -> Value:
        """The value that stands at the place itself."""
        cells = self.rows[row] if 0 <= row < self.height else []
        return cells[column] if column < len(cells) else None

    def span(self, row: int, column: int) -> Span | None:
        """The merged range that covers the place."""
        return self._span_at.get((row, column))

    def home(self, row: int, column: int) -> tuple[int, int]:
        """Where the value of the place stands: the top left of its merged range, or the place
        itself."""
        span = self._span_at.get((row, column)) if self.has_spans else None
        return (span.top, span.left) if span else (row, column)

    def value(self, row: int, column: int) -> Value:
        """The value of the place, filled from its merged range."""
        span = self._span_at.get((row, column)) if self.has_spans else None
        return self.own(span.top, span.left) if span else self.own(row, column)

    def text(self, row: int, column: int) -> str:
        """The value of the place as text, filled from its merged range; "" where it is empty."""
        return raw_text(self.value(row, column))

    def own_text(self, row: int, column: int) -> str:
        """The value that stands at the place itself as text."""
        value = self.own(row, column)
        return value if type(value) is str else raw_text(value)

    def raw(self, row: int, column: int) -> str:
        """The text as it stands in the file, before any decoding of a legacy font."""
        home = self.home(row, column)
        return self.grid.raw.get(home) or raw_text(self.own(*home))

    def ref(self, row: int, column: int) -> str:
        """The A1 reference of where the value of the place stands."""
        return self.grid.ref(*self.home(row, column))

    def filled_columns(self, row: int) -> list[int]:
        """The columns of a row that hold a value of their own."""
        return (
            [c for c, v in enumerate(self.rows[row]) if v is not None and v != ""]
            if row < self.height
            else []
        )

    def is_filled(self, row: int) -> bool:
        """Whether a row holds a value of its own."""
        return any(self.rows[row]) or bool(self.filled_columns(row))  # 0 is a value too

    def filled_below(self, row: int, column: int) -> int:
        """How many rows below a row hold a value of their own in the column."""
        if column not in self._filled:
            self._filled[column] = [
                r
                for r, cells in enumerate(self.rows)
                if column < len(cells) and cells[column] not in (None, "")
            ]
        return len(self._filled[column]) - bisect_right(self._filled[column], row)

    def mark_header(self, header: Header) -> None:
        """Notes a header whose table was read; its texts are labels."""
        self.headers.append(header)
        for row in range(max(header.top, 0), header.bottom + 1):
            for column in range(header.left, header.right + 1):
                if isinstance(text := self.value(row, column), str) and not text.strip().isdigit():
                    self.account.mark(*self.home(row, column), TextClass.LABEL)

    def transposed(self) -> GridView:
        """The grid with rows and columns exchanged, whose refs still name the places of the
        file."""
        rows = [[self.own(r, c) for r in range(self.height)] for c in range(self.width)]
        merged = tuple(Span(s.left, s.top, s.right, s.bottom) for s in self.grid.merged)
        raw = {(c, r): text for (r, c), text in self.grid.raw.items()}
        view = GridView(
            TransposedGrid(
                self.sheet,
                rows,
                merged,
                self.grid.hidden,
                self.grid.source,
                raw,
                self.grid.hidden_columns,
                self.grid.hidden_rows,
            )
        )
        view.account = MappedAccount(self.account, lambda row, column: (column, row))
        return view


class TransposedGrid(Grid):
    """A grid whose rows are another's columns; refs are those of the other."""

    @staticmethod
    def ref(row: int, column: int) -> str:  # type: ignore[override]  # the other is typed by its cache
        """The A1 reference of the place in the grid as it was before."""
        return Grid.ref(column, row)
