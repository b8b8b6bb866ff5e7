"""Numbers that are a person's own: telephones, identity cards, bank accounts, days of birth, and
e-mail addresses.

A number is known by the words before it (people.toml), or by its shape: nine digits and more in one
run, or ten to twelve in groups with a nought before them. No count, day, symbol of a document or
sum of money has such a shape.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sources.extraction.people_vocabulary import PRIVATE, not_behind
from sources.extraction.word_patterns import any_of
from sources.text import fold

HIDDEN = "…"
MIN_PRIVATE_DIGITS = (
    9  # digits: an old identity card, or a telephone whose nought a spreadsheet has dropped
)


def hide_numbers(text: str, beside_name: bool = False) -> str:
    """The text with each e-mail address and each number of a person's own replaced by "…".

    `beside_name`: a person's name was hidden in it, so that a year or a day behind one "…" is a
    birthday.
    """
    if not _HINT.search(text):  # a cheap check: most texts hold none
        return text
    if _AT.search(text):
        text = _EMAIL.sub(HIDDEN, text)
    if _LONG_NUMBER.search(text):
        text = _PASSPORT.sub(_kept_words, text)
        text = _BEHIND_WORDS.sub(_kept_words, _SHAPES.sub(HIDDEN, text))
    if _YEAR.search(text):
        text = _BORN.sub(_kept_words, text)
        if beside_name:
            text = _BESIDE_NAME.sub(_kept_words, text)
    return text


def is_private_number(text: str) -> bool:
    """Whether a text is nothing but a telephone's or an identity card's number: with a nought, or
    the country's 84."""
    return _SURELY_PRIVATE.fullmatch(text.strip(_AROUND_NUMBERS)) is not None


@lru_cache(maxsize=4096)
def is_private_label(label: str) -> bool:
    """Whether a column of that label holds names, numbers or days that are a person's own."""
    return _LABELS.search(fold(label)) is not None


def _kept_words(found: re.Match[str]) -> str:
    return f"{found['words']}{HIDDEN}"


