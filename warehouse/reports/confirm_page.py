"""The page on which an officer confirms what was read from a scan: each value beside its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from sources.campaigns import Campaign
from sources.form import FormField
from sources.page_boxes import PageBox, box_text, parse_box
from warehouse.reports.page_environment import page_environment
from warehouse.reports.queries import query


@dataclass(frozen=True, slots=True)
class WaitingValue:
    """One value that waits: `box` in ten thousandths of the page, `raw` as it was read."""

    sha256: str
    section: str
    field: str
    row_name: str | None
    page: int
    box: PageBox
    raw: str
    confidence: int
    required: bool


def waiting_values(con: duckdb.DuckDBPyConnection, submission_id: str) -> list[WaitingValue]:
    """The values of that submission that wait for an officer: its unit and days first, then page by
    page from top to bottom, row by row."""
    rows = con.execute(query("waiting_values"), {"submission": submission_id}).fetchall()
    return [
        WaitingValue(
            sha256, section, field, row_name, page, parse_box(box), raw, confidence, required
        )
        for sha256, section, field, row_name, page, box, raw, confidence, required in rows
    ]


@dataclass(frozen=True, slots=True)
class DeskForm:
    """How the page sends its answers to the desk that shows it: where to, the key of the session's
    forms, the nonce under which its script may run, where it came from, and a problem to tell."""

    address: str
    form_key: str
    nonce: str
    back: str
    problem: str = ""


def confirm_page(
    campaign: Campaign,
    file_name: str,
    values: Sequence[WaitingValue],
    pictures: Mapping[tuple[int, PageBox], str],
    form: DeskForm | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    """The page of one file, everything that was read escaped; it needs nothing from the network.

    Without `form` it makes a file of the answers. `typed` are answers that were given before, by
    `answer_key`.
    """
    given = typed or {}
    items = [
        {
            "answer": {
                "sha256": value.sha256,
                "page": value.page,
                "box": box_text(value.box),
                "section": value.section,
                "field": value.field,
            },
            "label": _field(campaign, value).label,
            "row_name": value.row_name or "",
            "page": value.page,
            "shown": given.get(answer_key(value), value.raw.strip()),
            "settled": answer_key(value) in given,
            "required": value.required,
            "picture": pictures.get((value.page, value.box), ""),
        }
        for value in values
    ]
    return (
        page_environment()
        .get_template("xac-nhan.html.j2")
        .render(file_name=file_name, items=items, office=campaign.campaign.name, form=form)
    )


def answer_key(value: WaitingValue) -> str:
    """What tells one value of a file from its others."""
    return f"{value.page} {box_text(value.box)} {value.section} {value.field}"


def _field(campaign: Campaign, value: WaitingValue) -> FormField:
    return campaign.form.by_key[value.section].by_key[value.field]
