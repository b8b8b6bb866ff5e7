"""A label and its value in one text, and the fact that a value of a pair makes, wherever the two stand."""

from __future__ import annotations

import re
from functools import lru_cache

from sources.extraction.cell_types import BLANK, UNTYPED, Typed, raw_text, type_count, type_value
from sources.extraction.dictionary import Dictionary, any_of, strip_numbering
from sources.extraction.facts import Fact
from sources.extraction.numbers_in_text import unexplained_numbers
from sources.extraction.numerals import comparable, with_digits
from sources.form import FormField, Section
from sources.grids import Value
from sources.text import clean, fold

_SEPARATOR = re.compile(r"[:=\t]|\s(?:là|[-–])\s+(?=\d)")
_MAY_HOLD_ONE = re.compile(r"[:=\t\d]")   # a cheap look before the thorough one: every text of a grid is asked for
_VALUE_ENDS = re.compile(r"(?<!\d),|,(?!\d)|;|\(|\s=\s|\s[–-]\s(?!\d)")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011"), "-")
_BARE = re.compile(r"(?P<label>[^\d:=]{6,120}?)\s+(?P<value>\d[^:=]{0,60})")
_LONGEST_LABEL = 120
_REMEMBERED = 200   # letters of the longest text that is remembered: a page of prose stands nowhere else


def pair_in_text(text: str, words: Dictionary) -> tuple[Section, FormField, str] | None:
    """Section, field and value of a text that holds both: `1. Tổng số chi bộ: 25`, `Tổng số chi bộ 25`.

    The longest label counts, since labels may hold a colon themselves (`Tài liệu: Chỉ thị 14-CT/TU: có`).
    """
    return _pair(text, words) if len(text) <= _REMEMBERED else _pair.__wrapped__(text, words)


@lru_cache(maxsize=16384)   # the cells of all reports say the same few things
def _pair(text: str, words: Dictionary) -> tuple[Section, FormField, str] | None:
    if not _MAY_HOLD_ONE.search(text):
        return None
    for colon in reversed(list(_SEPARATOR.finditer(text))):
        if colon.start() <= _LONGEST_LABEL and (pair := words.pair(text[:colon.start()])):
            value = text[colon.end():].strip()
            return None if _counts_documents(text[:colon.start()], value, pair[1], words) else (*pair, value)
    return _bare_pair(text, words)


def _counts_documents(label: str, value: str, field: FormField, words: Dictionary) -> bool:
    """Whether `Số văn bản: 3` tells how many documents there are, and not the report's own number."""
    if field.key != "document_number" or not value.rstrip(" .").isdigit():
        return False
    return any(fold(label).endswith(fold(other.unit_word)) for section in words.campaign.form.sections
               for other in section.fields if other.type == "count" and other.unit_word)


def split_count(value: str, field: FormField, words: Dictionary) -> tuple[str, str]:
    """The count that a value begins with, and what follows it; all of the value where it begins with none.

    `330/345 đồng chí (đạt 95,7%), vắng 15 có lý do` is `330/345 đồng chí (đạt 95,7%)`, and the rest.
    """
    year = words.campaign.campaign.year
    details = words.details.search(value)
    ends = [len(value), *([details.start()] if details else []), *sorted(
        (m.start() for m in _VALUE_ENDS.finditer(value)), reverse=True)]
    for end in ends:
        if value[:end].strip() and type_value(value[:end], field, words, year) is not UNTYPED:
            if _is_of_another_time(value[end:], words):
                break
            if end == len(value) and details and details.start() > 0:
                return value[:details.start()].rstrip(" ,("), value[details.start():]
            return value[:end].rstrip(" ,"), value[end:]
    return value, ""


@lru_cache(maxsize=4096)
def _is_of_another_time(text: str, words: Dictionary) -> bool:
    return re.search(rf"(?<!\w)(?:{any_of(words.campaign.form.prose.other_time_words)})(?!\w)", comparable(text)) is not None


def _count_and_explanation(text: str, field: FormField, words: Dictionary) -> Typed:
    """The count of a value whose further numbers only explain it: `330/345 đồng chí (95,7%), vắng 15 có lý do`."""
    plain = with_digits(text, words).strip()
    count, rest = split_count(plain, field, words)
    counts = [int(n.replace(".", "")) for n in re.findall(r"\d[\d.]*(?<=\d)", count.split("(")[0])]
    if not count or unexplained_numbers(rest, words, (), counts):
        return UNTYPED
    return type_value(count, field, words, words.campaign.campaign.year)


def _bare_pair(text: str, words: Dictionary) -> tuple[Section, FormField, str] | None:
    """A label and its count with nothing between them."""
    bare = _BARE.fullmatch(strip_numbering(text).strip()) if len(text) <= 2 * _LONGEST_LABEL else None
    pair = words.pair(bare["label"]) if bare else None
    if bare is None or pair is None or pair[1].type != "count" or type_count(bare["value"], words) is UNTYPED:
        return None
    return *pair, bare["value"].strip()


def _mark_of_copies(text: str, words: Dictionary) -> Typed:
    """Given, where a count says to whom or how often: `18/18 chi bộ`, `18 bản`; not given: `0/18 chi bộ`, `chưa cung cấp`.

    To some of the cells only is neither.
    """
    prose = words.campaign.form.prose
    said = comparable(with_digits(text, words)).strip(" .;")
    if copies := re.fullmatch(rf"(\d+)(?:/(\d+))?\s*(?:{any_of(prose.copy_words)})?(?:\s*\(?(?:đạt\s*)?100\s*%\)?)?", said):
        part, whole = copies[1], copies[2] or copies[1]
        return "false" if int(part) == 0 else "true" if int(part) == int(whole) else UNTYPED
    given = any_of((*prose.given_words, "có"))
    if re.fullmatch(rf"(?:{any_of(prose.not_words)})(?:\s+(?:{given}))?", said):
        return "false"
    return "true" if re.fullmatch(rf"(?:đã|được|đã được)\s+(?:{given})(?:\s+đầy đủ|\s+đủ)?|đầy đủ|đủ", said) else UNTYPED


def pair_fact(section: Section, field: FormField, value: Value, raw: str, sheet: str, ref: str,
              words: Dictionary) -> Fact:
    """The fact of a pair, typed."""
    if section.key == "text":
        return Fact(section.key, 0, field.key, raw_text(value).strip() or None, raw.strip(), sheet, ref)
    if field.key == "document_number":
        value = re.sub(r"^\s*Số\s*[:.]?\s*", "", raw_text(value), flags=re.IGNORECASE).translate(_HYPHENS)
    if field.type == "unit":
        unit = words.names.reporter(raw_text(value))
        return Fact(section.key, 0, field.key, unit.code if unit else None, raw, sheet, ref)
    typed = type_value(value, field, words, words.campaign.campaign.year)
    if typed is UNTYPED and field.type == "mark":
        typed = _mark_of_copies(raw_text(value), words)
    if typed is UNTYPED and field.type == "count" and isinstance(value, str):
        typed = _count_and_explanation(value, field, words)
    said = clean(raw) and typed is not BLANK
    return Fact(section.key, 0, field.key, None if typed is UNTYPED else typed, raw if said else "", sheet, ref)
