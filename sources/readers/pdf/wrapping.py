"""Where a line goes on in the next one: what a program broke to fit the width is joined again, what
a person broke stays."""

from __future__ import annotations

import re

from sources.legacy_encodings import is_syllable
from sources.readers.pdf.lines import TextLine, runs_of_line
from sources.readers.text_effects import Run

_ITEM = re.compile(
    r"\s*(?:[-–+*•●▪■□☐☑✓➢]\s|[-–+](?=[^\W\d])|\(?\d{1,2}[.)]\s|[a-hđ][.)]\s|[IVX]{1,5}[.)]\s)"
)
_UNSURE = 1.2  # points: whether a word would still have fitted is not certain within so much
_LETTER = re.compile(r"[^\W\d_]+")
_AFTER_MARK = re.compile(r"\w[-–/]$")


def starts_item(line: TextLine) -> bool:
    """Whether the line begins with a bullet or an ordinal."""
    return _ITEM.match(line.text) is not None


def separator(line: TextLine, following: TextLine, width: float, word: str = "") -> str:
    """What stands between two lines of a column of so many points: a line break, a space, or
    nothing, where a word was broken for want of room.

    `word` is the last word of the text so far, where lines before have begun it.
    """
    if starts_item(following):
        return "\n"
    taken = line.right - line.left
    space = 0.25 * line.size
    if taken + space + _first_word_width(following) <= width - _UNSURE:
        return "\n"  # it would have fitted
    text, rest = line.text, following.text
    before, after = text.rstrip().split()[-1], rest.split()[0]
    if _AFTER_MARK.search(text) and after[0].isalnum():
        return ""
    if text.endswith((" ", "\u00a0")) or " " in text.strip():
        return " "
    first_letter = following.glyphs[0]
    if taken + (first_letter.x1 - first_letter.x0) <= width - _UNSURE:
        return " "
    return _of_broken_word(word if word.endswith(before) else before, after)


def _of_broken_word(before: str, after: str) -> str:
    """What joins the parts of a word that fills its line: a date or number is written without
    spaces, and a syllable is one only as a whole."""
    if before.isdigit() and after.isdigit():
        return "\n"  # nobody can say: one number, or two
    if before[-1].isdigit() and (after[0].isdigit() or after[0] in "/.-"):
        return ""
    if before[-1] in "/.-(" or after[0] in "/.,;:)-":
        return ""
    if after[0].isupper() and not before.isupper():
        return " "
    first, last = _LETTER.findall(before), _LETTER.findall(after)
    if not first or not last or is_syllable(first[-1] + last[0]):
        return "" if first and last else " "
    return " " if is_syllable(first[-1]) and is_syllable(last[0]) else ""


def _first_word_width(line: TextLine) -> float:
    end = line.glyphs[0].x1
    for glyph in line.glyphs:
        if glyph.is_space or glyph.x0 - end > 0.22 * glyph.size:
            break
        end = glyph.x1
    return end - line.left


def joined_runs(lines: list[TextLine], width: float) -> list[Run]:
    """The runs of lines of one column, joined as they belong together."""
    runs: list[Run] = []
    for index, line in enumerate(lines):
        if index:
            word = "".join(run.raw for run in runs[-8:]).rstrip().rpartition(" ")[2]
            between = separator(lines[index - 1], line, width, word.rpartition("\n")[2])
            runs = _stripped(runs)
            if between:
                runs.append(Run(between, between))
        runs += runs_of_line(line)
    return _stripped(runs)


def _stripped(runs: list[Run]) -> list[Run]:
    """The runs without white space at their end."""
    while runs and not runs[-1].shown.strip():
        runs.pop()
    if runs:
        last = runs[-1]
        runs[-1] = Run(last.shown.rstrip(" \u00a0"), last.raw.rstrip(" "), last.effect)
    return runs
