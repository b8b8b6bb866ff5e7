"""Made-up names of villages, communes and party cells: the sound of the country, no place in
particular."""

from __future__ import annotations

from pathlib import Path
from random import Random

from sources.form import FormField
from sources.registry import Unit

# No two are the same once folded, so that no two names made of two of them are. None is `Cao`: a
# commune `Bảo Cao` is folded as the word `Báo cáo`, which heads half of all sheets.
_SYLLABLES = tuple((Path(__file__).parent / "syllables.txt").read_text(encoding="utf-8").split())

_CELL_NAMES = {
    "village": ("Chi bộ thôn {village}",),
    "school": (
        "Chi bộ Trường Mầm non {place}",
        "Chi bộ Trường Tiểu học {place}",
        "Chi bộ Trường THCS {place}",
        "Chi bộ Trường Tiểu học số 2 {place}",
        "Chi bộ Trường Mầm non số 2 {place}",
    ),
    "health": ("Chi bộ Trạm Y tế",),
    "military": ("Chi bộ Quân sự",),
    "police": ("Chi bộ Công an",),
    "office": ("Chi bộ Cơ quan xã",),
    "business": ("Chi bộ Hợp tác xã {place}", "Chi bộ Hợp tác xã Nông nghiệp {place}"),
}


def place_names(count: int, rng: Random) -> list[str]:
    """`count` different names of two syllables; ValueError where there are not so many."""
    max_names = len(_SYLLABLES) * (len(_SYLLABLES) - 1)
    if count > max_names:
        raise ValueError(f"{count} names asked for, {max_names} can be made")
    picked = rng.sample(range(max_names), count)
    return [_pair(number) for number in picked]


def village_names(count: int, rng: Random) -> list[str]:
    """`count` different names of villages."""
    return [f"Thôn {name}" for name in place_names(count, rng)]


def cell_names(
    villages: list[str], unit: Unit, kind: FormField | None
) -> list[tuple[str, str | None]]:
    """The names of a commune's party cells with their kind's code: one per village, then schools,
    offices and so on.

    A kind that is not known here gets one cell, named by its label.
    """
    place = unit.name.split(" ", 1)[-1]
    named: list[tuple[str, str | None]] = []
    for choice in kind.choice if kind else ():
        patterns = _CELL_NAMES.get(choice.code, (f"Chi bộ {choice.label}",))
        subjects = (
            [v.removeprefix("Thôn ") for v in villages] if "{village}" in patterns[0] else [""]
        )
        named += [
            (p.format(village=v, place=place), choice.code) for p in patterns for v in subjects
        ]
    return named or [(f"Chi bộ {v.lower()[0]}{v[1:]}", None) for v in villages]


def _pair(number: int) -> str:
    first, second = divmod(number, len(_SYLLABLES) - 1)
    return f"{_SYLLABLES[first]} {_SYLLABLES[second + (second >= first)]}"
