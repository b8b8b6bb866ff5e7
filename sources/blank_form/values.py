"""What stands in a form: canonical values per section, and how each is written for a person to
read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sources.blank_form.formulas import list_item
from sources.campaigns import Campaign
from sources.form import FormField, Section
from sources.registry import Unit

Canonical = str | int | bool | dt.date | None
Row = Mapping[str, Canonical]


@dataclass(frozen=True)
class FormValues:
    """A report's values: choices, units and communes as codes, marks as bool, dates as date, None
    for blank.

    pairs  section (`info`, `text`) to field to value
    rows   table section to its rows, each field to value
    """

    pairs: Mapping[str, Row] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def as_count(value: Canonical) -> int:
    """A count as a number, 0 for a blank. Raises TypeError where the value is no count."""
    if value is not None and not isinstance(value, int):
        raise TypeError(f"{value!r} is no count")
    return value or 0


def asked_sections(unit: Unit, campaign: Campaign) -> tuple[Section, ...]:
    """The sections that a unit of that sort is asked for, in the form's order."""
    return tuple(s for s in campaign.form.sections if unit.reporter in s.reporters)


def asked_fields(section: Section, unit: Unit) -> tuple[FormField, ...]:
    """The section's fields that a unit of that sort is asked for."""
    return tuple(f for f in section.fields if unit.reporter in f.reporters)


def prefilled_rows(section: Section, unit: Unit, campaign: Campaign) -> list[Row]:
    """One row per organisation and commune that the unit has to speak of, in a section whose rows
    are just these.

    A commune speaks of each organisation in itself, a district organisation of itself in each
    commune (III.4). Empty where the section's rows are for the unit to name.
    """
    organisation = next((f for f in section.fields if f.type == "organisation"), None)
    commune = next((f for f in section.fields if f.type == "commune"), None)
    if organisation is None or commune is None:
        return []
    if unit.reporter == "commune":
        return [{organisation.key: c.code, commune.key: unit.code} for c in organisation.choice]
    return [{organisation.key: unit.kind, commune.key: c.code} for c in campaign.registry.communes]


def form_value(field: FormField, value: Canonical, campaign: Campaign) -> str | int | dt.date:
    """The value as the form shows it: x for a mark, a label for a code, "" for blank; counts and
    dates as they are."""
    if value is None or value is False:
        return ""
    if value is True:
        return "x"
    if field.type in ("unit", "commune"):
        unit = campaign.registry.by_code.get(str(value))
        return unit.name if unit else str(value)
    if field.type == "organisation" or field.choice:
        return field.choice_label(str(value))
    return value


def as_offered(field: FormField, offered: str | int | dt.date) -> str | int | dt.date:
    """What was written for a field, as its drop-down offers it."""
    return list_item(offered) if field.type == "choice" and isinstance(offered, str) else offered
