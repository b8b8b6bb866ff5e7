"""Counts that sentences state, by the form's phrases: `17/18 chi bộ đã tổ chức sinh hoạt, trong đó riêng 11`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.collected import Collected, shorten
from sources.extraction.dictionary import Dictionary, any_of
from sources.extraction.documents_given import take_documents_given
from sources.extraction.guesses import fields_meant
from sources.extraction.labelled import pair_fact, pair_in_text
from sources.extraction.numbers_in_text import NumberInText, known_spans, numbers_in, unexplained_numbers
from sources.extraction.numerals import comparable, holds_number, with_digits
from sources.extraction.phrases import Claim, Phrase, claims_of, phrases_of
from sources.extraction.text_classes import TextClass
from sources.extraction.view import GridView
from sources.form import FormField, Section

_SHORTEST = 30   # letters of a sentence in a cell
_ENDS = re.compile(r"[;\n]|(?<=[^\d])\.\s+|(?<=\d)\.\s+(?=\D)")
_ORDINAL = re.compile(r"\s*\(?(?:\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})\)?\s*")   # what is left of `1. Tổng số …`
_SHARE_AT_START = re.compile(r"\d+\s*%")
_RANGE = re.compile(r"\d\s*[-–]\s*$")
_RANGE_BEHIND = re.compile(r"\s*[-–]\s*\d+")
_CLAUSE_END = re.compile(r"[,;:.()\d]")
_LEAD = re.compile(r"[,;:()]|(?<!\w)và(?!\w)")
_CLAUSE_START = re.compile(r",\s|[()]")
_YEAR = re.compile(r"(?<!\w)(?:năm|/)\s*(20\d\d)(?!\s*[-–])")
_MOST_GUESSED = 3


@dataclass
class Context:
    """What the sentences before speak of, and what is still to be settled when all of a report is read."""

    subjects: set[str] = field(default_factory=set)      # unit words of the fields read since the last heading
    counts: set[int] = field(default_factory=set)        # what was read in the same paragraph
    of_others: bool = False                              # the last subject named is not the unit's own
    addends: dict[str, list[str]] = field(default_factory=dict)
    wholes: list[Stated] = field(default_factory=list)   # wholes of parts: they count where nothing else states them
    claims: list[tuple[Claim, Stated]] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def turn_page(self) -> None:
        """Forgets what the sentences before speak of: a heading begins something else."""
        self.subjects.clear()
        self.addends.clear()
        self.of_others = False


class Stated(NamedTuple):
    """A value that a sentence states, with its place and the words that state it."""

    section: Section
    field: FormField
    value: str
    text: str
    sheet: str
    ref: str


class Unread(NamedTuple):
    """A sentence with numbers that are not read, and the fields that may be meant."""

    text: str
    numbers: tuple[NumberInText, ...]
    fields: tuple[tuple[Section, FormField], ...]
    sheet: str
    ref: str
    only_fields: bool = False   # of interest for these fields only, where they have no value


class _Found(NamedTuple):
    phrase: Phrase
    match: re.Match[str]


def pieces_of(text: str) -> list[str]:
    """The sentences and parts of an enumeration that a text is made of."""
    return [piece for piece in _ENDS.split(text) if piece.strip() and not _ORDINAL.fullmatch(piece)]


def take_sentences(view: GridView, rows: Iterable[int], words: Dictionary, collected: Collected) -> set[int]:
    """Takes the counts of sentences that stand in cells of these rows; returns the rows that hold any."""
    found = set()
    for row in rows:
        for column in view.filled_columns(row):
            text = view.own_text(row, column)
            if len(text) >= _SHORTEST and holds_number(text) and (pieces := _telling(text, words)):
                found.add(row)
                context = Context()
                handled = [read_sentence(piece, view.sheet, view.ref(row, column), words, collected, context)
                           for piece in pieces]
                settle(context, words, collected)
                if any(handled):
                    view.account.mark(row, column, TextClass.VALUE)
    return found


def read_sentence(text: str, sheet: str, ref: str, words: Dictionary, collected: Collected,
                  context: Context) -> bool:
    """Takes what a sentence states, each value with a finding; what may be another thing is said and not read.

    Returns whether there was any. Numbers that nothing explains are kept in `context.unread`.
    """
    plain = with_digits(text, words)
    said = comparable(plain)
    handled = take_documents_given(said, sheet, ref, words, collected)
    chosen = _chosen(said, words, context)
    several = _stated_twice(chosen, said, words)
    for found in chosen:
        if found.phrase.field.key in several:
            stated = Stated(found.phrase.section, found.phrase.field, "", found.match[0].strip(), sheet, ref)
            _report("sentence_unclear", stated, collected)
        else:
            _take(found, said, sheet, ref, words, collected, context)
        handled.append(_span_of(found, said, words))
    note_subjects(said, words, context)
    for claim in claims_of(words):
        if match := claim.pattern.search(said):
            stated = Stated(claim.section, claim.field, "", shorten(match[0]), sheet, ref)
            context.claims.append((claim, stated))
            share = _SHARE_AT_START.match(match[0])
            handled.append((match.start(), match.start() + (share.end() if share else 0)))
    leave_unread(text, sheet, ref, words, context, handled)
    return bool(handled)


def leave_unread(text: str, sheet: str, ref: str, words: Dictionary, context: Context,
                 handled: Collection[tuple[int, int]] = ()) -> None:
    """Keeps the numbers of a text that nothing explains, but for those `handled`, with the fields they may be of."""
    plain = with_digits(text, words)
    said = comparable(plain)
    left = unexplained_numbers(plain, words, handled, context.counts)
    if left:
        context.unread.append(Unread(text, tuple(left), _meant(said, left, words), sheet, ref))
    handled = [*handled, *((n.start, n.end) for n in left)]
    for part in _parts_of_a_breakdown(plain, words, handled, context):
        meant = tuple((s, f) for s, f in _meant(said, [part], words) if f.part_of or f.limit)
        if meant:
            context.unread.append(Unread(text, (part,), meant, sheet, ref, only_fields=True))


def _parts_of_a_breakdown(plain: str, words: Dictionary, handled: Collection[tuple[int, int]],
                          context: Context) -> list[NumberInText]:
    """Numbers that only explain another one by adding up to it, such as those of fields that are parts of a field."""
    known = known_spans(plain, words)
    rest = [n for n in numbers_in(plain) if len(n.counts) == 1]
    taken = [*handled, *known]
    rest = [n for n in rest if not any(start < n.end and n.start < end for start, end in taken)]
    return rest if rest and not unexplained_numbers(plain, words, handled, context.counts) else []


def drop_breakdown(context: Context, first: int) -> None:
    """Forgets the unread parts of one paragraph, from the `first` on, that add up to a count read in it."""
    counts = [number.counts for unread in context.unread[first:] for number in unread.numbers]
    if len(counts) > 1 and all(len(c) == 1 for c in counts) and sum(c[0] for c in counts) in context.counts:
        del context.unread[first:]


def settle(context: Context, words: Dictionary, collected: Collected) -> None:
    """Raises what was left open until the whole report is read: wholes, claims about all, numbers nobody read."""
    for stated in context.wholes:
        if not _is_known(stated.section, stated.field, collected):
            _state(stated, words, collected)
    for claim, stated in context.claims:
        if not _is_known(claim.section, claim.field, collected):
            _settle_claim(claim, stated, words, collected)
    for unread in context.unread:
        _report_unread(unread, words, collected)
    context.wholes, context.claims, context.unread = [], [], []


@lru_cache(maxsize=4096)   # the same few titles and notes stand in all reports
def _telling(text: str, words: Dictionary) -> tuple[str, ...]:
    """The pieces of a text that are no pair of label and value, where some phrase of the form stands in one."""
    pieces = tuple(piece for piece in pieces_of(text) if not pair_in_text(piece, words))
    said = [comparable(with_digits(piece, words)) for piece in pieces if holds_number(piece)]
    tells = any(phrase.pattern.search(piece) for piece in said for phrase in phrases_of(words) if not phrase.follows)
    return pieces if tells else ()


def _chosen(said: str, words: Dictionary, context: Context) -> list[_Found]:
    """Which field each number is of: the longest phrase wins; a whole may be told by the same number as its part."""
    kept: list[_Found] = []
    for candidate in sorted(_candidates(said, words, context), key=lambda f: f.match.start() - f.match.end()):
        rivals = [f for f in kept if f.match.start("n") == candidate.match.start("n")]
        same_field = [f for f in kept if f.phrase.field is candidate.phrase.field and not candidate.phrase.adds]
        if all(_agree(f, candidate) for f in rivals) and not (same_field and candidate.phrase.follows):
            kept.append(candidate)
    return sorted(kept, key=lambda f: f.match.start("n"))


def _candidates(said: str, words: Dictionary, context: Context) -> list[_Found]:
    """All phrases that match, those that follow a subject only where it was named before."""
    if not any(c.isdigit() for c in said):
        return []
    found = [f for phrase in phrases_of(words) for match in phrase.pattern.finditer(said)
             if not _is_made_another(said, f := _Found(phrase, match))]
    free = [f for f in found if not f.phrase.follows and not (f.phrase.is_label and _counts_another(said, f, words))]
    named = [(f.phrase.field.unit_word, f.match.start("n")) for f in free]
    return free + [
        f for f in found if f.phrase.follows and _begins_clause(said, f.match.start(), words)
        and (f.phrase.follows in context.subjects
             or f.phrase.follows in said[:f.match.start()]
             or any(unit == f.phrase.follows and start < f.match.start("n") for unit, start in named))]


def _span_of(found: _Found, said: str, words: Dictionary) -> tuple[int, int]:
    """What a number that was taken speaks for: itself, or all of its clause where that is a guess or a plan."""
    start, end = found.match.span("n")
    if not is_hedged(said, start, end, words):
        return start, end
    behind = _RANGE_BEHIND.match(said[end:])
    return max((m.end() for m in _CLAUSE_START.finditer(said[:start])), default=0), end + (behind.end() if behind else 0)


def _stated_twice(chosen: list[_Found], said: str, words: Dictionary) -> set[str]:
    """The fields that a sentence states with different numbers: `05 chi bộ tổ chức ngày 05/4, 06 chi bộ tổ chức …`."""
    values: dict[str, set[str]] = {}
    for found in chosen:
        if not found.phrase.adds and not is_hedged(said, *found.match.span("n"), words):
            values.setdefault(found.phrase.field.key, set()).add(found.match["n"].partition("/")[0].lstrip("0"))
    return {key for key, several in values.items() if len(several) > 1}


def _is_made_another(said: str, found: _Found) -> bool:
    """Whether words further on in the clause make a phrase another thing: `11 chi bộ tổ chức vào buổi riêng`."""
    clause = _CLAUSE_END.split(said[found.match.end():])[0]
    return any(re.search(rf"(?<!\w){word}(?!\w)", clause) for word in found.phrase.field.phrases_unless)


def _counts_another(said: str, found: _Found, words: Dictionary) -> bool:
    """Whether the noun behind a number is none of the label's before it: `Tổng số chi bộ gồm 12 thôn`."""
    units = {unit: f for labels in words.pairs for f in labels.section.fields if (unit := f.unit_word)}
    behind = said[found.match.end("n"):].lstrip()
    own = found.phrase.field.unit_word or ""
    return any(behind.startswith(unit) for unit in units) and not behind.startswith(own)


