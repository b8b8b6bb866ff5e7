"""What a rule is checked over: from an entry of rules.toml and the form, one check per field, row
or table it meant.

A campaign that does not declare a field has no check for it; one that declares another has.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from expectations import (
    asked_numbers,
    copied_tables,
    count_scopes,
    date_scopes,
    peer_scopes,
    requirements,
)
from expectations.checks import Check, RuleEntry, field_placeholders
from expectations.entry_checks import check_of_entry
from expectations.pivots import typed_types, untyped_column
from sources.campaigns import Campaign


def checks_over(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """The checks that the form makes of the entry, in the form's order."""
    return SCOPES[entry.over](entry, campaign)


def _typed(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.sections:
        for kind in (t for t in typed_types(section) if t in entry.types):
            example = (
                _day(min(w.first for w in campaign.windows.values()))
                if campaign.windows
                else "01/01/2000"
            )
            by_field = {
                f.key: {**field_placeholders(f), "example": example}
                for f in section.fields
                if f.type == kind
            }
            yield check_of_entry(
                entry,
                section.key,
                section,
                None,
                names={"column": untyped_column(kind)},
                by_field=by_field,
            )


def _required_field(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        for field in section.fields:
            if "all" in field.required:
                yield check_of_entry(
                    entry, section.key, section, field, names={"column": field.column_name}
                )


def _expected(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.sections:
        for field in section.fields:
            if field.expected and field.expected_rule == entry.rule:
                where = "chk_held" if field.expected == "held" else f"chk_is_{field.expected}"
                yield check_of_entry(
                    entry,
                    section.key,
                    section,
                    field,
                    names={"column": field.column_name},
                    where=where,
                )


def _expected_once(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        for field in section.fields:
            if field.expected and field.expected_rule == entry.rule:
                once = f"chk_once_{section.key}_{field.key}"
                yield check_of_entry(
                    entry,
                    "submission",
                    section,
                    field,
                    names={"column": once},
                    place_row=f"{once}_row",
                    of_row=False,
                )


def _row_key(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        if section.row_key:
            yield check_of_entry(
                entry,
                section.key,
                section,
                section.by_key[section.row_key[0]],
                placeholders={"row_word": section.row_word or "nội dung"},
            )


def _own_line(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    for section in campaign.form.tables:
        for field in (f for f in section.fields if f.type == "commune"):
            yield check_of_entry(
                entry,
                section.key,
                section,
                field,
                names={"column": f"chk_own_{field.column_name}"},
                where="chk_is_commune",
            )


def _submission(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    info, unit = next(
        ((s, f) for s in campaign.form.sections for f in s.fields if f.type == "unit"), (None, None)
    )
    of_unit = entry.place == "unit"
    yield check_of_entry(
        entry,
        "submission",
        info if of_unit else None,
        unit if of_unit else None,
        where=entry.where,
        placeholders={
            "topic": campaign.campaign.topic,
            "unit_label": unit.label if unit else "Đơn vị báo cáo",
        },
        shows=dict(entry.shows),
        place_row=None,
        of_row=False,
        value=f"{entry.place}_text" if entry.place else None,
        sheet=f"{entry.place}_sheet" if entry.place else None,
        cell=f"{entry.place}_cell" if entry.place else None,
    )


def _day(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


SCOPES: dict[str, Callable[[RuleEntry, Campaign], Iterator[Check]]] = {
    "typed": _typed,
    "required_field": _required_field,
    "held_date": date_scopes.held_date,
    "window_field": date_scopes.window_field,
    "window_received": date_scopes.window_received,
    "window_order": date_scopes.window_order,
    "signed": date_scopes.signed,
    "limit": count_scopes.limit,
    "attendance": count_scopes.attendance,
    "expected_limit": count_scopes.expected_limit,
    "parts": count_scopes.parts,
    "expected": _expected,
    "expected_once": _expected_once,
    "row_key": _row_key,
    "own_line": _own_line,
    "from_rows": count_scopes.from_rows,
    "from_other_file": count_scopes.from_other_file,
    "compared": count_scopes.compared,
    "required_section": requirements.required_section,
    "submission": _submission,
    "likely_max": peer_scopes.likely_max,
    "peers": peer_scopes.peers,
    "own_rows": peer_scopes.own_rows,
    "peer_shares": peer_scopes.peer_shares,
    "all_of_limit": peer_scopes.all_of_limit,
    "register": peer_scopes.register,
    "copied_rows": copied_tables.copied_rows,
    "asked": asked_numbers.asked,
}
