"""What is wrong with a campaign's files, each mistake with its file, key and what to do.

`mistakes_of_values` finds invalid values and unknown keys; `mistakes` finds what is wrong beyond
them: labels with two owners, days out of order, and the like. `load_campaign` refuses a campaign
that has any.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from sources.form import Form, FormField, Section
from sources.text import fold

if TYPE_CHECKING:
    from sources.campaigns import Campaign

# A reminder farther from the deadline is in a wrong month or year.
REMINDERS_WITHIN = dt.timedelta(days=60)


class Mistake(NamedTuple):
    """One thing that keeps a campaign from being used: the file, the key in it, and what is wrong
    and what to do.

    `key` is None where the problem names it.
    """

    file: str
    key: str | None
    problem: str

    def __str__(self) -> str:
        return ": ".join(filter(None, self))


def mistakes_of_values(error: ValidationError, declared: Mapping[str, Any]) -> list[Mistake]:
    """The values and keys that the models refuse; `declared` is the files' content, form.toml under
    "form"."""
    return [_of_value(e["loc"], e["type"], e["msg"], declared) for e in error.errors()]


def _of_value(loc: tuple[int | str, ...], kind: str, message: str, declared: Any) -> Mistake:
    in_form = loc[:1] == ("form",)
    key = ".".join(_names(loc, declared)[1 if in_form else 0 :])
    problem = {
        "missing": "is missing; add it",
        "extra_forbidden": "there is no such key; correct its name, or delete it",
    }.get(kind, message.removeprefix("Value error, "))
    return Mistake("form.toml" if in_form else "campaign.toml", key or None, problem)


def _names(loc: tuple[int | str, ...], declared: Any) -> list[str]:
    """The path of names: sections and fields of the form by their keys, other entries by their
    numbers."""
    names: list[str] = []
    value = declared
    for step in loc:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        if isinstance(step, int) and isinstance(value, dict) and "key" in value:
            names[-1] = str(value["key"])  # instead of `section` or `field`
        else:
            names.append(str(step))
    return names


def mistakes(campaign: Campaign) -> list[Mistake]:
    """All mistakes that can be seen in the campaign's three files alone, in the order of the
    files."""
    return [
        *_days(campaign),
        *_reminders(campaign),
        *_sections(campaign.form),
        *_labels(campaign.form),
        *_choices(campaign.form),
        *_limits(campaign.form),
        *_windows_declared(campaign),
    ]


def _days(campaign: Campaign) -> Iterator[Mistake]:
    deadline = campaign.campaign.deadline.astimezone(campaign.zone).date()
    for name, window in campaign.windows.items():
        if window.first > window.last:
            yield Mistake(
                "campaign.toml",
                f"windows.{name}",
                f"first ({window.first:%d/%m/%Y}) is after last "
                f"({window.last:%d/%m/%Y}); exchange them",
            )
        if deadline < window.last:
            yield Mistake(
                "campaign.toml",
                f"windows.{name}",
                f"last ({window.last:%d/%m/%Y}) is after "
                f"campaign.deadline ({deadline:%d/%m/%Y}): a meeting on "
                "it could not be reported in time; correct one",
            )

        if not window.first.year == window.last.year == campaign.campaign.year:
            yield Mistake(
                "campaign.toml",
                f"windows.{name}",
                f"{window.first:%d/%m/%Y} to {window.last:%d/%m/%Y} is not within campaign.year "
                f"({campaign.campaign.year}), whose days reports write without their year; make one "
                "campaign of each year",
            )


def _reminders(campaign: Campaign) -> Iterator[Mistake]:
    deadline = campaign.campaign.deadline.astimezone(campaign.zone).date()
    for day in campaign.schedule.remind_days:
        if abs(day - deadline) > REMINDERS_WITHIN:
            yield Mistake(
                "campaign.toml",
                "schedule.remind_days",
                f"{day:%d/%m/%Y} is more than {REMINDERS_WITHIN.days} days from campaign.deadline "
                f"({deadline:%d/%m/%Y}); a wrong month or year?",
            )


def _windows_declared(campaign: Campaign) -> Iterator[Mistake]:
    for section in campaign.form.sections:
        if section.window and section.window.name not in campaign.windows:
            yield Mistake(
                "form.toml",
                f"{section.key}.window.name",
                f"campaign.toml declares no window {section.window.name}; add "
                f"[windows.{section.window.name}] there, or name one of {', '.join(campaign.windows)}",
            )


def _sections(form: Form) -> Iterator[Mistake]:
    """Sections or tables of one name."""
    for what, names in (
        ("key", [section.key for section in form.sections]),
        ("table", [section.table for section in form.tables]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Mistake("form.toml", name, f"two sections have this {what}; rename one")


def _labels(form: Form) -> Iterator[Mistake]:
    """A label or variant of two fields: a report's value could belong to either."""
    pairs = [section for section in form.sections if section.layout == "pairs"]
    for sections in ([*pairs], *([table] for table in form.tables)):
        # the field's name, and the label as it is written there
        owners: dict[str, tuple[str, str]] = {}
        for name, field in _fields(sections):
            for label in field.labels:
                owner, written = owners.setdefault(fold(label), (name, label))
                if owner != name:
                    yield Mistake(
                        "form.toml",
                        name,
                        f"the label {label!r} is also that of {owner} ({written!r}); "
                        "leave it to one of them",
                    )


