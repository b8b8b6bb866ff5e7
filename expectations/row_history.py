"""Which rows of a unit's table count once all its accepted files have come.

What a later file may take away is in docs/domain.md ("A later file").

`follow` goes through the files in their order and keeps for each row the layers of it: the rows of
files that give its values, the latest on top. It looks at names and at whether a row says anything,
never at values; these are laid over one another in SQL (sql/combined_rows.sql).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from rapidfuzz import fuzz

from expectations.file_order import SentFile

T = TypeVar("T")

NoticeKind = Literal[
    "row_kept",
    "row_emptied",
    "row_unheld",
    "row_gone",
    "row_added",
    "value_gone",
    "column_kept",
    "column_gone",
    "joined",
    "unused",
]

_RANK_BELOW_ALL = -1_000_000  # rank of a layer that only fills what the others leave blank
_MIN_FILLED_ROWS = 2  # values that make a column one that a later file cannot drop in silence
_MIN_SIMILARITY = (
    85  # from this likeness on (of 100) a new row may be one that stands, spelt otherwise
)
_MAX_ROWS_COMPARED = 1000  # rows: no report has more, and each new one is compared with each


_REMARK = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class SentRow:
    """A row of a file's table: its number, its key as compared, the key without generic words, its
    name.

    says_something  it holds a number above zero, a mark or a date
    filled          its fields that hold a value, but for marks, of which a blank one may be a value
    shows_held      it gives a day of the meeting, or what only a meeting that was held has
    is_not_held   it says in words that the meeting was not held
    """

    row: int
    key: str | None
    loose_key: str | None
    name: str
    has_content: bool
    filled: frozenset[str] = frozenset()
    shows_held: bool = False
    is_not_held: bool = False


@dataclass(frozen=True, slots=True)
class SentTable:
    """The table of one file.

    is_whole  the totals that the file gives elsewhere are those of its rows has_sums  its last row
    adds up all the others; a part has one as well, so it says little where most rows lack
    columns   of each field that is filled anywhere, in how many rows it is more than zero or no
    day       the field of the meeting's day, where the table has a column for it
    """

    rows: tuple[SentRow, ...]
    is_whole: bool = False
    has_sums: bool = False
    columns: Mapping[str, int] = field(default_factory=dict)
    day: str | None = None


@dataclass(slots=True)
class Layer:
    """A file's row that gives values of a row that counts, from one turn on until another (None:
    still).

    is_solid    its blank places count as well, but those of `not_columns`
    keeps_name  the row goes on being called as it was
    """

    key: str
    submission_id: str
    row: int
    rank: int
    from_turn: int
    until_turn: int | None = None
    is_solid: bool = True
    not_columns: tuple[str, ...] = ()
    keeps_name: bool = False


@dataclass(frozen=True, slots=True)
class RowNotice:
    """What is to be said of a later file: of which row that stood, its own row, or a column;
    `like`: a row so named."""

    submission_id: str
    kind: NoticeKind
    name: str | None = None
    row: int | None = None
    field: str | None = None
    key: str | None = None
    like: str | None = None


@dataclass(slots=True)
class _CountedRow:
    key: str
    name: str
    loose_key: str | None
    has_content: bool
    filled: frozenset[str]
    shows_held: bool
    layers: list[Layer]


@dataclass(slots=True)
class History:
    """What became of a unit's table: all layers that ever counted, and what is to be said."""

    layers: list[Layer] = field(default_factory=list)
    notices: list[RowNotice] = field(default_factory=list)


def apply_files(
    files: Iterable[SentFile], tables: Mapping[str, SentTable], permanent_fields: Iterable[str] = ()
) -> History:
    """The layers and notices of one table section of a unit, over its files in their order.

    `lasting` are the fields that a row keeps when its meeting turns out not to have been held: its
    name, all members.
    """
    table = _RowTable(tuple(permanent_fields))
    for file in files:
        if (sent := tables.get(file.submission_id)) and sent.rows:
            table.take(file, sent)
    return table.history


