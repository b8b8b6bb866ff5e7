"""How an office words what the form asks: another label for the same thing, a date or a number
typed as text."""

from __future__ import annotations

import datetime as dt
from random import Random

from sources.blank_form.values import Canonical, form_value
from sources.campaigns import Campaign
from sources.form import FormField
from sources.registry import Unit


def some_label(field: FormField, rng: Random) -> str:
    """The field's label, or one of its variants."""
    return rng.choice(field.labels)


def as_text(field: FormField, value: Canonical, campaign: Campaign, day: str = "%d.%m.%Y") -> str:
    """The value as typed text: 08.4.2022 for a date, 1.234 for a count, x for a mark, a label for a
    code."""
    shown = form_value(field, value, campaign)
    if isinstance(shown, dt.date):
        return shown.strftime(day)
    if isinstance(shown, int):
        return f"{shown:,}".replace(",", ".")
    return shown


def share(part: int, whole: int) -> str:
    """A share as offices write it: `94,4%`."""
    return f"{100 * part / whole:.1f}%".replace(".", ",")


def letterhead_name(unit: Unit) -> str:
    """How the unit calls itself above its number: a commune by its Party committee."""
    return (unit.aliases[0] if unit.reporter == "commune" and unit.aliases else unit.name).upper()
