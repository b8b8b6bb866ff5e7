"""The checks of days: with the campaign's windows, the time of receipt and each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from expectations.checks import Check, RuleEntry, in_sentence
from expectations.entry_checks import check_of_entry
from sources.campaigns import Campaign
from sources.form import Section, SectionWindow


def held_date(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Days of tables whose other fields show that the meeting took place."""
    for section in campaign.form.tables:
        if section.window and any(f.shows_held for f in section.fields):
            for key in section.window.fields:
                field = section.by_key[key]
                yield check_of_entry(
                    entry,
                    section.key,
                    section,
                    field,
                    names={"column": field.column_name},
                    where="chk_shows_held",
                )


def window_field(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Days with the window and the year of the campaign."""
    year = campaign.campaign.year
    for section, in_window in _with_window(campaign):
        window = campaign.windows[in_window.name]
        for field in (section.by_key[k] for k in in_window.fields):
            names = {
                "column": f"chk_day_{field.column_name}",
                "first": _midnight(window.first),
                "last": _midnight(window.last),
                "year_first": _midnight(dt.date(year, 1, 1)),
                "year_last": _midnight(dt.date(year, 12, 31)),
            }
            yield check_of_entry(
                entry,
                section.key,
                section,
                field,
                names=names,
                where="chk_held" if entry.where == "held" and section.held_when else None,
                placeholders={"window": window.label, "year": str(year)},
                shows={"value": field.column_name},
            )


def window_received(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Days of meetings with the day of receipt."""
    for section, in_window in _with_window(campaign):
        for field in (section.by_key[k] for k in in_window.fields):
            yield check_of_entry(
                entry,
                section.key,
                section,
                field,
                names={"column": f"chk_day_{field.column_name}", "received": "chk_received"},
                where="chk_held" if entry.where == "held" and section.held_when else None,
                shows={"value": field.column_name, "received_on": "chk_received"},
            )


def window_order(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """The last day of a meeting with its first."""
    for section, in_window in _with_window(campaign):
        if len(in_window.fields) < 2:
            continue
        first, last = (section.by_key[in_window.fields[i]] for i in (0, -1))
        yield check_of_entry(
            entry,
            section.key,
            section,
            last,
            names={
                "column": f"chk_day_{last.column_name}",
                "other": f"chk_day_{first.column_name}",
            },
            placeholders={"other_low": in_sentence(first.label)},
            shows={"value": last.column_name, "other": first.column_name},
        )


def signed(entry: RuleEntry, campaign: Campaign) -> Iterator[Check]:
    """Days outside tables, such as that of signing, with the year and the day of receipt."""
    year = campaign.campaign.year
    for section in (s for s in campaign.form.sections if s.layout == "pairs"):
        for field in (f for f in section.fields if f.type == "date"):
            names = {
                "column": f"chk_day_{field.column_name}",
                "received": "chk_received",
                "year_first": _midnight(dt.date(year, 1, 1)),
                "year_last": _midnight(dt.date(year, 12, 31)),
            }
            yield check_of_entry(
                entry,
                section.key,
                section,
                field,
                names=names,
                placeholders={"year": str(year)},
                where=f"chk_in_year_{field.column_name}" if entry.where == "in_year" else None,
                shows={"value": field.column_name, "received_on": "chk_received"},
            )


def _with_window(campaign: Campaign) -> Iterator[tuple[Section, SectionWindow]]:
    """The tables whose dates are compared with a window of the campaign."""
    return ((s, s.window) for s in campaign.form.tables if s.window)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min)
