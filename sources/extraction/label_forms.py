"""The forms under which a label is looked up: without numbering, without brackets, folded."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.text import CAPITALS, SMALL, fold

_NUMBERING = re.compile(
    r"^\s*(?:[-+*•–—·]\s*)*(?:\(?(?:(?:[IVXLC]{1,5}|\d{1,2}(?:\.\d{1,2})*)\s*[.)/]|[a-hđ]\s*[.)])(?=\s|\D)\s*"
    rf"|[IVX]{{1,5}}\s?[-–]\s*(?=[{CAPITALS}])|\d{{1,2}}\s?[-–](?:\s+(?=[^\W\d])|(?=[{CAPITALS}][{SMALL}])))?\s*"
)


IN_BRACKETS = re.compile(r"\([^)]*\)")


@lru_cache(maxsize=16384)
def label_forms(text: str) -> tuple[str, ...]:
    """The folded forms under which a label is looked up: as it stands, without numbering, without
    brackets."""
    if "%" in text:  # folded away, a column of shares would be one of counts
        return tuple(
            fold(form.replace("%", " phần trăm ")) for form in (text, strip_numbering(text))
        )
    bare = strip_numbering(text)
    forms = [text, bare]
    if "(" in text or "\n" in text:
        forms += [IN_BRACKETS.sub(" ", text), IN_BRACKETS.sub(" ", bare), bare.split("\n", 1)[0]]
    return tuple(dict.fromkeys(f for f in map(fold, dict.fromkeys(forms)) if f))


def strip_numbering(text: str) -> str:
    """The text without a leading bullet or number: `1. Thuận lợi` and `- Thuận lợi` become `Thuận
    lợi`."""
    numbering = _NUMBERING.match(text)
    return text[numbering.end() :] if numbering else text
