"""Which rows of a unit's table count after all its accepted files.

What a later file may take away is in docs/domain.md ("A later file").

`apply_files` goes through the files in their order and keeps for each row its layers: the rows of
files that give its values, the latest on top. It compares names and whether a row has content, never
values. The values are combined in SQL (sql/combined_rows.sql).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from expectations.file_order import SentFile
from expectations.row_layers import CountedRow, History, Layer, NoticeKind, RowNotice
from expectations.row_matching import matched_rows, similar_row
from expectations.sent_rows import SentRow, SentTable

_RANK_BELOW_ALL = -1_000_000  # rank of a layer that only fills what the others leave blank
_MIN_FILLED_ROWS = 2  # values that make a column one that a later file cannot drop in silence


def apply_files(
    files: Iterable[SentFile], tables: Mapping[str, SentTable], permanent_fields: Iterable[str] = ()
) -> History:
    """The layers and notices of one table section of a unit, over its files in their order.

    `permanent_fields` are those that a row keeps when a later file states that its meeting did not
    take place, such as its name and the number of members.
    """
    table = _RowTable(tuple(permanent_fields))
    for file in files:
        if (sent := tables.get(file.submission_id)) and sent.rows:
            table.apply(file, sent)
    return table.history


class _RowTable:
    """The rows that count so far, and their history."""

    def __init__(self, permanent_fields: tuple[str, ...]) -> None:
        self.permanent_fields = permanent_fields
        self.history = History()
        self.rows: dict[str, CountedRow] = {}
        self.columns: Counter[str] = Counter()
        self.only_corrections = True

    def apply(self, file: SentFile, sent: SentTable) -> None:
        """Applies a file: what it may change depends on what it declares and on why it is set back."""
        own = dict(matched_rows(sent.rows, list(self.rows.values())))
        emptied = [key for key, row in own.items() if self._is_emptied(key, row)]
        absent = [key for key, row in self.rows.items() if key not in own]
        if not self.rows:
            self._lay_all(file, own)
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

    def _lay_all(self, file: SentFile, own: Mapping[str, SentRow]) -> None:
        for key, row in own.items():
            self._lay(file, key, row, is_solid=file.declares != "correction")

    def _replace(
        self, file: SentFile, sent: SentTable, own: Mapping[str, SentRow], absent: Sequence[str]
    ) -> None:
        """Replaces the table; rows and columns that the file lacks no longer count, with a notice."""
        for key in absent:
            self._note(file, "row_gone", self.rows[key].name, key=key)
        for column in self._lacking(sent):
            self._note(file, "column_gone", field=column)
        self._clear(file)
        self._lay_all(file, own)

    def _renew(self, file: SentFile, sent: SentTable, own: Mapping[str, SentRow]) -> None:
        """Renews the table: the file has all rows. Columns that it leaves out are kept, and each place
        that it leaves blank gets a notice."""
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
        """Keeps what counts; a report that came after its corrections is laid below them."""
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
        """Of a file received in the same second: keeps what counts, adds what only this file gives."""
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
        """Changes only the rows of the file, where they are filled in; a new row that is similar to a
        counted one gets a notice."""
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
        """Of a file that lacks counted rows, or has them empty: keeps these, changes the others."""
        for key in absent:
            self._note(file, "row_kept", self.rows[key].name, key=key)
        self._lay_over(file, sent, own, emptied, [self.rows[key] for key in absent])

    def _lay_over(
        self,
        file: SentFile,
        sent: SentTable,
        own: Mapping[str, SentRow],
        emptied: Sequence[str],
        others: Sequence[CountedRow],
    ) -> None:
        """Lays the rows over the counted ones.

        A blank place changes nothing, with two exceptions: in a row that is filled in completely a
        blank mark means no, and a row that states that its meeting did not take place blanks the
        fields that depend on it.
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
                    file,
                    "day_blanked",
                    self.rows[key].name,
                    row=row.row,
                    field=sent.day,
                    key=key,
                )
            if key not in self.rows and (like := similar_row(row, others)):
                self._note(file, "row_added", row.name, row=row.row, key=key, like=like)
            self._lay(
                file,
                key,
                row,
                is_solid=key in self.rows and row.filled >= self.rows[key].filled,
                keeps_name=key in self.rows,
            )

    def _lacking(self, sent: SentTable) -> tuple[str, ...]:
        """The columns that count so far and that the file leaves blank in every row."""
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
            key, CountedRow(key, row.name, row.loose_key, False, frozenset(), False, [])
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
