"""The order in which the accepted files of one unit count, and which of them change nothing.

The rules are in docs/domain.md ("A later file").

Files count in the order of receipt. A file whose own date or number is older than that of the file
that counts came late. Of two files received in the same second neither is known to be the later one,
unless one of them declares what it is. A correction that came first corrects the report that comes
after it, unless a date or number contradicts that.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sources.form import Words
from sources.text import fold

Declares = Literal["correction", "replacement"]
SetBack = Literal["older_date", "older_number", "same_second", "corrected", "only_zeros"]

_NUMBER = re.compile(r"\D*0*(\d+)\s*[-–/]?\s*(.*)")


@dataclass(frozen=True, slots=True)
class SentFile:
    """One accepted file of a unit.

    declares     whether it is a correction (or supplement) or a replacement; None: neither
    only_zeros   each of its numbers is zero, each mark blank, and it has no other content
    decision_id  an officer's decision that it counts whole
    turn         its place in the order of the unit's files, from 1
    set_back     why it changes nothing that counts; None: it may change it
    set_back_by  the file that counts instead
    """

    submission_id: str
    position: int
    received_at: dt.datetime
    declares: Declares | None = None
    document_date: dt.date | None = None
    document_number: str | None = None
    only_zeros: bool = False
    decision_id: int | None = None
    turn: int = 0
    set_back: SetBack | None = None
    set_back_by: str | None = None

    @property
    def second(self) -> dt.datetime:
        """The second in which it was received."""
        return self.received_at.replace(microsecond=0)


def put_in_order(files: Iterable[SentFile]) -> list[SentFile]:
    """A unit's files in the order in which they count, each with its turn, and why it is set back
    where it is."""
    ordered: list[SentFile] = []
    for turn, file in enumerate(sorted(files, key=_order), 1):
        standing = [other for other in ordered if other.set_back is None]
        reason, by = _set_back(file, standing)
        ordered.append(replace(file, turn=turn, set_back=reason, set_back_by=by))
    return ordered


def declared_kind(file_name: str, content: Declares | None, words: Words) -> Declares | None:
    """Whether a file is a correction or a replacement: by its content, else by its name, such as
    `Bo sung Cam Son.xlsx`."""
    if content is not None:
        return content
    stem = f" {fold(Path(file_name.replace(chr(92), '/')).stem)} "
    if any(f" {fold(word)} " in stem for word in words.replacement_words):
        return "replacement"
    return (
        "correction" if any(f" {fold(word)} " in stem for word in words.correction_words) else None
    )


def _order(file: SentFile) -> tuple[object, ...]:
    number = _numbered(file.document_number)
    return (
        file.second,
        file.declares is not None,
        file.document_date or dt.date.min,
        number[1] if number else 0,
        file.position,
    )


def _set_back(file: SentFile, standing: Sequence[SentFile]) -> tuple[SetBack | None, str | None]:
    if file.decision_id is not None or not standing:
        return None, None
    dates = ((o.document_date, o.submission_id) for o in reversed(standing) if o.document_date)
    date, dated = next(dates, (None, None))
    if date and file.document_date and file.document_date != date:
        return ("older_date", dated) if file.document_date < date else (None, None)
    if (numbers := _comparable(file, standing)) is not None:
        other, is_older = numbers
        return ("older_number", other.submission_id) if is_older else (None, None)
    if file.declares is not None:
        return None, None
    if same := next((other for other in reversed(standing) if other.second == file.second), None):
        return "same_second", same.submission_id
    if all(other.declares == "correction" for other in standing):
        return "corrected", standing[-1].submission_id
    return ("only_zeros", standing[-1].submission_id) if file.only_zeros else (None, None)


def _comparable(file: SentFile, standing: Sequence[SentFile]) -> tuple[SentFile, bool] | None:
    """The latest file with a number of the same symbol, and whether this one's is smaller; None:
    none, or the same."""
    own = _numbered(file.document_number)
    for other in reversed(standing):
        number = _numbered(other.document_number)
        if own and number and own[0] == number[0] and _same_year(file, other):
            return (other, own[1] < number[1]) if own[1] != number[1] else None
    return None


def _same_year(one: SentFile, other: SentFile) -> bool:
    return (
        not (one.document_date and other.document_date)
        or one.document_date.year == other.document_date.year
    )


def _numbered(text: str | None) -> tuple[str, int] | None:
    """Symbol and number of `Số 25-BC/ĐU`; None where it has no number."""
    found = _NUMBER.fullmatch(text.strip()) if text else None
    return (fold(found[2]), int(found[1])) if found else None
