"""The history of a unit's table over all its files: which file's row gives the values of each row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

NoticeKind = Literal[
    "row_kept",
    "row_emptied",
    "day_blanked",
    "row_gone",
    "row_added",
    "value_gone",
    "column_kept",
    "column_gone",
    "joined",
    "unused",
]


@dataclass(slots=True)
class History:
    """A unit's table over its files: all layers that ever counted, and the notices for findings."""

    layers: list[Layer] = field(default_factory=list)
    notices: list[RowNotice] = field(default_factory=list)


@dataclass(slots=True)
class Layer:
    """A row of a file that gives values of a counted row.

    rank         of the layers of a row, the highest that has a value gives it
    from_turn    the turn of the file with which it begins to count
    until_turn   the turn with which it stops; None: it still counts
    is_solid     its blank places count as values too, except in `not_columns`
    keeps_name   the counted row keeps the name of its earlier layers
    """

    key: str
    submission_id: str
    row: int
    rank: int
    from_turn: int
    until_turn: int | None = None
    is_solid: bool = True
    not_columns: tuple[str, ...] = ()
    keeps_name: bool = False


@dataclass(frozen=True, slots=True)
class RowNotice:
    """What a finding reports of a later file.

    name, key   the counted row that it is about
    row         the file's own row
    field       the column that it is about
    like        the name of a counted row that may be the same row
    """

    submission_id: str
    kind: NoticeKind
    name: str | None = None
    row: int | None = None
    field: str | None = None
    key: str | None = None
    like: str | None = None


@dataclass(slots=True)
class CountedRow:
    """A row that counts so far: what its layers have given, and the layers."""

    key: str
    name: str
    loose_key: str | None
    has_content: bool
    filled: frozenset[str]
    shows_held: bool
    layers: list[Layer]
