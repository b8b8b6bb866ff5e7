"""How cells are typed: from a value as it stands to canonical text, or not at all.

Each function returns the canonical text of a value, BLANK where the place says nothing, or UNTYPED
where it says something else than the type allows. Nothing is guessed: what is not plainly a count,
a date or a mark is UNTYPED.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from functools import lru_cache

from sources.extraction.count_texts import count_in_text, part_and_whole
from sources.extraction.date_texts import date_in_text, date_of_number
from sources.extraction.mark_texts import mark_in_text
from sources.extraction.typed import BLANK, DASHES, UNTYPED, Typed, Untyped
from sources.extraction.vocabulary import Vocabulary
from sources.form import FormField
from sources.grids import ErrorValue, Uncached, Value
from sources.text import clean, fold, whole_number

__all__ = [
    "BLANK",
    "UNTYPED",
    "Typed",
    "Untyped",
    "is_blank_text",
    "is_second_header",
    "part_of_whole",
    "raw_or_blank",
    "raw_text",
    "type_choice",
    "type_count",
    "type_date",
    "type_mark",
    "type_value",
    "typer_of",
    "without_ordinal",
]

_ORDINAL_BEFORE = re.compile(r"^\s*(?:\d{1,3}\s*[.)]|[-+*•–])\s*(?=[^\W\d])")
_IN_BRACKETS = re.compile(r"(.*?)\s*\(([^()]*)\)\s*\.?")
_NOT = re.compile(r"(?:không|ko|chưa)\s+(?:phải\s+)?(.*)", re.IGNORECASE)


def type_value(value: Value, field: FormField, vocabulary: Vocabulary, year: int) -> Typed:
    """The canonical text of a value of that field, BLANK or UNTYPED.

    `year` is the campaign's, for dates written without one.
    """
    if (
        value is None
        or value == ""
        or (isinstance(value, str) and is_blank_text(value, field.type == "text"))
    ):
        return "false" if field.type == "mark" else BLANK
    if isinstance(value, ErrorValue | Uncached):
        return UNTYPED
    match field.type:
        case "count":
            return type_count(value, vocabulary, whole=field.path in vocabulary.whole_fields)
        case "date":
            return type_date(value, year, vocabulary)
        case "mark":
            return type_mark(value, vocabulary, field)
        case "choice" | "organisation":
            return type_choice(raw_text(value), field, vocabulary)
        case "commune":
            unit = vocabulary.unit_names.commune(raw_text(value))
            return unit.code if unit else UNTYPED
        case _:
            text = clean(raw_text(value))
            return without_ordinal(text) if field.path in vocabulary.row_name_fields else text


def is_blank_text(text: str, in_prose: bool = False) -> bool:
    """Whether a text is white space alone, or the dotted line on which a value was to be
    written."""
    cleaned = clean(text)
    return not cleaned or (not in_prose and not cleaned.strip("._… ") and len(cleaned) > 1)


def typer_of(
    field: FormField, vocabulary: Vocabulary, year: int
) -> Callable[[Value], tuple[Typed, str]]:
    """A function from a value of that field to what `type_value` makes of it, and to its raw text
    ("" of blanks).

    Its results are cached in the vocabulary: cells of all reports hold the same few values.
    """
    if (typer := vocabulary.type_functions.get(field.path)) is not None:
        return typer
    alone = (
        field.choice
        or field.counts_people
        or vocabulary.marks.own_of(field) is not None
        or field.path in vocabulary.whole_fields | vocabulary.row_name_fields
    )
    key = field.path if alone else field.type  # a path has a dot, a type has none
    if key not in vocabulary.type_functions:
        vocabulary.type_functions[key] = lru_cache(maxsize=8192, typed=True)(
            lambda value: (
                type_value(value, field, vocabulary, year),
                raw_or_blank(raw_text(value)),
            )
        )
    vocabulary.type_functions[field.path] = vocabulary.type_functions[key]
    return vocabulary.type_functions[key]


def is_second_header(value: Value, field: FormField, vocabulary: Vocabulary) -> bool:
    """Whether a text can be no value of the field, but a second header below the field's: `Năm
    2022`."""
    if not isinstance(value, str) or field.type == "text":
        return False
    if field.type in ("count", "date") and (
        fold(value) in vocabulary.counts.not_yet or vocabulary.not_held_notes.begin(value)
    ):
        return True  # `Đã sinh hoạt` and `Chưa sinh hoạt` head two columns of counts
    if field.type == "mark":
        # `Có` and `Không` head columns of marks
        return len(fold(value)) > 1 and not fold(value).isdigit()
    return type_value(value, field, vocabulary, vocabulary.campaign.campaign.year) is UNTYPED


def without_ordinal(text: str) -> str:
    """A row's name without the number or bullet before it: `1. Chi bộ thôn Hạ`."""
    return text if text[:1].isalpha() else _ORDINAL_BEFORE.sub("", text)


def raw_or_blank(raw: str) -> str:
    """Raw text, "" where it is but white space."""
    return raw if raw.strip() else ""


def type_count(value: Value, vocabulary: Vocabulary, whole: bool = False) -> Typed:
    """A whole number of things as digits: 25, "25", "1.234", "25 đ/c", "17/18 chi bộ (đạt 94,4%)",
    "Không".

    `whole`: the count is of a whole, such as all members, of which a text that gives a part only
    says nothing.
    """
    if isinstance(value, bool | dt.date | dt.time | dt.timedelta):
        return UNTYPED
    if isinstance(value, int | float):
        return (
            str(int(value))
            if 0 <= value <= vocabulary.campaign.limits.count and value == int(value)
            else UNTYPED
        )
    count = count_in_text(str(value), vocabulary)
    return (
        UNTYPED
        if count is None or (whole and count.of_part)
        else _within_limit(count.digits, vocabulary)
    )


def part_of_whole(value: Value) -> tuple[int, int, float | None] | None:
    """Part, whole and share (in percent, None where not said) of "17/18 (đạt 94,4%)"; None for any
    other value."""
    return part_and_whole(value) if isinstance(value, str) and not value.isdecimal() else None


def _within_limit(digits: str, vocabulary: Vocabulary) -> Typed:
    return (
        str(whole_number(digits))
        if whole_number(digits) <= vocabulary.campaign.limits.count
        else UNTYPED
    )


def type_date(value: Value, year: int, vocabulary: Vocabulary | None = None) -> Typed:
    """A day as YYYY-MM-DD, day first always; "5/4" is of the campaign's year, 31/4 is UNTYPED.

    BLANK where a text states that the meeting was not held.
    """
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bool | dt.time | dt.timedelta):
        return UNTYPED
    if isinstance(value, float) and not math.isfinite(value):
        return UNTYPED
    if isinstance(value, int | float):
        return date_of_number(int(value) if value == int(value) else value, year)
    return date_in_text(str(value), year, vocabulary)


def type_mark(value: Value, vocabulary: Vocabulary, field: FormField | None = None) -> Typed:
    """Yes as "true", no as "false"; any other text is UNTYPED. A field may have words of its own
    (form.toml)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if value in (0, 1):
            return "true" if value else "false"
        people = (
            field is not None and field.counts_people and 0 <= value < 10 and value == int(value)
        )
        return "true" if people else UNTYPED
    return mark_in_text(str(value), vocabulary, field) or UNTYPED


def type_choice(text: str, field: FormField, vocabulary: Vocabulary) -> Typed:
    """The code of a choice as it is written; `Riêng (không lồng ghép)` is Riêng, `Không lồng ghép`
    of two the other."""
    if text.strip() and not set(text.strip()) - DASHES:
        return BLANK
    code = vocabulary.choices.code(field, text) or vocabulary.choices.code(
        field, without_ordinal(text)
    )
    return (
        code
        or _choice_before_hint(clean(text), field, vocabulary)
        or (_choice_by_denial(clean(text), field, vocabulary) or UNTYPED)
    )


def _choice_before_hint(text: str, field: FormField, vocabulary: Vocabulary) -> str | None:
    """The choice before brackets that only say what is counted: `UB MTTQ (Ban CTMT)`."""
    found = _IN_BRACKETS.fullmatch(text)
    return (
        vocabulary.choices.code(field, found[1])
        if found and fold(found[2]) in vocabulary.label_hints
        else None
    )


def _choice_by_denial(text: str, field: FormField, vocabulary: Vocabulary) -> str | None:
    outside, inside = found.groups() if (found := _IN_BRACKETS.fullmatch(text)) else (text, "")
    denied = _NOT.fullmatch(inside or outside)
    other = vocabulary.choices.code(field, denied[1]) if denied else None
    if not other:
        return None
    if inside:
        code = vocabulary.choices.code(field, outside)
        return code if code != other else None
    codes = [choice.code for choice in field.choice if choice.code != other]
    return codes[0] if len(codes) == 1 else None


def raw_text(value: Value) -> str:
    """The value as it stands in the file: a whole number without its fraction, a date as
    YYYY-MM-DD."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
