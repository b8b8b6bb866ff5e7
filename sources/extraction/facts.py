"""What extraction yields from a document: facts and findings, each at its sheet and ref."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sources.extraction.text_classes import ClassRun


class Fact(NamedTuple):
    """One value of a report, at its place.

    row     0 for `info` and `text`; 1, 2, … for the rows of a table section, over all tables of the file
    value   canonical text: a count as digits, a date as YYYY-MM-DD, a mark as true or false, a choice as its code, a
            commune or unit as its code in the registry; None where the place is blank or cannot be typed
    raw     as it stands in the file; "" where the place is blank
    """

    section: str
    row: int
    field: str
    value: str | None
    raw: str
    sheet: str
    cell: str


class ReadFinding(NamedTuple):
    """A breach seen while reading, before the rules run on the whole batch; `row` None where no row
    is meant."""

    rule: str
    section: str | None
    row: int | None
    row_name: str | None
    field: str | None
    value: str | None
    sheet: str | None
    cell: str | None
    message: str


class PageReading(NamedTuple):
    """How the value at a place was read from the picture of a page (`sources.grids.PictureReading`);
    `is_sure` is 1 or 0, `page` 0 where it is not known."""

    sheet: str
    cell: str
    page: int
    left: int
    top: int
    right: int
    bottom: int
    confidence: int
    is_sure: int


@dataclass(slots=True)
class Extract:
    """All that one file's content states.

    account      what each text of the document was understood as (text_classes.py)
    issuer       who issues it: unit, part (of the unit), organisation (its place is unknown), addressed (unknown, but
                 written to the unit's committee), other (one that the registry does not have); None: unknown
    unit_code    the unit that the content names, None where it names none that the registry knows
    unit_near    of an issuer that the registry does not have the unit whose name differs from it by a letter
    unit_text    how it names it, with its place
    other_topic  the topic it states where that is another than the campaign's, else None
    declares     "correction" or "replacement" of an earlier file where it states that, with its place
    whole_sections  the tables whose last row adds up all the others
    not_held_rows   the rows (`cells:3`) that state in words that their meeting was not held
    sums_confirmed  the columns and pairs (`cells:members_total`) that arithmetic confirms: the row of totals, or the
                    same count stated elsewhere, is the sum of all rows
    readings        of a scan, how each fact's place was read
    """

    facts: list[Fact] = field(default_factory=list)
    findings: list[ReadFinding] = field(default_factory=list)
    account: list[ClassRun] = field(default_factory=list)
    issuer: Literal["unit", "part", "organisation", "addressed", "other"] | None = None
    unit_code: str | None = None
    unit_near: str | None = None
    unit_text: str | None = None
    unit_sheet: str | None = None
    unit_cell: str | None = None
    other_topic: str | None = None
    other_topic_sheet: str | None = None
    other_topic_cell: str | None = None
    declares: str | None = None
    declares_sheet: str | None = None
    declares_cell: str | None = None
    whole_sections: tuple[str, ...] = ()
    not_held_rows: tuple[str, ...] = ()
    sums_confirmed: tuple[str, ...] = ()
    readings: list[PageReading] = field(default_factory=list)
