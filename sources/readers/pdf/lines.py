"""Letters put in lines, and lines made text: with the spaces that are drawn and those that are only
left free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import attrgetter

from sources.readers.pdf.content import Font, Glyph
from sources.readers.text_effects import Run, TextEffect

_SAME_LINE = 0.5  # of the letters' size: baselines so near are one line's
_SPACE = 0.22  # of the size: so much between two letters is a space
_SAME_PLACE = 0.15  # of the size: a letter drawn twice, to make it bold
_MAX_OVERLAPPING = 1  # letters of a line: slanted ones may touch
_SMALL, _SHIFTED = 0.85, 0.12  # a letter so much smaller and higher (or lower) is raised


@dataclass(slots=True)
class TextLine:
    """Letters of one line from left to right, and the fonts of their page."""

    glyphs: list[Glyph]
    fonts: list[Font]
    size: float = field(init=False)  # of most of its letters
    base: float = field(init=False)
    left: float = field(init=False)  # where its first letter begins
    right: float = field(init=False)  # where its last seen letter ends

    def __post_init__(self) -> None:
        sizes = {round(glyph.size, 1) for glyph in self.glyphs}
        if len(sizes) == 1:
            self.size, self.base = sizes.pop(), self.glyphs[0].base
        else:
            counted = Counter(round(glyph.size, 1) for glyph in self.glyphs)
            self.size = counted.most_common(1)[0][0]
            self.base = next(g.base for g in self.glyphs if abs(g.size - self.size) < 0.1)
        self.left = self.glyphs[0].x0
        self.right = max((g.x1 for g in self.glyphs if not g.is_space), default=self.left)

    @property
    def bold(self) -> bool:
        """Whether all that is seen of it is bold."""
        return all(glyph.bold for glyph in self.glyphs if not glyph.is_space)

    @property
    def text(self) -> str:
        """What it says, undecoded; hidden letters too."""
        return "".join(piece for piece, _ in pieces(self.glyphs))

    @property
    def shown(self) -> str:
        """What it says, legacy fonts decoded."""
        return "".join(run.shown for run in runs_of_line(self))


def lines_of(glyphs: Iterable[Glyph], fonts: list[Font]) -> list[TextLine]:
    """The lines of some letters from top to bottom; spaces at their ends are kept at the right
    only. Letters of lines turned otherwise must not be among them."""
    found: list[list[Glyph]] = []
    start = 0.0
    for glyph in sorted(glyphs, key=attrgetter("base")):
        if found and glyph.base - start <= _SAME_LINE * max(glyph.size, found[-1][-1].size):
            found[-1].append(glyph)
        else:
            found.append([glyph])
            start = glyph.base
    lines = []
    for letters in found:
        ordered = _without_doubles(sorted(letters, key=attrgetter("x0")))
        while ordered and ordered[0].is_space:
            ordered.pop(0)
        if ordered:
            lines.append(TextLine(ordered, fonts))
    return lines


def is_overlapping(line: TextLine) -> bool:
    """Whether letters of the line lie one over another, as where two texts are drawn at one place:
    nobody can read either."""
    seen = [glyph for glyph in line.glyphs if glyph.effect != "hidden" and glyph.text.isalnum()]
    return (
        sum(
            min(one.right, other.right) - max(one.left, other.left)
            > 0.5 * min(one.right - one.left, other.right - other.left)
            for one, other in pairwise(seen)
            if line.fonts[one.font].decode is None and one.turn == 0
        )
        > _MAX_OVERLAPPING
    )


def pieces(glyphs: list[Glyph]) -> Iterator[tuple[str, Glyph]]:
    """Each letter's text, a space before it where room is left free."""
    last: Glyph | None = None
    for glyph in glyphs:
        free = (
            last is not None
            and not last.is_space
            and not glyph.is_space
            and glyph.x0 - last.x1 > _SPACE * max(glyph.size, last.size)
        )
        yield (" " + glyph.text if free else glyph.text), glyph
        last = glyph


def runs_of_line(line: TextLine) -> list[Run]:
    """The line's text in stretches of one look, legacy fonts decoded."""
    base, size = line.base, line.size
    runs: list[Run] = []
    looks = (
        (text, (line.fonts[glyph.font].decode, _effect(glyph, base, size)))
        for text, glyph in pieces(line.glyphs)
    )
    for (decode, effect), group in groupby(looks, key=lambda look: look[1]):
        raw = "".join(text for text, _ in group)
        runs.append(Run(decode(raw) if decode else raw, raw, effect))
    return runs


def _effect(glyph: Glyph, base: float, size: float) -> TextEffect:
    if glyph.effect != "plain":
        return glyph.effect
    is_raised = glyph.size < _SMALL * size and abs(glyph.base - base) > _SHIFTED * size
    return "raised" if is_raised and not glyph.is_space else "plain"


def _without_doubles(glyphs: list[Glyph]) -> list[Glyph]:
    kept: list[Glyph] = []
    for glyph in glyphs:
        if not any(
            other.text == glyph.text
            and abs(other.x0 - glyph.x0) < _SAME_PLACE * glyph.size
            and abs(other.base - glyph.base) < _SAME_PLACE * glyph.size
            for other in kept[-3:]
        ):
            kept.append(glyph)
    return kept