class _RowTable:
    """The rows that count so far."""

    def __init__(self, permanent_fields: tuple[str, ...]) -> None:
        self.permanent_fields = permanent_fields
        self.history = History()
        self.rows: dict[str, _CountedRow] = {}
        self.columns: Counter[str] = Counter()
        self.only_corrections = True

    def take(self, file: SentFile, sent: SentTable) -> None:
        """Lets a file change what its kind may change."""
        own = dict(_matched(sent.rows, list(self.rows.values())))
        emptied = [key for key, row in own.items() if self._is_emptied(key, row)]
        absent = [key for key, row in self.rows.items() if key not in own]
        if not self.rows:
            self._lay_whole(file, own)
        elif file.decision_id is not None or (
            file.set_back is None and file.declares == "replacement"
        ):
            self._replace(file, sent, own, absent)
        elif file.set_back in ("older_date", "older_number", "corrected"):
            self._take_older(file, own)
        elif file.set_back == "same_second":
            self._take_other_version(file, own, absent)
        elif file.declares == "correction":
            self._correct(file, sent, own, emptied)
        elif not absent and not emptied:
            self._renew(file, sent, own)
        elif not emptied and (sent.is_whole or (sent.has_sums and self._has_most(absent))):
            self._replace(file, sent, own, absent)
        else:
            self._take_part(file, sent, own, absent, emptied)
        self.columns |= Counter(sent.columns) if file.set_back is None else Counter()
        self.only_corrections = self.only_corrections and file.declares == "correction"

    def _is_emptied(self, key: str, row: SentRow) -> bool:
        return (
            key in self.rows
            and self.rows[key].has_content
            and not row.has_content
            and not row.is_not_held
        )

    def _has_most(self, absent: Sequence[str]) -> bool:
        return len(absent) * 2 < len(self.rows)

    def _lay_whole(self, file: SentFile, own: Mapping[str, SentRow]) -> None:
        for key, row in own.items():
            self._lay(file, key, row, is_solid=file.declares != "correction")

    def _replace(
        self, file: SentFile, sent: SentTable, own: Mapping[str, SentRow], absent: Sequence[str]
    ) -> None:
        """The file counts whole: what it lacks is gone, and named."""
        for key in absent:
            self._note(file, "row_gone", self.rows[key].name, key=key)
        for column in self._lacking(sent):
            self._note(file, "column_gone", field=column)
        self._clear(file)
        self._lay_whole(file, own)

    def _renew(self, file: SentFile, sent: SentTable, own: Mapping[str, SentRow]) -> None:
        """All rows are there: the file counts whole, but for columns that it leaves out; blank
        places are named."""
        lacking = self._lacking(sent)
        for key, row in own.items():
            blank = (
                self.rows[key].filled - row.filled
                if key in self.rows and not row.is_not_held
                else frozenset()
            )
            for column in sorted(blank - set(lacking)):
                self._note(file, "value_gone", row.name, row=row.row, field=column, key=key)
        if not lacking:
            self._clear(file)
        for column in lacking:
            self._note(file, "column_kept", field=column)
        for key, row in own.items():
            self._lay(file, key, row, not_columns=lacking)

    def _take_older(self, file: SentFile, own: Mapping[str, SentRow]) -> None:
        """Nothing that stands changes; a report that was corrected before it came is laid beneath
        its corrections."""
        for key, row in own.items():
            if self.only_corrections:
                if file.set_back == "corrected" and key in self.rows:
                    self._note(file, "unused", row.name, row=row.row, key=key)
                self._lay(file, key, row, rank=_RANK_BELOW_ALL + file.turn, is_solid=False)
            else:
                self._note(
                    file, "unused", row.name, row=row.row, key=key if key in self.rows else None
                )

    def _take_other_version(
        self, file: SentFile, own: Mapping[str, SentRow], absent: Sequence[str]
    ) -> None:
        """Received in the same second: what stands stays, and what nobody else gives is added."""
        is_part = len(absent) == len(self.rows)
        if is_part:
            self._note(file, "joined")
        for key in () if is_part else absent:
            self._note(file, "row_kept", self.rows[key].name, key=key)
        for key, row in own.items():
            if key in self.rows:
                self._note(file, "unused", row.name, row=row.row, key=key)
            elif not is_part:
                self._note(file, "row_added", row.name, row=row.row, key=key)
            self._lay(file, key, row, rank=_RANK_BELOW_ALL + file.turn, is_solid=False)

    def _correct(
        self, file: SentFile, sent: SentTable, own: Mapping[str, SentRow], emptied: Sequence[str]
    ) -> None:
        """Its rows change what they fill in, and no others; a new one that is like another is
        named."""
        self._lay_over(
            file, sent, own, emptied, [row for key, row in self.rows.items() if key not in own]
        )

    def _take_part(
        self,
        file: SentFile,
        sent: SentTable,
        own: Mapping[str, SentRow],
        absent: Sequence[str],
        emptied: Sequence[str],
    ) -> None:
        """Some rows that stood are not there, or say nothing any more: these stay, the others
        change."""
        for key in absent:
            self._note(file, "row_kept", self.rows[key].name, key=key)
        self._lay_over(file, sent, own, emptied, [self.rows[key] for key in absent])

    def _lay_over(
        self,
        file: SentFile,
        sent: SentTable,
        own: Mapping[str, SentRow],
        emptied: Sequence[str],
        others: Sequence[_CountedRow],
    ) -> None:
        """Lays the rows over those that stand. A blank place changes nothing, but in a row that is
        written out whole: there a blank mark says no; and in one that says that its meeting was not
        held.
        """
        for key, row in own.items():
            if key in emptied:
                self._note(file, "row_emptied", self.rows[key].name, row=row.row, key=key)
                continue
            if key in self.rows and row.is_not_held:
                self._lay(file, key, row, not_columns=self.permanent_fields, keeps_name=True)
                continue
            if sent.day and key in self.rows and self.rows[key].shows_held and not row.shows_held:
                self._note(
                    file, "row_unheld", self.rows[key].name, row=row.row, field=sent.day, key=key
                )
            if key not in self.rows and (like := _similar_row(row, others)):
                self._note(file, "row_added", row.name, row=row.row, key=key, like=like)
            self._lay(
                file,
                key,
                row,
                is_solid=key in self.rows and row.filled >= self.rows[key].filled,
                keeps_name=key in self.rows,
            )

    def _lacking(self, sent: SentTable) -> tuple[str, ...]:
        """The columns that stand and of which the file fills no place."""
        return tuple(
            c for c, n in self.columns.items() if n >= _MIN_FILLED_ROWS and c not in sent.columns
        )

    def _clear(self, file: SentFile) -> None:
        for counted in self.rows.values():
            for layer in counted.layers:
                layer.until_turn = file.turn
        self.rows, self.columns = {}, Counter()

    def _lay(
        self,
        file: SentFile,
        key: str,
        row: SentRow,
        rank: int | None = None,
        is_solid: bool = True,
        not_columns: tuple[str, ...] = (),
        keeps_name: bool = False,
    ) -> None:
        layer = Layer(
            key,
            file.submission_id,
            row.row,
            file.turn if rank is None else rank,
            file.turn,
            is_solid=is_solid,
            not_columns=not_columns,
            keeps_name=keeps_name,
        )
        self.history.layers.append(layer)
        counted = self.rows.setdefault(
            key, _CountedRow(key, row.name, row.loose_key, False, frozenset(), False, [])
        )
        counted.layers.append(layer)
        counted.has_content = counted.has_content or row.has_content
        counted.filled |= row.filled
        counted.shows_held = (counted.shows_held or row.shows_held) and not (
            row.is_not_held and is_solid
        )

    def _note(
        self,
        file: SentFile,
        kind: NoticeKind,
        name: str | None = None,
        *,
        row: int | None = None,
        field: str | None = None,
        key: str | None = None,
        like: str | None = None,
    ) -> None:
        self.history.notices.append(
            RowNotice(file.submission_id, kind, name, row, field, key, like)
        )


