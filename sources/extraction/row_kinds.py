"""What a row under a table's header is: one pure function from what is seen of the row to a kind
and its reason.

Rows are classified first; only rows of data become values, and a row of no known
kind is never dropped without a finding.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Literal, NamedTuple

# whether a row's counts are the sums of others: by chance, or surely
SumMatch = Literal["none", "chance", "certain"]


class RowKind(StrEnum):
    """The kinds of row under a header."""

    EMPTY = "empty"
    DATA = "data"
    TOTAL = "total"
    GROUP_TOTAL = "total above its group"
    NAME_CONTINUED = "rest of the name above"
    SEPARATOR = "one merged cell alone"
    EXAMPLE = "example of how to fill in"
    COMPARISON = "share or comparison below the total"
    OTHER = "heading, note, signature or incomplete row"


class RowEvidence(NamedTuple):
    """What is seen of a row.

    filled        how many of its fields are filled
    typed         how many of these are values of their types
    nonzero       how many of these values are not 0
    beyond_name   a field other than its name is filled
    named         it has a name
    name_alone    its name identifies it by itself
    like_a_name   its name begins as names of rows do (`Chi bộ …`)
    numbered      it has an ordinal
    heading_ordinal  its ordinal is that of a heading (`I`, `A`)
    follows_data  nothing has ended the table above it
    total_word    a leading cell names it a total
    total_alone   that cell holds nothing else
    subtotal_name  its name can only be that of a total of some rows (`Cộng khối trường học`)
    begins_as_total  its name begins as one of a total may (`Cộng Hòa`)
    heading_name  its name has the number of a heading before it (`I. Khối thôn`)
    group_name    its name is such a one, or that of a group of rows (`Khối thôn`)
    holds_non_counts  it holds what no total does: a day, a choice, a mark
    sums_above    its counts are the sums of the rows above
    sums_below    its counts are the sums of the rows below
    merged_line   it holds one merged cell only
    example       it is marked as an example
    below_total   it stands below the total of numbered rows and has no ordinal
    footer        its name belongs to a signature, the recipients, a note
    previous_name_unfinished  the name of the row above is unfinished (`Chi bộ Trường`)
    """

    filled: int = 0
    typed: int = 0
    nonzero: int = 0
    beyond_name: bool = False
    named: bool = False
    name_alone: bool = False
    like_a_name: bool = False
    numbered: bool = False
    heading_ordinal: bool = False
    follows_data: bool = True
    total_word: bool = False
    total_alone: bool = False
    subtotal_name: bool = False
    begins_as_total: bool = False
    heading_name: bool = False
    group_name: bool = False
    holds_non_counts: bool = False
    sums_above: SumMatch = "none"
    sums_below: SumMatch = "none"
    merged_line: bool = False
    example: bool = False
    below_total: bool = False
    footer: bool = False
    previous_name_unfinished: bool = False


class Classification(NamedTuple):
    """The kind of a row, the reason, and the rule of a finding where the kind may be wrong."""

    kind: RowKind
    reason: str
    rule: str | None = None


@lru_cache(maxsize=4096)  # most rows look like others
def kind_of_row(row: RowEvidence) -> Classification:
    """The kind of a row under a header, with its reason."""
    if not row.filled:
        return Classification(RowKind.EMPTY, "none of its fields holds anything")
    if found := _total(row) or _row_between_data(row):
        return found
    if not _is_data(row):
        return Classification(
            RowKind.OTHER,
            "it is not a row of values",
            "row_may_be_total" if row.sums_above == "chance" else None,
        )
    if row.sums_below == "certain":
        return Classification(
            RowKind.GROUP_TOTAL,
            "its counts are the sums of the rows below it",
            None if row.heading_ordinal or row.heading_name else "row_taken_for_total",
        )
    if not row.beyond_name and not row.numbered:
        return Classification(
            RowKind.DATA, "it names a row of which nothing is reported", "row_name_alone"
        )
    chance = "chance" in (row.sums_above, row.sums_below) or (
        row.begins_as_total and not row.holds_non_counts
    )
    return Classification(
        RowKind.DATA, "it is a row of values", "row_may_be_total" if chance else None
    )


def _total(row: RowEvidence) -> Classification | None:
    if row.subtotal_name:
        return Classification(RowKind.TOTAL, "its name is that of a total of some rows")
    if row.total_word and (
        row.numbered or row.total_alone or not row.holds_non_counts or row.sums_above == "certain"
    ):
        return Classification(RowKind.TOTAL, "a leading cell names it a total")
    if row.sums_above == "certain" or (row.sums_above == "chance" and row.begins_as_total):
        return Classification(
            RowKind.TOTAL,
            "its counts are the sums of the rows above",
            "row_taken_for_total" if row.named else None,
        )
    return None


def _row_between_data(row: RowEvidence) -> Classification | None:
    """The kind of a row between rows of data that is not data itself."""
    if row.merged_line:
        return Classification(RowKind.SEPARATOR, "one merged cell is all that it holds")
    if row.example and not row.numbered:
        return Classification(RowKind.EXAMPLE, "it says that it is an example")
    if row.below_total:
        return Classification(RowKind.COMPARISON, "it stands below the total and has no ordinal")
    name_alone = row.named and not row.beyond_name and not row.numbered
    if name_alone and row.follows_data and row.previous_name_unfinished and not row.like_a_name:
        return Classification(
            RowKind.NAME_CONTINUED,
            "it goes on with the name of the row above",
            "row_name_continued",
        )
    return None


def _is_data(row: RowEvidence) -> bool:
    if not row.named:
        return row.nonzero >= 2
    if row.typed >= 2:
        return True
    if row.beyond_name:
        return not row.footer
    return row.name_alone and (
        row.numbered or (row.like_a_name and not row.footer and not row.heading_ordinal)
    )
