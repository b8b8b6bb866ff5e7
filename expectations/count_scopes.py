"""The checks of counts: with other counts of the row, with the report's rows, with another report."""

from __future__ import annotations

from collections.abc import Iterator

from expectations.checks import Check, RuleEntry, in_sentence
from expectations.entry_checks import check_of_entry
from sources.campaigns import Campaign
from sources.form import FormField, Section


def limit(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Fields with a `limit` whose `limit_rule` is the entry's."""
    for section in campaign.form.sections:
        for field in section.fields:
            if field.limit and field.limit_rule == entry.rule:
                yield _against_other_field(entry, section, field, field.limit)


def attendance(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Counts of those present, which are not 0 where a meeting took place and there are members."""
    for section in campaign.form.sections:
        for field in section.fields:
            if field.share_compared and field.limit:
                whole = section.by_key[field.limit]
                yield check_of_entry(
                    entry,
                    section.key,
                    section,
                    field,
                    names={"column": attended_column(field)},
                    placeholders={"other_low": in_sentence(whole.label)},
                    shows={"other": whole.column_name},
                )


def attended_column(field: FormField) -> str:
    """The frame's column that is false where a meeting took place and nobody attended."""
    return f"chk_attended_{field.column_name}"


def expected_limit(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Fields with an `expected_limit`."""
    for section in campaign.form.sections:
        for field in section.fields:
            if field.expected_limit:
                yield _against_other_field(entry, section, field, field.expected_limit)


def parts(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Fields of which others are parts, with the sum of these."""
    for section in campaign.form.sections:
        for whole in section.fields:
            parts = [f for f in section.fields if f.part_of == whole.key]
            if parts:
                total = f"chk_sum_{whole.column_name}"
                labels = " và ".join(f"“{p.label}”" for p in parts)
                yield check_of_entry(
                    entry,
                    section.key,
                    section,
                    whole,
                    names={"column": whole.column_name, "other": total},
                    placeholders={"parts": labels},
                    shows={"value": whole.column_name, "other": total},
                )


def from_rows(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Totals with the rows of the same report."""
    return _totals(entry, campaign, "info")


def from_other_file(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Totals with the rows that count, where these come from another file."""
    return _totals(entry, campaign, "files")


def compared(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Counts of an organisation's line with those that the commune reports of it."""
    for section in campaign.form.tables:
        for field in section.fields:
            if field.compared:
                other = f"chk_other_{field.column_name}"
                yield check_of_entry(
                    entry,
                    "sources",
                    section,
                    field,
                    names={"column": field.column_name, "other": other},
                    shows={
                        "value": field.column_name,
                        "other": other,
                        "unit": "chk_unit",
                        "file": "chk_file",
                    },
                )


def _against_other_field(
    entry: RuleEntry, section: Section, field: FormField, other_key: str
) -> Check:
    """The check of a field against another field of its section."""
    other = section.by_key[other_key]
    return check_of_entry(
        entry,
        section.key,
        section,
        field,
        names={"column": field.column_name, "other": other.column_name},
        placeholders={"other_low": in_sentence(other.label)},
        shows={"value": field.column_name, "other": other.column_name},
    )


def _totals(entry: RuleEntry, campaign: Campaign, frame: str) -> Iterator[Check]:
    for section in campaign.form.sections:
        for field, from_rows in section.fields_from_rows:
            rows = campaign.form.by_key[from_rows.section]
            other = f"chk_rows_{field.column_name}"
            shows = {"value": field.column_name, "other": other}
            if frame == "files":
                shows["file"] = f"chk_file_{rows.key}"
            yield check_of_entry(
                entry,
                frame if frame == "files" else section.key,
                section,
                field,
                names={"column": field.column_name, "other": other},
                placeholders={"table": rows.title},
                shows=shows,
                at=f"chk_at_{field.column_name}" if frame == "files" else "position",
            )
