"""The vocabulary of people's names (people.toml), and the parts of which patterns for them are
made."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from sources.extraction.word_patterns import any_of
from sources.text import fold


def not_behind(words: Iterable[str]) -> str:
    """Look-behinds that keep a pattern from matching behind any of the words and one space."""
    return "".join(f"(?<!{re.escape(word)}[ \u00a0])" for word in words)


def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("people.toml").read_text(encoding="utf-8"))


_TABLES = _tables()
FAMILY, CONTEXT, PRIVATE = _TABLES["family"], _TABLES["around"], _TABLES["private"]
UPPER = "A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
PLACES = rf"(?<!\w)(?<!văn )(?<!gia )(?i:(?P<place>{any_of(CONTEXT['places'])}))"
OFFICES = rf"(?<!\w)(?i:{any_of(CONTEXT['offices'])})(?!\w)"
# In texts without accents `cho`, `to`, `truong` may be other words.
_UNCLEAR = set(CONTEXT["unclear_plain"])
PLACES_PLAIN = rf"(?<!\w)(?i:(?P<place>{any_of({fold(p) for p in CONTEXT['places']} - _UNCLEAR)}))"
OFFICES_PLAIN = rf"(?<!\w)(?i:{any_of({*CONTEXT['offices_plain'], *map(fold, CONTEXT['offices'])} - _UNCLEAR)})(?!\w)"