def _begins_clause(said: str, start: int, words: Dictionary) -> bool:
    """Whether a clause begins there that goes on with the subject before: `…, trong đó riêng 11, lồng ghép 7`."""
    lead = _LEAD.split(said[:start])[-1].strip(" -+*•")
    return not lead or lead in words.campaign.form.prose.lead_words


def _agree(one: _Found, other: _Found) -> bool:
    first, second = one.phrase.field, other.phrase.field
    return first is not second and (first.limit == second.key or second.limit == first.key
                                    or first.part_of == second.key or second.part_of == first.key)


def _take(found: _Found, said: str, sheet: str, ref: str, words: Dictionary, collected: Collected,
          context: Context) -> None:
    section, form_field, match = found.phrase.section, found.phrase.field, found.match
    stated = Stated(section, form_field, match["n"], match[0].strip(), sheet, ref)
    if is_hedged(said, match.start("n"), match.end("n"), words) or _of_others(found, said, words, context):
        _report("sentence_unclear", stated, collected)
        return
    context.subjects.add(form_field.unit_word or "")
    part, _, whole = match["n"].partition("/")
    context.counts.update(int(count.replace(".", "")) for count in (part, whole) if count)
    if whole and form_field.limit:
        context.wholes.append(stated._replace(field=section.by_key[form_field.limit], value=whole))
    if found.phrase.adds:
        _add(stated._replace(value=part), words, collected, context)
    else:
        _state(stated, words, collected)


