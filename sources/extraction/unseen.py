"""Findings for what a reader of a file does not see: hidden cells, struck text, comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby

from sources.extraction.cell_types import raw_text
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.facts import Fact
from sources.extraction.note_phrases import contradicts
from sources.extraction.vocabulary import Vocabulary
from sources.form import Form
from sources.grids import Document, Grid, LeftOut, Paragraph, Value, column_letters

MAX_FINDINGS_PER_RULE = 100  # of one file; the rest is counted in one finding
_OTHER_COMMENTS = (
    "{count} ghi chú (comment) có số, như “{text}”, không nằm ở ô số liệu nên không được đọc. Nếu là số "
    "liệu của báo cáo, đề nghị ghi vào ô của bảng."
)
_MORE_FINDINGS = "Còn {count} chỗ khác như vậy trong tệp. Đề nghị kiểm tra lại cả tệp."
_NUMBER = re.compile(r"\d+")


def report_unseen(document: Document, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Adds findings for hidden rows and columns, filters, struck, raised and hidden text, and
    comments that differ.

    A struck value names its section and field where its cell is one of a fact. Hidden sheets are
    not looked into.
    """
    reporter = _Reporter(vocabulary, builder)
    for block in (*document.blocks, *document.unseen):
        if isinstance(block, Paragraph):
            reporter.paragraph(block)
        elif not block.hidden:
            reporter.grid(block)
    reporter.close()


