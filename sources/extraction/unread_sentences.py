"""Sentences with numbers that nothing explains: kept while a report is read, reported at its
end."""

from __future__ import annotations

from collections.abc import Collection

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.guesses import fields_near_number
from sources.extraction.numbers_in_text import (
    NumberInText,
    known_spans,
    numbers_in,
    unexplained_numbers,
)
from sources.extraction.numerals import normalize, with_digits
from sources.extraction.phrases import Claim
from sources.extraction.sentence_context import SentenceContext, UnreadSentence
from sources.extraction.stated import Stated, add_stated, add_to_sum, is_known, report_stated
from sources.extraction.text_classes import TextClass
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.text import whole_number

_MAX_FIELDS_NAMED = 3


def keep_unexplained(
    text: str,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
    context: SentenceContext,
    handled: Collection[tuple[int, int]] = (),
) -> None:
    """Keeps the numbers of a text that nothing explains, but for those `handled`, with the fields
    they may be of."""
    plain = with_digits(text, vocabulary)
    normalized = normalize(plain)
    left = unexplained_numbers(plain, vocabulary, handled, context.counts)
    if left:
        context.unread.append(
            UnreadSentence(
                text,
                tuple(left),
                _fields_of_numbers(normalized, left, vocabulary, context),
                sheet,
                ref,
            )
        )
    handled = [*handled, *((n.start, n.end) for n in left)]
    for part in _parts_of_a_breakdown(plain, vocabulary, handled, context):
        fields = tuple(
            (s, f)
            for s, f in _fields_of_numbers(normalized, [part], vocabulary, context)
            if f.part_of or f.limit
        )
        if fields:
            context.unread.append(
                UnreadSentence(text, (part,), fields, sheet, ref, only_fields=True)
            )


def drop_breakdown(context: SentenceContext, first: int) -> None:
    """Forgets the unread parts of one paragraph, from the `first` on, that add up to a count read
    in it.

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


def resolve_open_statements(
    context: SentenceContext, vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """Resolves at the end of the report what was left open: wholes, claims about all, unread
    numbers."""
    for stated in context.wholes:
        if not is_known(stated.section, stated.field, builder):
            add_stated(stated, vocabulary, builder)
    for stated in context.unsure_wholes:
        if not is_known(stated.section, stated.field, builder):
            report_stated("sentence_unclear", stated, builder)
    _resolve_blocks(context, vocabulary, builder)
    for claim, stated in context.claims:
        if not is_known(claim.section, claim.field, builder):
            _resolve_claim(claim, stated, vocabulary, builder)
    for unread in context.unread:
        _report_unread(unread, vocabulary, builder)
    context.wholes, context.unsure_wholes, context.parts, context.claims, context.unread = (
        [],
        [],
        [],
        [],
        [],
    )


def _resolve_blocks(
    context: SentenceContext, vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """Adds up the counts of blocks where these are all there are: 11/12 and 4/4 of the unit's 16
    are 15."""
    for key in dict.fromkeys(stated.field.key for stated in context.parts):
        parts = [stated for stated in context.parts if stated.field.key == key]
        addends: list[str] = []
        for stated in parts if _are_all_there_are(parts, builder) else ():
            add_to_sum(
                stated._replace(value=stated.value.partition("/")[0]),
                addends,
                vocabulary,
                builder,
            )
        for stated in parts if not addends else ():
            report_stated("sentence_unclear", stated, builder)


def _are_all_there_are(parts: list[Stated], builder: ExtractBuilder) -> bool:
    first = parts[0]
    whole = builder.pairs.get((first.section.key, first.field.limit or ""))
    wholes = [whole_number(stated.value.partition("/")[2].replace(".", "")) for stated in parts]
    return (
        len(parts) > 1
        and not is_known(first.section, first.field, builder)
        and whole is not None
        and whole.value == str(sum(wholes))
    )


def _parts_of_a_breakdown(
    plain: str,
    vocabulary: Vocabulary,
    handled: Collection[tuple[int, int]],
    context: SentenceContext,
) -> list[NumberInText]:
    """Numbers that only explain another one by adding up to it, such as those of fields that are
    parts of a field."""
    known = known_spans(plain, vocabulary)
    rest = [n for n in numbers_in(plain) if len(n.counts) == 1]
    explained = [*handled, *known]
    rest = [n for n in rest if not any(start < n.end and n.start < end for start, end in explained)]
    return (
        rest if rest and not unexplained_numbers(plain, vocabulary, handled, context.counts) else []
    )


def _fields_of_numbers(
    normalized: str, numbers: list[NumberInText], vocabulary: Vocabulary, context: SentenceContext
) -> tuple[tuple[Section, FormField], ...]:
    """The fields that the numbers may be of, those of the first number first.

    Where a sentence names nothing that is counted, it is what those before it speak of. A district
    organisation's are of none that it is not asked for.
    """
    fields = []
    for number in numbers:
        found = fields_near_number(normalized, number.start, number.end, vocabulary)
        for subject in sorted(context.subjects) if not found else ():
            lead = f"{subject} "
            found += fields_near_number(
                lead + normalized, number.start + len(lead), number.end + len(lead), vocabulary
            )
        for section, form_field in found:
            fields.append((section, form_field))
            if "/" in number.text and form_field.limit:
                fields.append((section, section.by_key[form_field.limit]))
    return tuple(
        {
            f.key: (section, f)
            for section, f in fields
            if not context.of_district or "district_org" in f.reporters
        }.values()
    )


def _report_unread(unread: UnreadSentence, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """One finding for each field that may be meant and has no value, else one for the sentence."""
    counts = [n.text for n in unread.numbers]
    known = [fact for s, f in unread.fields if (fact := builder.pairs.get((s.key, f.key)))]
    open_fields = [(s, f) for s, f in unread.fields if not is_known(s, f, builder)][
        :_MAX_FIELDS_NAMED
    ]
    if not open_fields and all(
        any(_is_same_count(count, fact.value) for fact in known) for count in counts
    ):
        builder.paragraphs.setdefault((unread.sheet, unread.ref), TextClass.NOTE)
        return  # said before, and read there
    text = shorten(unread.text)
    for section, form_field in open_fields:
        builder.add_finding(
            "not_read",
            unread.sheet,
            unread.ref,
            section=section.key,
            field=form_field.key,
            value=text,
        )
    if not open_fields and not unread.only_fields:
        builder.add_finding("not_read", unread.sheet, unread.ref, value=text)


def _is_same_count(count: str, value: str | None) -> bool:
    part, _, whole = count.replace(".", "").partition("/")
    return value is not None and part.lstrip("0") == value.lstrip("0") and whole in ("", part)


def _resolve_claim(
    claim: Claim, stated: Stated, vocabulary: Vocabulary, builder: ExtractBuilder
) -> None:
    """A claim about all takes the value of the whole where that is known; else it is a finding."""
    whole = claim.field.limit or claim.field.part_of
    known = builder.pairs.get((claim.section.key, whole or ""))
    if claim.of_all and known is not None and known.value:
        add_stated(stated._replace(value=known.value), vocabulary, builder)
    else:
        report_stated("sentence_unclear", stated, builder)
