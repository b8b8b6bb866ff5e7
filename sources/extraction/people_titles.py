"""Names of people behind a title (`đồng chí Bình`, `các đ/c: Hoạnh, Quềnh`, `BT Hoạnh`), and names
of which only the initials are written (`N.V. Bình`)."""

from __future__ import annotations

import re
from functools import cache

from sources.extraction.people_vocabulary import CONTEXT, FAMILY, OFFICES, PLACES, UPPER, not_behind
from sources.extraction.personal_numbers import HIDDEN
from sources.extraction.word_patterns import any_of
from sources.text import fold


def hide_titled(text: str, titles: tuple[str, ...], of_row: bool) -> str:
    """The text with the names behind titles replaced by "…"; `of_row`: it names a village or a
    party cell.

    An office behind a title is no name, nor is a street of that name, or a village: `đường Bà
    Triệu`, `Bà Nà`.
    """
    hidden = _titled(titles).sub(lambda found: _after_title(found, of_row), text)
    if _HAS_SHORT_OFFICE.search(hidden):
        hidden = _SHORT_OFFICE.sub(lambda found: f"{found['title']} {HIDDEN}", hidden)
    return hidden


@cache
def first_words(titles: tuple[str, ...]) -> frozenset[str]:
    """The first words of all titles and abbreviated offices, in small letters: without one a text
    has no such name."""
    known = (*titles, *CONTEXT["titles"], *CONTEXT["soft_titles"], *CONTEXT["short_offices"])
    return frozenset(first[0].casefold() for first in map(_LETTERS.search, known) if first)


def hide_initials(text: str, of_row: bool) -> str:
    """The text with names of which only initials are written replaced by "…"."""
    if not _MAY_BE_INITIALS.search(text):  # a cheap check: most texts hold none
        return text
    return _INITIALS.sub(
        lambda found: found[0] if of_row and _stands_behind_a_place(found) else HIDDEN, text
    )


def _after_title(found: re.Match[str], of_row: bool) -> str:
    if (
        _stands_behind_a_place(found)
        or (of_row and _begins_a_place(found))
        or fold(found[0]) in _NOBODY
    ):
        return found[0]
    others = found["others"] or ""
    if others and _is_a_list(found):
        others = _NEXT_NAME.sub(rf"\1{HIDDEN}", others)
    return f"{found['title']} {HIDDEN}{others}"


def _is_a_list(found: re.Match[str]) -> bool:
    """Whether further names follow a title: of one person a sentence may go on (`Theo đồng chí
    Bình, Hội nghị …`)."""
    several = found["colon"] == ":" or _SEVERAL.search(
        found.string, max(0, found.start() - 20), found.start()
    )
    return bool(several or _LIST_ENDS.match(found.string, found.end()))


def _begins_a_place(found: re.Match[str]) -> bool:
    """Whether what looks like a title is the first word of a place's name; in brackets it is a
    title."""
    title = found["title"]
    if _FULL_NAME.match(found["name"]):  # no village is called by a title and three words of a name
        return False
    return (
        title.isalpha()
        and title[0].isupper()
        and not found.string[: found.start()].rstrip().endswith("(")
    )


def _stands_behind_a_place(found: re.Match[str]) -> bool:
    before = found.string[max(0, found.start() - 60) : found.start()]
    if not (place := _PLACE_BEFORE.search(before)):
        return False
    return not _OFFICE_NEAR.search(" ".join(before[: place.end("place")].split()[-5:]))


_LETTERS = re.compile(r"[^\W\d_]+")
_NOBODY = frozenset(map(fold, CONTEXT["nobody"]))
_PLACE_BEFORE = re.compile(rf"{PLACES}[ \u00a0“\"'\[]+$")
_OFFICE_NEAR = re.compile(OFFICES)
_GAP = r"[^\S\n]"
_ROLES = "Bí|Phó|Chủ|Trưởng|Thường|Ủy|Ban|Đảng|Chi|Giám|Hiệu|Tổ|Cấp|Huyện|Tỉnh"
_NO_NAME = (
    rf"(?!(?:{_ROLES})\b)"
    rf"(?!(?:{any_of((*CONTEXT['not_behind_titles'], *CONTEXT['short_offices']))})(?!\w))"
)
_NAME_WORD = rf"{_NO_NAME}[{UPPER}](?:\w|['’]\w)*['’]?\.?"
_WHOLE_NAME = rf"{_NAME_WORD}(?:{_GAP}+{_NAME_WORD}){{0,4}}"
_NO_PLACE = rf"(?!(?i:{any_of(CONTEXT['places'])})(?!\w))"
_JOINT = rf"{_GAP}*(?:[,;+&/]|(?<=\s)(?:và|cùng)(?=\s)){_GAP}*"
_NEXT_NAME = re.compile(rf"({_JOINT}){_NO_PLACE}{_WHOLE_NAME}")
_SEVERAL = re.compile(r"(?<!\w)(?i:các|những|mấy|\d+|hai|ba|bốn|năm|sáu|bảy|tám|cac)\s+$")
_LIST_ENDS = re.compile(r"\s*(?:$|[).;:\n])")


