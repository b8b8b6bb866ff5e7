"""Names of units: which one of the registry a text, a table's row, a file's name or a sender means.

All rooms ask here, so that a spelling is known everywhere or nowhere. `Quí Sơn` and `Quý Sơn`, `Sa
Lý` and `Xa Lý`, `Hoà` and `Hòa` are one; accents are heeded where a name is written with any, since
Chũ is a town and chủ a common word.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.utils import parseaddr
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from sources.name_words import WORD, Word, plain_words, word_of, words_of
from sources.registry import Registry, Unit
from sources.text import clean, fold

_PEOPLE = Path(__file__).parent / "extraction" / "people.toml"
_PLACES = {"xa", "phuong", "tran", "tt", "huyen"}  # folded words behind which a name is a place's
_PLACE_STARTS = {"xa", "thi", "phuong", "tt", "x"}
_TOWN = "thi tran"
_MIN_SURE_WORDS = (
    3  # words of a name that is known also where the text around it has accents, and it has none
)
_MAX_ORGANISATION_WORDS = 8  # words: Đoàn Thanh niên Cộng sản Hồ Chí Minh


class NameMatch(NamedTuple):
    """A name in a text: its first word, the word behind it, the codes that bear it, and whether it
    is so written."""

    start: int
    end: int
    codes: frozenset[str]
    as_written: bool

    @property
    def code(self) -> str | None:
        """The code of the one unit that bears the name; None where several do."""
        return next(iter(self.codes)) if len(self.codes) == 1 else None


class UnitNames:
    """The registry's names and aliases, by their words, so that a look-up costs the text's length
    and no more.

    A name that several units share identifies none of them. `organisations` holds the names of
    organisations as people write them, by the kind of unit; each followed by `area` (`huyện Lục
    Ngạn`), or its first word, is the area's own.
    """

    def __init__(
        self,
        registry: Registry,
        organisations: Mapping[str, Iterable[str]] | None = None,
        area: str = "",
    ) -> None:
        self.by_code = registry.by_code
        self.communes = frozenset(unit.code for unit in registry.communes)
        # CĐ: chuyên đề too
        self._organisations = {
            plain_words(words_of(name))
            for names in (organisations or {}).values()
            for name in names
            if len(fold(name)) > 2
        }
        # by the three forms of a word
        self._tables: tuple[dict[tuple[str, ...], set[str]], ...] = (
            {},
            {},
            {},
        )
        # the accents that a plain name may have
        self._sounded: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        self._senders: dict[str, set[str]] = {}
        towns = [u for u in registry.communes if u.type == "thi_tran"]
        self._only_town = towns[0] if len(towns) == 1 else None
        for unit in registry.units:
            for name in (unit.name, *unit.aliases, *_of_the_area(unit, organisations or {}, area)):
                self._add(name, unit.code)
            for allowed in filter(None, (unit.email, *unit.senders)):
                self._senders.setdefault(bare_address(allowed), set()).add(unit.code)
        self._lengths: dict[str, list[int]] = {}
        for plain in self._tables[2]:
            self._lengths.setdefault(plain[0], []).append(len(plain))
        self._lengths = {
            word: sorted(set(lengths), reverse=True) for word, lengths in self._lengths.items()
        }
        self.find = lru_cache(maxsize=16384)(self._find)
        self.exact = lru_cache(maxsize=16384)(self._exact)
        self.commune = lru_cache(maxsize=16384)(self._commune)

    def _exact(self, text: str) -> Unit | None:
        """`exact`: the unit whose name or alias the text is, with or without its accents."""
        codes = self.codes_of_name(text)
        return self.by_code[next(iter(codes))] if len(codes) == 1 else None

    def codes_of_name(self, name: str) -> set[str]:
        """The codes of all units that bear the name, with or without its accents."""
        found_words = WORD.findall(clean(name).casefold())
        if not found_words or len(found_words) not in self._lengths.get(
            word_of(found_words[0]).plain, ()
        ):
            return set()  # a cheap look: most texts begin as no name does
        words = tuple(map(word_of, found_words))
        return self._named(words) or self._tables[2].get(plain_words(words), set())

    def _commune(self, text: str) -> Unit | None:
        """`commune`: the commune that the text names, alone or with what it is part of (`xã Tân
        Sơn, huyện Lục Ngạn`).

        `Thị trấn` alone is the district's only town.
        """
        unit = (
            self.exact(text)
            or self.unit_within(text)
            or (self._only_town if fold(text) == _TOWN else None)
        )
        return unit if unit and unit.code in self.communes else None

    def may_be_commune(self, text: str, alike: Callable[[str, str], bool]) -> bool:
        """Whether a text that names no commune may be one's name all the same, misspelt or of
        another district."""
        folded = fold(text)
        if not folded or folded.isdigit() or folded.split(" ", 1)[0] in _PLACE_STARTS:
            return True
        return any(
            alike(folded, name)
            for code in self.communes
            for name in self.by_code[code].folded_names
        )

    def unit_within(self, text: str) -> Unit | None:
        """The one unit whose name of two words or more stands in the text; None where several
        do."""
        codes = {code for named in self.find(text) if named.as_written for code in named.codes}
        return self.by_code[codes.pop()] if len(codes) == 1 else None

    def in_file_name(self, file_name: str) -> str | None:
        """The code of the unit that the file's name contains, else that of the innermost folder
        with a unit's name; None if none.

        A name that contains two units identifies none, nor does a commune's name behind an
        organisation's: `Hội Nông dân xã Tân Sơn` does not report for the commune.
        """
        path = PurePosixPath(file_name.replace("\\", "/"))
        for part in (path.stem, *reversed(path.parent.parts)):
            words = words_of(part)
            named = [
                n
                for n in _outermost(self._spans(words, in_file_name=True))
                if not _is_a_person(n, words, part)
            ]
            if named:
                return self._only_one(words, named)
        return None

    def of_sender(self, sender: str | None) -> list[str]:
        """The codes of the units that may send from that e-mail address; none where the registry
        does not know it."""
        return sorted(self._senders.get(bare_address(sender), ()))

    def _add(self, name: str, code: str) -> None:
        words = words_of(name)
        if words:
            forms = zip(*((word.written, word.sounded, word.plain) for word in words), strict=True)
            for table, form in zip(self._tables, forms, strict=True):
                table.setdefault(form, set()).add(code)
        self._sounded.setdefault(plain_words(words), set()).add(
            tuple(word.sounded for word in words)
        )

    def _named(self, words: tuple[Word, ...]) -> set[str]:
        """The codes of the name that the words are, accents heeded."""
        written, sounded, _ = self._tables
        return (
            written.get(tuple(w.written for w in words))
            or sounded.get(tuple(w.sounded for w in words))
            or set()
        )

    def _find(self, text: str) -> tuple[NameMatch, ...]:
        """`find`: the names of two words or more in the text; one within a longer one does not
        count."""
        return tuple(_outermost(self._spans(words_of(text))))

    def _spans(self, words: tuple[Word, ...], in_file_name: bool = False) -> list[NameMatch]:
        """The longest name that begins at each word."""
        plain_text = not any(word.has_accents for word in words)
        spans = []
        for start, first in enumerate(words):
            for length in self._lengths.get(first.plain, ()):
                name = words[start : start + length]
                found = self._match(name, plain_text, in_file_name) if len(name) == length else None
                if found:
                    spans.append(NameMatch(start, start + length, frozenset(found[0]), found[1]))
                    break
        return spans

    def _match(
        self, name: tuple[Word, ...], plain_text: bool, in_file_name: bool
    ) -> tuple[set[str], bool] | None:
        """The codes of the name, and whether it is written so; a name of one word must stand there
        with its accents."""
        if (codes := self._named(name)) and (
            len(name) > 1 or (in_file_name and name[0].has_accents)
        ):
            return codes, True
        codes = self._tables[2].get(plain_words(name), set())
        of_place = len(name) >= _MIN_SURE_WORDS and not _PLACES.isdisjoint(plain_words(name))
        if not codes or len(name) == 1 or not (plain_text or in_file_name or of_place):
            return None
        return codes, any(
            all(
                not word.has_accents or word.sounded == sounded
                for word, sounded in zip(name, known, strict=True)
            )
            for known in self._sounded[plain_words(name)]
        )

    def _only_one(self, words: tuple[Word, ...], named: list[NameMatch]) -> str | None:
        """The code that all these names have; None where they have several, or for a commune behind
        an organisation."""
        codes = {code for name in named for code in name.codes}
        if codes <= self.communes and any(
            self._is_behind_an_organisation(words[: name.start]) for name in named
        ):
            return None
        return codes.pop() if len(codes) == 1 else None

    def _is_behind_an_organisation(self, before: tuple[Word, ...]) -> bool:
        plain = plain_words(before)
        return any(
            plain[-length:] in self._organisations
            for length in range(1, _MAX_ORGANISATION_WORDS + 1)
        )


def bare_address(sender: str | None) -> str:
    """The bare e-mail address of a sender, as compared."""
    return parseaddr(sender or "")[1].strip().casefold()


def _of_the_area(
    unit: Unit, organisations: Mapping[str, Iterable[str]], area: str
) -> Iterator[str]:
    """The names of an organisation of the whole area: `Hội Nông dân huyện`, `Hội Nông dân huyện Lục
    Ngạn`."""
    if unit.kind and area:
        for name in organisations.get(unit.kind, ()):
            bare = name.removesuffix(" xã")  # Đoàn xã, Đoàn huyện
            yield from (f"{bare} {area.split()[0]}", f"{bare} {area}")


def _outermost(spans: list[NameMatch]) -> Iterator[NameMatch]:
    """The spans that stand within no other."""
    for span in spans:
        if not any(o is not span and o.start <= span.start and span.end <= o.end for o in spans):
            yield span


@cache
def _family_names() -> frozenset[str]:
    """Family names that are no other word, with and without their accents."""
    names = tomllib.loads(_PEOPLE.read_text(encoding="utf-8"))["family"]["sure"]
    return frozenset(
        form for name in names for form in (word_of(name.casefold()).written, fold(name))
    )


def _is_a_person(named: NameMatch, words: tuple[Word, ...], text: str) -> bool:
    """Whether a name in a file's name is a person's: behind a family name, and behind no word for a
    place."""
    name = words[named.start : named.end]
    if len(name) >= _MIN_SURE_WORDS and not _PLACES.isdisjoint(plain_words(name)):
        return False
    as_shown = WORD.findall(clean(text))[max(named.start - 2, 0) : named.start]
    before = words[max(named.start - 2, 0) : named.start]
    return any(
        shown[0].isupper() and word.written in _family_names()
        for shown, word in zip(as_shown, before, strict=True)
    )
