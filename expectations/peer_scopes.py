"""The checks of counts that nothing contradicts and that are unlikely all the same: beside those of
other units, of the report's own other rows, of the register.

What is usual is computed in SQL (peer_frames.py); a frame has one row per row that was read, and
for each check a column that is false where the value is far from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from expectations.checks import Check, RuleEntry, in_sentence
from expectations.entry_checks import check_of_entry
from sources.campaigns import Campaign
from sources.form import FormField, Section


def likely_max(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Counts with a `likely_max`."""
    for section in campaign.form.sections:
        for field in (f for f in section.fields if f.likely_max):
            yield check_of_entry(
                entry,
                section.key,
                section,
                field,
                names={"column": field.column_name, "most": field.likely_max},
                placeholders={"most": f"{field.likely_max:,}".replace(",", ".")},
                shows={"value": field.column_name},
            )


def peers(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Counts that no other limits, with those of other units."""
    for section in campaign.form.sections:
        for field in free_counts(section):
            yield _beside_usual(entry, section, field, "peers")


def own_rows(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """The same counts, with those of the report's own other rows."""
    for section in campaign.form.tables:
        for field in free_counts(section):
            yield _beside_usual(entry, section, field, "own")


def peer_shares(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Counts with a limit: their share of it, with that of others."""
    for section in campaign.form.sections:
        for field, whole in limited_counts(section):
            check = _beside_usual(entry, section, field, "share")
            placeholders = {**check.placeholders, "other_low": in_sentence(whole.label)}
            shows = {
                **check.shows,
                "other": whole.column_name,
                "share": f"chk_percent_{field.column_name}",
            }
            yield replace(check, placeholders=placeholders, shows=shows)


def all_of_limit(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Counts with `share_compared` that equal their limit in every row of a report."""
    for section in campaign.form.tables:
        for field, whole in limited_counts(section):
            if field.share_compared:
                yield check_of_entry(
                    entry,
                    peers_frame(section),
                    section,
                    field,
                    names={"column": f"chk_all_{field.column_name}"},
                    placeholders={"other_low": in_sentence(whole.label)},
                    shows={"rows": f"chk_rows_{field.column_name}"},
                    of_row=False,
                )


def register(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Counts with `in_register`, where units.csv has that column."""
    for section, field in registered_counts(campaign):
        column = field.column_name
        names = {"column": f"chk_sum_{column}", "other": f"chk_register_{column}"}
        yield check_of_entry(
            entry,
            "register",
            section,
            field,
            names=names,
            shows={"value": names["column"], "other": names["other"]},
            at=f"chk_at_{column}",
            value=f"chk_text_{column}",
            of_row=False,
        )


def peers_frame(section: Section) -> str:
    """The name of the section's frame of comparisons with peers."""
    return f"peers_{section.key}"


def free_counts(section: Section) -> tuple[FormField, ...]:
    """The section's counts that are neither limited by another count nor a part of one: of those
    that are, too large a number breaks another rule."""
    return tuple(
        f
        for f in section.fields
        if f.type == "count" and not (f.limit or f.part_of or f.expected_limit)
    )


def limited_counts(section: Section) -> tuple[tuple[FormField, FormField], ...]:
    """The section's counts that another one limits, each with that one."""
    return tuple(
        (f, section.by_key[other])
        for f in section.fields
        if f.type == "count" and (other := f.limit or f.expected_limit)
    )


def registered_counts(campaign: Campaign) -> tuple[tuple[Section, FormField], ...]:
    """Section and field of each count of which the campaign's register says something."""
    return tuple(
        (s, f)
        for s in campaign.form.sections
        for f in s.fields
        if f.in_register and f"register_{f.in_register}" in campaign.registry.registered
    )


def _beside_usual(entry: RuleEntry, section: Section, field: FormField, kind: str) -> Check:
    column = field.column_name
    return check_of_entry(
        entry,
        peers_frame(section),
        section,
        field,
        names={"column": f"chk_{kind}_{column}"},
        shows={"value": column, "usual": f"chk_{kind}_{column}_usual"},
    )
