"""Which row of a file is which of the rows that count: by its name, however that is spelt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rapidfuzz import fuzz

from expectations.row_layers import CountedRow
from expectations.sent_rows import SentRow

T = TypeVar("T")

_MIN_SIMILARITY = 85  # of 100; above it a new row may be a different spelling of a counted one
_MAX_ROWS_COMPARED = 1000  # rows: no report has more, and each new one is compared with each

_REMARK = re.compile(r"\s*\([^()]*\)\s*$")


def matched_rows(
    rows: Sequence[SentRow], counted: Sequence[CountedRow]
) -> Iterator[tuple[str, SentRow]]:
    """Each row of a file with the key of the counted row that it is, or its own key if it is new.

    A name written in full and the same name without `Chi bộ thôn` match if no other row of either
    side has that short name.
    """
    known = {row.key for row in counted}
    strict = dict(_numbered(rows))
    free = {key: row for key, row in strict.items() if key not in known}
    lacking = [row for row in counted if row.key not in strict]
    loose = _only((r.loose_key, r) for r in lacking)
    own = _only((r.loose_key, k) for k, r in free.items())
    for key, row in strict.items():
        same = loose.get(row.loose_key) if own.get(row.loose_key) == key else None
        yield (same.key if same else key), row


def similar_row(row: SentRow, others: Sequence[CountedRow]) -> str | None:
    """The name of another row that this one may be a different spelling of."""
    if len(others) > _MAX_ROWS_COMPARED:
        return None
    found = (
        candidate.name
        for candidate in others
        if row.loose_key
        and candidate.loose_key
        and (
            fuzz.ratio(row.loose_key, candidate.loose_key) >= _MIN_SIMILARITY
            or _differ_by_remark(row.name, candidate.name)
        )
    )
    return next(found, None)


def _numbered(rows: Iterable[SentRow]) -> Iterator[tuple[str, SentRow]]:
    """The rows by key and number: rows with the same key, or with none, are numbered from 1."""
    seen: Counter[str] = Counter()
    for row in rows:
        key = row.key if row.key is not None else "\x1d"
        seen[key] += 1
        yield f"{key}\x1e{seen[key]}", row


def _only(pairs: Iterable[tuple[str | None, T]]) -> dict[str | None, T]:
    """The pairs whose key occurs once."""
    pairs = list(pairs)
    times = Counter(key for key, _ in pairs)
    return {key: value for key, value in pairs if key is not None and times[key] == 1}


def _differ_by_remark(name: str, candidate: str) -> bool:
    """Whether two names differ only by a remark in brackets: `Chi bộ A` and `Chi bộ A (sửa)`."""
    return "(" in name + candidate and _without_remark(name) == _without_remark(candidate)


def _without_remark(name: str) -> str:
    return _REMARK.sub("", name).strip().casefold()