@cache
def _titled(titles: tuple[str, ...]) -> re.Pattern[str]:
    """A title and the one to five capitalised words behind it, and the names that follow in a
    list."""
    soft = any_of(form for title in CONTEXT["soft_titles"] for form in (title, title.title()))
    called = (
        rf"(?i:{any_of((*titles, *CONTEXT['titles']))})"
        rf"|(?i:{not_behind(CONTEXT['titles_not_behind'])})(?:{soft})"
    )
    return re.compile(
        rf"(?P<title>(?<!\w)(?:{called}))(?:{_GAP}*(?P<colon>[:.)]){_GAP}*|{_GAP}+|(?<=/[cC]))"
        rf"[“\"'‘]?(?P<name>{_WHOLE_NAME})(?P<others>(?:{_JOINT}{_NO_PLACE}{_WHOLE_NAME})*)"
    )


_FULL_NAME = re.compile(rf"(?:{any_of(FAMILY['sure'])})(?:\s+\w+){{2}}")
_HAS_SHORT_OFFICE = re.compile(rf"(?<!\w)(?:{any_of(CONTEXT['short_offices'])})(?!\w)")
_GIVEN = rf"{_NO_NAME}{_NO_PLACE}[{UPPER}][^\W\d_{UPPER}]{{1,6}}(?!\w)\.?"
_SHORT_OFFICE = re.compile(
    rf"(?P<title>(?<!\w)(?:{any_of(CONTEXT['short_offices'])}))(?:{_GAP}*[:.]{_GAP}*|{_GAP}+)"
    rf"{_GIVEN}(?:{_GAP}+{_GIVEN}){{0,4}}"
)
_FAMILIES = any_of((*FAMILY["sure"], *FAMILY["likely"]))
_NO_INITIALS = rf"(?!(?:{any_of(CONTEXT['not_initials'])})(?!\w|\.[{UPPER}]))"
_MAY_BE_INITIALS = re.compile(rf"\.|Văn|Thị|(?:[{UPPER}]|Ng) [VT] ")
_INITIALS = re.compile(
    rf"(?<![\w.]){_NO_INITIALS}(?:"
    rf"[{UPPER}][a-zư]{{0,2}}\.{_GAP}?[{UPPER}]h?\.(?:{_GAP}?[{UPPER}]\.)?{_GAP}?{_NO_PLACE}[{UPPER}][^\W\d_{UPPER}]{{1,6}}(?!\w)"
    rf"|[NTLPHVĐBDCGQKM]\.{_GAP}?[VTĐXQ]\.{_GAP}?[{UPPER}](?![\w.]*\.?\w)\.?"
    rf"|(?:[NTLPHVĐBDCGQ]|Ng){_GAP}[VT]{_GAP}{_NO_PLACE}[{UPPER}][^\W\d_{UPPER}]{{1,6}}(?!\w)"
    rf"|(?:{_FAMILIES})\.?[VTĐ]\.{_GAP}?[{UPPER}][^\W\d_{UPPER}]{{1,6}}(?!\w)"
    rf"|(?:{_FAMILIES})(?:Văn|Thị){_GAP}?[{UPPER}][^\W\d_{UPPER}]{{1,6}}(?!\w)"
    rf"|(?:Ng|Ngu|Ngn|Tr|Ph|Hg|N)\.?{_GAP}?(?:Văn|Thị|V\.|T\.){_GAP}?{_NO_PLACE}[{UPPER}][^\W\d_{UPPER}]{{1,6}}(?!\w)"
    rf"|(?:Ng|Ngn)\.{_GAP}?{_NO_PLACE}[{UPPER}][^\W\d_{UPPER}]{{1,6}}(?!\w))"
)
