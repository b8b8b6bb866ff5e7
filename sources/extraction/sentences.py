"""Counts that sentences state, by the form's phrases: `17/18 chi bộ đã tổ chức sinh hoạt, trong đó
riêng 11`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sources.extraction.documents_given import (
    introduces_document_list,
    names_document,
    read_documents_given,
)
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.guesses import nouns_counted
from sources.extraction.hedges import (
    clause_before,
    hedged_span,
    is_hedged,
    is_of_a_block,
    names_others,
    names_own,
    names_wider,
)
from sources.extraction.labelled_values import counts_in, split_count
from sources.extraction.numerals import holds_number, normalize, with_digits
from sources.extraction.phrase_matches import PhraseMatch, chosen_matches, stated_twice
from sources.extraction.phrases import claims_of
from sources.extraction.sentence_context import SentenceContext
from sources.extraction.sentence_pieces import pieces_of, pieces_with_counts
from sources.extraction.stated import Stated, add_stated, add_to_sum, is_known, report_stated
from sources.extraction.text_classes import TextClass
from sources.extraction.unread_sentences import keep_unexplained, resolve_open_statements
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField
from sources.grids import Value
from sources.text import whole_number

_MIN_SENTENCE_LETTERS = 30  # in a cell
_MIN_DETAILS_LETTERS = 10  # of a count that goes on to state others: `18, riêng 11`
_SHARE_AT_START = re.compile(r"\d+\s*%")


def read_sentences(
    view: GridView, rows: Iterable[int], vocabulary: Vocabulary, builder: ExtractBuilder
) -> set[int]:
    """Reads the counts of sentences in cells of these rows; returns the rows that hold any."""
    found = set()
    for row in rows:
        for column in view.filled_columns(row):
            text = view.own_text(row, column)
            if len(text) < _MIN_SENTENCE_LETTERS or not holds_number(text):
                continue
            pieces, subjects = pieces_with_counts(text, vocabulary)
            if pieces:
                found.add(row)
                context = SentenceContext(subjects=set(subjects))
                handled = [
                    read_sentence(
                        piece, view.sheet, view.ref(row, column), vocabulary, builder, context
                    )
                    for piece in pieces
                ]
                resolve_open_statements(context, vocabulary, builder)
                if any(handled):
                    view.account.mark(row, column, TextClass.VALUE)
    return found


def read_sentence(
    text: str,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
    context: SentenceContext,
) -> bool:
    """Reads what a sentence states, each value with a finding; a doubtful one is a finding only.

    Returns whether there was any. Numbers that nothing explains are kept in `context.unread`.
    """
    normalized = normalize(with_digits(text, vocabulary))
    handled = _read_documents(normalized, sheet, ref, vocabulary, builder, context)
    handled += _read_counts(normalized, sheet, ref, vocabulary, builder, context)
    note_subjects(normalized, vocabulary, context)
    handled += _keep_claims(normalized, sheet, ref, vocabulary, context)
    if not handled and not context.of_others:
        # `Chi bộ: tổng số 12; đã tổ chức 12`
        context.subjects |= nouns_counted(normalized, vocabulary)
    keep_unexplained(text, sheet, ref, vocabulary, context, handled)
    return bool(handled)


def read_behind_count(
    value: Value,
    field: FormField,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> Value:
    """The count of a value that goes on to state others, which are taken: `18/18, trong đó tổ chức
    riêng 11`.

    The value as it is where it is no such text, or where numbers of it are neither read nor
    explained.
    """
    if field.type != "count" or not isinstance(value, str) or len(value) < _MIN_DETAILS_LETTERS:
        return value
    count, rest = split_count(with_digits(value, vocabulary), field, vocabulary)
    if not rest or not holds_number(rest):
        return value
    context = SentenceContext(subjects={field.unit_word or ""}, counts=set(counts_in(count)))
    for piece in pieces_of(rest):
        read_sentence(piece, sheet, ref, vocabulary, builder, context)
    unread = bool(context.unread)
    context.unread.clear()  # the value's own type says of these
    resolve_open_statements(context, vocabulary, builder)
    return value if unread else count


def note_subjects(normalized: str, vocabulary: Vocabulary, context: SentenceContext) -> None:
    """Notes whom a sentence speaks of: what follows it without a subject of its own is of the
    same."""
    others, owns = names_others(normalized, vocabulary), names_own(normalized, vocabulary)
    if others and not owns:
        context.forget()
        context.of_others = True
    elif owns:
        context.of_others = False


def _read_documents(
    normalized: str,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
    context: SentenceContext,
) -> list[tuple[int, int]]:
    """Reads the documents that a sentence names, or that an item of a list below such a line
    names."""
    if introduces_document_list(normalized, vocabulary):
        context.document_list_heading = normalized
    elif not names_document(normalized, vocabulary):
        context.document_list_heading = ""
    return read_documents_given(
        normalized, sheet, ref, vocabulary, builder, context.document_list_heading
    )


def _read_counts(
    normalized: str,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
    context: SentenceContext,
) -> list[tuple[int, int]]:
    """Reads the counts of a sentence; returns the spans that it has read."""
    matches = chosen_matches(normalized, vocabulary, context.subjects)
    several = stated_twice(matches, normalized, vocabulary)
    handled = []
    for found in matches:
        stated = Stated(
            found.phrase.section,
            found.phrase.field,
            found.match["n"],
            found.match[0].strip(),
            sheet,
            ref,
        )
        start, end = found.match.span("n")
        if found.phrase.adds and _has_total(stated, builder, context):
            continue  # what the total is made of explains itself, or is not read
        hedged = is_hedged(normalized, start, end, vocabulary)
        if (
            hedged
            or stated.field.key in several
            or _is_of_others(found, normalized, vocabulary, context)
        ):
            _report_or_postpone(stated, normalized, vocabulary, builder, context)
        else:
            _add_count(stated, found.phrase.adds, vocabulary, builder, context)
        handled.append(hedged_span(normalized, start, end) if hedged else (start, end))
    return handled


def _report_or_postpone(
    stated: Stated,
    normalized: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
    context: SentenceContext,
) -> None:
    """Reports a doubtful count; one of a block of the unit (`11/12`) waits for the other blocks."""
    if (
        "/" in stated.value
        and stated.field.limit
        and is_of_a_block(normalized, vocabulary)
        and not context.of_others
    ):
        context.parts.append(stated)
    else:
        report_stated("sentence_unclear", stated, builder)


def _has_total(stated: Stated, builder: ExtractBuilder, context: SentenceContext) -> bool:
    """Whether a field whose counts add up has a value that is not such a sum."""
    return (
        is_known(stated.section, stated.field, builder) and stated.field.key not in context.addends
    )


def _add_count(
    stated: Stated,
    adds: bool,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
    context: SentenceContext,
) -> None:
    context.subjects.add(stated.field.unit_word or "")
    part, _, whole = stated.value.partition("/")
    context.counts.update(whole_number(count.replace(".", "")) for count in (part, whole) if count)
    if whole and stated.field.limit:
        context.wholes.append(
            stated._replace(field=stated.section.by_key[stated.field.limit], value=whole)
        )
    elif whole and stated.field.expected_limit:
        context.unsure_wholes.append(
            stated._replace(field=stated.section.by_key[stated.field.expected_limit], value=whole)
        )
    if adds:
        addends = context.addends.setdefault(stated.field.key, [])
        add_to_sum(stated._replace(value=part), addends, vocabulary, builder)
    else:
        add_stated(stated, vocabulary, builder)


def _is_of_others(
    found: PhraseMatch, normalized: str, vocabulary: Vocabulary, context: SentenceContext
) -> bool:
    """Whether a number is of the organisations, or of the whole district: named before it with no
    other subject since.

    A district organisation speaks of itself so; what it is not asked for is set aside when all of
    it is read.
    """
    if context.of_district:
        return "district_org" not in found.phrase.field.reporters
    if names_wider(normalized[: found.match.start("n")], vocabulary):
        return True
    if names_others(clause_before(normalized, found.match.start("n")) + found.match[0], vocabulary):
        return True
    return context.of_others and not names_own(normalized, vocabulary)


def _keep_claims(
    normalized: str, sheet: str, ref: str, vocabulary: Vocabulary, context: SentenceContext
) -> list[tuple[int, int]]:
    """Keeps what a sentence claims of all, or of none, until the whole report is read."""
    handled = []
    for claim in claims_of(vocabulary):
        if match := claim.match(normalized):
            context.claims.append(
                (claim, Stated(claim.section, claim.field, "", shorten(match[0]), sheet, ref))
            )
            share = _SHARE_AT_START.match(match[0])
            handled.append((match.start(), match.start() + (share.end() if share else 0)))
    return handled
