"""The table `code_label`: what people call the codes that stand in the warehouse's columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sources.campaigns import Campaign
from warehouse.reports import wording


def label_rows(campaign: Campaign) -> list[tuple[str, str, str, str]]:
    """The rows of `code_label`: of the form's choices in each table that has them, then of states,
    severities and rules."""
    rules = {rule: wording.rule_label(rule, campaign) for rule in campaign.severity}
    fixed: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("unit_status", "unit_type", wording.UNIT_TYPES),
        ("unit_status", "status", wording.UNIT_STATUSES),
        ("submission", "status", wording.FILE_STATES),
        ("finding", "severity", wording.SEVERITIES),
        ("finding", "about", wording.ABOUT),
        ("finding", "rule", rules),
    )
    return [
        *_choices(campaign),
        *((table, column, *label) for table, column, labels in fixed for label in labels.items()),
    ]


def _choices(campaign: Campaign) -> Iterator[tuple[str, str, str, str]]:
    for section in campaign.form.sections:
        tables = [section.table, *(["org_meeting"] if section.key == "orgs" else [])]
        for field in section.fields:
            for table in tables:
                for choice in field.choice:
                    yield table, field.column_name, choice.code, choice.label
