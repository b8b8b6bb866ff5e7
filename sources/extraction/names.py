"""Names of units: which one of the registry a text means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from sources.campaigns import Campaign
from sources.registry import Unit
from sources.text import clean, fold

_WORD = re.compile(r"\w+", re.UNICODE)
_PLACE = re.compile(r"(?:xa|thi tran|phuong|tt|x) ")
_TOWN = "thi tran"
_LONGEST_NAME = 80   # of an organisation with its commune
_ONE_SPELLING = str.maketrans("ýỳỷỹỵy", "íìỉĩịi")   # Quý Sơn and Quí Sơn, Mỹ An and Mĩ An are one


class UnitNames:
    """The registry's names and aliases, by their words, so that a look-up costs the text's length and no more."""

    def __init__(self, campaign: Campaign) -> None:
        registry = campaign.registry
        self.folded = registry.by_folded_name
        self._communes = {u.code for u in registry.communes}
        self._accented: dict[tuple[str, ...], Unit | None] = {}
        self._plain: dict[tuple[str, ...], Unit | None] = {}
        for unit in registry.units:
            for name in (unit.name, *unit.aliases):
                _add(self._accented, _words(name), unit)
                _add(self._plain, tuple(fold(name).translate(_ONE_SPELLING).split()), unit)
        self._longest = max((len(k) for k in self._accented), default=0)
        towns = [u for u in registry.communes if fold(u.name).startswith(f"{_TOWN} ")]
        self._only_town = towns[0] if len(towns) == 1 else None
        self._others = tuple({fold(name) for name in campaign.form.organisation_names})

    def exact(self, text: str) -> Unit | None:
        """The unit whose name or alias the text is."""
        return self.folded.get(fold(text))

    def commune(self, text: str) -> Unit | None:
        """The commune that the text names, alone or with what it is part of (`xã Tân Sơn, huyện Lục Ngạn`).

        `Thị trấn` alone is the district's only town.
        """
        unit = self.exact(text) or self.within(text) or (self._only_town if fold(text) == _TOWN else None)
        return unit if unit and unit.code in self._communes else None

    def may_be_commune(self, text: str, alike: Callable[[str, str], bool]) -> bool:
        """Whether a text that names no commune may be one's name all the same, misspelt or of another district."""
        folded = fold(text)
        if not folded or folded.isdigit() or _PLACE.match(folded):
            return True
        return any(alike(folded, name) for name, unit in self.folded.items() if unit.code in self._communes)

    def reporter(self, text: str) -> Unit | None:
        """The unit that a letterhead's line names: `ĐẢNG ỦY XÃ TÂN SƠN`, but not `Hội Nông dân xã Tân Sơn`."""
        if unit := self.exact(text):
            return unit
        unit = self.within(text)
        if unit and unit.code in self._communes and self._speaks_of_another(text, unit):
            return None
        return unit

    def is_organisation_of_commune(self, text: str) -> bool:
        """Whether a line of a letterhead is the name of a commune's organisation: `HỘI NÔNG DÂN XÃ TÂN SƠN`."""
        folded = fold(text)
        unit = self.within(text) if len(text) <= _LONGEST_NAME else None
        return unit is not None and unit.code in self._communes and any(
            folded.startswith(f"{other} ") for other in self._others if " " in other or other == "mttq")

    def within(self, text: str) -> Unit | None:
        """The one unit whose name stands in the text as whole words, the longest name counting; None where two do.

        Accents are heeded where the text has any, since Chũ is a town and chủ a common word.
        """
        words = _words(text)
        accented = any(not w.isascii() for w in words)
        names = self._accented if accented else self._plain
        found = list(_longest_matches(words, names, self._longest))
        codes = {u.code for u in found}
        return found[0] if len(codes) == 1 else None

    def _speaks_of_another(self, text: str, unit: Unit) -> bool:
        """Whether the line names an organisation or a party cell of the commune and not its Party committee."""
        folded = f" {fold(text)} "
        for name in unit.folded_names:
            folded = folded.replace(f" {name} ", " ")
        return " chi bo " in folded or any(f" {other} " in folded for other in self._others if len(other) > 2)


def _add(names: dict[tuple[str, ...], Unit | None], words: tuple[str, ...], unit: Unit) -> None:
    """A name of one word is too common to be looked for within a text; one that two units share tells neither."""
    if len(words) > 1:
        names[words] = unit if names.get(words, unit) is unit else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(clean(text).casefold().translate(_ONE_SPELLING)))


def _longest_matches(words: tuple[str, ...], names: dict[tuple[str, ...], Unit | None], longest: int) -> Iterator[Unit]:
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 1, -1):
            unit = names.get(words[at:at + length])
            if unit:
                yield unit
                at += length - 1
                break
        at += 1
