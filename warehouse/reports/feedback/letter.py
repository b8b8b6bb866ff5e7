"""The letter that goes with a returned file: plain text, ready to paste into Zalo or an e-mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import jinja2

from sources.campaigns import Campaign
from sources.registry import Unit
from warehouse.reports import party_words, wording
from warehouse.reports.feedback.returned_files import FeedbackItem, ReturnedFile

LETTER = "thu-gui-don-vi.txt"
MAX_ERRORS = 15  # of one file; the others stand in the file that goes with the letter
_TEMPLATES = Path(__file__).parent.parent / "templates"


def letter(
    unit: Unit,
    files: Sequence[ReturnedFile],
    attached: Sequence[str],
    campaign: Campaign,
    as_of: dt.datetime,
) -> str:
    """The letter to a unit about these files, naming the attached ones. No person is named in
    it."""
    return (
        letters()
        .get_template(f"{LETTER}.j2")
        .render(
            addressee=addressee(unit),
            files=files,
            attached=attached,
            most=MAX_ERRORS,
            about=campaign.campaign,
            office=campaign.document.issuer_name,
            place=campaign.document.place,
            as_of=as_of,
            deadline=wording.deadline(campaign),
            overdue=as_of >= campaign.campaign.deadline,
            open_files=[f for f in files if not f.replaced],
        )
    )


def letters() -> jinja2.Environment:
    """The templates of letters, plain text."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["moment"] = party_words.moment
    environment.filters["finding"] = _line
    environment.filters["line"] = lambda text: " ".join(str(text).split())
    return environment


def addressee(unit: Unit) -> str:
    """The addressee: a commune's Party committee (the registry's first alias), or the organisation."""
    return unit.aliases[0] if unit.reporter == "commune" and unit.aliases else unit.name


def _line(item: FeedbackItem) -> str:
    """A finding on one line: where, what it is about, what to do, and the value there unless the
    message has it."""
    where = f"{item.place} ({item.about})" if item.place else item.about
    value = f" Đang ghi: “{item.value}”." if item.value and item.value not in item.message else ""
    line = f"{where}: {item.message}{value}"
    return " ".join((line[:1].upper() + line[1:]).split())