def _state(stated: Stated, words: Dictionary, collected: Collected) -> None:
    fact = pair_fact(stated.section, stated.field, stated.value, stated.value, stated.sheet, stated.ref, words)
    _report("sentence_read", stated, collected)
    collected.add_pair(stated.section, stated.field, fact, stated=True)


def _add(stated: Stated, words: Dictionary, collected: Collected, context: Context) -> None:
    """Counts that add up: 15 tin, 04 bài and 36 lượt phát thanh are 55, and that they were added is said."""
    key = (stated.section.key, stated.field.key)
    addends = context.addends.setdefault(stated.field.key, [])
    known = collected.pairs.get(key)
    if known is not None and known.raw and not addends:   # its total stands already: these are what it is made of
        return
    addends.append(stated.value)
    total = str(sum(int(addend.replace(".", "")) for addend in addends))
    if len(addends) == 1:
        _state(stated, words, collected)
        return
    raw = " + ".join(addends)
    _withdraw(key, collected)
    fact = pair_fact(stated.section, stated.field, total, total, stated.sheet, stated.ref, words)
    collected.pairs[key] = fact._replace(raw=raw)
    collected.finding("sentence_summed", stated.sheet, stated.ref, section=key[0], field=key[1], value=raw,
                      label=stated.field.label, total=total)


