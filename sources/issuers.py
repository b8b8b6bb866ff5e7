"""Who a letterhead's line, a label's value or a title names as its issuer: a unit, or a part of one
(III.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, takewhile
from typing import Literal, NamedTuple

from rapidfuzz.distance import OSA

from sources.campaigns import Campaign
from sources.issuer_words import MAX_WORDS_BEFORE, OF, IssuerWords
from sources.name_words import Word, words_of
from sources.text import clean, fold
from sources.unit_names import NameMatch, UnitNames

_MAX_NAME_LENGTH = 110  # letters of an issuer's name, with its superior's on the same line
_MIN_MISTYPED_LENGTH = 5  # letters of a name that one letter more or less does not make another


class Issuer(NamedTuple):
    """Who issues a report, as one text names it.

    kind        unit: one of the registry · part: an organisation or a party cell of the unit `code`, None where the
                text does not name the unit · other: a commune's committee or a part of a commune that the registry does
                not have
    as_written  whether the name is spelt as in the registry, apart from usual variants
    of_place    whether the unit is named with the word for its sort of place or committee, and not by its bare name
    """

    kind: Literal["unit", "part", "other"]
    code: str | None
    as_written: bool = True
    of_place: bool = True


class Issuers:
    """Finds the issuer that a text names, by the names and words of a campaign."""

    def __init__(self, campaign: Campaign, names: UnitNames) -> None:
        words = campaign.form.words
        self.names = names
        self.of = lru_cache(maxsize=8192)(self._of)
        self._words = IssuerWords(campaign.form, names.communes)
        sort, _, name = campaign.campaign.area.partition(" ")
        self._area = (
            re.compile(
                rf"(?<!\w){re.escape(sort)}\s+(?:ủy\s+|uỷ\s+|đoàn\s+)?"
                rf"(?!(?:ủy|uỷ|đoàn|ta|nhà)\b)(?P<name>\w[^,;.()–\-]*)",
                re.IGNORECASE,
            )
            if name
            else None
        )
        self._area_name = fold(name)
        self._area_whole = fold(campaign.campaign.area)
        self._lead_words = tuple(sorted(map(fold, words.issuer_leads), key=len, reverse=True))
        self._districts = {
            fold(own): unit.code
            for unit in campaign.registry.units
            if unit.kind
            for own in campaign.form.organisations.get(unit.kind, ())
        }

    def _of(self, text: str) -> Issuer | None:
        """`of`: the issuer that a short text names, as `ĐẢNG ỦY XÃ TÂN SƠN`; None where it names
        none."""
        if len(text) > _MAX_NAME_LENGTH:
            return None
        words, named = words_of(text), self.names.find(text)
        if exact := self.names.exact(text):
            named = named or (NameMatch(0, len(words), frozenset({exact.code}), True),)
        if not named:
            return self.of_district(text) or self._without_unit(words)
        unit = self._last(named)
        if unit is None or unit.code is None:
            return None
        if self.names_another_area(text):
            return Issuer("other", None)
        if self._words.is_part(words, unit, named):
            return Issuer("part", unit.code, unit.as_written, self._words.has_place(words, unit))
        if unit.code in self.names.communes and not self._words.is_whole(words, unit):
            return None
        return Issuer("unit", unit.code, unit.as_written, self._words.has_place(words, unit))

    def of_district(self, text: str) -> Issuer | None:
        """A district's organisation whose committee is named by its place alone: `ĐOÀN TNCS … BCH
        HUYỆN LỤC NGẠN`."""
        rest = fold(text).removesuffix(self._area_whole).strip()
        organisation = (
            self._without_leads(rest) if self._area_whole and rest != fold(text) else rest
        )
        if organisation == rest:
            return None
        organisation = re.split(r" (?:viet nam|tinh)(?: |$)", organisation)[0]
        code = self._districts.get(organisation)
        return Issuer("unit", code) if code else None

    def _without_leads(self, folded: str) -> str:
        """A folded text without the words for a committee at its end: `hoi nong dan ban chap
        hanh`."""
        lead = next((lead for lead in self._lead_words if f" {folded}".endswith(f" {lead}")), None)
        return self._without_leads(folded[: -len(lead)].strip()) if lead else folded

    def in_title(self, lines: Sequence[str]) -> tuple[Issuer, int] | None:
        """The first issuer that the lines of a title name (`BÁO CÁO … của Đảng ủy xã Tân Sơn`), and
        in which line.

        Not one that is only mentioned (`thực hiện Nghị quyết của Đảng ủy xã …`).
        """
        ends = list(accumulate(len(words_of(line)) for line in lines))
        words, text = words_of(" ".join(lines)), " ".join(lines)
        for unit in self.names.find(text):
            line = next(n for n, end in enumerate(ends) if unit.start < end)
            begins = ends[line - 1] if line else 0
            start = max((n + 1 for n in range(unit.start) if words[n].plain == OF), default=begins)
            if (
                start <= begins - MAX_WORDS_BEFORE
                or unit.code is None
                or self._words.in_passing(words, start, unit)
            ):
                continue
            if self._last(self.names.find(lines[line])) is None:
                continue
            if self._words.is_part_in(words, start, unit):
                return Issuer(
                    "part", unit.code, unit.as_written, self._words.has_place(words, unit)
                ), line
            if unit.code not in self.names.communes or self._words.has_place(words, unit):
                return Issuer("unit", unit.code, unit.as_written), line
        cell = self._words.cell_in_title(words)
        return (
            None
            if cell is None
            else (Issuer("part", None), next(n for n, end in enumerate(ends) if cell < end))
        )

    def in_clause(self, text: str) -> Issuer | None:
        """The issuer with whose name a clause ends: `… của xã Kiên Lao, Đảng ủy thị trấn Chũ` (báo
        cáo như sau)."""
        words, named = words_of(text), self.names.find(text)
        unit = named[-1] if named else None
        if unit is None or unit.code is None or unit.end < len(words) - MAX_WORDS_BEFORE // 4:
            return None
        start = max(named[-2].end if len(named) > 1 else 0, unit.start - MAX_WORDS_BEFORE)
        if self._words.in_passing(words, unit.start, unit):
            return None
        if self._words.is_part_in(words, start, unit):
            return Issuer("part", unit.code, unit.as_written, self._words.has_place(words, unit))
        whole = unit.code not in self.names.communes or self._words.has_place(words, unit)
        return Issuer("unit", unit.code, unit.as_written) if whole else None

    def in_address(self, text: str) -> Issuer | None:
        """The issuer of what is written to a commune's committee: a part of it (`Kính gửi: Đảng ủy
        xã Tân Sơn`)."""
        words, named = words_of(text), self.names.find(text)
        unit = self._last(named) if named else None
        if (
            unit is None
            or unit.code not in self.names.communes
            or not self._words.has_place(words, unit)
        ):
            return None
        return Issuer("part", unit.code, unit.as_written)

    def nearest(self, text: str) -> str | None:
        """The one commune whose name differs by a letter from that of an unknown one (`XÃ PHỢNG
        SƠN`); None else."""
        words = words_of(text)
        place = max(
            (self._words.places.at(words, n) for n in self._words.places.starts(words)), default=0
        )
        name = " ".join(fold(word.written) for word in words[place:])
        near = {
            code
            for code in self.names.communes
            for known in self.names.by_code[code].folded_names
            if len(name) > _MIN_MISTYPED_LENGTH and OSA.distance(name, known) <= 1
        }
        return near.pop() if len(near) == 1 else None

    def is_organisation(self, text: str) -> bool:
        """Whether a text is an organisation's name and no more: `Hội Nông dân`, the district's or a
        commune's."""
        words = words_of(text)
        first = self._words.skip_leads(words, 0)
        is_whole_text = self._words.organisations.at(words, first) == len(words) > first
        return is_whole_text and not self._words.places.ends_at(words, len(words))

    def is_single_cell(self, text: str) -> bool:
        """Whether a signature is a party cell's: `CHI BỘ`, `CHI ỦY CHI BỘ THÔN CẦU CAO`."""
        return self._words.cells.at(words_of(text), 0) > 0 or fold(text).startswith("chi uy")

    def begins_with_committee(self, text: str) -> bool:
        """Whether a name begins with the committee of a whole commune: `ĐẢNG ỦY …`, `BCH ĐẢNG BỘ
        …`."""
        words = words_of(text)
        first = self._words.skip_leads(words, 0)
        return self._words.committees.at(words, first) > first

    def names_another_area(self, text: str) -> bool:
        """Whether a text names another area of the campaign's sort: `HUYỆN YÊN DŨNG`, where it is
        huyện Lục Ngạn."""
        if self._area is None:
            return False
        for found in self._area.finditer(clean(text)):
            name = " ".join(takewhile(lambda word: word[:1].isupper(), found["name"].split()))
            if name and not fold(name).startswith(self._area_name):
                return True
        return False

    def names_a_place(self, text: str) -> bool:
        """Whether a text names the place of its issuer, a unit or a wider place: `HUYỆN LỤC
        NGẠN`."""
        return bool(self.names.find(text)) or self._words.is_wider(words_of(text))

    def _last(self, named: tuple[NameMatch, ...]) -> NameMatch | None:
        """The name that counts: the last, unless two communes stand there."""
        communes = {name.codes for name in named if name.codes <= self.names.communes}
        if len(communes) > 1:
            return None
        return next((n for n in reversed(named) if n.codes in communes), named[-1])

    def _without_unit(self, words: tuple[Word, ...]) -> Issuer | None:
        """A part whose unit is named elsewhere, or a committee of a commune that the registry does
        not have."""
        first = self._words.skip_leads(words, 0)
        place = next(
            (n for n in range(len(words) - 1) if n < self._words.places.at(words, n) < len(words)),
            None,
        )
        cell, part = self._words.cells.at(words, first), self._words.parts.at(words, first)
        if cell > first or part > first:
            named_place = place is not None and not self._words.is_no_name(
                words, self._words.places.at(words, place)
            )
            if (
                named_place
                and place is not None
                and place >= max(cell, part) - 1
                and not self._words.is_wider(words)
            ):
                return Issuer("other", None)
            if self._words.wider_places.at(words, max(cell, part)) > max(cell, part):
                return None  # of a wider place, above the unit
            return Issuer("part", None) if max(cell, part) < len(words) or cell == first else None
        begins = self._words.committees.at(words, first)
        if (
            place is None
            or place not in (0, begins)
            or self._words.is_no_name(words, self._words.places.at(words, place))
        ):
            return None
        return Issuer("other", None)
