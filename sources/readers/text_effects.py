"""Text that is struck out, hidden or raised: beside other text it would pass for digits of a
number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Literal, NamedTuple

from sources.grids import LeftOut
from sources.legacy_encodings import decode_vni, decoder_of_font, has_loose_accents

TextEffect = Literal["plain", "struck", "hidden", "raised"]

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOTE_MARK = re.compile(
    r"\s*[(\[]?\s*(?:\d{1,2}|\*{1,3})(?:\s*[,;]\s*(?:\d{1,2}|\*{1,3}))*\s*[)\]]?\s*"
)
_UNIT_OF_LENGTH = re.compile(r"(?<![^\W\d_])[kcdm]?m$")  # m², km³


class Run(NamedTuple):
    """A stretch of text of one look: as it is shown, and as the file holds it; `has_loose_accents`
    where the next run may begin with the accent of its last letter."""

    shown: str
    raw: str
    effect: TextEffect = "plain"
    has_loose_accents: bool = False


class SeenText(NamedTuple):
    """What a reader of the file sees of some runs: as shown, as the file holds it, and what was
    left out."""

    shown: str
    raw: str
    left_out: LeftOut | None = None


def seen_text(runs: Iterable[Run]) -> SeenText:
    """What is to be seen of the runs: neither struck out nor hidden text, nor the raised marks of
    notes (25¹).

    A raised digit that marks no note stays, as ²: it is never a digit of the number before it.
    """
    runs = _with_whole_letters(list(runs))
    if all(run.effect == "plain" for run in runs):
        return SeenText("".join(run.shown for run in runs), "".join(run.raw for run in runs))
    has_plain = any(c.isalnum() for run in runs if run.effect == "plain" for c in run.shown)
    shown, raw = "", ""
    left: dict[str, list[str]] = {"struck": [], "raised": [], "hidden": []}
    for effect, group in groupby(runs, key=lambda run: run.effect):
        same = list(group)
        text, typed = "".join(run.shown for run in same), "".join(run.raw for run in same)
        if not text.strip():
            shown, raw = shown + text, raw + typed
        elif effect in ("struck", "hidden") or (
            effect == "raised" and has_plain and _is_note_mark(text, shown)
        ):
            left[effect].append(text.strip())
        elif effect == "raised" and (has_plain or len(text.strip()) == 1):
            shown, raw = shown + text.translate(_RAISED), raw + typed.translate(_RAISED)
        else:
            shown, raw = shown + text, raw + typed
    left_out = {effect: " ".join(text for text in texts if text) for effect, texts in left.items()}
    return SeenText(shown, raw, LeftOut(**left_out) if any(left_out.values()) else None)


def runs_of(
    text: str, own: tuple[str, TextEffect], changes: Sequence[tuple[int, tuple[str, TextEffect]]]
) -> Iterator[Run]:
    """The runs of a text whose font (name, looks) changes at some letters; those before the first
    are in its own."""
    starts = [(0, own), *changes, (len(text), own)]
    for (start, (font, effect)), (end, _) in pairwise(starts):
        piece, decode = text[start:end], decoder_of_font(font)
        shown = decode(piece) if decode else piece
        yield Run(shown, piece, effect, has_loose_accents(font))


def _with_whole_letters(runs: list[Run]) -> list[Run]:
    """The runs, adjacent ones whose accents are letters of their own decoded as one."""
    if not any(run.has_loose_accents for run in runs):
        return runs
    whole: list[Run] = []
    for run in runs:
        last = whole[-1] if whole else None
        if last and last.has_loose_accents and run[2:] == last[2:]:
            raw = last.raw + run.raw
            whole[-1] = last._replace(shown=decode_vni(raw), raw=raw)
        else:
            whole.append(run)
    return whole


def _is_note_mark(text: str, before: str) -> bool:
    return bool(_NOTE_MARK.fullmatch(text)) and not _UNIT_OF_LENGTH.search(before)
