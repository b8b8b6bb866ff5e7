"""Text that is struck out, hidden or raised: beside other text it would pass for digits of a number."""

from __future__ import annotations

from typing import Literal

Looks = Literal["plain", "struck", "hidden", "raised"]

STRUCK_OUT = "(gạch bỏ) "
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def shown_as(text: str, looks: Looks) -> str:
    """What a reader of the file takes a run for: nothing where it is struck out or hidden, ² where a 2 is raised."""
    if looks in ("struck", "hidden"):
        return ""
    return text.translate(_RAISED) if looks == "raised" else text


def all_struck(shown: str, struck: str) -> str:
    """The text of a place; where all of it is struck out it says so, and is neither a number nor nothing."""
    return shown if shown.strip() or not struck.strip() else f"{STRUCK_OUT}{struck}"
