"""Vietnamese text made comparable and safe to show: one Unicode form, folding for look-ups, no
hidden characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = [chr(code) for code in range(0xC0, 0x1F00) if chr(code).isalpha()]
# as a class of a pattern, as the next
CAPITALS = "A-Z" + "".join(letter for letter in _LETTERS if letter.isupper())
SMALL = "a-z" + "".join(letter for letter in _LETTERS if letter.islower())
_NOT_WORD = re.compile(r"[^0-9a-z]+")
# all that Vietnamese has; rarer ones are looked for one by one
_MARKS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_MAX_DIGITS = 300
_RAW_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)( \d\d:\d\d)?(?::\d\d)?")
_BREAKS = re.compile("[\t\n]")
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
# to search for one is cheaper than `translate`, as next
_INVISIBLE = re.compile(f"[{''.join(map(chr, INVISIBLE))}]")
_UNCLEAN = re.compile(f"[{''.join(map(chr, INVISIBLE))}Ðð]")
# Icelandic letters, which old programs write for Vietnamese ones
_CLEANED = INVISIBLE | str.maketrans("Ðð", "Đđ")


def whole_number(digits: str) -> int:
    """The number of these decimal digits; of more than `_MAX_DIGITS` a number larger than any valid
    count.

    Python refuses to convert thousands of digits, and a text may have as many.
    """
    return (
        int(digits)
        if len(digits) <= _MAX_DIGITS
        else int(digits.strip().lstrip("0")[:_MAX_DIGITS] or "0")
    )


@lru_cache(maxsize=16384)
def clean(text: str) -> str:
    """The text in Unicode NFC, without invisible characters, each run of white space a single
    space."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join(
        (composed.translate(_CLEANED) if _UNCLEAN.search(composed) else composed).split()
    )


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without accents, spaces and punctuation folded to one space: `Tổng số ĐV:` becomes
    `tong so dv`."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFKD", without_invisible(text)).casefold()
    plain = _MARKS.sub("", decomposed).replace("đ", "d").replace("ð", "d")
    if not plain.isascii():
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", plain).strip()


def day_first(raw: str) -> str:
    """The raw text of a cell as it is quoted: 2022-07-05, of a cell that is formatted as a day, is
    05/07/2022. A macro of the same name in `expectations/sql/finding_placed.sql` does the same."""
    day = _RAW_DAY.fullmatch(raw)
    return day.expand(r"\3/\2/\1\4") if day else raw


def without_invisible(text: str) -> str:
    """The text without invisible characters."""
    return text.translate(INVISIBLE) if _INVISIBLE.search(text) else text


def visible(text: str, line_breaks: bool = True) -> str:
    """The text with each character that would act where it is shown written out, as `\\x1b` or
    `\\u202e`.

    Such are control characters, which begin a terminal's orders, turns of the reading direction,
    and halves of surrogate pairs. Tabs and line breaks stay, but not in what must be one line, such
    as a file's name.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _CONTROLS.sub(_escaped, text.replace("\r\n", "\n"))
    return text if line_breaks else _BREAKS.sub(_escaped, text)


def has_control_characters(text: str) -> bool:
    """Whether a text holds a character that `visible` writes out."""
    return _CONTROLS.search(text) is not None


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
