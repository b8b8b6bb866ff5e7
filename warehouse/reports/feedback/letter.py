"""The letter that goes with a returned file: plain text, ready to paste into Zalo or an e-mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import jinja2

from sources.campaigns import Campaign
from sources.registry import Unit
from sources.text import day_first, fold
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
    it.

    Its first sentence says what was received and what the unit is to do.
    """
    open_files = [f for f in files if not f.replaced]
    return (
        letters()
        .get_template(f"{LETTER}.j2")
        .render(
            common_words(campaign, as_of),
            addressee=addressee(unit),
            files=files,
            attached=attached,
            most=MAX_ERRORS,
            open_files=open_files,
            has_report=any(f.unit_has_report for f in files),
            is_unreadable=is_unreadable(files),
            places=_places_to_fix(open_files),
        )
    )


def common_words(campaign: Campaign, as_of: dt.datetime) -> dict[str, object]:
    """What every letter may say: the office, what the report is about, until when it is due, and
    when to send it now."""
    overdue = as_of >= campaign.campaign.deadline
    deadline = wording.deadline(campaign)
    left = wording.time_left(campaign, as_of)
    return {
        "office": campaign.document.issuer_name,
        "about": campaign.document.subject,
        "legal_basis": campaign.campaign.legal_basis,
        "as_of": as_of,
        "deadline": deadline,
        "overdue": overdue,
        "left": left[:1].lower() + left[1:],
        "when": "trong thời gian sớm nhất" if overdue else f"trước {deadline}",
    }


def is_unreadable(files: Sequence[ReturnedFile]) -> bool:
    """Whether the unit has sent nothing that could be read, so that a blank form helps it."""
    return all(f.status == "rejected" and not (f.replaced or f.unit_has_report) for f in files)


def _places_to_fix(open_files: Sequence[ReturnedFile]) -> int:
    """How many rows or values are to be fixed; 0 where a file as a whole is the wrong one."""
    errors = [item for file in open_files for item in file.errors]
    return len(errors) if all(item.about for item in errors) else 0


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
    environment.filters["finding"] = finding_line
    environment.filters["line"] = lambda text: " ".join(str(text).split())
    return environment


def addressee(unit: Unit) -> str:
    """The addressee: a commune's Party committee, or the organisation by its own name."""
    if unit.reporter == "district_org":
        return unit.name
    committees = (name for name in unit.aliases if fold(name).startswith("dang uy "))
    return next(committees, f"Đảng ủy {party_words.in_sentence(unit.name, unit.type)}")


def finding_line(item: FeedbackItem) -> str:
    """A finding on one line: where, what it is about, what to do, and the value there unless the
    message has it."""
    where = f"{item.place} ({item.about})" if item.place and item.about else item.place + item.about
    quoted = day_first(item.value)
    value = f" Đang ghi: “{quoted}”." if quoted and quoted not in item.message else ""
    line = f"{where}: {item.message}{value}" if where else f"{item.message}{value}"
    return " ".join((line[:1].upper() + line[1:]).split())
