"""The words around a unit's name in a text: they decide whether the unit itself is meant, a part of
it, or a unit that is only mentioned (III.4)."""

from __future__ import annotations

from sources.form import Form
from sources.name_words import Word
from sources.phrases import Phrases
from sources.unit_names import NameMatch

MAX_WORDS_BEFORE = 12  # words before a unit's name that may belong to it
OF, _AND, _REPORT = "cua", ("va", "cac"), ("bao", "cao")
_NOT_NAMES = ("hội", "đội", "ta", "nhà", "viên", "và", "có", "đã", "này")  # behind the word xã
_PLACES = ("xã", "phường", "thị trấn")  # before a commune's name
# before the name of a place above the commune
_WIDER_PLACES = (
    "huyện",
    "tỉnh",
    "thành phố",
    "trung ương",
    "thị xã",
    "thị ủy",
    "thành ủy",
)


class IssuerWords:
    """The form's words for committees, parts and places, found among the words of a text."""

    def __init__(self, form: Form, communes: frozenset[str]) -> None:
        words = form.words
        self._communes = communes
        self.committees = Phrases(words.issuer_words)
        self.cells = Phrases(words.cell_words)
        self.cell_places = Phrases(words.cell_places)
        self.organisations = Phrases(n for n in form.organisation_names if " " in n or len(n) > 3)
        self.parts = Phrases((*words.part_words, *form.organisation_names))
        self._leads = Phrases(words.issuer_leads)
        self._plurals = Phrases(words.plural_words)
        self._passing = Phrases(words.passing_words)
        self._no_names = Phrases(_NOT_NAMES)
        self.places, self.wider_places = Phrases(_PLACES, 1), Phrases(_WIDER_PLACES, 1)

    def is_part(
        self, words: tuple[Word, ...], unit: NameMatch, named: tuple[NameMatch, ...]
    ) -> bool:
        """Whether a party cell or an organisation stands before the name, or before it all: `CHI BỘ
        QUÂN SỰ XÃ …`."""
        first = self.skip_leads(words, 0)
        begins = self.cells.at(words, first) > first or (
            self.parts.at(words, first) > first
            and (unit.code in self._communes or self.organisations.at(words, first) == first)
        )
        if begins and first < unit.start and not any(n.start <= first < n.end for n in named):
            return True
        if unit.code not in self._communes:
            return False
        starts = list(self.cells.starts(words))
        # ĐẢNG ỦY - UBND - MTTQ XÃ …
        jointly = self.committees.at(words, first) > first and first < unit.start
        starts += self.organisations.starts(words, unit.end if jointly else 0)
        return any(
            not self._plurals.ends_at(words, start)
            and not any(n.start <= start < n.end for n in named)
            for start in starts
        )

    def is_part_in(self, words: tuple[Word, ...], start: int, unit: NameMatch) -> bool:
        """Whether a title or clause names, from the word `start` on, one party cell or organisation
        of the unit."""
        if self._organisation_in(words, start, unit) and unit.code in self._communes:
            return not any(
                w.plain in _AND or self._plurals.at(words, n) > n
                for n, w in enumerate(words[: unit.start])
                if n >= start
            )
        return any(
            self.cell_places.at(words, end) > end and not self._plurals.ends_at(words, n)
            for n in range(start, unit.start)
            if (end := self.cells.at(words, n)) > n
        )

    def cell_in_title(self, words: tuple[Word, ...]) -> int | None:
        """Where a title names the one party cell that reports: `BÁO CÁO … của Chi bộ thôn Cầu
        Cao`."""
        for start in self.cells.starts(words, 1):
            place = self.cells.at(words, start)
            behind = self.cell_places.at(words, place)
            before = (words[start - 1].plain, *(w.plain for w in words[max(start - 2, 0) : start]))
            is_one = (
                place < behind < len(words)
                and words[behind].plain not in _AND
                and (self.cell_places.at(words, behind) == behind)
            )
            if is_one and (before[0] == OF or before[1:] == _REPORT):
                return start
        return None

    def in_passing(self, words: tuple[Word, ...], start: int, unit: NameMatch) -> bool:
        """Whether the unit is only addressed or mentioned: `Kính gửi Đảng ủy xã …`, `Nghị quyết của
        Đảng ủy xã …`."""
        first = max(start - MAX_WORDS_BEFORE // 2, 0)
        if start and words[start - 1].plain == OF:
            return next(self._passing.starts(words, first, start), None) is not None
        return any(self._passing.ends_at(words, n) for n in range(start, unit.start + 1))

    def is_whole(self, words: tuple[Word, ...], unit: NameMatch) -> bool:
        """Whether a commune is named as such, and not only by its bare name behind other words
        (`TRƯỜNG TÂN SƠN`)."""
        return (
            unit.start == 0
            or self.has_place(words, unit)
            or self.skip_leads(words, 0) >= unit.start
        )

    def has_place(self, words: tuple[Word, ...], unit: NameMatch) -> bool:
        """Whether the unit is named with a word for its sort of place, or behind its committee's."""
        before = words[: unit.start]
        return (
            any(self.places.at(words, n) > n for n in range(unit.start, unit.end))
            or self.places.ends_at(before, unit.start)
            or self.committees.ends_at(before, unit.start)
        )

    def is_no_name(self, words: tuple[Word, ...], behind: int) -> bool:
        """Whether what follows the word for a place is no place's name: `XÃ (THỊ TRẤN) ……`, `XÃ
        HỘI`."""
        return self.places.at(words, behind) > behind or self._no_names.at(words, behind) > behind

    def is_wider(self, words: tuple[Word, ...]) -> bool:
        """Whether a place wider than a commune is named: `HUYỆN …`, `TỈNH …`."""
        return next(self.wider_places.starts(words), None) is not None

    def skip_leads(self, words: tuple[Word, ...], start: int) -> int:
        """The first word that belongs to no lead, such as `BCH` or a committee's word before a
        part's."""
        while start < len(words) and self.parts.at(words, start) == start:
            behind = self._leads.at(words, start)
            if behind == start:
                break
            start = behind
        return start

    def _organisation_in(self, words: tuple[Word, ...], start: int, unit: NameMatch) -> bool:
        return next(self.organisations.starts(words, start, unit.start), None) is not None or (
            self.parts.at(words, start) > start and start < unit.start
        )
