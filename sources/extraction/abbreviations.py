"""Labels with their abbreviations written out, and without the campaign's own month and year."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from sources.campaigns import Campaign
from sources.extraction.word_patterns import any_of
from sources.text import fold


def expander(abbreviations: dict[str, str], campaign: Campaign) -> Callable[[str], str]:
    """A function that writes out the abbreviations in a folded label: `t so dv` becomes `tong so
    dang vien`.

    The campaign's own month or year at its end is left out: `ngay sinh hoat thang 4`.
    """
    full = {fold(short): fold(words) for short, words in abbreviations.items()}
    shorts = re.compile(rf"\b(?:{any_of(full)})\b")
    months = any_of({f"thang {spelt}" for m in months_of(campaign) for spelt in (m, f"{m:02}")})
    year = campaign.campaign.year
    time = re.compile(rf"\s(?:(?:{months})(?: (?:nam )?{year})?|nam {year})$")
    first_words = {short.partition(" ")[0] for short in full}

    def expand(text: str) -> str:
        text = time.sub("", text) if text[-1:].isdigit() else text
        words = text.split()
        if first_words.isdisjoint(words):  # as of most texts
            return " ".join(words)
        return " ".join(shorts.sub(lambda match: full[match[0]], text).split())

    return lru_cache(maxsize=16384)(expand)


def months_of(campaign: Campaign) -> frozenset[int]:
    """The months of the campaign's meetings."""
    return frozenset(
        month
        for window in campaign.windows.values()
        for month in range(window.first.month, window.last.month + 1)
    )
