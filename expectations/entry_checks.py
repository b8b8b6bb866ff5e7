"""One check made from an entry of rules.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict, Unpack

from expectations.checks import Check, RuleEntry, field_placeholders
from sources.form import FormField, Section


class CheckDetails(TypedDict, total=False):
    """The optional values of a `Check`."""

    where: str | None
    by_field: dict[str, dict[str, str]]
    shows: dict[str, str]
    value: str | None
    sheet: str | None
    cell: str | None
    at: str
    place_row: str | None
    of_row: bool


def check_of_entry(
    entry: RuleEntry,
    frame: str,
    section: Section | None,
    field: FormField | None,
    *,
    names: Mapping[str, object] | None = None,
    placeholders: Mapping[str, str] | None = None,
    **details: Unpack[CheckDetails],
) -> Check:
    """The entry's check; `names` fills in its options, the field's label its message."""
    return Check(
        rule=entry.rule,
        frame=frame,
        section=section.key if section else None,
        field=field.key if field else None,
        expectation=entry.expectation,
        options={k: _filled(v, names or {}) for k, v in entry.options.items()},
        message=entry.message,
        placeholders={**(field_placeholders(field) if field else {}), **(placeholders or {})},
        **details,
    )


def _filled(option: object, names: Mapping[str, object]) -> object:
    if isinstance(option, str) and option.startswith("{"):
        return names[option.strip("{}")]
    return option
