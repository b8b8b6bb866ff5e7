"""The units as tiles: each in the place that units.csv gives it, roughly as they lie; the others in
rows below."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.reports.progress import Progress, UnitProgress

MAX_TILES = 300  # of more units no tile could be read
KINDS_OF_PLACE = ("Xã ", "Thị trấn ", "Phường ")


@dataclass(frozen=True)
class Tiles:
    """The places row by row (None: nobody's), how many to a row, and the units that have none."""

    placed: tuple[UnitProgress | None, ...]
    columns: int
    unplaced: tuple[UnitProgress, ...]


def tiles(progress: Progress) -> Tiles | None:
    """The tiles of all units; None where they are too many to be seen."""
    if len(progress.units) > MAX_TILES:
        return None
    at = {u.unit.tile: u for u in progress.units if u.unit.tile}
    rows, columns = (max((tile[side] for tile in at), default=0) for side in (0, 1))
    placed = tuple(
        at.get((row, column)) for row in range(1, rows + 1) for column in range(1, columns + 1)
    )
    return Tiles(placed, columns, tuple(u for u in progress.units if not u.unit.tile))


def short_name(name: str) -> str:
    """A commune's name without what kind of place it is: `Xã Tân Sơn` is Tân Sơn."""
    return next((name.removeprefix(kind) for kind in KINDS_OF_PLACE if name.startswith(kind)), name)
