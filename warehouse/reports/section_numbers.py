"""The numbers of the report's headings: a heading that has nothing to say is left out, and the next
takes its number."""

from __future__ import annotations

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


class SectionNumbers:
    """Each time the template prints `muc.la_ma` it is the next Roman number, each time `muc.so` the
    next number below it."""

    def __init__(self) -> None:
        self._section = self._part = 0

    @property
    def la_ma(self) -> str:
        """The next section's number; its parts begin with 1 again."""
        self._section, self._part = self._section + 1, 0
        return ROMAN[self._section - 1]

    @property
    def so(self) -> str:
        """The next part's number within its section."""
        self._part += 1
        return str(self._part)
