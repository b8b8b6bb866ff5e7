"""Vietnamese text made comparable: one Unicode form, and folding for the look-up of labels and names."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^0-9a-z]+")
_SPACES = re.compile(r"\s+")
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")  # all that Vietnamese has; rarer ones are looked for one by one
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@lru_cache(maxsize=16384)
def clean(text: str) -> str:
    """The text in Unicode NFC, without invisible characters, each run of white space a single space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_INVISIBLE)).strip()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents, spaces and punctuation folded to one space: `Tổng số ĐV:` becomes `tong so dv`."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_INVISIBLE)).casefold()
    plain = _MARKS.sub("", decomposed).replace("đ", "d")
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()
