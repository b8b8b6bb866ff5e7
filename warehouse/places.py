"""Where a value stands: in which file, sheet and cell, and of a scan on which picture of a page."""

from __future__ import annotations

from typing import Any, NamedTuple

from sources.page_boxes import PageBox, parse_box


class PagePicture(NamedTuple):
    """Where on a page of a scan a value stands, and how far it is confirmed.

    sha256       the content of the scan
    page         from 1
    state        waiting, confirmed, corrected or proved, as in `confirmation`
    decision_id  the officer's decision that confirmed or corrected it
    """

    sha256: str
    page: int
    box: PageBox
    state: str
    decision_id: int | None


class Place(NamedTuple):
    """Where a value stands in a file.

    sheet, cell  None where the whole file is meant, or where the value follows from who sent it
    raw_text     None where the place is blank, as for a mark that is not set
    note         when the file came and why it was returned, or a finding's message
    submission_id  of the file
    picture      the picture that it was read from, of a scan
    """

    row_name: str | None
    field: str
    file_name: str | None
    sheet: str | None
    cell: str | None
    raw_text: str | None
    label: str | None = None
    note: str | None = None
    submission_id: str | None = None
    picture: PagePicture | None = None


def place_of_columns(*columns: Any) -> Place:
    """The place of a row's columns, the last of which is its picture as a struct, or NULL."""
    place = Place(*columns)
    seen = columns[-1]
    return place._replace(picture=seen and PagePicture(**{**seen, "box": parse_box(seen["box"])}))
