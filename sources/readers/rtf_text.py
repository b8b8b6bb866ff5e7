"""The letters of an rtf: its tokens, its fonts, and what their bytes mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from sources.legacy_encodings import decoder_of_font
from sources.readers.refusals import broken

MAX_TOKENS = 6_000_000
_MAX_FONTS = 4_096
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^A-Za-z])|([{}])|([^\\{}\r\n]+)",
    re.DOTALL,
)
_CODE_PAGES = {
    0: "cp1252",
    77: "mac-roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
_BY_NUMBER = {437: "cp437", 708: "cp1256", 850: "cp850", 10000: "mac-roman", 65001: "utf-8"}
_KNOWN_NUMBERS = {*range(1250, 1259), 874, 932, 936, 949, 950, 852, 866}
_LEGACY = (".vn", "vni-")


class Token(NamedTuple):
    """One token: a control word with its number, one byte, a control symbol, a brace, or text."""

    word: str = ""
    number: int | None = None
    text: bytes = b""
    symbol: str = ""


def tokens_of(data: bytes) -> Iterator[Token]:
    """The tokens of an rtf, binary data left out. Raises RefusedFile where there are more than any
    report has."""
    place = count = 0
    while match := _TOKEN.search(data, place):
        place = match.end()
        count += 1
        if count > MAX_TOKENS:
            raise broken()
        word, number, byte, symbol, brace, text = match.groups()
        if word == b"bin":
            place += max(int(number or 0), 0)
        elif word:
            yield Token(word.decode(), int(number) if number else None)
        elif byte:
            yield Token(text=bytes([int(byte, 16)]))
        elif text or (symbol and symbol in b"\\{}"):
            yield Token(text=text or symbol)
        else:
            yield Token(symbol=(brace or symbol).decode("latin-1"))


class Fonts:
    """The font table: names by number, and how each font's bytes and letters are read."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._charsets: dict[int, int] = {}
        self._number = 0
        self._name = b""
        self.ansi = "cp1252"

    def begin(self, number: int) -> None:
        """The next font of the table."""
        if len(self.names) >= _MAX_FONTS:
            raise broken()
        self._number, self._name = number, b""
        self.names.setdefault(number, "")

    def set_charset(self, charset: int) -> None:
        """The character set of the font that was begun."""
        self._charsets[self._number] = charset

    def add_to_name(self, text: bytes) -> None:
        """Some letters of the name, which a semicolon ends."""
        if len(self._name) < 200:
            self._name += text
        name, ended, _ = self._name.partition(b";")
        if ended or not self.names.get(self._number):
            self.names[self._number] = name.decode("latin-1").strip()

    def set_code_page(self, number: int) -> None:
        """The code page that bytes of fonts without a character set are in."""
        known = f"cp{number}" if number in _KNOWN_NUMBERS else "cp1252"
        self.ansi = _BY_NUMBER.get(number, known)

    def is_legacy(self, font: int) -> bool:
        """Whether a font shows the letters of the time before Unicode."""
        return self.names.get(font, "").lower().startswith(_LEGACY)

    def is_tcvn3(self, font: int) -> bool:
        """Whether it is one of the fonts named .VnTime and the like."""
        return self.names.get(font, "").lower().startswith(".vn")

    def text_of(self, data: bytes, font: int) -> str:
        """The letters that the bytes are; of a legacy font those that its own table has."""
        if data.isascii():
            return data.decode("ascii")
        if self.is_legacy(font) or self._charsets.get(font) == 2:
            return data.decode("latin-1")
        try:  # bytes of UTF-8, as some programs write against the standard: no other text is such
            return data.decode("utf-8")
        except UnicodeDecodeError:
            charset = self._charsets.get(font)
            page = self.ansi if charset is None else _CODE_PAGES.get(charset, self.ansi)
            return data.decode(page, errors="replace")

    def shown(self, text: str, font: int) -> str:
        """The text as the font shows it."""
        decode = decoder_of_font(self.names.get(font))
        return unicodedata.normalize("NFC", decode(text) if decode else text)
