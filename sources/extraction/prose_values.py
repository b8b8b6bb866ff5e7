"""The values that a line of prose states: behind its label, or in a sentence."""

from __future__ import annotations

import re

from sources.extraction.amended import amended
from sources.extraction.cell_types import UNTYPED, type_value
from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.headings import is_of_others
from sources.extraction.hedges import names_own
from sources.extraction.label_forms import strip_numbering
from sources.extraction.labelled import pair_fact, pair_in_text
from sources.extraction.labelled_values import counts_in, split_count
from sources.extraction.numerals import normalize, with_digits
from sources.extraction.sentence_context import SentenceContext
from sources.extraction.sentence_pieces import pieces_of
from sources.extraction.sentences import read_sentence
from sources.extraction.stated import Stated
from sources.extraction.text_classes import TextClass
from sources.extraction.unknown_labels import (
    nearest_pair,
    note_hedged,
    report_mistyped,
    report_unknown,
)
from sources.extraction.unread_sentences import drop_breakdown
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.grids import Paragraph
from sources.text import fold

_LISTED_PAIR = re.compile(r"^\s*(?:[-+*•–]\s*)?(?P<label>[^:\d]{3,80}):\s*(?P<value>\d[^.]*)")
_TWO_LABELS = re.compile(
    r"^(?P<one>[^:/]{3,80})/(?P<other>[^:/]{3,80}):\s*(?P<a>[\d.]+)\s*/\s*(?P<b>[\d.]+)(?P<rest>.*)$"
)
_MIN_TABS = 3  # of a line that is a row of columns
_MAX_VALUE_LETTERS = 60