def _matched(
    rows: Sequence[SentRow], counted: Sequence[_CountedRow]
) -> Iterator[tuple[str, SentRow]]:
    """Each row of a file under the key of the standing row that it is, or under its own where it is
    none.

    A name that is written in full in one file and without `Chi bộ thôn` in the other is the same
    one, where no other row of either file could be meant.
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


def _numbered(rows: Iterable[SentRow]) -> Iterator[tuple[str, SentRow]]:
    """The rows under their keys; of a key that stands several times each has its number, as has a
    row without a key."""
    seen: Counter[str] = Counter()
    for row in rows:
        key = row.key if row.key is not None else "\x1d"
        seen[key] += 1
        yield f"{key}\x1e{seen[key]}", row


def _only(pairs: Iterable[tuple[str | None, T]]) -> dict[str | None, T]:
    """Those that alone bear their key."""
    pairs = list(pairs)
    times = Counter(key for key, _ in pairs)
    return {key: value for key, value in pairs if key is not None and times[key] == 1}


def _similar_row(row: SentRow, others: Sequence[_CountedRow]) -> str | None:
    """The name of a row that this one may be, spelt otherwise."""
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


def _differ_by_remark(name: str, candidate: str) -> bool:
    """Whether two names are the same but for what stands in brackets behind one of them: `Chi bộ A
    (sửa)`."""
    return "(" in name + candidate and _without_remark(name) == _without_remark(candidate)


def _without_remark(name: str) -> str:
    return _REMARK.sub("", name).strip().casefold()
