"""Running text with its numbers as figures: number words, dot leaders, footnote marks, `17 trên
tổng số 18`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of
from sources.text import whole_number

_ONES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AS_SPOKEN = {"mốt": 1, "tư": 4, "lăm": 5, "nhăm": 5, "bẩy": 7, "linh": 0, "lẻ": 0}
_VALUES = {word: value for value, word in enumerate(_ONES)} | _AS_SPOKEN
_DIGIT = "|".join(sorted(_VALUES, key=len, reverse=True))
_NUMERAL = (
    rf"(?:(?:{_DIGIT})\s+trăm(?:\s+(?:(?:linh|lẻ)\s+(?:{_DIGIT})|(?:{_DIGIT})\s+mươi(?:\s+(?:{_DIGIT}))?"
    rf"|mười(?:\s+(?:{_DIGIT}))?))?|(?:{_DIGIT})\s+mươi(?:\s+(?:{_DIGIT}))?|mười(?:\s+(?:{_DIGIT}))?"
    r"|hai|ba|bốn|sáu|bảy|bẩy|tám|chín)"
)
# `một` and `năm` are other words as well (`một mặt`, `trong năm`): numbers behind what leads up to
# a number only.
_LEAD = r"(?:(?<=[,:(])|(?<=[,:(] )|(?<=(?<!\w)có )|(?<=(?<!\w)là )|(?<=(?<!\w)đó )|(?<=(?<!\w)và )|(?<=gồm ))"
_MAY_HOLD_NUMERAL = re.compile(
    r"trăm|mươi|mười|một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín", re.IGNORECASE
)
_DIGIT_OR_NUMERAL = re.compile(rf"\d|{_MAY_HOLD_NUMERAL.pattern}", re.IGNORECASE)
_REPEATED = re.compile(rf"(?<=\d)\s*\(\s*{_NUMERAL}\s*\)", re.IGNORECASE)  # 18 (mười tám)
_NUMBER_REPEATED = re.compile(rf"(?<!\d)(\d{{1,4}})\s*\(\s*({_NUMERAL})\s*\)", re.IGNORECASE)
_LEADERS = re.compile(r"[.…_·]*(?:\.{2,}|…|__|··)[.…_·]*")
_FOOTNOTES = re.compile(r"(?<=\d)\s*(?:\(\s*[¹²³⁰-⁹]+\s*\)|[¹²³⁰-⁹①-⑳]+)")
_OF = r"\s+(?:trên|trong)(?:\s+tổng)?(?:\s+số)?\s+"
_OF_WHOLE = re.compile(rf"(?<=\d)(?:\s*/\s*|{_OF})(?=\d)", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<![\d/.,])([1-9]\d{0,2}(?: \d{3})+)(?![\d/.,]*\d)")
_SIDE_BY_SIDE = re.compile(r"(?<=\d)[^\S\n\t]{2,}(?=\d)")
_SPACES = re.compile(r"[^\S\n\t]+")
_FULL_WIDTH = {0xFF10 + n: str(n) for n in range(10)} | {0x2010: "-", 0x2011: "-", 0x00AD: None}

_TONE_BEFORE = {
    "oà": "òa",
    "oá": "óa",
    "oả": "ỏa",
    "oã": "õa",
    "oạ": "ọa",
    "oè": "òe",
    "oé": "óe",
    "oẻ": "ỏe",
    "oẽ": "õe",
    "oẹ": "ọe",
    "uỳ": "ùy",
    "uý": "úy",
    "uỷ": "ủy",
    "uỹ": "ũy",
    "uỵ": "ụy",
}
_TONE_BEHIND = re.compile(rf"(?<!q)(?:{'|'.join(_TONE_BEFORE)})(?!\w)")


@lru_cache(maxsize=4096)  # asked for several times on the way of a sentence
def with_digits(text: str, vocabulary: Vocabulary) -> str:
    """The text in Unicode NFC with its numbers written alike: `mười tám chi bộ`, `17 trên tổng số
    18`, `……18……`.

    Line breaks and tabs stay, other white space is one space. Given its own result it returns it
    unchanged.
    """
    plain = unicodedata.normalize("NFC", text).translate(_FULL_WIDTH)
    plain = _FOOTNOTES.sub("", _LEADERS.sub("  ", plain))
    plain = _SPACES.sub(" ", _SIDE_BY_SIDE.sub("\t", plain))  # `251……236`: two numbers
    if _MAY_HOLD_NUMERAL.search(plain):
        plain = _REPEATED.sub("", plain)
        plain = _spoken(vocabulary).sub(lambda found: str(_value_of(found[0])), plain)
    plain = _OF_WHOLE.sub("/", _noun_of_part(vocabulary).sub("/", plain))
    return _THOUSANDS.sub(lambda found: found[0].replace(" ", "."), plain)


def without_repetition(text: str) -> str:
    """The text without a number in words behind the same one in figures: `27 (hai mươi bảy)`
    becomes `27`."""
    return _NUMBER_REPEATED.sub(
        lambda found: found[1] if whole_number(found[1]) == _value_of(found[2]) else found[0], text
    )


def normalize(plain: str) -> str:
    """The text in lower case and in one spelling of tone marks (uỷ, ủy), letter for letter as long
    as it was."""
    lower = plain.lower()
    if len(lower) != len(plain):  # a rare letter that is two in lower case
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
    return _TONE_BEHIND.sub(lambda found: _TONE_BEFORE[found[0]], lower)


@lru_cache(maxsize=16384)
def holds_number(text: str) -> bool:
    """Whether a text may hold a number, in figures or in words: a cheap check before the thorough
    ones."""
    return _DIGIT_OR_NUMERAL.search(text) is not None


@lru_cache(maxsize=4)
def _spoken(vocabulary: Vocabulary) -> re.Pattern[str]:
    """A number in words before a thing that is counted: `mười tám chi bộ`."""
    counted = any_of(vocabulary.campaign.form.prose.counted_words)
    behind = rf"(?=\s+(?:{counted})(?!\w)|{_OF}(?:\d|{_NUMERAL}(?!\w)))"
    return re.compile(
        rf"(?<!\w){_NUMERAL}{behind}|{_LEAD}(?:một|năm)(?=\s+(?:{counted})(?!\w))", re.IGNORECASE
    )


@lru_cache(maxsize=4)
def _noun_of_part(vocabulary: Vocabulary) -> re.Pattern[str]:
    """The noun between a part and its whole: `330 đồng chí/345 đồng chí`, `330 đồng chí trên tổng
    số 345 đồng chí`."""
    counted = any_of((*vocabulary.campaign.form.prose.counted_words, "đ/c", "đv"))
    return re.compile(
        rf"(?<=\d)\s+(?P<noun>{counted})(?:\s*/\s*|{_OF})(?=[\d.]+\s*(?:(?P=noun)(?!\w)|[,;()]|\.?$))",
        re.IGNORECASE,
    )


def _value_of(numeral: str) -> int:
    """The number that words spell: `ba trăm bốn mươi lăm` is 345."""
    total, last = 0, 0
    for word in numeral.casefold().split():
        if word == "trăm":
            total, last = last * 100, 0
        elif word == "mươi":
            total, last = total + last * 10, 0
        elif word == "mười":
            total, last = total + 10, 0
        else:
            last = _VALUES[word]
    return total + last
