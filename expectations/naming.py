"""Which unit a file comes from where its content does not say: by the file's name, or by who sent it (III.4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from email.utils import parseaddr
from pathlib import PurePosixPath

from sources.campaigns import Campaign
from sources.registry import Registry
from sources.text import fold

Words = tuple[str, ...]
Named = tuple[int, int, Words]   # where a name begins and ends among the words, and its own words

_LONGEST_ORGANISATION = 8   # words: Đoàn Thanh niên Cộng sản Hồ Chí Minh
_WORD = re.compile(r"[^\W_]+")


class UnitNames:
    """The registry's names and aliases, indexed by their first word, so that a file name is looked up in one pass.

    A name that several units share tells none of them, nor does a file name with the names of two units, or of a
    commune behind one of `organisations` (as people write them): `Hội Nông dân xã Tân Sơn` reports for no commune.
    """

    def __init__(self, registry: Registry, organisations: Iterable[str] = ()) -> None:
        self._organisations = {folded for name in organisations if len(folded := fold(name)) > 2}   # CĐ: chuyên đề too
        self._communes = {unit.code for unit in registry.communes}
        self._codes: dict[Words, set[str]] = {}
        self._written: dict[Words, set[str]] = {}
        self._lengths: dict[str, list[int]] = {}
        self._senders: dict[str, set[str]] = {}
        for unit in registry.units:
            for name in (unit.name, *unit.aliases):
                self._add(name, unit.code)
            for allowed in filter(None, (unit.email, *unit.senders)):
                self._senders.setdefault(address(allowed), set()).add(unit.code)
        for words in self._codes:
            self._lengths.setdefault(words[0], []).append(len(words))
        self._lengths = {word: sorted(set(lengths), reverse=True) for word, lengths in self._lengths.items()}

    def in_file_name(self, file_name: str) -> str | None:
        """The code of the unit that the file's name tells, else the innermost folder's that tells one; None if none."""
        path = PurePosixPath(file_name.replace("\\", "/"))
        for part in (path.stem, *reversed(path.parent.parts)):
            words = tuple(fold(part).split())
            if named := self._named(words, part):
                return self._only_one(words, named)
        return None

    def of_sender(self, sender: str | None) -> list[str]:
        """The codes of the units that may send from that e-mail address; none where the registry does not know it."""
        return sorted(self._senders.get(address(sender), ()))

    def _add(self, name: str, code: str) -> None:
        words = tuple(fold(name).split())
        if words:
            self._codes.setdefault(words, set()).add(code)
            self._written.setdefault(words, set()).add(unicodedata.normalize("NFC", name).casefold())

    def _named(self, words: Words, text: str) -> list[Named]:
        """The units' names in the text; one within a longer one ("Tân Sơn Hải") does not count."""
        spans = list(self._spans(words, text))
        return [s for s in spans if not any(o != s and o[0] <= s[0] and s[1] <= o[1] for o in spans)]

    def _only_one(self, words: Words, named: list[Named]) -> str | None:
        """The code that all these names tell; None where they tell several, or a commune behind an organisation."""
        codes = {code for _, _, name in named for code in self._codes[name]}
        if codes <= self._communes and any(self._is_behind_an_organisation(words[:start]) for start, _, _ in named):
            return None
        return codes.pop() if len(codes) == 1 else None

    def _is_behind_an_organisation(self, before: Words) -> bool:
        return any(" ".join(before[-length:]) in self._organisations for length in range(1, _LONGEST_ORGANISATION + 1))

    def _spans(self, words: Words, text: str) -> Iterator[Named]:
        """Start, end and words of the longest name that begins at each word."""
        for start, first in enumerate(words):
            for length in self._lengths.get(first, ()):
                name = words[start:start + length]
                if name in self._codes and (length > 1 or self._stands_as_written(name, text)):
                    yield start, start + length, name
                    break

    def _stands_as_written(self, name: Words, text: str) -> bool:
        """Whether a name of one word stands there with its accents: "Chũ" is a town, "chủ tịch" is not."""
        plain = set(_WORD.findall(unicodedata.normalize("NFC", text).casefold()))
        return bool(plain & self._written[name])


def address(sender: str | None) -> str:
    """The bare e-mail address of a sender, as compared."""
    return parseaddr(sender or "")[1].strip().casefold()


def tell_units(campaign: Campaign,
               arrivals: Iterable[tuple[str, str, str | None]]) -> list[tuple[str, str | None, list[str]]]:
    """(submission_id, code by file name, codes by sender) of each (submission_id, file_name, sender)."""
    names = UnitNames(campaign.registry, campaign.form.organisation_names)
    return [(sid, names.in_file_name(file_name), names.of_sender(sender)) for sid, file_name, sender in arrivals]
