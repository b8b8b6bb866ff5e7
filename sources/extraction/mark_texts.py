"""Marks as people type them into a cell: `x`, `Có (2 đ/c)`, `Chưa đảm bảo`, `01 đ/c`."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.extraction.typed import DASHES, compatible, holds_raised_digits, without_footnotes
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField
from sources.text import fold, whole_number

_MAX_MARK_TEXT_LETTERS = 120
_REMARK = re.compile(r"(.*?\w|\W)\s*(?:\((.*)\)|[,;:–-]\s*([^()]*))", re.DOTALL)
_PEOPLE = re.compile(r"(?:có\s+)?(\d{1,2})(?:\s+(\D+))?")
_OF_ALL = re.compile(r"0*(\d{1,3})\s*/\s*0*(\d{1,3})(?:\s+(\D+))?")  # `18/18 chi bộ`
_BOX = re.compile(r"\s*([☑☒🗹☐□▢])\s*")
_MAX_COUNT_WITHOUT_UNIT = 9  # a larger number among marks is likelier one of another column


def mark_in_text(value: str, vocabulary: Vocabulary, field: FormField | None = None) -> str | None:
    """ "true" or "false" for a text that says yes or no; None for one that says neither, or
    both."""
    return _mark(
        value,
        vocabulary,
        vocabulary.marks.own_of(field),
        field is not None and field.counts_people,
    )


@lru_cache(maxsize=4096)
def _mark(
    value: str,
    vocabulary: Vocabulary,
    field_marks: tuple[frozenset[str], frozenset[str]] | None,
    counts_people: bool,
) -> str | None:
    noted = without_footnotes(value) if len(value) <= _MAX_MARK_TEXT_LETTERS else ""
    if not noted or holds_raised_digits(noted):
        return None
    text = compatible(noted).casefold().strip(" .;:,_").lstrip("'")
    mark = _bare_mark(text, vocabulary, field_marks)
    if mark is None and counts_people:
        mark = _people_mark(text, vocabulary)
    return (
        mark
        or _ticked_box(text, vocabulary, field_marks)
        or _with_remark(text, vocabulary, field_marks)
    )


def _ticked_box(
    text: str, vocabulary: Vocabulary, field_marks: tuple[frozenset[str], frozenset[str]] | None
) -> str | None:
    """What the one ticked box of a form's several stands beside: `☑ Có ☐ Không`, `Có ☐ Không ☑`."""
    first, *pieces = _BOX.split(text) if "☐" in text or "□" in text or "▢" in text else ("",)
    boxes, labels = pieces[::2], pieces[1::2]
    if first and labels[-1:] == [""]:
        labels = [first, *labels[:-1]]  # the boxes stand behind what they are of
    elif first:
        return None
    ticked = [
        label for box, label in zip(boxes, labels, strict=True) if box in vocabulary.marks.yes
    ]
    return (
        _bare_mark(ticked[0].strip(" .;,"), vocabulary, field_marks)
        if len(ticked) == 1 and all(labels)
        else None
    )


def _bare_mark(
    text: str, vocabulary: Vocabulary, field_marks: tuple[frozenset[str], frozenset[str]] | None
) -> str | None:
    """A mark or a word with nothing beside it; of one letter repeated (xx, ✓ ✓) the letter."""
    letters = set(text) - {" "}
    if len(letters) == 1 and letters <= vocabulary.marks.tick_letters:
        text = text[0]
    for yes, no in filter(None, (field_marks, (vocabulary.marks.yes, vocabulary.marks.no))):
        if text in yes or text in no:
            return "true" if text in yes else "false"
    if letters <= DASHES:
        return "false"
    if (cells := _OF_ALL.fullmatch(text)) and fold(cells[3] or "") in vocabulary.counts.units | {
        ""
    }:
        return (
            "true"
            if cells[1] == cells[2] and int(cells[1])
            else "false"
            if not int(cells[1])
            else None
        )
    return vocabulary.marks.of_phrase(text)


def _people_mark(text: str, vocabulary: Vocabulary) -> str | None:
    """Whether someone attended, where people are counted or named instead of marked: `01 đ/c`, `đ/c
    Bí thư`."""
    if number := _PEOPLE.fullmatch(text):
        unit = vocabulary.counts.without_presence(fold(number[2] or ""))
        if unit in vocabulary.counts.units or (
            not unit and whole_number(number[1]) <= _MAX_COUNT_WITHOUT_UNIT
        ):
            return "true" if whole_number(number[1]) else "false"
        return None
    return (
        "true"
        if vocabulary.marks.person_titles.begin(text) and not vocabulary.marks.doubts.occur_in(text)
        else None
    )


def _with_remark(
    text: str, vocabulary: Vocabulary, field_marks: tuple[frozenset[str], frozenset[str]] | None
) -> str | None:
    """A yes with a remark on who or how many, a no with a remark on the reason."""
    parts = _REMARK.fullmatch(text)
    mark = _bare_mark(parts[1].strip(), vocabulary, field_marks) if parts else None
    if parts is None or mark is None:
        return None
    remark = (parts[2] or parts[3] or "").strip(" .;:,")
    if mark == "false":
        return mark if vocabulary.marks.reasons.begin(remark) else None
    is_explained = (
        not remark
        or vocabulary.marks.person_titles.begin(remark)
        or fold(remark) in vocabulary.marks.remarks
    )
    is_explained = is_explained or _people_mark(remark, vocabulary) == "true"
    return mark if is_explained and not vocabulary.marks.doubts.occur_in(remark) else None
