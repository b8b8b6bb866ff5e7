"""Ticks and boxes of fonts that show symbols for letters: what is typed as ü in Wingdings is seen
as ✓."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

SYMBOLS: dict[str, dict[int, str]] = {
    "wingdings": {
        0xFC: "✓",
        0xFE: "☑",
        0xFB: "✗",
        0xFD: "☒",
        0x78: "☒",
        0xA8: "☐",
        0x6F: "☐",
        0x71: "☐",
    },
    "wingdings 2": {
        0x50: "✓",
        0x52: "☑",
        0x4F: "✗",
        0x53: "☒",
        0x54: "☒",
        0x51: "☒",
        0xA3: "☐",
        0x2A: "☐",
    },
    "symbol": {0xB4: "×", 0xD6: "√", 0x2D: "-", 0xB7: "•"},
}


def decoder_of_symbols(font: str) -> Callable[[str], str] | None:
    """The function that makes of a symbol font's text what is seen; None for another font."""
    symbols = SYMBOLS.get(font.strip().lower())
    return partial(_decoded, symbols) if symbols else None


def _decoded(symbols: dict[int, str], text: str) -> str:
    """The symbols of a text that is nothing else; text with other letters was not meant as symbols,
    and stays."""
    shown = "".join(
        " " if letter.isspace() else symbols.get(ord(letter) & 0xFF, "") for letter in text
    )
    return (
        shown
        if len(shown) == len(text)
        and all(ord(c) < 0x100 or 0xF000 <= ord(c) < 0xF100 for c in text)
        else text
    )
