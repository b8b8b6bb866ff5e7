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
_PATTERNS = tuple((re.compile(pattern), right) for pattern, right in _MISREAD)


def corrected(text: str) -> str:
    """The text with what is surely misread put right."""
    for pattern, right in _PATTERNS:
        text = pattern.sub(right, text)
    return text
