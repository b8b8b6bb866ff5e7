"""The rules of a campaign: rules.toml and its own ones, made into checks by the form, each with its
severity."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from expectations.checks import Check, RuleEntry
from expectations.conditions import condition_check
from expectations.scopes import checks_over
from sources.campaign_checks import Mistake
from sources.campaigns import Campaign, CampaignError
from sources.declared_model import Declared
from sources.reading_rules import reading_rules

RULES = Path(__file__).with_name("rules.toml")


class RuleBook(Declared):
    """rules.toml: the checks' entries, the rules that are raised without one, and those that are
    about the meeting and not about the report."""

    raised_without_check: tuple[str, ...]
    about_meeting: tuple[str, ...]
    check: tuple[RuleEntry, ...]


@lru_cache(maxsize=4)
def load_rules(path: Path = RULES) -> RuleBook:
    """The rules of rules.toml; CampaignError names the check and the key that cannot be used."""
    try:
        return RuleBook.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise CampaignError(
            path.name, f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        ) from error


def checks(campaign: Campaign) -> tuple[Check, ...]:
    """All checks of the campaign, in the order of rules.toml and of the form, then its own rules'.

    Raises CampaignError with all `rule_mistakes`.
    """
    if found := rule_mistakes(campaign):
        raise CampaignError("the campaign's rules", *map(str, found))
    own = (condition_check(rule, campaign) for rule in campaign.own.rules)
    return (*built_in_checks(campaign), *own)


def built_in_checks(campaign: Campaign) -> Iterator[Check]:
    """The checks of the product's rules, with the messages that the campaign changes."""
    messages = {c.key: c.message for c in campaign.own.changes if c.message is not None}
    for entry in load_rules().check:
        message = messages.get(entry.rule, entry.message)
        yield from checks_over(entry.model_copy(update={"message": message}), campaign)


def built_in_rules() -> set[str]:
    """The names of all rules of the product."""
    book = load_rules()
    return {*(e.rule for e in book.check), *book.raised_without_check, *reading_rules()}


def meeting_rules(campaign: Campaign) -> tuple[str, ...]:
    """The rules, the campaign's own among them, whose findings are about the meeting and not about
    the report's quality."""
    own = (rule.key for rule in campaign.own.rules if rule.about == "meeting")
    return (*load_rules().about_meeting, *own)


def redundant_rules() -> list[tuple[str, str]]:
    """(rule, other rule): where the other is broken at the same row and field, the first has
    nothing to add."""
    return sorted({(e.rule, other) for e in load_rules().check for other in e.unless})


def rule_mistakes(campaign: Campaign) -> list[Mistake]:
    """Rules without a severity, severities of no rule, and rules that only the form names."""
    changed = {change.key for change in campaign.own.changes}
    rules = built_in_rules() | {rule.key for rule in campaign.own.rules}
    return [
        *(
            Mistake(
                "campaign.toml",
                f"severity.{rule}",
                'is missing; add it as "error" or "warning" (of a rule of the product, to defaults.toml)',
            )
            for rule in sorted(rules - campaign.severity.keys())
        ),
        *(
            Mistake("campaign.toml", f"severity.{rule}", "there is no such rule; delete it")
            for rule in sorted(campaign.severity.keys() - rules - changed)
        ),
        *_found_too_late(campaign),
        *_rules_of_fields(campaign),
    ]


def _found_too_late(campaign: Campaign) -> Iterator[Mistake]:
    """Rules whose severity cannot be error: they are found once it is known which files count."""
    rules = {e.rule for e in load_rules().check if e.over in ("peers", "copied_rows", "asked")}
    for rule in sorted(rules):
        if campaign.severity.get(rule) == "error":
            yield Mistake(
                "campaign.toml",
                f"severity.{rule}",
                "compares a file with those that count, so it cannot return one; write warning, or "
                "add a rule with a condition of your own to rules.toml",
            )


def _rules_of_fields(campaign: Campaign) -> Iterator[Mistake]:
    book = load_rules()
    over_limit = {e.rule for e in book.check if e.over == "limit"}
    over_expected = {e.rule for e in book.check if e.over in ("expected", "expected_once")}
    for section in campaign.form.sections:
        for field in section.fields:
            for key, rule, known in (
                ("limit_rule", field.limit_rule, over_limit),
                ("expected_rule", field.expected_rule, over_expected),
            ):
                if rule is not None and rule not in known:
                    yield Mistake(
                        "form.toml",
                        f"{section.key}.{field.key}.{key}",
                        f"{rule} is no such rule; those are {', '.join(sorted(known))}",
                    )
