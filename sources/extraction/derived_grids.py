"""Grids made of another grid's cells, put into the form's shape; their refs name the cells of the
file."""

from __future__ import annotations

from dataclasses import dataclass, field

from sources.grids import Grid


@dataclass(slots=True)
class DerivedGrid(Grid):
    """A grid made of cells of another one: `places` maps its places to those of `base`."""

    base: Grid | None = None
    places: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def ref(self, row: int, column: int) -> str:  # type: ignore[override]  # the other is static
        """The A1 reference of the place in the file."""
        return (self.base or Grid).ref(*self.place(row, column))

    def place(self, row: int, column: int) -> tuple[int, int]:
        """Where the cell of that place stands in the file."""
        return self.places.get((row, column), (row, column))
