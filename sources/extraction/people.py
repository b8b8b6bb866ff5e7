"""Hides people's names: each becomes "…", the rest of the text stays.

The words are data (people.toml). A name follows a title (people_titles.py), or begins with a family
name (`Bí thư Đảng ủy Trần Văn Bình`); a village, a school or a firm that bears one keeps it
(`Trường THCS Lê Lợi`). Villages are called `Hoàng Nam` or `Bà Nà` too, and a row whose name is
hidden is lost to whoever looks for it: there a name is a person's behind a title, an office or
another place only, or where it has a middle name that people have and places have not. Numbers of a
person's own go as well (personal_numbers.py).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from sources.extraction.people_offices import hide_before_numbers, hide_behind_offices
from sources.extraction.people_titles import first_words, hide_initials, hide_titled
from sources.extraction.people_vocabulary import (
    CONTEXT,
    FAMILY,
    OFFICES,
    OFFICES_PLAIN,
    PLACES,
    PLACES_PLAIN,
    UPPER,
)
from sources.extraction.personal_numbers import HIDDEN, hide_numbers
from sources.extraction.word_patterns import any_of
from sources.text import fold, without_invisible


@lru_cache(maxsize=65536)
def hide_names(text: str, titles: tuple[str, ...] = (), of_row: bool = False) -> str:
    """The text with each person's name and number replaced by "…"; a text that holds none is given
    back as it is.

    `titles` are those of the form. `of_row`: the text names a row, that is a village or a party
    cell, or a sheet.
    """
    if len(text) < MIN_NAME_LETTERS:
        return text
    composed = without_invisible(unicodedata.normalize("NFC", text))
    hidden = (
        _hide_people(composed, titles, of_row) if any(c.isalpha() for c in composed) else composed
    )
    without_names = hidden
    hidden = hide_numbers(hidden, beside_name=hidden != composed)
    if hidden != without_names:
        hidden = hide_before_numbers(hidden)
    return text if hidden == composed else hidden


def _hide_people(text: str, titles: tuple[str, ...], of_row: bool) -> str:
    words = set(map(str.casefold, _LETTERS.findall(text)))  # a cheap check: most texts hold no name
    hidden = (
        hide_titled(text, titles, of_row)
        if titles and not first_words(titles).isdisjoint(words)
        else text
    )
    if not _FIRST_WORDS.isdisjoint(words):
        hidden = _NAME.sub(
            lambda found: HIDDEN if _is_a_person(found, of_row) else found[0], hidden
        )
    return hide_behind_offices(hide_initials(hidden, of_row), words, of_row)


def _is_a_person(found: re.Match[str], of_row: bool) -> bool:
    words = found[0].replace("_", " ").split()
    folded, kept = fold(found[0]), _NAMES_OF_PLACES if of_row else _NOBODY
    if folded in kept or f"{folded} ".startswith(_NOT_NAMES) or _stands_behind_a_place(found):
        return False
    if words[1].casefold() in _MIDDLE or (len(words) > 2 and len(words[1].rstrip(".")) == 1):
        return True
    if of_row:
        return _stands_behind_an_office(found, len(words)) or _stands_beside_a_place(found, words)
    if found["sure"] or found["loud"]:
        return True
    return len(words) > 2 and not _CAPITALISED_BEFORE.search(
        found.string, max(0, found.start() - 60), found.start()
    )


def _stands_behind_an_office(found: re.Match[str], words: int) -> bool:
    """Directly, as `Bí thư Lê Tám`; three words or more also further behind: `Trưởng thôn Hoàng
    Nam` is a village's."""
    before = found.string[max(0, found.start() - 60) : found.start()]
    if words > 2:
        return _OFFICE_NEAR.search(" ".join(before.split()[-4:])) is not None
    return _OFFICE_BEFORE.search(before) is not None


def _stands_behind_a_place(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - 60) : found.start()]
    plain = before.isascii() and found[0].isascii()
    if not (place := (_PLACE_BEFORE_PLAIN if plain else _PLACE_BEFORE).search(before)):
        return False
    near = " ".join(before[: place.end("place")].split()[-5:])
    return not (_OFFICE_NEAR_PLAIN if plain else _OFFICE_NEAR).search(near)


def _stands_beside_a_place(found: re.Match[str], words: list[str]) -> bool:
    """Whether it is a person's behind a dash or in brackets: `thôn Cầu - Nguyễn Bình`, but not
    `liên thôn Cầu - Xá`."""
    before = found.string[max(0, found.start() - 60) : found.start()]
    after = found.string[found.end() : found.end() + 60]
    if not (_BEHIND_A_PLACE.search(before) or _BEFORE_A_PLACE.match(after)) or _JOINED.search(
        before
    ):
        return False
    if _PLACE_AND_COLON.search(before):  # `Thôn: Trần Quang Diệu`
        return False
    if words[1].title() in _VILLAGE_ENDS:
        return False
    return len(words) > 2 or words[0].title() in _SELDOM_PLACES


