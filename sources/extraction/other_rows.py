"""Rows under a header that are neither data nor totals: headings, notes, signatures, and what may
be a row yet."""

from __future__ import annotations

import re
from typing import NamedTuple

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.header import Header
from sources.extraction.text_classes import TextClass
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.text import fold

_SIGNED = re.compile(r"ngày\s.*tháng\s.*năm", re.IGNORECASE)


class _OtherRow(NamedTuple):
    """A row that does not belong to the table: its text, its place, whether it holds values of the
    table.

    named   it stands right below a row of data, with a text where the names of rows stand
    """

    row: int
    text: str
    ref: str
    values: bool
    heading: bool
    named: bool


class OtherRows:
    """The other rows since the last row of data; `follows_data` until something ends the rows of
    data."""

    def __init__(
        self, view: GridView, header: Header, vocabulary: Vocabulary, builder: ExtractBuilder
    ) -> None:
        self.view, self.header = view, header
        self.vocabulary, self.builder = vocabulary, builder
        self.follows_data = False
        self.pending: list[_OtherRow] = []

    def keep(self, row: int, values: bool, named: bool, heading: bool) -> None:
        """Keeps a row until it is known whether rows of data follow."""
        columns = [
            c for c in range(self.header.left, self.header.right + 1) if self.view.own_text(row, c)
        ]
        if not columns:
            return
        text = " ".join(self.view.own_text(row, c) for c in columns)
        heading = (
            heading
            or self.view.span(row, columns[0]) is not None
            or fold(text) in self.vocabulary.section_headings
        )
        if self.ends_table(row):
            self.follows_data = False
        self.pending.append(
            _OtherRow(
                row,
                text,
                self.view.ref(row, columns[0]),
                values,
                heading,
                named and self.follows_data,
            )
        )

    def ends_table(self, row: int) -> bool:
        """Whether a row is the first of a signature block, or a note below the table."""
        texts = (self.view.own_text(row, c) for c in range(self.header.left, self.header.right + 1))
        return any(
            self.vocabulary.lines.is_footer(text) or _SIGNED.search(text) for text in texts if text
        )

    def report(self, at_end: bool = False) -> None:
        """Reports rows between data that are no headings; below the last, those with values or like
        a row."""
        for other_rows in self.pending:
            if other_rows.values or (not other_rows.heading and (other_rows.named or not at_end)):
                section = self.header.section
                self.view.account.mark_row(
                    other_rows.row, bytes([TextClass.UNREAD]) * (self.header.right + 1)
                )
                self.builder.add_finding(
                    "row_not_counted",
                    self.view.sheet,
                    other_rows.ref,
                    section=section.key,
                    value=shorten(other_rows.text),
                    row_word=section.row_word,
                )
        self.pending = []
