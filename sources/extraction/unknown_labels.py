"""Findings for unknown labels of pairs, and for known ones with further words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.text_classes import TextClass
from sources.extraction.view import GridView
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField, Section
from sources.text import fold


class NearPair(NamedTuple):
    """The known field nearest to an unknown label, and whether they differ by typing errors
    only."""

    section: Section
    field: FormField
    mistyped: bool


def report_unknown(
    sheet: str, ref: str, label: str, value: str, near: NearPair | None, builder: ExtractBuilder
) -> None:
    """Reports an unknown label, with the nearest known one."""
    offer = f"; gần nhất là “{near.field.label}”" if near else ""
    name = shorten(label) or "(để trống)"
    builder.add_finding(
        "label_unknown",
        sheet,
        ref,
        section=near.section.key if near else "info",
        field=near.field.key if near else None,
        value=name,
        label=name,
        text=shorten(value),
        offer=offer,
    )


def report_unknown_below(
    view: GridView,
    row: int,
    below: int,
    columns: Iterable[int],
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """Reports the unknown labels of a row that have a value in the row `below`; a share is
    ignored."""
    for column in columns:
        text, value = view.own_text(row, column), view.own_text(below, column)
        if value and vocabulary.lines.is_share(text):
            view.account.mark(below, column, TextClass.IGNORED)
        elif value and fold(text) not in vocabulary.ignored_labels:
            report_unknown(
                view.sheet,
                view.ref(row, column),
                text,
                value,
                nearest_pair(text, vocabulary),
                builder,
            )
            view.account.mark(below, column, TextClass.UNREAD)


def report_mistyped(
    sheet: str, ref: str, label: str, near: NearPair, builder: ExtractBuilder
) -> None:
    """Reports a label that was read as a known one with a typing error."""
    builder.add_finding(
        "label_assumed",
        sheet,
        ref,
        section=near.section.key,
        field=near.field.key,
        value=shorten(label),
        label=shorten(label),
        meant=near.field.label,
    )


def nearest_pair(text: str, vocabulary: Vocabulary) -> NearPair | None:
    """The likeliest field of `info` or `text` for an unknown label, None where none is near."""
    near = [
        (found, labels.section)
        for labels in vocabulary.pair_labels
        if (found := labels.nearest(text))
    ]
    if not near:
        return None
    best, section = max(near, key=lambda n: n[0].likeness)
    return NearPair(section, section.by_key[best.key], best.mistyped)


def note_hedged(
    text: str,
    section: Section,
    field: FormField,
    sheet: str,
    ref: str,
    vocabulary: Vocabulary,
    builder: ExtractBuilder,
) -> None:
    """Reports a label with words that may make it another one: `Tổng số đảng viên (dự bị)`."""
    if vocabulary.sections[section.key].is_hedged(text, vocabulary.label_hints):
        report_mistyped(sheet, ref, text, NearPair(section, field, True), builder)