MIN_NAME_LETTERS = 5
_NOBODY = frozenset(fold(name) for name in CONTEXT["nobody"])
_NAMES_OF_PLACES = _NOBODY | {fold(name) for name in CONTEXT["borne"]}
_NOT_NAMES = tuple(f"{fold(name)} " for name in CONTEXT["not_names"])
_MIDDLE = frozenset(w.casefold() for w in FAMILY["middle"]) | {fold(w) for w in FAMILY["middle"]}
_PLACE_BEFORE = re.compile(rf"{PLACES}[ \u00a0“\"'\[]+$")
_PLACE_BEFORE_PLAIN, _OFFICE_NEAR_PLAIN = (
    re.compile(rf"{PLACES_PLAIN}[ \u00a0\"'\[]+$"),
    re.compile(OFFICES_PLAIN),
)
_SELDOM_PLACES, _VILLAGE_ENDS = (
    frozenset(CONTEXT["seldom_places"]),
    frozenset(CONTEXT["village_ends"]),
)
_BEHIND_A_PLACE = re.compile(r"(?:[^\W\d_][ \u00a0]*[-–—,:;/]|\w[ \u00a0]*\()[ \u00a0]*$")
_PLACE_AND_COLON = re.compile(rf"{PLACES}[ \u00a0]*:[ \u00a0]*$")
_BEFORE_A_PLACE = re.compile(
    rf"[ \u00a0]*[-–—(,][ \u00a0]*(?:{PLACES}|(?:{any_of(CONTEXT['short_offices'])}))(?!\w)"
)
_JOINED = re.compile(rf"(?<!\w)(?i:{any_of(CONTEXT['joined_places'])})(?!\w)")
_OFFICE_NEAR = re.compile(OFFICES)
_OFFICE_BEFORE = re.compile(rf"{_OFFICE_NEAR.pattern}[\s:.]*$")

_GAP = r"(?:[^\S\n]|_)+"
_NO_END = rf"(?!(?i:{any_of(CONTEXT['ends'])})(?!\w))"
_WORD = rf"{_NO_END}[{UPPER}][^\W\d_{UPPER}]{{0,6}}(?![^\W\d_])\.?"
_SHOUTED = rf"{_NO_END}[{UPPER}]{{1,7}}(?![^\W\d_])\.?"
_CAPITALISED_BEFORE = re.compile(rf"(?<!\w)[{UPPER}]\w*[ \u00a0]$")


def _name() -> re.Pattern[str]:
    """Family name, and one to four more capitalised words; the sure ones also in small letters or
    without accents."""
    sure, likely, middle = (any_of(FAMILY[key]) for key in ("sure", "likely", "middle"))
    seldom, plain = (
        any_of([*FAMILY["rare"], *FAMILY["likely"]]),
        any_of(fold(w).title() for w in FAMILY["sure"]),
    )
    patterns = [
        rf"(?P<sure>{sure})(?:{_GAP}{_WORD}){{1,4}}",
        rf"(?P<loud>{sure.upper()})(?:{_GAP}{_SHOUTED}){{1,4}}",
        rf"(?:{likely})(?:{_GAP}{_WORD}){{2,4}}",
        rf"(?:{seldom}){_GAP}(?:{middle})(?:{_GAP}{_WORD}){{1,3}}",
        rf"(?:{seldom.upper()}){_GAP}(?:{middle.upper()})(?:{_GAP}{_SHOUTED}){{1,3}}",
        rf"(?i:(?:{sure}){_GAP}(?:{middle})){_GAP}\w{{1,7}}(?:{_GAP}{_WORD}){{0,2}}",
        rf"(?:nguyen|huynh|nghiem){_GAP}(?:van|thi){_GAP}(?!ban\b|bao\b|cua\b|nhu\b|nghi\b|chi\b)[a-z]{{2,7}}",
        rf"(?:{plain}){_GAP}(?:Van|Thi)(?:{_GAP}{_WORD}){{1,3}}",
        rf"(?:{plain.upper()}){_GAP}(?:VAN|THI)(?:{_GAP}{_SHOUTED}){{1,3}}",
        rf"(?:{any_of(FAMILY['plain'])})(?:{_GAP}{_WORD}){{2,3}}",
    ]
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(patterns)})(?![^\W\d_])")


_NAME = _name()
_LETTERS = re.compile(r"[^\W\d_]+")
# of which each way to write a name begins with one
_FIRST_WORDS = frozenset(
    letters[0].casefold()
    for key in ("sure", "likely", "rare")
    for word in FAMILY[key]
    for form in (word, fold(word))
    if (letters := _LETTERS.match(form))
)
