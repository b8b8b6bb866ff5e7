"""The account of a document: what each non-empty cell and paragraph was understood as, exactly one
class each.

What a report is read from is marked while it is read; `unread.py` gives every other text a class at
the end, so that nothing is dropped without a word. The account is staged with the facts, as runs of
like rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import NamedTuple


class TextClass(IntEnum):
    """What a text of a document is. Where two readers mark one place, the lower number counts."""

    VALUE = 1  # a value of the form, or the name of a row
    CHECK = 2  # a total that the rows are checked against
    LABEL = 3  # a label, a header, an ordinal, a heading of rows
    IGNORED = 4  # what the form declares to be ignored: notes, places, people's names
    UNREAD = 5  # not read, and a finding says so where it may be a report's number
    TITLE = 6
    LETTERHEAD = 7
    SIGNATURE = 8
    NOTE = 9

    @property
    def letter(self) -> str:
        """The class as one letter, as it is staged."""
        return LETTERS[self - 1]


LETTERS = "VCLIUTHSN"
EMPTY = "."
_LETTER_OF_CLASS = (EMPTY + LETTERS).encode().ljust(256)  # for bytes.translate


class ClassRun(NamedTuple):
    """The classes of the rows `first` to `last` (from 1) of a sheet, one letter a column, "." where
    nothing stands.

    A paragraph is a run of one letter: its `sheet` is its own, `first` and `last` its number.
    """

    sheet: str
    first: int
    last: int
    classes: str

    @property
    def is_paragraph(self) -> bool:
        """Whether the run is of a paragraph: its sheet ends in its number, as `Đoạn 14` does."""
        return self.first == self.last and self.sheet.endswith(f"Đoạn {self.first}")


class GridAccount:
    """The classes of the places of one grid, by zero-based row and column."""

    def __init__(self) -> None:
        self.rows: dict[int, bytearray] = {}

    def mark(self, row: int, column: int, text_class: TextClass) -> None:
        """Gives a place a class, unless a lower one is there."""
        classes = self.rows.setdefault(row, bytearray())
        if column >= len(classes):
            classes.extend(bytes(column + 1 - len(classes)))
        if not classes[column] or text_class < classes[column]:
            classes[column] = text_class

    def mark_row(self, row: int, template: bytes) -> None:
        """Gives all places of a row that have no class yet those of a template (0: none)."""
        if row not in self.rows:
            self.rows[row] = bytearray(template)
            return
        for column, text_class in enumerate(template):
            if text_class:
                self.mark(row, column, TextClass(text_class))

    def at(self, row: int, column: int) -> TextClass | None:
        """The class of a place, None where it has none."""
        classes = self.rows.get(row, b"")
        return TextClass(classes[column]) if column < len(classes) and classes[column] else None

    def runs(self, sheet: str, filled: Iterable[bool]) -> Iterator[ClassRun]:
        """The account as runs of like rows; `filled` tells row by row whether it holds
        something."""
        start, classes, last = 0, "", -1
        for row, is_filled in enumerate(filled):
            letters = self._letters(row) if is_filled else ""
            if letters != classes:
                if classes:
                    yield ClassRun(sheet, start + 1, last + 1, classes)
                start, classes = row, letters
            last = row
        if classes:
            yield ClassRun(sheet, start + 1, last + 1, classes)

    def _letters(self, row: int) -> str:
        """One letter a column up to the last that has a class; rows that differ in blank values
        only are alike."""
        classes = self.rows.get(row, b"")
        return classes.translate(_LETTER_OF_CLASS).decode("ascii").rstrip(EMPTY)


class MappedAccount(GridAccount):
    """The account of a grid that shows the cells of another one elsewhere: what is marked is marked
    in the other's."""

    def __init__(self, account: GridAccount, place: Callable[[int, int], tuple[int, int]]) -> None:
        super().__init__()
        self._account, self._place = account, place

    def mark(self, row: int, column: int, text_class: TextClass) -> None:
        """Gives the place its class where it stands in the file."""
        self._account.mark(*self._place(row, column), text_class)

    def mark_row(self, row: int, template: bytes) -> None:
        """Gives the places of the row the classes of a template where they stand in the file."""
        for column, text_class in enumerate(template):
            if text_class:
                self.mark(row, column, TextClass(text_class))
