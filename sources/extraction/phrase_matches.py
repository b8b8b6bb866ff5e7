"""Which phrase of the form each number of a sentence belongs to."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from sources.extraction.hedges import is_hedged
from sources.extraction.phrases import Phrase, phrases_of
from sources.extraction.vocabulary import Vocabulary

_DIGIT = re.compile(r"\d")
_CLAUSE_END = re.compile(r"[,;:.()\d]")
_LEAD = re.compile(r"[,;:()]|(?<!\w)và(?!\w)")


class PhraseMatch(NamedTuple):
    """A phrase and where it stands in a sentence; its group `n` is the number."""

    phrase: Phrase
    match: re.Match[str]


def chosen_matches(
    normalized: str, vocabulary: Vocabulary, subjects: Collection[str]
) -> list[PhraseMatch]:
    """Which field each number is of: the longest phrase wins; a whole and its part may share one
    number.

    `subjects` are the nouns that the sentences before speak of.
    """
    kept: list[PhraseMatch] = []
    for candidate in sorted(
        _candidates(normalized, vocabulary, subjects), key=lambda f: f.match.start() - f.match.end()
    ):
        rivals = [f for f in kept if f.match.start("n") == candidate.match.start("n")]
        same_field = [
            f
            for f in kept
            if f.phrase.field is candidate.phrase.field and not candidate.phrase.adds
        ]
        if all(_agree(f, candidate) for f in rivals) and not (
            same_field and candidate.phrase.follows
        ):
            kept.append(candidate)
    return sorted(kept, key=lambda f: f.match.start("n"))


def stated_twice(chosen: list[PhraseMatch], normalized: str, vocabulary: Vocabulary) -> set[str]:
    """The fields that a sentence states with different numbers: `05 chi bộ tổ chức ngày 05/4, 06
    chi bộ tổ chức …`."""
    values: dict[str, set[str]] = {}
    for found in chosen:
        if not found.phrase.adds and not is_hedged(normalized, *found.match.span("n"), vocabulary):
            values.setdefault(found.phrase.field.key, set()).add(
                found.match["n"].partition("/")[0].lstrip("0")
            )
    return {key for key, several in values.items() if len(several) > 1}


def _candidates(
    normalized: str, vocabulary: Vocabulary, subjects: Collection[str]
) -> list[PhraseMatch]:
    """All phrases that match, those that follow a subject only where it was named before."""
    if not _DIGIT.search(normalized):
        return []
    found = [
        f
        for phrase in phrases_of(vocabulary)
        for match in phrase.matches(normalized)
        if not _is_made_another(normalized, f := PhraseMatch(phrase, match))
        and (not phrase.opens or _begins_clause(normalized, match.start(), vocabulary))
    ]
    free = [
        f
        for f in found
        if not f.phrase.follows
        and not (f.phrase.is_label and _counts_another(normalized, f, vocabulary))
    ]
    named = [(f.phrase.field.unit_word, f.match.start("n")) for f in free]
    return free + _of_nearest_subject(
        normalized,
        [
            f
            for f in found
            if f.phrase.follows
            and (
                f.phrase.follows in subjects
                or f.phrase.follows in normalized[: f.match.start()]
                or any(
                    unit == f.phrase.follows and start < f.match.start("n") for unit, start in named
                )
            )
        ],
    )


def _of_nearest_subject(normalized: str, found: list[PhraseMatch]) -> list[PhraseMatch]:
    """Of phrases that follow different nouns to one number, those of the noun named last; none
    where none is named."""
    kept = []
    for match in found:
        start = match.match.start("n")
        nouns = {f.phrase.follows or "" for f in found if f.match.start("n") == start}
        last = {noun: normalized.rfind(noun, 0, match.match.start()) for noun in nouns}
        own = last[match.phrase.follows or ""]
        if len(nouns) == 1 or (own >= 0 and own == max(last.values())):
            kept.append(match)
    return kept


def _is_made_another(normalized: str, found: PhraseMatch) -> bool:
    """Whether words further on in the clause make a phrase another thing: `11 chi bộ tổ chức vào
    buổi riêng`."""
    clause = _CLAUSE_END.split(normalized[found.match.end() :])[0]
    return any(
        re.search(rf"(?<!\w){word}(?!\w)", clause) for word in found.phrase.field.phrases_unless
    )


def _counts_another(normalized: str, found: PhraseMatch, vocabulary: Vocabulary) -> bool:
    """Whether the noun behind a number is not that of the label before it: `Tổng số chi bộ gồm 12
    thôn`."""
    units = {
        unit: f
        for labels in vocabulary.pair_labels
        for f in labels.section.fields
        if (unit := f.unit_word)
    }
    behind = normalized[found.match.end("n") :].lstrip()
    own = found.phrase.field.unit_word or ""
    return any(behind.startswith(unit) for unit in units) and not behind.startswith(own)


def _begins_clause(normalized: str, start: int, vocabulary: Vocabulary) -> bool:
    """Whether a clause begins there that goes on with the subject before: `…, trong đó riêng 11,
    lồng ghép 7`."""
    lead = _LEAD.split(normalized[:start])[-1].strip(" -+*•")
    return not lead or lead in vocabulary.campaign.form.prose.lead_words


def _agree(one: PhraseMatch, other: PhraseMatch) -> bool:
    first, second = one.phrase.field, other.phrase.field
    return first is not second and (
        first.limit == second.key
        or second.limit == first.key
        or first.part_of == second.key
        or second.part_of == first.key
    )