def _withdraw(key: tuple[str, str], collected: Collected) -> None:
    """Takes back the finding of the counts so far: another one is added."""
    findings = collected.extract.findings
    last = next((n for n in range(len(findings) - 1, -1, -1) if (findings[n].section, findings[n].field) == key
                 and findings[n].rule in ("sentence_read", "sentence_summed")), None)
    if last is not None:
        del findings[last]


def is_hedged(said: str, start: int, end: int, words: Dictionary) -> bool:
    """Whether what stands around a number makes it a guess, a plan, an average, a part, or another year's."""
    before, behind = said[:start], said[end:]
    hedge, scope = _hedges(words)
    if hedge.search(before) or _RANGE.search(before) or _RANGE_BEHIND.match(behind):
        return True
    years = _YEAR.findall(before)
    if years and str(words.campaign.campaign.year) not in years:
        return True
    if _singles(words).match(said):
        return True
    of_whom = before.partition(":")[0] if ":" in before else ""   # `Chi bộ thôn Hạ: 30 đảng viên, …`
    return any(scope.search(part) for part in (of_whom, _CLAUSE_START.split(before)[-1])) or (
        _other_times(words).search(_bracket_behind(behind)) is not None)


def _bracket_behind(behind: str) -> str:
    """What stands in brackets right behind a number and its noun: `12 quần chúng (dự kiến)`."""
    match = re.match(r"[^,;.()\d]{0,40}\(([^()]*)\)", behind)
    return match[1] if match else ""


def _of_others(found: _Found, said: str, words: Dictionary, context: Context) -> bool:
    """Whether a number is of the organisations: they are spoken of in its clause, or before it with no other subject."""
    clause = _CLAUSE_START.split(said[:found.match.start("n")])[-1] + found.match[0]
    if _others(words).search(clause):
        return True
    return context.of_others and not _owns(words).search(said)


