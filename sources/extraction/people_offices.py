"""Names of people behind what they do and a colon (`Thư ký: Lụa`), behind how many they are (`3 đ/c
(Tâm, Lụa)`), and before a birth or a number (`Tâm, sn …`). No title stands before them, and the
family name may be missing."""

from __future__ import annotations

import re

from sources.extraction.people_vocabulary import CONTEXT, FAMILY, UPPER
from sources.extraction.personal_numbers import HIDDEN
from sources.extraction.word_patterns import any_of


def hide_behind_offices(text: str, words: set[str], of_row: bool) -> str:
    """The text with such names replaced by "…"; `of_row`: it names a village or a party cell, of
    which none is absent.

    `words` are the text's, in small letters.
    """
    if _FIRST_WORDS.isdisjoint(words):  # a cheap check: most texts hold no office
        return text
    if ":" in text:
        text = (_OFFICE_OF_ROW if of_row else _OFFICE).sub(_hidden, text)
    return _COUNTED.sub(_hidden, text) if "(" in text else text


def hide_before_numbers(text: str) -> str:
    """The text, whose numbers are hidden, with the name before a person's number or year of birth
    hidden too."""
    return _BEFORE_NUMBER.sub(HIDDEN, _BEFORE_BIRTH.sub(HIDDEN, text))


def _hidden(found: re.Match[str]) -> str:
    names = _EACH.sub(HIDDEN, found["names"])
    return f"{found['words']}{names}"


_GAP = r"[^\S\n]"
_NO_NAME = (
    rf"(?!(?:{any_of((*CONTEXT['no_names'], *CONTEXT['not_behind_titles'], *CONTEXT['short_offices']))})(?!\w))"
    rf"(?!(?i:{any_of((*CONTEXT['places'], *CONTEXT['offices'], *CONTEXT['ends']))})(?!\w))"
)
_GIVEN = rf"{_NO_NAME}[{UPPER}][^\W\d_{UPPER}]{{0,6}}(?!\w)"
_SHOUTED = "|".join(word.upper() for key in ("sure", "likely", "rare") for word in FAMILY[key])
_NAME = (
    rf"(?:{_GIVEN}(?:{_GAP}+{_GIVEN}){{0,4}}"
    rf"|(?:{_SHOUTED})(?:{_GAP}+{_NO_NAME}[{UPPER}]{{1,7}}(?!\w)){{1,4}}|{HIDDEN})"
)
_JOINT = rf"{_GAP}*(?:[,;+&/]|(?<=\s)(?:và|cùng)(?=\s)){_GAP}*"
_NAMES = rf"(?P<names>{_NAME}(?:{_JOINT}{_NAME})*)"
_END = rf"(?={_GAP}*(?:$|[.,;()\n–-]))"
_EACH = re.compile(_NAME)


def _behind_colon(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, what they are of (`BT chi bộ`, `CT UBND`), a colon, and names up to where
    the part ends."""
    return re.compile(
        rf"(?P<words>(?<!\w)(?:{any_of(CONTEXT['short_offices'])}|(?i:{any_of(words)}))"
        rf"(?:{_GAP}*[+/]?{_GAP}*[^\W\d_]+){{0,4}}{_GAP}*:{_GAP}*){_NAMES}{_END}"
    )


_FIRST_WORDS = frozenset(
    letters[0].casefold()
    for key in ("short_offices", "named_behind", "absent_behind", "counted")
    for phrase in CONTEXT[key]
    if (letters := re.search(r"[^\W\d_]+", phrase))
)
_OFFICE_OF_ROW = _behind_colon(tuple(CONTEXT["named_behind"]))
_OFFICE = _behind_colon((*CONTEXT["named_behind"], *CONTEXT["absent_behind"]))
_COUNTED = re.compile(
    rf"(?P<words>(?<!\w)(?i:{any_of(CONTEXT['counted'])}){_GAP}*\({_GAP}*){_NAMES}(?={_GAP}*\))"
)
_BEFORE_BIRTH = re.compile(
    rf"{_GIVEN}(?:{_GAP}+{_GIVEN}){{0,3}}(?={_GAP}*[,(–-]?{_GAP}*"
    rf"(?i:sinh năm|sinh ngày|sinh|sn|s\.n){_GAP}*:?{_GAP}*{HIDDEN})"
)
_BEFORE_NUMBER = re.compile(
    rf"(?<=[oO][ :]){_GIVEN}(?={_GAP}*[:,(-]?{_GAP}*{HIDDEN})"  # zalo
    rf"|(?<=\()[acô]\.?{_GAP}+{_GIVEN}(?=\))"
)
