"""Vietnamese text of the time before Unicode: a font named .VnTime… or VNI-… shows other letters
than the text has.

TCVN3 gives each accented letter one byte; VNI writes a base letter and a second one that stands for
the accents. Text that holds a letter outside Latin-1 was typed in Unicode with such a font left on,
and stays as it is. Of bytes whose encoding nobody names, that one is taken which makes Vietnamese
syllables of them.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from sources.symbol_fonts import decoder_of_symbols

_TCVN3_BYTES = "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ"
_TCVN3_LETTERS = "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
_TCVN3 = str.maketrans(_TCVN3_BYTES, _TCVN3_LETTERS)

_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_SHAPES = {
    "â": "\u0302",
    "á": "\u0302\u0301",
    "à": "\u0302\u0300",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
    "ê": "\u0306",
    "é": "\u0306\u0301",
    "è": "\u0306\u0300",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_LETTERS = {
    "ô": "ơ",
    "ö": "ư",
    "ñ": "đ",
    "í": "í",
    "ì": "ì",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "î": "ỵ",
}
_VNI_MARKS = {
    mark: accents
    for low, accents in (_VNI_TONES | _VNI_SHAPES).items()
    for mark in (low, low.upper())
}
_VNI_ALONE = _VNI_LETTERS | {low.upper(): letter.upper() for low, letter in _VNI_LETTERS.items()}
# The encodings that programs write text in. Python knows more, some of which make of plain letters
# what is no text: unicode_escape and utf-7 make halves of surrogate pairs, which no file can be
# named by and nothing can store.
_OF_TEXT = frozenset(
    (
        "ascii",
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "cp437",
        "cp850",
        "cp852",
        "cp866",
        "cp874",
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in range(1, 12)),
        "iso8859-13",
        "iso8859-14",
        "iso8859-15",
        "iso8859-16",
        "tis-620",
        "koi8-r",
        "koi8-u",
        "mac-roman",
        "gb2312",
        "gbk",
        "gb18030",
        "hz",
        "big5",
        "big5hkscs",
        "cp932",
        "cp949",
        "cp950",
        "shift_jis",
        "euc_jp",
        "euc_kr",
        "iso2022_jp",
        "iso2022_kr",
        "johab",
    )
)
_MAX_CODEC_NAME = 40
# Word puts dashes and quotes into any font's text
_BEYOND_BYTES = re.compile("[^\x00-\xff\u2010-\u2026]")
WORD = re.compile(r"[^\W\d_]+")
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_SYLLABLE = re.compile(
    "(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    "(?:iê|yê|uyê|ươ|uô|uâ|oa|oă|oe|uê|uya|uy|ia|ưa|ua|uơ|[aăâeêioôơuưy])"
    "(?:ng|nh|ch|[cmnptiouy])?"
)
_MAX_LETTERS = 8  # of a syllable: ngh, uyê, ng
_VNI_PAIR = re.compile(f"([AEIOUYaeiouyôöÔÖ])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_ALONE)}])")


def decoder_of_font(font: str | None) -> Callable[[str], str] | None:
    """The function that makes Unicode of a font's text; None for one whose letters are what they
    seem."""
    name = (font or "").strip()
    if name.lower().startswith(".vn"):
        return decode_tcvn3_capitals if name.endswith("H") else decode_tcvn3
    return decode_vni if name.lower().startswith("vni-") else decoder_of_symbols(name)


def has_loose_accents(font: str | None) -> bool:
    """Whether the accents of a font's text are letters of their own, as in VNI fonts: where a text
    is written in several runs, the next one may begin with the accent of this one's last letter."""
    return (font or "").strip().lower().startswith("vni-")


def decode_tcvn3(text: str) -> str:
    """The Unicode of text in a TCVN3 font such as .VnTime."""
    return text.translate(_TCVN3) if may_be_legacy(text) else text


def decode_tcvn3_capitals(text: str) -> str:
    """The Unicode of text in a TCVN3 font that shows all letters as capitals, such as .VnTimeH."""
    return decode_tcvn3(text).upper()


def decode_vni(text: str) -> str:
    """The Unicode of text in a VNI font such as VNI-Times."""
    if not may_be_legacy(text):
        return text
    return unicodedata.normalize("NFC", _VNI_PAIR.sub(_vni_letter, text))


def decode_unnamed(data: bytes, named: str | None = None) -> str:
    """The text of bytes whose encoding nobody names, or `named` wrongly: what makes most Vietnamese
    syllables of them.

    Bytes that no encoding makes sense of become U+FFFD each.
    """
    by_name = _decoded(data, named)
    as_utf_8 = _decoded(data, "utf-8")
    if as_utf_8 is not None:  # other encodings make valid UTF-8 by design only
        return by_name if by_name is not None and data.isascii() else as_utf_8
    latin_1 = data.decode("latin-1")
    guesses = [by_name, _decoded(data, "cp1258"), decode_tcvn3(latin_1), decode_vni(latin_1)]
    best = max((text for text in guesses if text is not None), key=sense)  # the first of equals
    if sense(best) > 0:
        return best
    return by_name if by_name is not None else data.decode("ascii", "replace")


def sense(text: str) -> int:
    """How many more of its words with a letter beyond ASCII are Vietnamese syllables than are
    not."""
    words = [word for word in WORD.findall(text) if not word.isascii()]
    return sum(1 if is_syllable(word) else -1 for word in words)


def is_syllable(word: str) -> bool:
    """Whether a word is a Vietnamese syllable by its letters."""
    return len(word) <= _MAX_LETTERS and _is_syllable(word)


@lru_cache(maxsize=16_384)  # the same few thousand syllables make up all texts
def _is_syllable(word: str) -> bool:
    letters = unicodedata.normalize("NFD", word.lower())
    plain = unicodedata.normalize("NFC", _TONE.sub("", letters))
    return len(_TONE.findall(letters)) <= 1 and _SYLLABLE.fullmatch(plain) is not None


def _vni_letter(match: re.Match[str]) -> str:
    base, mark, alone = match.groups()
    if alone:
        return _VNI_ALONE[alone]
    return _VNI_ALONE.get(base, base) + _VNI_MARKS[mark]


def may_be_legacy(text: str) -> bool:
    """Whether a legacy font may show the text otherwise: letters beyond ASCII, and none that its
    bytes do not have."""
    return not text.isascii() and _BEYOND_BYTES.search(text) is None


def _decoded(data: bytes, encoding: str | None) -> str | None:
    """The text in NFC; None where the encoding is not one of text, or the bytes are not in it."""
    name = (encoding or "").lower()
    if "tcvn" in name:
        return decode_tcvn3(data.decode("latin-1"))
    if "vni" in name:
        return decode_vni(data.decode("latin-1"))
    try:
        codec = codecs.lookup(name[:_MAX_CODEC_NAME]).name
        return unicodedata.normalize("NFC", data.decode(codec)) if codec in _OF_TEXT else None
    except (LookupError, ValueError):
        return None
