"""What is wrong with a campaign beyond the types of its keys: labels with two owners, days out of order, and the like.

`mistakes` lists them all, each with its file, key and what to do; `load_campaign` refuses a campaign that has any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sources.form import Form, FormField, Section
from sources.text import fold

if TYPE_CHECKING:
    from sources.campaigns import Campaign


class Mistake(NamedTuple):
    """One thing that keeps a campaign from being used: the file, the key in it, and what is wrong and what to do.

    `key` is None where the problem names it.
    """

    file: str
    key: str | None
    problem: str

    def __str__(self) -> str:
        return ": ".join(filter(None, self))


def mistakes(campaign: Campaign) -> list[Mistake]:
    """All mistakes that can be seen in the campaign's three files alone, in the order of the files."""
    return [
        *_days(campaign),
        *_labels(campaign.form),
        *_choices(campaign.form),
        *_limits(campaign.form),
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


def _labels(form: Form) -> Iterator[Mistake]:
    """A label or variant of two fields: which of them a report means could not be told."""
    pairs = [section for section in form.sections if section.layout == "pairs"]
    for sections in ([*pairs], *([table] for table in form.tables)):
        owners: dict[
            str, tuple[str, str]
        ] = {}  # the field's name, and the label as it is written there
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
    for name, field in _fields(form.sections):
        if field.limit and not field.limit_rule:
            yield Mistake(
                "form.toml",
                name,
                f"limit = {field.limit!r} has no limit_rule, so that nothing checks it; "
                "name the rule",
            )
        if field.limit_rule and not field.limit:
            yield Mistake(
                "form.toml",
                name,
                f"limit_rule = {field.limit_rule!r} has no limit; name the field that it "
                "may not exceed",
            )
        if bool(field.expected) != bool(field.expected_rule):
            yield Mistake(
                "form.toml",
                name,
                "expected and expected_rule belong together; declare both or none",
            )


def _fields(sections: Iterable[Section]) -> Iterator[tuple[str, FormField]]:
    return (
        (f"{section.key}.{field.key}", field) for section in sections for field in section.fields
    )
