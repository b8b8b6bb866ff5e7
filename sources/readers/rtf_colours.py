"""The colours of a rich text: a table of them at its beginning, which its words name by number."""

from __future__ import annotations

from sources.readers.ink import Colour, Ground

_MAX_COLOURS = 1_000


class Colours:
    """The table, as it is being read; number 0 is mostly left to the program (auto)."""

    def __init__(self) -> None:
        self._colours: list[Colour | None] = []
        self._parts: dict[str, int] = {}

    def set(self, part: str, value: int) -> None:
        """The red, green or blue of the colour that is being read."""
        self._parts[part] = min(max(value, 0), 255)

    def end(self, count: int) -> None:
        """So many colours end: the one that is being read, and others without any part."""
        for _ in range(min(count, _MAX_COLOURS - len(self._colours))):
            red, green, blue = (self._parts.get(part, 0) for part in ("red", "green", "blue"))
            self._colours.append((red, green, blue) if self._parts else None)
            self._parts = {}

    def text_of(self, number: int) -> str:
        """The colour of that number as text; `auto` where the program chooses."""
        found = self._at(number)
        return "auto" if found is None else f"{found[0]:02X}{found[1]:02X}{found[2]:02X}"

    def ground_of(self, number: int) -> Ground:
        """What is filled with the colour of that number; None where nothing is."""
        return self._at(number)

    def _at(self, number: int) -> Colour | None:
        return self._colours[number] if 0 <= number < len(self._colours) else None