class ValueReader:
    """Reads the values of lines, one after another: a value may stand in the line below its
    label."""

    def __init__(
        self, vocabulary: Vocabulary, builder: ExtractBuilder, context: SentenceContext
    ) -> None:
        self.vocabulary, self.builder, self.context = vocabulary, builder, context
        self.label_awaiting_value: tuple[Section, FormField] | None = (
            None  # a label whose value may stand in the next line
        )

    def read_awaited_value(self, paragraph: Paragraph, text: str) -> bool:
        """Reads a value that stands in a line of its own below its label."""
        awaited, self.label_awaiting_value = self.label_awaiting_value, None
        if awaited is None or len(text) > _MAX_VALUE_LETTERS:
            return False
        value = with_digits(text, self.vocabulary).strip(" -+:.")
        typed = type_value(
            value, awaited[1], self.vocabulary, self.vocabulary.campaign.campaign.year
        )
        if typed is UNTYPED or typed is None or not value[:1].isdigit():
            return False
        self._add(paragraph, *awaited, value)
        return True

    def read(self, paragraph: Paragraph, text: str) -> None:
        """Reads all that a line states; numbers that are not read are kept in the context."""
        if text.count("\t") >= _MIN_TABS and any(
            part.strip().isdigit() for part in text.split("\t")
        ):
            self.builder.mark_paragraph(paragraph, TextClass.UNREAD)
            self.builder.add_finding(
                "columns_by_tabs", paragraph.sheet, paragraph.ref, value=shorten(text)
            )
            return
        self.context.counts.clear()
        first = len(self.context.unread)
        text, former = amended(strip_numbering(text), self.vocabulary)
        if former:
            self.builder.add_finding(
                "number_amended", paragraph.sheet, paragraph.ref, value=shorten(former)
            )
        for piece in pieces_of(with_digits(text, self.vocabulary)):
            if pair := _TWO_LABELS.match(piece):
                piece = f"{pair['one']}: {pair['a']}, {pair['other']}: {pair['b']}{pair['rest']}"
            if not self._read_pair(paragraph, piece):
                self._read_sentence(paragraph, piece)
        drop_breakdown(self.context, first)

    def _read_pair(self, paragraph: Paragraph, piece: str) -> bool:
        found = pair_in_text(piece, self.vocabulary)
        if not found or found[0].key == "text":
            return False
        section, field, value = found
        label = piece[: piece.rfind(value)] if value else piece
        value, rest = self._value_and_rest(field, value.rstrip(" ."))
        if field.type == "count" and fold(value) in self.vocabulary.counts.units:
            value = ""  # `………… đ/c`: a line of a form that was left empty
        if not value:
            self.label_awaiting_value = (section, field)
        else:
            self.builder.mark_paragraph(paragraph, TextClass.VALUE)
        if not self._is_own(label, section, field, paragraph, value):
            return True
        self._add(paragraph, section, field, value)
        note_hedged(
            label, section, field, paragraph.sheet, paragraph.ref, self.vocabulary, self.builder
        )
        if rest or self._is_untyped(field, value):
            self._read_rest(paragraph, rest or value)
        return True

    def _is_untyped(self, field: FormField, value: str) -> bool:
        return (
            field.type == "count"
            and type_value(value, field, self.vocabulary, self.vocabulary.campaign.campaign.year)
            is UNTYPED
        )

    def _value_and_rest(self, field: FormField, value: str) -> tuple[str, str]:
        if field.type != "count":
            return value, ""
        return split_count(with_digits(value, self.vocabulary).strip(), field, self.vocabulary)

    def _add(self, paragraph: Paragraph, section: Section, field: FormField, value: str) -> None:
        fact = pair_fact(
            section, field, value, value, paragraph.sheet, paragraph.ref, self.vocabulary
        )
        self.builder.add_pair(section, field, fact)
        if value:
            self.context.subjects.add(field.unit_word or "")
            self.context.counts.update(counts_in(value))
        part, _, whole = value.partition("/")
        if (
            field.limit
            and (number := re.match(r"\s*([\d.]+)", whole))
            and part.strip(" .").isdigit()
        ):
            whole_field = section.by_key[field.limit]
            self.context.wholes.append(
                Stated(
                    section,
                    whole_field,
                    number[1].rstrip("."),
                    shorten(value),
                    paragraph.sheet,
                    paragraph.ref,
                )
            )

    def _is_own(
        self, label: str, section: Section, field: FormField, paragraph: Paragraph, value: str
    ) -> bool:
        """Whether a label means the unit's own value of this campaign; if not, that is a
        finding."""
        own = names_own(normalize(label), self.vocabulary)
        others = (
            self.context.of_others and names_own(field.unit_word or "", self.vocabulary) and not own
        )
        if value and (others or is_of_others(label, self.vocabulary)):
            self.builder.add_finding(
                "sentence_unclear",
                paragraph.sheet,
                paragraph.ref,
                section=section.key,
                field=field.key,
                value=shorten(f"{label}{value}"),
                label=field.label,
            )
            return False
        if own:
            self.context.of_others = False
        return True

    def _read_rest(self, paragraph: Paragraph, rest: str) -> None:
        """What follows the value in the same piece: more pairs, sentences, or what explains it."""
        rest = rest.strip(" ,;.")
        if not self._read_pair(paragraph, rest):
            read_sentence(
                rest, paragraph.sheet, paragraph.ref, self.vocabulary, self.builder, self.context
            )

    def _read_sentence(self, paragraph: Paragraph, piece: str) -> None:
        before = len(self.context.unread)
        handled = read_sentence(
            piece, paragraph.sheet, paragraph.ref, self.vocabulary, self.builder, self.context
        )
        match = _LISTED_PAIR.match(piece)
        if handled:
            self.builder.mark_paragraph(paragraph, TextClass.VALUE)
        if handled or match is None or len(self.context.unread) == before:
            return
        self._report_unknown_label(paragraph, match)

    def _report_unknown_label(self, paragraph: Paragraph, match: re.Match[str]) -> None:
        """An unknown label: read where it is a typing error, else reported with the nearest known
        one."""
        label, value = match["label"].strip(), match["value"].strip()
        near = nearest_pair(label, self.vocabulary)
        unread = self.context.unread[-1]
        # `Kết quả: 18/18 chi bộ …`: it names no field
        if fold(label) in self.vocabulary.ignored_labels:
            return
        if near and near.mistyped and (near.section.key, near.field.key) not in self.builder.pairs:
            self.context.unread.pop()
            self._add(paragraph, near.section, near.field, value)
            report_mistyped(paragraph.sheet, paragraph.ref, label, near, self.builder)
        elif not unread.fields or (near and [near.field] == [field for _, field in unread.fields]):
            self.context.unread.pop()
            report_unknown(paragraph.sheet, paragraph.ref, label, value, near, self.builder)
