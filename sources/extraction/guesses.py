"""Which fields a number in running text may be of, by the nouns beside it: for findings, never for
values."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.text import fold

_LETTERS_BEFORE, _LETTERS_BEHIND = 80, 50  # letters around a number that may name what it counts
_SENTENCE = re.compile(r"[;.]\s")
_CLAUSE_END = re.compile(r"[,;.()]|\d")
_COMMON_WORDS = frozenset(
    (  # folded words that set no label apart
        "so",
        "tong",
        "da",
        "la",
        "cua",
        "duoc",
        "vao",
        "trong",
        "do",
        "va",
        "cac",
        "to",
        "chuc",
        "xa",
        "thi",
        "tran",
    )
)
_MAX_SCORE_GAP = 0.3  # how much worse than the best a second one may fit
_SCORE_OF_NOUN_ALONE = 0.25  # how well a label fits that is its noun alone: `Tổng số đảng viên`
_MAX_GUESSES = 2


def fields_near_number(
    normalized: str, start: int, end: int, vocabulary: Vocabulary
) -> list[tuple[Section, FormField]]:
    """The fields, likeliest first, three at most, that the number at that place of a text may be
    of."""
    before = f" {fold(_SENTENCE.split(normalized[max(start - _LETTERS_BEFORE, 0) : start])[-1])} "
    behind = f" {fold(_CLAUSE_END.split(normalized[end : end + _LETTERS_BEHIND])[0])} "
    around = set(f"{before} {behind}".split())
    scored = []
    for section, field, units, label in _countable(vocabulary):
        place = min(
            (at for unit in units if (at := _place_of(unit, before, behind)) >= 0), default=None
        )
        if place is not None:
            scored.append(
                (
                    place,
                    -(len(label & around) / len(label) if label else _SCORE_OF_NOUN_ALONE),
                    section,
                    field,
                )
            )
    if not scored:  # no noun: what sets a label apart may do, `riêng 10`
        return [
            (section, field)
            for section, field, _, label in _countable(vocabulary)
            if label and label <= around
        ][:_MAX_GUESSES]
    nearest, farthest = min(s[0] for s in scored), max(s[0] for s in scored)
    first = sorted((s for s in scored if s[0] == nearest), key=lambda s: s[1])
    likely = [s for s in first[:_MAX_GUESSES] if s[1] <= first[0][1] + _MAX_SCORE_GAP]
    # `Số đảng viên là trưởng thôn: 9`: the last noun may be meant too
    if nearest >= _LETTERS_BEHIND and farthest > nearest:
        likely.append(min((s for s in scored if s[0] == farthest), key=lambda s: s[1]))
    return [(section, field) for _, _, section, field in likely]


def nouns_counted(normalized: str, vocabulary: Vocabulary) -> set[str]:
    """The noun that a heading (`normalize`) names as what is counted under it, where it names just
    one."""
    named = {
        field.unit_word
        for _, field, _, _ in _countable(vocabulary)
        if field.unit_word and re.search(rf"(?<!\w){field.unit_word}(?!\w)", normalized)
    }
    return {noun for noun in named if noun} if len(named) == 1 else set()


def _place_of(unit: str, before: str, behind: str) -> int:
    """How near a noun is to its number: behind it nearest, then the first one before it; -1 where
    it is nowhere."""
    at = behind.find(f" {unit} ")
    if at >= 0:
        return at
    at = before.find(f" {unit} ")
    return -1 if at < 0 else _LETTERS_BEHIND + at


@lru_cache(maxsize=4)
def _countable(
    vocabulary: Vocabulary,
) -> list[tuple[Section, FormField, frozenset[str], frozenset[str]]]:
    """Each count of the pairs with its nouns and the words of its label that set it apart."""
    found = []
    for labels in vocabulary.pair_labels:
        for field in labels.section.fields:
            if field.type == "count" and field.unit_word:
                units = frozenset(
                    fold(unit) for unit in (*re.split(r",\s*", field.unit_word), *field.nouns)
                )
                label = (
                    frozenset(fold(field.label).split())
                    - _COMMON_WORDS
                    - frozenset(" ".join(units).split())
                )
                found.append((labels.section, field, units, label))
    return found
