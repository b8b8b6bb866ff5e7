"""Words that Tesseract takes for others which no report means where they stand: an accent more or
less, a space lost."""

from __future__ import annotations

import re

_MISREAD = (
    (r"\b([Cc])hỉ (bộ|hội|đoàn|ủy)\b", r"\1hi \2"),
    (r"\b([Tt])[ốôồ]ng (số|cộng)\b", r"\1ổng \2"),
    (r"\b([Tt])[ổốồô]ng công\b", r"\1ổng cộng"),
    (r"\b([Tt])[ốôồ] dân phố\b", r"\1ổ dân phố"),
    (r"\bYtế\b", "Y tế"),
    (r"(?<=\d) ?đ[íi]?c\b", " đ/c"),
    (r"(\w)- (\d)", r"\1-\2"),  # a line broken after its hyphen: Covid-19, 2022-2025
)
# The Roman number of a heading in capitals, whose strokes are taken for letters of many kinds: `H.`,
# `lIl.` and `1T.` have been seen for II and III, and what stands below was not the heading's then.
_HEADING_NUMBER = re.compile(r"(H|[IlH1|TLÍÌĨVX]{2,5})([.,]) ?(?=\S)")
_STROKES = str.maketrans({"H": "II"} | dict.fromkeys("l1|TLÍÌĨ", "I"))
_ROMAN = re.compile(r"I{1,3}|IV|VI{0,3}|IX|X")
_PATTERNS = tuple((re.compile(pattern), right) for pattern, right in _MISREAD)


def corrected(text: str) -> str:
    """The text with what is surely misread put right."""
    for pattern, right in _PATTERNS:
        text = pattern.sub(right, text)
    return text


def corrected_heading(text: str) -> str:
    """The text of a paragraph with the number of a heading put right, where it is one in
    capitals."""
    number = _HEADING_NUMBER.match(text)
    if number is None or number[1].isdigit() or not text[number.end() :].isupper():
        return text
    roman = number[1].translate(_STROKES)
    return f"{roman}. {text[number.end() :]}" if _ROMAN.fullmatch(roman) else text