class _Reporter:
    """Adds the findings of one document, each at its place."""

    def __init__(self, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
        self.vocabulary, self.builder = vocabulary, builder
        self.form = vocabulary.campaign.form
        self.all_facts = [*builder.pairs.values(), *builder.extract.facts]
        self.counts: dict[str, int] = {}
        self.other_comments: list[tuple[str, str, str]] = []

    @cached_property
    def facts(self) -> dict[tuple[str, str], Fact]:
        """The first fact of each place; like the next two made only for a file that has something
        unseen."""
        return {(fact.sheet, fact.cell): fact for fact in reversed(self.all_facts)}

    @cached_property
    def names(self) -> dict[tuple[str, int], str]:
        """The names of rows."""
        return {
            (f.section, f.row): f.raw
            for f in reversed(self.all_facts)
            if f.row and f.field in _row_key(self.form, f)
        }

    @cached_property
    def took_place(self) -> dict[tuple[str, int], bool]:
        """Of the rows of meetings, whether a day is given."""
        rows: dict[tuple[str, int], bool] = {}
        for fact in self.all_facts:
            if fact.row and fact.field in _days(self.form, fact):
                row = fact.section, fact.row
                rows[row] = bool(fact.value) or rows.get(row, False)
        return rows

    def paragraph(self, paragraph: Paragraph) -> None:
        """Reports what is not seen of a paragraph, and a comment on it."""
        sheet, ref = paragraph.sheet, paragraph.ref
        if paragraph.left_out:
            self._left_out(sheet, ref, paragraph.left_out, paragraph.text, in_cell=False)
        self._comment(sheet, ref, paragraph.comment, paragraph.text)

    def grid(self, grid: Grid) -> None:
        """Reports what is not seen of a grid, and the comments on its cells."""
        self._hidden_rows(grid)
        self._hidden_columns(grid)
        if rows := sorted(
            row for row in grid.filtered_rows if any(v is not None for v in grid.rows[row])
        ):
            cells = [
                (column, value)
                for column, value in enumerate(grid.rows[rows[0]])
                if value is not None
            ]
            self._finding(
                "rows_filtered",
                grid.sheet,
                grid.ref(rows[0], cells[0][0]),
                " ".join(raw_text(value) for _, value in cells),
                count=len(rows),
            )
        self._left_out_of_cells(grid)
        for (row, column), comment in sorted(grid.comments.items()):
            if (row, column) not in grid.concealed:
                self._comment(grid.sheet, grid.ref(row, column), comment, _shown(grid, row, column))

    def close(self) -> None:
        """Reports comments with numbers on cells without a value, and how many findings were left
        out."""
        if self.other_comments:
            sheet, ref, text = self.other_comments[0]
            self._finding(
                "note_contradicts",
                sheet,
                ref,
                text,
                message=_OTHER_COMMENTS.format(count=len(self.other_comments), text=shorten(text)),
            )
        for rule, count in self.counts.items():
            if count > MAX_FINDINGS_PER_RULE:
                self.builder.add_finding(
                    rule,
                    None,
                    None,
                    message=_MORE_FINDINGS.format(count=count - MAX_FINDINGS_PER_RULE),
                )

    def _hidden_rows(self, grid: Grid) -> None:
        cells: dict[int, list[tuple[int, Value]]] = {}
        for (row, column), value in sorted(grid.concealed.items()):
            if row in grid.hidden_rows:
                cells.setdefault(row, []).append((column, value))
        for first, last in _stretches(cells):
            rows = [cells[row] for row in range(first, last + 1)]
            if _are_spare(rows):
                continue
            text = shorten(" ".join(raw_text(value) for row in rows for _, value in row))
            place = f"Dòng {first + 1}" if first == last else f"Các dòng {first + 1}–{last + 1}"
            self._finding(
                "row_hidden", grid.sheet, grid.ref(first, rows[0][0][0]), text, place=place
            )

    def _hidden_columns(self, grid: Grid) -> None:
        cells: dict[int, list[tuple[int, Value]]] = {}
        for (row, column), value in sorted(grid.concealed.items()):
            if row not in grid.hidden_rows:
                cells.setdefault(column, []).append((row, value))
        for first, last in _stretches(cells):
            text = shorten(
                " ".join(
                    raw_text(value)
                    for column in range(first, last + 1)
                    for _, value in cells[column]
                )
            )
            letters = column_letters(first)
            place = (
                f"Cột {letters}" if first == last else f"Các cột {letters}–{column_letters(last)}"
            )
            self._finding(
                "column_hidden", grid.sheet, grid.ref(cells[first][0][0], first), text, place=place
            )

    def _left_out_of_cells(self, grid: Grid) -> None:
        """A cell with a value is a finding of its own; other struck cells of one row are one
        finding."""
        places = sorted(place for place in grid.left_out if place not in grid.concealed)
        for row, in_row in groupby(places, key=lambda place: place[0]):
            together: list[tuple[int, LeftOut]] = []
            for _, column in in_row:
                left_out, shown = grid.left_out[row, column], _shown(grid, row, column)
                if not shown and (grid.sheet, grid.ref(row, column)) not in self.facts:
                    together.append((column, left_out))
                elif row not in grid.hidden_rows and column not in grid.hidden_columns:
                    self._left_out(grid.sheet, grid.ref(row, column), left_out, shown)
            if together:
                merged = LeftOut(
                    struck=" ".join(part.struck for _, part in together if part.struck),
                    hidden=" ".join(part.hidden for _, part in together if part.hidden),
                )
                self._left_out(grid.sheet, grid.ref(row, together[0][0]), merged, "")

    def _left_out(
        self, sheet: str, ref: str, left_out: LeftOut, shown: str, in_cell: bool = True
    ) -> None:
        rest = f"giá trị còn lại là “{shorten(shown)}”" if shown else "không còn giá trị nào"
        if any(c.isalnum() for c in left_out.struck):
            self._finding("value_struck", sheet, ref, left_out.struck, rest=rest)
        # in a cell a cross that is not seen may be a mark; a line of text has no values but numbers
        is_value = str.isalnum if in_cell else str.isdecimal
        if any(map(is_value, left_out.hidden)):
            self._finding("text_hidden", sheet, ref, left_out.hidden, rest=rest)
        if _NUMBER.search(left_out.raised) and _NUMBER.search(shown):
            self._finding("value_raised", sheet, ref, left_out.raised)

    def _comment(self, sheet: str, ref: str, comment: str, shown: str) -> None:
        if not comment:
            return
        numbers = {int(n) for n in _NUMBER.findall(comment)[:100] if len(n) < 10}
        fact = self.facts.get((sheet, ref))
        seen = {int(n) for n in _NUMBER.findall(fact.raw if fact else shown) if len(n) < 10}
        if fact is None:
            self.other_comments += [(sheet, ref, comment)] * bool(numbers - seen)
        elif numbers - seen or (
            fact.row
            and contradicts(comment, self.took_place.get((fact.section, fact.row)), self.vocabulary)
        ):
            self._finding("note_contradicts", sheet, ref, comment)

    def _finding(
        self,
        rule: str,
        sheet: str,
        ref: str,
        value: str,
        message: str | None = None,
        **filled: object,
    ) -> None:
        self.counts[rule] = self.counts.get(rule, 0) + 1
        if self.counts[rule] > MAX_FINDINGS_PER_RULE:
            return
        fact = self.facts.get((sheet, ref))
        name = self.names.get((fact.section, fact.row)) if fact else None
        self.builder.add_finding(
            rule,
            sheet,
            ref,
            section=fact.section if fact else None,
            row=fact.row or None if fact else None,
            row_name=name or None,
            field=fact.field if fact else None,
            value=shorten(value),
            message=message,
            **filled,
        )


def _days(form: Form, fact: Fact) -> tuple[str, ...]:
    section = form.by_key.get(fact.section)
    return section.window.fields if section and section.window else ()


def _row_key(form: Form, fact: Fact) -> tuple[str, ...]:
    section = form.by_key.get(fact.section)
    return section.row_key if section else ()


def _stretches(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each stretch of numbers that follow one another."""
    for _, run in groupby(enumerate(sorted(numbers)), key=lambda pair: pair[1] - pair[0]):
        stretch = [number for _, number in run]
        yield stretch[0], stretch[-1]


def _are_spare(rows: list[list[tuple[int, Value]]]) -> bool:
    """Whether hidden rows hold nothing but ordinals that go on from one to the next, as spare rows
    of a form do."""
    alone = [row[0][1] for row in rows if len(row) == 1]
    numbers = [value for value in alone if type(value) is int]
    return len(numbers) == len(rows) > 1 and all(n == numbers[0] + i for i, n in enumerate(numbers))


def _shown(grid: Grid, row: int, column: int) -> str:
    cells = grid.rows[row] if row < len(grid.rows) else []
    return raw_text(cells[column]) if column < len(cells) else ""
