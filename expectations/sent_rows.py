"""A file's table as it was sent: its rows, reduced to what decides whether they count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SentRow:
    """A row of a file's table.

    key          the row key as compared
    loose_key    the row key without generic words such as `Chi bộ thôn`
    has_content  it has a number above zero, a mark or a date
    filled       its fields that have a value, except marks: a blank mark may mean no
    shows_held   it gives the day of the meeting, or what only a meeting that took place has
    is_not_held  words in it state that the meeting did not take place
    """

    row: int
    key: str | None
    loose_key: str | None
    name: str
    has_content: bool
    filled: frozenset[str] = frozenset()
    shows_held: bool = False
    is_not_held: bool = False


@dataclass(frozen=True, slots=True)
class SentTable:
    """The table of one file.

    is_whole  the totals that the file gives elsewhere are those of its rows
    has_sums  its last row adds up the others; a part of a table may have such a row too
    columns   each field that is filled anywhere, with the number of rows where it is not zero or no
    day       the field of the meeting's day, where the table has a column for it
    """

    rows: tuple[SentRow, ...]
    is_whole: bool = False
    has_sums: bool = False
    columns: Mapping[str, int] = field(default_factory=dict)
    day: str | None = None
