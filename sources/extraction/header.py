"""The header of one table, as it was found."""

from __future__ import annotations

from dataclasses import dataclass, field

from sources.extraction.columns import (
    Column,
)
from sources.form import Section

ORDINAL_LABELS = {"tt", "stt", "so tt", "so thu tu", "no"}


@dataclass(slots=True)
class Header:
    """The header of one table: its section, its rows `top` to `bottom`, its columns `left` to
    `right`."""

    section: Section
    top: int
    bottom: int
    columns: list[Column]
    left: int = 0
    right: int = 0
    keys: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        named = [c.index for c in self.columns]
        self.left, self.right = min(named), max(named)
        self.keys = frozenset(
            c.field for c in self.columns if c.role in ("field", "choice") and c.field
        )

    @property
    def rank(self) -> tuple[bool, int]:
        """What the best header is chosen by: whether it names its rows, and how many fields it
        has."""
        return self.has_row_key, len(self.keys)

    @property
    def has_row_key(self) -> bool:
        """Whether a column names the rows."""
        return any(key in self.keys for key in self.section.row_key)
