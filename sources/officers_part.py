"""The officer's part of the consolidated report: what no unit reports and only a person can write.

Number, date, signer, title, causes (III.3), introduction and conclusions are decisions like the
others: recorded with who and when, replayed each night, the newest of each field in force. A report
that was issued takes its number and date with it: the next report needs new ones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sources.campaigns import Campaign, IssuedReport, OfficersPart
from sources.decisions import Decision, decision_states


def with_officers_part(campaign: Campaign, decisions: Iterable[Decision]) -> Campaign:
    """The campaign with what officers have written for its report, as these decisions stand."""
    part = officers_part(list(decisions))
    return campaign.model_copy(update={"officers_part": part})


def officers_part(decisions: Sequence[Decision]) -> OfficersPart:
    """What officers have written for the report by the last of these decisions; what none of them
    names is blank."""
    values = _values_in_force(decisions)
    issue = latest_issue(decisions)
    before = [d for d in decisions if issue is not None and d.decision_id < issue.decision_id]
    used = _values_in_force(before)
    after_issue = {
        field: (value, number)
        for field, (value, number) in values.items()
        if issue is None or number > issue.decision_id
    }
    return OfficersPart(
        number=_number(after_issue),
        dated=_date(after_issue),
        signer=_text(values, "signer"),
        title=_text(values, "title"),
        causes=_paragraphs(values, "causes"),
        introduction=_paragraphs(values, "introduction"),
        conclusions=_paragraphs(values, "conclusions"),
        issued=None
        if issue is None
        else IssuedReport(
            folder=str(issue.name),
            manifest_sha256=str(issue.sha256),
            numbers_digest=str(issue.value),
            number=_number(used),
            dated=_date(used),
            is_current=not after_issue,
        ),
    )


def latest_issue(decisions: Iterable[Decision]) -> Decision | None:
    """The decision by which the newest report was issued that no officer has taken back."""
    issues = [
        d for d, state in decision_states(decisions) if (d.kind, state) == ("issue", "in_force")
    ]
    return max(issues, key=lambda d: d.decision_id, default=None)


def _values_in_force(decisions: Iterable[Decision]) -> dict[str, tuple[str, int]]:
    """By field its newest value and the number of the decision that gave it."""
    return {
        str(d.field): (str(d.value), d.decision_id)
        for d, state in decision_states(decisions)
        if (d.kind, state) == ("report", "in_force")
    }


def _text(values: dict[str, tuple[str, int]], field: str) -> str:
    return values.get(field, ("", 0))[0]


def _number(values: dict[str, tuple[str, int]]) -> int | None:
    text = _text(values, "number")
    return int(text) if text else None


def _date(values: dict[str, tuple[str, int]]) -> dt.date | None:
    text = _text(values, "date")
    return dt.date.fromisoformat(text) if text else None


def _paragraphs(values: dict[str, tuple[str, int]], field: str) -> tuple[str, ...]:
    lines = (" ".join(line.split()) for line in _text(values, field).split("\n"))
    return tuple(line for line in lines if line)
