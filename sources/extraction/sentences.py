"""Counts that a sentence states, by the form's phrases: `17/18 chi bộ đã tổ chức sinh hoạt`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from sources.extraction.collected import Collected, shorten
from sources.extraction.dictionary import Dictionary, any_of
from sources.extraction.labelled import pair_fact, pair_in_text
from sources.extraction.view import GridView
from sources.form import FormField, Section
from sources.text import clean

_SHORTEST = 30   # letters of a sentence in a cell
_DIGIT = re.compile(r"\d")
_ENDS = re.compile(r"[;\n]|(?<=[^\d])\.\s+|(?<=\d)\.\s+(?=\D)")
_WHOLE = r"(?:\d{1,3}(?:[. ]\d{3})+|\d+)(?!\d)"
_PLAIN_NUMBER = rf"{_WHOLE}(?!\s*/)"
_OF = r"\s*/\s*|\s+(?:trên|trong)(?:\s+tổng)?(?:\s+số)?\s+"
_NUMBERS = {"{n}": _PLAIN_NUMBER, "{k}": rf"{_WHOLE}(?:{_OF}){_WHOLE}|{_PLAIN_NUMBER}"}
_RANGE = re.compile(r"\d\s*[-–]\s*$")
_CLAUSE_START = re.compile(r",\s|[()]")
_YEAR = re.compile(r"(?<!\w)năm\s+(20\d\d)(?!\s*[-–])")


def pieces_of(text: str) -> list[str]:
    """The sentences and parts of an enumeration that a text is made of."""
    return [piece for piece in _ENDS.split(text) if piece.strip()]


def take_sentences(view: GridView, rows: Iterable[int], words: Dictionary, collected: Collected) -> set[int]:
    """Takes the counts of sentences that stand in cells of these rows; returns the rows that hold any."""
    found = set()
    for row in rows:
        for column in view.filled_columns(row):
            text = view.own_text(row, column)
            if len(text) >= _SHORTEST and _DIGIT.search(text) and (pieces := _telling(text, words)):
                found.add(row)
                for piece in pieces:
                    take_phrases(piece, view.sheet, view.ref(row, column), words, collected)
    return found


def take_phrases(text: str, sheet: str, ref: str, words: Dictionary, collected: Collected) -> bool:
    """Takes the counts of a sentence, each with a finding; one that may be another thing is said and not read.

    Returns whether there was any.
    """
    taken = False
    said = clean(text).casefold()
    for section, field, pattern in _phrases(words):
        for match in pattern.finditer(said):
            taken = True
            if _is_hedged(said, match, words):
                _report("sentence_unclear", section, field, match[0], sheet, ref, collected)
                continue
            number = re.sub(_OF, "/", match["n"]).replace(" ", ".")
            fact = pair_fact(section, field, number, match["n"], sheet, ref, words)
            _report("sentence_read", section, field, match[0], sheet, ref, collected)
            collected.add_pair(section, field, fact, stated=True)
    return taken


@lru_cache(maxsize=4096)   # the same few titles and notes stand in all reports
def _telling(text: str, words: Dictionary) -> tuple[str, ...]:
    """The pieces of a text that are no pair of label and value, and in which some phrase of the form stands."""
    return tuple(piece for piece in pieces_of(text) if not pair_in_text(piece, words) and any(
        pattern.search(clean(piece).casefold()) for _, _, pattern in _phrases(words)))


def _is_hedged(said: str, match: re.Match[str], words: Dictionary) -> bool:
    """Whether the words before a number make it a guess, a plan, an average, a part, or another year's."""
    before = said[:match.start("n")]
    hedge, scope = _hedges(words)
    years = _YEAR.findall(said)
    if hedge.search(before) or _RANGE.search(before):
        return True
    if years and str(words.campaign.campaign.year) not in years:
        return True
    of_whom = before.partition(":")[0] if ":" in before else ""   # `Chi bộ thôn Hạ: 30 đảng viên, …`
    return any(scope.search(part) for part in (of_whom, _CLAUSE_START.split(before)[-1]))


def _report(rule: str, section: Section, field: FormField, said: str, sheet: str, ref: str,
            collected: Collected) -> None:
    collected.finding(rule, sheet, ref, section=section.key, field=field.key, value=shorten(said),
                      label=field.label)


@lru_cache(maxsize=4)
def _phrases(words: Dictionary) -> tuple[tuple[Section, FormField, re.Pattern[str]], ...]:
    """The form's phrases as patterns: `{n} chi bộ trực thuộc` with its number."""
    found = []
    for labels in words.pairs:
        for field in labels.section.fields:
            for phrase in field.phrases:
                before, number, after = re.split(r"(\{[nk]\})", phrase)
                said = (re.escape(clean(part).casefold()).replace(r"\ ", r"\s+") for part in (before, after))
                ends = any_of(words.campaign.form.words.hedge_ends)
                pattern = rf"(?<![\w/.,]){next(said)}\s*(?P<n>{_NUMBERS[number]})\s*{next(said)}(?!\w)"
                found.append((labels.section, field, re.compile(rf"{pattern}(?!\s+(?:{ends})(?!\w))")))
    return tuple(found)


@lru_cache(maxsize=4)
def _hedges(words: Dictionary) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What right before a number, and what in the clause before it, makes it no count of what the unit has done."""
    told = words.campaign.form.words
    return (re.compile(rf"(?<!\w)(?:{any_of(told.hedge_words)})\s*$"),
            re.compile(rf"(?<!\w)(?:{any_of(told.other_scope_words)})(?!\w)"))
