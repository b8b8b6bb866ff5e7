"""How a person's name is told from other words, and made unreadable: a name becomes "…", the rest of the text stays.

The words are data (people.toml). A name follows one of the form's titles (`đồng chí Bình`), or begins with a family
name (`Bí thư Đảng ủy Trần Văn Bình`); a village, a school or a firm that bears one keeps it (`Trường THCS Lê Lợi`).
Villages are called `Hoàng Nam` or `Bà Nà` too, and a row whose name is hidden is lost to whoever looks for it: there a
name is a person's behind a title or an office only, or where it has a middle name that people have and places have not.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from sources.text import INVISIBLE, fold

HIDDEN = "…"


@lru_cache(maxsize=65536)
def hide_names(text: str, titles: tuple[str, ...] = (), of_row: bool = False) -> str:
    """The text with each person's name replaced by "…"; a text that holds none is given back as it is.

    `titles` are those of the form. `of_row`: the text names a row, that is a village or a party cell, or a sheet.
    """
    if len(text) < 5 or not any(c.isalpha() for c in text):
        return text
    composed = unicodedata.normalize("NFC", text).translate(INVISIBLE)
    hidden = _TITLED(titles).sub(lambda found: _after_title(found, of_row), composed) if titles else composed
    if not _STARTS.isdisjoint(map(str.casefold, _LETTERS.findall(hidden))):   # a cheap look: most texts hold no name
        hidden = _NAME.sub(lambda found: HIDDEN if _is_a_person(found, of_row) else found[0], hidden)
    return text if hidden == composed else hidden


def _after_title(found: re.Match[str], of_row: bool) -> str:
    """An office behind the title is no name, nor is a street of that name, or a village: `đường Bà Triệu`, `Bà Nà`."""
    if _stands_behind_a_place(found) or (of_row and _begins_a_place(found)):
        return found[0]
    return f"{found['title']} {HIDDEN}"


def _begins_a_place(found: re.Match[str]) -> bool:
    """Whether what looks like a title is the first word of a place's name; in brackets it is a title."""
    title = found["title"]
    return title.isalpha() and title[0].isupper() and not found.string[:found.start()].rstrip().endswith("(")


def _is_a_person(found: re.Match[str], of_row: bool) -> bool:
    words = found[0].replace("_", " ").split()
    folded, spared = fold(found[0]), _BORNE if of_row else _NOBODY
    if folded in spared or f"{folded} ".startswith(_NOT_NAMES) or _stands_behind_a_place(found):
        return False
    if words[1].casefold() in _MIDDLE:
        return True
    if of_row:
        return _stands_behind_an_office(found, len(words))
    if found["sure"] or found["loud"]:
        return True
    return len(words) > 2 and not _CAPITALISED_BEFORE.search(found.string, 0, found.start())


def _stands_behind_an_office(found: re.Match[str], words: int) -> bool:
    """Directly, as `Bí thư Lê Tám`; three words or more also further behind: `Trưởng thôn Hoàng Nam` is a village's."""
    before = found.string[max(0, found.start() - 60):found.start()]
    if words > 2:
        return _OFFICE_NEAR.search(" ".join(before.split()[-4:])) is not None
    return _OFFICE_BEFORE.search(before) is not None


def _stands_behind_a_place(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - 60):found.start()]
    if not (place := _PLACE_BEFORE.search(before)):
        return False
    return not _OFFICE_NEAR.search(" ".join(before[:place.end("place")].split()[-5:]))


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True))


def _words() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    told = tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))
    return told["family"], told["around"]


_FAMILY, _AROUND = _words()
_NOBODY = frozenset(fold(name) for name in _AROUND["nobody"])
_BORNE = _NOBODY | {fold(name) for name in _AROUND["borne"]}
_NOT_NAMES = tuple(f"{fold(name)} " for name in _AROUND["not_names"])
_MIDDLE = frozenset(w.casefold() for w in _FAMILY["middle"]) | {fold(w) for w in _FAMILY["middle"]}
_PLACE_BEFORE = re.compile(rf"(?<!\w)(?<!văn )(?i:(?P<place>{_any_of(_AROUND['places'])}))[ \u00a0“\"'\[]+$")
_OFFICE_NEAR = re.compile(rf"(?<!\w)(?i:{_any_of(_AROUND['offices'])})(?!\w)")
_OFFICE_BEFORE = re.compile(rf"{_OFFICE_NEAR.pattern}[\s:.]*$")

_GAP = r"(?:[^\S\n]|_)+"
_UPPER = "A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_NO_END = rf"(?!(?i:{_any_of(_AROUND['ends'])})(?!\w))"
_WORD = rf"{_NO_END}[{_UPPER}][^\W\d_{_UPPER}]{{0,6}}(?![^\W\d_])\.?"
_SHOUTED = rf"{_NO_END}[{_UPPER}]{{1,7}}(?![^\W\d_])\.?"
_CAPITALISED_BEFORE = re.compile(rf"(?<!\w)[{_UPPER}]\w*[ \u00a0]$")


def _name() -> re.Pattern[str]:
    """Family name, and one to four more capitalised words; the sure ones also in small letters or without accents."""
    sure, likely, middle = (_any_of(_FAMILY[key]) for key in ("sure", "likely", "middle"))
    seldom, plain = _any_of([*_FAMILY["rare"], *_FAMILY["likely"]]), _any_of(fold(w).title() for w in _FAMILY["sure"])
    ways = [rf"(?P<sure>{sure})(?:{_GAP}{_WORD}){{1,4}}",
            rf"(?P<loud>{sure.upper()})(?:{_GAP}{_SHOUTED}){{1,4}}",
            rf"(?:{likely})(?:{_GAP}{_WORD}){{2,4}}",
            rf"(?:{seldom}){_GAP}(?:{middle})(?:{_GAP}{_WORD}){{1,3}}",
            rf"(?:{seldom.upper()}){_GAP}(?:{middle.upper()})(?:{_GAP}{_SHOUTED}){{1,3}}",
            rf"(?i:(?:{sure}){_GAP}(?:{middle})){_GAP}\w{{1,7}}(?:{_GAP}{_WORD}){{0,2}}",
            rf"(?:{plain}){_GAP}(?:Van|Thi)(?:{_GAP}{_WORD}){{1,3}}"]
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(ways)})(?![^\W\d_])")


@cache
def _TITLED(titles: tuple[str, ...]) -> re.Pattern[str]:
    """A title and the one to five capitalised words behind it; an office is no name, so `đồng chí Bí thư` stays."""
    offices = "Bí|Phó|Chủ|Trưởng|Thường|Ủy|Ban|Đảng|Chi|Giám|Hiệu|Tổ|Cấp|Huyện|Tỉnh"
    word = rf"(?!(?:{offices})\b)[{_UPPER}]\w*\.?"
    gap = r"[^\S\n]"
    return re.compile(rf"(?P<title>(?<!\w)(?i:{_any_of(titles)})){gap}*[:.)]?{gap}+{word}(?:{gap}+{word}){{0,4}}")


_NAME = _name()
_LETTERS = re.compile(r"[^\W\d_]+")
_STARTS = frozenset(_LETTERS.match(form)[0].casefold() for key in ("sure", "likely", "rare") for word in _FAMILY[key]
                    for form in (word, fold(word)))   # of which each way to write a name begins with one