def _choices(form: Form) -> Iterator[Mistake]:
    for name, field in _fields(form.sections):
        if field.type == "choice" and not field.choice:
            yield Mistake("form.toml", name, "is a choice of nothing; add [[section.field.choice]]")
        codes: set[str] = set()
        owners: dict[str, str] = {}
        for choice in field.choice:
            if choice.code in codes:
                yield Mistake(
                    "form.toml",
                    name,
                    f"the choice {choice.code!r} is declared twice; delete one, or give "
                    "it another code",
                )
            codes.add(choice.code)
            for label in (choice.label, *choice.variants):
                if (owner := owners.setdefault(fold(label), choice.code)) != choice.code:
                    yield Mistake(
                        "form.toml",
                        name,
                        f"{label!r} is written for the choices {owner!r} and "
                        f"{choice.code!r}; leave it to one of them",
                    )


def _limits(form: Form) -> Iterator[Mistake]:
    """Keys that belong together and stand alone, and counts that are none."""
    for section in form.sections:
        for field in section.fields:
            for problem in (*_lone_keys(field), *_no_counts(field, section)):
                yield Mistake("form.toml", f"{section.key}.{field.key}", problem)


def _lone_keys(field: FormField) -> Iterator[str]:
    if field.limit and not field.limit_rule:
        yield (
            f"limit = {field.limit!r} has no limit_rule, so that nothing checks it; name the rule"
        )
    if field.limit_rule and not field.limit:
        yield (
            f"limit_rule = {field.limit_rule!r} has no limit; name the field that it may not exceed"
        )
    if bool(field.expected) != bool(field.expected_rule):
        yield "expected and expected_rule belong together; declare both or none"
    if bool(field.phrases_after) != bool(field.phrases_follow):
        yield "phrases_after and phrases_follow belong together; declare both or none"


def _no_counts(field: FormField, section: Section) -> Iterator[str]:
    for key, other in (
        ("limit", field.limit),
        ("expected_limit", field.expected_limit),
        ("part_of", field.part_of),
    ):
        if other and not field.type == section.by_key[other].type == "count":
            yield (
                f"{key} = {other!r} compares a {field.type} with a {section.by_key[other].type}; "
                "both must be counts"
            )
    for key in ("likely_max", "share_compared", "in_register"):
        if getattr(field, key) and field.type != "count":
            yield f"{key} is of a count, and this is a {field.type}; delete it"
    if field.share_compared and not field.limit:
        yield "share_compared has no limit, of which it is a share; name the limit or delete it"
    if field.asked and (field.type != "count" or section.layout != "pairs"):
        yield "asked is of a count in a section of pairs; required says which fields a row must have"
    if field.summed and field.type != "count":
        yield f"a {field.type} cannot be summed; delete summed"
    elif field.summed and section.layout != "pairs":
        yield "only a pair of label and value is summed; give info a field from_rows of this one"


def _fields(sections: Iterable[Section]) -> Iterator[tuple[str, FormField]]:
    return (
        (f"{section.key}.{field.key}", field) for section in sections for field in section.fields
    )
