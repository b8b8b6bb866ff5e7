"""What a report must hold: which tables and totals are required of whom, and the check of each."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.checks import Check, RuleEntry
from expectations.entry_checks import check_of_entry
from sources.campaigns import Campaign
from sources.form import FormField, Section

Requirement = tuple[str, Section, FormField | None]


def requirements(campaign: Campaign) -> list[Requirement]:
    """What a report of each reporter must hold: a table (no field), or a total, in whose place rows
    will do."""
    needs: list[Requirement] = []
    for reporter in ("commune", "district_org"):
        for section in campaign.form.sections:
            if reporter in section.required:
                needs.append((reporter, section, None))
            if section.layout == "pairs":
                needs += [
                    (reporter, section, f)
                    for f in section.fields
                    if f.type != "unit"
                    and {reporter, "all"} & set(f.required)
                    and reporter in f.reporters
                ]
    return needs


def has_column(need: Requirement) -> str:
    """The column of the frame `submission` for the requirement: 1 if the report meets it, else
    NULL."""
    reporter, section, field = need
    return f"chk_has_{reporter}_{section.key}" + (f"_{field.key}" if field else "")


def required_section(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """What is required of each reporter, over the frame `submission`."""
    for need in requirements(campaign):
        field = need[2]
        yield check_of_entry(
            entry,
            "submission",
            need[1],
            field,
            names={"column": has_column(need)},
            place_row="no_row",
            where=f"chk_is_{need[0]}",
            placeholders={"what": _requirement_label(need, campaign)},
            of_row=False,
        )


def _requirement_label(need: Requirement, campaign: Campaign) -> str:
    _, section, field = need
    if field is None:
        return f"bảng “{section.title}”"
    if field.from_rows is None:
        return f"“{field.label}”"
    return (
        f"bảng “{campaign.form.by_key[field.from_rows.section].title}” hoặc số liệu “{field.label}”"
    )
