"""Regular expressions for phrases that are data: any of them, and any of them as whole words."""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(phrases: Iterable[str]) -> str:
    """A pattern for any of the phrases, the longest first; it matches nothing where there is none.

    Between the words of a phrase any white space may stand.
    """
    longest_first = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest_first) or "(?!)"


def whole_words(phrases: Iterable[str], flags: int = 0) -> re.Pattern[str]:
    """A pattern for any of the phrases where no letter or digit adjoins it."""
    return re.compile(rf"(?<!\w)(?:{any_of(phrases)})(?!\w)", flags)
