"""Whether letters can be seen: their colour against what they stand on, and their size.

White on white is a way to hide an old number beside a new one; a white header on a dark fill is
none.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

Colour = tuple[int, int, int]  # red, green, blue, 0 to 255 each
Ground = Colour | Literal["unknown"] | None  # None: nothing is said, it is as what lies below

WHITE: Colour = (255, 255, 255)
_MIN_POINTS = 4  # letters of a smaller size are specks on paper

_MAX_DIFFERENCE = 64  # of the channel that differs most: yellow on white is poor, but seen
_MAX_CONTRAST = (
    1.3  # of 21, as the accessibility guidelines (WCAG 2) count; silver on white has 1.8
)
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_SHORT_HEX = re.compile(r"#([0-9a-fA-F]{3})")
_FUNCTION = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*[,)].*", re.DOTALL)
_NAMED: dict[str, Colour] = {"white": WHITE, "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_NAMED |= {"whitesmoke": (245, 245, 245), "ghostwhite": (248, 248, 255), "black": (0, 0, 0)}


@dataclass(frozen=True, slots=True)
class Ink:
    """Of a text or style: colour ("" where it does not say, `auto` for the program's choice), size in
    points (0: it does not say), and the ground that it gives."""

    colour: str = ""
    points: float = 0
    ground: Ground = None

    def over(self, below: Ink) -> Ink:
        """This one, with what it does not say taken from the one below."""
        return Ink(
            self.colour or below.colour,
            self.points or below.points,
            below.ground if self.ground is None else self.ground,
        )

    @property
    def is_speck(self) -> bool:
        """Whether the letters are too small for the eye."""
        return 0 < self.points < _MIN_POINTS

    def is_unseen_on(self, ground: Ground) -> bool:
        """Whether the letters cannot be seen on that ground, or on one of their own."""
        ground = ground if self.ground is None else self.ground
        colour = parse_colour(self.colour)
        if self.is_speck or colour is None or ground is None or ground == "unknown":
            return self.is_speck
        return _is_invisible(colour, ground)


NO_INK = Ink()
ON_PAPER = Ink(ground=WHITE)


def parse_colour(text: str | None) -> Colour | None:
    """The colour of `#FFFFFF`, `FFFFFF`, `#fff`, `rgb(255, 255, 255)` or a name of white or black;
    None for any other, such as `auto`."""
    plain = (text or "").strip().lower()
    if found := _HEX.fullmatch(plain):
        number = int(found[1], 16)
        return number >> 16, number >> 8 & 0xFF, number & 0xFF
    if found := _SHORT_HEX.fullmatch(plain):
        red, green, blue = (17 * int(digit, 16) for digit in found[1])
        return red, green, blue
    if found := _FUNCTION.fullmatch(plain):
        red, green, blue = (min(int(found[n]), 255) for n in (1, 2, 3))
        return red, green, blue
    return _NAMED.get(plain)


def _is_invisible(ink: Colour, ground: Colour) -> bool:
    if max(abs(a - b) for a, b in zip(ink, ground, strict=True)) > _MAX_DIFFERENCE:
        return False
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05) < _MAX_CONTRAST


def _luminance(colour: Colour) -> float:
    red, green, blue = (math.pow(channel / 255, 2.2) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
