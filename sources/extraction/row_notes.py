"""Notes that stand beside no row and contradict one all the same: `Ghi chú: Riêng Chi bộ A hoãn
sang ngày 20/4`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from sources.extraction.extract_builder import ExtractBuilder, shorten
from sources.extraction.label_forms import strip_numbering
from sources.extraction.note_numbers import contradicted_count
from sources.extraction.note_phrases import NotePhrases, contradicts
from sources.extraction.numerals import normalize
from sources.extraction.text_classes import TextClass
from sources.extraction.vocabulary import Vocabulary
from sources.extraction.word_patterns import any_of, whole_words
from sources.form import Section
from sources.grids import Document, Paragraph

_MIN_NOTE_LETTERS = 12
_MIN_NAME_WORDS = 2  # of a name without the words that all names begin with
_FOOTNOTE = re.compile(r"\s*\(\d\)\s")  # `(1) Chi bộ A …`
_SENTENCES = re.compile(r"(?<!\d)[.;]\s+|\n")


class _Row(NamedTuple):
    """A row of a table: its name and counts, and whether its meeting took place (None: it is about
    no meeting)."""

    section: Section
    number: int
    name: str
    took_place: bool | None
    counts: dict[str, int]


def report_row_notes(document: Document, vocabulary: Vocabulary, builder: ExtractBuilder) -> None:
    """Adds a finding for each text that names a row and contradicts its day or count.

    A line that begins as notes do is read like a note beside the row; any other sentence only where
    it states that the meeting was not held.
    """
    notes = [
        (place, text)
        for place, text in _free_texts(document, builder)
        if len(text) >= _MIN_NOTE_LETTERS
    ]
    postponement = _postponement_phrases(vocabulary)
    candidates = [note for note in notes if _may_contradict(note[1], vocabulary)]
    rows = _rows_by_name(vocabulary, builder) if candidates else {}
    named = _names_in(candidates, rows)
    already_reported = {
        (f.sheet, f.cell) for f in builder.extract.findings if f.rule == "row_not_counted"
    }
    for (sheet, ref), text in candidates if rows else ():
        for row, normalized in _statements_on_rows(text, named, rows):
            field = _contradicted(
                row, normalized, postponement, vocabulary, is_note=_is_note(text, vocabulary)
            )
            if field:
                builder.add_finding(
                    "note_contradicts",
                    sheet,
                    ref,
                    section=row.section.key,
                    row=row.number,
                    row_name=row.name,
                    field=field,
                    value=shorten(text),
                )
        section = (
            _section_of_missing_row(text, named, rows, vocabulary)
            if postponement.occur_in(text)
            else None
        )
        if section and (sheet, ref) not in already_reported:
            builder.add_finding(
                "row_not_counted",
                sheet,
                ref,
                section=section.key,
                value=shorten(text),
                row_word=section.row_word,
            )


@lru_cache(maxsize=4)
def _postponement_phrases(vocabulary: Vocabulary) -> NotePhrases:
    """The phrases for "not held", without those that in a sentence only mean another time."""
    form = vocabulary.campaign.form
    return NotePhrases(p for p in form.words.not_held_notes if p not in form.prose.other_time_words)


@lru_cache(maxsize=8192)  # nearly all are the labels of the form
def _may_contradict(text: str, vocabulary: Vocabulary) -> bool:
    return _is_note(text, vocabulary) or _postponement_phrases(vocabulary).occur_in(text)


def _is_note(text: str, vocabulary: Vocabulary) -> bool:
    return vocabulary.lines.is_note(text) or _FOOTNOTE.match(text) is not None


def _section_of_missing_row(
    text: str, named: re.Pattern[str], rows: dict[str, _Row], vocabulary: Vocabulary
) -> Section | None:
    """The section of which a line names a row that its table does not have: `- Chi bộ Công an: chưa
    sinh hoạt`."""
    name, colon, _ = strip_numbering(text).partition(":")
    sections = {row.section.key: row.section for row in rows.values()}.values()
    return next(
        (
            section
            for section in sections
            if colon
            and section.window
            and not named.search(normalize(name))
            and vocabulary.lines.begins_row_name(section, name)
        ),
        None,
    )


def _free_texts(
    document: Document, builder: ExtractBuilder
) -> Iterator[tuple[tuple[str, str], str]]:
    """Paragraphs that are no text of the form, and texts of cells that are neither values nor
    beside a row."""
    texts = {(fact.sheet, fact.cell) for fact in builder.pairs.values()}
    for block in document.blocks:
        if isinstance(block, Paragraph) and (block.sheet, block.ref) not in texts:
            yield (block.sheet, block.ref), block.text
    for view in builder.grid_views:
        for row, cells in enumerate(view.rows):
            if TextClass.VALUE in view.account.rows.get(row, b""):
                continue
            for column, value in enumerate(cells):
                if isinstance(value, str) and len(value) >= _MIN_NOTE_LETTERS:
                    yield (view.sheet, view.ref(row, column)), value


def _rows_by_name(vocabulary: Vocabulary, builder: ExtractBuilder) -> dict[str, _Row]:
    """The rows with a single name, by each form of the name that no other row has."""
    found: dict[str, _Row | None] = {}
    for row in _rows(vocabulary, builder):
        for form in _name_forms(row.name, vocabulary):
            found[form] = None if found.get(form, row) != row else row
    return {form: row for form, row in found.items() if row is not None}


def _rows(vocabulary: Vocabulary, builder: ExtractBuilder) -> Iterator[_Row]:
    for section in (
        labels.section for labels in vocabulary.table_labels if len(labels.section.row_key) == 1
    ):
        days = section.window.fields if section.window else ()
        rows: dict[int, dict[str, tuple[str, str | None]]] = {}
        for fact in builder.extract.facts:
            if fact.section == section.key:
                rows.setdefault(fact.row, {})[fact.field] = fact.raw, fact.value
        for number, values in rows.items():
            name = values.get(section.row_key[0], ("", None))[0]
            counts = {
                key: int(value)
                for key, (_, value) in values.items()
                if section.by_key[key].type == "count" and value is not None
            }
            took_place = any(values[day][1] for day in days if day in values) if days else None
            if name:
                yield _Row(section, number, name, took_place, counts)


def _name_forms(name: str, vocabulary: Vocabulary) -> Iterable[str]:
    """How a text may call a row: `chi bộ thôn thác`, `chi bộ thác`; its bare name too where it has
    two words."""
    generic, leading = _generic_words(vocabulary)
    whole = normalize(name).strip()
    leads = leading.match(whole)
    bare = whole[leads.end() :] if leads else whole
    forms = {whole, *(f"{word} {bare}" for word in generic)}
    if len(bare.split()) >= _MIN_NAME_WORDS:
        forms.add(bare)
    return [form for form in forms if len(form.split()) >= _MIN_NAME_WORDS]


@lru_cache(maxsize=4)
def _generic_words(vocabulary: Vocabulary) -> tuple[list[str], re.Pattern[str]]:
    """The words that all names begin with, and a pattern for those that a name does begin with."""
    generic = [normalize(word) for word in vocabulary.campaign.form.words.generic_name_words]
    return generic, re.compile(rf"(?:(?:{any_of(generic)})\s+)*")


def _names_in(notes: Iterable[tuple[object, str]], rows: Iterable[str]) -> re.Pattern[str]:
    """A pattern for those of the names that stand in a note at all: one for all takes longer than
    reading the file."""
    normalized = "\n".join(" ".join(normalize(text).split()) for _, text in notes)
    return whole_words(name for name in rows if name in normalized)


def _statements_on_rows(
    text: str, named: re.Pattern[str], rows: dict[str, _Row]
) -> Iterator[tuple[_Row, str]]:
    """Each row that a sentence names, with the words up to the next name; the whole sentence where
    it names one."""
    for sentence in _SENTENCES.split(text):
        normalized = normalize(sentence)
        names = list(named.finditer(normalized))
        ends = [match.start() for match in names] + [len(normalized)]
        for match, end in zip(names, ends[1:], strict=True):
            row = rows.get(" ".join(match[0].split()))
            if row:
                before = normalized[: match.start()] if len(names) == 1 else ""
                yield row, f"{before}; {normalized[match.end() : end].strip(' :–-')}"


def _contradicted(
    row: _Row, normalized: str, postponement: NotePhrases, vocabulary: Vocabulary, is_note: bool
) -> str | None:
    """The field of the row that the words contradict: its day, a count; None where they agree."""
    day = row.section.window.fields[0] if row.section.window else row.section.row_key[0]
    if not is_note:
        return day if row.took_place and postponement.occur_in(normalized) else None
    if contradicts(normalized, row.took_place, vocabulary):
        return day
    field = contradicted_count(normalized, row.counts, row.section, vocabulary)
    return field.key if field else None
