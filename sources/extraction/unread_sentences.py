"""Sentences with numbers that nothing explains: kept while the report is read, said when all of it is."""

from __future__ import annotations

from collections.abc import Collection

from sources.extraction.collected import Collected, shorten
from sources.extraction.guesses import fields_meant
from sources.extraction.numbers_in_text import (
    NumberInText,
    known_spans,
    numbers_in,
    unexplained_numbers,
)
from sources.extraction.numerals import comparable, with_digits
from sources.extraction.phrases import Claim
from sources.extraction.sentence_context import Context, Unread
from sources.extraction.stated import Stated, add, is_known, report, state
from sources.extraction.text_classes import TextClass
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.text import whole_number

_MAX_FIELDS_NAMED = 3


def leave_unread(
    text: str,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
    context: Context,
    handled: Collection[tuple[int, int]] = (),
) -> None:
    """Keeps the numbers of a text that nothing explains, but for those `handled`, with the fields they may be of."""
    plain = with_digits(text, vocabulary)
    said = comparable(plain)
    left = unexplained_numbers(plain, vocabulary, handled, context.counts)
    if left:
        context.unread.append(
            Unread(text, tuple(left), _meant(said, left, vocabulary, context), sheet, ref)
        )
    handled = [*handled, *((n.start, n.end) for n in left)]
    for part in _parts_of_a_breakdown(plain, vocabulary, handled, context):
        meant = tuple(
            (s, f) for s, f in _meant(said, [part], vocabulary, context) if f.part_of or f.limit
        )
        if meant:
            context.unread.append(Unread(text, (part,), meant, sheet, ref, only_fields=True))


def drop_breakdown(context: Context, first: int) -> None:
    """Forgets the unread parts of one paragraph, from the `first` on, that add up to a count read in it.

    Where a part may be a field of its own, that field is still asked for.
    """
    counts = [number.counts for unread in context.unread[first:] for number in unread.numbers]
    if (
        len(counts) > 1
        and all(len(c) == 1 for c in counts)
        and sum(c[0] for c in counts) in context.counts
    ):
        context.unread[first:] = [
            unread._replace(fields=fields, only_fields=True)
            for unread in context.unread[first:]
            if (fields := tuple((s, f) for s, f in unread.fields if f.limit or f.part_of))
        ]


def settle(context: Context, vocabulary: Vocabulary, collected: Collected) -> None:
    """Raises what was left open until the whole report is read: wholes, claims about all, numbers nobody read."""
    for stated in context.wholes:
        if not is_known(stated.section, stated.field, collected):
            state(stated, vocabulary, collected)
    for stated in context.unsure_wholes:
        if not is_known(stated.section, stated.field, collected):
            report("sentence_unclear", stated, collected)
    _settle_parts(context, vocabulary, collected)
    for claim, stated in context.claims:
        if not is_known(claim.section, claim.field, collected):
            _settle_claim(claim, stated, vocabulary, collected)
    for unread in context.unread:
        _report_unread(unread, vocabulary, collected)
    context.wholes, context.unsure_wholes, context.parts, context.claims, context.unread = (
        [],
        [],
        [],
        [],
        [],
    )


def _settle_parts(context: Context, vocabulary: Vocabulary, collected: Collected) -> None:
    """Adds up the counts of blocks where these are all there are: 11/12 and 4/4 of the unit's 16 are 15."""
    for key in dict.fromkeys(stated.field.key for stated in context.parts):
        parts = [stated for stated in context.parts if stated.field.key == key]
        addends: list[str] = []
        for stated in parts if _are_all_there_are(parts, collected) else ():
            add(
                stated._replace(value=stated.value.partition("/")[0]),
                addends,
                vocabulary,
                collected,
            )
        for stated in parts if not addends else ():
            report("sentence_unclear", stated, collected)


def _are_all_there_are(parts: list[Stated], collected: Collected) -> bool:
    first = parts[0]
    whole = collected.pairs.get((first.section.key, first.field.limit or ""))
    wholes = [whole_number(stated.value.partition("/")[2].replace(".", "")) for stated in parts]
    return (
        len(parts) > 1
        and not is_known(first.section, first.field, collected)
        and whole is not None
        and whole.value == str(sum(wholes))
    )


def _parts_of_a_breakdown(
    plain: str, vocabulary: Vocabulary, handled: Collection[tuple[int, int]], context: Context
) -> list[NumberInText]:
    """Numbers that only explain another one by adding up to it, such as those of fields that are parts of a field."""
    known = known_spans(plain, vocabulary)
    rest = [n for n in numbers_in(plain) if len(n.counts) == 1]
    taken = [*handled, *known]
    rest = [n for n in rest if not any(start < n.end and n.start < end for start, end in taken)]
    return (
        rest if rest and not unexplained_numbers(plain, vocabulary, handled, context.counts) else []
    )


def _meant(
    said: str, numbers: list[NumberInText], vocabulary: Vocabulary, context: Context
) -> tuple[tuple[Section, FormField], ...]:
    """The fields that the numbers may be of, those of the first number first.

    Where a sentence names nothing that is counted, it is what those before it speak of. A district organisation's are
    of none that it is not asked for.
    """
    meant = []
    for number in numbers:
        found = fields_meant(said, number.start, number.end, vocabulary)
        for subject in sorted(context.subjects) if not found else ():
            lead = f"{subject} "
            found += fields_meant(
                lead + said, number.start + len(lead), number.end + len(lead), vocabulary
            )
        for section, form_field in found:
            meant.append((section, form_field))
            if "/" in number.text and form_field.limit:
                meant.append((section, section.by_key[form_field.limit]))
    return tuple(
        {
            f.key: (section, f)
            for section, f in meant
            if not context.of_district or "district_org" in f.reporters
        }.values()
    )


def _report_unread(unread: Unread, vocabulary: Vocabulary, collected: Collected) -> None:
    """One finding for each field that may be meant and has no value, else one for the sentence."""
    counts = [n.text for n in unread.numbers]
    known = [fact for s, f in unread.fields if (fact := collected.pairs.get((s.key, f.key)))]
    open_fields = [(s, f) for s, f in unread.fields if not is_known(s, f, collected)][
        :_MAX_FIELDS_NAMED
    ]
    if not open_fields and all(any(_same(count, fact.value) for fact in known) for count in counts):
        collected.paragraphs.setdefault((unread.sheet, unread.ref), TextClass.NOTE)
        return  # said before, and read there
    text = shorten(unread.text)
    for section, form_field in open_fields:
        collected.finding(
            "not_read",
            unread.sheet,
            unread.ref,
            section=section.key,
            field=form_field.key,
            value=text,
        )
    if not open_fields and not unread.only_fields:
        collected.finding("not_read", unread.sheet, unread.ref, value=text)


def _same(count: str, value: str | None) -> bool:
    part, _, whole = count.replace(".", "").partition("/")
    return value is not None and part.lstrip("0") == value.lstrip("0") and whole in ("", part)


def _settle_claim(
    claim: Claim, stated: Stated, vocabulary: Vocabulary, collected: Collected
) -> None:
    """What is said of all is the whole's value where that is known; else a person has to look at it."""
    whole = claim.field.limit or claim.field.part_of
    known = collected.pairs.get((claim.section.key, whole or ""))
    if claim.of_all and known is not None and known.value:
        state(stated._replace(value=known.value), vocabulary, collected)
    else:
        report("sentence_unclear", stated, collected)
