"""Vietnamese text of the time before Unicode: what a font named .VnTime… or VNI-… shows is not what its letters say.

TCVN3 gives each accented letter one byte; VNI writes a base letter and a second one that stands for the accents. Text
that holds a letter outside Latin-1 was typed in Unicode with such a font left on, and stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_TCVN3_BYTES = (
    "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾"
    "ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ"
)
_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắ"
    "ặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
)
_TCVN3 = str.maketrans(_TCVN3_BYTES, _TCVN3_LETTERS)

_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_SHAPES = {
    "â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323", "ê": "\u0306", "é": "\u0306\u0301", "è": "\u0306\u0300", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_MARKS = {mark: accents for low, accents in (_VNI_TONES | _VNI_SHAPES).items() for mark in (low, low.upper())}
_VNI_ALONE = _VNI_LETTERS | {low.upper(): letter.upper() for low, letter in _VNI_LETTERS.items()}
_VNI_PAIR = re.compile(f"([AEIOUYaeiouyôöÔÖ])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_ALONE)}])")


def decoder_of_font(font: str | None) -> Callable[[str], str] | None:
    """The function that makes Unicode of a font's text; None for a font that is no legacy one."""
    name = (font or "").strip()
    if name.lower().startswith(".vn"):
        return decode_tcvn3_capitals if name.endswith("H") else decode_tcvn3
    return decode_vni if name.lower().startswith("vni-") else None


def decode_tcvn3(text: str) -> str:
    """The Unicode of text in a TCVN3 font such as .VnTime."""
    return text.translate(_TCVN3) if _is_legacy(text) else text


def decode_tcvn3_capitals(text: str) -> str:
    """The Unicode of text in a TCVN3 font that shows all letters as capitals, such as .VnTimeH."""
    return decode_tcvn3(text).upper()


def decode_vni(text: str) -> str:
    """The Unicode of text in a VNI font such as VNI-Times."""
    if not _is_legacy(text):
        return text
    return unicodedata.normalize("NFC", _VNI_PAIR.sub(_vni_letter, text))


def _vni_letter(match: re.Match[str]) -> str:
    base, mark, alone = match.groups()
    if alone:
        return _VNI_ALONE[alone]
    return _VNI_ALONE.get(base, base) + _VNI_MARKS[mark]


def _is_legacy(text: str) -> bool:
    return not text.isascii() and all(ord(letter) < 256 for letter in text)
