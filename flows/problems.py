"""What is wrong with something that was asked, in the words of whoever asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Why something cannot be done and what to do, in Vietnamese.

    sentence  for whoever chooses on a page
    command   for whoever calls a command: the same, with its options
    """

    sentence: str
    command: str

    def __str__(self) -> str:
        return self.command