_SEP = r"[ \u00a0.-]"
_ALONE = r"(?!\w|[.,]\d)"
# nor the time at which a file was saved: 20220415083012
_NO_MONEY = (
    rf"(?!\d*000(?!\d))(?!\d+\s*(?i:{any_of(PRIVATE['money'])})(?!\w))"
    r"(?!20[12]\d[01]\d[0-3]\d\d{4})"
)
_ZERO = "|".join(
    (
        rf"0\d{{8,12}}{_ALONE}",
        rf"0\d{{2}}(?:{_SEP}\d{{3}}){{3}}{_ALONE}",
        rf"\(?0\d{{2,3}}\)?{_SEP}?\d{{3}}{_SEP}?\d{{3,4}}{_ALONE}",
        rf"\(?0\d{{2,3}}\)?{_SEP}\d{{6,7}}{_ALONE}",
        rf"0\d{{2}}{_SEP}\d{{4}}{_SEP}\d{{3}}{_ALONE}",
        rf"0[235789](?P<by>{_SEP})\d{{4}}(?P=by)\d{{4}}{_ALONE}",
        rf"0\d{{3}}(?P<by2>{_SEP})\d{{2}}(?P=by2)\d{{2}}(?P=by2)\d{{2}}{_ALONE}",
        rf"0\d{{2}}{_SEP}\d{{2}}{_SEP}\d{{2}}{_SEP}\d{{3}}{_ALONE}",
        rf"0\d{{4}}{_SEP}\d{{5,6}}{_ALONE}",
        rf"0\d{{2,3}}{_SEP}\d(?:{_SEP}\d{{3}}){{2}}{_ALONE}",
        rf"0\d{{3}}{_SEP}\d{{4}}{_SEP}\d{{4}}{_ALONE}",
        rf"0[35789]\d(?:{_SEP}?\d){{7}}(?!{_SEP}?\d){_ALONE}",
    )
)
_ABROAD = rf"(?:\+|\(\+|00)84\)?{_SEP}?\(?0?\)?\d{{1,4}}(?:{_SEP}?\d){{5,9}}{_ALONE}"
_HOME = rf"84{_SEP}\d{{2,3}}{_SEP}\d{{3}}{_SEP}\d{{3,4}}{_ALONE}|[oO]\d{{9}}{_ALONE}"  # a letter for the nought
_CARDS = rf"[A-Z]{{2}}\d{{13}}{_ALONE}|\d\d[A-Z]\d?[ ]?-[ ]?\d{{3}}\.?\d\d{_ALONE}"  # of insurance, of a vehicle
_RUN = rf"[1-9]\d{{8,18}}{_ALONE}(?!\.[a-z]{{3,4}}(?!\w))"  # a picture's file is named by such a number
_SURELY_PRIVATE = re.compile(rf"{_ZERO}|{_ABROAD}|{_HOME}")
_AROUND_NUMBERS = " \u00a0\t.,;:'\"‘’“”`()"
_EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:@|[(\[](?i:a|at)[)\]])\s?"
    r"(?:[\w-]{1,64}(?:\.[\w-]{1,64})+|(?i:gmail|yahoo)(?!\w))"
    r"|(?i:facebook|fb)\.com/[\w./?=-]{1,64}"
)
_AT = re.compile(r"@|[(\[](?i:a|at)[)\]]|\.com/")
_HINT = re.compile(rf"\d\d|{_AT.pattern}")
_PASSPORT = re.compile(
    r"(?P<words>(?i:hộ chiếu|passport)(?:\s+số)?[ \u00a0:]*)[A-Z][ \u00a0]?\d{7}(?!\d)"
)
_LONG_NUMBER = re.compile(r"\d(?:[ \u00a0.()-]*\d){5}")
_SHAPES = re.compile(
    rf"(?<!\w)(?<!\d[.,])(?:{_ABROAD})|(?<!\d)(?<!\d[.,])(?:{_ZERO})"
    rf"|(?<!\w)(?<!\d[.,])(?<!\d-)(?:{_HOME}|{_CARDS}|{_NO_MONEY}(?:{_RUN}))"
)
_BEHIND_WORDS = re.compile(
    rf"(?P<words>(?<!\w)(?i:{any_of(PRIVATE['numbers_behind'])})"
    rf"(?i:\s+(?:số|so|liên hệ|công dân|nhân dân|ngân hàng|nh|bt|là))*"
    rf"[ \u00a0]*[:.(]?[ \u00a0]*)(?!\d{{1,2}}[./-]\d{{1,2}}[./-](?:19|20)?\d\d(?!\d))"
    rf"(?!(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d(?!\d))\+?\(?\d(?:(?:[ \u00a0.()-]|\) )?\d){{5,18}}(?!\d)"
    rf"(?!\s*(?i:{any_of(PRIVATE['money'])})(?!\w))"
)

_BIRTH_YEAR = r"(?:19[2-9]\d|200\d|201[0-6])(?!\d)"
_BIRTHDAY = (
    rf"(?:(?:ngày\s+|ngay\s+)?\d{{1,2}}\s*(?:[./-]|tháng|thang)\s*\d{{1,2}}\s*(?:[./-]|năm|nam)\s*"
    rf"(?:{_BIRTH_YEAR}|[3-9]\d(?!\d))|(?:tháng\s+)?\d{{1,2}}\s*[./-]\s*{_BIRTH_YEAR}|{_BIRTH_YEAR}"
    rf"|(?<=[mM][ \u00a0])[4-9]\d(?!\d|[.,/]\d|\s*%))"
)
_YEAR = re.compile(r"(?:19[2-9]|20[01])\d(?!\d)|(?:[./-]|[mM][ \u00a0])[3-9]\d(?!\d)")
_BORN = re.compile(
    rf"(?P<words>(?<!\w)(?i:{not_behind(PRIVATE['born_not_behind'])})(?i:{any_of(PRIVATE['born'])})(?!\w)"
    rf"[ \u00a0]*[.:]*[ \u00a0]*)"
    rf"{_BIRTHDAY}(?:\s*(?:,|;|và|-)\s*{_BIRTH_YEAR})*"
)
_BESIDE_NAME = re.compile(rf"(?P<words>{HIDDEN}[\s,;:(–-]*){_BIRTHDAY}")
# `Ngày sinh`, but not `Ngày sinh hoạt`
_LABELS = re.compile(rf"\b(?:{any_of({fold(label) for label in PRIVATE['labels']})})\b(?! hoat)")