def note_subjects(said: str, words: Dictionary, context: Context) -> None:
    """Notes whom a sentence speaks of: what follows it without a subject of its own is of the same."""
    others, owns = _others(words).search(said), _owns(words).search(said)
    if others and not owns:
        context.turn_page()
        context.of_others = True
    elif owns:
        context.of_others = False


def _meant(said: str, numbers: list[NumberInText], words: Dictionary) -> tuple[tuple[Section, FormField], ...]:
    """The fields that the numbers may be of, those of the first number first."""
    meant = []
    for number in numbers:
        for section, form_field in fields_meant(said, number.start, number.end, words):
            meant.append((section, form_field))
            if "/" in number.text and form_field.limit:
                meant.append((section, section.by_key[form_field.limit]))
    return tuple({f.key: (section, f) for section, f in meant}.values())


def _report_unread(unread: Unread, words: Dictionary, collected: Collected) -> None:
    """One finding for each field that may be meant and has no value, else one for the sentence."""
    counts = [n.text for n in unread.numbers]
    known = [fact for s, f in unread.fields if (fact := collected.pairs.get((s.key, f.key)))]
    if counts and all(any(_same(count, fact.value) for fact in known) for count in counts):
        collected.paragraphs.setdefault((unread.sheet, unread.ref), TextClass.NOTE)
        return   # said before, and read there
    open_fields = [(s, f) for s, f in unread.fields if not _is_known(s, f, collected)][:_MOST_GUESSED]
    text = shorten(unread.text)
    for section, form_field in open_fields:
        collected.finding("not_read", unread.sheet, unread.ref, section=section.key, field=form_field.key, value=text)
    if not open_fields and not unread.only_fields:
        collected.finding("not_read", unread.sheet, unread.ref, value=text)


def _same(count: str, value: str | None) -> bool:
    part, _, whole = count.replace(".", "").partition("/")
    return value is not None and part.lstrip("0") == value.lstrip("0") and whole in ("", part)


def _is_known(section: Section, form_field: FormField, collected: Collected) -> bool:
    fact = collected.pairs.get((section.key, form_field.key))
    rows = form_field.from_rows is not None and collected.rows[form_field.from_rows.section] > 0
    return rows or (fact is not None and bool(fact.raw))


def _settle_claim(claim: Claim, stated: Stated, words: Dictionary, collected: Collected) -> None:
    """What is said of all is the whole's value where that is known; else a person has to look at it."""
    whole = claim.field.limit or claim.field.part_of
    known = collected.pairs.get((claim.section.key, whole or ""))
    if claim.of_all and known is not None and known.value:
        _state(stated._replace(value=known.value), words, collected)
    else:
        _report("sentence_unclear", stated, collected)


def _report(rule: str, stated: Stated, collected: Collected) -> None:
    collected.finding(rule, stated.sheet, stated.ref, section=stated.section.key, field=stated.field.key,
                      value=shorten(stated.text), label=stated.field.label)


@lru_cache(maxsize=4)
def _hedges(words: Dictionary) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What right before a number, and what in the clause before it, makes it no count of what the unit has done."""
    form = words.campaign.form
    scope = (*form.words.other_scope_words, *form.prose.other_time_words)
    return (re.compile(rf"(?<!\w)(?:{any_of(form.words.hedge_words)})\s*$"),
            re.compile(rf"(?<!\w)(?:{any_of(scope)})(?!\w)"))


@lru_cache(maxsize=4)
def _singles(words: Dictionary) -> re.Pattern[str]:
    """The beginning of a sentence about a single cell, or some of them."""
    return re.compile(rf"\W*(?:(?:riêng|tại|ở|còn)\s+)?(?:{any_of(words.campaign.form.prose.single_subjects)})(?!\w)")


@lru_cache(maxsize=4)
def _other_times(words: Dictionary) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(words.campaign.form.prose.other_time_words)})(?!\w)")


@lru_cache(maxsize=4)
def _others(words: Dictionary) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(words.campaign.form.prose.other_subjects)})(?!\w)(?!\s+ưu\s+tú)")


@lru_cache(maxsize=4)
def _owns(words: Dictionary) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{any_of(words.campaign.form.prose.own_subjects)})(?!\w)")
